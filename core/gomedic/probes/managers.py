"""Version managers whose `go` is a shim: what they have installed, and which version they would choose here."""

import os
import re

from msgspec import Struct

from gomedic.host import Host
from gomedic.model import Session


class Manager(Struct, frozen=True):
    """A version manager as one session meets it."""

    name: str  # asdf goenv
    root: str
    shim: str
    installed: tuple[str, ...]  # versions
    chosen: str | None  # None: nothing chooses one
    chosen_in: str | None  # the file or variable that chooses
    choice_file: str  # where a choice for the whole account stands
    choice_line: str  # how it is written there; {version} stands for the version


_MARKS = {"/.asdf/shims/": "asdf", "/.goenv/shims/": "goenv"}


def probe(host: Host, session: Session) -> Manager | None:
    """Return the manager whose shim a session would run; None where `go` is no such shim."""
    shim = session.go.path if session.go else ""
    mark = next((mark for mark in _MARKS if mark in shim), None)
    if mark is None:
        return None
    root = shim[: shim.index(mark) + len(mark) - len("/shims/")]
    return _asdf(host, session, root, shim) if _MARKS[mark] == "asdf" else _goenv(host, session, root, shim)


def _asdf(host: Host, session: Session, root: str, shim: str) -> Manager:
    chosen, where = _chosen(host, session, "ASDF_GOLANG_VERSION", ".tool-versions", r"^golang[ \t]+(\S+)")
    own = os.path.join(host.home, ".tool-versions")
    if chosen is None and (found := re.search(r"^golang[ \t]+(\S+)", host.text(own) or "", re.MULTILINE)):
        chosen, where = found[1], own
    return Manager(
        "asdf", root, shim, _names(f"{root}/installs/golang"), chosen, where, own, "golang {version}"
    )


def _goenv(host: Host, session: Session, root: str, shim: str) -> Manager:
    chosen, where = _chosen(host, session, "GOENV_VERSION", ".go-version", r"^(\S+)")
    own = os.path.join(root, "version")
    if chosen is None and (text := (host.text(own) or "").strip()):
        chosen, where = text.split()[0], own
    return Manager("goenv", root, shim, _names(f"{root}/versions"), chosen, where, own, "{version}")


def _chosen(
    host: Host, session: Session, variable: str, name: str, pattern: str
) -> tuple[str | None, str | None]:
    """Return what the environment or the nearest choice file upwards says, and where."""
    if session.environment.get(variable):
        return session.environment[variable], variable
    folder = host.cwd
    while True:
        path = os.path.join(folder, name)
        found = re.search(pattern, host.text(path) or "", re.MULTILINE)
        if found is not None:
            return found[1], path
        if folder == "/":
            return None, None
        folder = os.path.dirname(folder)


def _names(folder: str) -> tuple[str, ...]:
    try:
        return tuple(sorted(os.listdir(folder)))
    except OSError:
        return ()
