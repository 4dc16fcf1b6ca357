"""PresetPicker: the presets in groups, with what each promises. It knows nothing of the form below it."""

from collections.abc import Callable, Iterable, Mapping
from html import escape
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from ganstudio.experiment import Experiment, ExperimentError
from ganstudio.gui import words
from ganstudio.gui.widgets.card_list import Card, CardList
from ganstudio.gui.widgets.editors import CalmCombo
from ganstudio.gui.widgets.setting_field import editor_column
from ganstudio.gui.widgets.summary import Summary

FIRST_PRESET = "mnist-dcgan"
"""What a new user finds selected."""

_OTHER, _OWN = "Other", "Yours"
_TIP = "Begin with one of these; picking it again undoes every change to it."


class PresetPicker(QWidget):
    """Presets, and below them an experiment of the user's own where one was opened.

    Signals:
        picked: the user picked an experiment; also the one already shown, to begin afresh.
    """

    picked = Signal(object)

    def __init__(self, presets: Iterable[Mapping[str, Any]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cards: dict[str, Card] = {}
        self.chooser = PresetCombo(self)
        self.chooser.setAccessibleName("Preset")
        self.setFocusProxy(self.chooser)
        self._about = Summary(parent=self)
        label = QLabel("Preset", self)
        label.setFixedWidth(editor_column(self) - 4)
        label.setBuddy(self.chooser)
        row = QHBoxLayout()
        row.setSpacing(4)
        row.addWidget(label)
        row.addWidget(self.chooser, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(row)
        layout.addWidget(self._about)
        for table in _by_group(presets):
            self._add_preset(table)
        self.chooser.activated.connect(self._pick)
        self.chooser.cards = self.cards

    def names(self) -> list[str]:
        """Return the names that can be picked, in the order they stand."""
        return [self.chooser.itemText(row) for row in range(self.chooser.count())]

    def cards(self) -> list[Card]:
        """Return what the list shows of each, also of those that cannot be picked."""
        return list(self._cards.values())

    def select(self, name: str) -> Experiment | None:
        """Show a preset as picked without reporting it; return it, or ``None`` where there is none such."""
        row = self.chooser.findText(name)
        experiment = self.chooser.itemData(row) if row >= 0 else None
        if isinstance(experiment, Experiment):
            self._show(row)
            return experiment
        return None

    def select_first(self) -> Experiment | None:
        """Show what a new user begins with, and return it."""
        return self.select(FIRST_PRESET) or next(filter(None, map(self.select, self.names())), None)

    def select_own(self, experiment: Experiment, title: str) -> None:
        """Add an experiment that is no preset to the list, or renew it, and show it as picked."""
        row = self.chooser.findText(title)
        if row < 0:
            self.chooser.addItem(title)
            row = self.chooser.count() - 1
        self._cards[title] = Card(title, title, experiment.about, group=_OWN, help=experiment.about)
        self.chooser.setItemData(row, experiment)
        self._show(row)

    def current(self) -> str:
        """Return the name that is shown as picked."""
        return self.chooser.currentText()

    def _add_preset(self, table: Mapping[str, Any]) -> None:
        card = _card(table)
        try:
            experiment = Experiment.from_dict(table)
        except ExperimentError as error:
            name = str(table.get("name", "preset"))
            self._cards[name] = Card(name, name, "It cannot be used.", group=card.group, refused=str(error))
            return
        self._cards[experiment.name] = card
        self.chooser.addItem(experiment.name, experiment)

    def _show(self, row: int) -> None:
        self.chooser.setCurrentIndex(row)
        card = self._cards[self.chooser.itemText(row)]
        time = f" It takes about {card.side} on two CPU cores." if card.side else ""
        promise = f"{card.line.rstrip('.')}." if card.line else ""
        source = f" Source: {card.source}." if card.source else ""
        self._about.show_text(f"{promise}{time}{source}".strip())
        parts = [part for part in (card.help, _TIP) if part]
        self.chooser.setToolTip("".join(f"<p>{escape(part)}</p>" for part in parts))
        self.chooser.setWhatsThis(self.chooser.toolTip())

    def _pick(self, row: int) -> None:
        self._show(row)
        self.picked.emit(self.chooser.itemData(row))


class PresetCombo(CalmCombo):
    """A chooser whose list is a popup of cards, found by typing."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.cards: Callable[[], Iterable[Card]] = tuple
        """Called for the cards to show."""
        # Not within this one: a style sheet takes what is within a combo box for a part of it.
        self.popup = CardList(parent)
        self.popup.name("Find a preset")
        self.popup.picked.connect(self._take)

    def showPopup(self) -> None:
        """Open the list of cards."""
        self.popup.show_cards(self.cards(), self.currentText())
        self.popup.open_below(self)

    def hidePopup(self) -> None:
        """Close the list of cards."""
        self.popup.hide()

    def _take(self, key: str) -> None:
        row = self.findText(key)
        self.setCurrentIndex(row)
        self.activated.emit(row)


def _by_group(presets: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return the presets with those of a group together, groups in the order they first occur."""
    groups: dict[str, list[Mapping[str, Any]]] = {}
    for table in presets:
        groups.setdefault(_about_preset(table)["group"], []).append(table)
    others = groups.pop(_OTHER, [])
    return [table for members in (*groups.values(), others) for table in members]


def _about_preset(table: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a preset says of itself; what it leaves out is empty."""
    card = table.get("preset", {})
    return {"group": _OTHER, "promise": "", "minutes": 0.0, "source": "", **card}


def _card(table: Mapping[str, Any]) -> Card:
    name, about, card = str(table.get("name", "preset")), str(table.get("about", "")), _about_preset(table)
    source = f"Source: {card['source']}." if card["source"] else ""
    side = words.minutes(card["minutes"]) if card["minutes"] else ""
    return Card(
        name,
        name,
        card["promise"] or about,
        side,
        card["group"],
        " ".join(part for part in (about, source) if part),
        source=card["source"],
    )
