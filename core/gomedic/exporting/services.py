"""Set-ups for what starts services: systemd for a person and for the machine, supervisord."""

from gomedic.exporting.judging import is_of_home, without_home
from gomedic.exporting.quoting import environment_d, shell, supervisord, unit
from gomedic.exporting.values import SYSTEM_PATH, ExportRefusedError, Kind, Made, Options
from gomedic.texts import N_, Message

_ROOT_HOME = N_(
    "supervisord keeps HOME as it is for itself, which is root's: name the account with --user, and HOME is set for it."
)
_NO_USER = N_(
    "With “~/” in --gopath supervisord must know whose home is meant: name the account with --user."
)


def _path(options: Options, gopath: str = "") -> str:
    """Return PATH written out, for formats that fill nothing in."""
    behind = f":{gopath}/bin" if gopath else ""
    return f"{options.goroot}/bin:{SYSTEM_PATH}{behind}"


def _environment_d(options: Options) -> Made:
    behind = f":{environment_d(options.gopath)}/bin" if options.gopath else ""
    lines = [
        "# Go for all that systemd starts for this person. No export here, and no quotes of a shell. Written by gomedic.",
        f'PATH="{environment_d(options.goroot)}/bin:${{PATH}}{behind}"',
        *([f'GOPATH="{environment_d(options.gopath)}"'] if options.gopath else ()),
        *([f'GOPROXY="{environment_d(options.goproxy)}"'] if options.goproxy else ()),
    ]
    return "\n".join(lines) + "\n", ()


def _unit(options: Options) -> Made:
    gopath = without_home("systemd", "gopath", options.gopath)
    values = {"PATH": _path(options, gopath), "GOPATH": gopath, "GOPROXY": options.goproxy}
    lines = [
        "# Go for this service. Nothing is filled in here, so PATH is written out. Written by gomedic.",
        "[Service]",
        *(f'Environment="{name}={unit(value)}"' for name, value in values.items() if value),
        "# a service may have no HOME, without which go has no place for its caches",
        "CacheDirectory=%N-go",
        'Environment="GOCACHE=%C/%N-go/build"',
        *([] if gopath else ['Environment="GOMODCACHE=%C/%N-go/mod"']),
    ]
    return "\n".join(lines) + "\n", ()


def _supervisord(options: Options) -> Made:
    home = options.home or _home_of(options.user)
    gopath = options.gopath
    if is_of_home(gopath):
        if not home:
            raise ExportRefusedError(_NO_USER)
        gopath = home + gopath[1:]
    values = {
        "PATH": _path(options, gopath),
        "GOPATH": gopath,
        "GOPROXY": options.goproxy,
        "HOME": home,
        "USER": options.user,
        "LOGNAME": options.user,
    }
    pairs = ",\n    ".join(f"{name}={supervisord(value)}" for name, value in values.items() if value)
    lines = [
        "; Go for this program. Neither user= nor anything else sets HOME, and PATH is written out because",
        "; supervisord does not start where it fills in a PATH that it has not. Written by gomedic.",
        f"[program:{options.name}]",
        f"command={_command(options)}",
        f"directory=/srv/{options.name}",
        *([f"user={options.user}"] if options.user else ()),
        f"environment={pairs}",
        "stopasgroup=true",
        "killasgroup=true",
    ]
    return "\n".join(lines) + "\n", () if options.user else (Message(_ROOT_HOME),)


def _home_of(user: str) -> str:
    return {"": "", "root": "/root"}.get(user, f"/home/{user}")


def _command(options: Options) -> str:
    """Return a command that names go by its whole path: older releases look for it on supervisord's own PATH."""
    return f"{shell(options.goroot + '/bin/go')} run .".replace("%", "%%")


ENVIRONMENT_D = Kind(
    "environment.d",
    Message(N_("Environment of a systemd user")),
    Message(
        N_(
            "Puts Go on PATH for all that systemd starts for a person: desktop programs, editors, user services."
        )
    ),
    Message(N_("Save it as ~/.config/environment.d/60-go.conf, then log out and in again.")),
    "60-go.conf",
    ("goroot", "gopath", "goproxy"),
    _environment_d,
)
UNIT = Kind(
    "systemd",
    Message(N_("Drop-in for a systemd service")),
    Message(N_("Gives one service Go on its PATH, and a place for Go's caches.")),
    Message(
        N_("Save it as /etc/systemd/system/{name}.service.d/go.conf, then: systemctl daemon-reload && systemctl restart {name}.")
    ),
    "go.conf",
    ("goroot", "gopath", "goproxy", "name"),
    _unit,
)  # fmt: skip
SUPERVISORD = Kind(
    "supervisord",
    Message(N_("Program of supervisord")),
    Message(N_("Runs a Go program under supervisord with PATH and HOME as its account has them.")),
    Message(
        N_("Save it as /etc/supervisor/conf.d/{name}.conf with your own command and directory, then: supervisorctl update.")
    ),
    "go-program.conf",
    ("goroot", "gopath", "goproxy", "name", "user", "home"),
    _supervisord,
)  # fmt: skip
