"""Several places that should have the same file: which is the fastest, which lied, and its bytes as they come."""

import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from functools import partial

from msgspec import Struct

from gomedic.model import Progress
from gomedic.texts import N_, Message
from gomedic.toolchain.addresses import local_path
from gomedic.toolchain.errors import CutShort, Stalled, TooLarge, ToolchainError
from gomedic.toolchain.web import Reply, Web

_PROBING = N_("Looking for the fastest of {count} sources")
_PROBE = 128 << 10  # bytes
_AHEAD = 16  # pieces that may wait to be taken
_LONGEST_PROBE = 30.0  # seconds; a request gives up before


class Patience(Struct, frozen=True):
    """How long to wait, in seconds."""

    silence: float = 20.0  # without a byte, where there is no other source
    silence_of_many: float = 6.0  # without a byte, where another source has answered
    judged_after: float = 4.0  # when a source's speed counts
    worth_a_change: float = 10.0  # when less is left, a slow source may finish
    trickle: float = 60.0  # with hardly a byte
    longest: float = 6 * 3600.0  # for one file


MUCH_FASTER = 4.0  # times, to be worth a change
TRICKLE = 100  # bytes per second; what is slower has stalled


class Mirror:
    """A place, and what this run has learnt of it."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.rate: float | None = None  # bytes per second: as probed, then as measured
        self.tag = ""  # strong entity tag of the file that its bytes are of
        self.ranges = True  # whether it can go on in the middle
        self.behind = False  # it stalled: the others first
        self.poor = 0  # connections in a row that brought next to nothing
        self.refusal: ToolchainError | None = None  # why it is out

    @property
    def is_local(self) -> bool:
        """Whether it is a file of this machine."""
        return local_path(self.address) is not None


def check_size(reply: Reply, file: str, address: str, size: int, limit: int) -> None:
    """Refuse a file of another size than it must have. Raises TooLarge, CutShort."""
    if reply.total is None:
        return
    if reply.total > (size or limit):
        raise TooLarge(file=file, source=address, expected=size or limit)
    if reply.total < size:
        raise CutShort(file=file, source=address, size=reply.total, expected=size)


class Race:
    """The mirrors of one file, all asked at once for a piece of it."""

    def __init__(self, web: Web, addresses: Sequence[str], judge: Callable[[Reply, str], None]) -> None:
        self.mirrors = [Mirror(address) for address in dict.fromkeys(addresses)]
        self._web = web
        self._judge = judge
        self.probed = False
        self._pending = 0
        self._changed = threading.Condition()
        self._stops: list[Callable[[], None]] = []

    def probe(self, start: int) -> Iterator[Progress]:
        """Ask all servers for the piece at `start`; return when one has sent it, or all have refused.

        The others go on meanwhile, to be there when the first one fails.
        """
        self.probed = True
        asked = [mirror for mirror in self.mirrors if not mirror.is_local]
        if len(asked) < 2:
            return
        self._pending = len(asked)
        for mirror in asked:
            threading.Thread(target=partial(self._probe, mirror, start), name="probe", daemon=True).start()
        deadline = time.monotonic() + _LONGEST_PROBE
        while self._undecided(1.0) and time.monotonic() < deadline:
            yield Progress(Message(_PROBING, {"count": len(asked)}))

    def best(self, start: int) -> Mirror | None:
        """Return the mirror to go on with at `start`, None where all are out.

        A file of this machine comes first, then what is fastest; where nothing tells them apart, the order given.
        """
        with self._changed:
            left = [mirror for mirror in self.mirrors if mirror.refusal is None]
            return min(left, key=partial(_rank, start), default=None)

    def faster(self, than: Mirror, rate: float) -> bool:
        """Whether another mirror was measured to be much faster."""
        others = (m.rate for m in self.mirrors if m is not than and m.refusal is None and not m.behind)
        return any(other is not None and other > MUCH_FASTER * max(rate, 1.0) for other in others)

    def has_answered(self, other_than: Mirror) -> bool:
        """Whether another mirror has shown that it can be used."""
        return any(m.rate is not None and m.refusal is None and m is not other_than for m in self.mirrors)

    @property
    def refusal(self) -> ToolchainError | None:
        """Why the first mirror in the order given is out."""
        return next((mirror.refusal for mirror in self.mirrors if mirror.refusal is not None), None)

    def close(self) -> None:
        """End the probes that still run."""
        with self._changed:
            stops, self._stops = self._stops, []
            self._pending = 0
        for stop in stops:
            stop()

    def _undecided(self, seconds: float) -> bool:
        with self._changed:
            return not self._changed.wait_for(
                lambda: not self._pending or any(mirror.rate is not None for mirror in self.mirrors), seconds
            )

    def _probe(self, mirror: Mirror, start: int) -> None:
        begun, refusal, rate = time.monotonic(), None, None
        try:
            received = self._received(mirror, start)
            rate = received / max(time.monotonic() - begun, 1e-6)
        except ToolchainError as error:
            refusal = error
        with self._changed:
            self._pending -= 1
            if mirror.rate is None and mirror.refusal is None:  # else it was used meanwhile
                mirror.rate, mirror.refusal = rate, refusal
            self._changed.notify_all()

    def _received(self, mirror: Mirror, start: int) -> int:
        with self._web.opened(mirror.address, start, end=start + _PROBE) as reply:
            with self._changed:
                self._stops.append(reply.stop)
            self._judge(reply, mirror.address)
            mirror.ranges = reply.status == 206
            received = 0
            for piece in reply.body:
                received += len(piece)
                if received >= _PROBE:
                    break
        return received


def _rank(start: int, mirror: Mirror) -> tuple[bool, bool, bool, float]:
    return bool(start) and not mirror.ranges, mirror.behind, not mirror.is_local, -(mirror.rate or 0.0)


class Stream:
    """A file's bytes, received by a thread of their own, so that whoever takes them can look up meanwhile."""

    def __init__(self, web: Web, address: str, start: int, tag: str) -> None:
        self._address = address
        self._start = start
        self._items: queue.Queue[Reply | bytes | ToolchainError | None] = queue.Queue(_AHEAD)
        self._closed = threading.Event()
        self._stop: Callable[[], None] | None = None
        run = partial(self._run, web, address, start, tag)
        threading.Thread(target=run, name="receive", daemon=True).start()

    def next(self, seconds: float) -> Reply | bytes | None:
        """Return first the reply, then its pieces, None at the end. Raises queue.Empty where nothing came in time."""
        item = self._items.get(timeout=seconds)
        if isinstance(item, ToolchainError):
            raise item
        return item

    def close(self) -> None:
        """Hang up."""
        self._closed.set()
        if self._stop is not None:
            self._stop()

    def _run(self, web: Web, address: str, start: int, tag: str) -> None:
        try:
            with web.opened(address, start, tag) as reply:
                self._stop = reply.stop
                self._put(reply)
                for piece in reply.body:
                    if not self._put(piece):
                        return
            self._put(None)
        except ToolchainError as error:
            self._put(error)
        except (OSError, RuntimeError, ValueError):  # hung up, or the machine is at its end
            self._put(Stalled(url=address, size=start))

    def _put(self, item: Reply | bytes | ToolchainError | None) -> bool:
        while not self._closed.is_set():
            try:
                self._items.put(item, timeout=0.2)
            except queue.Full:
                continue
            return True
        return False


class Pace:
    """Whether more than a trickle comes."""

    def __init__(self, span: float, size: int) -> None:
        self._span = span
        self._since, self._size = time.monotonic(), size

    def holds(self, now: float, size: int) -> bool:
        """Tell, now that `size` bytes are there; each span of time is judged when it is over."""
        if now - self._since < self._span:
            return True
        enough = size - self._size >= TRICKLE * (now - self._since)
        self._since, self._size = now, size
        return enough


class Speed:
    """Bytes per second in the last seconds."""

    def __init__(self, window: float = 3.0) -> None:
        self._window = window
        self._seen: deque[tuple[float, int]] = deque()
        self.last: float | None = None

    def at(self, size: int) -> float | None:
        """Return the speed, now that `size` bytes are there; None as long as it is too early to say."""
        now = time.monotonic()
        self._seen.append((now, size))
        while len(self._seen) > 2 and now - self._seen[1][0] >= self._window:
            self._seen.popleft()
        then, before = self._seen[0]
        self.last = (size - before) / (now - then) if now - then >= 0.5 else None
        return self.last
