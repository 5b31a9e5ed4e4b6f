"""The stages of an installation, named in its progress so that whoever shows it can tick them off."""

from collections.abc import Generator
from typing import TypeVar

from msgspec import structs

from gomedic.model import Progress

LOOK, FETCH, SUM, SIGNATURE, UNPACK, TRY, WRITE = (
    "look",
    "fetch",
    "sum",
    "signature",
    "unpack",
    "try",
    "write",
)
PLACE, EXAMINE, BUILD = "place", "examine", "build"
_Result = TypeVar("_Result")


def during(step: str, work: Generator[Progress, None, _Result]) -> Generator[Progress, None, _Result]:
    """Return what `work` returns; its progress names the stage."""
    try:
        while True:
            yield structs.replace(next(work), step=step)
    except StopIteration as end:
        result: _Result = end.value
        return result
    finally:
        work.close()
