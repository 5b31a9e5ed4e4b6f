"""The environment that each kind of session starts from, before any start-up file, and where it comes from."""

import os
import re
from collections.abc import Mapping

from msgspec import Struct, field

from gomedic.files import HERE
from gomedic.host import Host
from gomedic.model import BUILT_IN, IMAGE, UNKNOWN, Origin
from gomedic.sessions import pam_env

_SSHD_PATH = (
    "/usr/local/bin:/usr/bin:/bin:/usr/games"  # Debian's compiled-in default (sshd: --with-default-path)
)
_LOGIN_PATH = "/usr/local/bin:/usr/bin:/bin:/usr/local/games:/usr/games"  # login.defs(5), ENV_PATH
_ROOT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"  # login.defs(5), ENV_SUPATH
_CRON_PATH = "/usr/bin:/bin"  # crontab(5)
_ENVIRONMENT, _PAM_CONF = "/etc/environment", "/etc/security/pam_env.conf"
_OF_THE_SHELL = ("SHLVL", "_", "PWD", "OLDPWD", "PS1", "COLUMNS", "LINES")
_OF_SSH = ("SSH_CLIENT", "SSH_CONNECTION", "SSH_TTY", "SSH_ORIGINAL_COMMAND")


class Base(Struct, frozen=True):
    """An environment and the origin of each of its variables."""

    env: Mapping[str, str]
    origins: Mapping[str, Origin] = field(default_factory=dict)
    path: tuple[tuple[str, Origin], ...] | None = (
        None  # entries of PATH, where they come from different places
    )

    def origin(self, name: str) -> Origin:
        """Return where a variable's value comes from."""
        return self.origins.get(name, UNKNOWN)

    def entries(self) -> list[tuple[str, Origin]] | None:
        """Return the entries of PATH, each with its origin; None where PATH is not set."""
        if self.path is not None:
            return list(self.path)
        return (
            [(entry, self.origin("PATH")) for entry in self.env["PATH"].split(":")]
            if "PATH" in self.env
            else None
        )


def bases(host: Host) -> dict[str, Base]:
    """Return the base environment of each kind of session that can exist on the machine."""
    found = {"terminal": terminal(host), "login": login(host)}
    if host.which("sshd"):
        found |= {"ssh": ssh(host), "command": ssh_command(host)}
    if in_container(host):
        found["exec"] = executed(host)
    if host.which("cron") or host.which("crond"):
        found["cron"] = cron(host)
    return found


def terminal(host: Host) -> Base:
    """What a new terminal window's shell inherits: what the shell of this terminal got when it started.

    /proc/PID/environ of an interactive shell is what it was started with, whatever its start-up files
    exported since; so the leader of the doctor's own process session is asked first.
    """
    env = _leader_environment(host) or dict(host.env)
    over_ssh = "SSH_CONNECTION" in env or "SSH_CLIENT" in env
    env = {name: value for name, value in env.items() if name not in (*_OF_THE_SHELL, *_OF_SSH)}
    env |= _who(host)
    env.setdefault("TERM", "xterm-256color")
    origin = IMAGE if in_container(host) and not over_ssh else Origin("process environment")
    return _with_pam_origins(host, Base(env, dict.fromkeys(env, origin)))


def _leader_environment(host: Host) -> dict[str, str] | None:
    """Return the start environment of the outermost process of this session that is the account's own."""
    chain = []
    pid = os.getpid()
    while pid > 1:
        pid = _parent(pid)
        env = read_environ(host, pid) if pid > 0 and _owner(pid) == host.account.uid else None
        if env is None:
            break
        chain.append((pid, env))
    if not chain:
        return None
    leader = os.getsid(0)
    return next((env for pid, env in chain if pid == leader), chain[-1][1])


def read_environ(host: Host, pid: int) -> dict[str, str] | None:
    """Return the environment a process was started with; None where it may not be read."""
    data = host.read(f"/proc/{pid}/environ")
    if not data:
        return None
    items = (item.partition(b"=") for item in data.split(b"\0") if b"=" in item)
    return {os.fsdecode(name): os.fsdecode(value) for name, _equals, value in items}


def _parent(pid: int) -> int:
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:
            return int(file.read().rsplit(b")", 1)[1].split()[1])
    except (OSError, IndexError, ValueError):
        return 0


def _owner(pid: int) -> int:
    try:
        return os.stat(f"/proc/{pid}").st_uid
    except OSError:
        return -1


def login(host: Host) -> Base:
    """What `su - ACCOUNT` starts its shell with (su(1), login.defs(5))."""
    defaults = {
        "PATH": _defined(host, "ENV_SUPATH", _ROOT_PATH)
        if host.is_root
        else _defined(host, "ENV_PATH", _LOGIN_PATH)
    }
    env = {**defaults, **_who(host, database=True), "TERM": "xterm-256color"}
    return _through_pam(host, "su", env, built_in=Origin("/etc/login.defs"))


