import os
import signal
import sys

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from ganstudio.gui.terminal_signals import TerminalSignals

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals work differently on Windows")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl+C", "kill"])
def test_a_signal_reaches_the_event_loop(qtbot: QtBot, number: signal.Signals) -> None:
    before = signal.getsignal(number)
    parent = QObject()
    signals = TerminalSignals(parent)
    with qtbot.waitSignal(signals.received, timeout=2000):
        os.kill(os.getpid(), number)
    signals.restore()
    assert signal.getsignal(number) is before
