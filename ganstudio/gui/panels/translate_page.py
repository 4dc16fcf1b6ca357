"""Translate page: images, and what a run makes of them.

It is told what was opened and translated, and says what the user wishes. It reads no files and knows nothing
of sessions.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, Qt, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QGuiApplication,
    QImage,
    QKeyEvent,
    QKeySequence,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from ganstudio.gui import theme
from ganstudio.gui.panels.translate_choices import TranslateChoices
from ganstudio.gui.panels.translate_progress import TranslateProgress
from ganstudio.gui.widgets.notice import Notice
from ganstudio.gui.widgets.page_top import page_top
from ganstudio.gui.widgets.taken_list import TakenList
from ganstudio.gui.widgets.translation_view import TranslationView

if TYPE_CHECKING:
    from ganstudio.session.translating import Taken
    from ganstudio.session.translating_work import Ability, Candidate
    from ganstudio.translating import Translation

_EMPTY = (
    "Drop images or folders here, paste one with Ctrl+V, or choose files. Each is translated by the run "
    "above, and can be saved beside the original."
)
_NO_RUN = (
    "A run of CycleGAN or pix2pix translates images. Train one, such as the preset cyclegan-digits, or "
    "choose the folder of one that is there."
)
_CHOOSE = "Choose a run that translates."
_EMPTY_WIDTH = 440
_LIST_WIDTH = 220


class TranslatePage(QWidget):
    """Choices above, the images on the left, the one looked at and its translation on the right.

    Signals:
        filesAsked, imageFolderAsked: the user wants to choose images, or a folder of them.
        dropped: paths of files and folders that were dropped or pasted.
        pasted: a picture that was dropped or pasted, a ``QImage``.
        saveAsked: keys of images whose translations are to be written beside the originals.
        saveAllAsked: the same, of all images, into a folder to be asked for.
        removed: keys of images that are wanted out.
        looked: the image that is looked at, by its key; 0 for none.
        stopAsked, goOnAsked: to translate no more of what waits, or to go on.
        shown: the page came into view.
    """

    filesAsked = Signal()  # noqa: N815 - Qt's way of naming
    imageFolderAsked = Signal()  # noqa: N815
    dropped = Signal(object)
    pasted = Signal(object)
    saveAsked = Signal(object)  # noqa: N815
    saveAllAsked = Signal(object)  # noqa: N815
    removed = Signal(object)
    looked = Signal(int)
    stopAsked = Signal()  # noqa: N815
    goOnAsked = Signal()  # noqa: N815
    shown = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._taken: dict[int, Taken] = {}
        self._translation: Translation | None = None
        self._ability: Ability | None = None
        self.title = QLabel("Translate", self)
        self.line = QLabel(self)
        self.add = QPushButton("Add", self)
        self.copy = QPushButton("Copy", self)
        self.save = QPushButton("Save", self)
        self.save_all = QPushButton("Save all to…", self)
        self.choices = TranslateChoices(self)
        self.refusal = Notice("bad", parent=self)
        self.failure = Notice("bad", closable=True, parent=self)
        self.news = Notice("info", closable=True, parent=self)
        self.progress = TranslateProgress(self)
        self.list = TakenList(self)
        self.view = TranslationView(self)
        self.note = QLabel(self)
        self.choose = QPushButton("Choose files…", self)
        self.choose_folder = QPushButton("Choose a folder…", self)
        self._empty_text = QLabel(_EMPTY, self)
        self._body = QStackedWidget(self)
        self.setAcceptDrops(True)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._lay_out()
        self._connect()
        self._enable()

    # --- What it is told ---------------------------------------------------------------------------

    def show_run(self, path: Path | None) -> None:
        """Say which run is being opened."""
        self._ability = None
        for notice in (self.refusal, self.failure, self.news):
            notice.say("")
        self.choices.show_run(path)
        self.line.setText("Opening the run…" if path else "")
        self._show_empty(path is not None)
        self._enable()

    def offer_runs(self, candidates: "Sequence[Candidate]") -> None:
        """Offer the runs that can translate."""
        self.choices.offer_runs(candidates)

    def show_ability(self, ability: "Ability", to: str, size: str) -> None:
        """Show what the run can do."""
        self._ability = ability
        self.refusal.say("")
        if ability.note:
            self.news.say(ability.note)
        self.line.setText(f"{ability.title}, trained on {ability.trained}")
        self.choices.show_ability(ability, to, size)
        self._show_empty(True)
        self._enable()

    def show_refusal(self, sentence: str) -> None:
        """Say why the run cannot translate."""
        self._ability = None
        self.line.clear()
        self.choices.forget_ability()
        self.refusal.say(sentence)
        self.view.say(_CHOOSE)
        self._enable()

    def show_taken(self, taken: "Sequence[Taken]") -> None:
        """Show the images that were taken."""
        self._taken = {one.key: one for one in taken}
        self._body.setCurrentIndex(int(bool(taken)))
        self.list.show_taken(taken)
        self._enable()

    def update_taken(self, taken: "Taken") -> None:
        """Show what became of one."""
        self._taken[taken.key] = taken
        self.list.update_taken(taken)
        if taken.key == self.list.current_key():
            self._show_note(taken)

    def show_translation(self, taken: "Taken", translation: "Translation | None") -> None:
        """Show the image that is looked at, or why there is nothing to see."""
        self._translation = translation
        if translation is not None and self._ability is not None:
            self.view.show_images(translation.given, translation.made, self._names(translation.to))
        elif taken.state == "failed":
            self.view.say(taken.sentence)
        elif self._ability is None:
            self.view.say("" if self.line.text() else _CHOOSE)
        else:
            self.view.say("Being translated…")
        self._show_note(taken)
        self._enable()

    def show_progress(self, saving: int, held: bool) -> None:
        """Show how far it is; ``saving``: how many are still to be written."""
        states = [one.state for one in self._taken.values()] if self._ability is not None else []
        self.progress.show_states(states, saving, held)

    def say(self, text: str) -> None:
        """Say what was done."""
        self.news.say(text)
        self.failure.say("")

    def show_failure(self, sentence: str) -> None:
        """Say what could not be done."""
        self.failure.say(sentence)

    # --- What the user does ------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take what the clipboard holds, or give it the translation."""
        if event.matches(QKeySequence.StandardKey.Paste):
            self.paste()
        elif event.matches(QKeySequence.StandardKey.Copy) and self.copy.isEnabled():
            self.copy_translation()
        else:
            super().keyPressEvent(event)

    def paste(self) -> None:
        """Take the files or the picture that the clipboard holds."""
        if not self._take(QGuiApplication.clipboard().mimeData()):
            self.show_failure("The clipboard holds no picture and no files.")

    def copy_translation(self) -> None:
        """Put the translation that is looked at into the clipboard."""
        if self.view.made is not None:
            QGuiApplication.clipboard().setImage(self.view.made)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Welcome files and pictures."""
        if _files(event.mimeData()) or event.mimeData().hasImage():
            event.acceptProposedAction()
            self.line.setText("Let go to translate it.")

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """Say what is open again."""
        self._show_line()

    def dropEvent(self, event: QDropEvent) -> None:
        """Take what was dropped."""
        self._show_line()
        if self._take(event.mimeData()):
            event.acceptProposedAction()

    def showEvent(self, event: QShowEvent) -> None:
        """Tell that the page can be seen."""
        super().showEvent(event)
        self.shown.emit()

    # --- Inside ------------------------------------------------------------------------------------

    def _take(self, data: QMimeData) -> bool:
        files = _files(data)
        if files:
            self.dropped.emit(files)
        elif data.hasImage():
            self.pasted.emit(QImage(data.imageData()))
        else:
            return False
        self.failure.say("")
        return True

    def _names(self, to: str) -> tuple[str, str]:
        assert self._ability is not None
        ways = [each for each, _title in self._ability.directions]
        return self._ability.names[ways.index(to)]

    def _show_line(self) -> None:
        ability = self._ability
        self.line.setText(f"{ability.title}, trained on {ability.trained}" if ability else "")

    def _show_note(self, taken: "Taken") -> None:
        text = "" if taken.state == "failed" else taken.sentence
        self.note.setText(f"{text} Saved as {taken.saved}." if taken.saved else text)
        self.note.setVisible(bool(self.note.text()))

    def _show_empty(self, run: bool) -> None:
        self._empty_text.setText(_EMPTY if run else _NO_RUN)

    def _enable(self) -> None:
        able = self._ability is not None
        there = able and self._translation is not None and self.list.current_key() > 0
        self.copy.setEnabled(there)
        self.save.setEnabled(there)
        self.save_all.setEnabled(able and bool(self._taken))

    def _look(self, key: int) -> None:
        self._translation = None
        if not key:
            self.view.say("")
            self.note.hide()
        self._enable()
        self.looked.emit(key)

    def _save(self) -> None:
        keys = self.list.selected_keys() or [self.list.current_key()]
        pasted = [key for key in keys if self._taken[key].place is None]
        beside = [key for key in keys if key not in pasted]
        if beside:
            self.saveAsked.emit(beside)
        if pasted:
            # There is no original to be beside of.
            self.saveAllAsked.emit(pasted)

    def _connect(self) -> None:
        self.choose.clicked.connect(self.filesAsked)
        self.choose_folder.clicked.connect(self.imageFolderAsked)
        self.copy.clicked.connect(self.copy_translation)
        self.save.clicked.connect(self._save)
        self.save_all.clicked.connect(lambda: self.saveAllAsked.emit(list(self._taken)))
        self.progress.stopAsked.connect(self.stopAsked)
        self.progress.goOnAsked.connect(self.goOnAsked)
        self.list.looked.connect(self._look)
        self.list.removed.connect(self.removed)

    def _lay_out(self) -> None:
        self._make_menu()
        self.copy.setIcon(theme.icon("copy"))
        self.copy.setToolTip("Copy the translation (Ctrl+C)")
        self.save.setToolTip("Save the translations of the selected images beside their originals")
        self.save_all.setToolTip("Save every translation into one folder; those not made yet are made")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 12, 8)
        layout.setSpacing(8)
        layout.addLayout(page_top(self.title, self.line, self.add, self.copy, self.save, self.save_all))
        for widget in (self.choices, self.refusal, self.failure, self.news, self.progress):
            layout.addWidget(widget)
        layout.addWidget(self._body, 1)
        self._body.addWidget(self._empty())
        self._body.addWidget(self._filled())

    def _make_menu(self) -> None:
        menu = QMenu(self)
        menu.addAction("Image &files…", self.filesAsked.emit)
        menu.addAction("A f&older of images…", self.imageFolderAsked.emit)
        menu.addAction("&Paste", self.paste).setShortcut(QKeySequence(QKeySequence.StandardKey.Paste))
        menu.actions()[-1].setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        menu.addSeparator()
        menu.addAction("Take &all out", lambda: self.removed.emit(list(self._taken)))
        self.add.setMenu(menu)
        self.add.setAccessibleName("Add images")
        self.add.setToolTip("Add images to be translated")

    def _empty(self) -> QWidget:
        label = self._empty_text
        label.setProperty("role", "quiet")
        label.setWordWrap(True)
        label.setFixedWidth(_EMPTY_WIDTH)
        label.setMinimumHeight(4 * label.fontMetrics().lineSpacing())
        label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.choose)
        buttons.addWidget(self.choose_folder)
        buttons.addStretch(1)
        page = QWidget(self)
        column = QVBoxLayout(page)
        column.setSpacing(12)
        column.addStretch(1)
        column.addWidget(label, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addLayout(buttons)
        column.addStretch(1)
        return page

    def _filled(self) -> QSplitter:
        self.note.setProperty("role", "quiet")
        self.note.setWordWrap(True)
        self.note.setTextFormat(Qt.TextFormat.PlainText)
        self.note.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        right = QWidget(self)
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.view, 1)
        column.addWidget(self.note)
        split = QSplitter(Qt.Orientation.Horizontal, self)
        split.setChildrenCollapsible(False)
        split.setHandleWidth(8)
        split.addWidget(self.list)
        split.addWidget(right)
        split.setStretchFactor(1, 1)
        split.setSizes([_LIST_WIDTH, 600])
        return split


def _files(data: QMimeData) -> list[Path]:
    """Return the files and folders on this machine that are meant."""
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
