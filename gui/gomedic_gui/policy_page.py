"""What must hold besides: a policy that somebody wrote down, and the limits of a sandbox that is still to come."""

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from gomedic.limits import Limits, LimitsError, limits_of
from gomedic.texts import N_
from gomedic_gui.asides import Asides
from gomedic_gui.button import Button
from gomedic_gui.case import Case
from gomedic_gui.doctor import Doctor
from gomedic_gui.failure import Failure
from gomedic_gui.glyph_row import GlyphRow
from gomedic_gui.judging import Demands
from gomedic_gui.labels import code_font, label
from gomedic_gui.scroll import Scroll
from gomedic_gui.settings_field import SettingField
from gomedic_gui.text import tr

if TYPE_CHECKING:
    from gomedic.policy.model import Policy

ENDING = ".toml"
_WHAT = N_(
    "A policy is a file in which a teacher writes down what must hold of Go. Choose one or drop it here, and this machine and each image are judged by it too."
)
_NONE = N_("No policy is used.")
_UNSIGNED = N_("It is not signed.")
_DEMANDS = N_("It demands:")
_LIMITS = N_("Limits of a sandbox, such as a judge or a course platform")
_LIMITS_HELP = N_(
    "gomedic then also says what will fail there. Words: memory, pids, cpus, readonly, tmpfs, noexec, idle, as, fsize, nofile."
)
_EXAMPLE = "memory=512m,pids=128,readonly,tmpfs=/tmp:64m,noexec,idle=30s"


