"""GOROOT belongs to another release than the go command."""

import os
from collections.abc import Iterator

from msgspec.structs import replace

from gomedic.checks import _goroot
from gomedic.checks._words import told
from gomedic.diagnosis import Check
from gomedic.facts import Facts
from gomedic.model import Finding, Session, Severity
from gomedic.texts import N_, Message, Values
from gomedic.versions import plain, version_key

TITLE = N_("GOROOT and the go command are of one release")
WHY = N_(
    "The go command then works with another release's compiler and library: go version looks fine, and builds fail."
)
FOUND = N_("GOROOT is set to {value} (Go {tree}) in {file}, but {go} is Go {command}.")


def _run(facts: Facts) -> Iterator[Finding]:
    for goroot in _goroot.values(facts):
        tree = facts.tree_version(goroot.value)
        hit = [session for session in goroot.broken if _disagrees(facts, session, goroot.value, tree)]
        if tree is None or not hit or not facts.is_folder(os.path.join(goroot.value, "src")):
            continue
        go = hit[0].go
        assert go is not None  # noqa: S101 - `broken` holds only sessions with a go
        values: Values = {"tree": plain(tree), "go": go.path, "command": plain(go.version)}
        message = Message(FOUND, _goroot.message_values(facts, goroot) | values)
        shown = (
            told(f"{goroot.value}/VERSION: {tree}", hit[0]),
            told(f"{go.real_path}: {go.version}", hit[0]),
        )
        found = _goroot.finding(facts, goroot.only(hit), "goroot-version-mismatch", message, WHY, shown)
        yield replace(found, because_of=_shadow(facts, hit[0], goroot.value, tree))


def _shadow(facts: Facts, session: Session, root: str, tree: str) -> str | None:
    """Where GOROOT names the newer Go that stands behind this one on PATH, the order of PATH is the cause."""
    go = session.go
    behind = any(facts.real(e.entry) == facts.real(os.path.join(root, "bin")) for e in session.path)
    if go is None or not behind or version_key(tree) <= version_key(go.version or ""):
        return None
    return f"shadowed-by-older-go@{os.path.dirname(go.path)}"


def _disagrees(facts: Facts, session: Session, root: str, tree: str | None) -> bool:
    go = session.go
    if go is None or go.version is None or tree is None or go.root is None:
        return False
    return go.version != tree and facts.real(go.root) != facts.real(root)


CHECK = Check(
    "goroot-version-mismatch",
    TITLE,
    WHY,
    _run,
    severities=(Severity.ERROR,),
    example=Message(
        FOUND,
        {
            "value": "/opt/go1.17",
            "tree": "1.17.13",
            "file": "~/.bashrc:12",
            "go": "/usr/local/go/bin/go",
            "command": "1.22.10",
        },
    ),
    found=N_(
        "The file VERSION in the folder that GOROOT names is compared with the release of the go command that runs."
    ),
    cured=N_(
        "The fix stops setting GOROOT, at the line that sets it where your account may change it, else in your own start-up files. Leave it unset: go finds its folder by itself, after an update too."
    ),
    threads=("golang/go#34214", "golang/go#26933", "asdf-community/asdf-golang#22", "go-gitea/gitea#37373"),
)
