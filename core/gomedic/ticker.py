"""Progress on standard error: live on a terminal, a line now and then in a log, and never a long silence."""

import gettext
import threading
import time
from typing import Self, TextIO

from gomedic.model import Progress
from gomedic.texts import N_, Message, in_language

STILL = N_("{what} (still at it, {seconds} s)")
BEGINNING = N_("Beginning")
LONGEST_SILENCE = (
    7.0  # seconds, for starting takes some of the 10; platforms that run lessons end what says nothing for 30
)


class Ticker:
    """Tells what a long command is at; use it in a `with` statement."""

    def __init__(
        self,
        out: TextIO,
        catalogue: gettext.NullTranslations,
        *,
        quiet: bool,
        silence: float = LONGEST_SILENCE,
    ) -> None:
        """Write to `out`; `quiet` shows no live line, only what breaks a silence of so many seconds."""
        self._out, self._catalogue, self._silence = out, catalogue, silence
        self._is_live = out.isatty() and not quiet
        self._last: Progress | None = None
        self._told = self._begun = time.monotonic()
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._break_silence, name="ticker", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()
        if self._is_live:
            self._write("\r\x1b[K")

    def tell(self, progress: Progress) -> None:
        """Take note of where the work is."""
        with self._lock:
            self._last = progress
            if self._is_live or time.monotonic() - self._told >= self._silence:
                self._show(progress.what, progress.fraction)

    def _break_silence(self) -> None:
        while not self._over.wait(min(self._silence / 4, 0.5)):
            with self._lock:
                now = time.monotonic()
                if now - self._told < self._silence:
                    continue
                last = self._last or Progress(Message(BEGINNING))
                values: dict[str, str | int | Message] = {
                    "what": last.what,
                    "seconds": round(now - self._begun),
                }
                self._show(Message(STILL, values), last.fraction)

    def _show(self, what: Message, fraction: float | None) -> None:
        self._told = time.monotonic()
        percent = f" {fraction:4.0%}" if fraction is not None else ""
        text = f"{in_language(what, self._catalogue)} …{percent}"
        self._write(f"\r\x1b[K{text}" if self._is_live else f"{text}\n")

    def _write(self, text: str) -> None:
        try:
            self._out.write(text)
            self._out.flush()
        except (OSError, ValueError):
            return  # nobody listens; the work goes on
