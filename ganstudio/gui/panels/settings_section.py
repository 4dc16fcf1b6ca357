"""SettingsSection: the settings of one thing, a field each; those of a group folded away below the others.

It knows their descriptions and the path they share. It knows nothing of what the thing is.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ganstudio.catalogue import FieldSpec
from ganstudio.experiment import Problem, unknown_name
from ganstudio.gui.panels.field_group import FieldGroup
from ganstudio.gui.widgets.editors import suits
from ganstudio.gui.widgets.setting_field import SettingField


class SettingsSection(QWidget):
    """A column of fields.

    Signals:
        edited: the user gave a setting another value; its path and the value.
        settled: a drag of a setting is over; its path.
    """

    edited = Signal(str, object)
    settled = Signal(str)

    def __init__(self, prefix: str, specs: Iterable[FieldSpec], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.prefix = prefix
        self.fields = {spec.name: self._field(spec) for spec in specs}
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        grouped: dict[str, list[SettingField]] = {}
        for field in self.fields.values():
            if field.spec.group:
                grouped.setdefault(field.spec.group, []).append(field)
            else:
                layout.addWidget(field)
        self.groups = [FieldGroup(title, fields, self) for title, fields in grouped.items()]
        for group in self.groups:
            layout.addWidget(group)

    def values(self) -> dict[str, Any]:
        """Return the settings that differ from their defaults."""
        shown = {name: field.value() for name, field in self.fields.items()}
        return {name: value for name, value in shown.items() if value != self.fields[name].spec.default}

    def set_values(self, values: Mapping[str, Any]) -> list[Problem]:
        """Show ``values``, and defaults for the rest; return what cannot be shown."""
        problems = [self._unknown(name) for name in values if name not in self.fields]
        for name, field in self.fields.items():
            value = values.get(name, field.spec.default)
            fits = suits(field.spec, value)
            field.set_value(value if fits else field.spec.default)
            field.show_problem("")
            if not fits:
                problems.append(
                    Problem(field.path, f"{field.path}: {value!r} is not {field.spec.range_text()}.")
                )
        return problems

    def set_baseline(self, values: Mapping[str, Any]) -> None:
        """Compare every field with ``values``, or with its default where they say nothing."""
        for name, field in self.fields.items():
            field.set_baseline(values.get(name, field.spec.default))

    def set_unavailable(self, reason: str) -> None:
        """Grey every field and say why; an empty reason makes them usable again."""
        for field in self.fields.values():
            field.set_unavailable(reason)

    def open_groups(self) -> set[str]:
        """Return the titles of the groups that are unfolded."""
        return {group.title for group in self.groups if group.is_open()}

    def _field(self, spec: FieldSpec) -> SettingField:
        field = SettingField(spec, f"{self.prefix}.{spec.name}", self)
        field.edited.connect(self.edited)
        field.settled.connect(self.settled)
        return field

    def _unknown(self, name: str) -> Problem:
        path = f"{self.prefix}.{name}"
        return Problem(path, unknown_name(path, name, self.fields))
