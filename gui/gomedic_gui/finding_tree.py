"""The findings as a tree: the most important first, what follows from one under it, hints apart."""

from collections.abc import Iterable

from PySide6.QtCore import QModelIndex, QObject, Qt
from PySide6.QtGui import QStandardItem, QStandardItemModel

from gomedic.model import CheckResult, Examination, Finding, Severity
from gomedic.texts import N_
from gomedic_gui.text import tr
from gomedic_gui.wording import severity_in_words

FINDING = Qt.ItemDataRole.UserRole + 1  # the Finding, None on headings and checks
LEVEL = Qt.ItemDataRole.UserRole + 2  # "" on headings
CHECK = Qt.ItemDataRole.UserRole + 3  # a CheckResult that could not find out


def tree_of(examination: Examination, owner: QObject) -> QStandardItemModel:
    """Return the model for an examination."""
    model = QStandardItemModel(owner)
    findings = examination.findings
    ids = {finding.id for finding in findings}
    roots = [finding for finding in findings if finding.because_of not in ids]
    for finding in roots:
        if finding.severity is not Severity.HINT:
            model.appendRow(_with_consequences(finding, findings))
    hints = [finding for finding in roots if finding.severity is Severity.HINT]
    _append_section(model, tr(N_("Good to know")), [_with_consequences(hint, findings) for hint in hints])
    unknown = [check for check in examination.checks if check.state == "failed"]
    _append_section(model, tr(N_("Could not find out")), [_unknown_item(check) for check in unknown])
    return model


def index_of(model: QStandardItemModel, finding_id: str | None) -> QModelIndex:
    """Return where a finding is in the tree, else the first finding, else an invalid index."""
    every = list(_walk(model, QModelIndex()))
    wanted = (index for index in every if (found := index.data(FINDING)) and found.id == finding_id)
    first = (index for index in every if index.data(FINDING) or index.data(CHECK))
    return next(wanted, next(first, QModelIndex()))


def _walk(model: QStandardItemModel, parent: QModelIndex) -> Iterable[QModelIndex]:
    for row in range(model.rowCount(parent)):
        index = model.index(row, 0, parent)
        yield index
        yield from _walk(model, index)


def _append_section(model: QStandardItemModel, title: str, items: list[QStandardItem]) -> None:
    """Append a heading and its items beside it, not below: a heading is nothing to fold."""
    if not items:
        return
    heading = QStandardItem(title)
    heading.setFlags(Qt.ItemFlag.NoItemFlags)
    heading.setData("", LEVEL)
    model.appendRow(heading)
    for item in items:
        model.appendRow(item)


def _with_consequences(finding: Finding, findings: tuple[Finding, ...]) -> QStandardItem:
    item = _finding_item(finding)
    for other in findings:
        if other.because_of == finding.id and other.id != finding.id:
            item.appendRow(_finding_item(other))
    return item


def _finding_item(finding: Finding) -> QStandardItem:
    text = tr(finding.message)
    item = QStandardItem(text)
    item.setEditable(False)
    item.setData(finding, FINDING)
    item.setData(finding.severity.value, LEVEL)
    item.setToolTip(text)
    spoken = tr(N_("{severity}: {message}"), severity=severity_in_words(finding.severity), message=text)
    item.setAccessibleText(spoken)
    item.setAccessibleDescription(tr(finding.why))
    return item


def _unknown_item(check: CheckResult) -> QStandardItem:
    reason = tr(check.reason) if check.reason else ""
    item = QStandardItem(reason or check.id)
    item.setEditable(False)
    item.setData(check, CHECK)
    item.setData("unknown", LEVEL)
    item.setToolTip(f"{check.id}: {reason}" if reason else check.id)
    item.setAccessibleText(tr(N_("Not known: {what}"), what=reason or check.id))
    return item
