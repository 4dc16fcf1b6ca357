"""ChoiceSection: a chooser of one plugin class, and the settings of the one chosen.

Used for data, architecture and loss alike; it knows nothing of what they are.
"""

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QWidget

from ganstudio.catalogue import Entry, find
from ganstudio.experiment import Choice, Problem, unknown_name
from ganstudio.gui.panels.settings_section import SettingsSection
from ganstudio.gui.widgets.editors import CalmCombo
from ganstudio.gui.widgets.group import Group
from ganstudio.gui.widgets.marks import ChangedDot
from ganstudio.gui.widgets.summary import Summary
from ganstudio.gui.widgets.tab_order import place_after


class ChoiceSection(Group):
    """One of several entries, with its settings.

    Signals:
        edited: the user gave a setting another value; its path and the value.
        settled: a drag of a setting is over; its path.
        chosen: the user chose another entry; its class name.
    """

    edited = Signal(str, object)
    settled = Signal(str)
    chosen = Signal(str)

    def __init__(
        self, title: str, part: str, entries: tuple[Entry, ...], parent: QWidget | None = None
    ) -> None:
        super().__init__(title, parent)
        self.part, self.entries = part, entries
        self._baseline = Choice("")
        self._reason = ""
        self._shown: Entry | None = None
        self.chooser = CalmCombo(self)
        self.chooser.setAccessibleName(title)
        for entry in entries:
            self.chooser.addItem(entry.title, entry.kind)
            self._set_tip(self.chooser.count() - 1, entry.summary)
        self._dot = ChangedDot(self, keeps_room=False)
        self.add_to_header(self.chooser, stretch=1)
        self.add_to_header(self._dot)
        self._note = Summary(parent=self)
        self._problem = Summary(role="bad", parent=self)
        self._summary = Summary(parent=self)
        self.rows.addWidget(self._problem)
        self.rows.addWidget(self._note)
        self.rows.addWidget(self._summary)
        self.settings = SettingsSection(part, (), self)
        self.chooser.activated.connect(self._take_choice)
        self._dot.clicked.connect(self._reset)

    @property
    def entry(self) -> Entry | None:
        """The entry that is chosen, or ``None`` where there is nothing to choose."""
        return self._shown

    def choose_first(self) -> None:
        """Show the first entry with its defaults."""
        if self.entries:
            self._show_entry(self.entries[0])

    def choice(self) -> Choice | None:
        """Return the entry by its class name, with the settings that differ from its defaults."""
        entry = self.entry
        return Choice(entry.kind, self.settings.values()) if entry else None

    def set_choice(self, choice: Choice) -> list[Problem]:
        """Show a choice; return what cannot be shown."""
        entry = find(self.entries, choice.kind)
        if entry is None:
            if self._shown is None:
                self.choose_first()
            path = f"{self.part}.kind"
            return [Problem(path, unknown_name(path, choice.kind, [e.kind for e in self.entries]))]
        self._show_entry(entry)
        return self.settings.set_values(choice.settings)

    def choose(self, kind: str, note: str = "") -> None:
        """Choose an entry as the user would: settings that it shares with the one before stay.

        ``note`` says why it was chosen; it stands there until the next choice.
        """
        entry = find(self.entries, kind)
        if entry is None:
            return
        kept = self.settings.values()
        self._show_entry(entry)
        self.settings.set_values({name: kept[name] for name in kept if name in self.settings.parts})
        self._compare()
        self._note.show_text(note)

    def set_baseline(self, choice: Choice) -> None:
        """Compare the choice and its settings with ``choice``."""
        self._baseline = choice
        self._compare()

    def is_changed(self) -> bool:
        """Say whether another entry is chosen than in the baseline, or a setting of it is another."""
        if self.entry is None or self.entry.kind != self._baseline.kind:
            return self.entry is not None
        return self.settings.is_changed()

    def set_refusals(self, refusals: Mapping[str, str]) -> None:
        """Grey the entries that do not apply, each with its reason."""
        model = self.chooser.model()
        assert isinstance(model, QStandardItemModel)
        for row, entry in enumerate(self.entries):
            reason = refusals.get(entry.kind, "")
            model.item(row).setEnabled(not reason)
            self._set_tip(row, reason or entry.summary)

    def set_unavailable(self, reason: str) -> None:
        """Grey the whole part and say why; an empty reason makes it usable again."""
        self._reason = reason
        self.chooser.setEnabled(not reason)
        self.chooser.setToolTip(reason)
        self.settings.set_unavailable(reason)
        self._summary.show_text(reason or (self.entry.summary if self.entry else ""))

    def show_problem(self, sentence: str) -> None:
        """Show what is wrong with the choice; an empty sentence takes it away."""
        self._problem.show_text(sentence)

    def _show_entry(self, entry: Entry) -> None:
        if entry is not self._shown:
            self._shown = entry
            self._replace_settings(entry)
        self.chooser.setCurrentIndex(self.entries.index(entry))
        self._note.show_text("")
        self._problem.show_text("")
        self._summary.show_text(self._reason or entry.summary)

    def _replace_settings(self, entry: Entry) -> None:
        unfolded = self.settings.open_groups()
        self.rows.removeWidget(self.settings)
        self.settings.hide()
        self.settings.deleteLater()
        self.settings = SettingsSection(self.part, entry.fields, self.body)
        self.settings.edited.connect(self.edited)
        self.settings.settled.connect(self.settled)
        self.settings.set_unavailable(self._reason)
        for group in self.settings.groups:
            group.set_open(group.title in unfolded)
        self.rows.addWidget(self.settings)
        place_after(self._dot, self.settings)

    def _compare(self) -> None:
        same = self.entry is not None and self.entry.kind == self._baseline.kind
        before = find(self.entries, self._baseline.kind)
        self._dot.show_change(not same and before is not None, before.title if before else "")
        self.settings.set_baseline(self._baseline.settings if same else {})

    def _take_choice(self, row: int) -> None:
        kind = self.entries[row].kind
        if self._shown is None or kind != self._shown.kind:
            self.choose(kind)
            self.chosen.emit(kind)

    def _reset(self) -> None:
        self.set_choice(self._baseline)
        self._compare()
        self.chosen.emit(self._baseline.kind)

    def _set_tip(self, row: int, text: Any) -> None:
        self.chooser.setItemData(row, text, Qt.ItemDataRole.ToolTipRole)
