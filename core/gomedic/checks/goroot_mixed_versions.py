"""The Go tree holds files of two releases."""

from collections.abc import Iterator

from gomedic.checks._words import kinds, told
from gomedic.diagnosis import Check
from gomedic.facts import Facts
from gomedic.fixes.install import install_go, use_other
from gomedic.fixes.leftovers import move_leftovers
from gomedic.model import Finding, Fix, Severity
from gomedic.probes.leftovers import within
from gomedic.texts import N_, Message, Values

TITLE = N_("The Go tree is of one release")
WHY = N_(
    "An archive unpacked over an older tree leaves the older files lying; go compiles them too, and finds everything twice."
)
FOUND = N_(
    "The Go in {root} is two releases in one folder: {name} is declared in {first} and in {second}, so nothing builds."
)


def _ahead(facts: Facts) -> None:
    for root in _roots(facts):
        version = facts.tree_version(root)
        if version and facts.declared_twice(root):
            facts.machine.ask_leftovers(root, version)


def _roots(facts: Facts) -> list[str]:
    return list(dict.fromkeys(s.go.root for s in facts.judged_sessions if s.go and s.go.root))


def _run(facts: Facts) -> Iterator[Finding]:
    for root in _roots(facts):
        twice = facts.declared_twice(root)
        if twice is None:
            continue
        name, first, second = twice
        hit = [session for session in facts.judged_sessions if session.go and session.go.root == root]
        values: Values = {"root": root, "name": name, "first": first, "second": second}
        yield Finding(
            check="goroot-mixed-versions",
            subject=root,
            severity=Severity.ERROR,
            message=Message(FOUND, values),
            why=Message(WHY),
            evidence=(
                told(f"{root}/{first}", hit[0], f"{root}/{first}"),
                told(f"{root}/{second}", hit[0], f"{root}/{second}"),
            ),
            fixes=(
                *_leftovers_away(facts, root, (first, second)),
                *use_other(facts, root, kinds(hit)),
                install_go(facts, facts.tree_version(root) or "latest"),
            ),
            sessions=kinds(hit),
            weight=70,
        )


def _leftovers_away(facts: Facts, root: str, guilty: tuple[str, str]) -> Iterator[Fix]:
    """Yield the fix that moves the other release's files away, where an archive tells which they are."""
    version = facts.tree_version(root)
    found = facts.machine.leftovers(root, version) if version else None
    if version and found and any(within(path, found.paths) for path in guilty):
        yield move_leftovers(facts, root, version, found)


CHECK = Check(
    "goroot-mixed-versions",
    TITLE,
    WHY,
    _run,
    ahead=_ahead,
    severities=(Severity.ERROR,),
    example=Message(
        FOUND,
        {
            "root": "/usr/local/go",
            "name": "mapaccess1",
            "first": "src/runtime/map.go",
            "second": "src/runtime/map_swiss.go",
        },
    ),
    found=N_(
        "A few packages of the standard library are searched for names that are declared twice, in files of two releases. Nothing is compiled."
    ),
    cured=N_(
        "Where the release's archive still lies on the machine, the fix moves away what the archive does not have; nothing is unpacked. Else it puts another, whole Go first on PATH, or downloads the release into a folder of its own. Next time, remove the folder before you unpack an archive, as Go's own instructions say."
    ),
    threads=("golang/go#19143", "golang/go#36180", "https://go.dev/doc/install"),
)
