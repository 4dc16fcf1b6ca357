"""Playground tools: the column beside the plane: the game's steps, the layers, the modes.

It shows what it is told and reports what is pressed. It knows nothing of sessions.
"""

from collections.abc import Mapping

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QPainter, QPen, QPixmap
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSlider,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ganstudio.gui import theme
from ganstudio.gui.field_numbers import Modes
from ganstudio.gui.tokens import Tokens
from ganstudio.gui.widgets.editors import CalmCombo
from ganstudio.gui.widgets.field_view import LAYERS
from ganstudio.gui.widgets.mode_bars import ModeBars

PACES = (1, 2, 3, 5, 8, 12, 20, 35, 60, 100, 0)
"""Steps a second that the slider offers; 0 is full speed."""
WIDTH = 264

_TIPS: Mapping[str, str] = {
    "heat": "What the discriminator makes of every place: how real a point there looks to it",
    "real": "Points of the data",
    "manifold": "What the generator makes of an even grid of latents: the plane it is stretched over",
    "trails": "Where some points with fixed latents have been lately",
    "modes": "3 σ about each centre of the data; dashed where no point is near",
    "pulls": "Where the generator's loss draws each point: up the slope of the discriminator",
    "points": "What the generator makes of fixed latents, on the weights as they are, not averaged",
}


