"""PresetPicker: the list of presets, with what each promises. It knows nothing of the form below it."""

from collections.abc import Iterable, Mapping
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from ganstudio.experiment import Experiment, ExperimentError
from ganstudio.gui.widgets.editors import CalmCombo
from ganstudio.gui.widgets.setting_field import editor_column
from ganstudio.gui.widgets.summary import Summary

FIRST_PRESET = "mnist-dcgan"
"""What a new user finds selected."""


class PresetPicker(QWidget):
    """Presets, and below them an experiment of the user's own where one was opened.

    Signals:
        picked: the user picked an experiment; also the one already shown, to begin afresh.
    """

    picked = Signal(object)

    def __init__(self, presets: Iterable[Mapping[str, Any]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.chooser = CalmCombo(self)
        self.chooser.setAccessibleName("Preset")
        self.chooser.setToolTip("Begin with one of these; picking it again undoes every change to it.")
        self.chooser.setWhatsThis(self.chooser.toolTip())
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
        for table in presets:
            self._add_preset(table)
        self.chooser.activated.connect(self._pick)

    def names(self) -> list[str]:
        """Return the names in the list."""
        return [self.chooser.itemText(row) for row in range(self.chooser.count())]

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
        self.chooser.setItemData(row, experiment)
        self._show(row)

    def current(self) -> str:
        """Return the name that is shown as picked."""
        return self.chooser.currentText()

    def _add_preset(self, table: Mapping[str, Any]) -> None:
        try:
            experiment = Experiment.from_dict(table)
        except ExperimentError as error:
            self._add_broken(str(table.get("name", "preset")), str(error))
            return
        self.chooser.addItem(experiment.name, experiment)
        row = self.chooser.count() - 1
        self.chooser.setItemData(row, experiment.about, Qt.ItemDataRole.ToolTipRole)

    def _add_broken(self, name: str, sentence: str) -> None:
        self.chooser.addItem(name)
        model = self.chooser.model()
        assert isinstance(model, QStandardItemModel)
        item = model.item(self.chooser.count() - 1)
        item.setEnabled(False)
        item.setToolTip(sentence)

    def _show(self, row: int) -> None:
        self.chooser.setCurrentIndex(row)
        self._about.show_text(self.chooser.itemData(row).about)

    def _pick(self, row: int) -> None:
        self._show(row)
        self.picked.emit(self.chooser.itemData(row))
