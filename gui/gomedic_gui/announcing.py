"""Words that a screen reader says unasked: what came of something that a person waited for."""

from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QWidget


def announce(place: QWidget, *sentences: str, urgent: bool = False) -> None:
    """Have a screen reader say sentences when it next pauses, or (`urgent`) at once; without one nothing happens."""
    words = " ".join(sentence for sentence in sentences if sentence)
    if not words or not QAccessible.isActive():
        return
    event = QAccessibleAnnouncementEvent(place, words)
    politeness = QAccessible.AnnouncementPoliteness
    event.setPoliteness(politeness.Assertive if urgent else politeness.Polite)
    QAccessible.updateAccessibility(event)
