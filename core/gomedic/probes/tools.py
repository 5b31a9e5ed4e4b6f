"""Whether the compiler and the linker of a Go tree can be started."""

import os

from gomedic import go_tree

_NEEDED = ("compile", "link")


def unusable(root: str, arch: str) -> tuple[tuple[str, str], ...]:
    """Return the tools of a Go tree that cannot be started on a Linux machine of `arch`, each with the reason.

    Reasons: "missing", "not executable", or the GOARCH that the tool is made for. () for a tree without the
    folder of its tools, which says nothing of them.
    """
    folder = os.path.join(root, "pkg", "tool")
    if not os.path.isdir(folder):
        return ()
    paths = (os.path.join(folder, f"linux_{arch}", name) for name in _NEEDED)
    return tuple((path, fault) for path in paths if (fault := _fault(path, arch)))


def _fault(path: str, arch: str) -> str:
    if not os.path.isfile(path):
        return "missing"
    if not os.access(path, os.X_OK):
        return "not executable"
    head = go_tree.program(path)
    return head.arch if head is not None and head.arch not in ("", arch) else ""
