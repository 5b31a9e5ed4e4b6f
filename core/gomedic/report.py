"""One examination, rendered: as JSON for programs, as text for people."""

import gettext
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from gomedic import __version__
from gomedic.model import (
    UNKNOWN,
    Evidence,
    Examination,
    Finding,
    Fix,
    Origin,
    PathEntry,
    Receipt,
    Session,
    Severity,
    Variable,
)
from gomedic.preview import preview, shown
from gomedic.proof import Proof
from gomedic.terms import receipt_state, source_of
from gomedic.texts import N_, Message, Values, in_language

PAGES = "docs/checks"  # in the repository: a page for each check
OF_POLICY = "policy-"  # how the check of a finding begins that a policy demands
Catalogue = gettext.NullTranslations
Json = dict[str, Any]

HEALTHY = N_("Go is well: every session that should have it has it.")
NO_GO_HERE = N_("No Go is installed here, and nothing here asks for one.")
ILL_ONE = N_("One thing is wrong with Go here.")
ILL_MANY = N_("{count} things are wrong with Go here.")
HINTS = N_("Worth knowing")
WHY = N_("Why it matters: {why}")
FIX = N_("To put it right: gomedic fix '{id}'   ({title})")
MORE = N_("More: gomedic explain {check}")
FOLLOWS = N_("This follows from the finding above.")
PASSED = N_("{passed} of {all} checks passed in {seconds} s, for {account}.")
NEEDS_ROOT = N_("needs root")
STOPPED = {
    "hung": N_("{kind}: the start-up did not end; it hangs at {place}."),
    "exited": N_("{kind}: the start-up ended the shell at {place}."),
    "failed": N_("{kind}: the shell could not be examined; it ended at {place}."),
}
NO_SHELL = N_("{kind}: {shell} runs no commands, so nothing can be said of it; `chsh` chooses a shell.")
NO_GO = N_("no go")
NOT_PROVED = N_("Not proved beforehand: this change cannot be tried in a copy of your files.")
PROVED = N_("Tried in a copy of your files:")
_MARKS = {Severity.ERROR: "✗", Severity.WARNING: "!", Severity.HINT: "·"}
_STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "bold yellow", Severity.HINT: "cyan"}


# ------------------------------------------------------------------ JSON


def encoded(value: Json) -> str:
    """Return a JSON document, indented; names that are no UTF-8 become readable escapes."""
    return msgspec.json.format(encoded_line(value).encode(), indent=2).decode()


def encoded_line(value: Json) -> str:
    """Return a JSON document on one line, as `encoded`."""
    return msgspec.json.encode(_clean(value)).decode()


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    if isinstance(value, Mapping):
        return {_clean(key): _clean(item) for key, item in value.items()}
    return [_clean(item) for item in value] if isinstance(value, list | tuple) else value


def check_json(examination: Examination, catalogue: Catalogue) -> Json:
    """Return the document of `gomedic check --json` (schema 1)."""
    account = examination.account
    return {
        "schema": 1,
        "version": __version__,
        "examined": {
            "account": account.name, "home": account.home or account.password_home, "shell": account.shell, "project": examination.project,
            "seconds": examination.seconds, "took_place": examination.took_place,
        },
        "sessions": [session_json(session) for session in examination.sessions],
        "toolchains": [
            {"root": t.root, "version": t.version or None, "kind": t.kind, "healthy": t.healthy, "problems": list(t.problems), "signature_checked": t.signature_checked}
            for t in examination.toolchains
        ],
        "findings": [finding_json(finding, catalogue) for finding in examination.findings],
        "checks": [
            {"id": c.id, "state": c.state, "seconds": c.seconds}
            | ({"reason": in_language(c.reason, catalogue)} if c.reason else {})
            for c in examination.checks
        ],
        "notes": [in_language(note, catalogue) for note in examination.notes],
    }  # fmt: skip


def session_json(session: Session) -> Json:
    """Return one session of the document."""
    found: Json = {
        "kind": session.kind,
        "shell": session.shell,
        "state": session.state,
        "seconds": session.seconds,
    }
    go = session.go
    found["go"] = go and {"path": go.path, "real_path": go.real_path, "version": go.version, "root": go.root}
    found["path"] = [entry_json(entry) for entry in session.path]
    found["variables"] = {name: variable_json(variable) for name, variable in session.variables.items()}
    found["skipped_files"] = [
        {key: value for key, value in msgspec.structs.asdict(skip).items() if value is not None}
        for skip in session.skipped_files
    ]
    if session.stopped_at is not None:
        found["stopped_at"] = origin_json(session.stopped_at)
    for name in ("alias", "label", "used"):
        if getattr(session, name):
            found[name] = getattr(session, name)
    return found


def entry_json(entry: PathEntry) -> Json:
    """Return one entry of PATH."""
    return {"entry": entry.entry, "exists": entry.exists, "origin": origin_json(entry.origin)}


