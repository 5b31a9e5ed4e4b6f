"""Go is installed, and no start-up file puts it on PATH."""

import os
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from gomedic.checks._entries import wrong_entries
from gomedic.checks._lost_lines import LostLine, lost_lines
from gomedic.checks._words import TERMINAL, kinds, seen, stopped, told, where
from gomedic.diagnosis import Check
from gomedic.facts import Facts
from gomedic.fixes.lines import replace_line
from gomedic.fixes.path import put_on_path
from gomedic.fixes.shell_text import as_meant
from gomedic.model import Evidence, Finding, Fix, Session, Severity, Toolchain
from gomedic.probes.fish_variables import kept_path
from gomedic.probes.mentions import Mention
from gomedic.texts import N_, Message, Values
from gomedic.versions import plain

TITLE = N_("Some start-up file puts Go on PATH")
WHY = N_("What is exported in one terminal ends with it; only a start-up file makes it last.")
FOUND = N_(
    "Go {version} lies in {root}, but no start-up file puts {folder} on PATH, so {where} cannot find `go`."
)
UNREACHED = N_("{file} puts {folder} on PATH, but {where} never comes to that line, and cannot find `go`.")
RESET = N_(
    "{file} puts {folder} on PATH, but {reset} builds PATH anew without it, so {where} cannot find `go`."
)
UNREAD = N_("{file} puts {folder} on PATH, but nothing reads that file, so {where} cannot find `go`.")
IDLE = N_(
    "{file} names {folder}, but the shell does not take the line for one that sets PATH, so {where} cannot find `go`."
)
ADD = N_("Put {folder} on PATH in your start-up files")
MEND = N_("Write the line as it was meant in {file}")


def _run(facts: Facts) -> Iterator[Finding]:
    tool = next((t for t in facts.usable() if t.kind in ("official", "gomedic", "distribution")), None)
    if tool is None or not facts.lacking:
        return
    folder = os.path.join(tool.root, "bin")
    lost = [line for line in lost_lines(facts, folder) if line.sessions]
    if lost:
        yield _lost(facts, folder, lost)
    elif not any(session.go for session in facts.judged_sessions) and not _other_cause(facts, folder):
        mentions = facts.mentions(folder)
        unread = [mention for mention in mentions if _is_read_by_none(facts, mention)]
        if unread:
            yield _unread(facts, folder, unread[0])
        elif not mentions:
            yield _unnamed(facts, folder, tool)


def _unnamed(facts: Facts, folder: str, tool: Toolchain) -> Finding:
    values: Values = {"version": plain(tool.version), "root": tool.root}
    lacking = (told("PATH=" + ":".join(e.entry for e in s.path), s) for s in facts.lacking)
    evidence = (told(tool.binary, file=tool.binary), *_typed(facts, folder)[-1:], *lacking)
    found = _finding(facts, folder, facts.lacking, FOUND, values, evidence, facts.lacking)
    wrong = next((entries[0][1].entry for entries in wrong_entries(facts)), None)
    return replace(found, because_of=f"path-entry-missing-dir@{wrong}" if wrong else None)


def _typed(facts: Facts, folder: str) -> list[Evidence]:
    """Return the commands of the shell's history that put a folder on PATH for one terminal."""
    return [
        told(line.strip(), file=path, line=number)
        for path in (os.path.join(facts.home, name) for name in (".bash_history", ".zsh_history"))
        for number, line in enumerate((facts.read(path) or b"").decode("utf-8", "replace").split("\n"), 1)
        if "PATH=" in line and folder in line
    ]


def _is_read_by_none(facts: Facts, mention: Mention) -> bool:
    """Tell whether a line stands in a file for the account's shell that no session reads; masked files have a check."""
    families = ("sh", facts.family) if facts.family == "bash" else (facts.family,)
    masked = any(skip.file == mention.file for s in facts.sessions for skip in s.skipped_files)
    read = any(mention.file in session.files for session in facts.sessions)
    return mention.family in families and not masked and not read


