"""What can be wrong with an image and with no machine: its entry, its account's home, what only shells carry."""

import os
from collections.abc import Callable, Iterator, Mapping

from msgspec import Struct

from gomedic.facts import Facts
from gomedic.host import Host
from gomedic.images.launch import Launch
from gomedic.images.starts import Reading
from gomedic.images.view import View
from gomedic.model import Evidence, Finding, Severity
from gomedic.texts import N_, Message, Values

UNCLEAR = N_("Whether Go is found in {where} cannot be told by reading: {place} decides it.")
UNCLEAR_WHY = N_("What cannot be read may take Go away; run it to know: gomedic image check --run.")
SHELL_WHY = N_(
    "The start-up files of this shell are not read. Start a container and type `go version` in it to know, or give the account bash, sh or zsh."
)
ONLY_SHELLS = N_(
    "The image's own PATH has no Go, so `docker run` and `docker exec` do not find it; only {where} has it."
)
ONLY_SHELLS_WHY = N_(
    "Start-up files are read by shells alone: a grader or a platform that starts programs directly gets ENV and nothing else."
)
ENTRY = N_("The image's entry {entry} cannot be started: {reason}.")
ENTRY_WHY = N_("Every container of this image ends at once with an error about its entry.")
NOT_THERE = N_("there is no such file in the image")
NOT_EXECUTABLE = N_("its mode {mode} lets {account} not execute it")
CARRIAGE_RETURN = N_("its first line ends with a carriage return, so its interpreter is not found")
NO_INTERPRETER = N_("its interpreter {interpreter} is not in the image")
HOME = N_("The home of {account}, {home}, is not in the image or cannot be written by {account}.")
HOME_WHY = N_("go keeps its build cache and its modules below the home; without one it stops with an error.")

_WORDS = {
    "terminal": N_("an interactive shell"), "login": N_("a login shell"), "exec": N_("docker exec"), "ssh": N_("a login over ssh"),
    "command": N_("a command over ssh"), "cron": N_("a scheduled job"), "run": N_("docker run"),
}  # fmt: skip


class ImageFacts(Struct, frozen=True):
    """What the checks of images look at."""

    view: View
    facts: Facts
    host: Host
    launch: Launch
    readings: Mapping[str, Reading]  # by the kind of session


def unclear_start_up(image: ImageFacts) -> Iterator[Finding]:
    """Yield where what cannot be read decides about Go: that never counts as healthy."""
    places: dict[tuple[str, int | None], list[str]] = {}
    origins = {}
    for kind, reading in image.readings.items():
        if reading.unclear is not None:
            key = (reading.unclear.file, reading.unclear.line)
            places.setdefault(key, []).append(kind)
            origins[key] = reading.unclear
    for key, kinds in places.items():
        origin = origins[key]
        place = f"{origin.file}:{origin.line}" if origin.line else origin.file
        why = UNCLEAR_WHY if origin.text != origin.file else SHELL_WHY  # no line: the shell itself
        yield Finding(
            "image-start-up-unclear", place, Severity.WARNING,
            Message(UNCLEAR, {"where": _where(kinds), "place": place}), Message(why),
            (Evidence(origin.text or origin.file, origin.file, origin.line, kinds[0]),), sessions=tuple(kinds), weight=20,
        )  # fmt: skip


def only_shells(image: ImageFacts) -> Iterator[Finding]:
    """Yield that ENV lacks Go, where start-up files have it."""
    run, exec_ = image.launch.readings["run"], image.launch.readings["exec"]
    having = [kind for kind in ("terminal", "login") if (r := image.readings.get(kind)) and r.session.go]
    if exec_.session.go is not None or not having:
        return
    used = _entry_calls_go(image) and run.session.go is None
    values: Values = {"where": _where(having)}
    path = exec_.session.environment.get("PATH", "")
    carried = image.readings[having[0]].session
    entry = next(
        (e for e in carried.path if carried.go and os.path.join(e.entry, "go") == carried.go.path), None
    )
    shown = [Evidence(f"PATH={path}", session="exec")]
    if entry is not None and entry.origin.path:
        shown.append(Evidence(entry.origin.text or "", entry.origin.path, entry.origin.line, having[0]))
    yield Finding(
        "image-env-without-go", carried.go.path if carried.go else "go", Severity.ERROR if used else Severity.HINT,
        Message(ONLY_SHELLS, values), Message(ONLY_SHELLS_WHY), tuple(shown), sessions=("exec",), weight=40,
    )  # fmt: skip


