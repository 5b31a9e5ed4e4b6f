"""The smoke test: what a toolchain must do before it counts as installed, and what else it can do on this machine."""

import os
import re
import threading
from collections.abc import Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from msgspec import Struct

from gomedic import go_tree
from gomedic.host import Host
from gomedic.model import Progress
from gomedic.root_way import only_root_in
from gomedic.texts import N_, Message
from gomedic.toolchain.background import beside
from gomedic.toolchain.bench import Bench, FailedError, bench
from gomedic.toolchain.compatibility import AFTER, BESIDE, FIRST, NOT, OK, UNTRIED, Row, Table, failed
from gomedic.toolchain.sandbox import Sandbox

_TRYING = N_("Trying {version}: {what}")
_WITH_C = N_("programs with C in them, and for other machines")
_AS_IN_A_TERMINAL = N_("Tried as in a new terminal, over a copy of the home folder that is thrown away.")
_IN_PART = N_(
    "Tried in a clean environment with the PATH and compiler settings of a new terminal, for the system lets no copy-on-write view of the home folder be made."
)
_CLEAN = N_("Tried in a clean environment.")
_ILL = N_("With what a new terminal sets it does not work ({reason}), but in a clean environment it does.")
_ONLY_ROOT = N_("It was not tried, because root's rights could not be given up for that.")
_FOREIGN = N_("It was not tried, because somebody other than you or root can change {path}.")
_IN_IMAGE = N_("It was not tried, because no program may be started from {path} (mounted noexec).")
_NOEXEC = N_("no program may be started from {path}, which is mounted noexec")
_EARLIER = N_("It was not tried, because an earlier row is not ok.")
_STARTED = ("bin", "bin/go", "pkg/tool", "src")


class Tried(Struct, frozen=True):
    """What came of it."""

    says: str  # what `go version` said; "" where it was not tried
    rows: tuple[Row, ...]

    @property
    def failure(self) -> Row | None:
        """The first thing that it must do and does not, None where it does all."""
        return next((row for row in self.rows if row.name in FIRST and row.state == NOT), None)

    @property
    def why_not(self) -> Message | None:
        """Why it was not tried at all, None where it was."""
        first = next((row for row in self.rows if row.name == FIRST[0]), None)
        return first.text if first is not None and first.state == UNTRIED else None

    @property
    def notes(self) -> tuple[Message, ...]:
        """What a person should know of a toolchain that works: what it cannot do here, or that it was not tried."""
        if self.why_not is not None:
            return (self.why_not,)
        return tuple(row.text for row in self.rows if row.state == NOT and row.name not in FIRST)


def smoke_test(
    host: Host, root: str, version: str, scratch: str, sandbox: Sandbox, *, for_here: bool = True
) -> Generator[Progress, None, Tried]:
    """Try the toolchain at `root` in `sandbox`; yield progress, and return the table.

    What a toolchain must do (version, env, build, run and a static program in pure Go) is tried as in the session,
    and where it fails there in a clean environment as well: what works in one of them is not the toolchain's fault,
    and neither is a missing or broken C compiler. `scratch` is a folder on a file system that programs may be
    started from; all that Go writes lands there, in a folder that is removed at the end, or nowhere. Without
    `for_here` it is for the file system of an image, whose compiler is another.
    """
    if (path := first_foreign(host, root)) is not None:
        return untried(Message(_FOREIGN, {"path": path}))
    if os.statvfs(root).f_flag & os.ST_NOEXEC:
        return _not_startable(root, for_here=for_here)
    with bench(host, root, scratch, sandbox) as place:
        if place is None:
            return untried(Message(_ONLY_ROOT))
        table = Table(host, place)
        return (yield from _tried(place, table, version, (*BESIDE, *AFTER) if for_here else ("cross",)))


def untried(why: Message) -> Tried:
    """Return the table of a toolchain that is not tried at all."""
    return Tried("", tuple(Row(name, UNTRIED, why) for name in (*FIRST, *BESIDE, *AFTER)))


