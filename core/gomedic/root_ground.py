"""What the machine must be like before root builds on it: only root could have made it so."""

import os
import stat
from collections.abc import Iterator

from gomedic import closed_list, processes
from gomedic.carrying import View
from gomedic.closed_list import RefusedError
from gomedic.model import EditFile, MakeLink, Move, SetOwner, Step
from gomedic.root_way import ACCESS_LIST, RootsWay, only_root_in
from gomedic.saving import Node

_VISUDO = "/usr/sbin/visudo"


def check(roots: RootsWay, step: Step, view: View) -> None:
    """Raise RefusedError unless only root could have made what the step builds on."""
    if isinstance(step, SetOwner):
        _check_given(step, view)
        return
    path = step.source if isinstance(step, Move) else step.path
    node = view.find(path, False)
    wanted = ("link", "none") if isinstance(step, MakeLink) else ("file", "folder", "none")
    if node.kind not in wanted or (node.links and not _is_sound(roots, node)):
        raise RefusedError(f"{path} is not what root would have put there")
    if isinstance(step, Move) and closed_list.STAGED.fullmatch(path) and node.mode != 0o755:
        raise RefusedError(f"{path} is not whole yet")
    if isinstance(step, MakeLink) and step.after is not None:
        _check_command(roots, os.path.join(os.path.dirname(step.path), step.after), view)
    if isinstance(step, EditFile):
        _check_text(roots, step)


def _is_sound(roots: RootsWay, node: Node) -> bool:
    own = node.uid == roots.uid and not node.mode & 0o7000
    closed = node.kind == "link" or not node.mode & 0o002
    members = not only_root_in(node.gid) or ACCESS_LIST in node.attributes
    shared = node.mode & 0o020 and node.kind != "link" and members
    return own and closed and not shared and (node.kind == "folder" or node.links == 1)


def _check_given(step: SetOwner, view: View) -> None:
    node = view.find(step.path, False)
    single = node.kind in ("folder", "link") or (node.kind == "file" and node.links == 1)
    if node.kind != "none" and (not single or node.mode & 0o6000 or "security.capability" in node.attributes):
        raise RefusedError(f"{step.path} is nothing that a build leaves")


def _check_command(roots: RootsWay, target: str, view: View) -> None:
    """A command for everybody must belong to a whole Go that only root can change, now or after the steps before."""
    tree = target.removesuffix("/bin/go").removesuffix("/bin/gofmt")
    program = target if target != tree else f"{tree}/bin/go"
    parts = ((program, stat.S_IFREG), (f"{tree}/src", stat.S_IFDIR))
    if not all(roots.is_roots(_lies(view, path), kind) for path, kind in parts):
        raise RefusedError(f"{target} is not of a Go that belongs to root alone")


def _lies(view: View, path: str) -> str:
    """Return where what would be at `path` lies now, as far as moved folders and new links tell."""
    for _ in range(10):
        above = next((part for part in _and_above(path) if part in view.would_be), None)
        if above is None:
            return path
        (node, origin), rest = view.would_be[above], path[len(above) :]
        if node.kind != "link":
            return origin + rest
        path = os.path.normpath(os.path.join(os.path.dirname(above), node.target or "")) + rest
    return path


def _and_above(path: str) -> Iterator[str]:
    while path != "/":
        yield path
        path = os.path.dirname(path)


def _check_text(roots: RootsWay, step: EditFile) -> None:
    for folder in closed_list.folders_named(step):
        if not roots.is_roots(folder):
            raise RefusedError(f"{folder} can be changed by others than root")
    if step.path == closed_list.SUDOERS and step.after is not None:
        check_sudoers(step.after)


def check_sudoers(content: bytes) -> None:
    """Raise RefusedError unless visudo accepts `content`: a mistake there takes everybody's sudo away."""
    trial = os.memfd_create("sudoers")
    os.write(trial, content)
    try:
        ended = processes.run([_VISUDO, "-cqf", f"/proc/{os.getpid()}/fd/{trial}"], {}, timeout=10)
    finally:
        os.close(trial)
    if ended.code != 0:
        raise RefusedError(f"visudo does not accept {closed_list.SUDOERS}")
