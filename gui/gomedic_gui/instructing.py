"""What the pages for instructors ask of the core: what a container keeps, and what a class has."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from gomedic.model import Examination, Progress
from gomedic.texts import N_, Message

if TYPE_CHECKING:  # imported where they are asked for: an examination must be quick
    from gomedic.host import Host
    from gomedic.persistence import Persistence
    from gomedic.reporting.merging import Overview

_LOOKING = N_("Looking where each variable comes from")
_READING = N_("Reading the reports")


def lasting(host: "Host", seen: Examination, image: str) -> "Iterator[Progress | Persistence]":
    """Yield progress, and what carries Go's variables here; `image` ("": none) is a file or folder with the image.

    Raises ImageRefused.
    """
    from gomedic.persistence import persistence

    yield Progress(Message(_LOOKING))
    yield persistence(host, seen, _environment_of(image) if image else None)


def _environment_of(image: str) -> dict[str, str]:
    from gomedic.images.reading import open_image

    view = open_image(image)
    try:
        return dict(view.image.environment)
    finally:
        view.close()


def joined(host: "Host", files: Sequence[str], mask: bool) -> "Iterator[Progress | Overview]":
    """Yield progress, and what several reports say together."""
    from gomedic.reporting.merging import merged

    yield Progress(Message(_READING))
    yield merged(host, files, mask=mask)
