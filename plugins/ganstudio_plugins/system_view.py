"""The System panel's widget: four figures of the machine, each with its last ten minutes below it.

It asks the operating system once a second while it is seen. It knows nothing of events.
"""

import os
import shutil
import time
from pathlib import Path

import psutil
from PySide6.QtCore import QTimer, Slot
from PySide6.QtGui import QFont, QHideEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from ganstudio.api import downloads_folder
from ganstudio_plugins.trace import Trace

_EVERY_MS = 1000
_DISK_EVERY = 10
"""Looks at the machine from one look at the disk to the next: a disk far away may take its time."""
_GIB = 2**30
_LOW_DISK, _LOW_MEMORY = 2 * _GIB, 0.05
"""What counts as low: bytes left on the disk, share left of the memory."""


class Figure(QWidget):
    """One figure: a title, its value now, the trace of it, and a line of explanation."""

    def __init__(self, title: str, unit: str, top: float | None, parent: QWidget) -> None:
        super().__init__(parent)
        self._title = title
        self.value, self.note = QLabel("–", self), QLabel("", self)
        self.trace = Trace(unit, top, self)
        name = QLabel(title, self)
        name.setFont(_bold(name.font()))
        self.value.setFont(_tabular(self.value.font()))
        self.note.setProperty("role", "quiet")
        self.note.setWordWrap(True)
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setVerticalSpacing(2)
        layout.setColumnStretch(0, 1)
        layout.addWidget(name, 0, 0)
        layout.addWidget(self.value, 0, 1)
        layout.addWidget(self.trace, 1, 0, 1, 2)
        layout.addWidget(self.note, 2, 0, 1, 2)

    def say(self, value: str, note: str, low: bool = False) -> None:
        """Show the value and the line below; one that runs low says so in a word, not by colour alone."""
        self.value.setText(f"{value}, low" if low else value)
        self.note.setText(note)
        self.trace.setAccessibleName(f"{self._title}: {self.value.text()}")
        self.setAccessibleDescription(note)


class SystemView(QScrollArea):
    """Rate, processor, memory and disk, below each other."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._process = psutil.Process()
        self._cores = psutil.cpu_count() or 1
        self._place = downloads_folder()
        self._looks = 0
        body = QWidget(self)
        self.rate = Figure("Steps a second", "", None, body)
        self.processor = Figure("Processor", " %", 100.0, body)
        self.memory = Figure("Memory", " GiB", None, body)
        self.disk = Figure("Disk left", " GiB", None, body)
        layout = QVBoxLayout(body)
        layout.setContentsMargins(8, 4, 8, 8)
        layout.setSpacing(12)
        for figure in (self.rate, self.processor, self.memory, self.disk):
            layout.addWidget(figure)
        layout.addStretch(1)
        self.setWidget(body)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName("System")
        self.begin()
        # The first question only begins the measurement.
        self._process.cpu_percent()
        psutil.cpu_percent()
        self._timer = QTimer(self)
        self._timer.setInterval(_EVERY_MS)
        self._timer.timeout.connect(self.look)

    def begin(self) -> None:
        """Forget the rate of the run before."""
        self.rate.trace.clear()
        self.rate.say("–", "Of training time, pauses left out")

    def show_rate(self, seconds: float, rate: float) -> None:
        """Show steps a second at ``seconds`` of training time."""
        self.rate.trace.add(seconds, rate)
        self.rate.say(f"{rate:.3g}", "Of training time, pauses left out")

    def watch_disk_of(self, path: str) -> None:
        """Look at the disk that holds ``path`` from now on."""
        self._place = Path(path)
        self._look_at_disk(time.monotonic())

    @Slot()
    def look(self) -> None:
        """Ask the operating system, and show what it says."""
        now = time.monotonic()
        own = self._process.cpu_percent() / self._cores
        every = psutil.cpu_percent()
        self.processor.trace.add(now, own)
        others = max(0.0, every - own)
        noun = "processor" if self._cores == 1 else "processors"
        self.processor.say(
            f"{own:.0f} %", f"Of {self._cores} {noun}; other programs take {others:.0f}\u00a0%"
        )
        self._look_at_memory(now)
        if self._looks % _DISK_EVERY == 0:
            self._look_at_disk(now)
        self._looks += 1

    def _look_at_memory(self, now: float) -> None:
        machine = psutil.virtual_memory()
        own = self._process.memory_info().rss
        self.memory.trace.add(now, own / _GIB)
        note = (
            f"{machine.available / _GIB:.1f} GiB of {machine.total / _GIB:.1f} GiB are left for all programs"
        )
        low = machine.available < _LOW_MEMORY * machine.total
        self.memory.say(f"{own / _GIB:.2f} GiB", note, low)

    def _look_at_disk(self, now: float) -> None:
        try:
            usage = shutil.disk_usage(_there(self._place))
        except OSError as error:
            self.disk.say("–", f"{self._place} cannot be asked: {error.strerror or error}")
            return
        self.disk.trace.add(now, usage.free / _GIB)
        note = f"Of {usage.total / _GIB:.0f} GiB on the disk that holds {self._place}"
        self.disk.say(f"{usage.free / _GIB:.1f} GiB", note, usage.free < _LOW_DISK)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's own name
        """Begin to look."""
        super().showEvent(event)
        self._timer.start()
        self.look()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 - Qt's own name
        """Look no longer; the traces show a gap."""
        super().hideEvent(event)
        self._timer.stop()


def _there(path: Path) -> Path:
    """Return the nearest folder above that exists: a checkpoint may be gone again, a folder not yet made."""
    for place in (path, *path.parents):
        if os.path.exists(place):
            return place
    return Path.cwd()


def _bold(font: QFont) -> QFont:
    font.setBold(True)
    return font


def _tabular(font: QFont) -> QFont:
    """Return the font with figures of equal width, so that numbers do not jump while they change."""
    font.setFeature(QFont.Tag("tnum"), 1)
    return font
