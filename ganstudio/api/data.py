"""Data: what a source gives, how it is described, and what a batch holds.

Image values are ``uint8`` in 0..255 until a batch is made of them; a batch of images is ``float32`` in
[-1, 1]. Points are ``float32`` as the source gives them. It knows nothing of how images are read, scaled or
kept: see ``image_source``.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any, ClassVar

from torch import Tensor

from ganstudio.api.component import Component
from ganstudio.api.errors import InputError


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
    """A whole data set, in memory or mapped into it from a file.

    ``values``: images ``uint8`` [N, C, H, W], or points ``float32`` [N, D]; they are only read, never
    changed in place. ``labels``: ``int64`` [N] or ``None``. ``notes``: sentences about what was converted or
    left out, shown to the user. ``flip``: each image is mirrored or not, anew every epoch, while it is fed.
    ``unreadable``: the name of every file or line that was left out, and the reason in a few words.
    """

    spec: DataSpec
    values: Tensor
    labels: Tensor | None = None
    notes: list[str] = field(default_factory=list)
    flip: bool = False
    unreadable: list[tuple[str, str]] = field(default_factory=list)

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

    instant: ClassVar[bool] = False
    """Whether all of it is there within a second, without the network: it may then be shown unasked."""

    @abstractmethod
    def load(self, report: Report) -> LoadedData:
        """Read everything; raise ``InputError`` with a whole sentence when that cannot be done."""
