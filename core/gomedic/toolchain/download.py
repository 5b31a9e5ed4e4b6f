"""An archive fetched into the cache: resumed across runs and mirrors, and judged by its SHA-256 alone.

Whatever the servers say on the way, only the sum decides. Where the bytes of several mirrors together are wrong,
nobody knows which lied: then each is tried alone, from the start.
"""

import contextlib
import errno
import os
import queue
import time
from collections.abc import Generator, Iterator

from msgspec import Struct

from gomedic.model import Progress
from gomedic.texts import N_, Message
from gomedic.toolchain.errors import (
    CannotWrite,
    CutShort,
    DiskFull,
    NoNetwork,
    NotThere,
    Offline,
    ServerRefused,
    Stalled,
    TooLarge,
    ToolchainError,
    TooSlow,
    WebPageInstead,
    WrongSum,
)
from gomedic.toolchain.intake import Intake, take_file
from gomedic.toolchain.mirrors import Mirror, Pace, Patience, Race, Speed, Stream, check_size
from gomedic.toolchain.part import Part
from gomedic.toolchain.shared_cache import share, shared_file
from gomedic.toolchain.transfer import progress
from gomedic.toolchain.web import Reply, Web

_READING = N_("Reading {file}, fetched before")
_LARGEST = 1 << 30  # bytes, where no list says how many; an archive has about 70 MB
_REFUSED = (NotThere, NoNetwork, Offline, ServerRefused, WebPageInstead, CutShort, TooLarge)
_NO_SPACE = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_EVERY = 0.1  # seconds between two pieces of progress
_WORTH = 64 << 10  # bytes that make a connection worth another one
_TRIES = 2  # connections in a row that brought less


class Wanted(Struct, frozen=True):
    """A file to fetch."""

    file: str
    sha256: str
    size: int  # 0: not known
    authority: str  # who says so
    addresses: tuple[str, ...]  # in the order to try where nothing tells them apart
    shared: str = ""  # folder of files named by their sums, which others may fill


class _Slow(Exception):  # noqa: N818 - no error: there is a better mirror
    """Another mirror would be much faster."""


def download(
    web: Web, folder: str, wanted: Wanted, patience: Patience | None = None
) -> Generator[Progress | Intake, None, None]:
    """Yield progress, at least once a second, and last the intake of a file in `folder` that has the right sum.

    The file stays there under its sum; what was fetched of it before a failure stays too, to go on from.
    The intake is the caller's to close. Raises the refusals of the module errors.
    """
    path = os.path.join(folder, wanted.sha256)
    try:
        os.makedirs(folder, mode=0o700, exist_ok=True)
        with Part(f"{path}.part") as part:
            yield from part.lock(wanted.file)
            intake = yield from _from_cache(path, wanted)
            if intake is None:
                intake = yield from _from_mirrors(web, part, wanted, patience or Patience())
                os.rename(part.path, path)
                intake.path = path
                share(path, wanted.shared, wanted.sha256)
            yield intake
    except OSError as error:
        raise _refusal(error, f"{path}.part", wanted) from None


def _refusal(error: OSError, part: str, wanted: Wanted) -> ToolchainError:
    folder, reason = os.path.dirname(part), os.strerror(error.errno or 0)
    if error.errno not in _NO_SPACE:
        return CannotWrite(path=folder, reason=reason)
    _remove(part)
    return DiskFull(folder=folder, reason=reason, needed=(wanted.size >> 20) + 1)


def _from_cache(path: str, wanted: Wanted) -> Generator[Progress, None, Intake | None]:
    """Return the intake of the file that an earlier run fetched, None where there is none that is whole."""
    if not os.path.exists(path):
        return None
    intake = Intake(path, wanted.file)
    try:
        yield from take_file(intake, Message(_READING, {"file": wanted.file}), wanted.size)
    except BaseException:
        intake.close()
        raise
    if intake.sha256 == wanted.sha256:
        return intake
    intake.close()
    _remove(path)
    return None


