"""The Go behind the shim of a version manager."""

import os

from msgspec.structs import replace

from gomedic import go_tree
from gomedic.host import Host
from gomedic.model import GoCommand, Session
from gomedic.probes import managers
from gomedic.probes.managers import Manager


def manager_of(host: Host, session: Session, go: GoCommand | None) -> Manager | None:
    """Return the version manager whose shim a go command is."""
    return managers.probe(host, replace(session, go=go))


def through_shim(host: Host, session: Session, go: GoCommand | None) -> GoCommand | None:
    """Return a shim's command with the tree that it hands over to; any other go as it is."""
    manager = manager_of(host, session, go)
    if go is None or manager is None or manager.chosen not in manager.installed:
        return go
    root = tree_of(manager, manager.chosen or "")
    return GoCommand(go.path, go.real_path, go_tree.version_of(root), root)


def tree_of(manager: Manager, version: str) -> str:
    """Return where a manager keeps the tree of a version."""
    if manager.name == "asdf":
        return os.path.join(manager.root, "installs/golang", version, "go")
    return os.path.join(manager.root, "versions", version)
