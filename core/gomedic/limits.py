"""The limits of a sandbox that is still to come, as a person writes them: memory=512m,pids=128,readonly,tmpfs=/tmp:64m,noexec,idle=30s."""

import os
import re
from collections.abc import Callable, Iterator, Mapping

from msgspec import Struct

from gomedic.texts import N_, Message

FLAG = "--limits"
_UNITS = {"": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30, "t": 1 << 40}
_SIZE = re.compile(r"(\d{1,15})(?:([kmgt])i?b?|b)?", re.IGNORECASE)
_TIME = re.compile(r"(\d{1,6}(?:\.\d{1,3})?)(ms|s|m|h|)", re.IGNORECASE)
_SECONDS = {"ms": 0.001, "s": 1.0, "": 1.0, "m": 60.0, "h": 3600.0}

_UNKNOWN = N_("“{word}” is no limit; known are {known}.")
_TWICE = N_("“{word}”: “{name}” is given twice.")
_WRONG = N_("“{word}”: {expected}.")
_A_SIZE = Message(N_("a size is wanted, such as 512m or 2g"))
_A_NUMBER = Message(N_("a whole number above 0 is wanted"))
_CPUS = Message(N_("a number of processors is wanted, such as 1 or 0.5"))
_A_TIME = Message(N_("a time is wanted, such as 30s or 2m"))
_A_FOLDER = Message(N_("a folder is wanted, with a size where it has one: tmpfs=/tmp:64m"))
_NO_VALUE = Message(N_("this one stands alone, without a value"))


class LimitsError(Exception):
    """A word that is no limit; `message` names it."""

    def __init__(self, text: str, **values: str | Message) -> None:
        self.message = Message(text, values)
        super().__init__(str(self.message))


class TmpFs(Struct, frozen=True):
    """A file system in memory that will be mounted."""

    path: str
    size: int | None  # bytes; None: half of the memory, as the kernel has it (tmpfs(5))


class Limits(Struct, frozen=True):
    """What a sandbox will allow; None: no limit is known. Sizes in bytes."""

    memory: int | None = None
    pids: int | None = None
    cpus: float | None = None
    read_only: bool = False  # the root file system
    noexec: bool = False  # of the tmpfs; of /tmp where none is given
    tmpfs: tuple[TmpFs, ...] = ()
    idle: float | None = None  # seconds: what writes nothing for so long is killed
    address_space: int | None = None
    file_size: int | None = None
    open_files: int | None = None
    words: Mapping[str, str] = {}  # as they were written, by the field that they fill

    def told(self, name: str) -> str:
        """Return the word that gave a limit, for evidence: "memory=512m"."""
        return self.words.get(name, name)

    @property
    def text(self) -> str:
        """All of it, as it was written."""
        return ",".join(self.words.values())

    def over(self, folder: str) -> TmpFs | None:
        """Return the tmpfs that a folder will lie in."""
        inside = [
            each
            for each in self.tmpfs
            if folder == each.path or folder.startswith(each.path.rstrip("/") + "/")
        ]
        return max(inside, key=lambda each: len(each.path), default=None)


def limits_of(text: str) -> Limits:
    """Return the limits that a text names. Raises LimitsError."""
    found: dict[str, object] = {}
    words: dict[str, str] = {}
    for word in filter(None, (part.strip() for part in text.split(","))):
        name, equals, value = word.partition("=")
        if name not in _READERS:
            raise LimitsError(_UNKNOWN, word=word, known=", ".join(_READERS))
        field, read = _READERS[name]
        if field == "tmpfs":
            found[field] = (*_mounted(found), read(value, word))
            words[f"tmpfs {len(_mounted(found))}"] = word
            continue
        if field in found:
            raise LimitsError(_TWICE, word=word, name=name)
        found[field] = read(value if equals else "", word)
        words[field] = word
    return Limits(**found, words=words)  # type: ignore[arg-type]


def _mounted(found: Mapping[str, object]) -> tuple[TmpFs, ...]:
    mounted = found.get("tmpfs", ())
    return mounted if isinstance(mounted, tuple) else ()


def _size(value: str, word: str) -> int:
    given = _SIZE.fullmatch(value)
    size = int(given[1]) * _UNITS[(given[2] or "").lower()] if given else 0
    if size <= 0:
        raise LimitsError(_WRONG, word=word, expected=_A_SIZE)
    return size


def _count(value: str, word: str) -> int:
    if not re.fullmatch(r"[0-9]{1,9}", value) or int(value) == 0:
        raise LimitsError(_WRONG, word=word, expected=_A_NUMBER)
    return int(value)


def _cpus(value: str, word: str) -> float:
    if not re.fullmatch(r"[0-9]{1,4}(\.[0-9]{1,3})?", value) or float(value) == 0:
        raise LimitsError(_WRONG, word=word, expected=_CPUS)
    return float(value)


def _time(value: str, word: str) -> float:
    given = _TIME.fullmatch(value)
    seconds = float(given[1]) * _SECONDS[given[2].lower()] if given else 0.0
    if seconds <= 0:
        raise LimitsError(_WRONG, word=word, expected=_A_TIME)
    return seconds


def _tmpfs(value: str, word: str) -> TmpFs:
    path, _colon, size = value.partition(":")
    if not path.startswith("/") or "\0" in path:
        raise LimitsError(_WRONG, word=word, expected=_A_FOLDER)
    given = size.removeprefix("size=")
    return TmpFs(os.path.normpath(path), _size(given, word) if given else None)


def _flag(value: str, word: str) -> bool:
    if value:
        raise LimitsError(_WRONG, word=word, expected=_NO_VALUE)
    return True


_Read = Callable[[str, str], object]
_READERS: Mapping[str, tuple[str, _Read]] = {
    "memory": ("memory", _size),
    "pids": ("pids", _count),
    "cpus": ("cpus", _cpus),
    "readonly": ("read_only", _flag),
    "noexec": ("noexec", _flag),
    "tmpfs": ("tmpfs", _tmpfs),
    "idle": ("idle", _time),
    "as": ("address_space", _size),
    "fsize": ("file_size", _size),
    "nofile": ("open_files", _count),
}


def names() -> Iterator[str]:
    """Yield the names of the limits that can be given."""
    yield from _READERS
