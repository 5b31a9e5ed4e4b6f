"""Where a shell stops understanding a start-up file; the shell reads it and runs nothing of it."""

import re

from msgspec import Struct

from gomedic.host import Host, ProbeError

_QUIET = {
    "bash": ("--norc", "--noprofile", "-O", "extglob", "-n"),
    "sh": ("-n",),
    "zsh": ("-f", "-n"),
    "fish": ("--no-config", "-n"),
}
_PATIENCE = 2.0  # seconds
_PLACES = (r":(?: line)? ?(\d+): (.*)", r"\(line (\d+)\): (.*)")  # bash dash zsh, fish


class SyntaxFault(Struct, frozen=True):
    """What a shell says of a file that it cannot read to its end."""

    line: int
    text: str


def fault(host: Host, shell: str, family: str, path: str) -> SyntaxFault | None:
    """Return the first fault that a shell (a path, and its family) finds in a file; None where it finds none."""
    flags = _QUIET.get(family)
    if flags is None:
        return None
    env = {
        "PATH": "/usr/bin:/bin",
        "LC_ALL": "C.UTF-8",
        "HOME": "/nonexistent",
        "XDG_CONFIG_HOME": "/nonexistent",
    }
    content = host.supposed(path)
    name = path if content is None else "/dev/stdin"
    try:
        ended = host.run([shell, *flags, name], env=env, timeout=_PATIENCE, stdin=content or b"")
    except ProbeError:
        return None
    if ended.code in (0, None):
        return None
    return first_fault(ended.err.decode("utf-8", "replace"), name)


def first_fault(said: str, path: str) -> SyntaxFault | None:
    """Return the line and the words of a shell's first complaint about a file."""
    for place in _PLACES:
        found = re.search(re.escape(path) + r"\s?" + place, said)
        if found is not None:
            return SyntaxFault(int(found[1]), found[2].strip())
    return None
