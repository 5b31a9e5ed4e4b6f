"""Work that is left is closed, however it is left."""

from collections.abc import Generator, Iterator

import pytest

from gomedic.ending import ending


def work(left: list[str]) -> Iterator[int]:
    try:
        yield from (1, 2, 3)
    finally:
        left.append("ended")


def test_work_that_is_left_early_has_ended() -> None:
    left: list[str] = []
    with ending(work(left)) as values:
        assert next(values) == 1
    assert left == ["ended"]


def test_a_failure_ends_the_work_and_goes_on() -> None:
    left: list[str] = []
    with pytest.raises(ZeroDivisionError), ending(work(left)) as values:
        print(1 // (next(values) - 1))
    assert left == ["ended"]


def test_closing_a_generator_closes_what_it_follows() -> None:
    left: list[str] = []

    def outer() -> Generator[int, None, None]:
        with ending(work(left)) as values:
            yield from values

    following = outer()
    next(following)
    following.close()
    assert left == ["ended"]
