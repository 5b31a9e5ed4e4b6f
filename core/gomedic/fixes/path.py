"""Put a folder on PATH, or in front of it, where the sessions that lack it will see it."""

import os
from collections.abc import Callable, Iterable, Sequence

from gomedic.facts import Facts
from gomedic.fixes.lines import MARK, append, insert, merged, replace_line, with_folders
from gomedic.fixes.shell_text import path_line, unset_line, with_entry_first
from gomedic.model import EditFile, Origin, Session, Step
from gomedic.sessions.startup_files import family_of

LinesFor = Callable[[str], Sequence[str]]  # the lines for a family of shells
_STARTED = ("terminal", "ssh", "login", "command")  # by a shell that reads start-up files
_BASH_LOGIN = (".bash_profile", ".bash_login", ".profile")


def move_to_front(facts: Facts, origin: Origin, folder: str, session: Session) -> EditFile | None:
    """Return the step that puts `folder` in front in the very line that now puts it elsewhere; None if it cannot."""
    if origin.path is None or origin.line is None:
        return None
    values = dict(session.environment) | {name: v.value for name, v in session.variables.items()}
    return replace_line(facts, origin.path, origin.line, lambda line: with_entry_first(line, folder, values))


def put_on_path(facts: Facts, folder: str, kinds: Iterable[str], *, first: bool) -> tuple[Step, ...]:
    """Return the steps that put a folder on PATH in the account's own start-up files, for these kinds of session."""
    return add_lines(facts, kinds, lambda family: [path_line(folder, facts.home, family, first=first)])


def unset_for(facts: Facts, name: str, kinds: Iterable[str]) -> tuple[Step, ...]:
    """Return the steps that take a variable away in these kinds of session, in the account's own files."""
    return add_lines(facts, kinds, lambda family: [unset_line(name, family)])


def add_lines(facts: Facts, kinds: Iterable[str], lines: LinesFor) -> tuple[Step, ...]:
    """Return the steps that add lines to the account's own start-up files so that these kinds of session run them."""
    steps: list[Step] = []
    for place in _places(facts, list(kinds)):
        text = [MARK, *lines(place.family)]
        if place.top:
            steps += with_folders(facts, insert(facts, place.path, 1, [*text, ""]))
        else:
            steps += with_folders(facts, append(facts, place.path, ["", *text]))
    return merged(steps)


class _Place:
    """Where lines are to be added."""

    def __init__(self, path: str, family: str, *, top: bool) -> None:
        self.path = path
        self.family = family
        self.top = top


def _places(facts: Facts, kinds: Sequence[str]) -> list[_Place]:
    """Choose the fewest files whose lines every one of these kinds of session runs."""
    by_family: dict[str, list[Session]] = {}
    for session in facts.sessions:
        if session.kind in kinds and session.kind in _STARTED:
            by_family.setdefault(family_of(session.shell), []).append(session)
    return [
        place for family, sessions in by_family.items() for place in _family_places(facts, family, sessions)
    ]


def _family_places(facts: Facts, family: str, sessions: Sequence[Session]) -> list[_Place]:
    if family == "fish":
        return [
            _Place(facts.account_place("XDG_CONFIG_HOME", ".config", "fish/config.fish"), "fish", top=False)
        ]
    if family == "zsh":
        everywhere = any(session.kind not in ("terminal", "ssh") for session in sessions)
        path = facts.zsh_file(".zshenv" if everywhere else ".zshrc", sessions)
        return [_Place(path, "zsh", top=not all(_runs_to_the_end(s, path) for s in sessions))]
    if family == "sh":
        return (
            [_Place(_own(facts, ".profile"), "sh", top=False)]
            if any(s.kind != "terminal" for s in sessions)
            else []
        )
    return _bash_places(facts, sessions)


def _bash_places(facts: Facts, sessions: Sequence[Session]) -> list[_Place]:
    bashrc = _own(facts, ".bashrc")
    readers = [s for s in sessions if s.kind in ("terminal", "command") or bashrc in s.files]
    others = [s for s in sessions if s not in readers]
    places = []
    if readers:
        places.append(_Place(bashrc, "bash", top=not all(_runs_to_the_end(s, bashrc) for s in readers)))
    if others:
        login = _login_file(facts)
        places.append(_Place(login, "bash", top=not all(_runs_to_the_end(s, login) for s in others)))
    return places


def _runs_to_the_end(session: Session, path: str) -> bool:
    """Tell whether lines at the end of a start-up file would run in a session."""
    left = any(skip.file == path and skip.why == "returned early" for skip in session.skipped_files)
    return not left and session.state in ("ok", "execed")


def _login_file(facts: Facts) -> str:
    """Return the login file that bash reads: the first that there is (bash(1), INVOCATION)."""
    there = (path for name in _BASH_LOGIN if facts.exists(path := _own(facts, name)))
    return next(there, _own(facts, ".profile"))


def _own(facts: Facts, name: str) -> str:
    return os.path.join(facts.home, name)
