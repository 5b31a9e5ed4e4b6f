"""A process of ours beside the doctor's: of a box, or one that checks images (`python -m`, or a bundle with a word for it)."""

import sys
from collections.abc import Sequence

import msgspec

from gomedic.images.clearing import Copy, clear_after
from gomedic.images.entering import Visit, enter
from gomedic.images.holder import Box, hold
from gomedic.images.worker import Worker, work


def main(argv: Sequence[str] | None = None) -> int:
    """Do what the last word says: hold a Box, clear a Copy away, work, or make a Visit with the words before it. Return the exit code."""
    words = sys.argv if argv is None else argv
    told = msgspec.json.decode(words[-1], type=Box | Copy | Visit | Worker)
    if isinstance(told, Copy):
        return clear_after(told)
    if isinstance(told, Worker):
        return work(told)
    return hold(told) if isinstance(told, Box) else enter(told, words[1:-1])


if __name__ == "__main__":
    sys.exit(main())
