"""A start-up file has a fault in its grammar, so a shell stops reading it there."""

import re
from collections.abc import Iterator

from gomedic.checks._words import TERMINAL, kinds, told, where
from gomedic.diagnosis import Check
from gomedic.facts import Facts
from gomedic.fixes.lines import replace_line
from gomedic.model import Evidence, Finding, Fix, Session, Severity
from gomedic.probes.startup import StartupFile
from gomedic.probes.syntax import SyntaxFault
from gomedic.sessions.startup_files import family_of
from gomedic.texts import N_, Message, Values

TITLE = N_("Shells understand the start-up files")
WHY = N_("A shell that cannot read on leaves the rest of the file out, and what it sets: PATH, for one.")
FOUND = N_("{file} cannot be read beyond line {line} in {where}: {words}.")
GLUED = N_(
    "In {file}, line {glued} holds two lines in one, so {where} cannot read the file to its end: {words}."
)
APART = N_("Begin a new line after {word} in {file}")
_GLUED = re.compile(r"^(\s*(?:fi|esac|done|\}))((?:export|alias|source|eval|PATH=|#|\.\s).*)$")
_LARGEST = 1 << 20  # bytes


def _ahead(facts: Facts) -> None:
    for session, path in _read_whole(facts):
        facts.machine.ask_syntax(session.shell, path)


def _read_whole(facts: Facts) -> list[tuple[Session, str]]:
    return [(s, path) for s in facts.judged_sessions for path in s.files if _is_read_whole(facts, s, path)]


def _run(facts: Facts) -> Iterator[Finding]:
    read = _read_whole(facts)
    faults = facts.machine.syntax_faults((session.shell, path) for session, path in read)
    hit: dict[str, tuple[SyntaxFault, list[Session]]] = {}
    for session, path in read:
        fault = faults.get((session.shell, path))
        if fault is not None and _stops_at(session, path, fault):
            hit.setdefault(path, (fault, []))[1].append(session)
    for path, (fault, sessions) in hit.items():
        yield _finding(facts, facts.startup[path], fault, sessions)


def _stops_at(session: Session, path: str, fault: SyntaxFault) -> bool:
    """Tell whether a shell comes no further; dash's steps were replayed in bash, which may understand more."""
    replayed = family_of(session.shell) == "sh"
    return replayed or max(session.reached.get(path, ()), default=0) <= fault.line


def _is_read_whole(facts: Facts, session: Session, path: str) -> bool:
    """What lies behind an early return is never read, and carriage returns have a check of their own.

    Where a start-up file left for another shell, only that shell's own files are its to understand.
    """
    file = facts.startup.get(path)
    content = file.content or b"" if file is not None else b""
    other = session.state == "execed" and (file is None or file.family != family_of(session.shell))
    left = other or any(skip.file == path and skip.why == "returned early" for skip in session.skipped_files)
    kept = path.endswith("/fish_variables")
    return not (left or kept) and b"\r\n" not in content and 0 < len(content) <= _LARGEST


def _finding(facts: Facts, file: StartupFile, fault: SyntaxFault, sessions: list[Session]) -> Finding:
    glued = next(
        ((at, found) for at, line in enumerate(file.lines, 1) if (found := _GLUED.match(line))), None
    )
    at = glued[0] if glued else fault.line
    values: Values = {
        "file": facts.short(file.path), "line": fault.line, "where": where(sessions), "words": fault.text, "glued": at,
        "word": glued[1][1].strip() if glued else "",
    }  # fmt: skip
    shown: tuple[Evidence, ...] = (
        told(file.lines[min(at, len(file.lines)) - 1].strip(), sessions[0], file.path, at),
        told(fault.text, sessions[0], file.path, fault.line),
    )
    return Finding(
        check="startup-syntax",
        subject=file.path,
        severity=Severity.ERROR if any(facts.lacks_go(s) for s in sessions) else Severity.WARNING,
        message=Message(GLUED if glued else FOUND, values),
        why=Message(WHY),
        evidence=shown,
        fixes=_fixes(facts, file, at, values) if glued else (),
        sessions=kinds(sessions),
        weight=78,
    )


def _fixes(facts: Facts, file: StartupFile, at: int, values: Values) -> tuple[Fix, ...]:
    step = replace_line(facts, file.path, at, lambda line: _GLUED.sub(r"\1\n\2", line))
    return (Fix("apart", Message(APART, values), (step,), safe=not step.privileged),) if step else ()


CHECK = Check(
    "startup-syntax",
    TITLE,
    WHY,
    _run,
    ahead=_ahead,
    severities=(Severity.ERROR, Severity.WARNING),
    example=Message(
        FOUND,
        {
            "file": "~/.bashrc",
            "line": 120,
            "where": TERMINAL,
            "words": "syntax error: unexpected end of file",
        },
    ),
    found=N_(
        "Each start-up file is given to its own shell to be read without being run (bash -n, zsh -n, fish -n)."
    ),
    cured=N_(
        "Where two lines had run together, the fix puts the line break back. Else look at the named line and a little above it: mostly a quote is not closed, or a fi, done or end is missing."
    ),
    threads=("rbenv/rbenv#1031", "solana-labs/solana#19934", "mathiasbynens/dotfiles#641"),
)
