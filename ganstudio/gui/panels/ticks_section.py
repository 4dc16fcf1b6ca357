"""TicksSection: a tick box for each of several entries, with its settings once it is ticked.

Used for regularizers and augmentations alike; it knows nothing of what they are.
"""

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

from ganstudio.catalogue import Entry
from ganstudio.experiment import Problem, unknown_name
from ganstudio.gui.panels.settings_section import SettingsSection
from ganstudio.gui.widgets.group import Group
from ganstudio.gui.widgets.marks import ChangedDot


class TicksSection(Group):
    """Any number of entries, each with its settings.

    Signals:
        edited: the user gave a setting another value; its path and the value.
        settled: a drag of a setting is over; its path.
        ticked: the user ticked an entry, or took a tick away.
    """

    edited = Signal(str, object)
    settled = Signal(str)
    ticked = Signal()

    def __init__(
        self, title: str, part: str, entries: tuple[Entry, ...], parent: QWidget | None = None
    ) -> None:
        super().__init__(title, parent)
        self.part, self.entries = part, entries
        self._reason = ""
        self.parts = {entry.kind: self._tick(entry) for entry in entries}
        self.show_found(None)

    def choice(self) -> dict[str, dict[str, Any]]:
        """Return what is ticked and applies, with the settings that differ from their defaults."""
        chosen = {kind: part for kind, part in self.parts.items() if part.is_on() and part.applies}
        return {kind: part.settings.values() for kind, part in chosen.items()}

    def set_choice(self, choice: Mapping[str, Mapping[str, Any]]) -> list[Problem]:
        """Tick what ``choice`` names and show its settings; return what cannot be shown."""
        problems = [
            Problem(f"{self.part}.{kind}", unknown_name(f"{self.part}.{kind}", kind, self.parts))
            for kind in choice
            if kind not in self.parts
        ]
        for kind, part in self.parts.items():
            part.turn(kind in choice)
            problems += part.settings.set_values(choice.get(kind, {}))
        return problems

    def set_baseline(self, choice: Mapping[str, Mapping[str, Any]]) -> None:
        """Compare every tick and setting with ``choice``."""
        for kind, part in self.parts.items():
            part.set_baseline(kind in choice, choice.get(kind, {}))

    def is_changed(self) -> bool:
        """Say whether a tick, or a setting of what is ticked, is another than in the baseline."""
        return any(part.is_changed() for part in self.parts.values())

    def set_unavailable(self, reason: str) -> None:
        """Grey the whole part and say why; an empty reason makes it usable again."""
        self._reason = reason
        self.set_refusals({})

    def set_refusals(self, refusals: Mapping[str, str]) -> None:
        """Grey the entries that do not apply, each with its reason; they are no part of the choice."""
        for kind, part in self.parts.items():
            part.set_unavailable(self._reason or refusals.get(kind, ""))

    def show_found(self, found: bool | None) -> None:
        """Show the group as any other, but never one without entries."""
        super().show_found(found if self.entries else False)

    def show_matching(self, words: list[str]) -> bool:
        """Show the entries in which every word occurs, and return whether there are any; all for no words."""
        for part in self.parts.values():
            part.setVisible(not words or part.matches(words))
        return bool(words) and any(part.matches(words) for part in self.parts.values())

    def _tick(self, entry: Entry) -> "_Tick":
        part = _Tick(self.part, entry, self.body)
        part.settings.edited.connect(self.edited)
        part.settings.settled.connect(self.settled)
        part.ticked.connect(self.ticked)
        self.rows.addWidget(part)
        return part


class _Tick(QWidget):
    """One tick box and what it opens.

    Signals:
        ticked: the user turned it on or off.
    """

    ticked = Signal()

    def __init__(self, part: str, entry: Entry, parent: QWidget) -> None:
        super().__init__(parent)
        self._part, self._summary = part, entry.summary
        self._baseline = False
        self.applies = True
        """Whether it goes with the rest of the experiment."""
        self._tick = QCheckBox(entry.title, self)
        self._tick.setToolTip(entry.summary)
        self._dot = ChangedDot(self)
        self.settings = SettingsSection(f"{part}.{entry.kind}", entry.fields, self)
        self._lay_out()
        self._tick.clicked.connect(self._take_tick)
        self._dot.clicked.connect(self._tick.click)
        self.turn(False)

    def is_on(self) -> bool:
        """Say whether it is ticked."""
        return self._tick.isChecked()

    def turn(self, on: bool) -> None:
        """Tick it or not, without reporting it."""
        self._tick.setChecked(on)
        self.settings.setVisible(on and bool(self.settings.fields))
        self._dot.show_change(on != self._baseline, "on" if self._baseline else "off")

    def set_baseline(self, on: bool, values: Mapping[str, Any]) -> None:
        """Compare the tick with ``on`` and the settings with ``values``."""
        self._baseline = on
        self.settings.set_baseline(values)
        self.turn(self.is_on())

    def is_changed(self) -> bool:
        """Say whether the tick, or a setting where it is ticked, is another than in the baseline."""
        return self.is_on() != self._baseline or (self.is_on() and self.settings.is_changed())

    def set_unavailable(self, reason: str) -> None:
        """Grey it and say why."""
        self.applies = not reason
        self._tick.setEnabled(not reason)
        self._tick.setToolTip(reason or self._summary)
        self.settings.set_unavailable(reason)

    def matches(self, words: list[str]) -> bool:
        """Say whether every word occurs in its title, its summary or one of its settings."""
        title = f"{self._part} {self._tick.text()} {self._summary}".lower()
        fields = self.settings.fields.values()
        return all(word in title for word in words) or any(field.matches(words) for field in fields)

    def _lay_out(self) -> None:
        header = QHBoxLayout()
        header.addWidget(self._tick, 1)
        header.addWidget(self._dot)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(header)
        layout.addWidget(self.settings)

    def _take_tick(self) -> None:
        self.turn(self.is_on())
        self.ticked.emit()
