"""Whether a policy holds: a pure function from what is demanded and what was observed to findings."""

import os
from collections.abc import Iterator

from msgspec.structs import replace

from gomedic.model import Evidence, Examination, Finding, Session, Severity
from gomedic.policy.model import Cache, Line, Observed, Policy
from gomedic.texts import N_, Message, Values
from gomedic.versions import plain

WHY = N_("The policy demands it, and who grades or teaches by it relies on it.")
NO_SESSION = N_("The policy wants Go in the session {kind}, but there is no such session here.")
NO_GO = N_("The policy wants Go in the session {kind}, and there is none.")
VERSION = N_("The policy wants Go {wanted}, and {kind} gets {found}.")
ROOT = N_("The policy wants the Go of {wanted}, and {kind} gets that of {found}.")
VARIABLE = N_("The policy wants {name} to be {wanted}, and in {kind} it is {found}.")
CACHE_OFF = N_("The policy wants a build cache, and in {kind} it is switched off: GOCACHE is {folder}.")
CACHE_CLOSED = N_("The policy wants a build cache that can be written, and in {kind} {folder} cannot.")
CACHE_COLD = N_("The policy wants a warm build cache, and in {kind} {folder} is empty.")
CACHE_SMALL = N_(
    "The policy wants {wanted} MB of room for the build cache, and in {kind} {folder} has {found} MB."
)
UNSURE = N_("The policy demands something of the build cache of {kind}, and that could not be found out.")
AS_ROOT = N_("The policy wants Go to work without root, and this was examined as root.")
NEEDS_ROOT = N_("The policy wants Go to work without root, and putting “{finding}” right needs root.")
FORBIDDEN = N_("The policy forbids what the check {check} found: {found}")
EMPTY = N_("empty")


def judge(policy: Policy, observed: Observed) -> tuple[Finding, ...]:
    """Return a finding for each demand of a policy that does not hold, in the order of the file's tables; nothing is read.

    Each names the policy's line as its first evidence, and has a check id that begins with "policy-".
    """
    by_kind = {session.kind: session for session in observed.sessions}
    found = [
        finding
        for kind in policy.sessions
        for finding in _of_session(policy, observed, kind, by_kind.get(kind))
    ]
    return (*found, *_of_account(policy, observed), *_of_findings(policy, observed))


def judged(policy: Policy, observed: Observed, examination: Examination) -> Examination:
    """Return an examination with what the policy finds first, and what it ignores no more than a hint."""
    kept = (
        replace(finding, severity=Severity.HINT) if finding.check in policy.ignored else finding
        for finding in examination.findings
    )
    return replace(examination, findings=(*judge(policy, observed), *kept))


def _of_session(policy: Policy, observed: Observed, kind: str, session: Session | None) -> Iterator[Finding]:
    if session is None:
        yield _finding(
            policy,
            "policy-session",
            kind,
            Message(NO_SESSION, {"kind": kind}),
            "go.sessions",
            severity=Severity.WARNING,
        )
        return
    if session.go is None:
        yield _finding(
            policy, "policy-go", kind, Message(NO_GO, {"kind": kind}), "go.sessions", "go.version", kind=kind
        )
        return
    yield from _of_version(policy, session)
    yield from _of_variables(policy, observed, kind)
    yield from _of_cache(policy, observed.caches.get(kind), kind)


def _of_version(policy: Policy, session: Session) -> Iterator[Finding]:
    go = session.go
    assert go is not None  # noqa: S101 - asked before
    if policy.versions is not None and (go.version is None or not policy.versions.hold(go.version)):
        values: Values = {"wanted": policy.versions.text, "kind": session.kind, "found": plain(go.version)}
        seen = Evidence(f"{go.path}: {go.version or '?'}", go.path, None, session.kind)
        yield _finding(
            policy,
            "policy-go-version",
            session.kind,
            Message(VERSION, values),
            "go.version",
            seen=seen,
            kind=session.kind,
        )
    if policy.goroot is not None and os.path.normpath(go.root or "/") != os.path.normpath(policy.goroot):
        values = {"wanted": policy.goroot, "kind": session.kind, "found": go.root or "?"}
        seen = Evidence(go.path, go.path, None, session.kind)
        yield _finding(
            policy,
            "policy-goroot",
            session.kind,
            Message(ROOT, values),
            "go.root",
            seen=seen,
            kind=session.kind,
        )


