"""Editors: the widget that suits each kind of setting, all of them used in one way.

They know a setting's description, not what it is for.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QAbstractSpinBox, QCheckBox, QComboBox, QWidget

from ganstudio.catalogue import FieldSpec
from ganstudio.gui.widgets.colour_editor import ColourEditor as ColourEditor
from ganstudio.gui.widgets.editor import Editor as Editor
from ganstudio.gui.widgets.number_box import NumberBox
from ganstudio.gui.widgets.path_box import EITHER, FILE, FOLDER, PathBox
from ganstudio.gui.widgets.scale import Scale
from ganstudio.gui.widgets.slider_box import SliderBox
from ganstudio.gui.widgets.text_editors import ColumnEditor as ColumnEditor
from ganstudio.gui.widgets.text_editors import NumbersEditor as NumbersEditor
from ganstudio.gui.widgets.text_editors import OptionalNumberEditor as OptionalNumberEditor
from ganstudio.gui.widgets.text_editors import TextEditor as TextEditor

_UNBOUNDED = 2.0**53
"""Beyond this, doubles no longer hold every whole number."""


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
    """A list of words or numbers to choose from; the first is none where there may be none."""

    def __init__(self, spec: FieldSpec, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._values: tuple[Any, ...] = (*(("",) if spec.optional else ()), *spec.choices)
        self._list = CalmCombo(self)
        self._list.addItems([_word(value) for value in self._values])
        self._list.activated.connect(self.changed)
        self._show(self._list)

    def value(self) -> Any:
        """Return what is chosen."""
        row = self._list.currentIndex()
        return self._values[row] if 0 <= row < len(self._values) else ""

    def set_value(self, value: Any) -> None:
        """Show one of the choices without reporting it; one that is not there leaves the list as it is."""
        if value in self._values:
            self._list.setCurrentIndex(self._values.index(value))


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
    "colour": ColourEditor,
    "column": ColumnEditor,
    "numbers": NumbersEditor,
    "path": PathEditor,
    "text": TextEditor,
}
_TRUTHS = (True, False)


def make_editor(spec: FieldSpec, parent: QWidget | None = None) -> Editor:
    """Return the editor for a setting: a slider where a range is worth one, else what the kind asks for."""
    if spec.kind in ("int", "float") and spec.may_be_empty:
        editor: Editor = OptionalNumberEditor(spec, parent)
    elif spec.kind in ("int", "float"):
        bounded = spec.low is not None and spec.high is not None
        slides = bounded and (spec.kind == "float" or spec.log or spec.shown)
        editor = SliderEditor(spec, parent) if slides else NumberEditor(spec, parent)
    elif spec.kind == "bool" and spec.optional:
        editor = ChoiceEditor(replace(spec, choices=_TRUTHS), parent)
    else:
        editor = _EDITORS.get(spec.kind, TextEditor)(spec, parent)
    editor.set_value(spec.default)
    return editor


def _wanted(spec: FieldSpec) -> str:
    """Return whether a path is to lead to a folder, a file or either, by its mark or what is said of it."""
    if spec.wants:
        return spec.wants
    if spec.name.endswith("file"):
        return FILE
    return EITHER if ".zip" in spec.help else FOLDER


def suits(spec: FieldSpec, value: Any) -> bool:
    """Say whether an editor for ``spec`` can show ``value`` as it is."""
    return spec.suits(value)


def _word(value: Any) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    return "none" if value == "" else str(value)
