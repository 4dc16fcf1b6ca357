"""Closing: what becomes of a run when its window is closed, and of the window when the run ends."""

from collections.abc import Callable
from enum import Enum

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QMessageBox, QWidget

from ganstudio.gui.widgets.notice import Notice
from ganstudio.session.session import Session


class Closing(Enum):
    """What the user wants to happen to the run, and so to the window."""

    LATER = "later"
    STOP = "stop"
    ABORT = "abort"
    CANCEL = "cancel"


def ask_how_to_close(parent: QWidget, paused: bool) -> Closing:
    """Ask in one small dialog; Escape cancels."""
    box = QMessageBox(parent)
    box.setWindowTitle("A run is going on")
    box.setText("A run is going on. What should become of it?")
    box.setInformativeText(
        "Keep training: the window closes by itself when the run ends.\n"
        "Stop and save: the step under way is finished and the state is saved, then the window closes.\n"
        "Abort: the window closes at once; what was saved so far stays."
    )
    keep = "Resume and close later" if paused else "Keep training and close later"
    role = QMessageBox.ButtonRole
    buttons = {
        box.addButton(keep, role.AcceptRole): Closing.LATER,
        box.addButton("Stop and save", role.AcceptRole): Closing.STOP,
        box.addButton("Abort", role.DestructiveRole): Closing.ABORT,
    }
    cancel = box.addButton("Cancel", role.RejectRole)
    box.setEscapeButton(cancel)
    box.setDefaultButton(cancel)
    box.exec()
    clicked = box.clickedButton()
    box.deleteLater()
    return next((choice for button, choice in buttons.items() if button is clicked), Closing.CANCEL)


class Closer(QObject):
    """Decides whether a window may close, and closes it later where that was wished.

    ``notice`` is where it says that the window will close.
    """

    def __init__(self, session: Session, notice: Notice, window: QWidget) -> None:
        super().__init__(window)
        self._session, self._notice, self._window = session, notice, window
        self._waiting = False
        self.ask: Callable[[QWidget, bool], Closing] = ask_how_to_close
        notice.acted.connect(self.stay_open)
        session.stateChanged.connect(self._take_state)

    def may_close(self) -> bool:
        """Return whether to close now; asks while a run goes on."""
        if not self._session.active:
            return True
        choice = self.ask(self._window, self._session.state == "paused")
        if choice is Closing.CANCEL:
            return False
        if choice is Closing.ABORT or not self._session.active:
            self._session.stop(save=False)
            return True
        if choice is Closing.STOP:
            self.stop_and_close()
        else:
            self._session.resume()
            self._wait("The window closes by itself when this run ends.")
        return False

    def stop_and_close(self) -> None:
        """End the run and save its state, then close the window; nothing is asked."""
        if self._session.active:
            self._session.stop()
            self._wait("The state is being saved; then the window closes.")
        else:
            self._window.close()

    def stay_open(self) -> None:
        """Do not close later after all."""
        self._waiting = False
        self._notice.say("")

    def _wait(self, text: str) -> None:
        self._waiting = True
        self._notice.say(text)

    def _take_state(self, state: str) -> None:
        if not self._waiting or self._session.active:
            return
        self.stay_open()
        # After a failure the window stays, so that somebody can read of it.
        if state != "failed":
            QTimer.singleShot(0, self._window, self._window.close)
