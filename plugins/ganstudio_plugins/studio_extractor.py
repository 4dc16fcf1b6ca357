"""The studio extractor: features of a small network that learned the very data set they are to describe.

Trained once for a data set and kept; the same everywhere but for the rounding of the machine. It knows
nothing of what its features are used for.
"""

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from ganstudio.api import (
    DataSpec,
    FeatureExtractor,
    Features,
    ImageSpec,
    LoadedData,
    Report,
    StudioError,
    hookimpl,
)
from ganstudio_plugins import studio_network
from ganstudio_plugins.inception_extractor import InceptionExtractor
from ganstudio_plugins.random_extractor import RandomExtractor
from ganstudio_plugins.studio_network import StudioNetwork
from ganstudio_plugins.vgg_extractor import VGGExtractor

_FILE = "studio-1.safetensors"
_SEED = 2024
_TAKEN = 20_000
"""Images, at most, that it learns from."""
_HELD_OUT = 0.1
_CLASS_STEPS, _IMAGE_STEPS = 200, 300
_SPACE = 64
"""Dimensions in which images without classes are told from each other."""
_AT_ONCE = 500


class StudioExtractor(FeatureExtractor):
    """A small network trained on the data itself: on its classes, or on telling its images from each other.

    A tenth of the images is held out, by which its accuracy is told.
    """

    title = "Studio extractor"
    short: ClassVar[str] = "studio"

    def __init__(self, settings: FeatureExtractor.Settings | None = None) -> None:
        super().__init__(settings)
        self.accuracy = float("nan")
        """Share of the held-out images whose class it tells, or whose other view it finds among 64."""
        self._network: StudioNetwork | None = None
        self._classes = 0

    @classmethod
    def suits(cls, data: DataSpec) -> bool:
        """Images alone."""
        return isinstance(data, ImageSpec)

    def prepare(self, data: LoadedData, cache: Path, report: Report) -> None:
        """Read what was trained on this data before, or train it: some seconds."""
        assert isinstance(data.spec, ImageSpec)
        self._classes = _classes(data)
        file = cache / _FILE
        if not self._read(file, data.spec.channels):
            self._train(data, report)
            self._write(file)

    @torch.no_grad()
    def features(self, images: Tensor) -> Features:
        """Return features [N, 64], and logits where the data has classes."""
        assert self._network is not None, "prepare() comes first"
        parts = torch.split(images.float(), _AT_ONCE)
        values = torch.cat([self._network.features(_laid_out(some)) for some in parts])
        return Features(values, self._network.last(values) if self._classes else None)

    def perceive(self, images: Tensor) -> Sequence[Tensor]:
        """Return maps of 24, 48 and 64 features, at the half, the quarter and the eighth of the size."""
        assert self._network is not None, "prepare() comes first"
        return self._network.to(images.device).maps(images)

    def _train(self, data: LoadedData, report: Report) -> None:
        generator = torch.Generator().manual_seed(_SEED)
        order = torch.randperm(len(data), generator=generator)[:_TAKEN]
        images = _images(data, order)
        held = max(int(len(order) * _HELD_OUT), 1)
        what = f"Training the studio extractor on {len(order) - held} images"
        report(what, 0.0)

        def tell(share: float) -> None:
            report(what, share)

        network = studio_network.made(images.shape[1], self._classes or _SPACE, generator)
        learned, asked = (images[:-held], images[-held:]) if len(images) > 1 else (images, images)
        if self._classes and data.labels is not None:
            labels = data.labels[order]
            studio_network.learn_classes(
                network, learned, labels[: len(learned)], _CLASS_STEPS, generator, tell
            )
            self.accuracy = studio_network.accuracy(network, asked, labels[-len(asked) :])
        else:
            studio_network.learn_images(network, learned, _IMAGE_STEPS, generator, tell)
            self.accuracy = studio_network.found(network, asked[:64], generator)
        self._network = network.requires_grad_(False)

    def _write(self, file: Path) -> None:
        """Keep the network; a file that is only half there never carries the name."""
        assert self._network is not None
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            handle, temporary = tempfile.mkstemp(dir=file.parent, prefix=".studio-")
            os.close(handle)
            tensors = {name: tensor.contiguous() for name, tensor in self._network.state_dict().items()}
            save_file(tensors, temporary, {"accuracy": repr(self.accuracy)})
            os.replace(temporary, file)
        except (OSError, SafetensorError) as error:
            raise StudioError(f"The studio extractor cannot be kept in {file.parent}: {error}.") from error

    def _read(self, file: Path, channels: int) -> bool:
        """Take what was kept; say whether there is anything whole that fits."""
        network = studio_network.empty(channels, self._classes or _SPACE)
        try:
            with safe_open(file, "pt") as kept:
                self.accuracy = float((kept.metadata() or {})["accuracy"])
                network.load_state_dict({name: kept.get_tensor(name) for name in kept.keys()})  # noqa: SIM118
        # Whatever is wrong with it, it can be made again.
        except (OSError, SafetensorError, KeyError, ValueError, RuntimeError):
            return False
        self._network = network.requires_grad_(False)
        return True


def _classes(data: LoadedData) -> int:
    """Return how many classes there are to learn; 0 for data without any to tell apart."""
    if data.labels is None or len(data) < 2:
        return 0
    count = int(data.labels.max()) + 1
    return count if count > 1 and int(data.labels.min()) >= 0 else 0


def _images(data: LoadedData, order: Tensor) -> Tensor:
    """Return images in the size the network looks at; of data fed in squares, their middle."""
    spec: Any = data.spec
    values = data.values
    top, left = (values.shape[2] - spec.height) // 2, (values.shape[3] - spec.width) // 2
    parts = []
    for index in torch.split(order, _AT_ONCE):
        some = values[index][:, :, top : top + spec.height, left : left + spec.width]
        parts.append(_laid_out(some.float().mul_(2 / 255).sub_(1)))
    return torch.cat(parts)


def _laid_out(images: Tensor) -> Tensor:
    return studio_network.sized(images).contiguous(memory_format=torch.channels_last)


@hookimpl
def ganstudio_extractors() -> Sequence[type[FeatureExtractor]]:
    """Offer the extractors, the one that needs no file first."""
    return [StudioExtractor, InceptionExtractor, VGGExtractor, RandomExtractor]
