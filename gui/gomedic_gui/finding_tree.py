"""The findings as a tree: the most important first, what follows from one under it, hints apart.

While an examination goes on, what it finds is added at the end, where it moves nothing; the order is settled once.
"""

from collections.abc import Iterator

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, Qt

from gomedic.model import CheckResult, Examination, Finding, Severity
from gomedic.texts import N_
from gomedic_gui.index import Index
from gomedic_gui.text import tr
from gomedic_gui.wording import severity_in_words

FINDING = Qt.ItemDataRole.UserRole + 1  # the Finding, None on headings and checks
LEVEL = Qt.ItemDataRole.UserRole + 2  # "" on headings
CHECK = Qt.ItemDataRole.UserRole + 3  # a CheckResult that could not find out

_HINTS, _UNKNOWN = N_("Good to know"), N_("Could not find out")


class _Node:
    """A row: what it shows, and the rows below it. One with the same key stands for the same thing later."""

    def __init__(self, key: str, shown: Finding | CheckResult | str) -> None:
        self.key = key
        self.shown = shown
        self.parent: _Node | None = None
        self.children: list[_Node] = []

    def adopt(self, children: "list[_Node]") -> None:
        self.children = children
        for child in children:
            child.parent = self

    def row(self) -> int:
        return self.parent.children.index(self) if self.parent else 0

    def walk(self) -> "Iterator[_Node]":
        for child in self.children:
            yield child
            yield from child.walk()


class FindingTree(QAbstractItemModel):
    """Holds what an examination has found; what is told of it again keeps its row, its choice and its place."""

    def __init__(self, owner: QObject | None = None) -> None:
        super().__init__(owner)
        self._root = _Node("", "")

    def add(self, examination: Examination) -> None:
        """Hold what has been found so far: what is new at the end, all else where it is."""
        self._renew({node.key: node.shown for node in _wanted(examination).walk()})
        known = {node.key for node in self._root.walk()}
        self._append([_node(finding) for finding in examination.findings if finding.id not in known])

    def settle(self, examination: Examination) -> None:
        """Hold what an examination has found, in its final order."""
        wanted = _wanted(examination)
        new = {node.key: node.shown for node in wanted.walk()}
        known = {node.key for node in self._root.walk()}
        self._append([_Node(key, shown) for key, shown in new.items() if key not in known])
        gone = self._arrange(wanted)
        if gone:
            every = self._root.children  # kept until Qt has forgotten them
            self.beginRemoveRows(QModelIndex(), len(every) - gone, len(every) - 1)
            self._root.children = every[:-gone]
            self.endRemoveRows()
        self._renew(new)

    def drop(self, examination: Examination) -> None:
        """Hold no more than an examination has found; what is left stays where it is."""
        kept = {node.key for node in _wanted(examination).walk()}
        for node in [node for node in self._root.walk() if node.key not in kept]:
            self._move_up(node.children)
            parent = node.parent or self._root
            self.beginRemoveRows(self._index(parent), node.row(), node.row())
            parent.children.remove(node)
            self.endRemoveRows()

    def has(self, key: str) -> bool:
        """Tell whether a finding is in the tree, by its id."""
        return any(node.key == key for node in self._root.walk())

    def _move_up(self, children: list[_Node]) -> None:
        """Let what followed from something that is gone stand on its own."""
        for child in list(children):
            source, end = child.parent or self._root, len(self._root.children)
            self.beginMoveRows(self._index(source), child.row(), child.row(), QModelIndex(), end)
            source.children.remove(child)
            self._root.adopt([*self._root.children, child])
            self.endMoveRows()

    def _append(self, nodes: list[_Node]) -> None:
        if nodes:
            first = len(self._root.children)
            self.beginInsertRows(QModelIndex(), first, first + len(nodes) - 1)
            self._root.adopt([*self._root.children, *nodes])
            self.endInsertRows()

    def _arrange(self, wanted: _Node) -> int:
        """Bring all rows into the order of `wanted`; return how many are left over, at the end."""
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        nodes = [self._of(index) for index in before]
        rest = {node.key: node for node in self._root.walk()}
        top = _taken(wanted, rest)
        for node in rest.values():
            node.adopt([])
        self._root.adopt([*top, *rest.values()])
        self.changePersistentIndexList(before, [self._index(node) for node in nodes])
        self.layoutChanged.emit()
        return len(rest)

    def _renew(self, new: dict[str, Finding | CheckResult | str]) -> None:
        for node in self._root.walk():
            if node.key in new and node.shown != new[node.key]:
                node.shown = new[node.key]
                index = self._index(node)
                self.dataChanged.emit(index, index)

    def _of(self, index: Index) -> _Node:
        node = index.internalPointer() if index.isValid() else None
        return node if isinstance(node, _Node) else self._root

    def _index(self, node: _Node) -> QModelIndex:
        return QModelIndex() if node is self._root else self.createIndex(node.row(), 0, node)

    def index(self, row: int, column: int = 0, parent: Index = QModelIndex()) -> QModelIndex:  # noqa: B008
        children = self._of(parent).children
        within = 0 <= row < len(children) and column == 0
        return self.createIndex(row, 0, children[row]) if within else QModelIndex()

    def parent(self, index: Index = QModelIndex()) -> QModelIndex:  # type: ignore[override] # noqa: B008
        parent = self._of(index).parent
        return self._index(parent) if parent is not None else QModelIndex()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008 - Qt's signature
        return len(self._of(parent).children)

    def columnCount(self, _parent: Index = QModelIndex()) -> int:  # noqa: N802, B008 - Qt's signature
        return 1

    def flags(self, index: Index) -> Qt.ItemFlag:
        chosen = index.isValid() and not isinstance(self._of(index).shown, str)
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable if chosen else Qt.ItemFlag.NoItemFlags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        shown = self._of(index).shown
        if isinstance(shown, Finding):
            return _data_of_finding(shown, role)
        return (
            _data_of_check(shown, role) if isinstance(shown, CheckResult) else _data_of_heading(shown, role)
        )


