"""How a download stands, in words: from where, how fast, how long still."""

from gomedic.model import Progress, Transfer
from gomedic.texts import N_, Message
from gomedic.toolchain.addresses import server_of
from gomedic.toolchain.mirrors import Speed

_BEGUN = N_("Fetching {file} from {source}: {done} of {size} MB")
_FETCHING = N_("Fetching {file} from {source}: {done} of {size} MB, {speed} MB/s")
_WITH_END = N_("Fetching {file} from {source}: {done} of {size} MB, {speed} MB/s, {left} left")
_SILENT = N_("Fetching {file} from {source}: {done} of {size} MB, nothing comes at the moment")
_SECONDS, _MINUTES, _HOURS = N_("{count} s"), N_("{count} min"), N_("{count} h")


def progress(file: str, address: str, done: int, size: int, speed: Speed) -> Progress:
    """Return where a download of `size` bytes (0: not known) stands."""
    rate = speed.at(done)
    left = (size - done) / rate if rate and size else None
    source = server_of(address)
    values: dict[str, str | int | Message] = {
        "file": file, "source": source, "done": _mb(done), "size": _mb(size), "speed": _mb(rate or 0.0),
        "left": _duration(left or 0.0),
    }  # fmt: skip
    text = _FETCHING if left is None else _WITH_END
    if not rate:
        text = _BEGUN if rate is None else _SILENT
    fraction = done / size if size else None
    return Progress(Message(text, values), fraction, Transfer(source, done, size, rate, left))


def _mb(size: float) -> str:
    if not size:
        return "?"
    return f"{size / 1e6:.1f}" if size >= 1e5 else f"{size / 1e6:.3f}"


def _duration(seconds: float) -> Message:
    for text, unit in ((_HOURS, 3600), (_MINUTES, 60)):
        if seconds >= 2 * unit:
            return Message(text, {"count": round(seconds / unit)})
    return Message(_SECONDS, {"count": max(round(seconds), 1)})