def _from_mirrors(
    web: Web, part: Part, wanted: Wanted, patience: Patience
) -> Generator[Progress, None, Intake]:
    """Return the intake of the whole file. Raises the first mirror's refusal where all have refused."""
    fetch = _Fetch(web, part, wanted, patience)
    try:
        yield from fetch.run()
    except BaseException:
        fetch.intake.close()
        raise
    finally:
        fetch.race.close()
    return fetch.intake


class _Fetch:
    """One run after a file: which mirrors are left, and whose bytes are there so far."""

    def __init__(self, web: Web, part: Part, wanted: Wanted, patience: Patience) -> None:
        self.intake = Intake(part.path, wanted.file)
        addresses = (*shared_file(wanted.shared, wanted.sha256), *wanted.addresses)
        self.race = Race(web, addresses, self._check_size)
        self._web, self._part, self._wanted, self._patience = web, part, wanted, patience
        self._limit = wanted.size or _LARGEST
        self._alone = False  # no bytes of two mirrors any more
        self._sources = {""} if part.size else set()  # who sent what is there; "": not known
        self._furthest = part.size
        self._begun = time.monotonic()

    def run(self) -> Iterator[Progress]:
        if self._part.size > self._limit:
            self._clear()
        while (mirror := self.race.best(self._part.size)) is not None:
            if not (mirror.is_local or self.race.probed):
                yield from self.race.probe(self._part.size)
                continue
            try:
                yield from self._from(mirror)
            except _Slow:
                continue
            except Stalled as error:
                self._stalled(mirror, error)
            except WrongSum as error:
                self._wrong(mirror, error)
            except _REFUSED as error:
                self._refused(mirror, error)
            else:
                self.intake.source = mirror.address
                return
        raise self.race.refusal or NotThere(url=self._wanted.file, reason="")

    # ---------------------------------------------------------- one mirror

    def _from(self, mirror: Mirror) -> Iterator[Progress]:
        if self._alone and self._sources - {mirror.address}:
            self._clear(anew=True)
        if not mirror.ranges:
            self._clear()
        if self._part.size < self._limit:
            yield from self._receive(mirror)
        else:
            yield from self._catch_up()
        if self.intake.size < self._wanted.size:  # it ended, as if that were all
            raise self._ended_early(mirror)
        if self.intake.sha256 != self._wanted.sha256:
            found, expected = self.intake.sha256, self._wanted.sha256
            values = {"found": found, "authority": self._wanted.authority, "expected": expected}
            raise WrongSum(file=self._wanted.file, source=mirror.address, **values)

    def _ended_early(self, mirror: Mirror) -> Stalled | CutShort:
        """Return what to go on after, where it brought something at least."""
        if self.intake.size - self._furthest >= _WORTH:
            return Stalled(url=mirror.address, size=self.intake.size)
        expected = self._wanted.size
        return CutShort(
            file=self._wanted.file, source=mirror.address, size=self.intake.size, expected=expected
        )

    def _receive(self, mirror: Mirror) -> Iterator[Progress]:
        tag = mirror.tag if self._sources == {mirror.address} else ""
        stream = Stream(self._web, mirror.address, self._part.size, tag)
        speed = Speed()
        try:
            reply = yield from self._waited(stream, mirror, speed)
            if not isinstance(reply, Reply):
                return
            self._check_size(reply, mirror.address)
            if reply.status != 206:
                self._part.cut(0)
                self._sources = set()
            mirror.tag = reply.tag
            yield from self._catch_up()
            yield from self._take(stream, mirror, speed)
        finally:
            stream.close()

    def _take(self, stream: Stream, mirror: Mirror, speed: Speed) -> Iterator[Progress]:
        start, begun = self._part.size, time.monotonic()
        told = float("-inf")  # the first piece is told at once
        pace = Pace(self._patience.trickle, start)
        while isinstance(piece := (yield from self._waited(stream, mirror, speed)), bytes):
            if self.intake.size + len(piece) > self._limit:
                self._part.cut(start)
                raise TooLarge(file=self._wanted.file, source=mirror.address, expected=self._limit)
            self._part.append(piece)
            self.intake.take(piece)
            self._sources.add(mirror.address)
            now = time.monotonic()
            if not pace.holds(now, self.intake.size):
                raise Stalled(url=mirror.address, size=self.intake.size)
            if now - told >= _EVERY:
                told = now
                yield self._progress(mirror, speed)
                if now - begun >= self._patience.judged_after:
                    self._judge_speed(mirror, speed)

    def _waited(
        self, stream: Stream, mirror: Mirror, speed: Speed
    ) -> Generator[Progress, None, Reply | bytes | None]:
        """Return what comes next; yield progress once a second meanwhile. Raises Stalled."""
        begun = time.monotonic()
        while True:
            limit = self._longest_silence(mirror)
            try:
                return stream.next(min(1.0, limit / 2))
            except queue.Empty:
                if time.monotonic() - begun >= limit:
                    mirror.behind = not self._alone
                    raise Stalled(url=mirror.address, size=self._part.size) from None
                yield self._progress(mirror, speed)

    def _longest_silence(self, mirror: Mirror) -> float:
        several = not self._alone and self.race.has_answered(other_than=mirror)
        return self._patience.silence_of_many if several else self._patience.silence

    def _catch_up(self) -> Iterator[Progress]:
        """Let the intake have all that the part holds."""
        if self.intake.size != self._part.size or not self._part.size:
            self.intake.begin()
            what = Message(_READING, {"file": self._wanted.file})
            yield from take_file(self.intake, what, self._wanted.size)

    def _judge_speed(self, mirror: Mirror, speed: Speed) -> None:
        """Give a mirror up when another would be much faster, or it would take for ever. Raises _Slow, TooSlow."""
        rate = speed.last
        elapsed = time.monotonic() - self._begun
        if elapsed > self._patience.longest:
            raise TooSlow(url=mirror.address, size=self.intake.size, hours=round(elapsed / 3600))
        left = (self._wanted.size or self._limit) - self.intake.size
        if rate is None or self._alone or left <= rate * self._patience.worth_a_change:
            return
        if self.race.faster(mirror, rate):
            mirror.rate = rate
            raise _Slow

    def _check_size(self, reply: Reply, address: str) -> None:
        check_size(reply, self._wanted.file, address, self._wanted.size, self._limit)

    def _progress(self, mirror: Mirror, speed: Speed) -> Progress:
        return progress(self._wanted.file, mirror.address, self.intake.size, self._wanted.size, speed)

    # ---------------------------------------------------------- what failures mean

    def _clear(self, *, anew: bool = False) -> None:
        self._part.cut(0)
        self._sources = set()
        if anew:
            self._furthest = 0

    def _stalled(self, mirror: Mirror, error: Stalled) -> None:
        if self._part.size - self._furthest >= _WORTH:
            mirror.poor = 0
        else:
            mirror.poor += 1
        self._furthest = max(self._furthest, self._part.size)
        if mirror.poor >= _TRIES:
            mirror.refusal = error

    def _wrong(self, mirror: Mirror, error: WrongSum) -> None:
        if self._sources - {mirror.address}:
            self._alone = True
        else:
            mirror.refusal = error
        self._clear(anew=True)

    def _refused(self, mirror: Mirror, error: ToolchainError) -> None:
        """Leave the mirror; one that only refuses to go on in the middle comes again when no other is left."""
        if self._part.size and mirror.ranges and isinstance(error, ServerRefused | WebPageInstead | CutShort):
            mirror.ranges = False
        else:
            mirror.refusal = error


def _remove(path: str) -> None:
    with contextlib.suppress(OSError):
        os.unlink(path)
