"""Class bars: how many samples each class has, as bars one below the other; one can be singled out.

It is given names and counts. It knows nothing of data.
"""

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from ganstudio.gui import theme, words
from ganstudio.gui.tokens import mix
from ganstudio.gui.widgets.points_paint import class_colours

_ROW, _BAR, _GAP = 24, 8, 8
_COUNT = Qt.ItemDataRole.UserRole
_NAME_SHARE = 0.4
"""Names take at most this share of the width."""

Index = QModelIndex | QPersistentModelIndex


class ClassBars(QListWidget):
    """A bar for each class, all at full height; a press on the one singled out, or Escape, singles out none.

    Signals:
        chosen: the number of the class singled out, or ``None``.
    """

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.largest = 0
        """The count of the largest class."""
        self._widest = 0
        self.coloured = False
        self.setItemDelegate(_BarDelegate(self))
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setProperty("role", "plain")
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setUniformItemSizes(True)
        self.setAccessibleName("Samples of each class")
        self.setToolTip("Press a class to see its samples; press it again to see all")
        self.setWhatsThis(self.toolTip())
        self.itemSelectionChanged.connect(self._tell)

    def show_classes(self, classes: Sequence[tuple[str, int]], coloured: bool = False) -> None:
        """Show these names and counts in place of those before; none is singled out.

        ``coloured``: each in the colour that its points have.
        """
        self.coloured = coloured
        self.blockSignals(True)
        self.clear()
        self.blockSignals(False)
        for name, count in classes:
            item = QListWidgetItem(name, self)
            item.setData(_COUNT, count)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{name}, {count} samples")
        self.largest = max((count for _name, count in classes), default=0)
        self._widest = 0
        self.setFixedHeight(self.count() * _ROW)

    def single_out(self, number: int | None) -> None:
        """Single out a class, or none, without reporting it."""
        self.blockSignals(True)
        self.clearSelection()
        if number is not None:
            self.setCurrentRow(number)
        self.blockSignals(False)

    def singled_out(self) -> int | None:
        """Return the number of the class singled out, or ``None``."""
        rows = self.selectedIndexes()
        return rows[0].row() if rows else None

    def name_width(self, metrics: QFontMetrics) -> int:
        """Return the room that names take in a font, in pixels."""
        if not self._widest:
            names = (self.item(row).text() for row in range(self.count()))
            self._widest = max(metrics.horizontalAdvance(name) for name in names) + 1
        return min(self._widest, int(self.viewport().width() * _NAME_SHARE))

    def colour(self, number: int) -> str:
        """Return the colour of a class's bar while it is not singled out."""
        tokens = theme.current()
        colours = class_colours(tokens)
        return mix(tokens.panel, colours[number % len(colours)] if self.coloured else tokens.real, 0.8)

    def row_middle(self, number: int) -> QPoint:
        """Return where the middle of a class's bar is, so that it can be scrolled to."""
        return self.visualItemRect(self.item(number)).center()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Let go of the class singled out when it is pressed again."""
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and index.row() == self.singled_out():
            self.clearSelection()
        else:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Keep a press from selecting again while the mouse moves a little."""
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let go of the class singled out on Escape."""
        if event.key() == Qt.Key.Key_Escape and self.singled_out() is not None:
            self.clearSelection()
        else:
            super().keyPressEvent(event)

    def _tell(self) -> None:
        self.chosen.emit(self.singled_out())


class _BarDelegate(QStyledItemDelegate):
    """Draws a name, a bar and a count."""

    def __init__(self, bars: ClassBars) -> None:
        super().__init__(bars)
        self._bars = bars

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return the height of a row."""
        return QSize(120, _ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one row."""
        tokens, bars = theme.current(), self._bars
        row: QRect = option.rect
        state: QStyle.StateFlag = option.state
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        singled = bool(state & QStyle.StateFlag.State_Selected)
        if singled or state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(row, QColor(mix(tokens.panel, tokens.accent, 0.2 if singled else 0.07)))
        inner = row.adjusted(4, 0, -4, 0)
        count = int(index.data(_COUNT))
        number = words.grouped(count)
        metrics = painter.fontMetrics()
        names = bars.name_width(metrics)
        numbers = metrics.horizontalAdvance(words.grouped(bars.largest))
        name = metrics.elidedText(str(index.data()), Qt.TextElideMode.ElideRight, names)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setPen(QColor(tokens.text))
        painter.drawText(QRect(inner.left(), row.top(), names, row.height()), middle, name)
        painter.setPen(QColor(tokens.quiet))
        place = QRect(inner.right() - numbers, row.top(), numbers + 1, row.height())
        painter.drawText(place, middle | Qt.AlignmentFlag.AlignRight, number)
        left = inner.left() + names + _GAP
        room = inner.right() - numbers - _GAP - left
        top = row.top() + (row.height() - _BAR) / 2
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(mix(tokens.panel, tokens.text, 0.06)))
        painter.drawRoundedRect(QRectF(left, top, room, _BAR), 2, 2)
        painter.setBrush(QColor(tokens.accent if singled and not bars.coloured else bars.colour(index.row())))
        painter.drawRoundedRect(QRectF(left, top, room * count / max(1, bars.largest), _BAR), 2, 2)
        painter.restore()