def _of_variables(policy: Policy, observed: Observed, kind: str) -> Iterator[Finding]:
    for name, wanted in policy.variables.items():
        found = observed.settings.get(kind, {}).get(name, "")
        if found in wanted:
            continue
        shown = found or Message(EMPTY)
        values: Values = {
            "name": name,
            "wanted": " | ".join(wanted) or Message(EMPTY),
            "kind": kind,
            "found": shown,
        }
        seen = Evidence(f"{name}={found}", None, None, kind)
        yield _finding(
            policy,
            "policy-variable",
            f"{name}@{kind}",
            Message(VARIABLE, values),
            f"variables.{name}",
            seen=seen,
            kind=kind,
        )


def _of_cache(policy: Policy, cache: Cache | None, kind: str) -> Iterator[Finding]:
    room = None if cache is None else cache.room
    asked = (
        (policy.cache_writable, "writable", None if cache is None else cache.writable, CACHE_CLOSED),
        (policy.cache_warm, "warm", None if cache is None else cache.warm, CACHE_COLD),
        (
            policy.cache_room is not None,
            "room",
            None if room is None else room >= (policy.cache_room or 0),
            CACHE_SMALL,
        ),
    )
    if cache is not None and cache.folder == "off":
        demands = [f"cache.{key}" for demanded, key, _is_so, _text in asked if demanded]
        if demands:
            off = Message(CACHE_OFF, {"kind": kind, "folder": "off"})
            said = Evidence("GOCACHE=off", None, None, kind)
            yield _finding(policy, "policy-cache", f"off@{kind}", off, *demands, seen=said, kind=kind)
        return
    for demanded, key, is_so, text in asked:
        if not demanded or is_so:
            continue
        values: Values = {
            "kind": kind, "folder": cache.folder if cache else "?", "wanted": str((policy.cache_room or 0) >> 20),
            "found": str((room or 0) >> 20),
        }  # fmt: skip
        message = Message(text if is_so is False else UNSURE, values)
        seen = Evidence(cache.folder, cache.folder, None, kind) if cache else None
        yield _finding(policy, "policy-cache", f"{key}@{kind}", message, f"cache.{key}", seen=seen, kind=kind)


def _of_account(policy: Policy, observed: Observed) -> Iterator[Finding]:
    if not policy.no_root:
        return
    if observed.account.uid == 0:
        seen = Evidence(f"{observed.account.name}: uid 0")
        yield _finding(policy, "policy-root", "account", Message(AS_ROOT), "account.root", seen=seen)
    for finding in observed.findings:
        grave = finding.severity is not Severity.HINT and finding.check not in policy.ignored
        if grave and finding.fixes and all(fix.needs_root for fix in finding.fixes):
            message = Message(NEEDS_ROOT, {"finding": finding.message})
            yield _finding(
                policy,
                "policy-root",
                finding.id,
                message,
                "account.root",
                seen=finding.evidence[0] if finding.evidence else None,
            )


def _of_findings(policy: Policy, observed: Observed) -> Iterator[Finding]:
    for finding in observed.findings:
        if finding.check in policy.forbidden:
            message = Message(FORBIDDEN, {"check": finding.check, "found": finding.message})
            seen = finding.evidence[0] if finding.evidence else None
            yield _finding(policy, "policy-finding", finding.id, message, "findings.forbid", seen=seen)


def _finding(
    policy: Policy, check: str, subject: str, message: Message, *demands: str,
    seen: Evidence | None = None, kind: str | None = None, severity: Severity = Severity.ERROR,
) -> Finding:  # fmt: skip
    line = next((policy.lines[name] for name in demands if name in policy.lines), Line(1, policy.name))
    demanded = Evidence(line.text or os.path.basename(policy.file), policy.file, line.number)
    return Finding(
        check=check,
        subject=subject,
        severity=severity,
        message=message,
        why=Message(WHY),
        evidence=(demanded, seen) if seen is not None else (demanded,),
        sessions=(kind,) if kind else (),
        weight=60,
    )
