"""A page that scrolls: whatever takes the focus on it comes into view, from wherever the focus comes."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QScrollArea, QScrollBar, QWidget

_BAR = 12  # wide, as in the style sheet


class Scroll(QScrollArea):
    """Scrolls downwards only, and takes no focus itself. The room for its bar is always kept, so that nothing jumps.

    Its bar is its own, beside Qt's, which is never shown: Qt counts a bar that is shown among what a screen reader
    may ask for by number, and falls (SIGSEGV in QAccessible::queryAccessibleInterface, up to 6.11 at least) over the
    number of one that has gone between two questions.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setViewportMargins(0, 0, _BAR, 0)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._bar = QScrollBar(Qt.Orientation.Vertical, self)
        self._bar.valueChanged.connect(self.verticalScrollBar().setValue)
        self.verticalScrollBar().valueChanged.connect(self._bar.setValue)
        self.verticalScrollBar().rangeChanged.connect(self._fit)
        self._fit()
        app = QApplication.instance()
        assert isinstance(app, QApplication)  # noqa: S101 - no widget without it
        app.focusChanged.connect(self._follow)  # Qt itself follows Tab only from place to place on the page

    @property
    def can_scroll(self) -> bool:
        """Whether more is there than fits."""
        return not self._bar.isHidden()

    def _fit(self) -> None:
        real = self.verticalScrollBar()
        self._bar.setRange(real.minimum(), real.maximum())
        self._bar.setPageStep(real.pageStep())
        self._bar.setSingleStep(real.singleStep())
        self._bar.setValue(real.value())
        self._bar.setVisible(real.maximum() > real.minimum())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        super().resizeEvent(event)
        self._bar.setGeometry(self.width() - _BAR, 0, _BAR, self.height())
        self._fit()

    def _follow(self, _old: QWidget | None, now: QWidget | None) -> None:
        inside = self.widget()
        if now is not None and inside is not None and inside.isAncestorOf(now):
            self.ensureWidgetVisible(now, 0, 24)
