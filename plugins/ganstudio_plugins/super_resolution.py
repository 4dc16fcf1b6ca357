"""Super-resolution, offered to the studio: its architecture, its data, and what measures it."""

from collections.abc import Sequence

from ganstudio.api import Architecture, DataSource, Metric, hookimpl
from ganstudio_plugins.sr_data import SuperResolutionFolder
from ganstudio_plugins.sr_metric import FeatureDistance, PeakSignal
from ganstudio_plugins.srgan import SRGAN


@hookimpl
def ganstudio_architectures() -> Sequence[type[Architecture]]:
    """Offer the architecture."""
    return [SRGAN]


@hookimpl
def ganstudio_data_sources() -> Sequence[type[DataSource]]:
    """Offer pairs made from the user's own images."""
    return [SuperResolutionFolder]


@hookimpl
def ganstudio_metrics() -> Sequence[type[Metric]]:
    """Offer what measures pairs that are held out."""
    return [PeakSignal, FeatureDistance]
