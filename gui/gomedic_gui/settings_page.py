"""Settings: each has a sane default, counts at once, and is kept in the person's own file."""

import os
import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices, QShowEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from gomedic.settings import Key, Source
from gomedic.texts import N_
from gomedic_gui.asides import Asides
from gomedic_gui.button import Button
from gomedic_gui.doctor import Doctor
from gomedic_gui.failure import Failure
from gomedic_gui.glyph_row import GlyphRow
from gomedic_gui.labels import label
from gomedic_gui.scroll import Scroll
from gomedic_gui.settings_field import SettingField
from gomedic_gui.settings_keys import KeysBox
from gomedic_gui.settings_sources import SourcesBox
from gomedic_gui.text import tr

if TYPE_CHECKING:
    from gomedic.settings_edit import Change, Own

_LANGUAGES = ((None, N_("As the system")), ("en", "English"), ("zh_CN", "简体中文"))


class SettingsPage(Scroll):
    """Shows the settings, and has each change written as soon as it is made."""

    ended = Signal()  # nothing is being written or tried any more

    def __init__(self, doctor: Doctor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._doctor = doctor
        self._asides = Asides(self, threads=1)  # one change after the other
        self._asides.ended.connect(self.ended)
        self._trials = Asides(self)
        self._trials.ended.connect(self.ended)
        self._own: Own | None = None

    @property
    def is_busy(self) -> bool:
        """Whether something is being written or tried."""
        return self._asides.busy or self._trials.busy

    def stop(self) -> None:
        """Ask what is at work to stop; a change is written whole, or not at all."""
        self._asides.cancel()
        self._trials.cancel()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        super().showEvent(event)
        if self.widget() is None:  # only now: the window must be quick to open
            self._make_fields()
            self._connect()
            self._lay_out()
        if not self._asides.busy:
            self._asides.run(_once(self._doctor.settings), self.show_own, self._after_failure)

    def show_own(self, own: "Own") -> None:
        """Show what the settings file says."""
        self._own = own
        self._problem.show_level("error", tr(own.problem) if own.problem else "")
        self._problem.setVisible(own.problem is not None)
        self._fields.setEnabled(own.problem is None)
        self._open.setEnabled(os.path.exists(own.path))
        self._where.setText(tr(N_("They are kept in {file}."), file=own.path))
        self._show_plain(own)
        self.sources.show_own(own)
        self.keys.show_own(own)

    def _show_plain(self, own: "Own") -> None:
        for field in (self.language, self.proxy, self.deep, self.network):
            field.blockSignals(True)  # shown, not chosen
        codes = [code for code, _words in _LANGUAGES]
        self.language.setCurrentIndex(codes.index(own.settings.language))
        self.proxy.setText(own.settings.proxy or "")
        self.proxy.setPlaceholderText(own.whole.proxy or tr(N_("none, or as the environment says")))
        self.deep.setChecked(own.whole.deep)
        self.network.setChecked(own.whole.network)
        for field in (self.language, self.proxy, self.deep, self.network):
            field.blockSignals(False)

    # ------------------------------------------------------------ changes

    def _change(self, change: "Change", where: SettingField, then: Callable[[], None] = lambda: None) -> None:
        """Have a change written; say beside its field why it could not be."""

        def done(own: "Own") -> None:
            where.show_error("")
            self._told.show_level("ok", tr(N_("Saved.")))
            self._told.show()
            then()
            self.show_own(own)

        def refused(failure: Failure) -> None:
            self._told.hide()
            where.show_error(self._without_place(tr(failure.message)))

        self._asides.run(_once(lambda: self._doctor.change_settings(change)), done, refused)

    def _without_place(self, words: str) -> str:
        """Leave out the line of the file: what was refused never came to stand there."""
        path = re.escape(self._own.path if self._own is not None else "")
        return re.sub(rf"^{path}[:：]\d+[:：]\s*", "", words)

    def _put(self, name: str, value: str | bool | None, where: SettingField) -> None:
        from gomedic.settings_edit import put

        self._change(put(name, value), where)

    def _choose_language(self, number: int) -> None:
        self._put("language", _LANGUAGES[number][0], self._language)

    def _enter_proxy(self) -> None:
        text = self.proxy.text().strip()
        if self._own is not None and text != (self._own.settings.proxy or ""):
            self._put("proxy", text or None, self._proxy)

    def _add_source(self, source: Source) -> None:
        from gomedic.settings_edit import add

        values: dict[str, str | list[str]] = {"name": source.name, "url": source.url}
        self._change(add("source", values), self.sources.entry, self.sources.clear)

    def _add_key(self, key: Key) -> None:
        from gomedic.settings_edit import add

        values: dict[str, str | list[str]] = {
            "file": key.file,
            "sources": [*key.sources],
            "prefix": key.prefix,
        }
        self._change(add("key", values), self.keys.entry, self.keys.clear)

    def _drop(self, table: str, number: int) -> None:
        from gomedic.settings_edit import drop

        where = self.sources.entry if table == "source" else self.keys.entry
        self._change(drop(table, number), where)

    def _try(self, source: Source) -> None:
        self.sources.show_trying()
        self._trials.run(
            self._doctor.try_source(source), self.sources.show_measured, self.sources.show_failure
        )

    def _open_file(self) -> None:
        if self._own is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(self._own.path))

    def _after_failure(self, failure: Failure) -> None:
        self._problem.show_level("error", tr(failure.message))
        self._problem.show()

    # ------------------------------------------------------------ how it is put together

    def _make_fields(self) -> None:
        self.language = QComboBox()
        self.language.setObjectName("language")
        self.language.setAccessibleName(tr(N_("Language")))
        for _code, words in _LANGUAGES:
            self.language.addItem(tr(words))
        self._language = SettingField(
            "", self.language, tr(N_("Counts from the next time that gomedic is opened."))
        )
        self.proxy = QLineEdit()
        self.proxy.setObjectName("proxy")
        self.proxy.setAccessibleName(tr(N_("Proxy")))
        words = N_(
            "For downloads, where http_proxy, https_proxy and all_proxy name none: http://proxy.example.edu:3128"
        )
        self._proxy = SettingField("", self.proxy, tr(words))
        self.deep = QCheckBox(tr(N_("Examine thoroughly e&very time")))
        self.deep.setObjectName("deep")
        self._deep = SettingField(
            "", self.deep, tr(N_("Also builds a small program in each session; that takes up to a minute."))
        )
        self.network = QCheckBox(tr(N_("Make the checks that &use the network")))
        self.network.setObjectName("network")
        words = N_(
            "They ask the module proxy and the name server whether they answer; nothing of yours is sent."
        )
        self._network = SettingField("", self.network, tr(words))
        self.sources = SourcesBox()
        self.keys = KeysBox(self._doctor.fingerprint)
        self._problem = GlyphRow()
        self._problem.setObjectName("problem")
        self._problem.hide()
        self._told = GlyphRow(size=16)
        self._told.setObjectName("told")
        self._told.hide()
        self._where = label(muted=True)
        self._open = Button()
        self._open.setObjectName("open-file")
        self._open.say(tr(N_("&Open the file")), tr(N_("Opens the settings file in your editor")))

    def _connect(self) -> None:
        self.language.activated.connect(self._choose_language)
        self.proxy.editingFinished.connect(self._enter_proxy)
        self.deep.toggled.connect(lambda on: self._put("deep", on, self._deep))
        self.network.toggled.connect(lambda on: self._put("network", on, self._network))
        self.sources.try_wanted.connect(self._try)
        self.sources.added.connect(self._add_source)
        self.sources.dropped.connect(lambda number: self._drop("source", number))
        self.keys.added.connect(self._add_key)
        self.keys.dropped.connect(lambda number: self._drop("key", number))
        self._open.clicked.connect(self._open_file)

    def _lay_out(self) -> None:
        self._fields = QWidget()
        fields = QVBoxLayout(self._fields)
        fields.setContentsMargins(0, 0, 0, 0)
        fields.setSpacing(10)
        for heading, parts in (
            (N_("What to examine"), (self._deep, self._network)),
            (N_("Language"), (self._language,)),
            (N_("Proxy"), (self._proxy,)),
            (N_("Mirrors"), (self.sources,)),
            (N_("Signing keys"), (self.keys,)),
        ):
            fields.addWidget(label(tr(heading), scale=1.1, bold=True))
            for part in parts:
                fields.addWidget(part)
            fields.addSpacing(8)
        body = QWidget()
        layout = QVBoxLayout(body)
        layout.setContentsMargins(18, 16, 18, 16)
        layout.setSpacing(10)
        top = QHBoxLayout()
        top.addWidget(self._where, 1)
        top.addWidget(self._told)
        top.addWidget(self._open)
        layout.addWidget(self._problem)
        layout.addLayout(top)
        layout.addWidget(self._fields)
        layout.addStretch(1)
        self.setWidget(body)


def _once(ask: "Callable[[], Own]") -> "Iterator[Own]":
    yield ask()
