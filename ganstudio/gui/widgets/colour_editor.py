"""ColourEditor: a colour, written as ``#rrggbb`` or picked from the desktop's chooser."""

from typing import Any

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QColorDialog, QHBoxLayout, QLineEdit, QToolButton, QWidget

from ganstudio.catalogue import FieldSpec
from ganstudio.gui import theme
from ganstudio.gui.widgets.editor import Editor

_SIDE = 16
_EXAMPLE = "#3584e4"


class ColourEditor(Editor):
    """A line for the colour, and a button that shows it and opens the chooser."""

    def __init__(self, spec: FieldSpec, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        pair = QWidget(self)
        self.swatch = QToolButton(pair)
        self.swatch.setProperty("compact", True)
        self.swatch.setToolTip("Pick a colour")
        self.line = QLineEdit(pair)
        self.line.setPlaceholderText("none" if spec.optional else _EXAMPLE)
        self.line.setFixedWidth(self.fontMetrics().horizontalAdvance("#" + "0" * 6) + 28)
        layout = QHBoxLayout(pair)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.line)
        layout.addWidget(self.swatch)
        pair.setFocusProxy(self.line)
        self._show(pair, stretch=False)
        self.line.textEdited.connect(self._take_text)
        self.line.editingFinished.connect(self.settled)
        self.swatch.clicked.connect(self._pick)

    def value(self) -> str:
        """Return the colour in small letters, or what is written where it is none."""
        return self.line.text().strip().lower()

    def set_value(self, value: Any) -> None:
        """Show a colour without reporting it."""
        if str(value).lower() != self.value():
            self.line.setText(str(value))
        self._paint()

    def name(self, text: str) -> None:
        """Name line and button."""
        self.line.setAccessibleName(text)
        self.swatch.setAccessibleName(f"Pick a colour: {text}")

    def _take_text(self) -> None:
        self._paint()
        self.changed.emit()

    def _pick(self) -> None:
        start = QColor(self.value() or _EXAMPLE)
        picked = QColorDialog.getColor(start, self, "Choose a colour")
        if picked.isValid():
            self.set_value(picked.name())
            self.changed.emit()
            self.settled.emit()

    def _paint(self) -> None:
        pixmap = QPixmap(2 * _SIDE, 2 * _SIDE)
        pixmap.setDevicePixelRatio(2.0)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(theme.current().quiet))
        colour = QColor(self.value())
        painter.setBrush(colour if colour.isValid() else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(0.5, 0.5, _SIDE - 1, _SIDE - 1), 3, 3)
        painter.end()
        self.swatch.setIcon(QIcon(pixmap))
