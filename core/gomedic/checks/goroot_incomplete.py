"""The Go tree that a session works with lacks parts."""

from collections.abc import Iterator

from gomedic.checks import _goroot
from gomedic.checks._words import kinds, told
from gomedic.diagnosis import Check
from gomedic.facts import Facts
from gomedic.fixes.install import install_go, use_other
from gomedic.model import Evidence, Finding, Session, Severity
from gomedic.texts import N_, Message

TITLE = N_("The Go tree is whole")
WHY = N_(
    "go version answers even so; building needs the compiler, the linker and the whole standard library."
)
BY_GOROOT = N_("GOROOT is set to {value} in {file}, but that is no whole Go tree: {missing} is missing.")
ITSELF = N_("The Go in {root} is not whole: {missing} is missing, so nothing can be built with it.")


def _run(facts: Facts) -> Iterator[Finding]:
    told_of = set()
    for goroot in _goroot.values(facts):
        lacking = facts.missing(goroot.value) if facts.is_folder(goroot.value) else ()
        own = {session.go.root for session in goroot.broken if session.go}
        if (
            goroot.broken
            and lacking
            and own != {goroot.value}
            and not _goroot.is_wrong_level(facts, goroot.value)
            and not _goroot.lacks_only_tools(facts, goroot.value)
        ):
            told_of.add(goroot.value)
            message = Message(BY_GOROOT, _goroot.message_values(facts, goroot) | {"missing": lacking[0]})
            yield _goroot.finding(
                facts, goroot, "goroot-incomplete", message, WHY, _shown(goroot.value, lacking)
            )
    for root in dict.fromkeys(s.go.root for s in facts.judged_sessions if s.go and s.go.root):
        lacking = facts.missing(root)
        if lacking and root not in told_of and not _goroot.lacks_only_tools(facts, root):
            yield _broken_tree(facts, root, lacking)


def _broken_tree(facts: Facts, root: str, lacking: tuple[str, ...]) -> Finding:
    hit = [session for session in facts.judged_sessions if session.go and session.go.root == root]
    version = facts.tree_version(root) or "latest"
    return Finding(
        check="goroot-incomplete",
        subject=root,
        severity=Severity.ERROR,
        message=Message(ITSELF, {"root": root, "missing": lacking[0]}),
        why=Message(WHY),
        evidence=(*_shown(root, lacking), *(_origin(session) for session in hit[:1])),
        fixes=(*use_other(facts, root, kinds(hit)), install_go(facts, version)),
        sessions=kinds(hit),
        weight=70,
    )


def _shown(root: str, lacking: tuple[str, ...]) -> tuple[Evidence, ...]:
    return tuple(told(f"missing: {root}/{part}", file=root) for part in lacking[:3])


def _origin(session: Session) -> Evidence:
    return told(session.go.path if session.go else "", session)


CHECK = Check(
    "goroot-incomplete",
    TITLE,
    WHY,
    _run,
    severities=(Severity.ERROR,),
    example=Message(ITSELF, {"root": "/usr/local/go", "missing": "src/fmt"}),
    found=N_(
        "The folder of Go, and the one that GOROOT names, are searched for what every build needs: the standard library, the compiler and the linker."
    ),
    cured=N_(
        "Where GOROOT names such a folder, the fix stops setting it. Else it puts another, whole Go first on PATH, or downloads the same release again and verifies it."
    ),
    threads=("ciscocsirt/GOSINT#30", "x1sec/commit-stream#7", "ubuntu/ubuntu-make#362"),
)
