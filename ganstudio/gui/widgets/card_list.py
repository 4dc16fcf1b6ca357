"""Card list: a popup of cards in groups, found by typing. It knows nothing of what the cards stand for."""

from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QHideEvent, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from ganstudio.gui import theme
from ganstudio.gui.tokens import mix

_WIDTH, _MOST_HEIGHT = 520, 520
_HEADER, _LINE, _PAD = 28, 18, 6
_CARD = Qt.ItemDataRole.UserRole
_LIST_KEYS = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True)
class Card:
    """One thing to pick. ``key`` tells it from the others; ``refused`` says why it cannot be picked."""

    key: str
    title: str
    line: str = ""
    """What it promises, in one line."""
    side: str = ""
    """A few characters at the right, such as how long it takes."""
    group: str = ""
    help: str = ""
    refused: str = ""
    source: str = ""
    """Where it comes from."""

    def matches(self, words: list[str]) -> bool:
        """Say whether every word occurs anywhere on the card."""
        text = f"{self.title} {self.line} {self.side} {self.group} {self.help} {self.source}".lower()
        return all(word in text for word in words)


class CardList(QFrame):
    """A popup with a line to type into and the cards below; groups stand in the order they first occur.

    Signals:
        picked: the key of the card that was picked; the popup has closed.
    """

    picked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setProperty("role", "popup")
        self.line = QLineEdit(self)
        self.line.setClearButtonEnabled(True)
        self.line.addAction(theme.icon("search", "quiet"), QLineEdit.ActionPosition.LeadingPosition)
        self.line.textChanged.connect(self._filter)
        self.line.installEventFilter(self)
        self.list = QListWidget(self)
        self.list.setProperty("role", "plain")
        self.list.setItemDelegate(_CardDelegate(self.list))
        self.list.setMouseTracking(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.itemClicked.connect(self._pick_item)
        self.nothing = QLabel("Nothing of that name.", self)
        self.nothing.setProperty("role", "quiet")
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.setSpacing(4)
        layout.addWidget(self.line)
        layout.addWidget(self.list, 1)
        layout.addWidget(self.nothing, 1)

    def name(self, text: str) -> None:
        """Give line and list a name, also for those who hear the window."""
        self.line.setPlaceholderText(text)
        self.line.setAccessibleName(text)
        self.list.setAccessibleName(text)

    def show_cards(self, cards: Iterable[Card], current: str = "") -> None:
        """Show these cards, the one called ``current`` marked."""
        self.list.clear()
        groups: dict[str, list[Card]] = {}
        for card in cards:
            groups.setdefault(card.group, []).append(card)
        for group, members in groups.items():
            if group:
                header = QListWidgetItem(group, self.list)
                header.setFlags(Qt.ItemFlag.NoItemFlags)
            for card in members:
                self._add(card)
                if card.key == current:
                    self.list.setCurrentRow(self.list.count() - 1)
        self.line.clear()
        self._filter("")

    def open_below(self, anchor: QWidget) -> None:
        """Open below a widget, or above it where there is more room."""
        height = min(_MOST_HEIGHT, self._height())
        screen = anchor.screen().availableGeometry()
        below = anchor.mapToGlobal(QPoint(0, anchor.height() + 2))
        top = below.y()
        if top + height > screen.bottom():
            height = min(height, max(screen.bottom() - top, 200))
        width = max(_WIDTH, anchor.width())
        left = max(screen.left(), min(below.x(), screen.right() - width))
        self.setGeometry(QRect(left, top, width, height))
        self.show()
        self.line.setFocus(Qt.FocusReason.PopupFocusReason)
        self.list.scrollToItem(self.list.currentItem(), QListWidget.ScrollHint.PositionAtCenter)

    def shown(self) -> list[str]:
        """Return the keys of the cards that match what is typed."""
        rows = (self.list.item(row) for row in range(self.list.count()))
        return [item.data(_CARD).key for item in rows if item.data(_CARD) and not item.isHidden()]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the arrow keys move in the list and Enter pick, while the cursor stays in the line."""
        if watched is self.line and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            key = Qt.Key(event.key())
            if key in _LIST_KEYS:
                QApplication.sendEvent(self.list, event)
                return True
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._pick_item(self.list.currentItem())
                return True
        return super().eventFilter(watched, event)

    def hideEvent(self, event: QHideEvent) -> None:
        """Give the focus back to where the popup was opened."""
        super().hideEvent(event)
        parent = self.parentWidget()
        if parent is not None:
            parent.setFocus(Qt.FocusReason.PopupFocusReason)

    def _add(self, card: Card) -> None:
        item = QListWidgetItem(card.title, self.list)
        item.setData(_CARD, card)
        item.setToolTip(card.refused or card.help)
        item.setData(
            Qt.ItemDataRole.AccessibleTextRole, ", ".join(filter(None, (card.title, card.line, card.side)))
        )
        if card.refused:
            item.setFlags(Qt.ItemFlag.NoItemFlags)

    def _filter(self, text: str) -> None:
        """Show what matches; a group is shown where any of its cards is."""
        words = text.lower().split()
        header, any_shown = None, False
        first: QListWidgetItem | None = None
        for row in range(self.list.count()):
            item = self.list.item(row)
            card = item.data(_CARD)
            if card is None:
                header = item
                item.setHidden(True)
                continue
            shown = card.matches(words)
            item.setHidden(not shown)
            any_shown |= shown
            if shown and header is not None:
                header.setHidden(False)
            if shown and first is None and not card.refused:
                first = item
        current = self.list.currentItem()
        if first is not None and (current is None or current.isHidden()):
            self.list.setCurrentItem(first)
        self.list.setVisible(any_shown)
        self.nothing.setVisible(not any_shown)

    def _pick_item(self, item: QListWidgetItem | None) -> None:
        card = item.data(_CARD) if item is not None and not item.isHidden() else None
        if card is not None and not card.refused:
            self.hide()
            self.picked.emit(card.key)

    def _height(self) -> int:
        rows = sum(self.list.sizeHintForRow(row) for row in range(self.list.count()))
        return rows + self.line.sizeHint().height() + 28


class _CardDelegate(QStyledItemDelegate):
    """Draws headers on one line and cards on two."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return the room for a header or a card."""
        card = index.data(_CARD)
        if card is None:
            return QSize(_WIDTH - 40, _HEADER)
        return QSize(_WIDTH - 40, 2 * _PAD + (2 if card.line else 1) * _LINE)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one row."""
        card, tokens = index.data(_CARD), theme.current()
        row: QRect = option.rect
        painter.save()
        if card is None:
            painter.setFont(theme.sized_font(-1, bold=True))
            painter.setPen(QColor(tokens.quiet))
            low = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom
            painter.drawText(row.adjusted(8, 0, -8, -4), low, str(index.data()))
        else:
            self._paint_card(painter, option, card, row)
        painter.restore()

    def _paint_card(self, painter: QPainter, option: QStyleOptionViewItem, card: Card, row: QRect) -> None:
        tokens = theme.current()
        state: QStyle.StateFlag = option.state
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(row, QColor(mix(tokens.field, tokens.accent, 0.2)))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(row, QColor(mix(tokens.field, tokens.text, 0.07)))
        inner = row.adjusted(8, _PAD, -8, -_PAD)
        first = QRect(inner.left(), inner.top(), inner.width(), _LINE)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setFont(theme.sized_font(0))
        metrics = painter.fontMetrics()
        side = metrics.horizontalAdvance(card.side)
        painter.setPen(QColor(tokens.quiet))
        painter.drawText(first, middle | Qt.AlignmentFlag.AlignRight, card.side)
        painter.setPen(QColor(tokens.quiet if card.refused else tokens.text))
        title = metrics.elidedText(card.title, Qt.TextElideMode.ElideRight, first.width() - side - 8)
        painter.drawText(first, middle, title)
        if card.line:
            painter.setPen(QColor(tokens.quiet))
            line = metrics.elidedText(card.line, Qt.TextElideMode.ElideRight, inner.width())
            painter.drawText(first.translated(0, _LINE), middle, line)
