"""Which Go a folder asks for: its .go-version, its .gimme, or the go.mod of the project around it."""

import os
import re

from gomedic.host import Host
from gomedic.versions import is_word

_ASSIGNED = re.compile(r"(?:export\s+)?(?:GIMME_GO_VERSION=)?[\"']?([^\s\"'#]+)[\"']?")
_TOOLCHAIN = re.compile(r"^\s*toolchain\s+(go[^\s/]+)", re.MULTILINE)
_GO = re.compile(r"^\s*go\s+([0-9][^\s/]*)", re.MULTILINE)


def wanted_version(host: Host) -> tuple[str, str] | None:
    """Return the word for a version and the file that says it, for the current folder; None where none does.

    The nearest folder that says anything counts, and in it .go-version before .gimme before go.mod, whose
    toolchain line counts before its go line.
    """
    folder = host.cwd
    while True:
        for name in (".go-version", ".gimme", "go.mod"):
            path = os.path.join(folder, name)
            text = host.text(path) if os.path.isfile(path) else None
            word = None if text is None else _word(name, text)
            if word is not None:
                return word, path
        if folder == os.path.dirname(folder):
            return None
        folder = os.path.dirname(folder)


def _word(name: str, text: str) -> str | None:
    if name == "go.mod":
        said = _TOOLCHAIN.search(text) or _GO.search(text)
        return said[1] if said is not None and is_word(said[1]) else None
    lines = (line.strip() for line in text.splitlines())
    first = next((line for line in lines if line and not line.startswith("#")), "")
    assigned = _ASSIGNED.fullmatch(first.partition(" #")[0].strip())
    return assigned[1] if assigned is not None else None
