"""Cut the text of a shell script into words and operators (POSIX.1-2024, Shell Command Language, 2.3)."""

from collections.abc import Iterator

from msgspec import Struct

_OPERATORS = (
    "<<<", "<<-", "&>>", ";;&", "&&", "||", ";;", ";&", "<<", ">>", "<&", ">&", "<>", ">|", "&>", ";", "&", "|", "(",
    ")", "<", ">",
)  # fmt: skip
_ENDS = " \t\n;&|()<>"
_LARGEST = 512 << 10  # characters of a script


class CannotRead(Exception):  # noqa: N818 - said of the text
    """The text is no shell script that this reader understands; `line` is where it stops."""

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


class Piece(Struct, frozen=True):
    """A part of a word: text as it stands, or something to be expanded."""

    kind: str  # text var command arithmetic
    text: str
    quoted: bool = False


class Token(Struct, frozen=True):
    """A word (its pieces) or an operator (its text)."""

    line: int
    operator: str = ""
    pieces: tuple[Piece, ...] = ()

    @property
    def plain(self) -> str | None:
        """The word's text where it is one piece without quotes: only then it can be a reserved word."""
        if self.operator or len(self.pieces) != 1 or self.pieces[0].kind != "text" or self.pieces[0].quoted:
            return None
        return self.pieces[0].text


def tokens(text: str) -> Iterator[Token]:
    """Yield the tokens of a script; a newline is the operator "\\n". Raises CannotRead."""
    if len(text) > _LARGEST:
        raise CannotRead(1)
    return _Lexer(text).run()


class _Lexer:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._line = 1
        self._documents: list[tuple[str, bool]] = []  # here-documents whose text comes after this line

    def run(self) -> Iterator[Token]:
        delimiter_next = ""
        while self._at < len(self._text):
            character = self._text[self._at]
            if character in " \t\r":
                self._at += 1
            elif self._text.startswith("\\\n", self._at):
                self._step(2)
            elif character == "#":
                self._at = self._end_of_line()
            elif character == "\n":
                yield Token(self._line, "\n")
                self._step(1)
                self._pass_documents()
            elif (operator := self._operator()) is not None:
                self._at += len(operator)
                delimiter_next = operator if operator in ("<<", "<<-") else ""
                yield Token(self._line, operator)
            else:
                line = self._line
                token = Token(line, pieces=tuple(self._word()))
                if delimiter_next:
                    name = "".join(piece.text for piece in token.pieces)
                    self._documents.append((name, delimiter_next == "<<-"))
                    delimiter_next = ""
                yield token

    def _step(self, count: int) -> None:
        self._line += self._text.count("\n", self._at, self._at + count)
        self._at += count

    def _end_of_line(self) -> int:
        end = self._text.find("\n", self._at)
        return len(self._text) if end < 0 else end

    def _operator(self) -> str | None:
        return next((o for o in _OPERATORS if self._text.startswith(o, self._at)), None)

    def _pass_documents(self) -> None:
        for name, tabs in self._documents:
            while self._at < len(self._text):
                end = self._end_of_line()
                line = self._text[self._at : end]
                self._step(end - self._at + 1)
                if (line.lstrip("\t") if tabs else line) == name:
                    break
        self._documents = []

    def _word(self) -> Iterator[Piece]:
        plain = ""
        while self._at < len(self._text):
            character = self._text[self._at]
            if character in _ENDS:
                if character == "(" and plain.endswith("=") and plain.rstrip("+=").isidentifier():
                    yield Piece("text", plain)  # an array
                    plain = ""
                    yield Piece("command", self._balanced("(", ")"))
                    continue
                break
            if character in "'\"$`\\":
                if plain:
                    yield Piece("text", plain)
                    plain = ""
                yield from self._special(character)
            else:
                plain += character
                self._at += 1
        if plain:
            yield Piece("text", plain)

    def _special(self, character: str) -> Iterator[Piece]:
        if character == "'":
            end = self._find("'", self._at + 1)
            text = self._text[self._at + 1 : end]
            self._step(end + 1 - self._at)
            yield Piece("text", text, quoted=True)
        elif character == '"':
            yield from self._double_quoted()
        elif character == "\\":
            text = self._text[self._at + 1 : self._at + 2]
            self._step(2)
            if text != "\n":
                yield Piece("text", text, quoted=True)
        else:
            yield self._expansion(quoted=False)

    def _double_quoted(self) -> Iterator[Piece]:
        start = self._line
        self._at += 1
        text = ""
        while True:
            if self._at >= len(self._text):
                raise CannotRead(start)
            character = self._text[self._at]
            if character == '"':
                break
            if character == "\\" and self._text[self._at + 1 : self._at + 2] in ("$", "`", '"', "\\", "\n"):
                following = self._text[self._at + 1]
                text += "" if following == "\n" else following
                self._step(2)
            elif character in "$`":
                if text:
                    yield Piece("text", text, quoted=True)
                    text = ""
                yield self._expansion(quoted=True)
            else:
                text += character
                self._step(1)
        self._at += 1
        yield Piece("text", text, quoted=True)

    def _expansion(self, *, quoted: bool) -> Piece:
        text, at = self._text, self._at
        if text[at] == "`":
            end = self._find("`", at + 1)
            inner = text[at + 1 : end]
            self._step(end + 1 - at)
            return Piece("command", inner, quoted)
        following = text[at + 1 : at + 2]
        if text.startswith("$((", at):
            self._at += 1
            return Piece("arithmetic", self._balanced("(", ")"), quoted)
        if following == "(":
            self._at += 1
            return Piece("command", self._balanced("(", ")"), quoted)
        if following == "{":
            self._at += 1
            return Piece("var", self._balanced("{", "}"), quoted)
        if following == "'" and not quoted:
            self._at += 1
            return next(iter(self._special("'")))
        end = at + 1
        while end < len(text) and (text[end].isalnum() or text[end] == "_"):
            end += 1
        if end == at + 1 and following and following in "@*#?-$!":
            end += 1
        elif following.isdigit():
            end = at + 2
        self._at = end
        return Piece("var", text[at + 1 : end], quoted) if end > at + 1 else Piece("text", "$", quoted)

    def _balanced(self, opening: str, closing: str) -> str:
        """Pass over a bracketed part, quotes within it respected, and return what is inside."""
        start, depth, at, text = self._at, 0, self._at, self._text
        while at < len(text):
            character = text[at]
            if character == "\\":
                at += 1
            elif character in "'\"" and not (opening == "{" and character == "'"):
                at = self._close_quote(at)
            elif character == opening:
                depth += 1
            elif character == closing:
                depth -= 1
                if not depth:
                    inner = text[start + 1 : at]
                    self._step(at + 1 - start)
                    return inner
            at += 1
        raise CannotRead(self._line)

    def _close_quote(self, at: int) -> int:
        quote, at = self._text[at], at + 1
        while at < len(self._text) and self._text[at] != quote:
            at += 2 if quote == '"' and self._text[at] == "\\" else 1
        return at

    def _find(self, mark: str, start: int) -> int:
        end = self._text.find(mark, start)
        if end < 0:
            raise CannotRead(self._line)
        return end
