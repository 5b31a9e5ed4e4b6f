"""What tells that a line was expanded when it was written into a start-up file, not when a shell runs it."""

from gomedic.facts import Facts
from gomedic.fixes.shell_text import assigned_value
from gomedic.model import Origin, Session

SYSTEM = (
    "/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin", "/usr/games", "/usr/local/games",
)  # fmt: skip
_LEFT_OF_GOPATH = "/bin"  # of $GOPATH/bin, where GOPATH was not set yet
_SNAPSHOT = 4  # folders that a PATH written out by hand hardly has


def lost_its_gopath(facts: Facts, value: str, origin: Origin) -> bool:
    """Tell whether a GOBIN of the account's own start-up file is what `$GOPATH/bin` became with no GOPATH set."""
    return value == _LEFT_OF_GOPATH and origin.is_line and facts.is_own(origin.path or "")


def snapshots(facts: Facts, session: Session) -> list[Origin]:
    """Return the lines of the account's own files that a session ran and that spell PATH out, as `$PATH` was once.

    Read from the text: an entry that was on PATH before keeps the origin that it had.
    """
    found: list[Origin] = []
    for path in (file for file in session.files if facts.is_own(file)):
        lines = (facts.read(path) or b"").decode("utf-8", "surrogateescape").split("\n")
        ran = ((n, lines[n - 1]) for n in sorted(session.reached.get(path, ())) if 0 < n <= len(lines))
        found += [Origin(path, number, line) for number, line in ran if spelled_out(line)]
    return found


def spelled_out(line: str) -> list[str]:
    """Return the folders of a PATH that a line spells out whole, the system's among them; [] for another line."""
    entries = (assigned_value(line, "PATH") or "").strip("\"'").split(":")
    literal = not any(mark in line for mark in "$`*")
    whole = len(entries) >= _SNAPSHOT and len(set(SYSTEM) & set(entries)) >= _SNAPSHOT - 1
    return entries if literal and whole else []
