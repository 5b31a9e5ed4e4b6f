"""Go through start-up files as a shell would, without running anything: every change with its line, every doubt kept."""

import contextlib

from gomedic.files import Files
from gomedic.images.shell import conditions, expand
from gomedic.images.shell.builtins import DECLARING, Broke, Builtins, Ended, Returned, harmless
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
)
from gomedic.images.shell.parse import parsed
from gomedic.images.shell.state import UNKNOWN, Shell, said
from gomedic.sessions.trace import Frame

_MOST_STEPS = 20_000  # commands of one start-up
_DEEPEST = 30  # files and functions within one another
_LARGEST_FILE = 256 << 10  # bytes
_NO_EFFECT = ":", "true", "echo", "printf", "umask", "ulimit", "hash", "trap", "set", "setopt", "alias", "cd"

Answer = bool | None
__all__ = ["Ended", "Reader"]


class Reader:
    """Reads one start-up; raises Ended where the shell would not come to its end."""

    def __init__(self, shell: Shell, files: Files) -> None:
        self._shell = shell
        self._files = files
        self._builtins = Builtins(shell, files, self)

    def file(self, path: str) -> Answer:
        """Read a file; False where it is not there or may not be read."""
        shell = self._shell
        if not self._files.is_file(path) or not self._files.may(path, 4):
            return False
        data = self._files.part(path, 0, _LARGEST_FILE)
        if data is None or len(shell.frames) >= _DEEPEST:
            shell.doubt(path)
            return None
        if path not in shell.files:
            shell.files.append(path)
        shell.frames.append(Frame(path, 0))
        try:
            self.body(parsed(data.decode("utf-8", "surrogateescape")))
        except Returned:
            shell.returned.setdefault(path, shell.frames[-1].line)
        except Broke:
            pass  # outside a loop: nothing
        shell.frames.pop()  # but not at the shell's end: that is where it ended
        return True

    def body(self, nodes: Body) -> Answer:
        """Read commands one after another, and return what the last one answers."""
        answer: Answer = True
        for node in nodes:
            answer = self._node(node)
        return answer

    def _node(self, node: Node) -> Answer:
        self._shell.steps += 1
        if self._shell.steps > _MOST_STEPS:
            raise Ended("hung")
        if not isinstance(node, Chain | Not | Background):
            self._shell.at(node.line)
        match node:
            case Simple():
                return self._simple(node)
            case Test():
                return conditions.of_words(self._shell, self._files, node.words)
            case Branch():
                return self._branch(node)
            case Case():
                return self._case(node)
            case For():
                return self._for(node)
            case Loop():
                return self._loop(node)
            case Group():
                return self._apart(node.body) if node.apart else self.body(node.body)
            case Function():
                self._shell.functions[node.name] = node.body
                return True
            case Chain():
                return self._chain(node)
            case Not():
                return conditions.negated(self._node(node.command))
            case Pipe() | Background():
                return None  # in a shell of its own: it changes nothing here
            case Unclear():
                self._shell.doubt("?")
                raise Returned

    # ---------------------------------------------------------- structure

    def _decided(self, answer: Answer) -> bool:
        return self._shell.decide() if answer is None else answer

    def _chain(self, node: Chain) -> Answer:
        answer = self._node(node.first)
        for at, (operator, command) in enumerate(node.rest):
            if answer is None and not self._matters(command):
                return None
            if at == 0 or answer is None:
                answer = self._decided(answer) if answer is None else answer
            if answer is (operator == "&&"):
                answer = self._node(command)
        return answer

    def _matters(self, command: Node) -> bool:
        """Tell whether a command could change anything here: else no need to know whether it is run."""
        if isinstance(command, Pipe | Background):
            return False
        if not isinstance(command, Simple) or command.assignments or not command.words:
            return True
        first = command.words[0].pieces
        name = first[0].text if len(first) == 1 and first[0].kind == "text" else ""
        if name == "eval" and harmless(command):
            return False
        return name in self._builtins.known or name in DECLARING or name in self._shell.functions or not name

    def _branch(self, node: Branch) -> Answer:
        for condition, body in node.branches:
            answer = self.body(condition)
            if answer is None and not any(self._matters_deep(b) for b in (body, *self._others(node, body))):
                return None
            if self._decided(answer):
                return self.body(body)
        return self.body(node.otherwise)

    @staticmethod
    def _others(node: Branch, body: Body) -> list[Body]:
        bodies = [own for _condition, own in node.branches]
        return [*bodies[bodies.index(body) + 1 :], node.otherwise]

    def _matters_deep(self, body: Body) -> bool:
        return any(self._matters(node) for node in body)

    def _case(self, node: Case) -> Answer:
        word = expand.text(self._shell, self._files, node.word)
        for patterns, body in node.branches:
            answer: Answer = False
            for wanted in patterns:
                found = expand.matches(word, expand.pattern(self._shell, self._files, wanted))
                answer = conditions.either(answer, found)
            if answer is None and not self._matters_deep(body):
                continue
            if self._decided(answer):
                return self.body(body)
        return True

    def _for(self, node: For) -> Answer:
        shell = self._shell
        words = shell.arguments if node.words is None else expand.fields(shell, self._files, node.words)
        if any(word == UNKNOWN for word in words) and self._matters_deep(node.body):
            shell.doubt(f"for {node.name} in …")
        for word in words:
            shell.set(node.name, word)
            try:
                self.body(node.body)
            except Broke as broke:
                if broke.ends:
                    break
        return True

    def _loop(self, node: Loop) -> Answer:
        """A loop ends when the world outside says so, which nobody here can tell."""
        if self._matters_deep(node.body):
            self._shell.doubt("while …")
        return None

    def _apart(self, body: Body) -> Answer:
        return None if body else True

    # ---------------------------------------------------------- commands

    def _simple(self, node: Simple) -> Answer:
        shell = self._shell
        words = expand.fields(shell, self._files, node.words)
        if not words:
            for name, word, appended in node.assignments:
                value = expand.text(shell, self._files, word)
                self._builtins.assign(name, (shell.values.get(name, "") if appended else "") + value)
            return True
        name = words[0]
        if name in shell.functions:
            return self._call(name, words[1:])
        if name == "eval" and harmless(node):
            return None
        if name in DECLARING:
            return self._builtins.declare(node, name)
        builtin = self._builtins.known.get(name)
        if builtin is not None:
            return builtin(words[1:])
        if UNKNOWN in name:
            shell.doubt(said(" ".join(words)))
            return None
        return True if name in _NO_EFFECT else None

    def _call(self, name: str, arguments: list[str]) -> Answer:
        shell = self._shell
        if len(shell.frames) >= _DEEPEST:
            raise Ended("hung")
        kept, shell.arguments = shell.arguments, arguments
        shell.frames.append(shell.frames[-1] if shell.frames else Frame("unknown", 0))
        answer: Answer = None
        with contextlib.suppress(Returned):
            answer = self.body(shell.functions[name])
        shell.frames.pop()
        shell.arguments = kept
        return answer
