"""Where a person reads: the language, standard output, standard error."""

import sys
from collections.abc import Iterator, Sequence
from typing import TextIO, TypeVar

from gomedic import report
from gomedic.host import Host
from gomedic.model import Progress
from gomedic.preview import shown
from gomedic.texts import N_, Message, catalogue_for, in_language
from gomedic.ticker import Ticker

T = TypeVar("T")
OK, USAGE = 0, 2
YES = ("y", "yes", "是", "j", "o")
UNASKED = N_("Without a terminal to ask on, say --yes to go ahead.")
NOT_DONE = N_("Nothing was changed.")
STOPPED = N_("Stopped before the end; this was known by then.")
NOT_WRITTEN = N_("The report could not be written to standard output: {error}.")


class OutputError(Exception):
    """Standard output takes nothing."""

    def __init__(self, error: Exception) -> None:
        self.message = Message(NOT_WRITTEN, {"error": getattr(error, "strerror", None) or str(error)})
        super().__init__(str(self.message))


class Console:
    """What a command says, and in which language."""

    def __init__(self, host: Host, language: str, *, as_json: bool) -> None:
        self.host = host
        self.catalogue = catalogue_for(language)
        self.as_json = as_json

    def say(self, message: Message, *, to: TextIO | None = None) -> None:
        """Print one sentence; beside JSON on standard error."""
        text = shown(in_language(message, self.catalogue)) + "\n"
        if to is None and not self.as_json:
            self._write(text)
        else:
            (to or sys.stderr).write(text)

    def document(self, value: report.Json) -> None:
        """Print a JSON document. Raises OutputError."""
        self._write(report.encoded(value) + "\n")

    def lines(self, lines: Sequence[report.Line]) -> None:
        """Print lines, with colours on a terminal."""
        if not sys.stdout.isatty():
            self._write("".join(f"{text}\n" for text, _style in lines))
            return
        from rich.console import Console as Rich
        from rich.text import Text

        rich = Rich(highlight=False)
        for text, style in lines:
            rich.print(Text(text, style=style), soft_wrap=True)

    def write(self, text: str) -> None:
        """Print a text as it is. Raises OutputError."""
        self._write(text)

    def agreed(self, question: Message) -> bool:
        """Ask on standard error, so that a report on standard output stays one; tell whether the answer is a yes."""
        sys.stderr.write(in_language(question, self.catalogue))
        sys.stderr.flush()
        return sys.stdin.readline().strip().lower() in YES

    def refusal(self, question: Message) -> int | None:
        """Ask before anything is changed: return the exit code where it must not be, None where it may."""
        if not sys.stdin.isatty():
            self.say(Message(UNASKED), to=sys.stderr)
            return USAGE
        if self.agreed(question):
            return None
        self.say(Message(NOT_DONE))
        return OK

    def _write(self, text: str) -> None:
        """Write to standard output at once, so that a full disk shows here and not when the program ends."""
        try:
            sys.stdout.write(text)
            sys.stdout.flush()
        except BrokenPipeError:
            raise
        except (OSError, ValueError) as error:
            raise OutputError(error) from error

    def _progress(self, value: Progress) -> None:
        percent = f" {value.fraction:4.0%}" if value.fraction is not None else ""
        sys.stderr.write(f"\r\x1b[K{in_language(value.what, self.catalogue)} …{percent}")
        sys.stderr.flush()

    def follow(self, work: Iterator[Progress | T]) -> T:
        """Run a generator of core to its last value; show its progress on standard error.

        A terminal always sees the newest; a log gets a line now and then, and both hear of silence. Who interrupts
        it after it has yielded a first result gets that.
        """
        last: T | None = None
        try:
            with Ticker(sys.stderr, self.catalogue, quiet=self.as_json) as ticker:
                for value in work:
                    if isinstance(value, Progress):
                        ticker.tell(value)
                    else:
                        last = value
        except KeyboardInterrupt:
            if last is None:
                raise
            self.say(Message(STOPPED), to=sys.stderr)
        assert last is not None  # noqa: S101 - every such generator ends with its result
        return last
