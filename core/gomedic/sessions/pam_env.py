"""What PAM's pam_env module makes of /etc/environment and pam_env.conf: not what a shell would."""

import re
from collections.abc import Mapping, Sequence

from msgspec import Struct

_LONGEST_LINE = 8192  # bytes; PAM takes no longer one (BUF_SIZE), and no program a value of 128 KiB


class Setting(Struct, frozen=True):
    """One variable set by a file that PAM reads."""

    name: str
    value: str
    line: int
    text: str


def read_environment(text: str) -> list[Setting]:
    """Return what pam_env sets from the text of /etc/environment, in order (Linux-PAM 1.5, _parse_env_file).

    Nothing is expanded; `export ` is allowed; `#` ends a line even within quotes; a name with other
    characters than letters, digits and `_` makes the line void; quotes are taken off only at the start of a
    value and at its end. A name alone takes its variable out again (pam_putenv(3)).
    """
    found: list[Setting] = []
    for number, raw in enumerate(text.split("\n"), 1):
        name, value = _assignment(raw)
        if name and value is None:
            found = [setting for setting in found if setting.name != name]
        elif name and value is not None:
            found.append(Setting(name, _unquoted(value), number, raw.strip()))
    return found


def _assignment(raw: str) -> tuple[str, str | None]:
    """Return a line's name, "" where it is void, and its value; None where there is no `=`."""
    line = raw.partition("\0")[0].lstrip(" \n\t")  # to C, a string ends there
    if line.startswith("#") or len(line) >= _LONGEST_LINE:
        return "", None
    name, equals, value = line.removeprefix("export ").partition("#")[0].partition("=")
    if not equals:
        name = name.rstrip()
    if not all(c == "_" or (c.isascii() and c.isalnum()) for c in name):
        return "", None
    return name, value if equals else None


def _unquoted(value: str) -> str:
    """Drop quotes as pam_env does: all but the last character's may stay inside a quoted value."""
    if value[:1] not in ("'", '"'):
        return value
    inner = value[1:]
    return "".join(c for at, c in enumerate(inner) if c not in "'\"" or at + 1 < len(inner))


def read_conf(text: str, env: Mapping[str, str]) -> list[Setting]:
    """Return what pam_env sets from the text of pam_env.conf, in order (pam_env.conf(5)).

    Of a variable, OVERRIDE counts where it is not empty, else DEFAULT. `${NAME}` is a variable set before, `@{HOME}` and
    `@{SHELL}` are the account's.
    """
    known = dict(env)
    found: list[Setting] = []
    for number, raw in enumerate(text.split("\n"), 1):
        name, given = _variable(raw)
        value = next((v for key in ("OVERRIDE", "DEFAULT") if (v := _filled(given.get(key, ""), known))), "")
        if value:
            known[name] = value
            found.append(Setting(name, value, number, raw.strip()))
    return found


def _variable(raw: str) -> tuple[str, dict[str, str]]:
    """Return the name that a line of pam_env.conf begins with, and its two values without their quotes."""
    found = re.match(r"\s*([A-Za-z_]\w*)\s+(\S.*)", raw)
    if found is None:
        return "", {}
    words = re.findall(r'(DEFAULT|OVERRIDE)=("[^"]*"|\S*)', found[2])
    return found[1], {key: value.strip('"') for key, value in words}


def _filled(value: str, known: Mapping[str, str]) -> str:
    return re.sub(r"(?<!\\)[$@]\{(\w+)\}", lambda found: known.get(found[1], ""), value)


def reads_environment(lines: Sequence[str]) -> bool:
    """Tell whether the lines of a PAM service's configuration make it read /etc/environment."""
    active = (line.split("#")[0].split() for line in lines)
    return any(
        "pam_env.so" in words
        and "readenv=0" not in words
        and not any(w.startswith("envfile=") for w in words)
        for words in active
    )
