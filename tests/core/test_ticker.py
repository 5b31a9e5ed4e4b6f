"""Progress for people and logs: never silent for long, and never in the way of a document."""

import gettext
import io
import threading

from gomedic.model import Progress
from gomedic.texts import Message
from gomedic.ticker import Ticker


class Terminal(io.StringIO):
    """Counts lines, so that a test can wait for one."""

    def __init__(self, *, live: bool) -> None:
        super().__init__()
        self._live = live
        self.written = threading.Semaphore(0)

    def isatty(self) -> bool:
        return self._live

    def write(self, text: str) -> int:
        count = super().write(text)
        self.written.release()
        return count


def ticker(out: io.StringIO, *, quiet: bool = False, silence: float = 60.0) -> Ticker:
    return Ticker(out, gettext.NullTranslations(), quiet=quiet, silence=silence)


def test_a_terminal_sees_each_piece_at_once() -> None:
    out = Terminal(live=True)
    with ticker(out) as telling:
        telling.tell(Progress(Message("Fetching"), 0.5))
        assert out.getvalue() == "\r\x1b[KFetching …  50%"
    assert out.getvalue().endswith("\r\x1b[K")


def test_a_log_gets_nothing_of_what_is_soon_over() -> None:
    for out, quiet in ((Terminal(live=False), False), (Terminal(live=True), True)):
        with ticker(out, quiet=quiet) as telling:
            telling.tell(Progress(Message("Fetching"), 0.5))
        assert out.getvalue() == ""


def test_a_silence_is_broken_again_and_again() -> None:
    out = Terminal(live=False)
    with ticker(out, silence=0.2) as telling:
        telling.tell(Progress(Message("Fetching"), 0.5))
        for _ in range(2):
            assert out.written.acquire(timeout=10)
    assert out.getvalue().splitlines()[:2] == ["Fetching (still at it, 0 s) …  50%"] * 2


def test_silence_is_broken_before_anything_was_told() -> None:
    out = Terminal(live=False)
    with ticker(out, silence=0.2):
        assert out.written.acquire(timeout=10)
    assert out.getvalue().splitlines()[0] == "Beginning (still at it, 0 s) …"


def test_a_log_gets_a_line_now_and_then() -> None:
    out = Terminal(live=False)
    with ticker(out, silence=0.0001) as telling:
        telling.tell(Progress(Message("Fetching")))
        assert out.written.acquire(timeout=10)
    assert "Fetching" in out.getvalue().splitlines()[0]


def test_nobody_listening_is_no_fault() -> None:
    out = Terminal(live=True)
    with ticker(out) as telling:
        out.close()
        telling.tell(Progress(Message("Fetching")))