def ssh(host: Host) -> Base:
    """What sshd starts a login shell with (sshd(8), LOGIN PROCESS)."""
    env = {"PATH": _SSHD_PATH, **_who(host, database=True), "TERM": "xterm-256color"}
    env |= {
        "SSH_CLIENT": "127.0.0.1 50000 22",
        "SSH_CONNECTION": "127.0.0.1 50000 127.0.0.1 22",
        "SSH_TTY": "/dev/pts/0",
    }
    return _through_pam(host, "sshd", env, built_in=BUILT_IN)


def ssh_command(host: Host) -> Base:
    """What sshd starts `$SHELL -c COMMAND` with; without SHLVL, by which bash knows it (SSH_SOURCE_BASHRC)."""
    base = ssh(host)
    return Base(
        {name: value for name, value in base.env.items() if name not in ("TERM", "SSH_TTY")}, base.origins
    )


def executed(host: Host) -> Base:
    """What `docker exec` starts a program with: the image's environment; process 1 has it, if it may be asked."""
    env = read_environ(host, 1) if _owner(1) == host.account.uid else None
    if env is None:
        env = dict(terminal(host).env)
        for name in ("TERM", "LANG", "SHELL", "USER", "LOGNAME", "MAIL"):
            env.pop(name, None)
    env = {name: value for name, value in env.items() if name not in _OF_THE_SHELL}
    env.setdefault("HOME", host.account.password_home)
    return Base(env, dict.fromkeys(env, IMAGE))


def cron(host: Host) -> Base:
    """What cron gives a job: /etc/environment's PATH is passed over, its other variables are not."""
    who = _who(host, database=True)
    env = {"HOME": who["HOME"], "LOGNAME": who["LOGNAME"], "SHELL": "/bin/sh", "PATH": _CRON_PATH}
    base = _through_pam(host, "cron", env, built_in=BUILT_IN)
    return Base({**base.env, "PATH": _CRON_PATH, "SHELL": "/bin/sh"}, {**base.origins, "PATH": BUILT_IN})


def in_container(host: Host) -> bool:
    """Tell whether the machine looks like a container: no init system is its first process.

    An image is judged as the machine that it is to be, with all its sessions.
    """
    if host.files is not HERE:
        return False
    if os.path.exists("/.dockerenv") or os.path.exists("/run/.containerenv"):
        return True
    first = (host.text("/proc/1/comm") or "").strip()
    return first not in ("", "systemd", "init", "runit", "s6-svscan", "openrc-init", "dinit")


def _who(host: Host, *, database: bool = False) -> dict[str, str]:
    account = host.account
    home = account.password_home or account.home if database else account.home or account.password_home
    if not database and "HOME" in host.env and not host.env["HOME"]:
        home = ""
    return {"HOME": home, "USER": account.name, "LOGNAME": account.name, "SHELL": account.shell}


def _defined(host: Host, key: str, fallback: str) -> str:
    """Return PATH as login.defs(5) gives it: `ENV_PATH PATH=/usr/local/bin:…`."""
    found = re.search(rf"^\s*{key}\s+(?:PATH=)?([^\s\0]+)", host.text("/etc/login.defs") or "", re.MULTILINE)
    return found[1] if found else fallback


def _through_pam(host: Host, service: str, env: Mapping[str, str], built_in: Origin) -> Base:
    """Add what pam_env sets for a service whose PAM configuration has it."""
    origins = dict.fromkeys(env, built_in)
    if not _service_reads_environment(host, service):
        return Base(env, origins)
    result = dict(env)
    for file, setting in _pam_settings(host, env):
        result[setting.name] = setting.value
        origins[setting.name] = Origin(f"PAM {file}", setting.line, setting.text)
    return Base(result, origins)


def _pam_settings(host: Host, env: Mapping[str, str]) -> list[tuple[str, pam_env.Setting]]:
    """Return what pam_env sets, in its order, each with the file (pam_env(8))."""
    conf = pam_env.read_conf(host.text(_PAM_CONF) or "", {**env, **_who(host, database=True)})
    plain = pam_env.read_environment(host.text(_ENVIRONMENT) or "")
    return [*((_PAM_CONF, setting) for setting in conf), *((_ENVIRONMENT, setting) for setting in plain)]


def _service_reads_environment(host: Host, service: str) -> bool:
    text = host.text(f"/etc/pam.d/{service}")
    return text is None or pam_env.reads_environment(text.split("\n"))


def _with_pam_origins(host: Host, base: Base) -> Base:
    """Say the file of PAM where a variable has the very value that it sets."""
    origins = dict(base.origins)
    for file, setting in _pam_settings(host, {}):
        if base.env.get(setting.name) == setting.value:
            origins[setting.name] = Origin(f"PAM {file}", setting.line, setting.text)
    return Base(base.env, origins)
