"""Text editors: what is written in a line: text, a number or none, a list of numbers, a column's name.

They know a setting's description, not what it is for. What is no value of the setting is given as the text
it is, so that it can be refused with a sentence.
"""

import re
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QStringListModel, Qt
from PySide6.QtWidgets import QCompleter, QLabel, QLineEdit, QWidget

from ganstudio.catalogue import FieldSpec
from ganstudio.gui.widgets.editor import Editor
from ganstudio.gui.widgets.scale import parse_number

_BETWEEN = re.compile(r"[\s,;]+")


class TextEditor(Editor):
    """A line of text."""

    def __init__(self, spec: FieldSpec, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._line = QLineEdit(self)
        self._line.textEdited.connect(self.changed)
        self._line.editingFinished.connect(self.settled)
        if spec.may_be_empty and spec.optional:
            self._line.setPlaceholderText("none")
        self._show(self._line)

    def value(self) -> Any:
        """Return the text."""
        return self._line.text()

    def set_value(self, value: Any) -> None:
        """Show a text without reporting it."""
        if str(value) != self._line.text():
            self._line.setText(str(value))


class OptionalNumberEditor(TextEditor):
    """A number that may be left out: an empty line is none."""

    def __init__(self, spec: FieldSpec, parent: QWidget | None = None) -> None:
        super().__init__(spec, parent)
        self._whole = spec.kind == "int"
        self._line.setPlaceholderText("none")
        self._line.setFixedWidth(self.fontMetrics().horizontalAdvance("0" * 10) + 40)
        self._line.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._add_beside(QLabel(spec.unit, self))

    def value(self) -> Any:
        """Return the number, or what is written where it is none; an empty text stands for no value."""
        number = parse_number(self._line.text())
        return self._line.text().strip() if number is None else _as_wanted(number, self._whole)


class NumbersEditor(TextEditor):
    """Numbers with commas between: ``256, 128``."""

    def __init__(self, spec: FieldSpec, parent: QWidget | None = None) -> None:
        super().__init__(spec, parent)
        self._whole, self._may_be_empty = spec.item == "int", spec.may_be_empty
        if not self._line.placeholderText():
            self._line.setPlaceholderText("numbers, with commas between")

    def value(self) -> Any:
        """Return the numbers, or what is written where it is something else."""
        text = self._line.text().strip()
        if not text:
            return "" if self._may_be_empty else []
        numbers = [parse_number(word) for word in _BETWEEN.split(text.strip("[]() ,;"))]
        if any(number is None for number in numbers):
            return text
        return [_as_wanted(number, self._whole) for number in numbers if number is not None]

    def set_value(self, value: Any) -> None:
        """Show numbers without reporting them, each with all its figures."""
        # Written anew only for other numbers: the blanks and brackets of the user are left alone.
        if value != self.value():
            self._line.setText(", ".join(str(number) for number in value) if value != "" else "")


class ColumnEditor(TextEditor):
    """The name of a column, with those that are known offered while it is written."""

    def __init__(self, spec: FieldSpec, parent: QWidget | None = None) -> None:
        super().__init__(spec, parent)
        self._offered = QStringListModel(self)
        completer = QCompleter(self._offered, self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.activated.connect(self.changed)
        self._line.setCompleter(completer)

    def offer(self, texts: Sequence[str]) -> None:
        """Take the names of the columns that the data has."""
        self._offered.setStringList(list(texts))


def _as_wanted(number: float, whole: bool) -> int | float:
    return round(number) if whole and number == round(number) else number
