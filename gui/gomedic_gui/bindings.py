"""A fault of the Qt bindings that would end the program, kept from doing so."""

import ctypes
import sys

import PySide6

_MANY = 1 << 40


def keep_booleans_alive() -> None:
    """Make True and False last in spite of PySide6 6.12, which drops a reference to True with every signal emitted.

    Before Python 3.12, where both became immortal (PEP 683), some hundred signals later the interpreter ends with
    "bool_dealloc: deallocating True or False". Versions 6.9 to 6.11 are sound.
    """
    if sys.version_info < (3, 12) and PySide6.__version_info__[:2] == (6, 12):
        for constant in (True, False):
            ctypes.c_ssize_t.from_address(id(constant)).value += _MANY  # ob_refcnt comes first in a PyObject
