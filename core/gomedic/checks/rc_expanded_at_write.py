"""A start-up file holds what $PATH and $GOPATH were on the day its lines were written."""

from collections.abc import Iterator

from gomedic.checks import _values
from gomedic.checks._expanded import SYSTEM, lost_its_gopath, snapshots, spelled_out
from gomedic.checks._words import kinds, seen, told, where
from gomedic.diagnosis import Check
from gomedic.facts import Facts
from gomedic.fixes.lines import merged, replace_line
from gomedic.fixes.shell_text import home_relative, with_value
from gomedic.model import EditFile, Evidence, Finding, Fix, Origin, Session, Severity
from gomedic.probes.mentions import Mention
from gomedic.texts import N_, Message, Values
from gomedic.versions import version_key

TITLE = N_("Start-up files name $PATH, and not what it once was")
WHY = N_(
    "echo with double quotes replaces $PATH and $GOPATH before it writes; single quotes, or an editor, keep them for the shell."
)
GOBIN = N_(
    "{place} sets GOBIN to {value}: $GOPATH was still empty when the line was written, so `go install` goes to the system's own folder."
)
PATH = N_(
    "{place} sets PATH to what it was on one day, without $PATH, so {folder}, which {other} puts there, is lost in {where}."
)
AGAIN = N_("Write the variables back into {file}")


def _run(facts: Facts) -> Iterator[Finding]:
    for value in _values.values(facts, "GOBIN"):
        if lost_its_gopath(facts, value.value, value.origin):
            yield _gobin(facts, value)
    hit: dict[tuple[str, int | None], tuple[Origin, Mention, list[Session]]] = {}
    for session in facts.judged_sessions:
        for origin in snapshots(facts, session)[-1:]:
            mention = _lost(facts, session, origin)
            if mention is not None:
                hit.setdefault((origin.file, origin.line), (origin, mention, []))[2].append(session)
    for origin, mention, sessions in hit.values():
        yield _path(facts, origin, mention, sessions)


def _gobin(facts: Facts, value: _values.Value) -> Finding:
    """The line gets $GOPATH back; a PATH of that day in the same file, where it ends with that GOBIN, $GOBIN."""
    origin = value.origin
    first = value.sessions[0]
    default = facts.gopath(first)[:1] == [f"{facts.home}/go"]
    gopath = "$HOME/go/bin" if default else "$GOPATH/bin"
    steps = [
        replace_line(
            facts, origin.path or "", origin.line or 0, lambda line: with_value(line, "GOBIN", gopath)
        )
    ]
    later = (
        o for o in snapshots(facts, first) if o.file == origin.path and (o.line or 0) > (origin.line or 0)
    )
    steps += [_unfrozen(facts, line, value.value) for line in later]
    values: Values = {"place": _values.place(facts, origin), "value": value.value}
    severity = Severity.WARNING if facts.is_root else Severity.ERROR
    return _values.finding(
        facts, value, "rc-expanded-at-write", Message(GOBIN, values), WHY, severity=severity,
        fixes=_fix(facts, origin, steps), more=(told(f"GOBIN={value.value}", first),), weight=50,
    )  # fmt: skip


def _fix(facts: Facts, origin: Origin, steps: list[EditFile | None]) -> tuple[Fix, ...]:
    title = Message(AGAIN, {"file": facts.short(origin.path or "")})
    made = merged([step for step in steps if step is not None])
    return (Fix("again", title, made, safe=not any(step.privileged for step in made)),) if made else ()


def _unfrozen(facts: Facts, origin: Origin, gobin: str = "") -> EditFile | None:
    """Return the step after which a line adds its own folders to $PATH, and the GOBIN that it ends with by name."""
    entries = spelled_out(origin.text or "")
    if not entries or origin.line is None:
        return None
    ends = bool(gobin) and entries[-1] in ("", gobin)  # $GOBIN was empty too, or is that by now
    own = [home_relative(entry, facts.home) for entry in entries if entry and entry not in SYSTEM]
    new = ":".join(dict.fromkeys(["$PATH", *own, *(["$GOBIN"] if ends else [])]))
    return replace_line(facts, origin.file, origin.line, lambda line: with_value(line, "PATH", f'"{new}"'))


def _lost(facts: Facts, session: Session, origin: Origin) -> Mention | None:
    """Return the earlier line that put a Go on PATH, which a PATH written out took away: the only, or a newer one."""
    for path in session.files:
        for mention in facts.mentions_in(path):
            earlier = path != origin.file or mention.line < (origin.line or 0)
            if (
                earlier
                and mention.line in session.reached.get(path, ())
                and _is_missed(facts, session, mention)
            ):
                return mention
    return None


def _is_missed(facts: Facts, session: Session, mention: Mention) -> bool:
    if not facts.holds_go(mention.folder) or mention.folder in {entry.entry for entry in session.path}:
        return False
    tool = facts.toolchain_of(f"{mention.folder}/go")
    return session.go is None or bool(
        tool and version_key(tool.version) > version_key(session.go.version or "")
    )


def _path(facts: Facts, origin: Origin, mention: Mention, sessions: list[Session]) -> Finding:
    values: Values = {
        "place": _values.place(facts, origin), "folder": mention.folder,
        "other": f"{facts.short(mention.file)}:{mention.line}", "where": where(sessions),
    }  # fmt: skip
    evidence: tuple[Evidence, ...] = (
        seen(origin, sessions[0]),
        told(mention.text, sessions[0], mention.file, mention.line),
    )
    return Finding(
        check="rc-expanded-at-write",
        subject=f"PATH@{origin.path}",
        severity=Severity.ERROR if sessions[0].go is None else Severity.WARNING,
        message=Message(PATH, values),
        why=Message(WHY),
        evidence=evidence,
        fixes=_fix(facts, origin, [_unfrozen(facts, origin)]),
        sessions=kinds(sessions),
        weight=66,
    )


CHECK = Check(
    "rc-expanded-at-write",
    TITLE,
    WHY,
    _run,
    severities=(Severity.ERROR, Severity.WARNING),
    example=Message(GOBIN, {"place": "~/.bash_profile:7", "value": "/bin"}),
    found=N_(
        "Start-up files are searched for signs that the shell had replaced the variables before the line was written: GOBIN=/bin, or a PATH written out without $PATH."
    ),
    cured=N_(
        "The fix writes the variables back into the line. When you add a line with echo, put single quotes around it."
    ),
    threads=("cosmos/cosmos-sdk#3974", "projectdiscovery/pdtm#38", "dock0/arch#9"),
)