class PlaygroundTools(QScrollArea):
    """The column.

    Signals:
        stepAsked: the network that is to move alone in the next step, or an empty text for all of them.
        pauseAsked: the user wants to hold, or to go on.
        paceChosen: steps a second, 0 for full speed.
        layerChosen: the name of a layer, and whether it is to be seen.
        probabilityChosen: whether probabilities are to be seen instead of logits.
        classChosen: the class that is asked about.
        modePointed: a mode, −1 for none.
    """

    stepAsked = Signal(str)  # noqa: N815 - Qt's way of naming
    pauseAsked = Signal()  # noqa: N815
    paceChosen = Signal(float)  # noqa: N815
    layerChosen = Signal(str, bool)  # noqa: N815
    probabilityChosen = Signal(bool)  # noqa: N815
    classChosen = Signal(int)  # noqa: N815
    modePointed = Signal(int)  # noqa: N815

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pause = QPushButton("Pause", self)
        self.steps = {
            "": self._step("Both", "", "One step of the whole game (F10)", "F10"),
            "discriminator": self._step("Discriminator", "discriminator", "One step of it alone (D)", "D"),
            "generator": self._step("Generator", "generator", "One step of it alone (G)", "G"),
        }
        self.pace = QSlider(Qt.Orientation.Horizontal, self)
        self.pace_text = QLabel(self)
        self.layers = {
            name: self._layer(name, number) for number, name in enumerate(reversed(list(LAYERS)), 1)
        }
        self.surface = QButtonGroup(self)
        self.classes = CalmCombo(self)
        self.bars = ModeBars(self)
        self.summary = QLabel(self)
        self._class_row, self._modes = QWidget(self), QWidget(self)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidgetResizable(True)
        # Room for the bar beside the column, which else hides the ends of its rows.
        self.setFixedWidth(WIDTH + self.verticalScrollBar().sizeHint().width())
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._lay_out()
        self._connect()
        self._colour()
        self.show_state("idle")
        self.show_pace(0)

    # --- What it is told ---------------------------------------------------------------------------

    def show_state(self, state: str) -> None:
        """Let every button tell the truth."""
        paused, runs = state == "paused", state in ("running", "paused")
        self.pause.setText("Go on" if paused else "Pause")
        self.pause.setIcon(theme.icon("train" if paused else "pause"))
        self.pause.setEnabled(runs)
        self.pace.setEnabled(runs)
        for button in self.steps.values():
            button.setEnabled(paused)
        tip = "" if paused else "Pause first: steps are made one by one while training holds. "
        for button in self.steps.values():
            button.setToolTip(tip + str(button.property("tip")))

    def show_pace(self, steps_per_second: float) -> None:
        """Show a pace without reporting it; the nearest that is offered."""
        place = PACES.index(round(steps_per_second)) if round(steps_per_second) in PACES else len(PACES) - 1
        self.pace.blockSignals(True)
        self.pace.setValue(place)
        self.pace.blockSignals(False)
        self._tell_pace()

    def show_classes(self, names: tuple[str, ...], chosen: int) -> None:
        """Offer the classes that can be asked for, none where there are none."""
        if self.classes.count() != len(names):
            self.classes.clear()
            self.classes.addItems(list(names))
        self.classes.setCurrentIndex(chosen)
        self._class_row.setVisible(bool(names))

    def show_modes(self, modes: Modes) -> None:
        """Show how the points spread over the modes; nothing where none are known."""
        self._modes.setVisible(bool(len(modes.near)))
        covered, number = int(modes.covered.sum()), len(modes.near)
        self.summary.setText(f"{covered} of {number} covered · {modes.high_quality:.0%} within 3 σ")
        self.bars.show_modes(modes)

    def show_layers(self, shown: set[str], probability: bool) -> None:
        """Show which layers are on, without reporting it."""
        for name, box in self.layers.items():
            box.blockSignals(True)
            box.setChecked(name in shown)
            box.blockSignals(False)
        self.surface.button(int(probability)).setChecked(True)

    def press_layer(self, number: int) -> None:
        """Switch a layer by its number on the keyboard, from 1 on."""
        boxes = list(self.layers.values())
        if 0 < number <= len(boxes):
            boxes[number - 1].toggle()

    # --- Inside ------------------------------------------------------------------------------------

    def _connect(self) -> None:
        self.pause.clicked.connect(self.pauseAsked)
        for network, button in self.steps.items():
            button.clicked.connect(lambda _checked=False, network=network: self.stepAsked.emit(network))
        self.pace.valueChanged.connect(self._tell_pace)
        self.pace.valueChanged.connect(lambda place: self.paceChosen.emit(float(PACES[place])))
        for name, box in self.layers.items():
            box.toggled.connect(lambda shown, name=name: self.layerChosen.emit(name, shown))
        self.surface.idClicked.connect(lambda number: self.probabilityChosen.emit(bool(number)))
        self.classes.activated.connect(self.classChosen)
        self.bars.pointed.connect(self._point)
        theme.notifier.changed.connect(self._colour)

    def _point(self, mode: int) -> None:
        self.bars.setStatusTip(self.bars.text_of(mode) if mode >= 0 else "")
        self.modePointed.emit(mode)

    def _tell_pace(self) -> None:
        pace = PACES[self.pace.value()]
        text = f"{pace} {'step' if pace == 1 else 'steps'} a second" if pace else "full speed"
        self.pace_text.setText(text)
        self.pace.setAccessibleDescription(text)

    def _colour(self) -> None:
        for name, box in self.layers.items():
            box.setIcon(_swatch(name, theme.current(), self.devicePixelRatioF()))

    def _step(self, text: str, network: str, tip: str, keys: str) -> QPushButton:
        button = QPushButton(text, self)
        button.setIcon(theme.icon("step"))
        button.setAccessibleName(f"One step of the {network} alone" if network else "One step of both")
        button.setProperty("tip", tip)
        return button

    def _layer(self, name: str, number: int) -> QCheckBox:
        box = QCheckBox(LAYERS[name], self)
        box.setChecked(True)
        box.setIconSize(QSize(18, 14))
        box.setToolTip(f"{_TIPS[name]} ({number})")
        return box

    def _lay_out(self) -> None:
        inner = QWidget(self)
        column = QVBoxLayout(inner)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(4)
        column.addWidget(_title("One step of", self))
        column.addLayout(self._game())
        column.addSpacing(6)
        row = QHBoxLayout()
        row.addWidget(_title("Pace", self))
        row.addStretch(1)
        row.addWidget(self.pace_text)
        self.pace_text.setProperty("role", "quiet")
        column.addLayout(row)
        column.addWidget(self.pace)
        column.addSpacing(6)
        column.addWidget(_title("Layers", self))
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(2)
        for place, box in enumerate(self.layers.values()):
            grid.addWidget(box, place // 2, place % 2)
        column.addLayout(grid)
        column.addLayout(self._surface_row())
        column.addWidget(self._class_row)
        column.addSpacing(6)
        column.addWidget(self._modes)
        column.addStretch(1)
        self._fill_rows()
        self.setWidget(inner)

    def _game(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setSpacing(6)
        grid.addWidget(self.steps["discriminator"], 0, 0)
        grid.addWidget(self.steps["generator"], 0, 1)
        grid.addWidget(self.steps[""], 1, 0)
        grid.addWidget(self.pause, 1, 1)
        self.pace.setRange(0, len(PACES) - 1)
        self.pace.setPageStep(1)
        self.pace.setAccessibleName("Pace of the training")
        self.pace.setToolTip("Slow motion: at most so many steps a second. It changes no result.")
        return grid

    def _surface_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(4)
        row.addWidget(QLabel("Show", self))
        for number, (text, tip) in enumerate(
            (
                ("Raw logit", "The discriminator's own number; its colours span what is in view"),
                ("Probability", "The logistic function of the logit, from 0 to 1"),
            )
        ):
            button = QToolButton(self)
            button.setText(text)
            button.setToolTip(tip)
            button.setCheckable(True)
            button.setChecked(number == 0)
            self.surface.addButton(button, number)
            row.addWidget(button)
        row.addStretch(1)
        return row

    def _fill_rows(self) -> None:
        row = QHBoxLayout(self._class_row)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(QLabel("of class", self))
        row.addWidget(self.classes, 1)
        self.classes.setAccessibleName("Class that the surface and the grid are of")
        self._class_row.hide()
        modes = QVBoxLayout(self._modes)
        modes.setContentsMargins(0, 0, 0, 0)
        modes.setSpacing(4)
        modes.addWidget(_title("Modes", self))
        self.summary.setProperty("role", "quiet")
        modes.addWidget(self.summary)
        modes.addWidget(self.bars)
        self._modes.hide()


def _title(text: str, parent: QWidget) -> QLabel:
    label = QLabel(text, parent)
    label.setProperty("role", "title")
    return label


def _swatch(name: str, tokens: Tokens, scale: float) -> QIcon:
    """Return a small picture of what a layer looks like."""
    pixmap = QPixmap(QSize(18, 14) * scale)
    pixmap.setDevicePixelRatio(scale)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if name == "heat":
        for part in range(9):
            shade = QColor(tokens.discriminator)
            shade.setAlphaF(0.1 + 0.1 * part)
            painter.fillRect(2 * part, 2, 2, 10, shade)
    elif name in ("real", "points"):
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tokens.real if name == "real" else tokens.generator))
        radius = 2 if name == "real" else 3
        for x, y in ((4, 9), (9, 5), (14, 8)):
            painter.drawEllipse(x - radius, y - radius, 2 * radius, 2 * radius)
    else:
        _draw_lines(painter, name, tokens)
    painter.end()
    return QIcon(pixmap)


def _draw_lines(painter: QPainter, name: str, tokens: Tokens) -> None:
    colour = {"manifold": tokens.generator, "trails": tokens.score}.get(name, tokens.text)
    painter.setPen(QPen(QColor(colour), 1.4))
    if name == "manifold":
        for place in (3, 9, 15):
            painter.drawLine(place, 1, place, 13)
        for place in (3, 7, 11):
            painter.drawLine(1, place, 17, place)
    elif name == "trails":
        painter.drawPolyline([QPoint(2, 11), QPoint(7, 6), QPoint(11, 8), QPoint(16, 3)])
    elif name == "modes":
        painter.drawEllipse(4, 2, 10, 10)
    else:
        painter.drawLine(2, 11, 15, 3)
        painter.drawLine(15, 3, 10, 3)
        painter.drawLine(15, 3, 13, 8)
