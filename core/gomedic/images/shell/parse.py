"""From tokens to commands (POSIX.1-2024, Shell Command Language, 2.9 and 2.10), and no further than start-up files go."""

from __future__ import annotations

from collections.abc import Iterator

from gomedic.images.shell.nodes import (
    Background,
    Body,
    Branch,
    Case,
    Chain,
    For,
    Function,
    Group,
    Loop,
    Node,
    Not,
    Pipe,
    Simple,
    Test,
    Unclear,
    Word,
)
from gomedic.images.shell.words import CannotRead, Piece, Token, tokens

_REDIRECTIONS = ("<", ">", ">>", "<<", "<<-", "<<<", "<&", ">&", "<>", ">|", "&>", "&>>")
_CLOSING = ("then", "elif", "else", "fi", "do", "done", "esac", "}", "in")
_DEEPEST = 100


def parsed(text: str) -> Body:
    """Return the commands of a script; what cannot be understood ends it as `Unclear`."""
    found: list[Node] = []
    try:
        parser = _Parser(tokens(text))
        while not parser.at_end:
            found += parser.line()
    except CannotRead as error:
        found.append(Unclear(error.line))
    return tuple(found)


class _Parser:
    def __init__(self, found: Iterator[Token]) -> None:
        self._tokens = found
        self._next: Token | None = None
        self._depth = 0
        self._last = 1  # line of the token that was taken last
        self._advance()

    @property
    def at_end(self) -> bool:
        return self._next is None

    def _advance(self) -> Token:
        token = self._next
        if token is not None:
            self._last = token.line
        self._next = next(self._tokens, None)
        return token or Token(self._last, "\n")

    def _is(self, operator: str) -> bool:
        return self._next is not None and self._next.operator == operator

    def _says(self, *words: str) -> bool:
        return self._next is not None and self._next.plain in words

    def _fail(self) -> CannotRead:
        return CannotRead(self._next.line if self._next else self._last)

    def _expect(self, word: str) -> None:
        if not (self._says(word) or self._is(word)):
            raise self._fail()
        self._advance()

    def _pass_newlines(self) -> None:
        while self._is("\n"):
            self._advance()

    # ---------------------------------------------------------- lists

    def line(self) -> list[Node]:
        """Return the commands up to the next newline that ends one."""
        if self._is("\n"):
            self._advance()
            return []
        return [self._ended()]

    def _ended(self) -> Node:
        node = self._chain()
        if self._is("&"):
            self._advance()
            return Background(node)
        if self._is(";"):
            self._advance()
        elif self._next is not None and not self._next.operator and self._next.plain not in _CLOSING:
            raise self._fail()
        return node

    def _body(self, *ends: str) -> Body:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise self._fail()
        found: list[Node] = []
        self._pass_newlines()
        while not (self._says(*ends) or any(self._is(end) for end in ends)):
            if self._next is None:
                raise self._fail()
            found.append(self._ended())
            self._pass_newlines()
        self._depth -= 1
        return tuple(found)

    def _chain(self) -> Node:
        first = self._pipe()
        rest = []
        while self._is("&&") or self._is("||"):
            operator = self._advance().operator
            self._pass_newlines()
            rest.append((operator, self._pipe()))
        return Chain(first, tuple(rest)) if rest else first

    def _pipe(self) -> Node:
        if self._says("!"):
            self._advance()
            return Not(self._pipe())
        line = self._next.line if self._next else 0
        commands = [self._command()]
        while self._is("|"):
            self._advance()
            self._pass_newlines()
            commands.append(self._command())
        return commands[0] if len(commands) == 1 else Pipe(line, tuple(commands))

    # ---------------------------------------------------------- commands

    def _command(self) -> Node:
        token = self._next
        if token is None:
            raise self._fail()
        compound = {
            "if": self._if, "case": self._case, "for": self._for, "select": self._for, "while": self._loop,
            "until": self._loop, "{": self._group, "function": self._function, "[[": self._test,
        }.get(token.plain or "")  # fmt: skip
        if compound is not None:
            self._advance()
            node = compound(token.line)
            self._redirections()
            return node
        if token.operator == "(":
            self._advance()
            body = self._body(")")
            self._expect(")")
            self._redirections()
            return Group(token.line, body, True)
        return self._simple()

    def _if(self, line: int) -> Node:
        branches = []
        otherwise: Body = ()
        while True:
            condition = self._body("then")
            self._expect("then")
            branches.append((condition, self._body("elif", "else", "fi")))
            word = self._advance().plain
            if word == "else":
                otherwise = self._body("fi")
                self._expect("fi")
            if word != "elif":
                return Branch(line, tuple(branches), otherwise)

    def _case(self, line: int) -> Node:
        word = Word(self._advance().pieces)
        self._pass_newlines()
        self._expect("in")
        self._pass_newlines()
        branches = []
        while not self._says("esac"):
            if self._is("("):
                self._advance()
            patterns = [Word(self._advance().pieces)]
            while self._is("|"):
                self._advance()
                patterns.append(Word(self._advance().pieces))
            self._expect(")")
            branches.append((tuple(patterns), self._body(";;", ";&", ";;&", "esac")))
            if self._is(";&") or self._is(";;&"):
                raise self._fail()
            if self._is(";;"):
                self._advance()
            self._pass_newlines()
        self._advance()
        return Case(line, word, tuple(branches))

    def _for(self, line: int) -> Node:
        name = self._advance().plain
        if name is None:
            raise self._fail()
        words: tuple[Word, ...] | None = None
        self._pass_newlines()
        if self._says("in"):
            self._advance()
            found = []
            while self._next is not None and not self._next.operator:
                found.append(Word(self._advance().pieces))
            words = tuple(found)
        while self._is(";") or self._is("\n"):
            self._advance()
        self._expect("do")
        body = self._body("done")
        self._expect("done")
        return For(line, name, words, body)

    def _loop(self, line: int) -> Node:
        condition = self._body("do")
        self._expect("do")
        body = self._body("done")
        self._expect("done")
        return Loop(line, condition, body)

    def _group(self, line: int) -> Node:
        body = self._body("}")
        self._expect("}")
        return Group(line, body, False)

    def _function(self, line: int) -> Node:
        name = self._advance().plain or ""
        if self._is("("):
            self._advance()
            self._expect(")")
        self._pass_newlines()
        return Function(line, name, (self._command(),))

    def _test(self, line: int) -> Node:
        found: list[Word | str] = []
        while not self._says("]]"):
            if self._next is None:
                raise self._fail()
            token = self._advance()
            if token.operator != "\n":
                found.append(token.operator or Word(token.pieces))
        self._advance()
        return Test(line, tuple(found))

    def _redirections(self) -> None:
        while self._next is not None and self._next.operator in _REDIRECTIONS:
            self._advance()
            self._advance()

    def _simple(self) -> Node:
        line = self._next.line if self._next else 0
        assignments: list[tuple[str, Word, bool]] = []
        words: list[Word] = []
        while self._next is not None:
            if self._next.operator in _REDIRECTIONS:
                self._redirections()
                if words and words[-1].pieces[-1:] and _is_number(words[-1]):
                    words.pop()  # the descriptor: 2>/dev/null
                continue
            if self._next.operator == "(" and len(words) == 1 and not assignments:
                return self._defined(line, words[0])
            if self._next.operator:
                break
            token = self._advance()
            assigned = None if words else assignment(token.pieces)
            if assigned is not None:
                assignments.append(assigned)
            else:
                words.append(Word(token.pieces))
        if not assignments and not words and not (self._next is None or self._next.operator in ("\n", ";")):
            raise self._fail()
        return Simple(line, tuple(assignments), tuple(words))

    def _defined(self, line: int, name: Word) -> Node:
        self._advance()
        self._expect(")")
        self._pass_newlines()
        return Function(line, "".join(piece.text for piece in name.pieces), (self._command(),))


def _is_number(word: Word) -> bool:
    return len(word.pieces) == 1 and word.pieces[0].kind == "text" and word.pieces[0].text in ("1", "2", "0")


def assignment(pieces: tuple[Piece, ...]) -> tuple[str, Word, bool] | None:
    """Return name, value and whether it is appended, where a word is an assignment."""
    first = pieces[0] if pieces else None
    if first is None or first.kind != "text" or first.quoted:
        return None
    name, equals, value = first.text.partition("=")
    appended = name.endswith("+")
    name = name.removesuffix("+")
    if not equals or not name.isidentifier() or not name.isascii():
        return None
    rest = (Piece("text", value),) if value else ()
    return name, Word((*rest, *pieces[1:])), appended
