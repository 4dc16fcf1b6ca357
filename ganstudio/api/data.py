"""Data: what a source gives, how it is described, and what a batch holds.

Image values are ``uint8`` in 0..255 until a batch is made of them; a batch of images is ``float32`` in
[-1, 1]. Points are ``float32`` as the source gives them.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Annotated, Any, ClassVar, Literal

import torch
from torch import Tensor
from torch.nn import functional

from ganstudio.api.component import Component
from ganstudio.api.errors import InputError
from ganstudio.api.settings import Range, Unit


@dataclass(frozen=True)
class DataSpec:
    """What an architecture must know of the data before it builds its networks."""

    def describe(self) -> str:
        """Return the data in a few words, to stand in a sentence."""
        raise NotImplementedError


@dataclass(frozen=True)
class ImageSpec(DataSpec):
    """Images of one size: ``channels`` is 1 (grey) or 3 (RGB)."""

    channels: int
    height: int
    width: int
    classes: tuple[str, ...] = ()

    @property
    def shape(self) -> tuple[int, int, int]:
        """[C, H, W]."""
        return self.channels, self.height, self.width

    def describe(self) -> str:
        """Return the data in a few words, to stand in a sentence."""
        colour = {1: "grey", 3: "colour"}.get(self.channels, f"{self.channels}-channel")
        return f"{self.width} × {self.height} {colour} images"


@dataclass(frozen=True)
class PointSpec(DataSpec):
    """Points of a few dimensions, drawn from a mixture whose modes are known (or not: then empty)."""

    dimensions: int = 2
    centres: tuple[tuple[float, ...], ...] = ()
    sigma: float = 0.0
    classes: tuple[str, ...] = ()

    def describe(self) -> str:
        """Return the data in a few words, to stand in a sentence."""
        return f"{self.dimensions}-D points"


_SPECS: dict[str, type[DataSpec]] = {"images": ImageSpec, "points": PointSpec}


def spec_kind(spec: type[DataSpec]) -> str:
    """Return the name by which files and forms know a kind of data."""
    return next(name for name, cls in _SPECS.items() if issubclass(spec, cls))


def spec_to_dict(spec: DataSpec) -> dict[str, Any]:
    """Return ``spec`` as plain values, to be kept with the weights that were trained on it."""
    return {"kind": spec_kind(type(spec)), **asdict(spec)}


def spec_from_dict(values: dict[str, Any]) -> DataSpec:
    """Return the spec that :func:`spec_to_dict` wrote; raises ``InputError`` for an unknown kind."""
    values = dict(values)
    kind = values.pop("kind", None)
    if kind not in _SPECS:
        raise InputError(f"The data is of a kind this version does not know: {kind!r}.")
    return _SPECS[kind](**{name: _tuples(value) for name, value in values.items()})


def _tuples(value: Any) -> Any:
    return tuple(_tuples(v) for v in value) if isinstance(value, list | tuple) else value


@dataclass
class LoadedData:
    """A whole data set in memory.

    ``values``: images ``uint8`` [N, C, H, W], or points ``float32`` [N, D]. ``labels``: ``int64`` [N] or
    ``None``. ``notes``: sentences about what was converted or left out, shown to the user.
    """

    spec: DataSpec
    values: Tensor
    labels: Tensor | None = None
    notes: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.values)


@dataclass(frozen=True, slots=True)
class Batch:
    """One draw from the data: ``real`` [B, ...] on the training device, ``labels`` [B] or ``None``."""

    real: Tensor
    labels: Tensor | None = None

    @property
    def images(self) -> Tensor:
        """The same as ``real``: ``float32`` in [-1, 1], [B, C, H, W]."""
        return self.real

    @property
    def points(self) -> Tensor:
        """The same as ``real``: ``float32`` [B, D]."""
        return self.real


Report = Callable[[str, float | None], None]
"""Called with what is being done and the share that is done (0..1, or ``None`` when unknown)."""


class DataSource(Component, ABC):
    """Where training data comes from."""

    category: ClassVar[str] = "data"

    gives: ClassVar[type[DataSpec]]
    """The kind of data, known before any is read; a form can then say what goes with it."""

    @abstractmethod
    def load(self, report: Report) -> LoadedData:
        """Read everything; raise ``InputError`` with a whole sentence when that cannot be done."""


class ImageSource(DataSource):
    """A data source of images; resizing and grey are done here, the same for every one."""

    gives: ClassVar[type[DataSpec]] = ImageSpec

    class Settings(DataSource.Settings):
        """Settings every image source has."""

        resize: Annotated[
            int,
            Range(0, 1024),
            Unit("px"),
            "Side of the square every image is scaled to; 0 leaves it as it is",
        ] = 0
        colour: Annotated[
            Literal["as it is", "grey", "RGB"], "Convert every image to grey or to three colours"
        ] = "as it is"

    settings: "ImageSource.Settings"

    @abstractmethod
    def read(self, report: Report) -> LoadedData:
        """Return the images as they are: ``uint8`` [N, C, H, W]."""

    def load(self, report: Report) -> LoadedData:
        """Read the images, then bring them to the size and colour that the settings ask for."""
        loaded = self.read(report)
        values = _to_colour(loaded.values, self.settings.colour)
        side = self.settings.resize
        if side and values.shape[2:] != (side, side):
            values = resize_images(values, side)
        classes = getattr(loaded.spec, "classes", ())
        spec = ImageSpec(values.shape[1], values.shape[2], values.shape[3], classes)
        return LoadedData(spec, values, loaded.labels, loaded.notes)


def _to_colour(values: Tensor, colour: str) -> Tensor:
    if colour == "grey" and values.shape[1] == 3:
        # ITU-R BT.601 luma, in the order R, G, B.
        weights = torch.tensor([0.299, 0.587, 0.114]).view(1, 3, 1, 1)
        return (values.float() * weights).sum(1, keepdim=True).round_().to(torch.uint8)
    if colour == "RGB" and values.shape[1] == 1:
        return values.expand(-1, 3, -1, -1).contiguous()
    return values


def resize_images(values: Tensor, side: int) -> Tensor:
    """Scale ``uint8`` images [N, C, H, W] to ``side`` × ``side`` with antialiasing, a few at a time."""
    resized = values.new_empty((len(values), values.shape[1], side, side))
    for start in range(0, len(values), 1024):
        part = values[start : start + 1024].float()
        part = functional.interpolate(part, (side, side), mode="bilinear", antialias=True)
        resized[start : start + 1024] = part.round_().clamp_(0, 255).to(torch.uint8)
    return resized
