"""Run model: entries of runs as rows, sorted and filtered, flat or as families. It knows nothing of files.

It sorts and filters by itself: thousands of rows through a proxy would ask for each cell a thousand times.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import (
    QAbstractItemModel,
    QItemSelectionRange,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from ganstudio.gui.widgets.run_columns import COLUMNS, NAME, PICTURE, STAR, STATE, TAGS, searched
from ganstudio.runs.entry import Entry
from ganstudio.runs.notes import split_tags

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole

ENTRY = Role.UserRole

_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_NOWHERE = QModelIndex()
_NO_FLAGS = Qt.ItemFlag.NoItemFlags
_READ = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
_FLAGS = tuple(_READ | Qt.ItemFlag.ItemIsEditable if column.edited else _READ for column in COLUMNS)
"""Made once: a paint asks for hundreds."""


@dataclass(eq=False)
class _Node:
    """A row. ``number`` is its own for good: an index that outlives its row leads nowhere, never astray."""

    number: int
    entry: Entry
    searched: str = ""
    row: int = -1
    parent: "_Node | None" = None
    children: "list[_Node]" = field(default_factory=list)


class RunModel(QAbstractItemModel):
    """Rows of runs.

    Signals:
        edited: an entry, and what of its notes is to be changed, as a dict; the model waits to be told.
    """

    edited = Signal(object, dict)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.titles: Mapping[str, str] = {}
        self.by_family = False
        self._nodes: dict[str, _Node] = {}
        self._by_number: dict[int, _Node] = {}
        self._roots: list[_Node] = []
        self._words: list[str] = []
        self._sorted_by: tuple[int, bool] | None = None
        self._next = 1

    # --- What it is told ---------------------------------------------------------------------------

    def show_entries(self, entries: Iterable[Entry]) -> None:
        """Show these runs in place of those before."""
        self.beginResetModel()
        before, self._nodes = self._nodes, {}
        for entry in entries:
            node = before.get(entry.folder) or self._made(entry)
            if node.entry is not entry or not node.searched:
                node.entry, node.searched = entry, searched(entry, self.titles)
            self._nodes[entry.folder] = node
        self._by_number = {node.number: node for node in self._nodes.values()}
        self._arrange()
        self.endResetModel()

    def update_entry(self, entry: Entry) -> None:
        """Show that a run has changed; it stays in its row."""
        node = self._nodes.get(entry.folder)
        if node is None:
            return
        node.entry, node.searched = entry, searched(entry, self.titles)
        if node.row >= 0:
            self.dataChanged.emit(self._index(node, 0), self._index(node, len(COLUMNS) - 1))

    def set_titles(self, titles: Mapping[str, str]) -> None:
        """Say what kinds of data and architectures are called."""
        self.titles = titles
        self.beginResetModel()
        for node in self._nodes.values():
            node.searched = searched(node.entry, titles)
        self._arrange()
        self.endResetModel()

    def set_filter(self, text: str) -> None:
        """Show the runs in which every word of ``text`` occurs."""
        words = text.lower().split()
        if words != self._words:
            self.beginResetModel()
            self._words = words
            self._arrange()
            self.endResetModel()

    def set_by_family(self, on: bool) -> None:
        """Show branches below their parents, or all runs as one list."""
        if on != self.by_family:
            self.beginResetModel()
            self.by_family = on
            self._arrange()
            self.endResetModel()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column; below 0, as the entries came. Equal ones stay in the order they came in."""
        self.layoutAboutToBeChanged.emit()
        old = self.persistentIndexList()
        self._sorted_by = (column, order == Qt.SortOrder.DescendingOrder) if column >= 0 else None
        self._arrange()
        self.changePersistentIndexList(old, [self._moved(index) for index in old])
        self.layoutChanged.emit()

    # --- What it is asked --------------------------------------------------------------------------

    def entry(self, index: Index) -> Entry | None:
        """Return the run of a row."""
        node = self._node(index)
        return node.entry if node else None

    def entries(self) -> list[Entry]:
        """Return all runs, whether shown or not."""
        return [node.entry for node in self._nodes.values()]

    def shown(self) -> list[Entry]:
        """Return the runs that match, from the first row to the last."""
        rows: list[Entry] = []
        waiting = list(reversed(self._roots))
        while waiting:
            node = waiting.pop()
            rows.append(node.entry)
            waiting.extend(reversed(node.children))
        return rows

    def within(self, ranges: Iterable[QItemSelectionRange]) -> list[Entry]:
        """Return the runs in some ranges of rows, from the first row to the last, each once."""
        nodes = {
            node.number: node
            for each in ranges
            for node in self._children(each.parent())[each.top() : each.bottom() + 1]
        }
        return [node.entry for node in sorted(nodes.values(), key=_position)]

    def index_of(self, folder: str, column: int = 0) -> QModelIndex:
        """Return where a run is shown, an invalid index where it is not."""
        node = self._nodes.get(folder)
        return self._index(node, column) if node is not None and node.row >= 0 else QModelIndex()

    # --- What Qt asks ------------------------------------------------------------------------------

    def index(self, row: int, column: int, parent: Index = _NOWHERE) -> QModelIndex:
        """Return the index of a cell."""
        siblings = self._children(parent)
        if 0 <= row < len(siblings) and 0 <= column < len(COLUMNS):
            return self.createIndex(row, column, siblings[row].number)
        return QModelIndex()

    def parent(self, index: Index = _NOWHERE) -> Any:
        """Return where the parent of a run is shown."""
        node = self._node(index) if self.by_family else None
        return self._index(node.parent, 0) if node and node.parent else QModelIndex()

    def sibling(self, row: int, column: int, index: Index) -> QModelIndex:
        """Return another cell; those of the same row are asked for all the time."""
        if row == index.row() and 0 <= column < len(COLUMNS):
            return self.createIndex(row, column, index.internalId())
        return super().sibling(row, column, index)

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        """Return how many rows there are below one."""
        return 0 if parent.column() > 0 else len(self._children(parent))

    def hasChildren(self, parent: Index = _NOWHERE) -> bool:
        """Say whether there is anything below a row."""
        return bool(self._children(parent))

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        """Return how many columns there are."""
        return len(COLUMNS)

    def headerData(self, section: int, way: Qt.Orientation, role: int = Role.DisplayRole) -> Any:
        """Return a column's title; the narrow ones have it for those who listen alone."""
        if way != Qt.Orientation.Horizontal:
            return None
        column = COLUMNS[section]
        if role == Role.DisplayRole:
            return "" if section in (STAR, PICTURE) else column.title
        if role == Role.TextAlignmentRole:
            return _RIGHT if column.right else _LEFT
        if role == Role.InitialSortOrderRole:
            return Qt.SortOrder.DescendingOrder if column.falling else Qt.SortOrder.AscendingOrder
        return column.title if role in (Role.AccessibleTextRole, Role.ToolTipRole) else None

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        """Return what a cell holds."""
        node = self._node(index)
        if node is None:
            return None
        column = COLUMNS[index.column()]
        if role == ENTRY:
            return node.entry
        if role in (Role.DisplayRole, Role.EditRole):
            return column.text(node.entry, self.titles)
        if role == Role.AccessibleTextRole:
            return f"{column.title}: {_spoken(node.entry, index.column()) or self.data(index) or 'none'}"
        if role == Role.ToolTipRole:
            return self._tip(node.entry, index.column())
        return (_RIGHT if column.right else _LEFT) if role == Role.TextAlignmentRole else None

    def setData(self, index: Index, value: Any, role: int = Role.EditRole) -> bool:
        """Tell what was written into a cell; it is shown when it holds."""
        node = self._node(index)
        if node is None or role != Role.EditRole:
            return False
        if index.column() == NAME:
            name = " ".join(str(value).split())
            changes: dict[str, Any] = {"name": "" if name == node.entry.folder else name}
            if name in ("", node.entry.name) and not (name == "" and node.entry.name != node.entry.folder):
                return False
        elif index.column() == TAGS:
            changes = {"tags": split_tags(str(value))}
            if changes["tags"] == node.entry.tags:
                return False
        else:
            return False
        self.edited.emit(node.entry, changes)
        return True

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Say what can be done with a cell."""
        return _FLAGS[index.column()] if index.isValid() else _NO_FLAGS

    # --- Inside ------------------------------------------------------------------------------------

    def _made(self, entry: Entry) -> _Node:
        self._next += 1
        return _Node(self._next, entry)

    def _node(self, index: Index) -> _Node | None:
        return self._by_number.get(index.internalId()) if index.isValid() else None

    def _children(self, parent: Index) -> list[_Node]:
        if not parent.isValid():
            return self._roots
        node = self._node(parent)
        return node.children if node else []

    def _index(self, node: _Node, column: int) -> QModelIndex:
        return self.createIndex(node.row, column, node.number) if node.row >= 0 else QModelIndex()

    def _moved(self, index: QModelIndex) -> QModelIndex:
        node = self._node(index)
        return self._index(node, index.column()) if node else QModelIndex()

    def _arrange(self) -> None:
        """Put the rows that match in their order and under their parents."""
        shown = self._matching()
        for node in self._nodes.values():
            node.row, node.parent, node.children = -1, None, []
        self._roots = []
        for node in shown:
            node.parent = self._parent_of(node) if self.by_family else None
            (node.parent.children if node.parent else self._roots).append(node)
        for siblings in (self._roots, *(node.children for node in shown)):
            for row, node in enumerate(siblings):
                node.row = row

    def _matching(self) -> list[_Node]:
        nodes = list(self._nodes.values())
        if self._words:
            matching = [node for node in nodes if all(word in node.searched for word in self._words)]
            if self.by_family:
                kept = self._with_parents(matching)
                matching = [node for node in nodes if node in kept]
            nodes = matching
        if self._sorted_by is not None:
            column, falling = self._sorted_by
            order = COLUMNS[column].order
            nodes.sort(key=lambda node: order(node.entry, self.titles), reverse=falling)
        return nodes

    def _with_parents(self, nodes: list[_Node]) -> set[_Node]:
        """Return nodes and all they descend from: a branch that matches is shown in its place."""
        found: set[_Node] = set()
        for start in nodes:
            node: _Node | None = start
            while node is not None and node not in found:
                found.add(node)
                node = self._nodes.get(node.entry.parent)
        return found

    def _parent_of(self, node: _Node) -> _Node | None:
        """Return the run that one is shown under; none where that would lead round in a circle."""
        parent = self._nodes.get(node.entry.parent)
        above, seen = parent, {node.number}
        while above is not None:
            if above.number in seen:
                return None
            seen.add(above.number)
            above = self._nodes.get(above.entry.parent)
        return parent

    def _tip(self, entry: Entry, column: int) -> str:
        if column == STATE:
            return entry.sentence or entry.state
        if column == NAME:
            return entry.folder if entry.name == entry.folder else f"{entry.name}\n{entry.folder}"
        return entry.text if COLUMNS[column].key == "notes" else COLUMNS[column].text(entry, self.titles)


def _position(node: _Node | None) -> tuple[int, ...]:
    """Return where a row stands: the rows from its root down to itself."""
    rows = []
    while node is not None:
        rows.append(node.row)
        node = node.parent
    return tuple(reversed(rows))


def _spoken(entry: Entry, column: int) -> str:
    """Return what is said of a cell that shows no words."""
    if column == STAR:
        return "yes" if entry.starred else "no"
    return ("there are some" if entry.thumbnail else "none") if column == PICTURE else ""
