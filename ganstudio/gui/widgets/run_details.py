"""Run details: what there is to say about the selected run, and the notes one writes about it.

It reads nothing: it is told an entry, and asks for pictures as the table does.
"""

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QPixmap
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPlainTextEdit, QScrollArea, QVBoxLayout, QWidget

from ganstudio.gui import theme, words
from ganstudio.gui.data_words import memory
from ganstudio.gui.pace import duration
from ganstudio.gui.widgets.facts import Facts
from ganstudio.gui.widgets.run_columns import Titles, began, best_scores, parent, steps, title
from ganstudio.gui.widgets.run_delegate import Pictures, pixmap_of
from ganstudio.runs.entry import Entry

_PICTURE = 120
_SETTLE_MS = 800


class RunDetails(QFrame):
    """A strip with the samples, the facts and the notes of one run; of several, how many they are.

    Signals:
        noted: an entry, and the text that is its notes now.
    """

    noted = Signal(object, str)

    def __init__(self, pictures: Pictures, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self._pictures = pictures
        self.entry: Entry | None = None
        self.titles: Titles = {}
        self.picture = QLabel(self)
        self.name = QLabel(self)
        self.line = QLabel(self)
        self.facts = Facts(self)
        self.notes = _Notes(self)
        self._settle = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._settle.timeout.connect(self.keep)
        self.notes.textChanged.connect(self._settle.start)
        self.notes.left.connect(self.keep)
        self._lay_out()
        self.show_entries([])

    def show_entries(self, entries: list[Entry]) -> None:
        """Show the one run selected, or how many they are."""
        one = entries[0] if len(entries) == 1 else None
        if self.entry is not None and (one is None or one.path != self.entry.path):
            self.keep()
        if one is None:
            self.entry = None
            self._show_none(entries)
        else:
            self._show(one)

    def refresh_picture(self) -> None:
        """Show the picture that has arrived, or in the colours of another theme."""
        thumbnail = self._pictures(self.entry.thumbnail) if self.entry and self.entry.thumbnail else None
        self.picture.setPixmap(_fitted(pixmap_of(thumbnail)) if thumbnail else QPixmap())
        self.picture.setVisible(thumbnail is not None)

    def keep(self) -> None:
        """Tell what was written, where that is new."""
        self._settle.stop()
        text = self.notes.toPlainText()
        if self.entry is not None and text != self.entry.text:
            self.noted.emit(self.entry, text)

    # --- Inside ------------------------------------------------------------------------------------

    def _show(self, entry: Entry) -> None:
        same = self.entry is not None and self.entry.path == entry.path
        # What another window wrote does not take away what is being written here.
        if not same or (not self.notes.hasFocus() and not self._settle.isActive()):
            self._write(entry.text)
        if self.entry == entry:
            return
        self.entry = entry
        self.notes.setEnabled(True)
        self.name.setText(entry.name)
        self.line.setText(entry.sentence)
        self.line.setProperty("role", "bad")
        self.line.style().polish(self.line)
        self.line.setVisible(bool(entry.sentence))
        self.facts.show_facts(_facts(entry, self.titles))
        self.refresh_picture()

    def _show_none(self, entries: list[Entry]) -> None:
        self._write("")
        self.notes.setEnabled(False)
        self.facts.show_facts(())
        self.picture.hide()
        self.line.setVisible(True)
        self.line.setProperty("role", "quiet")
        self.line.style().polish(self.line)
        if entries:
            self.name.setText(f"{len(entries)} runs selected")
            self.line.setText(f"{memory(sum(entry.size for entry in entries))} on disk together")
        else:
            self.name.setText("No run selected")
            self.line.setText("Select a run to read about it and to write notes.")

    def _write(self, text: str) -> None:
        if text != self.notes.toPlainText():
            blocked = self.notes.blockSignals(True)
            self.notes.setPlainText(text)
            self.notes.blockSignals(blocked)
        self._settle.stop()

    def _lay_out(self) -> None:
        self.name.setProperty("role", "title")
        self.name.setFont(theme.sized_font(0, bold=True))
        for label in (self.name, self.line):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.line.setWordWrap(True)
        self.picture.setAccessibleName("Newest samples")
        words_column = QVBoxLayout()
        words_column.setContentsMargins(0, 0, 0, 0)
        words_column.setSpacing(4)
        for widget in (self.name, self.line, self.facts):
            words_column.addWidget(widget)
        words_column.addStretch(1)
        inner = QWidget(self)
        inner.setLayout(words_column)
        scroll = QScrollArea(self)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(inner)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 8, 8, 8)
        layout.setSpacing(12)
        layout.addWidget(self.picture, 0, Qt.AlignmentFlag.AlignTop)
        layout.addWidget(scroll, 3)
        layout.addWidget(self.notes, 2)

    def sizeHint(self) -> QSize:
        """Return the room for a picture."""
        return QSize(600, _PICTURE + 44)


class _Notes(QPlainTextEdit):
    """Where notes are written.

    Signals:
        left: the keyboard went elsewhere.
    """

    left = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setPlaceholderText("Notes")
        self.setAccessibleName("Notes of the run")
        self.setTabChangesFocus(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Tell that what is written may be kept."""
        super().focusOutEvent(event)
        self.left.emit()


def _facts(entry: Entry, titles: Titles) -> list[tuple[str, str]]:
    kinds = [title(kind, titles) for kind in (entry.data, entry.architecture, entry.loss) if kind]
    scores = (f"{name} {value}" for name, value in best_scores(entry))
    checkpoints = f"{entry.checkpoints} checkpoint{'' if entry.checkpoints == 1 else 's'}"
    if entry.best_step:
        checkpoints += f", ★ the best at {words.step(entry.best_step)}"
    time = ", ".join(filter(None, (duration(entry.seconds) if entry.seconds else "", entry.device)))
    facts = [
        ("Experiment", ", ".join([entry.experiment_name, *kinds])),
        ("Steps", f"{steps(entry, titles)} in {time}" if time else steps(entry, titles)),
        ("Best scores", ", ".join(scores)),
        ("Branch of", parent(entry, titles)),
        ("Began", began(entry, titles)),
        ("On disk", f"{memory(entry.size)}, {checkpoints}"),
        ("Folder", str(entry.path)),
    ]
    return [(name, value) for name, value in facts if value.strip(", ")]


def _fitted(pixmap: QPixmap) -> QPixmap:
    """Return a picture no larger than its place."""
    if max(pixmap.width(), pixmap.height()) <= _PICTURE:
        return pixmap
    keep = Qt.AspectRatioMode.KeepAspectRatio
    return pixmap.scaled(_PICTURE, _PICTURE, keep, Qt.TransformationMode.SmoothTransformation)
