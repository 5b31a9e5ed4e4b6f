"""Whether this machine can start a program for another processor: the kernel hands it to an emulator (binfmt_misc).

The handlers are read, nothing is started: Documentation/admin-guide/binfmt-misc.rst.
"""

import os

_HANDLERS = "/proc/sys/fs/binfmt_misc"
_START = 256  # bytes that a handler may look at


def starts_here(program: str, handlers: str = _HANDLERS) -> bool:
    """Whether a handler is switched on that takes `program`, and its emulator is there."""
    try:
        with open(program, "rb") as file:
            start = file.read(_START)
        names = [name for name in os.listdir(handlers) if name not in ("register", "status")]
    except OSError:
        return False
    return _text(handlers, "status").strip() == "enabled" and any(
        _takes(_text(handlers, name), start) for name in names
    )


def _text(folder: str, name: str) -> str:
    try:
        with open(os.path.join(folder, name), encoding="utf-8", errors="replace") as file:
            return file.read()
    except OSError:
        return ""


def _takes(handler: str, start: bytes) -> bool:
    state, _, rest = handler.partition("\n")
    said = {name.rstrip(":"): value for name, _, value in (line.partition(" ") for line in rest.splitlines())}
    if state != "enabled" or "magic" not in said:
        return False
    offset, magic = int(said.get("offset", "0")), bytes.fromhex(said["magic"])
    mask = bytes.fromhex(said["mask"]) if "mask" in said else b"\xff" * len(magic)
    found = start[offset : offset + len(magic)]
    same = all(byte & bits == wanted & bits for byte, wanted, bits in zip(found, magic, mask, strict=False))
    there = "F" in said.get("flags", "") or os.access(said.get("interpreter", ""), os.X_OK)
    return len(found) == len(magic) and same and there
