"""Editors: the widget that suits each kind of setting, all of them used in one way.

They know a setting's description, not what it is for.
"""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QAbstractSpinBox, QCheckBox, QComboBox, QHBoxLayout, QLineEdit, QWidget

from ganstudio.catalogue import FieldSpec
from ganstudio.gui.widgets.number_box import NumberBox
from ganstudio.gui.widgets.path_box import EITHER, FILE, FOLDER, PathBox
from ganstudio.gui.widgets.scale import Scale, parse_number
from ganstudio.gui.widgets.slider_box import SliderBox

_UNBOUNDED = 2.0**53
"""Beyond this, doubles no longer hold every whole number."""


class Editor(QWidget):
    """One value that a person can change.

    Signals:
        changed: the user gave it another value, also while dragging.
        settled: a drag is over.
    """

    changed = Signal()
    settled = Signal()

    def value(self) -> Any:
        """Return the value, with what is still being typed."""
        raise NotImplementedError

    def set_value(self, value: Any) -> None:
        """Show a value without reporting it."""
        raise NotImplementedError

    def dragging(self) -> bool:
        """Say whether the user is in the middle of a drag."""
        return False

    def name(self, text: str) -> None:
        """Give it a name for those who hear the window."""
        self._inner.setAccessibleName(text)

    def mark_invalid(self, invalid: bool) -> None:
        """Frame it as wrong, or no longer."""
        for widget in [self._inner, *self._inner.findChildren(QWidget)]:
            if isinstance(widget, QLineEdit | QComboBox | QAbstractSpinBox):
                widget.setProperty("invalid", invalid)
                widget.style().polish(widget)

    def _show(self, inner: QWidget, stretch: bool = True) -> None:
        self._inner = inner
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(inner, 1 if stretch else 0)
        if not stretch:
            layout.addStretch(1)
        self.setFocusProxy(inner)


class CalmCombo(QComboBox):
    """A list to choose from that leaves the wheel to the form around it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(6)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Do not change by scrolling past."""
        event.ignore()


class SliderEditor(Editor):
    """A number in a range: a slider and a box."""

    def __init__(self, spec: FieldSpec, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._whole = spec.kind == "int"
        self._pair = SliderBox(Scale.of(spec), spec.unit, self)
        self._pair.changed.connect(self.changed)
        self._pair.settled.connect(self.settled)
        self._show(self._pair)

    def value(self) -> int | float:
        """Return the number."""
        value = self._pair.value()
        return round(value) if self._whole else value

    def set_value(self, value: Any) -> None:
        """Show a number without reporting it."""
        self._pair.set_value(value)

    def dragging(self) -> bool:
        """Say whether the user holds the slider."""
        return self._pair.dragging()

    def name(self, text: str) -> None:
        """Name slider and box."""
        self._pair.name(text)


class NumberEditor(Editor):
    """A number in a box with arrows."""

    def __init__(self, spec: FieldSpec, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._whole = spec.kind == "int"
        low = -_UNBOUNDED if spec.low is None else spec.low
        high = _UNBOUNDED if spec.high is None else spec.high
        self._box = NumberBox(Scale(low, high, whole=self._whole), spec.unit, self)
        self._box.setButtonSymbols(QAbstractSpinBox.ButtonSymbols.UpDownArrows)
        self._box.setFixedWidth(self.fontMetrics().horizontalAdvance("0" * 10) + 40)
        self._box.settled.connect(self.changed)
        self._show(self._box, stretch=False)

    def value(self) -> int | float:
        """Return the number."""
        self._box.interpretText()
        return round(self._box.value()) if self._whole else self._box.value()

    def set_value(self, value: Any) -> None:
        """Show a number without reporting it."""
        self._box.show_value(value)


class BoolEditor(Editor):
    """A tick box."""

    def __init__(self, spec: FieldSpec, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tick = QCheckBox(self)
        self._tick.clicked.connect(self.changed)
        self._show(self._tick, stretch=False)

    def value(self) -> bool:
        """Return whether it is ticked."""
        return self._tick.isChecked()

    def set_value(self, value: Any) -> None:
        """Show or remove the tick without reporting it."""
        self._tick.setChecked(bool(value))


class ChoiceEditor(Editor):
    """A list of words to choose from."""

    def __init__(self, spec: FieldSpec, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._list = CalmCombo(self)
        self._list.addItems(list(spec.choices))
        self._list.activated.connect(self.changed)
        self._show(self._list)

    def value(self) -> str:
        """Return the chosen word."""
        return self._list.currentText()

    def set_value(self, value: Any) -> None:
        """Show a word without reporting it."""
        self._list.setCurrentText(str(value))


class TextEditor(Editor):
    """A line of text."""

    def __init__(self, spec: FieldSpec, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._line = QLineEdit(self)
        self._line.textEdited.connect(self.changed)
        self._show(self._line)

    def value(self) -> str:
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

    def value(self) -> Any:
        """Return the number, or what is written where it is none; an empty text stands for no value."""
        number = parse_number(self._line.text())
        if number is None:
            return self._line.text().strip()
        return round(number) if self._whole and number == round(number) else number


class PathEditor(Editor):
    """A path with a button to look for it."""

    def __init__(self, spec: FieldSpec, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._path = PathBox(_wanted(spec), self)
        self._path.changed.connect(self.changed)
        self._show(self._path)

    def value(self) -> str:
        """Return the path as written."""
        return self._path.value()

    def set_value(self, value: Any) -> None:
        """Show a path without reporting it."""
        self._path.set_value(str(value))

    def name(self, text: str) -> None:
        """Name line and button."""
        self._path.name(text)


_EDITORS: dict[str, Callable[[FieldSpec, QWidget | None], Editor]] = {
    "bool": BoolEditor,
    "choice": ChoiceEditor,
    "path": PathEditor,
    "text": TextEditor,
}


def make_editor(spec: FieldSpec, parent: QWidget | None = None) -> Editor:
    """Return the editor for a setting: a slider where a range is worth one, else what the kind asks for."""
    if spec.kind in ("int", "float") and spec.default == "":
        editor: Editor = OptionalNumberEditor(spec, parent)
    elif spec.kind in ("int", "float"):
        bounded = spec.low is not None and spec.high is not None
        slides = bounded and (spec.kind == "float" or spec.log)
        editor = SliderEditor(spec, parent) if slides else NumberEditor(spec, parent)
    else:
        editor = _EDITORS.get(spec.kind, TextEditor)(spec, parent)
    editor.set_value(spec.default)
    return editor


def _wanted(spec: FieldSpec) -> str:
    """Return whether a path is to lead to a folder, a file or either, by what its setting says of itself."""
    if spec.name.endswith("file"):
        return FILE
    return EITHER if ".zip" in spec.help else FOLDER


def suits(spec: FieldSpec, value: Any) -> bool:
    """Say whether an editor for ``spec`` can show ``value`` as it is."""
    if spec.kind in ("int", "float"):
        if value == "" == spec.default:
            return True
        numbers = (int,) if spec.kind == "int" else (int, float)
        return type(value) in numbers and _within(spec, value)
    if spec.kind == "bool":
        return isinstance(value, bool)
    return value in spec.choices if spec.kind == "choice" else isinstance(value, str)


def _within(spec: FieldSpec, value: float) -> bool:
    return (spec.low is None or spec.low <= value) and (spec.high is None or value <= spec.high)
