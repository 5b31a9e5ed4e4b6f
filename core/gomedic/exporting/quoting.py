"""A value as each format must have it, so that it comes out again character for character; or a refusal."""

import json
import re
import shlex

from gomedic.exporting.judging import is_of_home
from gomedic.exporting.values import ExportRefusedError
from gomedic.texts import N_

_CANNOT = N_("{format} cannot carry “{value}”: {reason}.")
_LONGEST_CRON = 900  # characters; cron reads 1000 of a line (crontab(5), MAX_ENVSTR)


def _refusal(format_: str, value: str, reason: str) -> ExportRefusedError:
    from gomedic.texts import Message

    return ExportRefusedError(_CANNOT, format=format_, value=value, reason=Message(reason))


def shell(value: str) -> str:
    """Return the word of a shell command; "~/…" becomes a path below $HOME."""
    if is_of_home(value):
        return '"${HOME}"' + shlex.quote(value[1:])
    return shlex.quote(value)


def literal(line: str) -> str:
    """Return a line of a script as one word of a shell command, in quotes even where it needs none."""
    return "'" + line.replace("'", "'\\''") + "'"


def fish(value: str) -> str:
    """Return the word for fish, which knows two escapes in single quotes (fish-language(1), "Quotes")."""
    if is_of_home(value):
        return '"$HOME"' + fish(value[1:])
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


def environment_d(value: str) -> str:
    """Return what stands between double quotes in environment.d (environment.d(5)); "~/…" is filled in there."""
    if is_of_home(value):
        return "${HOME}" + environment_d(value[1:])
    return re.sub(r'(["\\`])', r"\\\1", value).replace("$", "$$")


def unit(value: str) -> str:
    """Return what stands between double quotes in a unit file (systemd.syntax(7), "Quoting"; systemd.unit(5), "Specifiers")."""
    return re.sub(r'(["\\])', r"\\\1", value).replace("%", "%%")


def supervisord(value: str) -> str:
    """Return the quoted value for `environment=`. Raises ExportRefusedError.

    supervisord knows no escape but %%, strips all quotes from the ends, and takes " ;" and " #" for a comment.
    """
    if "%(here)s" in value:
        raise _refusal("supervisord", value, N_("it fills in %(here)s by itself"))
    if re.search(r"\s[;#]", value):
        raise _refusal("supervisord", value, N_("it takes the blank and what follows for a comment"))
    quote = "'" if '"' in value else '"'
    if quote in value or value.strip("'\"") != value:
        raise _refusal("supervisord", value, N_("it has no way to write these quotes"))
    return quote + value.replace("%", "%%") + quote


def docker(value: str) -> str:
    """Return what stands between double quotes in ENV (docs.docker.com, "Dockerfile reference", escape and ENV)."""
    return re.sub(r'(["\\$])', r"\\\1", value)


def crontab(value: str) -> str:
    """Return the value of a crontab's line (crontab(5)). Raises ExportRefusedError.

    Blanks at the ends are lost, and quotes there too, however they are quoted (seen with Debian's cron 3.0pl1).
    """
    if len(value.encode()) > _LONGEST_CRON:
        raise _refusal("cron", value, N_("it is too long for a line that cron reads"))
    if value != value.strip() or value[:1] in ("'", '"'):
        raise _refusal("cron", value, N_("it takes blanks and quotes away from the ends"))
    return value


def pam(value: str) -> str:
    """Return the value of a line of /etc/environment, which PAM takes as it is (pam_env(8)). Raises ExportRefusedError."""
    if "#" in value:
        raise _refusal("/etc/environment", value, N_("it takes # and what follows for a comment"))
    if value != value.strip() or value[:1] in ("'", '"') or value.endswith("\\"):
        raise _refusal("/etc/environment", value, N_("it changes blanks, quotes and backslashes at the ends"))
    return value


def sudoers(value: str) -> str:
    """Return what stands between double quotes in sudoers, where only \\" is an escape. Raises ExportRefusedError."""
    if '\\"' in value:
        raise _refusal("sudoers", value, N_("it has no way to write a backslash before a quote"))
    return value.replace('"', '\\"')


def yaml(value: str) -> str:
    """Return a text in double quotes, which YAML and JSON read alike where all is printable."""
    return json.dumps(value, ensure_ascii=False)


def actions(value: str) -> str:
    """Return `value`, which GitHub takes as it is. Raises ExportRefusedError."""
    if "${{" in value:
        raise _refusal("github-actions", value, N_("GitHub fills in what begins with ${{{{"))
    return value


def devcontainer(value: str) -> str:
    """Return `value`, which a devcontainer.json takes as it is; "~/…" is filled in there. Raises ExportRefusedError."""
    if is_of_home(value):
        return "${containerEnv:HOME}" + devcontainer(value[1:])
    if "${" in value:
        raise _refusal("devcontainer", value, N_("it fills in what begins with ${{"))
    return value
