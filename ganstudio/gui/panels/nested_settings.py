"""Nested settings in a form: an indented group of them, or a choice that brings its own.

They know descriptions and paths. They know nothing of what is set.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from ganstudio.catalogue import FieldSpec
from ganstudio.experiment import Problem
from ganstudio.gui.widgets.group import Group
from ganstudio.gui.widgets.marks import ChangedDot
from ganstudio.gui.widgets.setting_field import SettingField
from ganstudio.gui.widgets.tab_order import place_after

if TYPE_CHECKING:
    from ganstudio.gui.panels.settings_section import SettingsSection

STEP = 16
"""How far what is nested stands in, in px."""

Make = Callable[[str, tuple[FieldSpec, ...], QWidget], "SettingsSection"]
"""Makes the column of fields for a path."""


class NestedSettings(Group):
    """Some settings of one name, one step further in. Those that may be left out have a tick box.

    Signals:
        edited: the user gave a setting another value; its path and the value.
        settled: a drag of a setting is over; its path.
        marked: something may differ from its default where it did not before, or the reverse.
    """

    edited = Signal(str, object)
    settled = Signal(str)
    marked = Signal()

    def __init__(self, spec: FieldSpec, path: str, make: Make, indent: int, parent: QWidget) -> None:
        super().__init__(spec.title, parent, inner=True, indent=indent)
        self.spec, self.path = spec, path
        self._help, self._baseline = spec.help, spec.default
        self._reason = self._pointless = ""
        self.section = make(path, spec.fields, self.body)
        self.rows.addWidget(self.section)
        self.tick = QCheckBox(self) if spec.optional else None
        self._dot = ChangedDot(self) if spec.optional else None
        if self.tick is not None and self._dot is not None:
            self.tick.setAccessibleName(f"Use {spec.title}")
            self.tick.clicked.connect(self._take_tick)
            self.add_to_header(self.tick, stretch=1)
            self.add_to_header(self._dot)
            self._dot.clicked.connect(self.tick.click)
        self.set_open(True)
        self._pass_on()
        self.show_value(spec.default)
        self._describe()

    def value(self) -> Any:
        """Return what differs from the defaults; empty text for no settings at all."""
        return self.section.values() if self._is_used() else ""

    def current(self) -> Any:
        """Return every value; empty text for no settings at all."""
        return self.section.current() if self._is_used() else ""

    def show_value(self, value: Any) -> list[Problem]:
        """Show settings, the defaults for what is not named; return what cannot be shown."""
        wrong = not self.spec.suits(value)
        shown = self.spec.default if wrong else value
        if self.tick is not None:
            self.tick.setChecked(shown != "")
        problems = self.section.set_values(shown if isinstance(shown, Mapping) else {})
        self._mark()
        return [Problem(self.path, self.spec.refusal(self.path, value)), *problems] if wrong else problems

    def set_baseline(self, value: Any) -> None:
        """Compare every setting with ``value``."""
        self._baseline = value
        self.section.set_baseline(value if isinstance(value, Mapping) else {})
        self._mark()

    def is_set(self) -> bool:
        """Say whether anything is at another value than its default."""
        if self._is_used() != (self.spec.default != ""):
            return True
        return self._is_used() and self.section.is_set()

    def is_changed(self) -> bool:
        """Say whether anything is at another value than in the baseline."""
        if self._is_used() != (self._baseline != ""):
            return True
        return self._is_used() and self.section.is_changed()

    def set_unavailable(self, reason: str) -> None:
        """Grey everything and say why; an empty reason makes it usable again."""
        self._reason = reason
        self._grey()

    def set_pointless(self, reason: str) -> None:
        """Grey everything because of another setting; an empty reason makes it usable again."""
        self._pointless = reason
        self._grey()

    def show_help(self, text: str) -> None:
        """Take another help text: values in it have changed."""
        self._help = text
        self._describe()

    def _is_used(self) -> bool:
        return self.tick is None or self.tick.isChecked()

    def _grey(self) -> None:
        reason = self._reason or self._pointless
        if self.tick is not None:
            self.tick.setEnabled(not reason)
        self.section.set_unavailable(reason)
        self._describe()

    def _describe(self) -> None:
        text = self._reason or self._pointless or self._help
        self.set_tip(text)

    def _mark(self) -> None:
        used = self._is_used()
        self.section.setVisible(used)
        if self._dot is not None:
            self._dot.show_change(used != (self._baseline != ""), "off" if used else "on")
        self.marked.emit()

    def _take_tick(self) -> None:
        self._mark()
        self.edited.emit(self.path, self.current())

    def _pass_on(self) -> None:
        self.section.edited.connect(self.edited)
        self.section.settled.connect(self.settled)
        self.section.marked.connect(self.marked)


class VariantSettings(QWidget):
    """A choice, and below it the settings of what is chosen, one step further in.

    Signals:
        edited: the user gave a setting another value; its path and the value.
        settled: a drag of a setting is over; its path.
        marked: something may differ from its default where it did not before, or the reverse.
    """

    edited = Signal(str, object)
    settled = Signal(str)
    marked = Signal()

    def __init__(self, spec: FieldSpec, path: str, make: Make, indent: int, parent: QWidget) -> None:
        super().__init__(parent)
        self.spec, self.path, self._make = spec, path, make
        self._reason = ""
        self._baseline = spec.default
        self._usual = spec.default.get("kind", "") if isinstance(spec.default, Mapping) else ""
        choice = replace(spec, kind="choice", default=self._usual, fields=(), variants={}, when=())
        self.chooser = SettingField(choice, f"{path}.kind", self, indent)
        self.chooser.edited.connect(self.edited)
        self.chooser.marked.connect(self._follow)
        self._shown = self._usual
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(4)
        self._rows.addWidget(self.chooser)
        self.section = self._made(self._shown)

    def value(self) -> Any:
        """Return the kind with what differs from its defaults; nothing where all is usual; "" for none."""
        if not self._shown:
            return ""
        differing = self.section.values()
        return {"kind": self._shown, **differing} if self.is_set() else {}

    def current(self) -> Any:
        """Return the kind with every value; empty text for none."""
        return {"kind": self._shown, **self.section.current()} if self._shown else ""

    def show_value(self, value: Any) -> list[Problem]:
        """Show a kind and its settings, the defaults for what is not named; return what cannot be shown."""
        problems = []
        kind = value.get("kind", self._usual) if isinstance(value, Mapping) else value
        if not self.spec.suits(value) or not self.chooser.spec.suits(kind):
            where = f"{self.path}.kind"
            problems.append(Problem(where, self.chooser.spec.refusal(where, kind)))
            kind, value = self._usual, {}
        self.chooser.set_value(kind)
        given = value if isinstance(value, Mapping) else {}
        problems += self.section.set_values({name: given[name] for name in given if name != "kind"})
        return problems

    def set_baseline(self, value: Any) -> None:
        """Compare kind and settings with ``value``."""
        self._baseline = value
        kind = value.get("kind", self._usual) if isinstance(value, Mapping) else ""
        self.chooser.set_baseline(kind)
        self._compare()

    def is_set(self) -> bool:
        """Say whether kind or settings are at another value than their defaults."""
        return self._shown != self._usual or self.section.is_set()

    def is_changed(self) -> bool:
        """Say whether kind or settings are at another value than in the baseline."""
        return self.chooser.is_changed() or self.section.is_changed()

    def set_unavailable(self, reason: str) -> None:
        """Grey everything and say why; an empty reason makes it usable again."""
        self._reason = reason
        self.chooser.set_unavailable(reason)
        self.section.set_unavailable(reason)

    def set_pointless(self, reason: str) -> None:
        """Grey everything because of another setting; an empty reason makes it usable again."""
        self.chooser.set_pointless(reason)
        self.section.set_unavailable(self._reason or reason)

    def show_help(self, text: str) -> None:
        """Take another help text: values in it have changed."""
        self.chooser.show_help(text)

    def _follow(self) -> None:
        """Show the settings of the kind that is chosen now; those both kinds have keep their values."""
        kind = self.chooser.value()
        if kind != self._shown:
            kept = self.section.values()
            before, self._shown = self.section, kind
            self.section = self._made(kind)
            place_after(self.chooser, self.section)
            self.section.set_values({name: kept[name] for name in kept if name in self.section.parts})
            self.section.set_unavailable(self._reason)
            self._compare()
            before.hide()
            before.deleteLater()
        self.marked.emit()

    def _made(self, kind: str) -> "SettingsSection":
        section = self._make(self.path, self.spec.variants.get(kind, ()), self)
        section.edited.connect(self.edited)
        section.settled.connect(self.settled)
        section.marked.connect(self.marked)
        self._rows.addWidget(section)
        return section

    def _compare(self) -> None:
        baseline = self._baseline if isinstance(self._baseline, Mapping) else {}
        same = baseline.get("kind", self._usual) == self._shown
        self.section.set_baseline({k: v for k, v in baseline.items() if k != "kind"} if same else {})
