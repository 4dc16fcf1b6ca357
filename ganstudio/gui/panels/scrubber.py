"""Scrubber: a bar to go through steps, by hand or played forwards and backwards.

It is told which steps there are and reports which one is wanted. It knows nothing of pictures and runs.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QActionGroup, QHideEvent, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QToolButton, QWidget

from ganstudio.gui import theme, words
from ganstudio.gui.kept_previews import nearest
from ganstudio.gui.widgets.tick_slider import TickSlider

SPEEDS = (2, 5, 10, 20)
"""Steps a second that one can choose between."""


class Scrubber(QWidget):
    """Stands at a step, or at the newest and stays there while more come.

    ``busy``: whether the step wanted last is still being made ready; playing waits for it.

    Signals:
        stepChosen: the step that is wanted, an int.
        liveAsked: the newest is wanted, and those to come.
    """

    stepChosen = Signal(int)  # noqa: N815 - Qt's way of naming
    liveAsked = Signal()  # noqa: N815

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.busy = False
        self._steps: list[int] = []
        self._step: int | None = None
        self._best: int | None = None
        self._direction = 0
        self.backwards = self._player("backwards", "Play backwards", -1)
        self.forwards = self._player("train", "Play forwards (Space)", 1)
        self.slider = TickSlider(self)
        self.label = QLabel(self)
        self.speed = QToolButton(self)
        self.live = QToolButton(self)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._advance)
        self._lay_out()
        self._offer_speeds()
        self.slider.valueChanged.connect(self._take_slider)
        self.live.clicked.connect(self.go_live)
        self.set_live(True)
        self.set_steps([])

    # --- Being told --------------------------------------------------------------------------------

    def set_steps(self, steps: Sequence[int]) -> None:
        """Offer these steps, which rise; it stands at the one nearest to where it stood."""
        self._steps = list(steps)
        if self._step is not None:
            self._step = nearest(self._steps, self._step)
        if len(steps) < 2:
            self.stop()
        self._show()

    def add_step(self, step: int) -> None:
        """Offer one more step."""
        place = bisect_left(self._steps, step)
        if place == len(self._steps) or self._steps[place] != step:
            self._steps.insert(place, step)
            self._show()

    def show_step(self, step: int | None) -> None:
        """Stand at a step, or at the newest for ``None``, without reporting it."""
        self._step = step if step is None else nearest(self._steps, step)
        self._show()

    @property
    def best(self) -> int | None:
        """The step that is marked as the best."""
        return self._best

    def set_best(self, step: int | None) -> None:
        """Mark the step whose checkpoint is the best that was kept, or none."""
        if step != self._best:
            self._best = step
            self._show()

    def set_live(self, live: bool) -> None:
        """Say whether more steps may come."""
        self.live.setText("Live" if live else "Newest")
        tip = "Return to the newest samples and follow the training" if live else "Go to the newest samples"
        self.live.setToolTip(tip)
        self.live.setAccessibleName(tip)

    @property
    def step(self) -> int | None:
        """The step it stands at, ``None`` while it stays at the newest."""
        return self._step

    @property
    def steps(self) -> list[int]:
        """All steps that are offered, rising."""
        return list(self._steps)

    @property
    def direction(self) -> int:
        """Which way it plays: 1 forwards, -1 backwards, 0 not at all."""
        return self._direction

    def ahead(self, count: int) -> list[int]:
        """Return the steps that come next, the way it plays, or last went."""
        place = self._place()
        if self._direction < 0:
            return self._steps[max(0, place - count) : place][::-1]
        return self._steps[place + 1 : place + 1 + count]

    # --- Doing -------------------------------------------------------------------------------------

    def play(self, direction: int) -> None:
        """Play forwards (1) or backwards (-1), from the other end where this one is reached."""
        if len(self._steps) < 2:
            return
        self._direction = direction
        self.busy = False
        self._timer.start()
        self._show_players()
        if self._place() == (len(self._steps) - 1 if direction > 0 else 0):
            self._go(0 if direction > 0 else len(self._steps) - 1)
        else:
            self._advance()

    def stop(self) -> None:
        """Stay at the step that playing has come to."""
        self._timer.stop()
        self._direction = 0
        self._show_players()

    def go_live(self) -> None:
        """Return to the newest."""
        self.stop()
        self.show_step(None)
        self.liveAsked.emit()

    def move_by(self, count: int) -> None:
        """Go so many steps on, or back, as far as there are any."""
        if self._steps:
            self.stop()
            self._go(min(max(self._place() + count, 0), len(self._steps) - 1))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Play or stop with Space, stop with Escape; the slider itself knows arrows, Home and End."""
        key = Qt.Key(event.key())
        if key == Qt.Key.Key_Space and not event.isAutoRepeat():
            self.stop() if self._direction else self.play(1)
        elif key == Qt.Key.Key_Escape and self._direction:
            self.stop()
        else:
            super().keyPressEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        """Stop playing to nobody."""
        super().hideEvent(event)
        self.stop()

    # --- Details -----------------------------------------------------------------------------------

    def _place(self) -> int:
        """Return which of the steps it stands at."""
        if self._step is None:
            return len(self._steps) - 1
        return max(0, bisect_right(self._steps, self._step) - 1)

    def _show_best(self) -> None:
        """Draw the star at the step nearest to the best, and say in words which it is."""
        best = self._best
        near = nearest(self._steps, best) if best is not None else None
        self.slider.set_star(bisect_left(self._steps, near) if near is not None else None)
        self.slider.setToolTip("" if best is None else f"★ {words.step(best)}: the best checkpoint so far")

    def _advance(self) -> None:
        if self.busy:
            return
        place = self._place() + self._direction
        if 0 <= place < len(self._steps):
            self._go(place)
        if not 0 < place < len(self._steps) - 1:
            self.stop()

    def _go(self, place: int) -> None:
        step = self._steps[place]
        if step == self._step:
            return
        self._step = step
        self._show()
        self.stepChosen.emit(step)

    def _take_slider(self, place: int) -> None:
        self.stop()
        self._go(place)

    def _show(self) -> None:
        several = len(self._steps) > 1
        with QSignalBlocker(self.slider):
            self.slider.set_places(len(self._steps))
            self.slider.setValue(self._place())
        self._show_best()
        for part in (self.backwards, self.forwards, self.slider, self.speed):
            part.setEnabled(several)
        self.live.setEnabled(self._step is not None)
        text = words.step(self._steps[self._place()]) if self._steps else ""
        if text != self.label.text():
            self.label.setText(text)
            self.slider.setAccessibleDescription(text)
            # As wide as the longest of them, so that the slider does not move while it is dragged.
            longest = words.step(self._steps[-1]) if self._steps else ""
            self.label.setMinimumWidth(self.label.fontMetrics().horizontalAdvance(longest))

    def _show_players(self) -> None:
        for button, icon, tip, direction in (
            (self.backwards, "backwards", "Play backwards", -1),
            (self.forwards, "train", "Play forwards (Space)", 1),
        ):
            plays = self._direction == direction
            button.setIcon(theme.icon("pause" if plays else icon))
            button.setToolTip("Stop playing (Space)" if plays else tip)
            button.setAccessibleName(button.toolTip())

    def _player(self, icon: str, tip: str, direction: int) -> QToolButton:
        button = QToolButton(self)
        button.setProperty("compact", True)
        button.setIcon(theme.icon(icon))
        button.setIconSize(QSize(16, 16))
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        button.clicked.connect(lambda: self.stop() if self._direction == direction else self.play(direction))
        return button

    def _offer_speeds(self) -> None:
        menu = QMenu(self.speed)
        group = QActionGroup(menu)
        for speed in SPEEDS:
            action = menu.addAction(f"{speed} a second")
            action.setCheckable(True)
            action.setData(speed)
            group.addAction(action)
        group.triggered.connect(self._take_speed)
        self.speed.setMenu(menu)
        self.speed.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._take_speed(group.actions()[SPEEDS.index(10)])

    def _take_speed(self, action: QAction) -> None:
        speed = int(action.data())
        action.setChecked(True)
        self._timer.setInterval(1000 // speed)
        self.speed.setText(f"{speed}/s")
        self.speed.setToolTip(f"How fast it plays: {speed} previews a second")
        self.speed.setAccessibleName(self.speed.toolTip())

    def _lay_out(self) -> None:
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFocusProxy(self.slider)
        self.setAccessibleName("Time scrubber")
        self.slider.setAccessibleName("Step of the samples")
        self.label.setFont(theme.sized_font(-1))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(self.backwards)
        row.addWidget(self.forwards)
        row.addWidget(self.slider, 1)
        row.addWidget(self.label)
        row.addWidget(self.speed)
        row.addWidget(self.live)
