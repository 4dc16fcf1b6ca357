"""Resolve: an experiment held against the plugins that are there.

What comes out has every setting filled in and checked, and the classes to make it with. All that is wrong
is found at once, one sentence each.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from pydantic import ValidationError

from ganstudio.api import (
    Architecture,
    Augmentation,
    Component,
    DataSource,
    FeatureExtractor,
    FeatureMetric,
    LoadedData,
    Metric,
    Optimizer,
    PairedSpec,
    Settings,
    UnpairedSpec,
)
from ganstudio.api.data import DataSpec, spec_kind
from ganstudio.api.gan_settings import GANSettings
from ganstudio.api.judge import unpackable
from ganstudio.experiment import Choice, Experiment, ExperimentError, Problem, unknown_name
from ganstudio.registry import Registry
from ganstudio.schema import extractors_named, to_table
from ganstudio.setting_problems import problems_of
from ganstudio.training.settings import TrainingSettings


@dataclass(frozen=True)
class Resolved:
    """An experiment that can be run: ``experiment`` is complete, the rest is made from it."""

    experiment: Experiment
    source: DataSource
    architecture: Architecture
    optimizers: Mapping[str, Optimizer]
    training: TrainingSettings
    extractors: Mapping[str, type[FeatureExtractor]]
    """The feature extractors that the architecture wants, by the path of the setting that names each."""

    def check_data(self, data: DataSpec) -> None:
        """Raise ``InputError`` with the reason when the architecture cannot take the data."""
        reason = type(self.architecture).refuses(self.architecture.settings, data)
        if reason:
            raise ExperimentError([Problem("architecture.kind", reason)])
        unfit = {path: cls for path, cls in self.extractors.items() if not cls.suits(data.made)}
        if unfit:
            raise ExperimentError([Problem(path, _unfit(path, cls, data)) for path, cls in unfit.items()])


def resolve(experiment: Experiment, registry: Registry) -> Resolved:
    """Check names, types and ranges; raises ``ExperimentError`` with every problem there is."""
    problems: list[Problem] = []
    check = _Check(registry, problems)
    source = check.component("data", experiment.data)
    architecture = check.component("architecture", experiment.architecture)
    # By its class, which is known even where its settings are wrong: the rest is checked all the same.
    variant = registry.get("architecture", experiment.architecture.kind)
    loss, regularizers, augmentations = check.adversary(experiment, variant)
    optimizers = check.optimizers(experiment, variant)
    training = check.settings("training", TrainingSettings, experiment.training)
    extractors = check.extractors(architecture)
    check.packs(architecture, training)
    check.kinds(registry.get("data", experiment.data.kind), variant, augmentations)
    if problems or source is None or architecture is None or training is None:
        raise ExperimentError(problems)
    chosen = _Chosen(source, architecture, loss, regularizers, augmentations, optimizers, training)
    return Resolved(
        experiment=chosen.complete(experiment),
        source=cast(DataSource, source[0](source[1])),
        architecture=chosen.made_architecture(),
        optimizers=optimizers,
        training=cast(TrainingSettings, training),
        extractors=extractors,
    )


def metrics_for(registry: Registry, data: LoadedData) -> list[Metric]:
    """Return every metric of samples, not of their features, that means something for the data.

    Of two domains where what is held out has partners, those that mean something for pairs.
    """
    classes = cast("Iterable[type[Metric]]", registry.classes["metric"].values())
    paired = [part.spec for part in data.held_out if isinstance(part.spec, PairedSpec)]
    spec = paired[0] if isinstance(data.spec, UnpairedSpec) and paired else data.spec
    return [cls() for cls in classes if not issubclass(cls, FeatureMetric) and cls.suits(spec)]


_Checked = tuple[type[Component], Settings]


@dataclass
class _Check:
    """Finds classes and validates settings, gathering problems instead of stopping at the first."""

    registry: Registry
    problems: list[Problem]

    def component(self, category: str, choice: Choice, prefix: str = "") -> _Checked | None:
        """Return the class of a choice and its settings."""
        prefix = prefix or category
        cls = self.registry.get(category, choice.kind)
        if cls is None:
            known = self.registry.classes[category]
            path = f"{prefix}.kind" if prefix == category else prefix
            self.problems.append(Problem(path, unknown_name(path, choice.kind, known)))
            return None
        settings = self.settings(prefix, cls.Settings, choice.settings)
        return (cls, settings) if settings is not None else None

    def settings(self, prefix: str, model: type[Settings], values: Mapping[str, Any]) -> Settings | None:
        """Return validated settings, or ``None`` after noting each problem."""
        try:
            return model.model_validate(dict(values))
        except ValidationError as error:
            self.problems += problems_of(prefix, model, values, error)
            return None

    def adversary(
        self, experiment: Experiment, architecture: type[Component] | None
    ) -> tuple[_Checked | None, list[_Checked], list[_Checked]]:
        """Return the loss (where none is named, the first there is), regularizers and augmentations."""
        if architecture is None:
            return None, [], []
        if not getattr(architecture, "adversarial", False):
            if experiment.loss or experiment.regularizers or experiment.augmentations:
                name = architecture.title or architecture.__name__
                self.problems.append(
                    Problem(
                        "loss",
                        f"loss: {name} brings its own loss; leave [loss], [regularizers] and "
                        "[augmentations] out.",
                    )
                )
            return None, [], []
        first = next(iter(self.registry.classes["loss"]), "")
        wanted = getattr(architecture, "default_loss", "")
        usual = wanted if wanted in self.registry.classes["loss"] else first
        loss = self.component("loss", experiment.loss or Choice(usual))
        regularizers = self.several("regularizer", experiment.regularizers)
        return loss, regularizers, self.several("augmentation", experiment.augmentations)

    def several(self, category: str, chosen: Mapping[str, Mapping[str, Any]]) -> list[_Checked]:
        """Return the classes and settings of the components of one category."""
        found = [
            self.component(category, Choice(kind, values), f"{category}s.{kind}")
            for kind, values in chosen.items()
        ]
        return [checked for checked in found if checked]

    def extractors(self, architecture: _Checked | None) -> dict[str, type[FeatureExtractor]]:
        """Return the feature extractors that an architecture's settings name, by path."""
        known, found = self.registry.extractors(), {}
        for name, short in extractors_named(architecture[1]).items() if architecture else ():
            path = f"architecture.{name}"
            if short in known:
                found[path] = known[short]
            else:
                self.problems.append(Problem(path, unknown_name(path, short, known)))
        return found

    def optimizers(
        self, experiment: Experiment, architecture: type[Component] | None
    ) -> dict[str, Optimizer]:
        """Return an optimizer for each network: the architecture's own, with the user's changes."""
        if architecture is None:
            return {}
        defaults: Mapping[str, Optimizer] = getattr(architecture, "default_optimizers", {})
        for name in experiment.optimizers:
            if name not in defaults:
                path = f"optimizers.{name}"
                self.problems.append(Problem(path, unknown_name(path, name, defaults)))
        checked = {
            name: self.settings(
                f"optimizers.{name}",
                Optimizer,
                {**default.model_dump(), **experiment.optimizers.get(name, {})},
            )
            for name, default in defaults.items()
        }
        return {name: cast(Optimizer, value) for name, value in checked.items() if value is not None}

    def packs(self, architecture: _Checked | None, training: Settings | None) -> None:
        """Note where batches cannot be divided into the packs that are asked for."""
        settings = architecture[1] if architecture is not None else None
        if not isinstance(settings, GANSettings) or not isinstance(training, TrainingSettings):
            return
        if training.batch_size % settings.packing:
            sentence = unpackable(training.batch_size, settings.packing)
            self.problems.append(Problem("training.batch_size", f"training.batch_size: {sentence}"))

    def kinds(
        self,
        source: type[Component] | None,
        architecture: type[Component] | None,
        augmentations: Iterable[_Checked],
    ) -> None:
        """Note what takes no data of the kind that the source gives."""
        if source is None or architecture is None:
            return
        gives = cast("type[DataSource]", source).gives
        for augmentation, _settings in augmentations:
            if not issubclass(gives, cast("type[Augmentation]", augmentation).accepts):
                path = f"augmentations.{augmentation.__name__}"
                sentence = f"{path}: {augmentation.title} does not change {spec_kind(gives)}; untick it."
                self.problems.append(Problem(path, sentence))
        accepts = cast("type[Architecture]", architecture).accepts
        if not issubclass(gives, accepts):
            kinds = " or ".join(spec_kind(spec) for spec in accepts) or "nothing"
            self.problems.append(
                Problem(
                    "architecture.kind",
                    f"architecture: {architecture.title} is trained on {kinds}, but {source.title} gives "
                    f"{spec_kind(gives)}; choose other data or another architecture.",
                )
            )


