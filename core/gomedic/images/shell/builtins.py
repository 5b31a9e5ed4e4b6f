"""The commands that are the shell's own and matter to its environment."""

import posixpath
from collections.abc import Callable
from typing import Protocol

from gomedic.files import Files
from gomedic.images.shell import conditions, expand
from gomedic.images.shell.nodes import Body, Simple, Word
from gomedic.images.shell.parse import assignment, parsed
from gomedic.images.shell.state import UNKNOWN, Shell, said

DECLARING = ("export", "readonly", "declare", "typeset", "local")
# What they print is for the terminal or for themselves, and sets no variable of Go's.
_COMPLETIONS = ("/usr/share/bash-completion/", "/etc/bash_completion")  # they complete words, no more
_HARMLESS = (
    "dircolors",
    "lesspipe",
    "lessfile",
    "ssh-agent",
    "starship",
    "direnv",
    "zoxide",
    "resize",
    "tset",
)

Answer = bool | None


class Ended(Exception):  # noqa: N818 - no error
    """The shell came to its end before its start-up files did."""

    def __init__(self, how: str, words: tuple[str, ...] = ()) -> None:
        super().__init__(how)
        self.how = how  # exit exec hung
        self.words = words


class Returned(Exception):  # noqa: N818 - no error
    """`return`."""


class Broke(Exception):  # noqa: N818 - no error
    """`break` or `continue`."""

    def __init__(self, *, ends: bool) -> None:
        super().__init__(ends)
        self.ends = ends


class Runner(Protocol):
    """Who goes through files and commands."""

    def file(self, path: str) -> Answer: ...
    def body(self, nodes: Body) -> Answer: ...


def harmless(command: Simple) -> bool:
    """Tell whether an `eval` takes what a program prints that sets nothing that matters here."""
    script = " ".join(piece.text for word in command.words[1:] for piece in word.pieces)
    names = [posixpath.basename(word) for word in script.replace('"', " ").split() if "=" not in word]
    return bool(names) and names[0] in _HARMLESS


