"""Drawing page: a canvas for points with its tools. It knows nothing of files and experiments."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QKeySequence, QPainter, QPixmap, QShortcut
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSlider,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ganstudio.gui import theme, words
from ganstudio.gui.drawing import MOST_POINTS, Drawing
from ganstudio.gui.widgets.points_canvas import PointsCanvas
from ganstudio.gui.widgets.points_paint import class_colours

CLASSES = 6
LEAST_POINTS = 10
"""Fewer say nothing about how points are spread."""
_RADII = (1, 40)
"""The brush, in hundredths of half the square's side."""


class DrawingPage(QWidget):
    """Draw points, then use them or not.

    Signals:
        used: the user wants to train on these points: a table, as ``Drawing.to_csv`` writes it.
        left: the user wants none of it.
    """

    used = Signal(str)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.canvas = PointsCanvas(self)
        self.count = QLabel(self)
        self.use = QPushButton("Use these", self)
        self.use.setToolTip("Keep the points in a file and choose it as the data")
        self.back = QPushButton("Cancel", self)
        self.tools = QButtonGroup(self)
        self.classes = QButtonGroup(self)
        self.size_slider = QSlider(Qt.Orientation.Horizontal, self)
        self.undo, self.redo, self.clear = (
            self._doing("Undo", "Ctrl+Z"),
            self._doing("Redo", "Ctrl+Y"),
            self._doing("Clear", ""),
        )
        self._lay_out()
        self._connect()
        self._show_state()

    def show_drawing(self, table: str = "") -> None:
        """Begin with the points of a table, or with none where it is empty or no drawing."""
        self.canvas.drawing = Drawing()
        if table:
            self.canvas.drawing.read_csv(table)
        self.canvas.update()
        self._show_state()
        self.canvas.setFocus()

    def _connect(self) -> None:
        self.canvas.changed.connect(self._show_state)
        self.tools.idClicked.connect(self._take_tool)
        self.classes.idClicked.connect(self._take_class)
        self.size_slider.valueChanged.connect(lambda value: self.canvas.set_radius(value / 100))
        self.use.clicked.connect(lambda: self.used.emit(self.canvas.drawing.to_csv()))
        self.back.clicked.connect(self.left)
        self.undo.clicked.connect(lambda: self.canvas.do("undo"))
        self.redo.clicked.connect(lambda: self.canvas.do("redo"))
        self.clear.clicked.connect(lambda: self.canvas.do("clear"))
        theme.notifier.changed.connect(self._colour_classes)

    def _take_tool(self, number: int) -> None:
        self.canvas.erasing = bool(number)
        self.canvas.update()

    def _take_class(self, number: int) -> None:
        self.canvas.label = number
        self.tools.button(0).click()

    def _show_state(self) -> None:
        drawing = self.canvas.drawing
        number = len(drawing.points)
        full = " That is all there is room for." if drawing.full else ""
        self.count.setText(f"{words.grouped(number)} points.{full}")
        self.undo.setEnabled(drawing.can_undo())
        self.redo.setEnabled(drawing.can_redo())
        self.clear.setEnabled(number > 0)
        self.use.setEnabled(number >= LEAST_POINTS)
        few = f"Draw at least {LEAST_POINTS} points, of at most {words.grouped(MOST_POINTS)}."
        self.use.setToolTip("Keep the points in a file and choose it as the data" if number else few)

    def _colour_classes(self) -> None:
        for number, colour in enumerate(class_colours(theme.current())[:CLASSES]):
            self.classes.button(number).setIcon(_swatch(colour, self.devicePixelRatio()))

    def _lay_out(self) -> None:
        title = QLabel("Draw points", self)
        title.setFont(theme.sized_font(1, bold=True))
        self.count.setProperty("role", "quiet")
        top = QHBoxLayout()
        top.addWidget(title)
        top.addWidget(self.count)
        top.addStretch(1)
        top.addWidget(self.back)
        top.addWidget(self.use)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 12, 8)
        layout.setSpacing(8)
        layout.addLayout(top)
        layout.addLayout(self._tool_row())
        layout.addWidget(self.canvas, 1)

    def _tool_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(4)
        for number, (text, tip) in enumerate((("Spray", "Add points"), ("Erase", "Take points away"))):
            row.addWidget(self._choice(self.tools, number, text, tip))
        row.addSpacing(12)
        self.size_slider.setRange(*_RADII)
        self.size_slider.setValue(round(100 * self.canvas.radius))
        self.size_slider.setFixedWidth(120)
        self.size_slider.setToolTip("Size of the brush")
        self.size_slider.setAccessibleName("Size of the brush")
        row.addWidget(QLabel("Brush", self))
        row.addWidget(self.size_slider)
        row.addSpacing(12)
        row.addWidget(QLabel("Class", self))
        for number in range(CLASSES):
            row.addWidget(self._choice(self.classes, number, "", f"Spray points of class {number}"))
        self._colour_classes()
        row.addStretch(1)
        for button in (self.undo, self.redo, self.clear):
            row.addWidget(button)
        return row

    def _choice(self, group: QButtonGroup, number: int, text: str, tip: str) -> QToolButton:
        button = QToolButton(self)
        button.setText(text)
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        button.setCheckable(True)
        button.setChecked(number == 0)
        button.setIconSize(QSize(14, 14))
        group.addButton(button, number)
        return button

    def _doing(self, text: str, keys: str) -> QToolButton:
        button = QToolButton(self)
        button.setText(text)
        button.setToolTip(f"{text} ({keys})" if keys else "Take away all points")
        if keys:
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(button.click)
        return button


def _swatch(colour: str, scale: float) -> QIcon:
    pixmap = QPixmap(QSize(14, 14) * scale)
    pixmap.setDevicePixelRatio(scale)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colour))
    painter.drawEllipse(1, 1, 12, 12)
    painter.end()
    return QIcon(pixmap)
