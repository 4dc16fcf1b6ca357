"""Queue list: entries on two lines each, to be dragged to another place. It moves nothing by itself."""

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QDropEvent, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from ganstudio.gui import theme
from ganstudio.gui.queue_words import QueueRow
from ganstudio.gui.tokens import mix

_ROW = Qt.ItemDataRole.UserRole
_PAD, _SIDE, _BAR = 8, 16, 3

Index = QModelIndex | QPersistentModelIndex


class QueueList(QListWidget):
    """The queue from top to bottom; what is shown is told by :meth:`show_rows`.

    Signals:
        moved: an entry by its key, and the place it is wanted at, counted as if it had been taken out.
        removed: an entry is wanted out.
        renaming: an entry is to be renamed.
        selected: another entry is selected, or what is known of it has changed.
    """

    moved = Signal(str, int)
    removed = Signal(str)
    renaming = Signal(str)
    selected = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Queue")
        self.setItemDelegate(_RowDelegate(self))
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.currentItemChanged.connect(lambda _now, _before: self.selected.emit())
        self.itemDoubleClicked.connect(lambda item: self.renaming.emit(item.data(_ROW).key))

    def show_rows(self, rows: Sequence[QueueRow]) -> None:
        """Show these; what was selected stays selected."""
        current = self.current_row()
        if [row.key for row in rows] != [row.key for row in self._rows()]:
            self._refill(rows, current.key if current else "")
        for number, row in enumerate(rows):
            item = self.item(number)
            if item.data(_ROW) != row:
                item.setData(_ROW, row)
                item.setToolTip(row.sentence)
                item.setData(Qt.ItemDataRole.AccessibleTextRole, row.spoken)
        if self.current_row() != current:
            self.selected.emit()

    def current_row(self) -> QueueRow | None:
        """Return what is selected."""
        item = self.currentItem()
        row: QueueRow | None = item.data(_ROW) if item is not None else None
        return row

    def select(self, key: str) -> None:
        """Select an entry where it is there."""
        for number, row in enumerate(self._rows()):
            if row.key == key:
                self.setCurrentRow(number)

    def move_current(self, by: int) -> None:
        """Ask for the selected entry to stand further up or down."""
        row, place = self.current_row(), self.currentRow() + by
        if row is not None and 0 <= place < self.count():
            self.moved.emit(row.key, place)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Alt with an arrow moves, Delete removes, F2 renames."""
        row = self.current_row()
        alt = event.modifiers() & Qt.KeyboardModifier.AltModifier
        if alt and event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.move_current(-1 if event.key() == Qt.Key.Key_Up else 1)
        elif row is not None and event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.removed.emit(row.key)
        elif row is not None and event.key() in (Qt.Key.Key_F2, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.renaming.emit(row.key)
        else:
            super().keyPressEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        """Ask for the dragged entry to stand where it was dropped."""
        row, at = self.current_row(), self.indexAt(event.position().toPoint())
        indicator = self.dropIndicatorPosition()
        place = at.row() if at.isValid() else self.count()
        if at.isValid() and indicator == QAbstractItemView.DropIndicatorPosition.BelowItem:
            place += 1
        # The list shows what it is told: Qt is not to move the row by itself.
        event.setDropAction(Qt.DropAction.IgnoreAction)
        event.accept()
        if row is not None and event.source() is self:
            self.moved.emit(row.key, place - (place > self.currentRow()))

    def _rows(self) -> list[QueueRow]:
        return [self.item(number).data(_ROW) for number in range(self.count())]

    def _refill(self, rows: Sequence[QueueRow], key: str) -> None:
        place = self.currentRow()
        blocked = self.blockSignals(True)
        self.clear()
        for row in rows:
            item = QListWidgetItem(self)
            item.setData(_ROW, row)
            item.setToolTip(row.sentence)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, row.spoken)
            item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsDropEnabled)
        self.select(key)
        if self.currentRow() < 0 and rows:
            self.setCurrentRow(max(0, min(place, len(rows) - 1)))
        self.blockSignals(blocked)


class _RowDelegate(QStyledItemDelegate):
    """Draws the name and the state on the first line, and what it is on the second."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return the room of two lines and the bar."""
        return QSize(200, 2 * option.fontMetrics.height() + 2 * _PAD + 8)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one entry."""
        row: QueueRow = index.data(_ROW)
        tokens, place = theme.current(), QRect(option.rect)
        state: QStyle.StateFlag = option.state
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(place, QColor(mix(tokens.panel, tokens.accent, 0.2)))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(place, QColor(mix(tokens.panel, tokens.text, 0.05)))
        inner = place.adjusted(12, _PAD, -12, -_PAD)
        self._paint_words(painter, row, inner)
        if row.share is not None:
            self._paint_bar(painter, row.share, inner)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(QColor(tokens.line))
        painter.drawLine(place.bottomLeft(), place.bottomRight())
        painter.restore()

    def _paint_words(self, painter: QPainter, row: QueueRow, inner: QRect) -> None:
        tokens = theme.current()
        painter.setFont(theme.sized_font(0))
        height = painter.fontMetrics().height()
        first = QRect(inner.left(), inner.top(), inner.width(), height)
        second = first.translated(0, height + 2)
        middle, right = Qt.AlignmentFlag.AlignVCenter, Qt.AlignmentFlag.AlignRight
        width = painter.fontMetrics().horizontalAdvance(row.state)
        painter.setPen(QColor(getattr(tokens, row.token)))
        painter.drawText(first, middle | right, row.state)
        if row.icon:
            sign = QRect(0, 0, _SIDE, _SIDE)
            sign.moveCenter(first.center())
            sign.moveRight(first.right() - width - 4)
            theme.icon(row.icon, row.token).paint(painter, sign)
        self._elided(painter, second, row.sentence or row.line, tokens.quiet)
        painter.setFont(theme.sized_font(0, bold=row.share is not None))
        self._elided(painter, first.adjusted(0, 0, -width - _SIDE - 16, 0), row.name, tokens.text)

    def _elided(self, painter: QPainter, place: QRect, text: str, colour: str) -> None:
        painter.setPen(QColor(colour))
        cut = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, place.width())
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, cut)

    def _paint_bar(self, painter: QPainter, share: float, inner: QRect) -> None:
        tokens = theme.current()
        track = QRect(inner.left(), inner.bottom() - _BAR + 4, inner.width(), _BAR)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(mix(tokens.line, tokens.text, 0.05)))
        painter.drawRoundedRect(track, 1.5, 1.5)
        painter.setBrush(QColor(tokens.accent))
        done = QRect(track.left(), track.top(), round(track.width() * min(max(share, 0.0), 1.0)), _BAR)
        painter.drawRoundedRect(done, 1.5, 1.5)
