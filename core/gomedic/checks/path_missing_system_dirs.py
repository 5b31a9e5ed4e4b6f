"""PATH lacks the folders of the system's own programs."""

from collections.abc import Iterator

from gomedic.checks import _values
from gomedic.checks._words import TERMINAL, kinds, seen, told, where
from gomedic.diagnosis import Check
from gomedic.facts import Facts
from gomedic.fixes.lines import replace_line
from gomedic.fixes.shell_text import with_old_path
from gomedic.model import Finding, Fix, Origin, Session, Severity
from gomedic.texts import N_, Message, Values

TITLE = N_("PATH has the system's own programs")
WHY = N_("Without /usr/bin and /bin a shell finds neither ls nor cat nor the editor.")
FOUND = N_("{place} sets PATH without what it held before, so {where} cannot find the system's programs.")
KEEP = N_("Keep the old PATH where {place} sets it")


def _run(facts: Facts) -> Iterator[Finding]:
    hit: dict[tuple[str, int | None], list[Session]] = {}
    origins: dict[tuple[str, int | None], Origin] = {}
    for session in facts.judged_sessions:
        entries = [entry.entry.rstrip("/") for entry in session.path]
        if session.state in ("ok", "execed") and entries and not {"/usr/bin", "/bin"} & set(entries):
            origin = session.path[0].origin
            hit.setdefault((origin.file, origin.line), []).append(session)
            origins[origin.file, origin.line] = origin
    for key, sessions in hit.items():
        yield _finding(facts, origins[key], sessions)


def _finding(facts: Facts, origin: Origin, sessions: list[Session]) -> Finding:
    values: Values = {"place": _values.place(facts, origin), "where": where(sessions)}
    by_pam = origin.path == "/etc/environment"  # which expands no $PATH
    step = (
        replace_line(facts, origin.path, origin.line, with_old_path)
        if origin.path and origin.line and not by_pam
        else None
    )
    fix = Fix("keep", Message(KEEP, values), (step,) if step else (), safe=bool(step and not step.privileged))
    path = ":".join(entry.entry for entry in sessions[0].path)
    return Finding(
        check="path-missing-system-dirs",
        subject=origin.path or origin.file,
        severity=Severity.ERROR,
        message=Message(FOUND, values),
        why=Message(WHY),
        evidence=(seen(origin, sessions[0]), told(f"PATH={path}", sessions[0])),
        fixes=(fix,) if step else (),
        sessions=kinds(sessions),
        because_of="etc-environment-literal@PATH" if by_pam else None,
        weight=80,
    )


CHECK = Check(
    "path-missing-system-dirs",
    TITLE,
    WHY,
    _run,
    severities=(Severity.ERROR,),
    example=Message(FOUND, {"place": "~/.bashrc:12", "where": TERMINAL}),
    found=N_("/usr/bin and /bin are looked for on PATH, and the line that left them out is named."),
    cured=N_(
        "The fix adds $PATH to that line, so that what was there before stays. To go on at once in an open terminal, type `export PATH=/usr/bin:/bin:$PATH`."
    ),
    threads=("termux/termux-packages#24435", "dock0/arch#9"),
)
