"""Plugin agreeing: asks the user about a plugin file, and keeps the answer.

What was read is what is agreed to: where the file changes under the question, it is asked anew.
"""

from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from ganstudio import places
from ganstudio.api.errors import StudioError
from ganstudio.discovery.content import read_content
from ganstudio.discovery.trust import Trust
from ganstudio.gui.panels.plugin_agree_dialog import PluginAgreeDialog, Question


class PluginAgreeing(QObject):
    """One question at a time.

    Signals:
        agreed: the user agreed to what is at a path; and whether every later save of it is agreed to as well,
            as long as the window is open.
        putOff: the user would not agree now; the path and the hash of what it was about.
        failed: a few words on what failed, and the sentence.
    """

    agreed = Signal(str, bool)
    putOff = Signal(str, str)  # noqa: N815 - Qt's way of naming
    failed = Signal(str, str)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self.dialog: PluginAgreeDialog | None = None
        """The question that is open."""

    def ask(self, path: str) -> None:
        """Show what is at a path, and ask."""
        question = self._question(path)
        if question is None or self.dialog is not None:
            return
        self.dialog = dialog = PluginAgreeDialog(question, self._window)
        dialog.agreed.connect(lambda shown: self._agree(path, shown))
        dialog.rejected.connect(lambda: self.putOff.emit(path, dialog.question.digest))
        dialog.finished.connect(self._close)
        dialog.open()

    def withdraw(self, path: str) -> bool:
        """Agree no more to what is at a path; return whether that was kept."""
        try:
            Trust(places.trust()).withdraw(Path(path))
        except (StudioError, OSError) as error:
            self.failed.emit("The agreement was not withdrawn.", str(error))
            return False
        return True

    def _question(self, path: str) -> Question | None:
        trust, place = Trust(places.trust()), Path(path)
        try:
            content = read_content(place)
            changed = trust.judge(content) == "changed"
            return Question(place, content.digest, trust.diff_of(content), changed)
        except (StudioError, OSError) as error:
            self.failed.emit("The plugin cannot be read.", str(error))
            return None

    def _agree(self, path: str, shown: Question) -> None:
        dialog = self.dialog
        assert dialog is not None
        try:
            Trust(places.trust()).agree(Path(path), shown.digest)
        except (StudioError, OSError) as error:
            question = self._question(path)
            if question is not None and question.digest != shown.digest:
                dialog.ask_again(question)
                return
            dialog.reject()
            self.failed.emit("The plugin was not agreed to.", str(error))
            return
        self.agreed.emit(path, dialog.mine.isChecked())
        dialog.accept()

    def _close(self) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
            self.dialog = None