def _unread(facts: Facts, folder: str, mention: Mention) -> Finding:
    evidence = (told(mention.text, None, mention.file, mention.line), *stopped(facts.lacking))
    values: Values = {"file": f"{facts.short(mention.file)}:{mention.line}"}
    return _finding(facts, folder, facts.lacking, UNREAD, values, evidence, facts.lacking)


def _lost(facts: Facts, folder: str, lost: list[LostLine]) -> Finding:
    """Return the finding of lines for Go that came to nothing, all in one."""
    first = lost[0]
    mention, reset, session = first.mention, first.reset, first.sessions[0]
    sessions = tuple({s.kind: s for line in lost for s in line.sessions}.values())
    line = told(mention.text, session, mention.file, mention.line)
    values: Values = {"file": f"{facts.short(mention.file)}:{mention.line}"}
    if reset is not None:
        values = {**values, "reset": f"{facts.short(reset.path or reset.file)}:{reset.line}"}
        found = _finding(facts, folder, sessions, RESET, values, (line, seen(reset, session)), sessions)
        return replace(found, because_of=f"rc-expanded-at-write@PATH@{reset.path}")
    if first.ran:
        found = _finding(facts, folder, sessions, IDLE, values, (line,), facts.lacking)
        return replace(found, fixes=(*_mended(facts, first, values), *found.fixes))
    return _finding(facts, folder, sessions, UNREACHED, values, (line, *_left_at(sessions)), facts.lacking)


def _finding(
    facts: Facts, folder: str, hit: Sequence[Session], text: str, values: Values, evidence: tuple[Evidence, ...],
    without: Sequence[Session],
) -> Finding:  # fmt: skip
    """Return a finding for the sessions that are hit, with the fix for those that are to get the folder."""
    steps = put_on_path(facts, folder, kinds(without), first=False)
    return Finding(
        check="path-not-persisted",
        subject=folder,
        severity=Severity.ERROR,
        message=Message(text, {**values, "folder": folder, "where": where(hit)}),
        why=Message(WHY),
        evidence=evidence,
        fixes=(Fix("append", Message(ADD, {"folder": facts.short(folder)}), steps, safe=True),),
        sessions=kinds(hit),
        weight=60,
    )


def _mended(facts: Facts, lost: LostLine, values: Values) -> tuple[Fix, ...]:
    """Return the fix of the line itself, where it can be told what it was meant to be."""
    step = replace_line(facts, lost.mention.file, lost.mention.line, as_meant)
    return (Fix("mend", Message(MEND, values), (step,), safe=not step.privileged),) if step else ()


def _left_at(sessions: tuple[Session, ...]) -> tuple[Evidence, ...]:
    """Show where start-up files were left before their end."""
    early = (
        told(skip.text or "return", session, skip.file, skip.line)
        for session in sessions[:1]
        for skip in session.skipped_files
        if skip.why == "returned early"
    )
    return (*early, *stopped(sessions))


def _other_cause(facts: Facts, folder: str) -> bool:
    """A start-up file that was passed over may be the one that names it, and fish keeps a PATH that nobody sees."""
    if facts.family == "fish" and folder in kept_path(facts.startup):
        return True
    return any(
        skip.why in ("unreadable", "suffix") for session in facts.lacking for skip in session.skipped_files
    )


CHECK = Check(
    "path-not-persisted",
    TITLE,
    WHY,
    _run,
    severities=(Severity.ERROR,),
    example=Message(
        FOUND,
        {"version": "1.22.10", "root": "/usr/local/go", "folder": "/usr/local/go/bin", "where": TERMINAL},
    ),
    found=N_(
        "Go is found in one of its usual places, but not on PATH: no start-up file names it, or the line that does is never reached, or a later line takes it away again."
    ),
    cured=N_(
        "The fix adds a line to your own start-up files. Open a new terminal to see it work: terminals that are already open do not change."
    ),
    threads=("golang/go#24756", "golang/go#10993", "golang/go#27984", "udhos/update-golang#23"),
)
