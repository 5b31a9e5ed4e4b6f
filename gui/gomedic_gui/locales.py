"""Qt wants a locale with UTF-8, and writes four lines to standard error where the person's has none."""

import contextlib
import locale
import os


def have_utf_8() -> None:
    """See that Qt finds such a locale. What gomedic starts sees the person's own all the same (`Host.env`)."""
    with contextlib.suppress(locale.Error):
        locale.setlocale(locale.LC_CTYPE, "")
    if locale.nl_langinfo(locale.CODESET) != "UTF-8":
        os.environ["LC_ALL"] = "C.UTF-8"
