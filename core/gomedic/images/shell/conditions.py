"""What `[`, `test` and `[[` answer: yes, no, or (None) that it cannot be told."""

import os
from collections.abc import Sequence

from gomedic.files import Files
from gomedic.images.shell import expand
from gomedic.images.shell.nodes import Word
from gomedic.images.shell.state import UNKNOWN, Shell

_BINARY = ("=", "==", "!=", "-eq", "-ne", "-lt", "-le", "-gt", "-ge", "=~", "<", ">", "-ef", "-nt", "-ot")


def negated(answer: bool | None) -> bool | None:
    """Return the opposite of an answer."""
    return None if answer is None else not answer


def both(first: bool | None, second: bool | None) -> bool | None:
    """Return whether both hold."""
    if first is False or second is False:
        return False
    return None if first is None or second is None else True


def either(first: bool | None, second: bool | None) -> bool | None:
    """Return whether one of them holds."""
    return negated(both(negated(first), negated(second)))


class Test:
    """One `[ … ]` or `[[ … ]]`: words read from left to right."""

    def __init__(self, shell: Shell, files: Files, words: Sequence[tuple[str, str]]) -> None:
        self._shell = shell
        self._files = files
        self._words = list(words)  # each as text, and as the pattern that it is on the right of = within [[
        self._at = 0

    def answer(self) -> bool | None:
        """Return the answer to the whole."""
        if not self._words:
            return False
        found = self._or()
        return found if self._at >= len(self._words) else None

    def _peek(self, offset: int = 0) -> str:
        at = self._at + offset
        return self._words[at][0] if at < len(self._words) else ""

    def _take(self) -> tuple[str, str]:
        word = self._words[self._at] if self._at < len(self._words) else ("", "")
        self._at += 1
        return word

    def _or(self) -> bool | None:
        found = self._and()
        while self._peek() in ("-o", "||"):
            self._take()
            found = either(found, self._and())
        return found

    def _and(self) -> bool | None:
        found = self._one()
        while self._peek() in ("-a", "&&"):
            self._take()
            found = both(found, self._one())
        return found

    def _one(self) -> bool | None:
        left = len(self._words) - self._at
        if left >= 3 and self._peek(1) in _BINARY:
            (first, _), (operator, _), (second, wanted) = self._take(), self._take(), self._take()
            return self._compared(first, operator, second, wanted)
        if self._peek() == "!" and left > 1:
            self._take()
            return negated(self._one())
        if self._peek() == "(" and left > 2:
            self._take()
            found = self._or()
            self._take()
            return found
        if left >= 2 and len(self._peek()) == 2 and self._peek().startswith("-"):
            (operator, _), (word, _) = self._take(), self._take()
            return self._asked(operator, word)
        word = self._take()[0]
        return _is_something(word)

    def _compared(self, first: str, operator: str, second: str, wanted: str) -> bool | None:
        if operator in ("=", "==", "!="):
            found = expand.matches(first, wanted)
            return negated(found) if operator == "!=" else found
        if UNKNOWN in first + second or not operator.startswith("-"):
            return None
        try:
            one, other = int(first), int(second)
        except ValueError:
            return False if operator not in ("-ef", "-nt", "-ot") else None
        return {
            "-eq": one == other, "-ne": one != other, "-lt": one < other, "-le": one <= other, "-gt": one > other,
            "-ge": one >= other,
        }.get(operator)  # fmt: skip

    def _asked(self, operator: str, word: str) -> bool | None:
        if operator == "-n":
            return _is_something(word)
        if operator == "-z":
            return negated(_is_something(word))
        if operator == "-t":
            return self._shell.mode.interactive
        if operator == "-v":
            return word in self._shell.values
        if UNKNOWN in word or not word.startswith("/"):
            return False if not word else None
        return self._of_file(operator, word)

    def _of_file(self, operator: str, path: str) -> bool | None:
        files = self._files
        if operator in ("-r", "-w", "-x"):
            how = {"-r": os.R_OK, "-w": os.W_OK, "-x": os.X_OK}[operator]
            return files.exists(path) and files.may(path, how)
        if operator in ("-h", "-L"):
            return files.is_there(path) and files.real(path) != path
        if operator == "-s":
            return files.exists(path) and files.stat(path).st_size > 0
        asked = {"-e": files.exists, "-a": files.exists, "-f": files.is_file, "-d": files.is_folder}.get(
            operator
        )
        return asked(path) if asked is not None else None


def _is_something(word: str) -> bool | None:
    if word.replace(UNKNOWN, ""):
        return True
    return None if word else False


def of_words(shell: Shell, files: Files, words: Sequence[Word | str]) -> bool | None:
    """Return the answer of `[[ … ]]`."""
    found = []
    for word in words:
        if isinstance(word, str):
            found.append((word, word))
        else:
            found.append((expand.text(shell, files, word), expand.pattern(shell, files, word)))
    return Test(shell, files, found).answer()


def of_fields(shell: Shell, files: Files, given: Sequence[str]) -> bool | None:
    """Return the answer of `[ … ]` or `test …`, whose words are expanded already."""
    return Test(
        shell, files, [(word, "".join(f"[{c}]" if c in "*?[" else c for c in word)) for word in given]
    ).answer()
