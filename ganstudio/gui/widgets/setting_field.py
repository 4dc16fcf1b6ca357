"""SettingField: one setting in a form: its name, its editor, its marks, and what is wrong with it.

It knows the setting's description and its path. It knows nothing of the other settings, of presets as a
whole, or of runs.
"""

from collections.abc import Sequence
from html import escape
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from ganstudio.catalogue import FieldSpec
from ganstudio.gui.widgets.editors import make_editor
from ganstudio.gui.widgets.marks import ChangedDot, IconMark
from ganstudio.gui.widgets.scale import number_text

_LABEL_CHARACTERS = 16
_LIVE_WIDTH = 12
_GAP = 4


class SettingField(QWidget):
    """A row of a form; ``indent``: how far it stands in, in px, its editor in line with the others.

    Signals:
        edited: the user gave it another value, also while dragging; its path and the value.
        settled: a drag is over; its path.
        marked: it may differ from its default or its baseline where it did not before, or the reverse.
    """

    edited = Signal(str, object)
    settled = Signal(str)
    marked = Signal()

    def __init__(self, spec: FieldSpec, path: str, parent: QWidget | None = None, indent: int = 0) -> None:
        super().__init__(parent)
        self.spec, self.path = spec, path
        self._baseline = spec.default
        self._problem: QLabel | None = None
        self._reason = self._pointless = ""
        self._help = spec.help
        self._indent = indent
        self._editor = make_editor(spec, self)
        self._editor.name(f"{spec.title}, {path.rpartition('.')[0]}")
        self._dot = ChangedDot(self)
        self._label = QLabel(spec.title, self)
        self._lay_out()
        self._describe()
        self.setFocusProxy(self._editor)
        self._editor.changed.connect(self._take_edit)
        self._editor.settled.connect(self._tell_settled)
        self._dot.clicked.connect(self.reset)

    def value(self) -> Any:
        """Return the value, with what is still being typed."""
        return self._editor.value()

    def set_value(self, value: Any) -> None:
        """Show a value without reporting it."""
        self._editor.set_value(value)
        self._mark()

    def set_baseline(self, value: Any) -> None:
        """Take ``value`` as what the setting is compared with, and goes back to."""
        self._baseline = value
        self._mark()

    def reset(self) -> None:
        """Go back to the baseline and report it."""
        self._editor.set_value(self._baseline)
        self._take_edit()

    def dragging(self) -> bool:
        """Say whether the user is in the middle of a drag."""
        return self._editor.dragging()

    def show_problem(self, sentence: str) -> None:
        """Show what is wrong below the field; an empty sentence takes it away."""
        if self._problem is None:
            if not sentence:
                return
            self._problem = _problem_label(self)
            self._grid.addWidget(self._problem, 1, 0, 1, 4)
        self._problem.setText(sentence)
        self._problem.setVisible(bool(sentence))
        self._editor.mark_invalid(bool(sentence))

    def set_unavailable(self, reason: str) -> None:
        """Grey the field and say why; an empty reason makes it usable again."""
        if reason != self._reason:
            self._reason = reason
            self._grey()

    def set_pointless(self, reason: str) -> None:
        """Grey the field because of another one and say which; an empty reason makes it usable again."""
        if reason != self._pointless:
            self._pointless = reason
            self._grey()

    def show_help(self, text: str) -> None:
        """Take another help text: values in it have changed."""
        if text != self._help:
            self._help = text
            self._describe()

    def offer(self, texts: Sequence[str]) -> None:
        """Take what could be written here, such as the names of columns."""
        self._editor.offer(texts)

    def is_set(self) -> bool:
        """Say whether the value is another than the default."""
        return bool(self.value() != self.spec.default)

    def is_changed(self) -> bool:
        """Say whether the value is another than the baseline."""
        return bool(self.value() != self._baseline)

    def matches(self, words: list[str]) -> bool:
        """Say whether every word occurs in the name, the path, the help or the name of its group."""
        text = f"{self.spec.title} {self.path} {self.spec.help} {self.spec.group}".lower()
        return all(word in text for word in words)

    def _lay_out(self) -> None:
        self._label.setBuddy(self._editor)
        self._label.setWordWrap(True)
        self._label.setFixedWidth(label_width(self) - self._indent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(self._indent, 0, 0, 0)
        self._grid.setHorizontalSpacing(_GAP)
        self._grid.setVerticalSpacing(2)
        self._grid.addWidget(self._label, 0, 0)
        mark = IconMark("live", "watch", _LIVE_WIDTH, self) if self.spec.live else QWidget(self)
        mark.setFixedWidth(_LIVE_WIDTH)
        self._grid.addWidget(mark, 0, 1)
        self._grid.addWidget(self._editor, 0, 2)
        self._grid.setColumnStretch(2, 1)
        self._grid.addWidget(self._dot, 0, 3)

    def _grey(self) -> None:
        self.setEnabled(not (self._reason or self._pointless))
        self._describe()

    def _describe(self) -> None:
        """Write the help that hovering and F1 show."""
        spec, reason = self.spec, self._reason or self._pointless
        parts = [f"<b>{escape(reason)}</b>"] if reason else []
        parts += [escape(self._help or spec.title)]
        if spec.live:
            parts.append("⚡ May be changed while it trains; the change acts at the next step.")
        parts.append(
            f"{escape(spec.range_text().capitalize())}; it starts at {escape(self._text(spec.default))}."
        )
        parts.append(f"<code>{escape(self.path)}</code>")
        self.setToolTip(f"<p>{'</p><p>'.join(parts)}</p>")
        self.setWhatsThis(self.toolTip())
        self.setAccessibleDescription(reason or self._help)

    def _mark(self) -> None:
        self._dot.show_change(self.is_changed(), self._text(self._baseline))
        self.marked.emit()

    def _take_edit(self) -> None:
        self.show_problem("")
        self._mark()
        self.edited.emit(self.path, self.value())

    def _tell_settled(self) -> None:
        value = self.value()
        if not self.spec.suits(value):
            self.show_problem(self.spec.refusal(self.path, value))
        self.settled.emit(self.path)

    def _text(self, value: Any) -> str:
        if isinstance(value, bool):
            return "on" if value else "off"
        if isinstance(value, int | float):
            return f"{number_text(value, isinstance(value, int))} {self.spec.unit}".strip()
        if isinstance(value, list | tuple):
            return ", ".join(self._text(one) for one in value) or "nothing"
        return str(value) or "nothing"


def label_width(widget: QWidget) -> int:
    """Return the width of the column of names, the same in every group of a form."""
    return widget.fontMetrics().averageCharWidth() * _LABEL_CHARACTERS


def editor_column(widget: QWidget) -> int:
    """Return how far from the left an editor begins."""
    return label_width(widget) + _LIVE_WIDTH + 2 * _GAP


def _problem_label(parent: QWidget) -> QLabel:
    label = QLabel(parent)
    label.setProperty("role", "bad")
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
