"""The catalogue of checks: which there are for which category of plugin, and what each promises."""

from collections.abc import Mapping
from typing import Any

from ganstudio.api import (
    AdversarialLoss,
    Architecture,
    Augmentation,
    Component,
    DataSource,
    HealthRule,
    LoadedData,
    Metric,
    Regularizer,
)
from ganstudio.testing import (
    architectures,
    augmentations,
    common,
    health_rules,
    losses,
    metrics,
    regularizers,
    sources,
)
from ganstudio.testing.engine import Check
from ganstudio.testing.variant import Variant

_OF_ALL: tuple[Check[Any], ...] = (common.WORDS, common.SETTINGS)
_CHECKS: dict[str, tuple[Check[Any], ...]] = {
    "architecture": architectures.CHECKS,
    "loss": losses.CHECKS,
    "regularizer": regularizers.CHECKS,
    "augmentation": augmentations.CHECKS,
    "data": sources.CHECKS,
    "metric": metrics.CHECKS,
    "health": health_rules.CHECKS,
}

CHECKS: dict[str, dict[str, str]] = {
    "module": {"hooks": "The studio finds what the module offers, and can use it."},
    **{category: {each.name: each.meaning for each in checks} for category, checks in _CHECKS.items()},
}
"""For each category of plugin its checks, and what passing each promises."""


class Plain:
    """A class of which nothing is checked but what every plugin class has."""

    def __init__(self, cls: type[Component]) -> None:
        self.cls = cls


def plan(
    cls: type[Component], data: LoadedData | None, settings: Mapping[str, Any]
) -> tuple[tuple[Check[Any], ...], Any]:
    """Return the checks of a class, and what they are to look at."""
    if issubclass(cls, Architecture):
        return architectures.CHECKS, Variant(cls, data, settings)
    if issubclass(cls, AdversarialLoss):
        return losses.CHECKS, losses.LossSubject(cls, settings)
    if issubclass(cls, Regularizer):
        return regularizers.CHECKS, regularizers.RegularizerSubject(cls, settings)
    if issubclass(cls, Augmentation):
        return augmentations.CHECKS, augmentations.AugmentationSubject(cls, settings)
    if issubclass(cls, DataSource):
        return sources.CHECKS, sources.SourceSubject(cls, settings)
    if issubclass(cls, Metric):
        return metrics.CHECKS, metrics.MetricSubject(cls, data, settings)
    if issubclass(cls, HealthRule):
        return health_rules.CHECKS, health_rules.HealthSubject(cls, settings)
    return _OF_ALL, Plain(cls)
