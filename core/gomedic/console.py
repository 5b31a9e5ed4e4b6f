"""Where a person reads: the language, standard output, standard error."""

import sys
from collections.abc import Iterator, Sequence
from typing import TextIO, TypeVar

from gomedic import report
from gomedic.host import Host
from gomedic.model import Progress
from gomedic.preview import shown
from gomedic.texts import Message, catalogue_for, in_language

T = TypeVar("T")


class Console:
    """What a command says, and in which language."""

    def __init__(self, host: Host, language: str, *, as_json: bool) -> None:
        self.host = host
        self.catalogue = catalogue_for(language)
        self.as_json = as_json

    def say(self, message: Message, *, to: TextIO | None = None) -> None:
        """Print one sentence; beside JSON on standard error."""
        stream = to or (sys.stderr if self.as_json else sys.stdout)
        print(shown(in_language(message, self.catalogue)), file=stream)

    def document(self, value: report.Json) -> None:
        """Print a JSON document."""
        sys.stdout.write(report.encoded(value) + "\n")

    def lines(self, lines: Sequence[report.Line]) -> None:
        """Print lines, with colours on a terminal."""
        if not sys.stdout.isatty():
            sys.stdout.write("".join(f"{text}\n" for text, _style in lines))
            return
        from rich.console import Console as Rich
        from rich.text import Text

        rich = Rich(highlight=False)
        for text, style in lines:
            rich.print(Text(text, style=style), soft_wrap=True)

    def follow(self, work: Iterator[Progress | T]) -> T:
        """Run a generator of core to its last value; show its progress on a terminal's standard error."""
        last: T | None = None
        shows = sys.stderr.isatty() and not self.as_json
        for value in work:
            if isinstance(value, Progress):
                if shows:
                    percent = f" {value.fraction:4.0%}" if value.fraction is not None else ""
                    sys.stderr.write(f"\r\x1b[K{in_language(value.what, self.catalogue)} …{percent}")
                    sys.stderr.flush()
            else:
                last = value
        if shows:
            sys.stderr.write("\r\x1b[K")
        assert last is not None  # noqa: S101 - every such generator ends with its result
        return last
