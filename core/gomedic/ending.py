"""Long work that is closed in any case, so that it ends what it began."""

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from typing import TypeVar

T = TypeVar("T")


@contextmanager
def ending(work: Iterator[T]) -> Iterator[Iterator[T]]:
    """Hand on a generator, and close it when it is left: by its end, by a failure, or because nobody waits."""
    try:
        yield work
    finally:
        if isinstance(work, Generator):
            work.close()
