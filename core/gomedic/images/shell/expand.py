"""Expand words as a shell does (POSIX.1-2024, Shell Command Language, 2.6); what cannot be told stays marked."""

import fnmatch
import posixpath
import re
import shlex
from collections.abc import Sequence

from gomedic.files import Files
from gomedic.images.shell.nodes import Simple, Word
from gomedic.images.shell.parse import parsed
from gomedic.images.shell.state import UNKNOWN, Shell
from gomedic.images.shell.words import Piece

_PARAMETER = re.compile(r"(#?)(\w+|[@*#?$!-])(?:(:?[-=?+])(.*)|(##?|%%?)(.*))?", re.DOTALL)
_GLOB = re.compile(r"[*?\[]")
_MOST_FIELDS = 2000
_LONGEST = 128 << 10  # characters of a value; no program is started with a longer one (execve(2))


def fields(shell: Shell, files: Files, words: Sequence[Word]) -> list[str]:
    """Return the words of a command after all expansions, split and with file names filled in."""
    found: list[str] = []
    for word in words:
        found += _fields_of(shell, files, word)
        if len(found) > _MOST_FIELDS:
            return found[:_MOST_FIELDS]
    return found


def text(shell: Shell, files: Files, word: Word) -> str:
    """Return a word where it is not split: the value of an assignment, the word of `case`."""
    found = ""
    for piece in _with_home(shell, word):
        found += _expanded(shell, files, piece)
        if len(found) > _LONGEST:
            return UNKNOWN
    return found


def pattern(shell: Shell, files: Files, word: Word) -> str:
    """Return a word as a pattern for `matches`: what is quoted stands for itself."""
    parts = ((_expanded(shell, files, piece), piece) for piece in word.pieces)
    return "".join(_literal(value) if piece.quoted else value.replace("[!", "[!") for value, piece in parts)


def matches(value: str, wanted: str) -> bool | None:
    """Tell whether a value fits a shell pattern; None where either is not known."""
    if wanted == "*":
        return True
    if UNKNOWN in wanted:
        return None
    fits = fnmatch.fnmatchcase(value.replace(UNKNOWN, ""), wanted)
    return None if UNKNOWN in value else fits


def _literal(value: str) -> str:
    return "".join(f"[{c}]" if c in "*?[" else c for c in value)


def _with_home(shell: Shell, word: Word) -> list[Piece]:
    """Return the pieces, a tilde at the start or after a colon replaced by the home."""
    home = shell.values.get("HOME", UNKNOWN)
    found = []
    for at, piece in enumerate(word.pieces):
        if piece.kind == "text" and not piece.quoted and "~" in piece.text:
            start = r"(^|:)" if at == 0 else r"(:)"
            filled = re.sub(start + r"~(?=/|:|$)", lambda m: m[1] + home, piece.text)
            piece = Piece("text", filled)
        found.append(piece)
    return found


def _fields_of(shell: Shell, files: Files, word: Word) -> list[str]:
    if len(word.pieces) == 1 and word.pieces[0].kind == "var" and word.pieces[0].text in ("@", "*"):
        return list(shell.arguments)
    parts = [
        (_expanded(shell, files, piece)[:_LONGEST], piece.quoted or piece.kind == "text")
        for piece in _with_home(shell, word)
    ]
    split: list[list[tuple[str, bool]]] = [[]]
    for value, whole in parts:
        if whole:
            split[-1].append((value, whole))
            continue
        first, *rest = re.split(r"[ \t\n]+", value)
        split[-1].append((first, False))
        split += [[(item, False)] for item in rest]
    quoted = any(piece.quoted for piece in word.pieces)
    found = ["".join(part for part, _whole in field) for field in split]
    kept = [field for field in found if field or quoted]
    may_glob = any(not p.quoted and (p.kind != "text" or _GLOB.search(p.text)) for p in word.pieces)
    return [name for field in kept for name in (_names(files, field) if may_glob else [field])]


def _names(files: Files, field: str) -> list[str]:
    if not _GLOB.search(field) or not field.startswith("/") or UNKNOWN in field:
        return [field]
    return sorted(files.glob(field)) or [field]


def _expanded(shell: Shell, files: Files, piece: Piece) -> str:
    if piece.kind == "text":
        return piece.text
    if piece.kind == "var":
        return parameter(shell, files, piece.text)
    return _output(shell, files, piece.text) if piece.kind == "command" else UNKNOWN