def variable_json(variable: Variable) -> Json:
    """Return one variable."""
    return {"value": variable.value, "exported": variable.exported, "origin": origin_json(variable.origin)}


def origin_json(origin: Origin) -> Json:
    """Return where a value comes from."""
    found: Json = {"file": origin.file}
    if origin.line is not None:
        found |= {"line": origin.line, "text": origin.text}
    return found | {"chain": list(origin.chain)}


def finding_json(finding: Finding, catalogue: Catalogue) -> Json:
    """Return one finding of the document."""
    found: Json = {
        "id": finding.id,
        "check": finding.check,
        "severity": finding.severity.value,
        "message": in_language(finding.message, catalogue),
        "why": in_language(finding.why, catalogue),
        "sessions": list(finding.sessions),
        "evidence": [_evidence_json(evidence) for evidence in finding.evidence],
        "fixes": [fix_json(fix, catalogue) for fix in finding.fixes],
        "page": _page_of(finding),
    }
    if finding.advice:
        found["advice"] = [in_language(advice, catalogue) for advice in finding.advice]
    return found | ({"because_of": finding.because_of} if finding.because_of else {})


def _page_of(finding: Finding) -> str:
    return f"{PAGES}/{finding.check}.md"


def _evidence_json(evidence: Evidence) -> Json:
    return {key: value for key, value in msgspec.structs.asdict(evidence).items() if value is not None}


def fix_json(fix: Fix, catalogue: Catalogue) -> Json:
    """Return one fix of a finding, its steps with diffs."""
    steps: list[Json] = [
        {
            "do": step.do,
            "path": step.path,
            "words": in_language(step.words, catalogue),
            "needs_root": step.privileged,
        }
        | ({"diff": step.diff} if step.diff is not None else {})
        for step in preview(fix.steps)
    ]
    if fix.install is not None:
        steps.insert(0, {"do": "install", "version": fix.install.version, "source": fix.install.source})
    found: Json = {
        "id": fix.id,
        "title": in_language(fix.title, catalogue),
        "needs_root": fix.needs_root,
        "safe": fix.safe,
    }
    return found | {"steps": steps} | ({"note": in_language(fix.note, catalogue)} if fix.note else {})


def receipt_json(receipt: Receipt, catalogue: Catalogue) -> Json:
    """Return one line of the history."""
    return {
        "id": receipt.id, "finding": receipt.finding, "fix": receipt.fix, "title": in_language(receipt.title, catalogue),
        "took_place": receipt.took_place, "state": receipt.state,
        "paths": [step.path for step in preview(receipt.steps)],
    }  # fmt: skip


# ------------------------------------------------------------------ text

Line = tuple[str, str]  # text, style


def history_text(receipts: Iterable[Receipt], catalogue: Catalogue) -> list[Line]:
    """Return the history as lines for people: the id that `undo` takes, the state, the title."""
    from rich.cells import cell_len  # a Chinese character is two columns wide

    rows = [
        (r.id, in_language(receipt_state(r.state), catalogue), in_language(r.title, catalogue))
        for r in receipts
    ]
    wide = max((cell_len(state) for _id, state, _title in rows), default=0)
    return [(f"{i}  {state}{' ' * (wide - cell_len(state))}  {title}", "") for i, state, title in rows]


def check_text(examination: Examination, catalogue: Catalogue) -> list[Line]:
    """Return the examination as lines for people, the verdict first."""
    lines = [*_verdict(examination, catalogue), ("", "")]
    grave = [f for f in examination.findings if f.severity is not Severity.HINT]
    hints = [f for f in examination.findings if f.severity is Severity.HINT]
    for finding in grave:
        lines += finding_text(finding, catalogue, examination.limits)
    lines += [(text, "yellow") for text in _stopped(examination.sessions, catalogue)]
    lines += session_table(examination.sessions, catalogue)
    if hints:
        lines += [("", ""), (in_language(Message(HINTS), catalogue), "bold")]
        for hint in hints:
            lines.append((f"  {_MARKS[hint.severity]} {shown(in_language(hint.message, catalogue))}", ""))
            lines += _more(hint, catalogue, "    ")
    lines += [
        ("", ""),
        *((in_language(note, catalogue), "yellow") for note in examination.notes),
        _summary(examination, catalogue),
    ]
    return lines


def _verdict(examination: Examination, catalogue: Catalogue) -> list[Line]:
    said = in_language(verdict_message(examination), catalogue)
    return [(said, "bold") if _grave(examination) else ("✓ " + said, "bold green")]


def verdict_message(examination: Examination) -> Message:
    """Return the one sentence that an examination comes to."""
    grave = _grave(examination)
    if grave == 0:
        return Message(HEALTHY if any(session.go for session in examination.sessions) else NO_GO_HERE)
    return Message(ILL_ONE) if grave == 1 else Message(ILL_MANY, {"count": grave})


