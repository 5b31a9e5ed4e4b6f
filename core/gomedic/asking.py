"""An error message, and what of an examination belongs to it."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from msgspec import Struct

from gomedic.diagnosis import Check
from gomedic.model import CheckResult, Examination, Finding, Severity
from gomedic.pasted import flattened, words_of
from gomedic.texts import LANGUAGES, N_, Message, catalogue_for, in_language
from gomedic.wordings import EXACT, VAGUE, Wording
from gomedic.wordings_system import EXACT as SYSTEM
from gomedic.wordings_system import LAST

MOST = 4  # checks that are named where nothing was found
_LIKE = 0.4  # of a message's words, weighed by how rare they are, that a check must share to be near
_COMMON = math.log(3)  # the rarity of a word that half of the checks have
_SHARED = 2  # telling words
_FEW = 8  # checks of a wording, at most, whose first one counts as likelier than the others
_RUN = 120  # characters that a name or path in a message may have
_ALIKE = 0.6  # of the nearest check's share, that a further one must have

FOUND_ONE = N_("This is what gomedic found here.")
FOUND_MANY = N_("These findings can bring it about; the likeliest comes first.")
NOT_HERE = N_("gomedic knows this message, but found none of its usual causes here.")
NEAREST = N_("gomedic does not know this message. These come nearest:")
UNKNOWN = N_("gomedic does not know this message, and nothing that it looks for is like it.")
PASSED = N_("Looked for; it is not the case here.")
SKIPPED = N_("Not looked for: {reason}")
FAILED = N_("Could not be found out: {reason}")
NOT_RUN = N_("Not looked for in this examination.")
FOUND = N_("Found here.")


class Other(Struct, frozen=True):
    """A form of message that speaks of something else than how Go is set up."""

    pattern: str  # its group `place` goes into the text
    text: str


class Near(Struct, frozen=True):
    """A check that a message may speak of, and what became of it in the examination."""

    check: Check
    state: str  # found passed skipped failed, "" where it was not run
    said: Message  # the same as a sentence


class Answer(Struct, frozen=True):
    """What there is to say to a message."""

    state: str  # found, not here, other (it speaks of the program, say), near, unknown
    said: Message
    findings: tuple[Finding, ...] = ()  # that belong to it, the likeliest first; near: that may
    checks: tuple[Near, ...] = ()  # whose faults were looked for in vain, or are like it

    @property
    def ill(self) -> bool:
        """Whether something at error or warning was found that belongs to the message."""
        grave = any(finding.severity is not Severity.HINT for finding in self.findings)
        return self.state == "found" and grave


OTHER = (
    Other(
        r"go\.mod file not found|cannot find main module",
        N_(
            "The folder that go was called in belongs to no module; `go mod init NAME` makes it one. Go itself is well."
        ),
    ),
    Other(
        r"missing go\.sum entry|no required module provides package|package \S+ is not in (?:goroot|std)",
        N_(
            "The project uses a package that its go.mod does not name; `go mod tidy` adds it, if it is a public one."
        ),
    ),
    Other(
        r"(?P<place>[\w./@~-]{1,120}\.go:\d+(?::\d+)?):",
        N_(
            "This speaks of the program's own text, at {place}: go runs, and does not understand what is there."
        ),
    ),
    Other(
        r"panic: |goroutine \d+ \[",
        N_("The program was built and started, and stopped by itself: that is no fault of how Go is set up."),
    ),
)


def answer(text: str, examination: Examination) -> Answer:
    """Return what an examination has to say to an error message, in whatever language it is."""
    message = flattened(text)
    known = _matching(message, (*SYSTEM, *EXACT, *LAST))
    if findings := _found(message, known, examination):
        return Answer("found", Message(FOUND_ONE if len(findings) == 1 else FOUND_MANY), findings)
    if other := _other(message):
        return Answer("other", other, (), _nearby(known, examination))
    if known:
        return Answer("not here", Message(NOT_HERE), (), _nearby(known, examination))
    vague = _matching(message, VAGUE)
    findings = _found(message, vague, examination)
    like = tuple(dict.fromkeys((*(vague[0].checks if vague else ()), *_alike(message, examination))))
    if not findings and not like:
        return Answer("unknown", Message(UNKNOWN))
    hit = {finding.check for finding in findings}
    near = _near((each for each in like if each not in hit), examination)
    return Answer("near", Message(NEAREST), findings, near)


def _matching(message: str, wordings: Iterable[Wording]) -> tuple[Wording, ...]:
    return tuple(each for each in wordings if _compiled(each.pattern).search(message))


def _found(message: str, wordings: tuple[Wording, ...], examination: Examination) -> tuple[Finding, ...]:
    """Return the findings of the checks that the wordings speak of, the likeliest cause first."""
    place = {check: at for at, each in reversed(list(enumerate(wordings))) for check in each.checks}
    usual = {each.checks[0] for each in wordings if len(each.checks) <= _FEW}

    def unlikely(finding: Finding) -> tuple[int, bool, bool, bool, bool]:
        hint = finding.severity is Severity.HINT
        follows = finding.because_of is not None
        return place[finding.check], not _names(message, finding), hint, follows, finding.check not in usual

    return tuple(sorted((each for each in examination.findings if each.check in place), key=unlikely))


def _names(message: str, finding: Finding) -> bool:
    """Tell whether a message names the file or folder that a finding is about."""
    things = (finding.subject, *(evidence.file or "" for evidence in finding.evidence))
    return any("/" in thing.strip("/") and flattened(thing).lower() in message.lower() for thing in things)


def _other(message: str) -> Message | None:
    for each in OTHER:
        if (hit := _compiled(each.pattern).search(message)) is not None:
            return Message(each.text, {name: value or "" for name, value in hit.groupdict().items()})
    return None


def _nearby(wordings: tuple[Wording, ...], examination: Examination) -> tuple[Near, ...]:
    return _near(dict.fromkeys(check for each in wordings for check in each.checks), examination)


def _near(names: Iterable[str], examination: Examination) -> tuple[Near, ...]:
    results = {result.id: result for result in examination.checks}
    return tuple(
        _told(_checks()[name], results.get(name)) for name, _ in zip(names, range(MOST), strict=False)
    )


def _told(check: Check, result: CheckResult | None) -> Near:
    state = result.state if result is not None else ""
    reason = (result.reason if result is not None else None) or Message("")
    text = {"found": FOUND, "passed": PASSED, "skipped": SKIPPED, "failed": FAILED}.get(state, NOT_RUN)
    return Near(check, state, Message(text, {"reason": reason} if state in ("skipped", "failed") else {}))


# ------------------------------------------------------------------ what is like it


def _alike(message: str, examination: Examination) -> Iterator[str]:
    """Yield the checks whose own words a message shares most, those that found something before others as near."""
    documents, rarity = _documents()
    asked = {word: rarity[word] for word in words_of(message) if rarity.get(word, 0.0) > _COMMON}
    strange = [word for word in words_of(message) if word not in rarity and word.isascii()]
    whole = sum(asked.values()) + len(strange) * max(rarity.values()) / 2
    found = {finding.check for finding in examination.findings}
    shares: dict[str, float] = {}
    for name, words in documents.items():
        shared = asked.keys() & words
        if len(shared) >= _SHARED or shared & set(name.split("-")):
            shares[name] = sum(asked[word] for word in shared) / whole
    best = max(shares.values(), default=0.0)
    near = [name for name, share in shares.items() if share >= max(_LIKE, best * _ALIKE)]
    yield from sorted(near, key=lambda name: -shares[name] - 0.1 * (name in found))


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """Return a pattern whose runs have an end, so that no text makes the search long."""
    ended = re.sub(r"\\([Sw])([*+])", lambda run: rf"\{run[1]}{{{int(run[2] == '+')},{_RUN}}}", pattern)
    return re.compile(ended, re.IGNORECASE)


@cache
def _checks() -> Mapping[str, Check]:
    from gomedic.checks import ALL  # it needs all of core

    return {check.id: check for check in ALL}


@cache
def _documents() -> tuple[Mapping[str, frozenset[str]], Mapping[str, float]]:
    """Return the words that speak of each check, in all languages, and how much each word tells."""
    catalogues = [catalogue_for(language) for language in LANGUAGES]
    heard = Counter[str]()
    texts = {name: [name.replace("-", " ")] for name in _checks()}
    for each in (*SYSTEM, *EXACT, *LAST):
        for name in each.checks[:3]:
            texts[name].append(re.sub(r"\\.|\(\?[:!=]", " ", each.pattern))
    for name, check in _checks().items():
        said = (Message(check.title), check.example or Message(""), Message(check.why))
        texts[name] += [in_language(each, catalogue) for each in said for catalogue in catalogues]
    documents = {name: words_of(" ".join(parts)) for name, parts in texts.items()}
    for words in documents.values():
        heard.update(words)
    return documents, {word: math.log(1 + len(documents) / count) for word, count in heard.items()}
