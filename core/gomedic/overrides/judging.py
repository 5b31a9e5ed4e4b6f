"""Whether a session would run the Go that an override is to bring, and if not, the line that defeats it."""

import os
import re
from collections.abc import Mapping

from gomedic.model import UNKNOWN, GoCommand, Origin, PathEntry, Session
from gomedic.overrides.shims import through_shim
from gomedic.overrides.values import STARTED, Outcome, Seen, Target
from gomedic.sessions.result import go_command
from gomedic.sessions.startup_files import candidates, family_of
from gomedic.terms import source_of
from gomedic.texts import N_, Message, Values
from gomedic.versions import version_key

ALIASED = N_("`go` is an alias or a function there: {alias}.")
OWN_COMMAND = N_("It calls {path} by its full path, so PATH plays no part.")
OWN_ENVIRONMENT = N_("It has an environment of its own, which no start-up file reaches.")
NO_START_UP = N_("No start-up file is read there.")
NOT_READ = N_("{file} is not read there.")
LOGIN_ONLY = N_("{shell} reads {file} in login shells only.")
NEVER_READ = N_("{shell} never reads {file}.")
LEFT_EARLY = N_("{place} ends that file for this kind of shell, before the line is reached.")
STOPPED = N_("The start-up does not come to its end: it stops at {place}.")
PATH_ANEW = N_("{place} sets PATH anew.")
NOT_ON_PATH = N_("{folder} is not on PATH there.")
LOST = N_("Something in the start-up takes {folder} off PATH again.")
PUT_BEFORE = N_("{place} puts {winner} first again.")
STANDS_BEFORE = N_("{winner} comes before it on PATH there.")
OTHER_GOROOT = N_("{place} sets GOROOT={value}: the new go would work with the files of another release.")
HANDS_OVER = N_("{place} sets GOTOOLCHAIN={value}: the new go would hand over to that release.")
NO_SHELL = N_("{shell} cannot be examined, so nothing can be said of it.")
_OLD_PATH = re.compile(r"\$\{?(PATH|path)\b")
_NO_LOGIN = ("terminal", "command")  # kinds of session whose shell is no login shell
_NOT_UP = ("hung", "exited", "failed")
_TOOLCHAIN_SINCE = "1.21"


def judged(seen: Seen) -> Outcome:
    """Return what the way would give a session: nothing where it does not come up at all, nobody knows where no shell runs."""
    session = seen.after
    if session.state not in _NOT_UP:
        return seen.way.judge(seen)
    if session.stopped_at is None or session.stopped_at == UNKNOWN:
        return Outcome(session.kind, "untried", reason=Message(NO_SHELL, {"shell": session.shell}))
    reason = Message(STOPPED, {"place": told(seen, session.stopped_at)})
    return failed(seen, None, reason, seen.now(session.stopped_at))


def judge_path(seen: Seen) -> Outcome:
    """Tell whether PATH leads to the target, and nothing else spoils it."""
    entry, go = first_go(seen.after, seen)
    if seen.after.alias is not None:
        alias = seen.after.alias.splitlines()[0]
        return failed(seen, None, Message(ALIASED, {"alias": alias}))
    if go is not None and is_target(go, seen.target):
        return with_settings(seen, go)
    if (reason := seen.way.untried.get(seen.after.kind)) is not None:
        return Outcome(seen.after.kind, "untried", reason=reason)
    reason, place = _why_not(seen, entry)
    return failed(seen, go, reason, place)


def failed(seen: Seen, go: GoCommand | None, reason: Message, place: Origin | None = None) -> Outcome:
    """Return that it does not work, with the go that runs all the same."""
    version, path = (go.version, go.path) if go is not None else (None, None)
    return Outcome(seen.after.kind, "fails", version, path, reason=reason, place=place)


def works(seen: Seen, version: str | None, path: str | None) -> Outcome:
    """Return that it works; or that it did before."""
    had = seen.before.go is not None and seen.before.alias is None and is_target(seen.before.go, seen.target)
    root = seen.facts.settings.get(seen.before, "GOROOT").value
    already = had and (not root or _same(root, seen.target.root))
    return Outcome(seen.after.kind, "works", version, path, already=already)


def first_go(session: Session, seen: Seen) -> tuple[PathEntry | None, GoCommand | None]:
    """Return the first entry of PATH with a go command, and that command; what the way puts there counts as there."""
    if (named := called_by_path(session)) is not None:
        return None, _placed(named, seen) or session.go
    for entry in session.path:
        command = os.path.join(entry.entry, "go")
        go = _placed(command, seen) or go_command((entry,))
        if go is not None:
            return entry, through_shim(seen.host, session, go)
    return None, None


def called_by_path(session: Session) -> str | None:
    """Return the go that a session of the settings names by its full path."""
    on_path = go_command(session.path)
    if session.used != "settings" or session.go is None or session.go == on_path:
        return None
    return session.go.path


def _placed(command: str, seen: Seen) -> GoCommand | None:
    """Return the target, where a command is one that the way, or the stand-in, puts there."""
    stand_in = (seen.target.binary,) if seen.target.stand_in else ()
    there = {_exact(path) for path in (*seen.way.links, *stand_in)}
    if not command.startswith("/") or _exact(command) not in there:
        return None
    return GoCommand(command, seen.target.binary, seen.target.version or None, seen.target.root)


