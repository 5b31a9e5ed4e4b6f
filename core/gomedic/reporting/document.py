"""An examination as headings, sentences and tables, in one language; the renderers only lay them out."""

from collections.abc import Iterable

from msgspec import Struct

from gomedic import __version__
from gomedic.model import CheckResult, Examination, Finding, Origin, Session, Severity
from gomedic.preview import shown
from gomedic.report import Catalogue, verdict_message
from gomedic.reporting.masking import Hide
from gomedic.reporting.pictures import Picture, pictures_of
from gomedic.terms import session_kind, source_of
from gomedic.texts import N_, Message, in_language

TITLE = N_("gomedic's report on Go")
_WORDS = {
    Severity.ERROR: N_("Problem"),
    Severity.WARNING: N_("Warning"),
    Severity.HINT: N_("Good to know"),
}
_NO_GO = N_("no go")
_HEALTHY = N_("whole")
_BROKEN = N_("not whole: {problems}")
_STATES = {"skipped": N_("not looked for"), "failed": N_("not found out")}
_EXAMINED = N_("Examined")
_FINDINGS = N_("What was found")
_SESSIONS = N_("Which Go each session gets")
_PATH = N_("PATH: {sessions}")
_VARIABLES = N_("Variables: {sessions}")
_TOOLCHAINS = N_("Go installations")
_CHECKS = N_("Checks: {passed} of {all} passed")


class Told(Struct, frozen=True):
    """A finding in words."""

    level: str
    word: str
    message: str
    why: str
    evidence: tuple[tuple[str, str], ...]  # place, what was seen there
    ways: tuple[str, ...]  # titles of its fixes, and what else can be done
    follows: bool  # from another finding


class Table(Struct, frozen=True):
    """Rows under a heading; the first cell of each is its name."""

    heading: str
    rows: tuple[tuple[str, ...], ...]


class Document(Struct, frozen=True):
    """A report, ready to be laid out."""

    language: str  # as HTML names it
    title: str
    verdict: str
    level: str
    heading: str  # above the findings
    findings: tuple[Told, ...]
    tables: tuple[Table, ...]
    notes: tuple[str, ...]
    pictures: tuple[Picture, ...] = ()


def document_of(examination: Examination, catalogue: Catalogue, hide: Hide) -> Document:
    """Return the report on an examination, every text gone through `hide`."""
    return _Writer(catalogue, hide).document(examination)


