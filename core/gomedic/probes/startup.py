"""The start-up files of all shells, with their text and whether the account can read and write them."""

import os
from collections.abc import Iterable

from msgspec import Struct

from gomedic.host import Host
from gomedic.model import Session
from gomedic.sessions.startup_files import all_candidates, family_of


class StartupFile(Struct, frozen=True):
    """A start-up file as it is on disk."""

    path: str
    family: str  # bash sh zsh fish pam; "" for a file that only another one reads
    content: bytes | None  # None: cannot be read
    mode: int
    uid: int
    writable: bool

    @property
    def text(self) -> str:
        """The content as text that gives back the same bytes."""
        return (self.content or b"").decode("utf-8", "surrogateescape")

    @property
    def lines(self) -> list[str]:
        """Its lines without their ends; a carriage return stays."""
        return self.text.split("\n")


def probe(host: Host, sessions: Iterable[Session]) -> dict[str, StartupFile]:
    """Return every start-up file that exists, by path: those of all shells, and those that a session read."""
    sessions = tuple(sessions)
    moved = next((folder for session in sessions if (folder := zdotdir(session))), None)
    env = {**host.env, "ZDOTDIR": moved} if moved else host.env
    paths = all_candidates(host.home, env, host.files)
    for session in sessions:
        for path in session.files:
            paths.setdefault(path, "")
    found = {}
    for path, family in paths.items():
        try:
            info = host.files.stat(path)
        except OSError:
            continue
        if host.files.is_file(path):
            found[path] = StartupFile(
                path,
                family,
                host.read(path),
                info.st_mode & 0o7777,
                info.st_uid,
                host.files.may(path, os.W_OK),
            )
    return found


def zdotdir(session: Session) -> str:
    """Return the folder to which a zsh session moved its start-up files, exported or not; "" where it did not."""
    told = session.variables.get("ZDOTDIR") if family_of(session.shell) == "zsh" else None
    return told.value if told is not None else ""
