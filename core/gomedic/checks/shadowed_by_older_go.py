"""An older Go comes before a newer one on PATH."""

import os
import re
from collections.abc import Iterator

from msgspec import Struct

from gomedic.checks._words import TERMINAL, kinds, seen, told, where
from gomedic.diagnosis import Check
from gomedic.facts import Facts
from gomedic.fixes.lines import merged
from gomedic.fixes.path import move_to_front, put_on_path, unset_for
from gomedic.fixes.variables import drop
from gomedic.model import Evidence, Finding, Fix, PathEntry, Session, Severity, Step, Toolchain
from gomedic.texts import N_, Message, Values
from gomedic.versions import plain, version_key

TITLE = N_("The newest Go on PATH comes first")
WHY = N_("A shell runs the first `go` that it finds on PATH, whatever its age.")
FOUND = N_("Go {old} from {path} runs in {where}, although Go {new} in {root} is on PATH too, further back.")
GCCGO = N_(
    "gccgo, the Go of the GNU compilers, runs from {path} in {where}, although Go {new} in {root} is on PATH too, further back."
)
REORDER = N_("Put {folder} first on PATH, in the line that puts it last")
FRONT = N_("Put {folder} first on PATH in your start-up files")
CHOSEN = N_("{file} puts Go {old} before Go {new} on purpose, it seems.")


class Shadow(Struct, frozen=True):
    """A go that wins in a session, and the newer one behind it."""

    session: Session
    winner: PathEntry
    newer: PathEntry
    tool: Toolchain


def _run(facts: Facts) -> Iterator[Finding]:
    shadows: dict[tuple[str, str], list[Shadow]] = {}
    for session in facts.sessions:
        shadow = _shadow(facts, session)
        if shadow is not None:
            shadows.setdefault((shadow.winner.entry, shadow.tool.root), []).append(shadow)
    for found in shadows.values():
        judged = [shadow for shadow in found if facts.judged(shadow.session)]
        if judged:
            yield _finding(facts, judged)


def _shadow(facts: Facts, session: Session) -> Shadow | None:
    if session.go is None:
        return None
    entries = [entry for entry in session.path if facts.holds_go(entry.entry)]
    winner = entries[0]
    first = facts.toolchain_of(os.path.join(winner.entry, "go"))
    if first is None or (not first.version and first.kind != "gccgo"):
        return None
    for entry in entries[1:]:
        tool = facts.toolchain_of(os.path.join(entry.entry, "go"))
        if (
            tool
            and tool.healthy
            and tool.trusted
            and tool.version
            and version_key(tool.version) > version_key(first.version)
        ):
            return Shadow(session, winner, entry, tool)
    return None


def _finding(facts: Facts, shadows: list[Shadow]) -> Finding:
    first = shadows[0]
    sessions = [shadow.session for shadow in shadows]
    old = facts.toolchain_of(os.path.join(first.winner.entry, "go"))
    values: Values = {
        "where": where(sessions), "old": plain(old.version if old else None), "path": os.path.join(first.winner.entry, "go"),
        "new": plain(first.tool.version), "root": first.tool.root, "file": first.winner.origin.file,
    }  # fmt: skip
    gccgo = old is not None and old.kind == "gccgo"
    chosen = _is_chosen(facts, first)
    return Finding(
        check="shadowed-by-older-go",
        subject=first.winner.entry,
        severity=Severity.HINT if chosen else Severity.WARNING,
        message=Message(CHOSEN if chosen else GCCGO if gccgo else FOUND, values),
        why=Message(WHY),
        evidence=tuple(_evidence(shadows)),
        fixes=_fixes(facts, shadows),
        sessions=kinds(sessions),
        weight=58,
    )


def _is_chosen(facts: Facts, shadow: Shadow) -> bool:
    """An account's own line that puts a release by its number before the machine's newer one is a choice."""
    own = facts.is_own(shadow.winner.origin.path or "")
    machine = not facts.is_own(shadow.newer.origin.path or "")
    return own and machine and re.search(r"go-?\d+\.\d+", shadow.winner.entry) is not None


def _evidence(shadows: list[Shadow]) -> Iterator[Evidence]:
    first = shadows[0]
    told_of = set()
    for shadow in shadows:
        for entry in (shadow.newer, shadow.winner):
            key = (entry.entry, entry.origin.file, entry.origin.line)
            if key not in told_of and entry.origin.is_line:
                told_of.add(key)
                yield seen(entry.origin, shadow.session)
    yield told(f"{first.winner.entry}/go", first.session, f"{first.winner.entry}/go")
    yield told(f"{first.newer.entry}/go: {first.tool.version}", first.session, f"{first.newer.entry}/go")


def _fixes(facts: Facts, shadows: list[Shadow]) -> tuple[Fix, ...]:
    folder = shadows[0].newer.entry
    values: Values = {"folder": facts.short(folder)}
    hit = kinds([shadow.session for shadow in shadows])
    found = []
    lines = {(s.newer.origin.path, s.newer.origin.line): s for s in shadows}
    moves = [move_to_front(facts, s.newer.origin, folder, s.session) for s in lines.values()]
    goroot = _goroot_steps(facts, shadows)
    if moves and all(move is not None and not move.privileged for move in moves):
        steps = merged((*[move for move in moves if move is not None], *goroot))
        found.append(Fix("reorder", Message(REORDER, values), steps, safe=True))
    own = merged((*put_on_path(facts, folder, hit, first=True), *goroot))
    found.append(Fix("first", Message(FRONT, values), own, safe=not any(step.privileged for step in own)))
    return tuple(found)


def _goroot_steps(facts: Facts, shadows: list[Shadow]) -> tuple[Step, ...]:
    """A GOROOT of the older Go would spoil the newer one as soon as it comes first."""
    spoilt = [s for s in shadows if _is_other(facts, facts.setting(s.session, "GOROOT").value, s.tool.root)]
    if not spoilt:
        return ()
    origin = facts.setting(spoilt[0].session, "GOROOT").origin
    hit = kinds([shadow.session for shadow in spoilt])
    if origin.path is not None and facts.writable(origin.path):
        return drop(facts, "GOROOT", origin, hit)
    return unset_for(facts, "GOROOT", hit)


def _is_other(facts: Facts, goroot: str, root: str) -> bool:
    return bool(goroot) and facts.real(goroot) != facts.real(root)


CHECK = Check(
    "shadowed-by-older-go",
    TITLE,
    WHY,
    _run,
    severities=(Severity.WARNING, Severity.HINT),
    example=Message(
        FOUND,
        {
            "old": "1.19.8",
            "path": "/usr/bin/go",
            "where": TERMINAL,
            "new": "1.22.10",
            "root": "/usr/local/go",
        },
    ),
    found=N_(
        "Every `go` on PATH is listed with its release, for every way of starting work: an older one stands before a newer one. The start-up lines that put the two there are named."
    ),
    cured=N_(
        "The fix puts the newer Go first, in the line that now puts it last, or in your own start-up files; a GOROOT of the older Go goes with it. Nothing is removed. Where you chose the older Go yourself, this is a hint only."
    ),
    threads=(
        "golang/go#33208",
        "fatso83/dotfiles#18",
        "fish-shell/fish-shell#9709",
        "gantsign/ansible-role-golang#261",
    ),
)
