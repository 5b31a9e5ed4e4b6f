"""Set-ups for what gives programs an environment of its own making: PAM, cron and sudo."""

from collections.abc import Callable

from gomedic.exporting.judging import without_home
from gomedic.exporting.quoting import crontab, pam, sudoers
from gomedic.exporting.values import SYSTEM_PATH, Kind, Made, Options
from gomedic.texts import N_, Message

_IN_HOME = N_("{goroot} lies in a home: whoever can write there decides what runs as root with sudo.")


def _crontab(options: Options) -> Made:
    head = "# Go for the jobs below. cron starts with /usr/bin:/bin and fills nothing in. Written by gomedic."
    return _assignments(head, "cron", options, crontab), ()


def _pam(options: Options) -> Made:
    head = "# Go for all that logs in through PAM. Nothing is filled in here, so PATH is written out. Written by gomedic."
    return _assignments(head, "etc-environment", options, pam), ()


def _assignments(head: str, kind: str, options: Options, quoted: Callable[[str], str]) -> str:
    """Return lines NAME=VALUE for a format that fills nothing in."""
    gopath = without_home(kind, "gopath", options.gopath)
    behind = f":{gopath}/bin" if gopath else ""
    values = {
        "PATH": f"{options.goroot}/bin:{SYSTEM_PATH}{behind}",
        "GOPATH": gopath,
        "GOPROXY": options.goproxy,
    }
    lines = [f"{name}={quoted(value)}" for name, value in values.items() if value]
    return "\n".join([head, *lines]) + "\n"


def _sudoers(options: Options) -> Made:
    text = (
        "# Go for `sudo go`: this is the whole PATH of what sudo starts. Written by gomedic.\n"
        f'Defaults secure_path="{sudoers(options.goroot)}/bin:{SYSTEM_PATH}"\n'
    )
    in_home = options.goroot.startswith(("/home/", "/Users/"))
    return text, (Message(_IN_HOME, {"goroot": options.goroot}),) if in_home else ()


PAM = Kind(
    "etc-environment",
    Message(N_("Lines for /etc/environment")),
    Message(
        N_(
            "Puts Go on PATH for what logs in through PAM and reads no start-up file: commands over ssh, su, cron."
        )
    ),
    Message(
        N_(
            "Put it into /etc/environment, instead of the PATH that stands there; it counts from the next login on."
        )
    ),
    "environment",
    ("goroot", "gopath", "goproxy"),
    _pam,
)
CRON = Kind(
    "cron",
    Message(N_("First lines of a crontab")),
    Message(N_("Puts Go on PATH for scheduled jobs, which read no start-up file.")),
    Message(N_("Put it above the jobs: crontab -e, or the top of a file in /etc/cron.d.")),
    "go.cron",
    ("goroot", "gopath", "goproxy"),
    _crontab,
)
SUDOERS = Kind(
    "sudoers",
    Message(N_("Lines for sudo")),
    Message(N_("Puts Go on the PATH of what sudo starts, which no start-up file changes.")),
    Message(
        N_("Try it with visudo -cf FILE, then save it as /etc/sudoers.d/go with mode 0440, owned by root.")
    ),
    "go",
    ("goroot",),
    _sudoers,
    0o440,
)
