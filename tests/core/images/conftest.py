"""Images that are closed when a test ends."""

from collections.abc import Callable, Iterator

import pytest

from gomedic.images.reading import open_image
from gomedic.images.view import View


@pytest.fixture
def opened() -> Iterator[Callable[..., View]]:
    views: list[View] = []

    def opener(path: object, platform: str | None = None, *, sums: bool = False) -> View:
        views.append(open_image(str(path), platform, sums=sums))
        return views[-1]

    yield opener
    for view in views:
        view.close()
