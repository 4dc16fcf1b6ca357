"""The composition root of the window: application, theme, session, main window.

The window is on screen before anything heavy is loaded: torch, the plugins and the plots come after the
first paint.
"""

import os
import sys
import threading
import time
import traceback
from types import TracebackType

if sys.platform == "win32":
    # There, torch cannot be loaded once Qt is.
    import torch  # noqa: F401

from PySide6.QtCore import QObject, QtMsgType, Signal, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from ganstudio import places
from ganstudio.failures import log
from ganstudio.gui import theme
from ganstudio.gui.main_window import MainWindow
from ganstudio.gui.terminal_signals import TerminalSignals
from ganstudio.gui.tokens import BY_NAME
from ganstudio.gui.window_memory import WindowMemory
from ganstudio.session.session import Session

FIRST_PAINT = "GANSTUDIO_FIRST_PAINT"
"""For measuring: when set, the time of the first paint is printed; with ``quit`` the program ends there."""

SWITCH_SECONDS = 0.0005
"""How long a thread may keep the interpreter to itself: a tenth of Python's own."""


class Studio(QObject):
    """One window with its session, and what becomes of errors that nobody expected.

    Signals:
        failed: an error that nobody expected: its sentence and its traceback. Emitted from any thread.
    """

    failed = Signal(str, str)

    def __init__(self, app: QApplication) -> None:
        super().__init__()
        # Training asks for the interpreter between any two operations: it need not wait 5 ms for a repaint.
        sys.setswitchinterval(SWITCH_SECONDS)
        memory = WindowMemory(places.window_settings())
        remembered = memory.text("theme")
        theme.apply(app, remembered if remembered in BY_NAME else theme.preferred(app))
        self.session = Session(self)
        self.window = MainWindow(self.session, memory)
        self.window.firstPainted.connect(self._load)
        self.failed.connect(self._show_failure)

    def show(self) -> None:
        """Bring the window on screen; the rest follows by itself."""
        self.window.show()

    def take_error(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        """Log an error and say it in the window, instead of ending the program."""
        if issubclass(kind, KeyboardInterrupt):
            self.window.close()
            return
        details = "".join(traceback.format_exception(kind, error, trace))
        log.error("%s", details)
        self.failed.emit(f"{kind.__name__}: {error}", details)

    def _load(self) -> None:
        wish = os.environ.get(FIRST_PAINT)
        if wish:
            print(f"first paint {time.time():.3f}, {time.process_time():.3f} s of processor", flush=True)
        if wish == "quit":
            self.window.close()
            return
        self.window.live_panel()
        self.session.load()

    def _show_failure(self, sentence: str, details: str) -> None:
        self.window.show_failure(
            "Something went wrong in the window; training is not affected.", sentence, details
        )


def run() -> int:
    """Open the window and return the exit status once it is closed."""
    app = QApplication(sys.argv[:1])
    app.setApplicationName("GAN Studio")
    app.setDesktopFileName("ganstudio")
    qInstallMessageHandler(_log_qt)
    studio = Studio(app)
    before = sys.excepthook, threading.excepthook
    sys.excepthook = studio.take_error
    threading.excepthook = lambda args: studio.take_error(
        args.exc_type, args.exc_value or args.exc_type(), args.exc_traceback
    )
    signals = TerminalSignals(studio)
    signals.received.connect(studio.window.closer.stop_and_close)
    studio.show()
    status = app.exec()
    sys.excepthook, threading.excepthook = before
    signals.restore()
    qInstallMessageHandler(None)
    if not studio.window.ended:
        # The thread holds on to torch; Python would wait for it, and Qt would abort.
        log.info("The worker thread did not end in time and was left behind.")
        os._exit(status)
    return status


def _log_qt(kind: QtMsgType, context: object, message: str) -> None:
    """Keep Qt's own messages in the log file: nobody reads a terminal behind a window."""
    severe = kind in (QtMsgType.QtCriticalMsg, QtMsgType.QtFatalMsg)
    (log.error if severe else log.info)("Qt: %s", message)
    if kind == QtMsgType.QtFatalMsg:
        print(message, file=sys.stderr, flush=True)
