"""A resource limit of the shell stops go, or what it builds."""

from collections.abc import Iterator

from gomedic.checks import _builds
from gomedic.checks._words import kinds, told
from gomedic.diagnosis import Check
from gomedic.facts import Facts
from gomedic.model import Evidence, Finding, Session, Severity
from gomedic.needs import ADDRESS_SPACE, ADDRESS_SPACE_FAILED, OPEN_FILES_FAILED, Needs
from gomedic.texts import N_, Message

TITLE = N_("The shell's limits leave room for go")
WHY = N_(
    "Every program inherits the limits that ulimit sets; go reserves far more address space than it uses, and writes files of many megabytes."
)
SPACE = N_(
    "Address space is limited to {limit} MB (ulimit -v): go stops at once with “failed to reserve page summary memory”; it needs {needed} MB. Limit memory with a control group instead."
)
FILES = N_(
    "Files may not be larger than {limit} MB (ulimit -f): linking a program with net/http stops with “file too large”; it needs {needed} MB."
)
OPEN = N_(
    "Only {limit} files may be open at once (ulimit -n), so a build stops with “too many open files”; it needs more than {needed}."
)
_WORDS = {"address_space": "ulimit -v", "file_size": "ulimit -f", "open_files": "ulimit -n"}


def _run(facts: Facts) -> Iterator[Finding]:
    sessions = _builds.judged(facts)
    if not sessions:
        return
    needed = _builds.needs(sessions[0])
    for name, text, least, failed in _rules(needed):
        limit = facts.machine.sandbox.resource(name)
        if limit is None or limit.value >= least:
            continue
        large = name != "open_files"
        values = {"limit": str(_shown(limit.value, large=large)), "needed": str(_shown(least, large=large))}
        seen = (_builds.bound(limit, sessions[0]), *_lines(facts, _WORDS[name]))
        tried = _builds.measured(f"≥ {values['needed']}", str(_shown(failed, large=large)), needed)
        yield _finding(sessions, name, Message(text, values), (*seen, tried))


def _rules(needed: Needs) -> Iterator[tuple[str, str, float, float]]:
    """Yield each resource, what is said of it, how much is enough, and what was seen to fail."""
    yield "address_space", SPACE, ADDRESS_SPACE, ADDRESS_SPACE_FAILED
    yield "file_size", FILES, needed.largest_file, 4 << 20
    yield "open_files", OPEN, OPEN_FILES_FAILED + 1, OPEN_FILES_FAILED


def _shown(value: float, *, large: bool) -> int:
    return int(value) >> 20 if large else int(value)


def _lines(facts: Facts, word: str) -> Iterator[Evidence]:
    """Yield the lines of start-up files that set a limit with ulimit, which may be the ones."""
    flag = word[-2:]
    for path, file in facts.startup.items():
        lines = (file.content or b"").decode("utf-8", "surrogateescape").split("\n")
        for number, line in enumerate(lines, 1):
            plain = line.strip()
            if plain.startswith("ulimit ") and flag[1] in plain.split()[1]:
                yield told(plain, None, path, number)


def _finding(sessions: list[Session], name: str, message: Message, evidence: tuple[Evidence, ...]) -> Finding:
    return Finding(
        check="ulimit-too-low",
        subject=_WORDS[name],
        severity=Severity.ERROR,
        message=message,
        why=Message(WHY),
        evidence=evidence,
        sessions=kinds(sessions),
        weight=16,
    )


CHECK = Check(
    "ulimit-too-low",
    TITLE,
    WHY,
    _run,
    severities=(Severity.ERROR,),
    example=Message(SPACE, {"limit": "512", "needed": "1024"}),
    found=N_(
        "The limits that this shell has are read (ulimit -a), and start-up files are searched for ulimit. With 512 MB of address space the go command does not start, with 1 GB it does; files of 4 MB are too small for the linker."
    ),
    cured=N_(
        "Take the ulimit line out of the start-up file, or raise the limit where it is set: /etc/security/limits.conf, the judge's or the container's settings. gomedic has no fix for this."
    ),
    threads=("golang/go#38010", "ichiban/prolog#218", "kalviumcommunity/compilerd#18"),
)
