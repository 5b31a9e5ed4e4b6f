"""What an OpenPGP file holds, as far as it must be known before GnuPG is asked: RFC 4880, RFC 9580.

Nothing is verified here; GnuPG does that. This counts packets and reads when a key's parts are valid.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Iterator, Mapping

from msgspec import Struct

_ARMOUR = re.compile(
    rb"\s*-----BEGIN (PGP [A-Z ]+)-----[ \t]*\r?\n((?:[^\r\n]*:[^\r\n]*\r?\n)*)[ \t]*\r?\n"
    rb"([0-9A-Za-z+/=\r\n \t]+?)(?:\r?\n=([0-9A-Za-z+/]{4})\s*)?-----END \1-----\s*"
)
SIGNATURE, PUBLIC_KEY, PUBLIC_SUBKEY = 2, 6, 14
_CREATED, _KEY_EXPIRES_AFTER, _ISSUER, _ISSUER_FINGERPRINT = 2, 9, 16, 33  # signature subpackets
_CERTIFICATIONS = (0x10, 0x11, 0x12, 0x13, 0x1F)  # of the primary, with the key's own expiration
_BINDING = 0x18


class Malformed(Exception):  # noqa: N818 - named for its reason
    """The bytes are no OpenPGP file."""


class Packet(Struct, frozen=True):
    """One packet."""

    tag: int
    body: bytes


class Validity(Struct, frozen=True):
    """When a key may sign, in seconds since 1970."""

    created: int
    expires: int | None


class PublicKey(Struct, frozen=True):
    """One primary key with its subkeys."""

    fingerprint: str  # of the primary
    validity: Mapping[str, Validity]  # by fingerprint, the primary's included
    binary: bytes


def binary(data: bytes) -> bytes:
    """Return the packets of a file, without its armour if it has one. Raises Malformed."""
    if data[:1] and data[0] & 0x80:
        return data
    found = _ARMOUR.fullmatch(data)
    if found is None:
        raise Malformed("no armour, or more than one")
    try:
        return base64.b64decode(b"".join(found[3].split()), validate=True)
    except binascii.Error as error:
        raise Malformed(str(error)) from None


def packets(data: bytes) -> Iterator[Packet]:
    """Yield the packets of a binary file. Raises Malformed."""
    position = 0
    while position < len(data):
        tag, start, length = _head(data, position)
        position = start + length
        if position > len(data):
            raise Malformed("cut off")
        yield Packet(tag, data[start:position])


def public_key(data: bytes) -> PublicKey:
    """Return the one primary key of a file. Raises Malformed, also where there are several or none."""
    raw = binary(data)
    parts = list(packets(raw))
    if [part.tag for part in parts].count(PUBLIC_KEY) != 1 or parts[0].tag != PUBLIC_KEY:
        raise Malformed("it must hold exactly one public key")
    validity: dict[str, Validity] = {}
    newest: dict[str, int] = {}
    key = ""
    for part in parts:
        if part.tag in (PUBLIC_KEY, PUBLIC_SUBKEY):
            key = fingerprint(part.body)
            validity[key] = Validity(int.from_bytes(part.body[1:5]), None)
        elif part.tag == SIGNATURE and (found := _lifetime(part.body, next(iter(validity)))):
            made, lasts = found
            if made >= newest.get(key, 0):
                newest[key] = made
                created = validity[key].created
                validity[key] = Validity(created, created + lasts if lasts else None)
    return PublicKey(next(iter(validity)), validity, raw)


class Described(Struct, frozen=True):
    """What a signature says of itself."""

    kind: str  # "00": of a file's bytes
    algorithm: int  # of the key
    digest: int  # 8: SHA-256
    made: int  # seconds since 1970
    issuer: str  # key id, 16 hexadecimal digits; "" where it does not say


def described(signature: bytes) -> Described:
    """Return what the one signature in a binary file says of itself. Raises Malformed."""
    body = next(iter(packets(signature))).body
    if len(body) < 6 or body[0] != 4:
        raise Malformed("only signatures of version 4 are known")
    middle = 6 + int.from_bytes(body[4:6])
    hashed = dict(_subpackets(body[6:middle]))
    unhashed = dict(_subpackets(body[middle + 2 : middle + 2 + int.from_bytes(body[middle : middle + 2])]))
    fingerprint = hashed.get(_ISSUER_FINGERPRINT, b"") or unhashed.get(_ISSUER_FINGERPRINT, b"")
    issuer = hashed.get(_ISSUER) or unhashed.get(_ISSUER) or fingerprint[-8:]
    made = int.from_bytes(hashed.get(_CREATED, b""))
    return Described(f"{body[1]:02X}", body[2], body[3], made, issuer.hex().upper())


def _head(data: bytes, position: int) -> tuple[int, int, int]:
    """Return tag, offset of the body, and its length."""
    first = data[position]
    if not first & 0x80:
        raise Malformed("no packet")
    try:
        if first & 0x40:
            return (first & 0x3F, *_new_length(data, position + 1))
        kind = first & 3
        if kind == 3:
            raise Malformed("indeterminate length")
        size = 1 << kind
        length = int.from_bytes(data[position + 1 : position + 1 + size])
        return (first >> 2) & 0xF, position + 1 + size, length
    except IndexError:
        raise Malformed("cut off") from None


def _new_length(data: bytes, position: int, *, partial: bool = True) -> tuple[int, int]:
    """Return where the body starts and its length; in packets, unlike subpackets, 224 to 254 are partial lengths."""
    first = data[position]
    if first < 192:
        return position + 1, first
    if first == 255:
        return position + 5, int.from_bytes(data[position + 1 : position + 5])
    if first >= 224 and partial:
        raise Malformed("partial length")
    return position + 2, ((first - 192) << 8) + data[position + 1] + 192


def fingerprint(body: bytes) -> str:
    """Return the fingerprint of a key packet. Raises Malformed."""
    if body[:1] != b"\x04":
        raise Malformed("only keys of version 4 are known")
    framed = b"\x99" + len(body).to_bytes(2) + body
    return hashlib.sha1(framed, usedforsecurity=False).hexdigest().upper()


def _lifetime(body: bytes, primary: str) -> tuple[int, int] | None:
    """Return when a self-signature was made and how long it lets the key live; None of other signatures."""
    if len(body) < 6 or body[0] != 4 or body[1] not in (*_CERTIFICATIONS, _BINDING):
        return None
    middle = 6 + int.from_bytes(body[4:6])
    found = dict(_subpackets(body[6:middle]))
    unhashed = dict(_subpackets(body[middle + 2 : middle + 2 + int.from_bytes(body[middle : middle + 2])]))
    if (found.get(_ISSUER) or unhashed.get(_ISSUER, b"")).hex().upper() != primary[-16:]:
        return None
    return int.from_bytes(found.get(_CREATED, b"")), int.from_bytes(found.get(_KEY_EXPIRES_AFTER, b""))


def _subpackets(area: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield kind and content of each subpacket of a signature."""
    position = 0
    while position < len(area):
        try:
            start, length = _new_length(area, position, partial=False)
            kind = area[start] & 0x7F
        except IndexError:
            raise Malformed("cut off") from None
        yield kind, area[start + 1 : start + length]
        position = start + max(length, 1)