def _exact(path: str) -> str:
    return os.path.join(os.path.realpath(os.path.dirname(path)), os.path.basename(path))


def _same(one: str, other: str) -> bool:
    return os.path.realpath(one) == os.path.realpath(other)


def is_target(go: GoCommand, target: Target) -> bool:
    """Tell whether a go command is that of the target's tree."""
    return go.root is not None and _same(go.root, target.root)


def with_settings(seen: Seen, go: GoCommand) -> Outcome:
    """Tell whether the right go works: not with the GOROOT of another, nor where it is told to hand over."""
    root = seen.settings.get(seen.after, "GOROOT")
    if root.value and not _same(root.value, seen.target.root):
        values: Values = {"value": root.value, "place": told(seen, root.origin)}
        return failed(seen, go, Message(OTHER_GOROOT, values), seen.now(root.origin))
    chosen = seen.settings.get(seen.after, "GOTOOLCHAIN")
    name = chosen.value.partition("+")[0]
    new_enough = version_key(seen.target.version) >= version_key(_TOOLCHAIN_SINCE)
    if name.startswith("go1") and name != seen.target.version and new_enough:
        values = {"value": chosen.value, "place": told(seen, chosen.origin)}
        return failed(seen, go, Message(HANDS_OVER, values), seen.now(chosen.origin))
    return works(seen, go.version, go.path)


def _why_not(seen: Seen, winner: PathEntry | None) -> tuple[Message, Origin | None]:
    session = seen.after
    if (reason := seen.way.beyond.get(session.kind)) is not None:
        return reason, None
    if (path := called_by_path(session)) is not None:
        return Message(OWN_COMMAND, {"path": path}), None
    if (reason := _not_even_read(seen)) is not None:
        return reason, None
    real = {os.path.realpath(entry.entry) for entry in session.path if entry.entry.startswith("/")}
    if os.path.realpath(seen.way.folder) not in real:
        return _why_not_on_path(seen)
    return _why_not_first(seen, winner)


def _not_even_read(seen: Seen) -> Message | None:
    """Say why a session has nothing to do with the start-up files that the way changes."""
    session, files = seen.after, seen.way.files
    if session.used == "settings" and not seen.way.links:
        return Message(OWN_ENVIRONMENT)
    if not files or seen.way.rebase is not None:
        return None
    if session.kind not in STARTED:
        return Message(NO_START_UP)
    return None if any(path in session.files for path in files) else _not_read(seen)


def _why_not_first(seen: Seen, winner: PathEntry | None) -> tuple[Message, Origin | None]:
    origin = winner.origin if winner is not None else Origin("unknown")
    values: Values = {"winner": winner.entry if winner else "?"}
    place = seen.now(origin)
    if place is not None and place.is_line:
        return Message(PUT_BEFORE, {**values, "place": told(seen, origin)}), place
    return Message(STANDS_BEFORE, values), None


def _why_not_on_path(seen: Seen) -> tuple[Message, Origin | None]:
    files = seen.way.files
    folder: Values = {"folder": seen.facts.short(seen.way.folder)}
    if (left := _left_early(seen)) is not None:
        return Message(LEFT_EARLY, {"place": told(seen, left)}), seen.now(left)
    if (anew := _set_anew(seen)) is not None and (files or seen.way.rebase):
        return Message(PATH_ANEW, {"place": told(seen, anew)}), seen.now(anew)
    return Message(LOST if files else NOT_ON_PATH, folder), None


def _not_read(seen: Seen) -> Message:
    """Say of the file that is for this shell why it is not read; of the first, where none is for it."""
    shell, family = os.path.basename(seen.after.shell), family_of(seen.after.shell)
    path = next((path for path in seen.way.files if _is_for(seen, family, path)), None)
    values: Values = {"shell": shell, "file": seen.facts.short(path or seen.way.files[0])}
    if path is None:
        return Message(NEVER_READ, values)
    at_login = family in ("bash", "sh") and os.path.basename(path) != ".bashrc"
    return Message(LOGIN_ONLY if at_login and seen.after.kind in _NO_LOGIN else NOT_READ, values)


def _is_for(seen: Seen, family: str, path: str) -> bool:
    """Tell whether some session of this family of shells reads a file."""
    if os.path.dirname(path) == "/etc/profile.d":
        return family in ("bash", "sh")
    return path in candidates(family, seen.facts.home, seen.after.environment)


def _left_early(seen: Seen) -> Origin | None:
    for skip in seen.after.skipped_files:
        if skip.why == "returned early" and skip.file in seen.way.files:
            return Origin(skip.file, skip.line, skip.text)
    return None


def _set_anew(seen: Seen) -> Origin | None:
    """Return the line that made the last PATH from nothing: entries of its own, and no word of the old PATH."""
    origins = [
        e.origin for e in seen.after.path if e.origin.is_line and not _OLD_PATH.search(e.origin.text or "")
    ]
    counted: Mapping[Origin, int] = {origin: origins.count(origin) for origin in origins}
    most = max(counted, key=lambda origin: counted[origin], default=None)
    return most if most is not None and counted[most] > 1 else None


def told(seen: Seen, origin: Origin) -> str | Message:
    """Return an origin as people write it: ~/.bashrc:12, or in words."""
    now = seen.now(origin) or origin
    file = seen.facts.short(now.path) if now.path else now.file
    return source_of(now) or (f"{file}:{now.line}" if now.line else file)
