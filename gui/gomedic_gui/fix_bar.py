"""The way out of a finding: one primary button, the other ways folded away."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QWidget

from gomedic.model import Finding, Fix
from gomedic.texts import N_
from gomedic_gui.button import Button
from gomedic_gui.glyph_row import root_mark
from gomedic_gui.labels import label
from gomedic_gui.text import tr


class FixBar(QFrame):
    """Offers the fixes of a finding; carries out nothing itself."""

    fix_chosen = Signal(object)  # Fix

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("bar")
        self._fixes: tuple[Fix, ...] = ()
        self._title = label()
        self._root = root_mark()
        self._others = self._make_menu_button()
        self._fix = Button(look="primary")
        self._fix.setObjectName("fix")
        self._fix.say(tr(N_("&Fix this…")), tr(N_("Shows every change before anything is done")))
        self._fix.clicked.connect(self._choose_first)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(18, 12, 18, 12)
        layout.setSpacing(10)
        layout.addWidget(self._root, 0, Qt.AlignmentFlag.AlignVCenter)
        layout.addWidget(self._title, 1)
        layout.addWidget(self._others)
        layout.addWidget(self._fix)

    def show_finding(self, finding: Finding) -> None:
        """Show its first fix as the one to take, the others in a menu."""
        self._fixes = finding.fixes
        first = self._fixes[0] if self._fixes else None
        self._title.setText(tr(first.title) if first else tr(N_("There is no ready-made fix for this one.")))
        self._root.setVisible(first is not None and first.needs_root)
        self._fix.setVisible(first is not None)
        self._fix.setAccessibleName(tr(N_("Fix this: {how}"), how=self._title.text()) if first else "")
        self._others.setVisible(len(self._fixes) > 1)
        self._fill_menu()

    def set_free(self, free: bool) -> None:
        """Say whether a fix could be begun now."""
        self._fix.setEnabled(free)
        self._others.setEnabled(free)

    def _choose_first(self) -> None:
        self.fix_chosen.emit(self._fixes[0])

    def _make_menu_button(self) -> Button:
        button = Button("down")
        button.setObjectName("other-ways")
        button.say(tr(N_("&Other ways")), tr(N_("Other ways to fix this")))
        button.setMenu(QMenu(button))
        return button

    def _fill_menu(self) -> None:
        menu = self._others.menu()
        menu.clear()
        for fix in self._fixes[1:]:
            action = QAction(tr(fix.title).replace("&", "&&"), menu)
            action.triggered.connect(lambda _checked=False, fix=fix: self.fix_chosen.emit(fix))
            menu.addAction(action)
