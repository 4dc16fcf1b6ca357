"""RunBar: the toolbar that starts, holds and ends a run, and says how far it is.

It shows what it is told and reports what is pressed. It knows nothing of sessions.
"""

from collections.abc import Sequence
from typing import Protocol

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QLabel, QProgressBar, QSizePolicy, QToolBar, QToolButton, QWidget

from ganstudio.gui import theme
from ganstudio.gui.pace import Pace, duration, rate_text
from ganstudio.gui.run_state import ACTIVE, Control, Controls, controls_for
from ganstudio.gui.widgets.editors import CalmCombo
from ganstudio.gui.words import grouped

_PROGRESS_PARTS = 1000


class Device(Protocol):
    """What the picker needs to know of a device."""

    @property
    def key(self) -> str:
        """Its name in files and for torch."""

    def describe(self) -> str:
        """Return its name and memory on one line."""


class RunBar(QToolBar):
    """Buttons, progress, device.

    Signals:
        trainAsked, pauseAsked, stepAsked, stopAsked: the user pressed it. Pause also means resume.
        deviceChosen: the key of the device the user chose.
        themeAsked: the user wants the other theme.
    """

    trainAsked = Signal()  # noqa: N815 - Qt's way of naming
    pauseAsked = Signal()  # noqa: N815
    stepAsked = Signal()  # noqa: N815
    stopAsked = Signal()  # noqa: N815
    deviceChosen = Signal(str)  # noqa: N815
    themeAsked = Signal()  # noqa: N815

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Run", parent)
        self.setObjectName("run_bar")
        self.setMovable(False)
        self.setIconSize(QSize(18, 18))
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self._wanted = ""
        self._shown: Controls | None = None
        self._begun = True
        """Whether the share shown is one of a training, not of what is made ready for it."""
        self.train = self._button("Train", "train", "Ctrl+R")
        self.pause = self._button("Pause", "pause", "")
        self.step = self._button("Step", "step", "F10")
        self.stop = self._button("Stop", "stop", "Ctrl+.")
        self.train.triggered.connect(self.trainAsked)
        self.pause.triggered.connect(self.pauseAsked)
        self.step.triggered.connect(self.stepAsked)
        self.stop.triggered.connect(self.stopAsked)
        self.addSeparator()
        self._add_progress()
        self.device = CalmCombo(self)
        self.device.setAccessibleName("Device")
        self.device.setMinimumContentsLength(32)
        self.device.setWhatsThis(
            "Where the next run trains: every device that torch reports, with its memory."
        )
        self.device.activated.connect(self._choose_device)
        self.addWidget(self.device)
        self.theme = self._button("", "moon", "")
        self.theme.setToolTip("Change between the light and the dark theme")
        self._widget(self.theme).setAccessibleName("Change theme")
        self.theme.triggered.connect(self.themeAsked)
        self.show_devices([])
        self.show_state("idle", "")

    def show_state(self, state: str, loading: str, choosable: bool = True) -> None:
        """Let every button tell the truth."""
        controls = controls_for(state, loading, choosable)
        if controls == self._shown:
            return
        self._shown = controls
        _show(self.train, controls.train)
        _show(self.pause, controls.pause)
        _show(self.step, controls.step)
        _show(self.stop, controls.stop)
        resumes = controls.pause.text == "Resume"
        self.pause.setIcon(theme.icon("train" if resumes else "pause"))
        self._show_primary(controls.train.enabled)
        self.device.setEnabled(not loading and state not in ACTIVE)

    def show_pace(self, pace: Pace, holds: str = "") -> None:
        """Show how far the run is; ``holds`` says why it does not go on, such as ``paused``."""
        self._begun = True
        share = pace.step / pace.total if pace.total else 0.0
        self._show_share(min(share, 1.0))
        rate, left = pace.rate(), pace.left()
        parts = [f"step {grouped(pace.step)} / {grouped(pace.total)}"] if pace.total else []
        if holds:
            parts.append(holds)
        else:
            parts += [rate_text(rate)] if rate else []
            parts += [f"{duration(left)} left"] if left is not None and pace.step < pace.total else []
        self._say("   ".join(parts))

    def show_preparing(self, what: str, share: float | None) -> None:
        """Show what is being made ready; without a share the bar moves to and fro."""
        self._begun = False
        if share is None:
            self._progress.setRange(0, 0)
        else:
            self._show_share(share)
        self._say(what)

    def show_idle(self, text: str = "") -> None:
        """Show that nothing goes on; ``text`` may say how the last run ended."""
        self._show_share(self._progress.value() / _PROGRESS_PARTS if self._begun else 0.0)
        self._say(text)

    def _show_share(self, share: float) -> None:
        """Show a share of the whole, and let nothing move to and fro any more."""
        bar = self._progress
        if bar.maximum() == 0:
            # Qt ends that movement where it draws a bar that is not empty; else it goes on unseen, and
            # has the window painted thirty times a second.
            bar.setUpdatesEnabled(False)
            bar.setRange(0, 1)
            bar.setValue(1)
            bar.grab()
            bar.reset()
            bar.setUpdatesEnabled(True)
        bar.setRange(0, _PROGRESS_PARTS)
        bar.setValue(round(_PROGRESS_PARTS * max(share, 0.0)))

    def show_devices(self, devices: Sequence[Device]) -> None:
        """Offer these devices; the one wanted before is chosen where it is there."""
        self.device.clear()
        for device in devices:
            self.device.addItem(device.describe(), device.key)
            self.device.setItemData(self.device.count() - 1, device.describe(), Qt.ItemDataRole.ToolTipRole)
        if not devices:
            self.device.addItem("finding devices…", "")
        self.want_device(self._wanted)

    def want_device(self, key: str) -> None:
        """Choose a device, now or when it is found; one that is not there is passed over."""
        self._wanted = key
        row = self.device.findData(key)
        self.device.setCurrentIndex(max(row, 0))
        self.device.setToolTip(f"Train on: {self.device.currentText()}")

    def chosen_device(self) -> str:
        """Return the key of the chosen device, ``auto`` while none is known."""
        return str(self.device.currentData() or "auto")

    def show_theme(self, dark: bool) -> None:
        """Show which theme the button leads to."""
        self.theme.setIcon(theme.icon("sun" if dark else "moon"))

    def _show_primary(self, primary: bool) -> None:
        """Let Train stand out while it can be pressed."""
        button = self._widget(self.train)
        if primary != bool(button.property("primary")):
            button.setProperty("primary", primary)
            button.style().polish(button)
            self.train.setIcon(theme.icon("train", "on_accent" if primary else "text"))

    def _button(self, text: str, icon: str, keys: str) -> QAction:
        action = QAction(theme.icon(icon), text, self)
        if keys:
            action.setShortcut(QKeySequence(keys))
        self.addAction(action)
        button = self._widget(action)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return action

    def _widget(self, action: QAction) -> QToolButton:
        button = self.widgetForAction(action)
        assert isinstance(button, QToolButton)
        return button

    def _add_progress(self) -> None:
        self._progress = QProgressBar(self)
        self._progress.setTextVisible(False)
        self._progress.setFixedWidth(160)
        self._progress.setAccessibleName("Progress of the run")
        self._text = QLabel(self)
        self._text.setFont(theme.sized_font(0))
        self._text.setContentsMargins(8, 0, 8, 0)
        self._text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._text.setMinimumWidth(64)
        self.addWidget(self._progress)
        self.addWidget(self._text)

    def _say(self, text: str) -> None:
        self._text.setText(text)
        self._text.setToolTip(text)
        self._progress.setAccessibleDescription(text)

    def _choose_device(self, row: int) -> None:
        self.want_device(str(self.device.itemData(row) or ""))
        if self._wanted:
            self.deviceChosen.emit(self._wanted)


def _show(action: QAction, control: Control) -> None:
    action.setText(control.text)
    action.setEnabled(control.enabled)
    action.setToolTip(control.why)
