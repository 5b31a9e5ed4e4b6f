"""The bundle's fontconfig reads the system's settings, which may be of a newer one, and complains about what it does not know."""

import contextlib
import ctypes
import os
from collections.abc import Iterator


def read_settings_quietly() -> None:
    """Have fontconfig read its settings now, without a word on standard error; Qt finds them read."""
    with contextlib.suppress(OSError, AttributeError), _without_standard_error():
        ctypes.CDLL("libfontconfig.so.1").FcInit()


@contextlib.contextmanager
def _without_standard_error() -> Iterator[None]:
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)
