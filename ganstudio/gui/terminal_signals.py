"""Terminal signals: Ctrl+C and a polite kill reach the window, though Qt's event loop runs no Python.

The signal's number is written to a socket, and that wakes the event loop.
"""

import signal
import socket
from types import FrameType

from PySide6.QtCore import QObject, QSocketNotifier, Signal


class TerminalSignals(QObject):
    """Listens for SIGINT and SIGTERM until :meth:`restore`.

    Signals:
        received: the terminal or the system asks the program to end.
    """

    received = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._reading, self._writing = socket.socketpair()
        self._reading.setblocking(False)
        self._writing.setblocking(False)
        self._wakeup = signal.set_wakeup_fd(self._writing.fileno())
        self._before = {number: signal.signal(number, _leave) for number in (signal.SIGINT, signal.SIGTERM)}
        self._notifier = QSocketNotifier(self._reading.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._read)

    def restore(self) -> None:
        """Leave the signals as they were."""
        self._notifier.setEnabled(False)
        signal.set_wakeup_fd(self._wakeup)
        for number, handler in self._before.items():
            signal.signal(number, handler)
        self._reading.close()
        self._writing.close()

    def _read(self) -> None:
        numbers = self._reading.recv(64)
        if any(number in (signal.SIGINT, signal.SIGTERM) for number in numbers):
            self.received.emit()


def _leave(number: int, frame: FrameType | None) -> None:
    """Do nothing: the byte on the socket tells the window."""
