"""What PAM's pam_env module makes of /etc/environment and pam_env.conf: not what a shell would."""

from collections.abc import Sequence

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


def reads_environment(lines: Sequence[str]) -> bool:
    """Tell whether the lines of a PAM service's configuration make it read /etc/environment."""
    active = (line.split("#")[0].split() for line in lines)
    return any(
        "pam_env.so" in words
        and "readenv=0" not in words
        and not any(w.startswith("envfile=") for w in words)
        for words in active
    )
