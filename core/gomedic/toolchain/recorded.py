"""Why an installed toolchain may be trusted: kept beside those of an account, and in root's register for all others."""

import msgspec
from msgspec import Struct

from gomedic.toolchain import register
from gomedic.toolchain.filelist import FileList
from gomedic.toolchain.signature import Signature


class Verification(Struct, frozen=True):
    """Why the toolchain may be trusted; kept for as long as it lives."""

    file: str
    sha256: str
    size: int
    sum_from: str  # who says so; "" where the signature alone vouches for it
    source: str  # where the bytes came from
    signature: Signature | None  # None: not signature-checked
    signature_from: str
    index_signed: bool = False
    not_tried: str = ""  # why it was not tried before it counted, in English; "" where it was


def record_file(target: str) -> str:
    """Return the file beside a toolchain of an account that says why it may be trusted."""
    return f"{target}.json"


def record(target: str) -> Verification | None:
    """Return why the toolchain at `target` may be trusted, None where that is not recorded."""
    return _decoded(_content(record_file(target))) or _decoded(register.of(target))


def root_knows(version: str) -> tuple[Verification | None, FileList | None]:
    """Return why a release may be trusted that root once verified, and its files; None where root never did."""
    why, files = register.release(version)
    return _decoded(why), files


def _decoded(data: bytes | None) -> Verification | None:
    try:
        return msgspec.json.decode(data or b"", type=Verification)
    except msgspec.DecodeError:
        return None


def encoded(verification: Verification) -> bytes:
    """Return a record as it is kept."""
    return msgspec.json.format(msgspec.json.encode(verification), indent=1) + b"\n"


def _content(path: str) -> bytes | None:
    try:
        with open(path, "rb") as file:
            return file.read(1 << 20)
    except OSError:
        return None
