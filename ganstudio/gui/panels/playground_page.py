"""Playground page: the game of a run on points, in which one can take part.

It is told looks at the game and says what the user wishes. It knows nothing of sessions.
"""

import time
from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from ganstudio.api.events import FieldReady
from ganstudio.gui import theme
from ganstudio.gui.panels.playground_tools import PlaygroundTools
from ganstudio.gui.widgets.caption import Caption
from ganstudio.gui.widgets.field_view import LAYERS, FieldView
from ganstudio.gui.widgets.notice import Notice
from ganstudio.gui.words import grouped

PRESETS: Mapping[str, str] = {"ring": "Train the ring", "grid-r3gan": "Train the grid"}
"""What is offered while nothing is shown, by the name of the preset."""
_ABOUT = (
    "Train on points in the plane and watch the game while it is played: real and generated points, what the "
    "discriminator makes of every place, the plane of latents as the generator bends it, where each point is "
    "drawn to, and where it came from. Hold it and move one network at a time, or play it in slow motion."
)
_WAITING = "The first look comes as soon as the training has begun."
_ABOUT_WIDTH = 520
_COUNT_SECONDS = 0.4
"""Figures change at most so often while training runs: faster costs training more than eyes gain."""


class PlaygroundPage(QWidget):
    """The plane, and beside it its tools; before there is anything to see, what one can begin with.

    Signals:
        presetAsked: the name of a preset that is to be trained.
        drawAsked: the user wants to draw data with the mouse.
        stepAsked: the network to move alone, or an empty text for all.
        pauseAsked: the user wants to hold, or to go on.
        paceChosen: steps a second, 0 for full speed.
        watchChanged: another class, or another part of the plane, is to be looked at.
        shown, hidden: the page came into view, or went.
    """

    presetAsked = Signal(str)  # noqa: N815 - Qt's way of naming
    drawAsked = Signal()  # noqa: N815
    stepAsked = Signal(str)  # noqa: N815
    pauseAsked = Signal()  # noqa: N815
    paceChosen = Signal(float)  # noqa: N815
    watchChanged = Signal()  # noqa: N815
    shown = Signal()
    hidden = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.label = 0
        """The class that is asked about."""
        self.line = Caption(self)
        self.draw = QPushButton("Draw your own…", self)
        self.fit = QPushButton("Show all", self)
        self.refusal = Notice("info", parent=self)
        self.view = FieldView(_WAITING, self)
        self.tools = PlaygroundTools(self)
        self.begin = {name: QPushButton(text, self) for name, text in PRESETS.items()}
        self._empty_draw = QPushButton("Draw your own…", self)
        self._body = QStackedWidget(self)
        self._state = "idle"
        self._counted = 0.0
        self._lay_out()
        self._connect()
        self._show_body()

    # --- What it is told ---------------------------------------------------------------------------

    def show_look(self, look: FieldReady) -> None:
        """Show another look at the game."""
        before = self.view.look
        if before is None or before.scene is not look.scene:
            self.label = look.label
        self.view.show_look(look)
        if before is None or self._state != "running" or time.monotonic() - self._counted > _COUNT_SECONDS:
            self._show_numbers(look)
        if before is None:
            self._show_body()

    def _show_numbers(self, look: FieldReady) -> None:
        self._counted = time.monotonic()
        self.view.count()
        self.tools.show_classes(look.scene.classes, self.label)
        self.tools.show_modes(self.view.modes)
        slice_ = ", grid: a slice through the middle" if look.scene.latent_dim > 2 else ""
        self.line.setText(f"step {grouped(look.step)}{slice_}")
        self.view.setAccessibleDescription(self.tools.summary.text())

    def show_state(self, state: str) -> None:
        """Take the state of the training here; a new one begins with nothing to see."""
        if state == "preparing":
            self.refusal.say("")
            self.view.show_look(None)
            self.label = 0
            self.line.setText("")
            self.tools.show_pace(0)
        self._state = state
        self.tools.show_state(state)
        if self.view.look is not None:
            self._show_numbers(self.view.look)
        self._show_body()

    def show_refusal(self, sentence: str) -> None:
        """Say why there is nothing to see, or to see any more."""
        self.refusal.say(sentence)
        self._show_body()

    def set_ready(self, ready: bool) -> None:
        """Allow a training to begin, or not."""
        for button in self.begin.values():
            button.setEnabled(ready)

    def state(self) -> dict[str, Any]:
        """Return what the user has chosen, as plain data."""
        return {"layers": sorted(self.view.layers), "probability": self.view.probability}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take up what :meth:`state` gave; what does not fit is left as it is."""
        layers = state.get("layers")
        if isinstance(layers, list):
            for name in LAYERS:
                self.view.set_layer(name, name in layers)
        self.view.set_probability(bool(state.get("probability", False)))
        self.tools.show_layers(self.view.layers, self.view.probability)

    # --- What the user does ------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move one network with D or G, and switch layers with figures."""
        text = event.text().lower()
        network = {"d": "discriminator", "g": "generator"}.get(text)
        if network is not None and self._state == "paused":
            self.stepAsked.emit(network)
        elif text.isdecimal() and self.view.look is not None:
            self.tools.press_layer(int(text))
        else:
            super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        """Tell that it can be seen."""
        super().showEvent(event)
        self.shown.emit()

    def hideEvent(self, event: QHideEvent) -> None:
        """Tell that it cannot."""
        super().hideEvent(event)
        self.hidden.emit()

    def _choose_class(self, label: int) -> None:
        self.label = label
        self.watchChanged.emit()

    # --- Inside ------------------------------------------------------------------------------------

    def _connect(self) -> None:
        tools, view = self.tools, self.view
        for name, button in self.begin.items():
            button.clicked.connect(lambda _checked=False, name=name: self.presetAsked.emit(name))
        for button in (self.draw, self._empty_draw):
            button.clicked.connect(self.drawAsked)
        self.fit.clicked.connect(view.fit)
        view.moved.connect(self.watchChanged)
        tools.layerChosen.connect(view.set_layer)
        tools.probabilityChosen.connect(view.set_probability)
        tools.modePointed.connect(view.mark)
        tools.classChosen.connect(self._choose_class)
        tools.stepAsked.connect(self.stepAsked)
        tools.pauseAsked.connect(self.pauseAsked)
        tools.paceChosen.connect(self.paceChosen)

    def _show_body(self) -> None:
        waits = self._state in ("preparing", "running", "paused") and self.refusal.isHidden()
        seen = self.view.look is not None or waits
        self._body.setCurrentIndex(1 if seen else 0)
        self.fit.setVisible(self.view.look is not None)
        self.draw.setVisible(seen)

    def _lay_out(self) -> None:
        title = QLabel("Playground", self)
        title.setFont(theme.sized_font(1, bold=True))
        self.fit.setIcon(theme.icon("autorange"))
        self.fit.setToolTip("Show all of the plane there is to see (Home)")
        self.draw.setToolTip("Draw a data set of points with the mouse, and train on it")
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(title)
        top.addWidget(self.line, 1)
        top.addWidget(self.fit)
        top.addWidget(self.draw)
        panel = QFrame(self)
        panel.setProperty("role", "panel")
        inside = QVBoxLayout(panel)
        inside.setContentsMargins(1, 1, 1, 1)
        inside.addWidget(self.tools)
        game = QWidget(self)
        row = QHBoxLayout(game)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.view, 1)
        row.addWidget(panel)
        self._body.addWidget(self._empty())
        self._body.addWidget(game)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 12, 8)
        layout.setSpacing(8)
        layout.addLayout(top)
        layout.addWidget(self.refusal)
        layout.addWidget(self._body, 1)

    def _empty(self) -> QWidget:
        empty = QWidget(self)
        about = QLabel(_ABOUT, empty)
        about.setProperty("role", "quiet")
        about.setWordWrap(True)
        about.setFixedWidth(_ABOUT_WIDTH)
        about.setMinimumHeight(about.heightForWidth(_ABOUT_WIDTH))
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch(1)
        first, *rest = self.begin.values()
        first.setProperty("primary", True)
        for button in (first, *rest, self._empty_draw):
            buttons.addWidget(button)
        buttons.addStretch(1)
        column = QVBoxLayout(empty)
        column.setSpacing(16)
        column.addStretch(1)
        column.addWidget(about, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addLayout(buttons)
        column.addStretch(2)
        return empty
