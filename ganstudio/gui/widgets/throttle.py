"""Throttle: passes values on at a calm rate, and always the last one."""

from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal


class Throttle(QObject):
    """For each key, at most one value in every ``interval`` milliseconds.

    Signals:
        passed: a key and the newest value given for it.
    """

    passed = Signal(str, object)

    def __init__(self, interval: int = 50, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._waiting: dict[str, Any] = {}
        self._timer = QTimer(self)
        self._timer.setInterval(interval)
        self._timer.timeout.connect(self._tick)

    def give(self, key: str, value: Any) -> None:
        """Pass a value on now, or soon where one was passed on just before."""
        self._waiting[key] = value
        if not self._timer.isActive():
            self.flush()
            self._timer.start()

    def flush(self) -> None:
        """Pass on at once all that waits."""
        waiting, self._waiting = self._waiting, {}
        for key, value in waiting.items():
            self.passed.emit(key, value)

    def drop(self) -> None:
        """Forget all that waits."""
        self._waiting.clear()
        self._timer.stop()

    def _tick(self) -> None:
        if self._waiting:
            self.flush()
        else:
            self._timer.stop()
