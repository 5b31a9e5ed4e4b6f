"""What the Toolchains page lists, and what can be done with each: installed ones first, then those to be had."""

import os
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from msgspec import Struct

from gomedic.model import Examination, Session, Toolchain
from gomedic.texts import N_, Message
from gomedic_gui.toolchains_stock import Stock

if TYPE_CHECKING:
    from gomedic.toolchain.availability import Available
    from gomedic.toolchain.command import Installed

STABLE = "stable"  # state of a release that is the newest of a line that gets fixes
INSTALL, USE, REMOVE, ASK = "install", "use", "remove", "ask"
OURS = "gomedic"  # kind of a toolchain that we installed for the account
_SHARED = re.compile(r"/opt/go-([^/]+)")  # of which /opt/go can be led to any
_SWITCHED = ("terminal", "ssh", "login", "command")  # sessions that a switch is for

_IN_USE = N_("New sessions use it already.")
_NOT_OURS = N_("gomedic did not put it there, so it leaves it as it is.")
_BROKEN = N_("It is not complete, so it cannot be used.")
_WHAT_TO_DO = N_("Connect to a network and ask again, or install from a file or folder.")
_NONE_YET = N_("No Go is installed here yet.")
_CHOOSE = N_("Choose a release from the list, or begin with the newest.")
_CANNOT_RUN = N_("It cannot be installed here: it {reason}.")


class Entry(Struct, frozen=True):
    """One row: a heading, an installed toolchain, a release to be had, or a word about the list of releases."""

    kind: str  # heading installed release word
    key: str  # the same while it stands for the same
    version: str = ""  # "go1.22.10"; "" where it is not known
    toolchain: Toolchain | None = None
    own: "Installed | None" = None
    release: "Available | None" = None
    sessions: tuple[Session, ...] = ()  # that run it
    words: tuple[Message, ...] = ()  # of a heading or a word
    in_use: bool = False  # by all new sessions

    @property
    def name(self) -> str:
        """What core's functions call it."""
        return os.path.basename(self.root) if self.is_ours else self.version

    @property
    def root(self) -> str:
        """Where it is; "" where it is not here."""
        return self.toolchain.root if self.toolchain else self.own.path if self.own else ""

    @property
    def is_ours(self) -> bool:
        """Whether we installed it for the account."""
        return self.own is not None or (self.toolchain is not None and self.toolchain.kind == OURS)

    @property
    def whole(self) -> bool:
        """Whether nothing of it is missing, as far as was looked."""
        looked = self.toolchain.healthy if self.toolchain else True
        return looked and (self.own is None or self.own.whole)

    @property
    def signature_checked(self) -> bool | None:
        """Whether its signature was checked before it was installed; None where that is not known."""
        if self.own is not None:
            return self.own.signature_checked
        return self.toolchain.signature_checked if self.toolchain else None


class Action(Struct, frozen=True):
    """Something that can be done with an entry."""

    kind: str  # install use remove
    version: str
    to: str | None = None  # as for `doctor.use_toolchain`
    why_not: Message | None = None  # why it cannot be done
    again: bool = False  # an installation that mends


def entries_of(examination: Examination, stock: Stock, *, older: bool) -> list[Entry]:
    """Return the rows for what was found and what is known; `older`: with the releases that few would choose."""
    installed = list(_installed(examination, stock))
    rows = [Entry("heading", "installed", words=(Message(N_("Installed on this computer")),)), *installed]
    if not installed:
        rows.append(Entry("word", "none", _newest(stock), words=(Message(_NONE_YET), Message(_CHOOSE))))
    return rows + list(_to_be_had(stock, installed, older=older))


def _newest(stock: Stock) -> str:
    """Return the newest release that runs here, else the word that means it."""
    every = stock.available.releases if stock.available else ()
    return next((each.version for each in every if each.row.state == STABLE and each.row.runs), "latest")


def _installed(examination: Examination, stock: Stock) -> Iterator[Entry]:
    own = {os.path.realpath(each.path): each for each in stock.own}
    for toolchain in sorted(examination.toolchains, key=lambda each: each.kind != OURS):
        ours = own.pop(toolchain.root, None)
        yield _entry(examination, toolchain.version or (ours.version if ours else ""), toolchain, ours)
    for ours in own.values():
        yield _entry(examination, ours.version, None, ours)


def _entry(
    examination: Examination, version: str, toolchain: Toolchain | None, own: "Installed | None"
) -> Entry:
    root = toolchain.root if toolchain else own.path if own else ""
    using = tuple(each for each in examination.sessions if each.go and each.go.root == root)
    switched = {each.kind for each in examination.sessions if each.kind in _SWITCHED}
    in_use = bool(switched) and switched <= {each.kind for each in using}
    return Entry("installed", root, version, toolchain, own, None, using, in_use=in_use)


def _to_be_had(stock: Stock, installed: list[Entry], *, older: bool) -> Iterator[Entry]:
    if stock.available is None:
        return
    date = Message(N_("as of {date}"), {"date": stock.available.date}) if stock.available.date else None
    heading = Message(N_("Can be installed"))
    yield Entry("heading", "available", words=(heading, date) if date else (heading,))
    if stock.asked and stock.available.problems:
        yield Entry("word", "problems", words=(Message(_WHAT_TO_DO), *stock.available.problems))
    here = {entry.version: entry for entry in installed if entry.is_ours}
    for release in stock.available.releases:
        if release.shown or older:
            found = here.get(release.version)
            yield Entry(
                "release", f"release {release.version}", release.version,
                found.toolchain if found else None, found.own if found else None, release,
                found.sessions if found else (), in_use=found.in_use if found else False,
            )  # fmt: skip


def concerned_by(action: Action, seen: Examination) -> tuple[str, ...]:
    """Return the kinds of session that a switch is for, or that would lose a toolchain."""
    if action.kind == REMOVE:
        starting = [each for each in seen.sessions if not each.is_process]
        roots = {each.kind: each.go.root or "" for each in starting if each.go}
        return tuple(kind for kind, root in roots.items() if os.path.basename(root) == action.version)
    return tuple(each.kind for each in seen.sessions if each.kind in _SWITCHED)


def has_older(stock: Stock) -> bool:
    """Tell whether there are releases that are shown only when asked for."""
    return stock.available is not None and any(not each.shown for each in stock.available.releases)


def actions_of(entry: Entry) -> tuple[Action, ...]:
    """Return what can be done with an entry, the sensible one first."""
    if entry.kind == "word":
        return (Action(ASK, ""),) if entry.key == "problems" else (Action(INSTALL, entry.version),)
    if entry.is_ours:
        return (_use_ours(entry), Action(REMOVE, entry.name))
    if entry.release is not None:
        return (_install(entry.release),)
    return (_use_others(entry),) if entry.kind == "installed" else ()


def _use_ours(entry: Entry) -> Action:
    if not entry.whole:
        return Action(INSTALL, entry.name, again=True)
    return Action(USE, entry.name, why_not=Message(_IN_USE) if entry.in_use else None)


def _use_others(entry: Entry) -> Action:
    shared = _SHARED.fullmatch(entry.root)
    if shared is None:
        return Action(USE, entry.version, why_not=Message(_IN_USE if entry.in_use else _NOT_OURS))
    why_not = _IN_USE if entry.in_use else None if entry.whole else _BROKEN
    return Action(USE, f"go{shared[1]}", to="/opt", why_not=Message(why_not) if why_not else None)


def _install(release: "Available") -> Action:
    reason = release.row.why_not
    return Action(
        INSTALL, release.version, why_not=Message(_CANNOT_RUN, {"reason": reason}) if reason else None
    )
