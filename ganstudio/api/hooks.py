"""The hooks a plugin may offer. Each returns a list of classes (presets: of paths or tables)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pluggy

if TYPE_CHECKING:
    from ganstudio.api.architecture import Architecture
    from ganstudio.api.augmentation import Augmentation
    from ganstudio.api.data import DataSource
    from ganstudio.api.exporter import Exporter
    from ganstudio.api.health import HealthRule
    from ganstudio.api.loss import AdversarialLoss
    from ganstudio.api.metric import FeatureExtractor, Metric
    from ganstudio.api.panel import Panel
    from ganstudio.api.regularizer import Regularizer

PROJECT = "ganstudio"
hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


@hookspec
def ganstudio_architectures() -> Sequence[type[Architecture]]:  # type: ignore[empty-body]
    """Called once, when plugins are loaded; return architectures, each an entry under Architecture."""


@hookspec
def ganstudio_losses() -> Sequence[type[AdversarialLoss]]:  # type: ignore[empty-body]
    """Called once, when plugins are loaded; return losses, each an entry under Loss."""


@hookspec
def ganstudio_regularizers() -> Sequence[type[Regularizer]]:  # type: ignore[empty-body]
    """Called once, when plugins are loaded; return regularizers, each a tick box under Regularizers."""


@hookspec
def ganstudio_augmentations() -> Sequence[type[Augmentation]]:  # type: ignore[empty-body]
    """Called once, when plugins are loaded; return augmentations, each a tick box under Augmentation."""


@hookspec
def ganstudio_data_sources() -> Sequence[type[DataSource]]:  # type: ignore[empty-body]
    """Called once, when plugins are loaded; return data sources, each an entry under Data."""


@hookspec
def ganstudio_metrics() -> Sequence[type[Metric]]:  # type: ignore[empty-body]
    """Called once, when plugins are loaded; return metrics, each one or more curves under Scores."""


@hookspec
def ganstudio_extractors() -> Sequence[type[FeatureExtractor]]:  # type: ignore[empty-body]
    """Called once, when plugins are loaded; return feature extractors, by which metrics compare images."""


@hookspec
def ganstudio_health_rules() -> Sequence[type[HealthRule]]:  # type: ignore[empty-body]
    """Called once, when plugins are loaded; return health rules, each a lamp under Health."""


@hookspec
def ganstudio_panels() -> Sequence[type[Panel]]:  # type: ignore[empty-body]
    """Called once, when plugins are loaded; return panels, each a dock under View."""


@hookspec
def ganstudio_exporters() -> Sequence[type[Exporter]]:  # type: ignore[empty-body]
    """Called once, when plugins are loaded; return exporters, each a tick box under Export."""


@hookspec
def ganstudio_presets() -> Sequence[Path | Mapping[str, Any]]:  # type: ignore[empty-body]
    """Called once, when plugins are loaded; return presets: paths of experiment files, or their tables."""
