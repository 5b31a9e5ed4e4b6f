"""Find the line of a command in the fish file it stands in, as it was written or as it was run."""

import os
import re
from collections.abc import Callable
from itertools import count

# What stands before a command.
_BEGINS = r"(?:^|[;&|(]|\b(?:and|or|not|if|while|begin|time)[ \t]|![ \t])[ \t]*"


class Sources:
    """The lines of the files that fish read, and which of them a traced command can be."""

    def __init__(self, text: Callable[[str], str | None]) -> None:
        self._text = text
        self._lines: dict[str, list[str]] = {}
        self._reached: dict[str, int] = {}

    def lines(self, file: str) -> list[str]:
        """Return a file's lines; none if it is not there (any more)."""
        if file not in self._lines:
            text = self._text(file)
            self._lines[file] = [] if text is None else text.split("\n")
        return self._lines[file]

    def line_of(self, command: str, file: str) -> int | None:
        """Return the line that says most of `command`, which is traced expanded; of equals, the next one."""
        name, *words = command.split(" ")
        begins = re.compile(rf"(?<![\w-]){re.escape(os.path.basename(name.strip(chr(39))))}(?![\w-])")
        never = ("#",) if name == "function" else ("#", "function ")
        scored = [
            (_score(words, line), number)
            for number, line in zip(count(1), self.lines(file), strict=False)
            if begins.search(line) and not line.lstrip().startswith(never)
        ]
        if not scored:
            return None
        best = max(score for score, _number in scored)
        return self._next([number for score, number in scored if score == best], file)

    def line_as_written(self, job: str, file: str, function: str | None) -> int | None:
        """Return the line where a job begins that the file says word for word, in a function if one is given."""
        text = "\n".join(self.lines(file))
        match = re.search(rf"(?m)^[^#\n]*\bfunction {re.escape(function)}\b", text) if function else None
        found = re.finditer(rf"(?m){_BEGINS}({re.escape(job)})(?![\w/.-])", text) if job else ()
        starts = [at.start(1) for at in found if at.start(1) > (match.start() if match else -1)]
        numbers = [text.count("\n", 0, start) + 1 for start in starts]
        numbers = [number for number in numbers if not self.lines(file)[number - 1].lstrip().startswith("#")]
        if not numbers or match:
            return next(iter(numbers), None)
        return self._next(numbers, file)

    def _next(self, numbers: list[int], file: str) -> int:
        """Return the one that follows what was found before, and remember it."""
        cursor = self._reached.get(file, 0)
        self._reached[file] = next((number for number in numbers if number >= cursor), numbers[0])
        return self._reached[file]


def _score(words: list[str], line: str) -> int:
    """Return how much of the words a line says; a word may be there unquoted or behind a variable."""
    plain = (word.strip("'\"") for word in words)
    return sum(len(word) for word in plain if word and word in line)
