"""All that the window shows of one examination, gathered off the GUI thread."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache

from msgspec import Struct, structs

from gomedic.doctor import Restored, Treatment
from gomedic.ending import ending
from gomedic.model import Evidence, Examination, Finding, Fix, Progress, Receipt
from gomedic.preview import shown
from gomedic_gui.chain import places_of
from gomedic_gui.doctor import Doctor
from gomedic_gui.ladder import Rung, ladder_of

_MOMENT = 0.1  # seconds between two cases that are not settled
_AROUND = 2  # lines shown before and after the guilty one


class Excerpt(Struct, frozen=True):
    """A few lines of a file around the one that matters."""

    file: str
    line: int  # the guilty one, counted from 1
    first: int  # number of the first line shown
    lines: tuple[str, ...]


class Case(Struct, frozen=True):
    """An examination and what belongs to it."""

    examination: Examination
    excerpts: Mapping[tuple[str, int], Excerpt]
    ladders: Mapping[str, tuple[Rung, ...]]  # by kind of session
    receipts: tuple[Receipt, ...]
    settled: bool = True  # False: the examination goes on

    @property
    def last_fix(self) -> Receipt | None:
        """The newest fix that can still be taken back."""
        return next((receipt for receipt in self.receipts if not receipt.over), None)


class Treated(Struct, frozen=True):
    """What came of a fix, and the case as it is now."""

    finding: Finding
    fix: Fix
    treatment: Treatment
    case: Case


class TakenBack(Struct, frozen=True):
    """What came of taking a fix back, and the case as it is now."""

    receipt: Receipt | None
    restored: Restored
    case: Case


def examining(doctor: Doctor, *, thoroughly: bool = False) -> Iterator[Progress | Case]:
    """Examine; yield progress, cases not `settled` with what is known so far, and last the case.

    Thoroughly also the case as it stands before the last word.
    """
    work = doctor.examine_thoroughly() if thoroughly else doctor.examine()
    shown, found = -_MOMENT, False
    with ending(work):
        for value in work:
            if isinstance(value, Examination):
                yield case_of(doctor, value)
                continue
            yield value
            so_far = value.so_far
            if so_far and (time.monotonic() - shown >= _MOMENT or (so_far.findings and not found)):
                yield structs.replace(case_of(doctor, so_far), settled=False)
                shown, found = time.monotonic(), bool(so_far.findings)


def treating(doctor: Doctor, case: Case, finding: Finding, fix: Fix) -> Iterator[Progress | Treated]:
    """Carry out a fix; yield progress, and last what came of it."""
    with ending(doctor.treat(case.examination, finding, fix)) as work:
        for value in work:
            if isinstance(value, Treatment):
                yield Treated(finding, fix, value, case_of(doctor, value.examination))
            else:
                yield value


def taking_back(doctor: Doctor, receipt: Receipt | None) -> Iterator[Progress | TakenBack]:
    """Take a fix back (None: the newest) and examine again; yield progress, and last what came of it."""
    with ending(doctor.take_back(receipt.id if receipt else None)) as work:
        for value in work:
            if isinstance(value, Restored):
                restored = value
            else:
                yield value
    for seen in examining(doctor):
        if isinstance(seen, Progress):
            yield seen
        elif seen.settled:
            yield TakenBack(receipt, restored, seen)


def case_of(doctor: Doctor, examination: Examination) -> Case:
    """Read what the window shows beside the examination itself."""
    places = {
        (evidence.file, evidence.line)
        for finding in examination.findings
        for evidence in finding.evidence
        if evidence.file is not None and evidence.line is not None
    }
    places |= {place for session in examination.sessions for place in places_of(session)}
    go_in, is_open = cache(doctor.go_in), cache(doctor.is_open)
    ladders = {
        session.kind: ladder_of(session, examination.toolchains, go_in, is_open)
        for session in examination.sessions
    }
    return Case(examination, excerpts_of(doctor, places), ladders, doctor.history())


def excerpts_of(doctor: Doctor, places: Iterable[tuple[str, int]]) -> Mapping[tuple[str, int], Excerpt]:
    """Return the lines around places, each a file and a number; of files that can be read."""
    text = cache(doctor.text)  # many places lie in the same few files
    found = {place: _excerpt(text, *place) for place in places}
    return {place: excerpt for place, excerpt in found.items() if excerpt is not None}


def _excerpt(text_of: Callable[[str], str | None], file: str, line: int) -> Excerpt | None:
    text = text_of(file)
    lines = text.split("\n") if text is not None else []
    if not 1 <= line <= len(lines):
        return None
    first = max(1, line - _AROUND)
    kept = lines[first - 1 : line + _AROUND]
    while len(kept) > line - first + 1 and not kept[-1]:
        kept.pop()  # nothing but the end of the file
    return Excerpt(file, line, first, tuple(_showable(text) for text in kept))


def _showable(line: str) -> str:
    """Make what is no text visible; a carriage return is often the culprit."""
    return "\N{SYMBOL FOR CARRIAGE RETURN}".join(shown(part) for part in line.split("\r"))


def guilty_line(finding: Finding) -> Evidence | None:
    """Return the evidence that names a line of a file, the first if there are several."""
    return next((evidence for evidence in finding.evidence if evidence.file and evidence.line), None)
