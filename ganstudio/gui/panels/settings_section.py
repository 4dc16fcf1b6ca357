"""SettingsSection: the settings of one thing, a field each; those of a group folded away below the others.

It knows their descriptions, the path they share, and which of them apply where others have which value. It
knows nothing of what the thing is.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ganstudio.catalogue import FieldSpec
from ganstudio.experiment import Problem, unknown_name
from ganstudio.field_spec import field_at
from ganstudio.gui.panels.field_group import FieldGroup
from ganstudio.gui.panels.nested_settings import STEP, NestedSettings, VariantSettings
from ganstudio.gui.widgets.group import Group
from ganstudio.gui.widgets.setting_field import SettingField
from ganstudio.help_text import has_values, with_values

Part = SettingField | NestedSettings | VariantSettings


class SettingsSection(QWidget):
    """A column of fields; ``indent``: how far they stand in, in px.

    Signals:
        edited: the user gave a setting another value; its path and the value.
        settled: a drag of a setting is over; its path.
        marked: something may differ from its default where it did not before, or the reverse.
    """

    edited = Signal(str, object)
    settled = Signal(str)
    marked = Signal()

    def __init__(
        self, prefix: str, specs: Iterable[FieldSpec], parent: QWidget | None = None, indent: int = 0
    ) -> None:
        super().__init__(parent)
        self.prefix, self.specs, self._indent = prefix, tuple(specs), indent
        self._settling = False
        self._follows = any(spec.when or has_values(spec.help) for spec in self.specs)
        self.parts: dict[str, Part] = {spec.name: self._part(spec) for spec in self.specs}
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        grouped: dict[str, list[Part]] = {}
        for part in self.parts.values():
            if part.spec.group:
                grouped.setdefault(part.spec.group, []).append(part)
            else:
                layout.addWidget(part)
        self.groups = [FieldGroup(title, parts, self, indent) for title, parts in grouped.items()]
        for group in self.groups:
            layout.addWidget(group)
        self._apply()

    @property
    def fields(self) -> dict[str, SettingField]:
        """Every field that is there now, by its path from here: ``width``, ``inner.rate``."""
        return dict(self._leaves())

    def all_groups(self) -> list[Group]:
        """Return the groups that fold, those within others after them."""
        nested = [part for part in self.parts.values() if isinstance(part, NestedSettings)]
        inner = [group for section in self._sections() for group in section.all_groups()]
        return [*self.groups, *nested, *inner]

    def values(self) -> dict[str, Any]:
        """Return the settings that differ from their defaults."""
        return {name: part.value() for name, part in self.parts.items() if part.is_set()}

    def current(self) -> dict[str, Any]:
        """Return every setting; empty text for what has no value."""
        return {
            name: part.value() if isinstance(part, SettingField) else part.current()
            for name, part in self.parts.items()
        }

    def set_values(self, values: Mapping[str, Any]) -> list[Problem]:
        """Show ``values``, and defaults for the rest; return what cannot be shown."""
        problems = [self._unknown(name) for name in values if name not in self.parts]
        self._settling = True
        for name, part in self.parts.items():
            value = values.get(name, part.spec.default)
            problems += _show(part, value) if isinstance(part, SettingField) else part.show_value(value)
        self._settling = False
        self._apply()
        return problems

    def set_baseline(self, values: Mapping[str, Any]) -> None:
        """Compare every field with ``values``, or with its default where they say nothing."""
        for name, part in self.parts.items():
            part.set_baseline(values.get(name, part.spec.default))

    def is_set(self) -> bool:
        """Say whether a setting is at another value than its default."""
        return any(part.is_set() for part in self.parts.values())

    def is_changed(self) -> bool:
        """Say whether a setting is at another value than in the baseline."""
        return any(part.is_changed() for part in self.parts.values())

    def set_unavailable(self, reason: str) -> None:
        """Grey every field and say why; an empty reason makes them usable again."""
        for part in self.parts.values():
            part.set_unavailable(reason)

    def offer_columns(self, names: Sequence[str]) -> None:
        """Offer the names of the data's columns wherever one is asked for."""
        for field in self.fields.values():
            if field.spec.kind == "column":
                field.offer(names)

    def open_groups(self) -> set[str]:
        """Return the titles of the groups that are unfolded."""
        return {group.title for group in self.groups if group.is_open()}

    # --- Inside ------------------------------------------------------------------------------------

    def _part(self, spec: FieldSpec) -> Part:
        path = f"{self.prefix}.{spec.name}"
        if spec.kind == "settings":
            part: Part = NestedSettings(spec, path, self._inner, self._indent, self)
        elif spec.kind == "variant":
            part = VariantSettings(spec, path, self._inner, self._indent, self)
        else:
            part = SettingField(spec, path, self, self._indent)
        part.edited.connect(self.edited)
        part.settled.connect(self.settled)
        part.marked.connect(self._take_mark)
        return part

    def _inner(self, path: str, specs: tuple[FieldSpec, ...], parent: QWidget) -> "SettingsSection":
        return SettingsSection(path, specs, parent, self._indent + STEP)

    def _sections(self) -> Iterator["SettingsSection"]:
        for part in self.parts.values():
            if not isinstance(part, SettingField):
                yield part.section

    def _leaves(self) -> Iterator[tuple[str, SettingField]]:
        for name, part in self.parts.items():
            if isinstance(part, SettingField):
                yield name, part
                continue
            if isinstance(part, VariantSettings):
                yield f"{name}.kind", part.chooser
            yield from ((f"{name}.{inner}", field) for inner, field in part.section.fields.items())

    def _take_mark(self) -> None:
        if not self._settling:
            self._apply()
        self.marked.emit()

    def _apply(self) -> None:
        """Grey what does not apply where others have the values they have, and work out the help."""
        if not self._follows:
            return
        values = self.current()
        for part in self.parts.values():
            part.set_pointless(self._why_not(part.spec, values))
            if has_values(part.spec.help):
                part.show_help(with_values(part.spec.help, values))

    def _why_not(self, spec: FieldSpec, values: Mapping[str, Any]) -> str:
        for need in spec.when:
            sibling = field_at(self.specs, need.path)
            if sibling is not None and not need.holds(_at(values, need.path)):
                return need.reason(sibling.title)
        return ""

    def _unknown(self, name: str) -> Problem:
        path = f"{self.prefix}.{name}"
        return Problem(path, unknown_name(path, name, self.parts))


def _show(field: SettingField, value: Any) -> list[Problem]:
    fits = field.spec.suits(value)
    field.set_value(value if fits else field.spec.default)
    field.show_problem("")
    return [] if fits else [Problem(field.path, field.spec.refusal(field.path, value))]


def _at(values: Any, path: str) -> Any:
    for name in path.split("."):
        values = values.get(name, "") if isinstance(values, Mapping) else ""
    return values.get("kind", "") if isinstance(values, Mapping) else values