class PolicyPage(Scroll):
    """Takes a policy and limits, and asks for an examination by them."""

    ended = Signal()  # nothing is being read any more
    examine_requested = Signal()
    chosen = Signal(str)  # name of the policy that is used from now on; "": none

    def __init__(self, doctor: Doctor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._doctor = doctor
        self._demands = Demands()
        self._name = ""
        self._asides = Asides(self, threads=1)
        self._asides.ended.connect(self.ended)
        self._choose = _button(
            "choose-policy", N_("Choose a polic&y…"), N_("A file such as gomedic.toml"), "primary"
        )
        self._drop = _button("drop-policy", N_("St&op using it"), N_("This machine and images are then judged by the checks alone"))  # fmt: skip
        self._examine = _button(
            "examine-by-it", N_("E&xamine this machine by it"), N_("Changes nothing (F5)")
        )
        self._policy, self._signed, self._verdict = GlyphRow(bold=True), GlyphRow(), GlyphRow(bold=True)
        self._policy.setObjectName("policy")
        self._verdict.setObjectName("policy-verdict")
        self._lines_head = label(tr(_DEMANDS), muted=True)
        self._lines = label()
        self._lines.setFont(code_font())
        self.limits = QLineEdit()
        self.limits.setObjectName("limits")
        self.limits.setPlaceholderText(_EXAMPLE)
        self.limits.setClearButtonEnabled(True)
        self._limits = SettingField(tr(_LIMITS), self.limits, tr(_LIMITS_HELP))
        self._choose.clicked.connect(self.choose_file)
        self._drop.clicked.connect(self.forget)
        self._examine.clicked.connect(self.examine_requested)
        self.limits.editingFinished.connect(self._take_limits)
        self._lay_out()
        self._show_none()
        self.setFocusProxy(self._choose)

    @property
    def is_busy(self) -> bool:
        """Whether a policy is being read."""
        return self._asides.busy

    def stop(self) -> None:
        """Ask what is at work to stop."""
        self._asides.cancel()

    def show_case(self, case: Case) -> None:
        """Show how the policy came off, where the case was judged by one."""
        from gomedic.policy.applying import HOLDS, verdict_in

        said = verdict_in(case.examination)
        self._verdict.setVisible(said is not None)
        if said is not None:
            self._verdict.show_level("ok" if said.text == HOLDS else "error", tr(said))

    # ------------------------------------------------------------ what can be done

    def choose_file(self) -> None:
        """Ask for a policy."""
        asking = QFileDialog(self, tr(N_("Choose a policy")), filter=tr(N_("Policies (*.toml)")))
        asking.setObjectName("choose-policy-dialog")
        asking.setFileMode(QFileDialog.FileMode.ExistingFile)
        asking.fileSelected.connect(self.use)
        asking.finished.connect(asking.deleteLater)
        asking.open()

    def use(self, path: str) -> None:
        """Judge by the policy in a file from now on, once it is read and its signature verified."""
        self._asides.run(_reading(self._doctor, path), self._show_policy, self._show_refusal)

    def forget(self) -> None:
        """Judge by no policy any more."""
        self._judge_by(Demands("", self._demands.limits))
        self._show_none()
        self._choose.setFocus()

    def _take_limits(self) -> None:
        text = self.limits.text().strip()
        limits: Limits | None = None
        try:
            limits = limits_of(text) if text else None
        except LimitsError as error:
            self._limits.show_error(tr(error.message))
            return
        self._limits.show_error("")
        if limits != self._demands.limits:
            self._judge_by(Demands(self._demands.policy, limits))

    def _judge_by(self, demands: Demands) -> None:
        self._demands = demands
        self._doctor.judge_by(demands)
        self._verdict.hide()

    # ------------------------------------------------------------ what is shown

    def _show_policy(self, policy: "Policy") -> None:
        from gomedic.policy.applying import on_signature

        self._judge_by(Demands(policy.file, self._demands.limits))
        self._name = _name_of(policy)
        self._policy.show_level("hint", self._name)
        said = " ".join(tr(message) for message in on_signature(policy)) or tr(_UNSIGNED)
        self._signed.show_level("ok" if policy.signed.state == "good" else "hint", said)
        demanded = sorted((line.number, line.text) for line in policy.lines.values())
        self._lines.setText("\n".join(text for _number, text in demanded))
        self._set_chosen(chosen=True)
        self._policy.announce()

    def _show_refusal(self, failure: Failure) -> None:
        """Say why a policy is refused; nothing is judged by it, nor by the one before."""
        self._judge_by(Demands("", self._demands.limits))
        self._set_chosen(chosen=False)
        self._policy.show_level("error", tr(failure.message))
        self._policy.announce()

    def _show_none(self) -> None:
        self._policy.show_level("hint", tr(_NONE))
        self._set_chosen(chosen=False)

    def _set_chosen(self, *, chosen: bool) -> None:
        for each in (self._drop, self._signed, self._lines_head, self._lines):
            each.setVisible(chosen)
        self.chosen.emit(self._name if chosen else "")

    # ------------------------------------------------------------ how it is put together

    def _lay_out(self) -> None:
        choosing = QHBoxLayout()
        choosing.setSpacing(10)
        for button in (self._choose, self._drop):
            choosing.addWidget(button)
        choosing.addStretch(1)
        below = QHBoxLayout()
        below.addWidget(self._examine)
        below.addStretch(1)
        body = QWidget()
        layout = QVBoxLayout(body)
        layout.setContentsMargins(18, 14, 18, 14)
        layout.setSpacing(10)
        layout.addWidget(label(tr(_WHAT), muted=True))
        layout.addLayout(choosing)
        for row in (self._policy, self._signed, self._lines_head, self._lines):
            layout.addWidget(row)
        layout.addSpacing(10)
        layout.addWidget(self._limits)
        layout.addSpacing(10)
        layout.addLayout(below)
        layout.addWidget(self._verdict)
        layout.addStretch(1)
        self.setWidget(body)
        self._verdict.hide()


def _button(name: str, text: str, explained: str, look: str = "") -> Button:
    button = Button("", look)
    button.setObjectName(name)
    button.say(tr(text), tr(explained))
    return button


def _reading(doctor: Doctor, path: str) -> "Iterator[Policy]":
    yield doctor.policy(path)


def _name_of(policy: "Policy") -> str:
    file = os.path.basename(policy.file)
    return f"{policy.name} ({file})" if policy.name else file