def _entry_calls_go(image: ImageFacts) -> bool:
    words = (*image.view.image.entrypoint, *image.view.image.command)
    return any(os.path.basename(word) == "go" or word.startswith("go ") for word in words)


def broken_entry(image: ImageFacts) -> Iterator[Finding]:
    """Yield an entry that cannot be started."""
    words = image.view.image.entrypoint or image.view.image.command
    if not words or not words[0]:
        return
    path, reason = _entry(image, words[0])
    if reason is not None:
        yield Finding(
            "image-entry-broken", words[0], Severity.ERROR,
            Message(ENTRY, {"entry": words[0], "reason": reason}), Message(ENTRY_WHY),
            (Evidence(f"{path}: {reason}", path),), sessions=("exec",), weight=90,
        )  # fmt: skip


def _entry(image: ImageFacts, word: str) -> tuple[str, Message | None]:
    """Return the path of an entry, and why it cannot be started."""
    files = image.view
    session = image.launch.readings["exec"].session
    base = files.image.folder or "/"
    if "/" in word:
        path: str | None = word if word.startswith("/") else os.path.join(base, word)
    else:
        folders = session.environment.get("PATH", "").split(":")
        path = next(
            (
                p
                for f in folders
                if (found := files.resolve(p := os.path.join(f, word))) and found[1].kind == "f"
            ),
            None,
        )
    found = files.resolve(path) if path else None
    if path is None or found is None or found[1].kind != "f":
        return path or word, Message(NOT_THERE)
    if not image.host.files.may(path, os.X_OK):
        values: Values = {"mode": f"{found[1].mode:04o}", "account": image.facts.account.name}
        return path, Message(NOT_EXECUTABLE, values)
    return path, _script_fault(image, path)


def _script_fault(image: ImageFacts, path: str) -> Message | None:
    head = image.view.head(path, 256) or b""
    if not head.startswith(b"#!"):
        return None
    line = head.split(b"\n", 1)[0][2:].decode("utf-8", "replace")
    interpreter = line.split()[0] if line.split() else ""
    if line.endswith("\r"):
        return Message(CARRIAGE_RETURN)
    there = image.view.resolve(interpreter) if interpreter.startswith("/") else None
    return None if there is not None else Message(NO_INTERPRETER, {"interpreter": interpreter})


def no_home(image: ImageFacts) -> Iterator[Finding]:
    """Yield a home that is not there or not the account's to write."""
    facts = image.facts
    if facts.is_root or facts.can_make(facts.home) or not any(r.session.go for r in image.readings.values()):
        return
    values: Values = {"account": facts.account.name, "home": facts.home or "/"}
    info = image.view.resolve(facts.home or "/")
    shown = (
        f"{facts.home}: uid {info[1].uid}, mode {info[1].mode:04o}" if info else f"{facts.home}: not there"
    )
    yield Finding(
        "image-home-not-writable", facts.home or "/", Severity.WARNING, Message(HOME, values), Message(HOME_WHY),
        (Evidence(shown, facts.home or "/"),), sessions=("exec",), weight=30,
    )  # fmt: skip


def _where(kinds: list[str]) -> Message:
    from functools import reduce

    from gomedic.checks._words import AND, COMMA

    *first, last = (Message(_WORDS.get(kind, kind)) for kind in dict.fromkeys(kinds))
    if not first:
        return last
    joined = reduce(lambda some, more: Message(COMMA, {"some": some, "more": more}), first)
    return Message(AND, {"some": joined, "last": last})


CHECKS: Mapping[str, Callable[[ImageFacts], Iterator[Finding]]] = {
    "image-entry-broken": broken_entry,
    "image-start-up-unclear": unclear_start_up,
    "image-env-without-go": only_shells,
    "image-home-not-writable": no_home,
}
