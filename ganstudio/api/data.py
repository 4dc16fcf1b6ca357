"""Data: what a source gives, how it is described, and what a batch holds.

Image values are ``uint8`` in 0..255 until a batch is made of them; a batch of images is ``float32`` in
[-1, 1]. Points are ``float32`` as the source gives them; so are tables, see ``table_columns``. It knows
nothing of how images are read, scaled or kept: see ``image_source``.
"""

import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, ClassVar, Self, cast

import torch
from torch import Tensor

from ganstudio.api.component import Component
from ganstudio.api.errors import InputError
from ganstudio.api.table_columns import TableColumn, columns_from_plain
from ganstudio.api.table_treatments import FoundColumn


@dataclass(frozen=True)
class DataSpec:
    """What an architecture must know of the data before it builds its networks."""

    def describe(self) -> str:
        """Return the data in a few words, to stand in a sentence."""
        raise NotImplementedError(f"{type(self).__name__} does not say how it is described")

    @property
    def made(self) -> "DataSpec":
        """What a variant trained on it makes: of two kinds of images the second, else the same."""
        return self

    @classmethod
    def from_plain(cls, values: Mapping[str, Any]) -> Self:
        """Return the spec whose fields are ``values``, lists and tables of plain values."""
        return cls(**{name: _field(value) for name, value in values.items()})


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


@dataclass(frozen=True)
class UnpairedSpec(DataSpec):
    """Images of two domains, ``a`` and ``b``, none of which belongs to one of the other domain.

    ``names``: what the two are called, as a user is to read it.
    """

    a: ImageSpec
    b: ImageSpec
    names: tuple[str, str] = ("A", "B")

    @property
    def parts(self) -> tuple[ImageSpec, ImageSpec]:
        """Both kinds of images, in the order of ``LoadedData.values`` and ``LoadedData.other``."""
        return self.a, self.b

    @property
    def made(self) -> ImageSpec:
        """The images of the second domain."""
        return self.b

    def describe(self) -> str:
        """Return the data in a few words, to stand in a sentence."""
        return f"unpaired {_both(*self.parts)}"


@dataclass(frozen=True)
class PairedSpec(DataSpec):
    """Pairs of images: what is given, and what is to be made of it. They may differ in size and colour.

    ``names``: what the two are called, as a user is to read it.
    """

    input: ImageSpec
    target: ImageSpec
    names: tuple[str, str] = ("input", "target")

    @property
    def parts(self) -> tuple[ImageSpec, ImageSpec]:
        """Both kinds of images, in the order of ``LoadedData.values`` and ``LoadedData.other``."""
        return self.input, self.target

    @property
    def made(self) -> ImageSpec:
        """The targets."""
        return self.target

    def describe(self) -> str:
        """Return the data in a few words, to stand in a sentence."""
        return f"pairs of {_both(*self.parts)}"


@dataclass(frozen=True)
class TableSpec(DataSpec):
    """Rows of a table; ``float32`` [N, C], a number for each of ``columns``: see :class:`TableColumn`.

    ``target``: the name of the column that is to be told from the others, where there is one.
    """

    columns: tuple[TableColumn, ...]
    target: str = ""

    def describe(self) -> str:
        """Return the data in a few words, to stand in a sentence."""
        categorical = sum(column.categorical for column in self.columns)
        return f"rows of {categorical} categorical and {len(self.columns) - categorical} continuous columns"

    @property
    def target_column(self) -> int | None:
        """The place of the target, ``None`` where there is none."""
        names = [column.name for column in self.columns]
        return names.index(self.target) if self.target in names else None

    @classmethod
    def from_plain(cls, values: Mapping[str, Any]) -> Self:
        """Return the spec whose fields are ``values``."""
        return cls(columns_from_plain(values["columns"]), str(values.get("target", "")))


def _both(first: ImageSpec, second: ImageSpec) -> str:
    one, other = first.describe(), second.describe()
    return one if one == other else f"{one} and {other}"


_SPECS: dict[str, type[DataSpec]] = {
    "images": ImageSpec,
    "points": PointSpec,
    "unpaired images": UnpairedSpec,
    "paired images": PairedSpec,
    "tables": TableSpec,
}


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
    return _SPECS[kind].from_plain(values)


