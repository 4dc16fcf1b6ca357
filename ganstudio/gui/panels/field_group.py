"""FieldGroup: some settings of a section folded away under a title that says how many are in use.

It knows its fields, and nothing of what they set.
"""

from collections.abc import Sequence

from PySide6.QtWidgets import QLabel, QWidget

from ganstudio.gui.panels.nested_settings import NestedSettings, VariantSettings
from ganstudio.gui.widgets.group import Group
from ganstudio.gui.widgets.setting_field import SettingField

Part = SettingField | NestedSettings | VariantSettings


class FieldGroup(Group):
    """Fields below a quiet title. ``set`` are those not at their default, ``changed`` those with a dot."""

    def __init__(
        self, title: str, fields: Sequence[Part], parent: QWidget | None = None, indent: int = 0
    ) -> None:
        super().__init__(title, parent, inner=True, indent=indent)
        self._fields = fields
        self.counts = QLabel(self)
        self.counts.setProperty("role", "quiet")
        self.add_to_header(self.counts)
        for field in fields:
            self.rows.addWidget(field)
            field.marked.connect(self._count)
        self._count()

    def _count(self) -> None:
        used = sum(field.is_set() for field in self._fields)
        changed = sum(field.is_changed() for field in self._fields)
        parts = [f"{used} set"] if used else []
        parts += [f"{changed} changed"] if changed else []
        self.counts.setText(", ".join(parts))
        names = [field.spec.title for field in self._fields if field.is_set()]
        self.counts.setToolTip(f"Not at its default: {', '.join(names)}" if names else "")
        self.describe(", ".join(parts))
