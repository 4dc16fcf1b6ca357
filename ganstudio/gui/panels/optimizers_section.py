"""OptimizersSection: a group of settings for the optimizer of each network.

It knows which networks an architecture has and what their optimizers start from.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ganstudio.catalogue import FieldSpec
from ganstudio.experiment import Problem, unknown_name
from ganstudio.gui.panels.settings_section import SettingsSection
from ganstudio.gui.widgets.group import Group

Table = Mapping[str, Mapping[str, Any]]


class OptimizersSection(QWidget):
    """One group for each network.

    Signals:
        edited: the user gave a setting another value; its path and the value.
        settled: a drag of a setting is over; its path.
    """

    edited = Signal(str, object)
    settled = Signal(str)

    def __init__(self, specs: tuple[FieldSpec, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._specs = specs
        self._starts: Table = {}
        self.groups: dict[str, Group] = {}
        self.sections: dict[str, SettingsSection] = {}
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(12)

    def show_networks(self, starts: Table) -> None:
        """Show a group for each network; what was changed stays where a network of that name does."""
        if starts == self._starts:
            return
        kept = self.choice()
        for group in self.groups.values():
            self._layout.removeWidget(group)
            group.hide()
            group.deleteLater()
        self._starts, self.groups, self.sections = starts, {}, {}
        for network, start in starts.items():
            self._add(network, start)
        self.set_choice({network: kept[network] for network in kept if network in starts})

    def choice(self) -> dict[str, dict[str, Any]]:
        """Return, for each network, what differs from the architecture's own."""
        changed = {network: section.values() for network, section in self.sections.items()}
        return {network: values for network, values in changed.items() if values}

    def set_choice(self, choice: Table) -> list[Problem]:
        """Show what ``choice`` changes; return what cannot be shown."""
        problems = [
            Problem(f"optimizers.{name}", unknown_name(f"optimizers.{name}", name, self.sections))
            for name in choice
            if name not in self.sections
        ]
        for network, section in self.sections.items():
            problems += section.set_values(choice.get(network, {}))
        return problems

    def set_baseline(self, choice: Table) -> None:
        """Compare every setting with ``choice``."""
        for network, section in self.sections.items():
            section.set_baseline(choice.get(network, {}))

    def _add(self, network: str, start: Mapping[str, Any]) -> None:
        group = Group(f"Optimizer of the {network}", self)
        specs = [replace(spec, default=start.get(spec.name, spec.default)) for spec in self._specs]
        section = SettingsSection(f"optimizers.{network}", specs, group.body)
        section.edited.connect(self.edited)
        section.settled.connect(self.settled)
        group.rows.addWidget(section)
        self._layout.addWidget(group)
        self.groups[network], self.sections[network] = group, section
