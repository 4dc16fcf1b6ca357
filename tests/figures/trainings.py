"""One training of a preset, with all that a figure is made of: curves, scores, and averaged samples."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ganstudio.api import Architecture, ImageSpec, LoadedData, resize_images
from ganstudio.api.events import PreviewReady, ScoreRecord, StepRecord
from ganstudio.evaluation.scores import Scores
from ganstudio.experiment import Choice, Experiment
from ganstudio.judging import lender_of
from ganstudio.registry import Registry
from ganstudio.resolve import metrics_for, resolve
from ganstudio.runs.table_pictures import draw
from ganstudio.training.trainer import Trainer
from ganstudio_plugins.unpaired_data import UnpairedArrays

SHARED = Path(__file__).parents[3] / "shared" / "data"
REGISTRY = Registry.load()
DOWNLOADED = {"FashionMNIST": "fashion_mnist_train.npz", "CIFAR10": "cifar10.npz"}
"""Sets a preset would fetch, and the subset that stands for each here."""
CHOSEN = {"SuperResolutionFolder": {"data.folder": str(SHARED / "sr_t91")}}
"""What a user would have to choose."""


@dataclass
class Trained:
    """What a training left. ``seconds``: of training, on a machine that may be busy."""

    preset: str
    trainer: Trainer
    seconds: float
    curves: Mapping[str, list[tuple[int, float]]]
    scores: list[tuple[int, Mapping[str, float]]]
    previews: Mapping[str, PreviewReady] = field(default_factory=dict)

    @contextmanager
    def averaged(self) -> Iterator[Architecture]:
        """Lend the architecture with its averaged weights."""
        with self.trainer.average.applied(self.trainer.architecture) as architecture:
            yield architecture

    def samples(self, count: int, labels: Tensor | None = None, seed: int = 1) -> Tensor:
        """Return samples of the averaged weights, on the CPU."""
        generator = torch.Generator().manual_seed(seed)
        made = []
        with self.averaged() as architecture:
            for index in torch.arange(count).split(250):
                latents = architecture.draw_latents(len(index), generator)
                made.append(architecture.samples(latents, None if labels is None else labels[index]))
        return torch.cat(made)

    def grid(self) -> NDArray[Any]:
        """Return the last preview at fixed latents: images [N, H, W, C], or points [N, D].

        Of rows of a table, charts of their columns as one image.
        """
        shown = next(preview for preview in self.previews.values() if preview.first)
        return draw(shown.array, shown.table)[None] if shown.table else shown.array


def trainer_of(
    preset: str, changes: Mapping[str, Any] | None = None, data: LoadedData | None = None
) -> Trainer:
    """Return a trainer of a preset that has not begun; ``changes`` are settings by path."""
    experiment = Experiment.from_dict(REGISTRY.presets[preset])
    chosen = CHOSEN.get(experiment.data.kind, {})
    for path, value in {**chosen, **(changes or {})}.items():
        experiment = experiment.with_value(path, value)
    resolved = resolve(experiment, REGISTRY)
    data = data or _stored(experiment.data) or resolved.source.load(lambda what, share=None: None)
    resolved.check_data(data.spec)
    resolved.architecture.lend_extractors(lender_of(REGISTRY, data))
    metrics = [metric for metric in metrics_for(REGISTRY, data) if not metric.dear]
    observers = [Scores(metrics, data, resolved.training.seed)] if metrics else ()
    return Trainer(resolved.architecture, data, resolved.optimizers, resolved.training, observers=observers)


def train(preset: str, changes: Mapping[str, Any] | None = None, data: LoadedData | None = None) -> Trained:
    """Train a preset to its last step."""
    trainer = trainer_of(preset, changes, data)
    curves: dict[str, list[tuple[int, float]]] = {}
    scores, previews = [], {}
    began = time.perf_counter()
    for event in trainer.run():
        if isinstance(event, StepRecord):
            for name, value in event.values.items():
                curves.setdefault(name, []).append((event.step, value))
        elif isinstance(event, ScoreRecord):
            scores.append((event.step, event.values))
        elif isinstance(event, PreviewReady) and event.source != "real":
            previews[event.source] = event
    return Trained(preset, trainer, time.perf_counter() - began, curves, scores, previews)


def digits(name: str) -> tuple[Tensor, Tensor]:
    """Return all digits of an MNIST file: ``uint8`` [N, 1, 28, 28], and their labels [N]."""
    arrays = np.load(SHARED / name)
    return torch.from_numpy(arrays["images"]).unsqueeze(1), torch.from_numpy(arrays["labels"]).long()


def all_digits() -> LoadedData:
    """Return the 60 000 training digits."""
    images, labels = digits("mnist_train.npz")
    return LoadedData(ImageSpec(1, 28, 28, tuple("0123456789")), images, labels)


def emoji(part: str = "train", **changes: Any) -> LoadedData:
    """Return the drawings in two designs: those to ``train`` on, or the pairs to ``test`` on."""
    settings = UnpairedArrays.Settings(
        file=SHARED / "unpaired_emoji64.npz", images_a=f"{part}A", images_b=f"{part}B", **changes
    )
    return UnpairedArrays(settings).load(lambda what, share=None: None)


def _stored(data: Choice) -> LoadedData | None:
    """Return the subset that stands for a set which would have to be fetched, or chosen by the user."""
    kind, side = data.kind, data.settings.get("resize")
    if kind == "UnpairedArrays":
        return emoji(flip=True)
    if kind not in DOWNLOADED:
        return None
    arrays = np.load(SHARED / DOWNLOADED[kind])
    prefix = "train_" if "train_images" in arrays else ""
    images = torch.from_numpy(arrays[f"{prefix}images"])
    images = images.unsqueeze(1) if images.ndim == 3 else images.permute(0, 3, 1, 2).contiguous()
    images = resize_images(images, side) if side else images
    classes = tuple(str(name) for name in arrays["class_names"])
    return LoadedData(
        ImageSpec(*images.shape[1:], classes), images, torch.from_numpy(arrays[f"{prefix}labels"]).long()
    )
