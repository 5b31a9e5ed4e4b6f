"""A fault of the Qt bindings that would end the program, kept from doing so."""

import ctypes
import sys

import PySide6

_MANY = 1 << 40


def keep_constants_alive() -> None:
    """Make None, True and False last in spite of PySide6 6.12, which gives them away without a reference.

    From Python 3.12 on they are immortal (PEP 683) and it does no harm. Before, some hundred signals or calls
    later, the interpreter ends with "none_dealloc: deallocating None". PySide6 6.9 to 6.11 are sound.
    """
    if sys.version_info < (3, 12) and PySide6.__version_info__[:2] == (6, 12):
        for constant in (None, True, False, NotImplemented, ...):
            ctypes.c_ssize_t.from_address(id(constant)).value += _MANY  # ob_refcnt comes first in a PyObject
