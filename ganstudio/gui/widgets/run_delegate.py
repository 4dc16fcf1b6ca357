"""Run delegate: paints the cells of a table of runs, and edits names and tags in place.

One question for each cell, and nothing is read from disk: thumbnails are painted once they are there.
"""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QIcon, QImage, QPainter, QPixmap
from PySide6.QtWidgets import QLineEdit, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from ganstudio.gui import theme
from ganstudio.gui.tokens import Tokens, mix
from ganstudio.gui.widgets.run_columns import COLUMNS, KEYS, NAME, PICTURE, STAR, STATE, TAGS
from ganstudio.gui.widgets.run_model import ENTRY
from ganstudio.runs.entry import Entry
from ganstudio.session.thumbnails import Thumbnail

Index = QModelIndex | QPersistentModelIndex
Pictures = Callable[[Path], Thumbnail | None]

ROW = 40
_PAD, _ICON, _SIDE, _CHIP = 8, 14, 34, 18
_STEPS = KEYS.index("steps")
_RIGHT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
_SELECTED, _POINTED = QStyle.StateFlag.State_Selected.value, QStyle.StateFlag.State_MouseOver.value
"""As numbers: flags are combined a thousand times for each paint, and that of enumerations is slow."""
STATE_MARKS = {
    "running": ("train", "accent"),
    "finished": ("check", "good"),
    "stopped": ("stop", "quiet"),
    "failed": ("cross", "bad"),
    "interrupted": ("pause", "watch"),
    "damaged": ("warning", "bad"),
}
"""A shape and a colour for each state; the word stands beside them."""


