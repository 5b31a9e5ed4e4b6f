"""Signatures bent packet by packet: framed rightly, so that they come past the look at their form and to GnuPG."""

import random
from collections.abc import Callable, Sequence

from gomedic.toolchain import openpgp

_KINDS = (2, 3, 9, 16, 20, 22, 26, 27, 30, 32, 33, 34, 39)  # of subpackets: RFC 9580, 5.2.3.7


def is_the_same(mutated: bytes, signature: bytes) -> bool:
    """Whether what is signed, and the numbers that sign it, are the same.

    The rest proves nothing: the container, what follows the numbers in it, and the two bytes of the digest that let a
    reader fail early (RFC 9580, 5.2.3).
    """
    try:
        (body,) = _bodies(mutated)
    except (openpgp.Malformed, ValueError):
        return False
    (good,) = _bodies(signature)
    head, _, (_, numbers) = _parts(good)
    found, _, (_, others) = _parts(body)
    return head == found and _two(others) == _two(numbers)


def _two(numbers: bytes) -> tuple[int, int]:
    """Return the two numbers of an EdDSA signature; how many bits they say they have counts only for their bytes."""
    first = 2 + (int.from_bytes(numbers[:2]) + 7) // 8
    second = numbers[first:]
    end = 2 + (int.from_bytes(second[:2]) + 7) // 8
    return int.from_bytes(numbers[2:first]), int.from_bytes(second[2:end])


def bent(signature: bytes, others: Sequence[bytes], chance: random.Random) -> bytes:
    """Return a signature in one packet of the right length that is another one than it was in what it proves."""
    (body,) = _bodies(signature)
    foreign = [body for other in others for body in _bodies(other)]
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        body = chance.choice(_WAYS)(body, chance.choice(foreign), chance)
    made = framed(body, chance)
    return bent(signature, others, chance) if is_the_same(made, signature) else made


def framed(body: bytes, chance: random.Random) -> bytes:
    """Return a signature packet, with one of the heads that there are (RFC 9580, 4.2)."""
    heads = [
        b"\x89" + len(body).to_bytes(2),
        b"\x8a" + len(body).to_bytes(4),
        b"\xc2\xff" + len(body).to_bytes(4),
    ]
    if len(body) < 192:
        heads += [b"\xc2" + bytes([len(body)]), b"\x88" + bytes([len(body)])]
    return chance.choice(heads[:2] if len(body) > 65535 else heads) + body


def _bodies(signature: bytes) -> list[bytes]:
    return [packet.body for packet in openpgp.packets(openpgp.binary(signature))]


def _parts(body: bytes) -> tuple[bytes, bytes, tuple[bytes, bytes]]:
    """Return what is signed of a signature's body, what is not, and its start of the digest with its numbers."""
    middle = 6 + int.from_bytes(body[4:6])
    after = middle + 2 + int.from_bytes(body[middle : middle + 2])
    return body[:middle], body[middle:after], (body[after : after + 2], body[after + 2 :])


# ------------------------------------------------------------------ ways to bend one


def _flip(body: bytes, _other: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(body)) if body else 0
    return body[:at] + bytes([(body[at] if body else 0) ^ chance.randrange(1, 256)]) + body[at + 1 :]


def _flip_in_the_head(body: bytes, other: bytes, chance: random.Random) -> bytes:
    """Version, class, algorithms, the length of what is signed."""
    return _flip(body[:6], other, chance) + body[6:]


def _splice(body: bytes, other: bytes, chance: random.Random) -> bytes:
    return body[: chance.randrange(len(body) + 1)] + other[chance.randrange(len(other)) :]


def _numbers_of_another(body: bytes, other: bytes, _chance: random.Random) -> bytes:
    head, unhashed, _ = _parts(body)
    return head + unhashed + b"".join(_parts(other)[2])


def _head_of_another(body: bytes, other: bytes, _chance: random.Random) -> bytes:
    _, unhashed, numbers = _parts(body)
    return _parts(other)[0] + unhashed + b"".join(numbers)


def _nothing_signed(body: bytes, _other: bytes, _chance: random.Random) -> bytes:
    """All that was signed now stands where it is not."""
    head, unhashed, numbers = _parts(body)
    moved = head[6:] + unhashed[2:]
    return head[:4] + b"\0\0" + len(moved).to_bytes(2) + moved + b"".join(numbers)


def _one_more_subpacket(body: bytes, _other: bytes, chance: random.Random) -> bytes:
    head, unhashed, numbers = _parts(body)
    content = bytes([chance.choice(_KINDS) | chance.choice((0, 0x80))]) + chance.randbytes(
        chance.choice((0, 1, 4, 8, 21))
    )
    more = bytes([len(content)]) + content
    if chance.random() < 0.5:
        return (
            head[:4]
            + max(len(head) - 6 + len(more), 0).to_bytes(2)
            + head[6:]
            + more
            + unhashed
            + b"".join(numbers)
        )
    return head + max(len(unhashed) - 2 + len(more), 0).to_bytes(2) + unhashed[2:] + more + b"".join(numbers)


def _cut(body: bytes, _other: bytes, chance: random.Random) -> bytes:
    return body[: chance.randrange(len(body))] if body else body


def _longer(body: bytes, _other: bytes, chance: random.Random) -> bytes:
    return body + chance.randbytes(chance.randrange(1, 40))


def _other_number(body: bytes, _other: bytes, chance: random.Random) -> bytes:
    """The first number of another length than it says, or nothing, or one."""
    head, unhashed, (early, numbers) = _parts(body)
    bits = chance.choice((0, 1, 255, 257, 65535))
    return (
        head + unhashed + early + bits.to_bytes(2) + numbers[2:]
        if chance.random() < 0.5
        else (head + unhashed + early + b"\0\1\1" * chance.choice((1, 2)))
    )


_Way = Callable[[bytes, bytes, random.Random], bytes]
_WAYS: tuple[_Way, ...] = (
    _flip, _flip, _flip_in_the_head, _splice, _numbers_of_another, _head_of_another, _nothing_signed,
    _one_more_subpacket, _one_more_subpacket, _cut, _longer, _other_number,
)  # fmt: skip