def _grave(examination: Examination) -> int:
    return sum(1 for f in examination.findings if f.severity is not Severity.HINT and not f.because_of)


def finding_text(finding: Finding, catalogue: Catalogue, limits: str = "") -> list[Line]:
    """Return one finding as lines for people; `limits` are those that `fix` must be told too."""
    mark, style = _MARKS[finding.severity], _STYLES[finding.severity]
    lines: list[Line] = [(f"{mark} {shown(in_language(finding.message, catalogue))}", style)]
    for evidence in finding.evidence[:4]:
        place = (
            f"{evidence.file}:{evidence.line}" if evidence.line else evidence.file or evidence.session or ""
        )
        text = f"{place}   {evidence.text}" if evidence.text != evidence.file else place
        lines.append((f"    {shown(text)}", "dim"))
    lines.append(("  " + in_language(Message(WHY, {"why": finding.why}), catalogue), ""))
    if finding.because_of:
        lines.append(("  " + in_language(Message(FOLLOWS), catalogue), "dim"))
    if finding.fixes:
        known = f"{finding.id}' --limits '{limits}" if limits else finding.id
        how = Message(FIX, {"id": known, "title": finding.fixes[0].title})
        lines.append(("  " + in_language(how, catalogue), "green"))
    lines += [(f"  → {shown(in_language(advice, catalogue))}", "green") for advice in finding.advice]
    return [*lines, *_more(finding, catalogue, "  "), ("", "")]


def _more(finding: Finding, catalogue: Catalogue, indent: str) -> list[Line]:
    """Return where to read more."""
    return [(indent + in_language(Message(MORE, {"check": finding.check}), catalogue), "dim")]


def _stopped(sessions: Iterable[Session], catalogue: Catalogue) -> list[str]:
    found = []
    for session in sessions:
        if session.state == "failed" and session.stopped_at == UNKNOWN:
            values: Values = {"kind": session.kind, "shell": session.shell}
            found.append(in_language(Message(NO_SHELL, values), catalogue))
        elif session.state in STOPPED and session.stopped_at is not None:
            at = session.stopped_at
            source = source_of(at)
            place = f"{at.file}:{at.line}  {at.text}" if at.line else at.file
            place = in_language(source, catalogue) if source else place
            found.append(
                in_language(
                    Message(STOPPED[session.state], {"kind": session.kind, "place": place}), catalogue
                )
            )
    return found


def session_table(sessions: Sequence[Session], catalogue: Catalogue) -> list[Line]:
    """Return which Go each session gets, a line each."""
    nothing = in_language(Message(NO_GO), catalogue)
    rows = [(s.kind, s.go.version or "?" if s.go else nothing, s.go.path if s.go else "") for s in sessions]
    wide = max((len(kind) for kind, _version, _path in rows), default=0)
    return [(f"  {kind:<{wide}}  {version:<12} {path}".rstrip(), "") for kind, version, path in rows]


def _summary(examination: Examination, catalogue: Catalogue) -> Line:
    passed = sum(1 for check in examination.checks if check.state == "passed")
    values: dict[str, str | int | Message] = {
        "passed": passed, "all": len(examination.checks), "seconds": f"{examination.seconds:.2f}",
        "account": examination.account.name,
    }  # fmt: skip
    return in_language(Message(PASSED, values), catalogue), "dim"


def proof_json(proof: Proof | None, catalogue: Catalogue) -> Json | None:
    """Return what a fix would change; None where that could not be shown."""
    if proof is None:
        return None
    changes = [{"kind": c.kind, "before": c.before, "after": c.after} for c in proof.sessions]
    told: Json = {
        "sessions": changes,
        "gone": list(proof.gone),
        "come": list(proof.come),
        "helps": proof.helps,
    }
    return told | ({"why": in_language(proof.why, catalogue)} if proof.why else {})


def proof_text(proof: Proof | None, catalogue: Catalogue) -> list[Line]:
    """Return the same as lines for people: which Go each session has, and would have."""
    if proof is None:
        return [("  " + in_language(Message(NOT_PROVED), catalogue), "dim")]
    nothing = in_language(Message(NO_GO), catalogue)
    wide = max((len(change.kind) for change in proof.sessions), default=0)
    lines: list[Line] = [("  " + in_language(Message(PROVED), catalogue), "")]
    for change in proof.sessions:
        if change.before != change.after:
            text = f"    {change.kind:<{wide}}  {change.before or nothing} → {change.after or nothing}"
            lines.append((text, "green" if change.after else "yellow"))
    lines += [(f"    ✓ {identity}", "green") for identity in proof.gone]
    lines += [(f"    ! {identity}", "yellow") for identity in proof.come]
    return lines if proof.why is None else [*lines, ("  " + in_language(proof.why, catalogue), "yellow")]
