"""The documents of the command line as docs promise them: what must be there, of which type. More may be."""

from typing import Literal

import msgspec
from msgspec import Struct

Kind = str
State = Literal["ok", "hung", "exited", "execed", "failed"]
NOT_A_FILE = {
    "image environment", "PAM /etc/environment", "go env file", "GOROOT/go.env", "built in", "process environment", "unknown",
}  # fmt: skip


class Origin(Struct, kw_only=True):
    file: str
    line: int | None = None
    text: str | None = None
    chain: list[str]

    def __post_init__(self) -> None:
        if not self.file.startswith("/") and self.file not in NOT_A_FILE:
            raise ValueError(f"no source: {self.file}")


class Go(Struct, kw_only=True):
    path: str
    real_path: str
    version: str | None
    root: str | None


class Entry(Struct, kw_only=True):
    entry: str
    exists: bool
    origin: Origin


class Variable(Struct, kw_only=True):
    value: str
    exported: bool
    origin: Origin


class Skipped(Struct, kw_only=True):
    file: str
    why: str


class Session(Struct, kw_only=True):
    kind: Kind
    shell: str
    state: State
    seconds: float
    go: Go | None
    path: list[Entry]
    variables: dict[str, Variable]
    skipped_files: list[Skipped]
    stopped_at: Origin | None = None

    def __post_init__(self) -> None:
        if (self.stopped_at is None) != (self.state == "ok"):
            raise ValueError(f"{self.kind}: stopped_at belongs to every state but ok")


class Toolchain(Struct, kw_only=True):
    root: str
    version: str | None
    kind: str
    healthy: bool


class Evidence(Struct, kw_only=True):
    text: str
    file: str | None = None
    line: int | None = None
    session: str | None = None


class Step(Struct, kw_only=True):
    do: str
    path: str | None = None
    diff: str | None = None


class Fix(Struct, kw_only=True):
    id: str
    title: str
    needs_root: bool
    safe: bool
    steps: list[Step]


class Finding(Struct, kw_only=True):
    id: str
    check: str
    severity: Literal["error", "warning", "hint"]
    message: str
    why: str
    evidence: list[Evidence]
    fixes: list[Fix]
    because_of: str | None = None

    def __post_init__(self) -> None:
        if not self.evidence or not self.id.startswith(f"{self.check}@"):
            raise ValueError(f"{self.id}: no evidence, or a strange name")


class Check(Struct, kw_only=True):
    id: str
    state: Literal["passed", "found", "skipped", "failed"]
    seconds: float
    reason: str | None = None


class Examined(Struct, kw_only=True):
    account: str
    home: str
    shell: str
    project: str | None
    seconds: float
    took_place: str


class Report(Struct, kw_only=True):
    schema: Literal[1]
    version: str
    examined: Examined
    sessions: list[Session]
    toolchains: list[Toolchain]
    findings: list[Finding]
    checks: list[Check]

    @property
    def ill(self) -> bool:
        return any(finding.severity != "hint" for finding in self.findings)

    def session(self, kind: str) -> Session:
        return next(session for session in self.sessions if session.kind == kind)

    def finding(self, check: str) -> Finding:
        return next(finding for finding in self.findings if finding.check == check)


class Explained(Struct, kw_only=True):
    schema: Literal[1]
    what: str
    sessions: list[dict[str, object]]


class Treated(Struct, kw_only=True):
    schema: Literal[1]
    receipt: str | None
    applied: list[dict[str, object]]
    before: list[str]
    after: list[str]
    taken_back: bool


class Undone(Struct, kw_only=True):
    schema: Literal[1]
    receipt: str | None
    restored: list[str]
    conflicts: list[dict[str, object]]


def report_of(text: str) -> Report:
    """Return what `check --json` printed; raises msgspec.ValidationError where it is not as promised."""
    return msgspec.json.decode(text.encode("utf-8", "strict"), type=Report)