def tree_of(examination: Examination, owner: QObject) -> FindingTree:
    """Return the model for an examination."""
    model = FindingTree(owner)
    model.settle(examination)
    return model


def first_of(examination: Examination) -> str | None:
    """Return the key of what an examination has found that matters most."""
    every = _wanted(examination).walk()
    return next((node.key for node in every if not isinstance(node.shown, str)), None)


def index_of(model: QAbstractItemModel, finding_id: str | None) -> QModelIndex:
    """Return where a finding is in the tree, else the first finding, else an invalid index."""
    every = list(_walk(model, QModelIndex()))
    wanted = (index for index in every if (found := index.data(FINDING)) and found.id == finding_id)
    first = (index for index in every if index.data(FINDING) or index.data(CHECK))
    return next(wanted, next(first, QModelIndex()))


def _walk(model: QAbstractItemModel, parent: QModelIndex) -> Iterator[QModelIndex]:
    for row in range(model.rowCount(parent)):
        index = model.index(row, 0, parent)
        yield index
        yield from _walk(model, index)


def _wanted(examination: Examination) -> _Node:
    """Return the whole tree of an examination."""
    findings = examination.findings
    ids = {finding.id for finding in findings}
    roots = [finding for finding in findings if finding.because_of not in ids]
    hints = [finding for finding in roots if finding.severity is Severity.HINT]
    unknown = [check for check in examination.checks if check.state == "failed"]
    root = _Node("", "")
    root.adopt(
        [
            *(_with_consequences(f, findings) for f in roots if f.severity is not Severity.HINT),
            *_section(_HINTS, [_with_consequences(hint, findings) for hint in hints]),
            *_section(_UNKNOWN, [_Node(f"check:{check.id}", check) for check in unknown]),
        ]
    )
    return root


def _taken(wanted: _Node, rest: dict[str, _Node]) -> list[_Node]:
    """Take the nodes that are wanted out of `rest`, and put them under each other as is wanted."""
    taken = []
    for child in wanted.children:
        node = rest.pop(child.key)
        node.adopt(_taken(child, rest))
        taken.append(node)
    return taken


def _section(title: str, nodes: list[_Node]) -> list[_Node]:
    """Return a heading and its rows beside it, not below: a heading is nothing to fold."""
    return [_Node(f"heading:{title}", title), *nodes] if nodes else []


def _with_consequences(finding: Finding, findings: tuple[Finding, ...]) -> _Node:
    node = _node(finding)
    node.adopt([_node(f) for f in findings if f.because_of == finding.id and f.id != finding.id])
    return node


def _node(finding: Finding) -> _Node:
    return _Node(finding.id, finding)


def _data_of_finding(finding: Finding, role: int) -> object:
    if role == FINDING:
        return finding
    if role == LEVEL:
        return finding.severity.value
    if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
        return tr(finding.message)
    if role == Qt.ItemDataRole.AccessibleTextRole:
        words = severity_in_words(finding.severity)
        return tr(N_("{severity}: {message}"), severity=words, message=finding.message)
    return tr(finding.why) if role == Qt.ItemDataRole.AccessibleDescriptionRole else None


def _data_of_check(check: CheckResult, role: int) -> object:
    reason = tr(check.reason) if check.reason else ""
    if role == CHECK:
        return check
    if role == LEVEL:
        return "unknown"
    if role == Qt.ItemDataRole.DisplayRole:
        return reason or check.id
    if role == Qt.ItemDataRole.ToolTipRole:
        return f"{check.id}: {reason}" if reason else check.id
    known = role == Qt.ItemDataRole.AccessibleTextRole
    return tr(N_("Not known: {what}"), what=reason or check.id) if known else None


def _data_of_heading(title: str, role: int) -> object:
    if role == LEVEL:
        return ""
    return tr(title) if role == Qt.ItemDataRole.DisplayRole else None
