"""Set-ups for what gives programs an environment of its own making: cron and sudo."""

from gomedic.exporting.judging import without_home
from gomedic.exporting.quoting import crontab, sudoers
from gomedic.exporting.values import SYSTEM_PATH, Kind, Made, Options
from gomedic.texts import N_, Message

_IN_HOME = N_("{goroot} lies in a home: whoever can write there decides what runs as root with sudo.")


def _crontab(options: Options) -> Made:
    gopath = without_home("cron", "gopath", options.gopath)
    behind = f":{gopath}/bin" if gopath else ""
    values = {
        "PATH": f"{options.goroot}/bin:{SYSTEM_PATH}{behind}",
        "GOPATH": gopath,
        "GOPROXY": options.goproxy,
    }
    lines = [
        "# Go for the jobs below. cron starts with /usr/bin:/bin and fills nothing in. Written by gomedic.",
        *(f"{name}={crontab(value)}" for name, value in values.items() if value),
    ]
    return "\n".join(lines) + "\n", ()


def _sudoers(options: Options) -> Made:
    text = (
        "# Go for `sudo go`: this is the whole PATH of what sudo starts. Written by gomedic.\n"
        f'Defaults secure_path="{sudoers(options.goroot)}/bin:{SYSTEM_PATH}"\n'
    )
    in_home = options.goroot.startswith(("/home/", "/Users/"))
    return text, (Message(_IN_HOME, {"goroot": options.goroot}),) if in_home else ()


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
