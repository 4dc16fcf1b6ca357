"""The public surface of GAN Studio: all that a plugin imports.

A whole plugin is one short file. It names its settings, builds its networks, and offers the class::

    class TinyGAN(GAN):
        \"\"\"The smallest GAN for images (Goodfellow et al., 2014, arXiv:1406.2661).\"\"\"

        title = "Tiny GAN"
        accepts = (ImageSpec,)

        class Settings(GAN.Settings):
            width: Annotated[int, Range(8, 512, log=True), "Neurons of the hidden layer"] = 64

        def build_generator(self, data: ImageSpec) -> nn.Module: ...
        def build_discriminator(self, data: ImageSpec) -> nn.Module: ...

    @hookimpl
    def ganstudio_architectures():
        return [TinyGAN]

The loss, the regularizers, the augmentations, the optimizers, labels to ask for, the form, the curves, the
samples, the checkpoints and the command line come from the studio. A step of another shape overrides
``training_step`` and yields :class:`Update`s. ``plugins/example`` in the source tree is a package to start
from.

The names below are loaded when they are first asked for, so that what needs no torch starts without it.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

API_VERSION = "1.0"
"""Of all that is named here. The first number grows when something is taken away or changed, the second when
something comes to it. A plugin may say which it was written for: ``ganstudio_api = "1"``.
"""

if TYPE_CHECKING:
    from ganstudio.api.architecture import Architecture, Fixed, Preview, Update
    from ganstudio.api.augmentation import Augmentation
    from ganstudio.api.columns import side_by_side
    from ganstudio.api.component import Component
    from ganstudio.api.conditions import Condition, Remedy, Trend
    from ganstudio.api.data import (
        Batch,
        DataSource,
        DataSpec,
        ImageSpec,
        LoadedData,
        PairedSpec,
        PointSpec,
        Report,
        TableSpec,
        UnpairedSpec,
    )
    from ganstudio.api.errors import InputError, StudioError
    from ganstudio.api.events import (
        CheckpointSaved,
        Event,
        Failed,
        Finished,
        HealthChanged,
        Preparing,
        PreviewReady,
        Restarted,
        ScoreRecord,
        SettingChanged,
        Started,
        StepRecord,
        VectorRecord,
        Warned,
    )
    from ganstudio.api.exporter import Exporter, TrainedRun
    from ganstudio.api.folders import downloads_folder
    from ganstudio.api.gan import GAN, add_spectral_norm, mixes_samples
    from ganstudio.api.health import HealthRule, RunFacts
    from ganstudio.api.hooks import hookimpl
    from ganstudio.api.image_source import ImageSource, resize_images
    from ganstudio.api.loss import AdversarialLoss
    from ganstudio.api.metric import FeatureExtractor, FeatureMetric, Features, Metric, Score
    from ganstudio.api.panel import Panel
    from ganstudio.api.regularizer import Discriminate, Regularizer
    from ganstudio.api.settings import (
        Colour,
        Column,
        Extractor,
        FieldError,
        File,
        Folder,
        Group,
        Length,
        Live,
        Optimizer,
        Range,
        Settings,
        Shown,
        Unit,
        When,
    )
    from ganstudio.api.table_columns import TableColumn
    from ganstudio.api.table_compare import TableComparison
    from ganstudio.api.table_source import RawTable, TableSource
    from ganstudio.api.table_treatments import FoundColumn
    from ganstudio.api.upscaler import Upscaler

_MODULES = {
    "architecture": ["Architecture", "Fixed", "Preview", "Update"],
    "augmentation": ["Augmentation"],
    "columns": ["side_by_side"],
    "component": ["Component"],
    "conditions": ["Condition", "Remedy", "Trend"],
    "data": [
        "Batch",
        "DataSource",
        "DataSpec",
        "ImageSpec",
        "LoadedData",
        "PairedSpec",
        "PointSpec",
        "Report",
        "TableSpec",
        "UnpairedSpec",
    ],
    "errors": ["InputError", "StudioError"],
    "events": [
        "CheckpointSaved",
        "Event",
        "Failed",
        "Finished",
        "HealthChanged",
        "Preparing",
        "PreviewReady",
        "Restarted",
        "ScoreRecord",
        "SettingChanged",
        "Started",
        "StepRecord",
        "VectorRecord",
        "Warned",
    ],
    "exporter": ["Exporter", "TrainedRun"],
    "folders": ["downloads_folder"],
    "gan": ["GAN", "add_spectral_norm", "mixes_samples"],
    "health": ["HealthRule", "RunFacts"],
    "hooks": ["hookimpl"],
    "image_source": ["ImageSource", "resize_images"],
    "loss": ["AdversarialLoss"],
    "metric": ["FeatureExtractor", "FeatureMetric", "Features", "Metric", "Score"],
    "panel": ["Panel"],
    "regularizer": ["Discriminate", "Regularizer"],
    "settings": [
        "Colour",
        "Column",
        "Extractor",
        "FieldError",
        "File",
        "Folder",
        "Group",
        "Length",
        "Live",
        "Optimizer",
        "Range",
        "Settings",
        "Shown",
        "Unit",
        "When",
    ],
    "table_columns": ["TableColumn"],
    "table_compare": ["TableComparison"],
    "table_source": ["RawTable", "TableSource"],
    "table_treatments": ["FoundColumn"],
    "upscaler": ["Upscaler"],
}
_HOME = {name: module for module, names in _MODULES.items() for name in names}

__all__ = [
    "GAN",
    "AdversarialLoss",
    "Architecture",
    "Augmentation",
    "Batch",
    "CheckpointSaved",
    "Colour",
    "Column",
    "Component",
    "Condition",
    "DataSource",
    "DataSpec",
    "Discriminate",
    "Event",
    "Exporter",
    "Extractor",
    "Failed",
    "FeatureExtractor",
    "FeatureMetric",
    "Features",
    "FieldError",
    "File",
    "Finished",
    "Fixed",
    "Folder",
    "FoundColumn",
    "Group",
    "HealthChanged",
    "HealthRule",
    "ImageSource",
    "ImageSpec",
    "InputError",
    "Length",
    "Live",
    "LoadedData",
    "Metric",
    "Optimizer",
    "PairedSpec",
    "Panel",
    "PointSpec",
    "Preparing",
    "Preview",
    "PreviewReady",
    "Range",
    "RawTable",
    "Regularizer",
    "Remedy",
    "Report",
    "Restarted",
    "RunFacts",
    "Score",
    "ScoreRecord",
    "SettingChanged",
    "Settings",
    "Shown",
    "Started",
    "StepRecord",
    "StudioError",
    "TableColumn",
    "TableComparison",
    "TableSource",
    "TableSpec",
    "TrainedRun",
    "Trend",
    "Unit",
    "UnpairedSpec",
    "Update",
    "Upscaler",
    "VectorRecord",
    "Warned",
    "When",
    "add_spectral_norm",
    "downloads_folder",
    "hookimpl",
    "mixes_samples",
    "resize_images",
    "side_by_side",
]


def __getattr__(name: str) -> Any:
    """Load the module a public name lives in."""
    if name not in _HOME:
        raise AttributeError(f"module 'ganstudio.api' has no attribute {name!r}")
    return getattr(import_module(f"ganstudio.api.{_HOME[name]}"), name)