def parameter(shell: Shell, files: Files, inner: str) -> str:
    """Return what `${inner}` stands for."""
    found = _PARAMETER.fullmatch(inner)
    if inner == "#":
        return str(len(shell.arguments))
    if found is None:
        return UNKNOWN
    length, name, operator, word, cut, wanted = found.groups()
    value = _value(shell, name)
    if length:
        return UNKNOWN if value and UNKNOWN in value else str(len(value or ""))
    if cut:
        return _cut(value or "", cut, _inner(shell, files, wanted))
    if not operator:
        return value or ""
    lacking = value is None or (operator[0] == ":" and not value)
    if operator[-1] == "+":
        return "" if lacking else _inner(shell, files, word)
    if lacking and operator[-1] == "=":
        shell.set(name, _inner(shell, files, word))
    return _inner(shell, files, word) if lacking else value or ""


def _inner(shell: Shell, files: Files, word: str) -> str:
    """Expand the word within braces."""
    nodes = parsed(f"x={word}" if not _needs_quotes(word) else f'x="{word}"')
    if len(nodes) == 1 and isinstance(nodes[0], Simple) and nodes[0].assignments and not nodes[0].words:
        return text(shell, files, nodes[0].assignments[0][1])
    return UNKNOWN


def _needs_quotes(word: str) -> bool:
    return bool(re.search(r"[\s;&|()<>]", word)) and '"' not in word


def _value(shell: Shell, name: str) -> str | None:
    if name.isdigit():
        place = int(name)
        if place == 0:
            return shell.path
        return shell.arguments[place - 1] if place <= len(shell.arguments) else None
    if name in ("@", "*"):
        return " ".join(shell.arguments)
    if name == "-":
        return "himBHs" if shell.mode.interactive else "hBs"
    if name in ("?", "$", "!"):
        return UNKNOWN
    return shell.values.get(name)


def _cut(value: str, how: str, wanted: str) -> str:
    """Remove the part that fits a pattern from the start (#) or the end (%), the shortest or (doubled) the longest."""
    if UNKNOWN in value or UNKNOWN in wanted:
        return UNKNOWN
    places = range(len(value) + 1)
    if how[0] == "#":
        fitting = [at for at in places if fnmatch.fnmatchcase(value[:at], wanted)]
        return value[(max if len(how) == 2 else min)(fitting) :] if fitting else value
    fitting = [at for at in places if fnmatch.fnmatchcase(value[at:], wanted)]
    return value[: (min if len(how) == 2 else max)(fitting)] if fitting else value


# ------------------------------------------------------------------ what commands print


def _output(shell: Shell, files: Files, script: str) -> str:
    """Return what a command prints, for the few whose answer a start-up file needs and an image tells."""
    nodes = parsed(script)
    if len(nodes) != 1 or not isinstance(nodes[0], Simple) or not nodes[0].words:
        return UNKNOWN
    name, *arguments = fields(shell, files, nodes[0].words) or [""]
    if any(UNKNOWN in argument for argument in arguments):
        return UNKNOWN
    return _printed(shell, files, posixpath.basename(name), arguments).rstrip("\n")


def _printed(shell: Shell, files: Files, name: str, arguments: list[str]) -> str:
    account = shell.account
    told = {
        "id -u": str(account.uid), "id -g": str(account.gid), "id -un": account.name, "id -ru": str(account.uid),
        "id -nu": account.name, "whoami": account.name, "logname": account.name,
    }.get(shlex.join([name, *arguments]))  # fmt: skip
    if told is not None:
        return told
    if name == "run-parts" and "--list" in arguments:
        return "\n".join(_run_parts(files, arguments))
    if name in ("command", "which", "type") and arguments:
        return program(shell, files, arguments[-1]) or ""
    if name == "echo" and not any(a.startswith("-") for a in arguments):
        return " ".join(arguments)
    if name in ("dirname", "basename") and len(arguments) == 1:
        return str(getattr(posixpath, name)(arguments[0]))
    if name == "cat" and len(arguments) == 1:
        data = files.part(arguments[0], 0, 1 << 16)
        return UNKNOWN if data is None else data.decode("utf-8", "replace").replace("\0", "")
    return UNKNOWN


def _run_parts(files: Files, arguments: list[str]) -> list[str]:
    """Return the files that run-parts(8) lists."""
    folder = arguments[-1]
    told = [a.partition("=")[2] for a in arguments if a.startswith("--regex=")]
    told += [arguments[at + 1] for at, a in enumerate(arguments[:-1]) if a == "--regex"]
    try:
        wanted = re.compile(told[0] if told else r"[a-zA-Z0-9_-]+")
        names = sorted(files.names(folder))
    except (OSError, re.error):
        return []
    return [posixpath.join(folder, name) for name in names if wanted.search(name)]


def program(shell: Shell, files: Files, name: str) -> str | None:
    """Return where a program is on PATH, or that a function or alias of that name is there."""
    if name in shell.functions or name in shell.aliases:
        return name
    folders = [""] if "/" in name else shell.values.get("PATH", "").split(":")
    paths = (posixpath.join(folder, name) if folder else name for folder in folders)
    return next((p for p in paths if UNKNOWN not in p and files.is_file(p) and files.may(p, 1)), None)