def _not_startable(root: str, *, for_here: bool) -> Tried:
    if not for_here:  # an image may be mounted so, and its programs are for another day
        return untried(Message(_IN_IMAGE, {"path": root}))
    others = (*FIRST[1:], *BESIDE, *AFTER)
    row = failed(FIRST[0], FailedError(Message(_NOEXEC, {"path": root})))
    return Tried("", (row, *(Row(name, UNTRIED, Message(_EARLIER)) for name in others)))


def first_foreign(host: Host, root: str) -> str | None:
    """Return what others could change: the first of the folders above a tree, its programs, tools and sources."""
    real = os.path.realpath(root)
    parents = ["/", *(real[: at.start()] for at in re.finditer("/", real) if at.start())]
    paths = [*parents, real, *(os.path.join(real, name) for name in _STARTED)]
    groups = {os.stat(path).st_gid for path in paths if os.path.exists(path)}
    harmless = host.private_groups | {gid for gid in groups if only_root_in(gid)}
    uid = host.account.uid
    return next((p for p in paths if not go_tree.is_trusted(p, uid, harmless, strict=True)), None)


# ------------------------------------------------------------------ in order


def _tried(
    place: Bench, table: Table, version: str, others: Sequence[str]
) -> Generator[Progress, None, Tried]:
    session, rows = yield from _musts(place, table, version)
    if any(row.state == NOT for row in rows):
        done = {row.name for row in rows}
        rows += [Row(n, UNTRIED, Message(_EARLIER)) for n in (*FIRST, *others) if n not in done]
        return Tried(table.says, (session, *rows))
    what = Message(_TRYING, {"version": version, "what": Message(_WITH_C)})
    rows += yield from beside(what, partial(_together, place, table, [n for n in BESIDE if n in others]))
    for name in (name for name in AFTER if name in others):
        rows.append((yield from _one(place, table, version, name)))
    return Tried(table.says, (session, *rows))


def _musts(place: Bench, table: Table, version: str) -> Generator[Progress, None, tuple[Row, list[Row]]]:
    """Return how it was tried, and the rows up to the first failure; a failure in the session's counts not alone."""
    rows = yield from _in_order(place, table, version)
    if rows[-1].state == OK or not place.like_a_session:
        return _how(place), rows
    place.clean()
    again = yield from _in_order(place, table, version)
    if again[-1].state == OK:
        reason = rows[-1].text.values["reason"]
        return Row("session", NOT, Message(_ILL, {"reason": reason})), again
    return _how(place), again


def _how(place: Bench) -> Row:
    if not place.like_a_session:
        return Row("session", UNTRIED, Message(_CLEAN))
    if place.isolated:
        return Row("session", OK, Message(_AS_IN_A_TERMINAL))
    return Row("session", UNTRIED, Message(_IN_PART))


def _in_order(place: Bench, table: Table, version: str) -> Generator[Progress, None, list[Row]]:
    rows: list[Row] = []
    for name in FIRST:
        rows.append((yield from _one(place, table, version, name)))
        if rows[-1].state == NOT:
            break
    return rows


def _one(place: Bench, table: Table, version: str, name: str) -> Generator[Progress, None, Row]:
    what = Message(_TRYING, {"version": version, "what": name})
    (row,) = yield from beside(what, partial(_together, place, table, [name]))
    return row


def _together(place: Bench, table: Table, names: Sequence[str], stop: threading.Event) -> list[Row]:
    """Try things at the same time: a compiler of Go's or C's has stretches with one core at work."""
    place.stop = stop

    def one(name: str) -> Row:
        try:
            row: Row = getattr(table, name)()
        except FailedError as error:
            return failed(name, error)
        return row

    with ThreadPoolExecutor(len(names), "trying") as pool:
        return list(pool.map(one, names))