class RunDelegate(QStyledItemDelegate):
    """Draws rows. ``pictures`` gives the thumbnail of a file, or ``None`` while there is none."""

    def __init__(self, pictures: Pictures, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pictures = pictures
        self._marks = {state: theme.icon(*mark) for state, mark in STATE_MARKS.items()}
        self._star, self._no_star = theme.icon("star-full", "watch"), theme.icon("star", "line")
        self._pointed_star = theme.icon("star", "quiet")
        self._pixmaps: dict[tuple[Path, str], QPixmap] = {}
        self._look: _Look | None = None

    def forget(self, path: Path) -> None:
        """Paint a picture anew: it has arrived, or has changed."""
        for key in [key for key in self._pixmaps if key[0] == path]:
            del self._pixmaps[key]

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return the room of a cell; every row is as high as any other."""
        return QSize(COLUMNS[index.column()].width, ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one cell."""
        entry: Entry = index.data(ENTRY)
        tokens, rect, column = theme.current(), QRect(option.rect), index.column()
        if self._look is None or self._look.tokens is not tokens:
            self._look = _Look(tokens)
        painter.save()
        state: int = option.state.value
        if state & _SELECTED:
            painter.fillRect(rect, self._look.selected)
        elif state & _POINTED:
            painter.fillRect(rect, self._look.hover)
        inner = rect.adjusted(_PAD, 0, -_PAD, 0)
        if column == STAR:
            empty = self._pointed_star if state & (_SELECTED | _POINTED) else self._no_star
            self._paint_icon(painter, self._star if entry.starred else empty, rect, centred=True)
        elif column == PICTURE:
            self._paint_picture(painter, entry, rect)
        elif column == STATE:
            self._paint_icon(painter, self._marks[entry.state], inner)
            self._paint_text(painter, entry.state, inner.adjusted(_ICON + 6, 0, 0, 0))
        elif column == TAGS:
            self._paint_tags(painter, entry.tags, inner)
        else:
            quiet = column != NAME or entry.state == "damaged"
            self._paint_text(painter, index.data(), inner, quiet, COLUMNS[column].right)
            if column == _STEPS and entry.state == "running" and entry.total_steps:
                self._paint_progress(painter, entry.step / entry.total_steps, inner)
        painter.restore()

    # --- Editing -----------------------------------------------------------------------------------

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        """Return a line to write in."""
        line = QLineEdit(parent)
        line.setAccessibleName(COLUMNS[index.column()].title)
        if index.column() == TAGS:
            line.setPlaceholderText("Tags, with commas between")
        return line

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        """Put the line into the middle of its cell."""
        rect = QRect(option.rect)
        height = editor.sizeHint().height()
        editor.setGeometry(rect.left(), rect.center().y() - height // 2, max(rect.width(), 160), height)

    # --- Parts of cells ----------------------------------------------------------------------------

    def _paint_text(
        self, painter: QPainter, text: str, rect: QRect, quiet: bool = False, right: bool = False
    ) -> None:
        assert self._look is not None
        painter.setFont(self._look.font)
        painter.setPen(self._look.quiet if quiet else self._look.text)
        if not text:
            return
        shown = self._look.metrics.elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
        painter.drawText(rect, _RIGHT if right else _LEFT, shown)

    def _paint_icon(self, painter: QPainter, icon: QIcon, rect: QRect, centred: bool = False) -> None:
        place = QRect(rect.left(), 0, _ICON, _ICON)
        place.moveCenter(rect.center() if centred else place.center())
        place.moveTop(rect.center().y() - _ICON // 2)
        icon.paint(painter, place)

    def _paint_picture(self, painter: QPainter, entry: Entry, rect: QRect) -> None:
        pixmap = self._pixmap(entry.thumbnail) if entry.thumbnail else None
        if pixmap is None:
            return
        size = pixmap.size().scaled(_SIDE, _SIDE, Qt.AspectRatioMode.KeepAspectRatio)
        place = QRect(0, 0, size.width(), size.height())
        place.moveCenter(rect.center())
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawPixmap(place, pixmap)

    def _paint_tags(self, painter: QPainter, tags: tuple[str, ...], rect: QRect) -> None:
        assert self._look is not None
        painter.setFont(self._look.small)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        left = rect.left()
        for tag in tags:
            room = rect.right() - left
            if room < 24:
                break
            shown = self._look.small_metrics.elidedText(tag, Qt.TextElideMode.ElideRight, room - 12)
            width = self._look.small_metrics.horizontalAdvance(shown) + 12
            chip = QRect(left, rect.center().y() - _CHIP // 2, width, _CHIP)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._look.chip)
            painter.drawRoundedRect(QRectF(chip), 4, 4)
            painter.setPen(self._look.text)
            painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, shown)
            left += width + 4

    def _paint_progress(self, painter: QPainter, share: float, rect: QRect) -> None:
        assert self._look is not None
        track = QRect(rect.left(), rect.bottom() - 8, rect.width(), 3)
        painter.fillRect(track, self._look.track)
        track.setWidth(round(rect.width() * min(share, 1.0)))
        painter.fillRect(track, QColor(theme.current().accent))

    def _pixmap(self, path: Path) -> QPixmap | None:
        key = (path, theme.current().name)
        if key not in self._pixmaps:
            thumbnail = self._pictures(path)
            if thumbnail is None:
                return None
            self._pixmaps[key] = pixmap_of(thumbnail)
        return self._pixmaps[key]


class _Look:
    """Fonts and colours of one theme, made once: a paint asks for hundreds."""

    def __init__(self, tokens: Tokens) -> None:
        self.tokens = tokens
        self.font: QFont = theme.sized_font(0)
        self.small: QFont = theme.sized_font(-1)
        self.metrics, self.small_metrics = QFontMetrics(self.font), QFontMetrics(self.small)
        self.text, self.quiet = QColor(tokens.text), QColor(tokens.quiet)
        self.selected = QColor(mix(tokens.panel, tokens.accent, 0.2))
        self.hover = QColor(mix(tokens.panel, tokens.text, 0.05))
        self.chip = QColor(mix(tokens.panel, tokens.accent, 0.14))
        self.track = QColor(mix(tokens.line, tokens.text, 0.05))


def pixmap_of(thumbnail: Thumbnail) -> QPixmap:
    """Return a thumbnail as it is painted; one of ink in the theme's colour of what is generated."""
    height, width = thumbnail.pixels.shape[:2]
    if not thumbnail.ink:
        image = QImage(thumbnail.pixels.tobytes(), width, height, 3 * width, QImage.Format.Format_RGB888)
        return QPixmap.fromImage(image)
    mask = QImage(thumbnail.pixels.tobytes(), width, height, width, QImage.Format.Format_Alpha8)
    pixmap = QPixmap(width, height)
    pixmap.fill(QColor(theme.current().generator))
    image = pixmap.toImage().convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)
    painter = QPainter(image)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_DestinationIn)
    painter.drawImage(0, 0, mask)
    painter.end()
    return QPixmap.fromImage(image)
