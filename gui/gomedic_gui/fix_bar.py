"""The way out of a finding: one primary button, the other ways folded away."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QWidget

from gomedic.doctor import Offer
from gomedic.model import Finding, Fix
from gomedic.texts import N_
from gomedic_gui.button import Button
from gomedic_gui.glyph_row import root_mark
from gomedic_gui.labels import label
from gomedic_gui.text import tr

_PATIENCE = 5000  # milliseconds that a fix may be tried before it is offered untried
NONE = N_("There is no ready-made fix for this one; “About this kind of fault” tells how it is cured.")
FAILED = N_("No fix helped in a copy of your files; what was tried is under “Other ways”.")


class FixBar(QFrame):
    """Offers the fixes of a finding; carries out nothing itself."""

    fix_chosen = Signal(object)  # Fix

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("bar")
        self._offer = Offer(None)
        self._free, self._settled = True, True
        self._patience = QTimer(self, singleShot=True, interval=_PATIENCE)
        self._patience.timeout.connect(self._settle)
        self._title = label()
        self._root = root_mark()
        self._others = self._make_menu_button()
        self._fix = Button(look="primary")
        self._fix.setObjectName("fix")
        self._fix.say(tr(N_("&Fix this…")), tr(N_("Shows every change before anything is done")))
        self._fix.clicked.connect(self._choose_first)
        keeping = self._fix.sizePolicy()
        keeping.setRetainSizeWhenHidden(True)  # else the button beside it would take its place
        self._fix.setSizePolicy(keeping)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(18, 12, 18, 12)
        layout.setSpacing(10)
        layout.addWidget(self._root, 0, Qt.AlignmentFlag.AlignVCenter)
        layout.addWidget(self._title, 1)
        layout.addWidget(
            self._others, 0, Qt.AlignmentFlag.AlignBottom
        )  # which stays, however tall the title is
        layout.addWidget(self._fix, 0, Qt.AlignmentFlag.AlignBottom)

    def show_finding(self, finding: Finding) -> None:
        """Show a finding's first fix; which one is offered is settled by `show_offer`, or when that takes too long."""
        self._show(Offer.untried(finding.fixes))
        self.wait()

    def wait(self) -> None:
        """Let nothing be chosen until the offer comes, so that no button changes under the pointer."""
        self._settled = not self._offer.fixes
        self._patience.start()
        self._set_enabled()

    def show_offer(self, offer: Offer) -> None:
        """Show the fix that is offered first, and the others in a menu, those that failed in the copy last."""
        if not self._settled:
            self._show(offer)
            self._settle()

    @property
    def first(self) -> Fix | None:
        """The fix that is offered first, as far as is known."""
        return self._offer.first.fix if self._offer.first else None

    def set_free(self, free: bool) -> None:
        """Say whether a fix could be begun now."""
        self._free = free
        self._set_enabled()

    def _settle(self) -> None:
        self._patience.stop()
        self._settled = True
        self._set_enabled()

    def _set_enabled(self) -> None:
        for each in (self._fix, self._others):
            each.setEnabled(self._free and self._settled)

    def _show(self, offer: Offer) -> None:
        self._offer = offer
        first = offer.first.fix if offer.first else None
        self._title.setText(tr(first.title if first else FAILED if offer.failed else NONE))
        self._root.setVisible(first is not None and first.needs_root)
        self._fix.setVisible(first is not None)
        self._fix.setAccessibleName(tr(N_("Fix this: {how}"), how=self._title.text()) if first else "")
        self._others.setVisible(bool(offer.others or offer.failed))
        self._fill_menu()

    def _choose_first(self) -> None:
        if self._offer.first is not None:
            self.fix_chosen.emit(self._offer.first.fix)

    def _make_menu_button(self) -> Button:
        button = Button("down")
        button.setObjectName("other-ways")
        button.say(tr(N_("&Other ways")), tr(N_("Other ways to fix this")))
        button.setMenu(QMenu(button))
        return button

    def _fill_menu(self) -> None:
        menu = self._others.menu()
        menu.clear()
        for fix in self._offer.others:
            self._add(fix, tr(fix.title))
        for trial in self._offer.failed:
            self._add(trial.fix, tr(N_("{title} (did not help in a copy)"), title=trial.fix.title))

    def _add(self, fix: Fix, words: str) -> None:
        menu = self._others.menu()
        action = QAction(words.replace("&", "&&"), menu)
        action.triggered.connect(lambda _checked=False: self.fix_chosen.emit(fix))
        menu.addAction(action)
