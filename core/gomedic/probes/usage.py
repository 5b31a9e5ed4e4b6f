"""What shows that a kind of session is really used here for Go."""

import os
import re

from gomedic.host import Host

_CALLS_GO = re.compile(r"(^|[\s;&|/])go\s+(build|run|test|install|version|vet|generate|mod|env|get)\b")
_SUDO_GO = re.compile(r"\bsudo\s+(-\S+\s+)*go\s")


def probe(host: Host, folder: str) -> dict[str, str]:
    """Return, for each kind whose use shows, what showed it: a file, with its line where there is one."""
    found = {"ssh": _authorized_keys(host), "command": _authorized_keys(host), "cron": _crontab(host)}
    found |= {"sudo": _sudo_go(host, folder), "exec": _first_process(host)}
    return {kind: what for kind, what in found.items() if what}


def _authorized_keys(host: Host) -> str | None:
    path = os.path.join(host.home, ".ssh/authorized_keys")
    return path if (host.text(path) or "").strip() else None


def _crontab(host: Host) -> str | None:
    places = ["/etc/crontab", f"/var/spool/cron/crontabs/{host.account.name}"]
    places += [os.path.join("/etc/cron.d", name) for name in _names(host, "/etc/cron.d")]
    return next((path for path in places if _CALLS_GO.search(host.text(path) or "")), None)


def _sudo_go(host: Host, folder: str) -> str | None:
    places = [os.path.join(host.home, name) for name in (".bash_history", ".zsh_history")]
    places += [
        os.path.join(folder, name)
        for name in _names(host, folder)
        if name == "Makefile" or name.endswith(".sh")
    ]
    return next((path for path in places if _SUDO_GO.search(host.text(path) or "")), None)


def _first_process(host: Host) -> str | None:
    """A container whose first process is go, or was started for it, uses the image's environment for Go."""
    words = (host.text("/proc/1/cmdline") or "").split("\0")
    script = words[2] if len(words) > 2 and words[1] == "-c" else ""
    if os.path.basename(words[0]) == "go" or _CALLS_GO.search(script):
        return "process 1: " + " ".join(words).strip()
    return None


def _names(host: Host, folder: str) -> list[str]:
    try:
        return sorted(host.files.names(folder))
    except OSError:
        return []