@dataclass(frozen=True)
class _Chosen:
    """Everything that was checked, ready to be made."""

    source: _Checked
    architecture: _Checked
    loss: _Checked | None
    regularizers: list[_Checked]
    augmentations: list[_Checked]
    optimizers: Mapping[str, Optimizer]
    training: Settings

    def made_architecture(self) -> Architecture:
        """Return the architecture with all that goes into its step."""
        arguments: dict[str, Any] = {}
        if self.loss:
            arguments = {
                "loss": self.loss[0](self.loss[1]),
                "regularizers": [cls(settings) for cls, settings in self.regularizers],
                "augmentations": [cls(settings) for cls, settings in self.augmentations],
            }
        return cast(Architecture, cast(Any, self.architecture[0])(self.architecture[1], **arguments))

    def complete(self, experiment: Experiment) -> Experiment:
        """Return the experiment with every setting spelled out, so that later defaults do not change it."""
        return Experiment(
            name=experiment.name,
            about=experiment.about,
            data=_choice(self.source),
            architecture=_choice(self.architecture),
            loss=_choice(self.loss) if self.loss else None,
            regularizers={cls.__name__: to_table(settings) for cls, settings in self.regularizers},
            augmentations={cls.__name__: to_table(settings) for cls, settings in self.augmentations},
            optimizers={name: to_table(optimizer) for name, optimizer in self.optimizers.items()},
            training=to_table(self.training),
        )


def _unfit(path: str, extractor: type[FeatureExtractor], data: DataSpec) -> str:
    """Return why a feature extractor cannot be used."""
    reason = extractor.needs() or f"{extractor.short} cannot be used on {data.made.describe()}."
    return f"{path}: {reason} Or choose another."


def _choice(checked: _Checked) -> Choice:
    return Choice(checked[0].__name__, to_table(checked[1]))