def _field(value: Any) -> Any:
    """Return the value of a field: a table is the images within a spec of two kinds, a list a tuple."""
    if isinstance(value, dict):
        return ImageSpec(**{name: _field(each) for name, each in value.items()})
    return tuple(_field(each) for each in value) if isinstance(value, list | tuple) else value


@dataclass
class LoadedData:
    """A whole data set, in memory or mapped into it from a file.

    ``values``: images ``uint8`` [N, C, H, W], points ``float32`` [N, D], or rows of a table ``float32`` [N,
    C]; they are only read, never changed in place. ``labels``: ``int64`` [N] or ``None``. ``notes``:
    sentences about what was converted or left out, shown to the user. ``flip``: each image is mirrored or
    not, anew every epoch, while it is fed. ``unreadable``: the name of every file or line that was left out,
    and the reason in a few words.

    ``other``: of unpaired data the images of the second domain, [M, C, H, W], shuffled by themselves; of
    pairs what belongs to each of ``values``, [N, C, H, W], always fed with it.
    ``held_out``: of pairs and of tables some that are never trained on, by which metrics judge; each is data
    of its own, so that the sizes of images may differ. Of unpaired data images of the first domain, whose
    translations are held against the second; pairs, where it is known what is to become of them.
    ``crop``: while they are fed, images are cut to random squares with this side in pixels, anew every
    epoch; ``spec`` describes the squares. 0 leaves them whole. A target that is s times as large as its
    input is cut at the same place, with a side of s · ``crop``.
    ``columns``: of data from a table the names of its columns, which settings marked ``Column`` are offered.
    ``found``: of rows what was found in each column of the table, those that are left out as well.
    """

    spec: DataSpec
    values: Tensor
    labels: Tensor | None = None
    notes: list[str] = field(default_factory=list)
    flip: bool = False
    unreadable: list[tuple[str, str]] = field(default_factory=list)
    other: Tensor | None = None
    crop: int = 0
    held_out: "Sequence[LoadedData]" = ()
    columns: Sequence[str] = ()
    found: Sequence[FoundColumn] = ()

    def __len__(self) -> int:
        return len(self.values)

    def made(self) -> "LoadedData":
        """Return what a variant trained on it makes: of two kinds of images the second, else the same."""
        if self.other is None:
            return self
        crop = self.crop
        if isinstance(self.spec, PairedSpec):
            crop *= self.spec.target.height // self.spec.input.height
        return LoadedData(self.spec.made, self.other, flip=self.flip, crop=crop)

    def tensors(self) -> tuple[Tensor | None, ...]:
        """Return all that tells this data from other data: values, labels, and the second images if any.

        Of a table, what its numbers stand for as well, as bytes.
        """
        if isinstance(self.spec, TableSpec):
            stands_for = json.dumps(asdict(self.spec)).encode()
            return self.values, self.labels, torch.frombuffer(bytearray(stands_for), dtype=torch.uint8)
        return (self.values, self.labels) if self.other is None else (self.values, self.labels, self.other)


@dataclass(frozen=True, slots=True)
class Batch:
    """One draw from the data: ``real`` [B, ...] on the training device, ``labels`` [B] or ``None``.

    ``other`` [B, ...]: of unpaired data images of the second domain, of pairs the targets of ``real``.
    """

    real: Tensor
    labels: Tensor | None = None
    other: Tensor | None = None

    @property
    def images(self) -> Tensor:
        """The same as ``real``: ``float32`` in [-1, 1], [B, C, H, W]."""
        return self.real

    @property
    def both(self) -> tuple[Tensor, Tensor]:
        """Images of both domains, or inputs and targets: ``float32`` in [-1, 1], [B, C, H, W] each."""
        return self.real, cast(Tensor, self.other)

    @property
    def points(self) -> Tensor:
        """The same as ``real``: ``float32`` [B, D]."""
        return self.real

    @property
    def rows(self) -> Tensor:
        """The same as ``real``: rows of a table, ``float32`` [B, C]."""
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
