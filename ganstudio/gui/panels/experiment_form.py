"""ExperimentForm: every part of an experiment, one below the other, made from the catalogue alone.

It knows what goes with what. It knows nothing of presets, files, or runs.
"""

from collections.abc import Iterator, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ganstudio.catalogue import Catalogue, FieldSpec, find, usual_loss
from ganstudio.experiment import Choice, Experiment, Problem
from ganstudio.gui.panels.applicability import fits, no_adversary, unsuitable
from ganstudio.gui.panels.choice_section import ChoiceSection
from ganstudio.gui.panels.optimizers_section import OptimizersSection
from ganstudio.gui.panels.settings_section import SettingsSection
from ganstudio.gui.panels.ticks_section import TicksSection
from ganstudio.gui.widgets.group import Group
from ganstudio.gui.widgets.setting_field import SettingField

_NAME = FieldSpec("name", "Name", "text", "experiment", help="What the run's folder is called.")


class ExperimentForm(QWidget):
    """The user's choice, as fields.

    Signals:
        edited: the user gave a setting another value; its path and the value.
        settled: a drag of a setting is over; its path.
        changed: the user changed anything at all.
    """

    edited = Signal(str, object)
    settled = Signal(str)
    changed = Signal()

    def __init__(self, catalogue: Catalogue, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._about = ""
        self._columns: tuple[str, ...] = ()
        self.name = SettingField(_NAME, "name", self)
        self.data = ChoiceSection("Data", "data", catalogue.data, self)
        self.architecture = ChoiceSection("Architecture", "architecture", catalogue.architectures, self)
        self.loss = ChoiceSection("Loss", "loss", catalogue.losses, self)
        self.regularizers = TicksSection("Regularizers", "regularizers", catalogue.regularizers, self)
        self.augmentations = TicksSection("Augmentations", "augmentations", catalogue.augmentations, self)
        self.optimizers = OptimizersSection(catalogue.optimizer, self)
        self.training = SettingsSection("training", catalogue.training, self)
        self._training = Group("Training", self)
        self._training.rows.addWidget(self.training)
        self._baseline: Experiment | None = None
        self._usual_loss = usual_loss(catalogue.losses, None)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        choices = (self.data, self.architecture, self.loss)
        for part in (self.name, *choices, *self._ticks(), self.optimizers, self._training):
            layout.addWidget(part)
        layout.addStretch(1)
        self._connect()

    def show_defaults(self) -> None:
        """Show the first entry of each kind, with its defaults."""
        for chooser in self.choosers().values():
            chooser.choose_first()
        self._apply_data()

    def experiment(self) -> Experiment | None:
        """Return the choice; what stands at its default is left out. ``None`` where nothing can be chosen."""
        data, architecture = self.data.choice(), self.architecture.choice()
        if data is None or architecture is None:
            return None
        adversarial = self._adversarial()
        return Experiment(
            data=data,
            architecture=architecture,
            name=self.name.value().strip() or _NAME.default,
            about=self._about,
            loss=self.loss.choice() if adversarial else None,
            regularizers=self.regularizers.choice() if adversarial else {},
            augmentations=self.augmentations.choice() if adversarial else {},
            optimizers=self.optimizers.choice(),
            training=self.training.values(),
        )

    def set_experiment(self, experiment: Experiment) -> list[Problem]:
        """Show an experiment; return what of it cannot be shown."""
        self._about = experiment.about
        self.name.set_value(experiment.name)
        problems = self.data.set_choice(experiment.data)
        problems += self.architecture.set_choice(experiment.architecture)
        self._usual_loss = usual_loss(self.loss.entries, self.architecture.entry)
        if self.loss.entries:
            problems += self.loss.set_choice(experiment.loss or Choice(self._usual_loss))
        problems += self.regularizers.set_choice(experiment.regularizers)
        problems += self.augmentations.set_choice(experiment.augmentations)
        self._apply_data()
        problems += self.optimizers.set_choice(experiment.optimizers)
        problems += self.training.set_values(experiment.training)
        self._compare()
        return problems

    def choose_data(self, choice: Choice) -> list[Problem]:
        """Choose data as the user would; return what cannot be shown."""
        problems = self.data.set_choice(choice)
        self._take_choice()
        return problems

    def set_baseline(self, experiment: Experiment) -> None:
        """Compare everything with ``experiment``."""
        self._baseline = experiment
        self._compare()

    def is_changed(self) -> bool:
        """Say whether anything in use is another than in the baseline."""
        parts = (self.data, self.architecture, *((self.loss, *self._ticks()) if self._adversarial() else ()))
        sections = (*self.optimizers.sections.values(), self.training)
        return any(part.is_changed() for part in (self.name, *parts, *sections))

    def groups(self) -> list[Group]:
        """Return the groups in the order they stand, those within others after all others."""
        inner = [group for section in self._sections() for group in section.all_groups()]
        return [
            self.data,
            self.architecture,
            self.loss,
            *self._ticks(),
            *self.optimizers.groups.values(),
            self._training,
            *inner,
        ]

    def _adversarial(self) -> bool:
        return not no_adversary(self.architecture.entry)

    def _ticks(self) -> tuple[TicksSection, TicksSection]:
        return self.regularizers, self.augmentations

    def fields(self) -> Iterator[SettingField]:
        """Give every field there is, also those of regularizers that are not ticked."""
        yield self.name
        for section in self._sections():
            yield from section.fields.values()

    def field(self, path: str) -> SettingField | None:
        """Return the field of a setting, or ``None``."""
        return next((field for field in self.fields() if field.path == path), None)

    def offer_columns(self, names: Sequence[str]) -> None:
        """Offer the names of the data's columns wherever a setting asks for one."""
        self._columns = tuple(names)
        for section in self._sections():
            section.offer_columns(names)

    def choosers(self) -> dict[str, ChoiceSection]:
        """Return the choosers by the path of what they choose."""
        return {f"{part.part}.kind": part for part in (self.data, self.architecture, self.loss)}

    def _sections(self) -> Iterator[SettingsSection]:
        yield from (self.data.settings, self.architecture.settings, self.loss.settings)
        for ticks in self._ticks():
            yield from (part.settings for part in ticks.parts.values())
        yield from self.optimizers.sections.values()
        yield self.training

    def _connect(self) -> None:
        for part in (
            self.name,
            self.data,
            self.architecture,
            self.loss,
            *self._ticks(),
            self.optimizers,
            self.training,
        ):
            part.edited.connect(self.edited)
            part.edited.connect(self.changed)
            part.settled.connect(self.settled)
        for chooser in self.choosers().values():
            chooser.chosen.connect(self._take_choice)
        for ticks in self._ticks():
            ticks.ticked.connect(self.changed)

    def _take_choice(self) -> None:
        self._apply_data()
        self._compare()
        self.changed.emit()

    def _apply_data(self) -> None:
        """Grey what does not go with the data, and choose another architecture where it must be."""
        data, architecture = self.data.entry, self.architecture.entry
        self.architecture.set_refusals(unsuitable(self.architecture.entries, data))
        if data and architecture and not fits(architecture, data):
            other = next((entry for entry in self.architecture.entries if fits(entry, data)), None)
            if other is not None:
                note = f"{architecture.title} does not take {data.data_kinds[0]}."
                self.architecture.choose(other.kind, f"{note} {other.title} was chosen instead.")
        self._apply_architecture()

    def _apply_architecture(self) -> None:
        self.offer_columns(self._columns)
        entry = self.architecture.entry
        self._follow_loss()
        self.optimizers.show_networks(entry.optimizers if entry else {})
        reason = no_adversary(entry)
        self.loss.set_unavailable(reason)
        self.regularizers.set_unavailable(reason)
        self.augmentations.set_unavailable(reason)
        self.augmentations.set_refusals(unsuitable(self.augmentations.entries, self.data.entry, "changes"))

    def _follow_loss(self) -> None:
        """Choose the usual loss of another architecture, where that of the one before was chosen."""
        before, self._usual_loss = self._usual_loss, usual_loss(self.loss.entries, self.architecture.entry)
        shown = self.loss.entry
        if shown is not None and shown.kind == before != self._usual_loss:
            self.loss.choose(self._usual_loss)

    def _compare(self) -> None:
        baseline = self._baseline
        if baseline is None:
            return
        self.name.set_baseline(baseline.name)
        self.data.set_baseline(baseline.data)
        self.architecture.set_baseline(baseline.architecture)
        variant = find(self.architecture.entries, baseline.architecture.kind)
        self.loss.set_baseline(baseline.loss or Choice(usual_loss(self.loss.entries, variant)))
        self.regularizers.set_baseline(baseline.regularizers)
        self.augmentations.set_baseline(baseline.augmentations)
        self.optimizers.set_baseline(baseline.optimizers)
        self.training.set_baseline(baseline.training)