class Builtins:
    """The commands by name, each given its arguments."""

    def __init__(self, shell: Shell, files: Files, reader: Runner) -> None:
        self._shell = shell
        self._files = files
        self._reader = reader
        self.known: dict[str, Callable[[list[str]], Answer]] = {
            ".": self._source, "source": self._source, "return": self._return, "exit": self._exit,
            "exec": self._exec, "unset": self._unset, "eval": self._eval, "test": self._test, "[": self._bracket,
            "shift": self._shift, "alias": self._alias, "shopt": self._shopt, "command": self._command,
            "type": self._asks, "which": self._asks, "false": lambda _words: False, "break": self._break,
            "continue": self._continue, "set": self._set,
        }  # fmt: skip

    def assign(self, name: str, value: str, *, export: bool | None = None) -> None:
        """Give a variable a value, as an assignment does."""
        allexport = True if self._shell.values.get("-a") else None
        self._shell.set(
            name, value, f"{name}={said(value)}", export=export if export is not None else allexport
        )
        if name == "path" and self._shell.family == "zsh":  # tied to PATH (zshparam(1))
            self._shell.set("PATH", UNKNOWN)
            self._shell.doubt("path=(…)")

    def declare(self, node: Simple, name: str) -> Answer:
        """`export` and its kin take assignments as arguments, which are not split (bash) or are (dash, older ones)."""
        options = [w for w in node.words[1:] if _plain(w).startswith("-")]
        exports = name == "export" or any("x" in _plain(option) for option in options)
        if any("n" in _plain(option) for option in options) and name == "export":
            for word in node.words[1:]:
                self._shell.exported.discard(_plain(word))
            return True
        for word in node.words[1:]:
            if word in options:
                continue
            self._declare_one(word, exports=exports)
        return True

    def _declare_one(self, word: Word, *, exports: bool) -> None:
        found = assignment(word.pieces)
        if found is None:
            whole = expand.text(self._shell, self._files, word)
            name, equals, value = whole.partition("=")
            before = ""
        else:
            name, said_, appended = found
            before = self._shell.values.get(name, "") if appended else ""
            equals, value = "=", expand.text(self._shell, self._files, said_)
        if equals:
            self.assign(name, before + value, export=True if exports else None)
        elif exports and UNKNOWN not in name:
            self._export(name)

    def _export(self, name: str) -> None:
        if name in self._shell.exported:
            return
        self._shell.exported.add(name)
        if name in self._shell.values:
            self._shell.set(name, self._shell.values[name], f"export {name}", export=True)

    def _source(self, words: list[str]) -> Answer:
        path = words[0] if words else ""
        if UNKNOWN in path:
            self._shell.doubt(f". {said(path)}")
            return None
        if "/" not in path:
            path = expand.program(self._shell, self._files, path) or path
        if not path.startswith("/"):
            return False
        if path.startswith(_COMPLETIONS):
            return True
        kept = self._shell.arguments
        if words[1:]:
            self._shell.arguments = words[1:]
        try:
            return self._reader.file(path)
        finally:
            self._shell.arguments = kept

    def _return(self, _words: list[str]) -> Answer:
        raise Returned

    def _exit(self, _words: list[str]) -> Answer:
        raise Ended("exit")

    def _exec(self, words: list[str]) -> Answer:
        if not words:  # redirections alone
            return True
        raise Ended("exec", tuple(words))

    def _break(self, _words: list[str]) -> Answer:
        raise Broke(ends=True)

    def _continue(self, _words: list[str]) -> Answer:
        raise Broke(ends=False)

    def _unset(self, words: list[str]) -> Answer:
        for name in words:
            if name == "-f":
                break
            if not name.startswith("-") and name in self._shell.values:
                self._shell.set(name, None, f"unset {name}")
        return True

    def _set(self, words: list[str]) -> Answer:
        if words[:1] == ["--"]:
            self._shell.arguments = words[1:]
        elif "-a" in words or words[-1:] == ["allexport"]:
            if words[0] == "+a" or words[:2] == ["+o", "allexport"]:
                self._shell.values.pop("-a", None)
            else:
                self._shell.values["-a"] = "1"
        elif "+a" in words:
            self._shell.values.pop("-a", None)
        return True

    def _shift(self, words: list[str]) -> Answer:
        count = int(words[0]) if words and words[0].isdigit() else 1
        self._shell.arguments = self._shell.arguments[count:]
        return True

    def _eval(self, words: list[str]) -> Answer:
        script = " ".join(words)
        if UNKNOWN not in script:
            return self._reader.body(parsed(script))
        self._shell.doubt(f"eval {said(script)}")
        return None

    def _test(self, words: list[str]) -> Answer:
        return conditions.of_fields(self._shell, self._files, words)

    def _bracket(self, words: list[str]) -> Answer:
        return self._test(words[:-1] if words[-1:] == ["]"] else words)

    def _alias(self, words: list[str]) -> Answer:
        for word in words:
            name, equals, value = word.partition("=")
            if equals:
                self._shell.aliases[name] = said(value)
        return True

    def _shopt(self, words: list[str]) -> Answer:
        if "login_shell" in words and any("q" in word for word in words if word.startswith("-")):
            return self._shell.mode.login
        if "posix" in words:  # the shell is started as itself
            return False
        return True if "-s" in words or "-u" in words else None

    def _command(self, words: list[str]) -> Answer:
        if words[:1] in (["-v"], ["-V"]):
            return self._asks(words[1:])
        return None

    def _asks(self, words: list[str]) -> Answer:
        names = [word for word in words if not word.startswith("-")]
        if not names or any(UNKNOWN in name for name in names):
            return None
        return all(name in self.known or expand.program(self._shell, self._files, name) for name in names)


def _plain(word: object) -> str:
    pieces = getattr(word, "pieces", ())
    return pieces[0].text if pieces and pieces[0].kind == "text" else ""
