"""What sudo makes of PATH for this account."""

import os
import re

from gomedic.host import Host, ProbeError
from gomedic.model import Origin, PathEntry, Session
from gomedic.sessions.result import go_command


def probe(host: Host) -> Session | None:
    """Return the session that `sudo COMMAND` gives; None where sudo does not tell without a password.

    Asks `sudo -n -l`, which changes nothing; called only where something shows that sudo is used for Go.
    """
    sudo = host.which("sudo")
    if sudo is None or host.is_root:
        return None
    try:
        said = host.run([sudo, "-n", "-l"], timeout=3).out.decode("utf-8", "replace")
    except ProbeError:
        return None
    found = re.findall(r"secure_path=((?:\\.|[^,\s])+)", said)
    if not found:
        return None
    entries = found[-1].replace("\\", "").split(":")  # the last one counts (sudoers(5), Defaults)
    origin = Origin("/etc/sudoers", None, f"secure_path={':'.join(entries)}")
    path = tuple(PathEntry(entry, os.path.isdir(entry), origin) for entry in entries)
    env = {"PATH": ":".join(entries), "HOME": "/root", "USER": "root", "LOGNAME": "root"}
    return Session("sudo", "/bin/sh", "ok", 0.0, path, go=go_command(path), environment=env)
