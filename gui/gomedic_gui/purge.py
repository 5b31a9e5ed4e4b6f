"""A removal that deletes for good: the note that tells the person so is what asks for it."""

from msgspec import structs

from gomedic.model import Fix
from gomedic.plans import removes
from gomedic.texts import N_, Message

FOR_GOOD = N_("It is deleted for good, and its room is free again. This cannot be taken back.")


def purges(fix: Fix) -> bool:
    """Tell whether a fix is a removal that deletes for good."""
    return removes(fix) and fix.note is not None and fix.note.text == FOR_GOOD


def turned(fix: Fix) -> Fix:
    """Return a removal for good where it was not, and the other way round."""
    return structs.replace(fix, note=None if purges(fix) else Message(FOR_GOOD))