class _Writer:
    def __init__(self, catalogue: Catalogue, hide: Hide) -> None:
        self._catalogue = catalogue
        self._hide = hide

    def document(self, examination: Examination) -> Document:
        grave = [finding.severity for finding in examination.findings]
        level = next((each.value for each in Severity if each in grave and each is not Severity.HINT), "ok")
        tables = (
            self._examined(examination), self._sessions(examination), *self._by_session(examination),
            self._toolchains(examination), self._checks(examination.checks),
        )  # fmt: skip
        return Document(
            language="zh-CN" if self._catalogue.info().get("language", "").startswith("zh") else "en",
            title=self._say(TITLE),
            verdict=self._told(verdict_message(examination)),
            level=level,
            heading=self._say(_FINDINGS),
            findings=tuple(self._finding(finding) for finding in examination.findings),
            tables=tuple(table for table in tables if table.rows or table is tables[-1]),
            notes=tuple(self._told(note) for note in examination.notes),
            pictures=pictures_of(examination, self._told, self._as_seen),
        )

    def _say(self, text: str, **values: str | int) -> str:
        return in_language(Message(text, dict(values)), self._catalogue)

    def _told(self, message: Message) -> str:
        return self._as_seen(in_language(message, self._catalogue))

    def _as_seen(self, text: str) -> str:
        return self._hide(shown(text))

    def _finding(self, finding: Finding) -> Told:
        return Told(
            level=finding.severity.value,
            word=self._say(_WORDS[finding.severity]),
            message=self._told(finding.message),
            why=self._told(finding.why),
            evidence=tuple(
                (self._as_seen(_place(each.file, each.line) or each.session or ""), self._as_seen(each.text))
                for each in finding.evidence
            ),
            ways=tuple(self._told(way) for way in (*(fix.title for fix in finding.fixes), *finding.advice)),
            follows=finding.because_of is not None,
        )

    # ------------------------------------------------------------ tables

    def _examined(self, examination: Examination) -> Table:
        account = examination.account
        rows = (
            ("gomedic", __version__),
            (self._say(N_("Time")), examination.took_place),
            (self._say(N_("Account")), account.name),
            (self._say(N_("Home")), account.home or account.password_home),
            (self._say(N_("Shell")), account.shell),
            (self._say(N_("Project")), examination.project or ""),
            (self._say(N_("Took")), self._say(N_("{seconds} s"), seconds=f"{examination.seconds:.2f}")),
        )
        kept = tuple((name, self._as_seen(value)) for name, value in rows if value)
        return Table(self._say(_EXAMINED), kept)

    def _sessions(self, examination: Examination) -> Table:
        return Table(self._say(_SESSIONS), tuple(self._session(each) for each in examination.sessions))

    def _session(self, session: Session) -> tuple[str, ...]:
        go = session.go
        which = (go.version or "?") if go else self._say(_NO_GO)
        where = go.path if go else session.alias or ""
        stop = session.stopped_at
        at = f"{session.state}: {_place(stop.file, stop.line)}" if stop else ""
        return self._kind(session), which, self._as_seen(where), self._as_seen(at)

    def _kind(self, session: Session) -> str:
        return self._told(session_kind(session.kind, session.label))

    def _by_session(self, examination: Examination) -> Iterable[Table]:
        """Yield PATH and variables, once for all sessions that have the same."""
        for heading, rows_of in ((_PATH, self._path), (_VARIABLES, self._variables)):
            same: dict[tuple[tuple[str, ...], ...], list[Session]] = {}
            for session in examination.sessions:
                if rows := rows_of(session):
                    same.setdefault(rows, []).append(session)
            for rows, sessions in same.items():
                kinds = ", ".join(self._kind(session) for session in sessions)
                yield Table(self._say(heading, sessions=kinds), rows)

    def _path(self, session: Session) -> tuple[tuple[str, ...], ...]:
        return tuple(
            (("" if each.exists else "✗ ") + self._as_seen(each.entry or '""'), self._origin(each.origin))
            for each in session.path
        )

    def _variables(self, session: Session) -> tuple[tuple[str, ...], ...]:
        return tuple(
            (self._as_seen(name), self._as_seen(each.value), self._origin(each.origin))
            for name, each in session.variables.items()
            if name != "PATH"
        )

    def _origin(self, origin: Origin) -> str:
        source = source_of(origin)
        if source is not None:
            return self._told(source)
        text = f"   {origin.text}" if origin.text else ""
        return self._as_seen(f"{_place(origin.file, origin.line)}{text}")

    def _toolchains(self, examination: Examination) -> Table:
        rows = []
        for each in examination.toolchains:
            problems = self._as_seen(", ".join(each.problems))
            state = self._say(_HEALTHY) if each.healthy else self._say(_BROKEN, problems=problems)
            rows.append((each.version or "?", self._as_seen(each.root), each.kind, state))
        return Table(self._say(_TOOLCHAINS), tuple(rows))

    def _checks(self, checks: Iterable[CheckResult]) -> Table:
        """Return the checks that could not be made; those that could are counted in the heading."""
        every = tuple(checks)
        passed = sum(check.state == "passed" for check in every)
        rows = tuple(
            (check.id, self._say(_STATES[check.state]), self._told(check.reason) if check.reason else "")
            for check in every
            if check.state in _STATES
        )
        return Table(self._say(_CHECKS, passed=passed, all=len(every)), rows)


def _place(file: str | None, line: int | None) -> str:
    return f"{file}:{line}" if file and line else file or ""
