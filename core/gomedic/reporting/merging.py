"""Several reports read back, strictly, for an overview of a class: who has what, and which cause hits most."""

import os
import re
from collections.abc import Iterable, Iterator, Sequence

import msgspec
from msgspec import Struct, field

from gomedic.host import Host
from gomedic.model import Account
from gomedic.reporting.masking import Hide, Person, masking, without_secrets
from gomedic.texts import N_, Message

LARGEST = 16 << 20  # bytes of a report; what Host.read returns at most
NOT_READ = N_("{file} cannot be read, so it is left out.")
NOT_OURS = N_("{file} is no report of gomedic ({why}), so it is left out.")
OTHER_SCHEMA = N_(
    "{file} is a report of schema {schema}, which this gomedic does not know, so it is left out."
)
_RECORD = "record"


class _Go(Struct, frozen=True):
    version: str | None = None


class _Session(Struct, frozen=True):
    kind: str
    go: _Go | None = None


class _Examined(Struct, frozen=True):
    account: str
    took_place: str
    home: str = ""


class _Finding(Struct, frozen=True):
    id: str
    check: str
    severity: str
    message: str
    because_of: str | None = None


class _Report(Struct, frozen=True):
    schema: int
    examined: _Examined
    sessions: list[_Session] = field(default_factory=list)
    findings: list[_Finding] = field(default_factory=list)


class Cause(Struct, frozen=True):
    """A finding of one report."""

    id: str
    check: str
    severity: str  # error warning hint
    message: str
    follows: bool


class One(Struct, frozen=True):
    """One report of the class."""

    name: str
    took_place: str
    go: str | None  # what a new terminal gets: "go1.22.10"
    causes: tuple[Cause, ...]

    @property
    def grave(self) -> tuple[Cause, ...]:
        """What is at error or warning."""
        return tuple(cause for cause in self.causes if cause.severity != "hint")


class Hit(Struct, frozen=True):
    """A check, and whom it hits."""

    check: str
    severity: str  # the gravest
    names: tuple[str, ...]
    root_causes: int  # how often it does not merely follow from something else
    example: str


class Overview(Struct, frozen=True):
    """What several reports say together."""

    reports: tuple[One, ...]
    hits: tuple[Hit, ...]  # the cause that hits most first
    left_out: tuple[Message, ...]

    @property
    def well(self) -> int:
        """How many have nothing at error or warning."""
        return sum(not each.grave for each in self.reports)


def merged(host: Host, files: Sequence[str], *, mask: bool = False) -> Overview:
    """Return the overview of reports in files, as `check --json` or `report --jsonl` wrote them.

    What is broken or foreign is left out with a sentence. With `mask` nobody is named: they are numbered.
    """
    reports: list[One] = []
    left_out: list[Message] = []
    for path in files:
        found = _read(host, path)
        if isinstance(found, Message):
            left_out.append(found)
        else:
            reports.append(_one(found, path, len(reports) + 1, mask=mask))
    named = tuple(_told_apart(reports))
    return Overview(named, tuple(_hits(named)), tuple(left_out))


def _read(host: Host, path: str) -> "_Report | Message":
    data = host.read(os.path.join(host.cwd, path))
    name = os.path.basename(path) or path
    if data is None:
        return Message(NOT_READ, {"file": name})
    try:
        found = (
            _from_lines(data)
            if data.lstrip().startswith(b'{"record"')
            else msgspec.json.decode(data, type=_Report)
        )
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        return Message(NOT_OURS, {"file": name, "why": re.sub(r"\s+", " ", str(error))[:120]})
    return found if found.schema == 1 else Message(OTHER_SCHEMA, {"file": name, "schema": str(found.schema)})


def _from_lines(data: bytes) -> _Report:
    """Return the report that JSON Lines hold. Raises msgspec.MsgspecError."""
    records = [
        msgspec.json.decode(line, type=dict[str, object]) for line in data.splitlines() if line.strip()
    ]
    first = next((record for record in records if record.get(_RECORD) == "examined"), {})
    parts = {
        plural: [r for r in records if r.get(_RECORD) == singular]
        for plural, singular in (("sessions", "session"), ("findings", "finding"))
    }
    return msgspec.convert({**first, **parts}, type=_Report)


def _one(report: _Report, path: str, number: int, *, mask: bool) -> One:
    account = report.examined.account
    hide = _hiding(report.examined) if mask else without_secrets
    name = f"{number}" if mask else f"{account} ({os.path.basename(path)})"
    go = next((s.go.version for s in report.sessions if s.kind == "terminal" and s.go is not None), None)
    causes = tuple(
        Cause(hide(f.id), f.check, _grade(f.severity), hide(f.message), f.because_of is not None)
        for f in report.findings
    )
    return One(name, report.examined.took_place, go, causes)


def _hiding(examined: _Examined) -> Hide:
    """Return what hides the person of a report: name and home stand in it."""
    account = Account(examined.account, 0, 0, examined.home, "")
    names = (account.name,) if len(account.name) > 1 and account.name != "root" else ()
    return masking(Person(names, tuple(home for home in (account.home.rstrip("/"),) if home)))


def _grade(severity: str) -> str:
    return severity if severity in ("error", "warning") else "hint"


def _told_apart(reports: Iterable[One]) -> Iterator[One]:
    """Yield the reports with names that are all different."""
    seen: dict[str, int] = {}
    for report in reports:
        count = seen[report.name] = seen.get(report.name, 0) + 1
        yield report if count == 1 else msgspec.structs.replace(report, name=f"{report.name} #{count}")


def _hits(reports: Iterable[One]) -> Iterator[Hit]:
    """Yield the causes at error or warning, the one that hits most people by itself first."""
    found: dict[str, list[tuple[One, Cause]]] = {}
    for report in reports:
        for cause in report.grave:
            found.setdefault(cause.check, []).append((report, cause))
    hits = (_hit(check, pairs) for check, pairs in found.items())
    yield from sorted(hits, key=lambda hit: (-hit.root_causes, -len(hit.names), hit.severity, hit.check))


def _hit(check: str, pairs: list[tuple[One, Cause]]) -> Hit:
    worst = "error" if any(cause.severity == "error" for _report, cause in pairs) else "warning"
    names = tuple(dict.fromkeys(report.name for report, _cause in pairs))
    roots = {report.name for report, cause in pairs if not cause.follows}
    return Hit(check, worst, names, len(roots), pairs[0][1].message)
