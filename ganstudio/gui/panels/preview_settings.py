"""Preview settings: those settings of a running variant that change nothing but samples, right below these.

It is told which there are and reports edits. It knows nothing of trainings.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ganstudio.experiment import slug
from ganstudio.field_spec import FieldSpec
from ganstudio.gui.widgets.setting_field import SettingField
from ganstudio.gui.widgets.throttle import Throttle

_OWNER = "architecture"


class PreviewSettings(QWidget):
    """A row for each setting that goes with the preview that is seen; nothing where there are none.

    Signals:
        edited: the user gave a setting another value, also while dragging; its path and the value.
    """

    edited = Signal(str, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.fields: dict[str, SettingField] = {}
        self._source = ""
        self._texts: dict[str, Any] = {}
        """Of settings that are texts, what was told of them last."""
        self._throttle = Throttle(parent=self)
        self._throttle.passed.connect(self.edited)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(4, 0, 0, 0)
        self._column.setSpacing(2)
        self.hide()

    def offer(self, specs: Sequence[FieldSpec], values: Mapping[str, Any]) -> None:
        """Show these settings of an architecture with the ``values`` that hold, in place of those before."""
        self._throttle.drop()
        for field in self.fields.values():
            self._column.removeWidget(field)
            field.hide()
            field.deleteLater()
        made = (SettingField(spec, f"{_OWNER}.{spec.name}", self) for spec in specs)
        self.fields = {field.path: field for field in made}
        for field in self.fields.values():
            value = values.get(field.spec.name, field.spec.default)
            field.set_baseline(value)
            field.set_value(value)
            self._texts[field.path] = value
            if field.spec.kind == "text":
                # Half a word asks for nothing.
                field.settled.connect(self._take_text)
            else:
                field.edited.connect(self._throttle.give)
                field.settled.connect(self._throttle.flush)
            self._column.addWidget(field)
        self.show_for(self._source)

    def show_for(self, source: str) -> None:
        """Show those that go with a preview of this name."""
        self._source = source
        suits = {
            path: bool(source) and source != "real" and _goes_with(field.spec, source)
            for path, field in self.fields.items()
        }
        for path, field in self.fields.items():
            field.setVisible(suits[path])
        self.setVisible(any(suits.values()))

    def set_unavailable(self, reason: str) -> None:
        """Grey all of them and say why; an empty reason makes them usable again."""
        for field in self.fields.values():
            field.set_unavailable(reason)

    @Slot(str)
    def _take_text(self, path: str) -> None:
        """Report a text that was written to its end, and is not the one reported before."""
        value = self.fields[path].value()
        if value != self._texts.get(path):
            self._texts[path] = value
            self.edited.emit(path, value)

    def show_held(self, path: str, value: Any) -> None:
        """Show what holds now, unless the user is about to change it."""
        field = self.fields.get(path)
        if field is not None and not field.dragging() and field.value() != value:
            field.set_value(value)

    def show_refused(self, path: str, reason: str) -> None:
        """Say why a setting keeps its value; nothing takes back what was said."""
        field = self.fields.get(path)
        if field is not None:
            field.show_problem(reason)


def _goes_with(spec: FieldSpec, source: str) -> bool:
    # Of a run that was opened, previews are called as their files are.
    return not spec.previews or slug(source) in map(slug, spec.previews)
