"""Driving the real window from a script: for screenshots and measurements, not for tests."""

import time
from collections.abc import Callable

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from ganstudio.app import Studio
from ganstudio.experiment import Experiment


class Driver:
    """The studio as a user has it, and a way to wait for what it does."""

    def __init__(self) -> None:
        self.app = QApplication.instance() or QApplication([])
        assert isinstance(self.app, QApplication)
        self.studio = Studio(self.app)
        self.window, self.session = self.studio.window, self.studio.session
        self.events: list[object] = []
        self.session.eventsArrived.connect(self.events.extend)

    def open(self) -> None:
        """Show the window and wait until the plugins are loaded."""
        self.studio.show()
        self.wait(lambda: self.session.ready, 120)

    def preset(self, name: str, **training: object) -> Experiment:
        """Return a preset, with training settings of one's own."""
        table = next(p for p in self.session.catalogue.presets if p["name"] == name)
        experiment = Experiment.from_dict(table)
        for key, value in training.items():
            experiment = experiment.with_value(f"training.{key}", value)
        return experiment

    def wait(self, until: Callable[[], bool], seconds: float) -> None:
        """Let the window live until something holds; raises ``TimeoutError`` when it takes too long."""
        ends = time.monotonic() + seconds
        while not until():
            if time.monotonic() > ends:
                raise TimeoutError(f"still {self.session.state} after {seconds} s")
            self.spin(0.02)

    def spin(self, seconds: float) -> None:
        """Let the window live for a while."""
        loop = QEventLoop()
        QTimer.singleShot(round(seconds * 1000), loop.quit)
        loop.exec()

    def close(self) -> None:
        """End training and the thread."""
        self.session.shutdown(30_000)
        self.window.close()
