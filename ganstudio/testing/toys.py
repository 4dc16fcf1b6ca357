"""Toy data: a few samples of every kind of data there is, to try a class on. It knows no class."""

import math

import torch
from torch import Tensor

from ganstudio.api import (
    DataSpec,
    ImageSpec,
    LoadedData,
    PairedSpec,
    PointSpec,
    TableColumn,
    TableSpec,
    UnpairedSpec,
)

CLASSES = ("a", "b", "c")
COUNT = 48
"""Samples of a toy set."""

SIZES = ((1, 28, 28), (3, 32, 32), (1, 64, 64), (3, 64, 64), (1, 16, 16), (3, 128, 128))
"""Images that are tried, [C, H, W]; the first that a class does not refuse is what it is checked on."""
ODD_SIZES = ((3, 28, 28), (1, 24, 40), (1, 17, 17))
"""Images that a class may well refuse; where it does not, it must be able to do with them."""


def specs(accepts: tuple[type[DataSpec], ...], odd: bool = False) -> list[DataSpec]:
    """Return kinds of toy data that are of the accepted kinds; ``odd`` for those of unusual sizes."""
    sizes = ODD_SIZES if odd else SIZES
    images = [ImageSpec(*size, classes=CLASSES) for size in sizes]
    plain = [ImageSpec(*size) for size in sizes]
    found: list[DataSpec] = []
    for kind in accepts:
        if issubclass(ImageSpec, kind):
            found += images
        if issubclass(PointSpec, kind):
            found += [PointSpec(3, classes=CLASSES)] if odd else [_ring()]
        if issubclass(UnpairedSpec, kind):
            found += [UnpairedSpec(image, image) for image in plain]
        if issubclass(PairedSpec, kind):
            found += [PairedSpec(image, image) for image in plain]
        if issubclass(TableSpec, kind):
            found.append(_table(odd))
    return list(dict.fromkeys(found))


def toy_data(spec: DataSpec, count: int = COUNT) -> LoadedData:
    """Return ``count`` samples of a kind, the same each time; ``InputError`` where there are none of it.

    Images are soft spots, whose place and size depend on their class; points lie on the modes, and so do the
    numbers of a table, whose categories go along with them.
    """
    labels = torch.arange(count) % len(CLASSES)
    if isinstance(spec, ImageSpec):
        return LoadedData(spec, _spots(spec, labels, 0), labels if spec.classes else None)
    if isinstance(spec, PointSpec):
        return _points(spec, count)
    if isinstance(spec, TableSpec):
        trained, held = _rows(spec, max(count, 600)).chunk(2)
        return LoadedData(spec, trained, held_out=(LoadedData(spec, held),))
    if isinstance(spec, UnpairedSpec | PairedSpec):
        first, second = spec.parts
        # Of pairs, the second has larger spots at the same places.
        other = _spots(second, labels, 1) if isinstance(spec, UnpairedSpec) else _spots(second, labels + 1, 0)
        return LoadedData(spec, _spots(first, labels, 0), other=other)
    raise NotImplementedError(f"there is no toy data of {spec.describe()}")


def _spots(spec: ImageSpec, labels: Tensor, seed: int) -> Tensor:
    """Return ``uint8`` [N, C, H, W]: a bright spot on dark in each image."""
    generator = torch.Generator().manual_seed(seed)
    count = len(labels)
    place = torch.rand(count, 2, generator=generator) * 0.6 - 0.3
    size = 0.15 + 0.1 * labels
    rows = torch.linspace(-1, 1, spec.height)[None, :, None] - place[:, 0, None, None]
    columns = torch.linspace(-1, 1, spec.width)[None, None] - place[:, 1, None, None]
    spots = torch.exp(-(rows.square() + columns.square()) / size[:, None, None].square())
    colours = 0.5 + 0.5 * torch.rand(count, spec.channels, 1, 1, generator=generator)
    return (spots[:, None] * colours * 255).to(torch.uint8)


def _ring() -> PointSpec:
    angles = [2 * math.pi * mode / len(CLASSES) for mode in range(len(CLASSES))]
    centres = tuple((math.cos(angle), math.sin(angle)) for angle in angles)
    return PointSpec(2, centres=centres, sigma=0.05, classes=CLASSES)


def _points(spec: PointSpec, count: int) -> LoadedData:
    generator = torch.Generator().manual_seed(0)
    count = max(count, 600)
    labels = torch.arange(count) % max(len(spec.centres), len(CLASSES))
    noise = torch.randn(count, spec.dimensions, generator=generator)
    centres = torch.tensor(spec.centres) if spec.centres else torch.eye(len(CLASSES), spec.dimensions)
    points = centres[labels] + (spec.sigma or 0.05) * noise
    return LoadedData(spec, points, labels if spec.classes else None)


def _table(odd: bool) -> TableSpec:
    """Return a table of one column of each kind, or of numbers alone."""
    modes = ((-1.0, 0.2, 0.5), (1.0, 0.4, 0.5))
    numbers = TableColumn("size", "continuous", low=-3.0, high=3.0, decimals=2, modes=modes)
    if odd:
        return TableSpec((numbers,))
    kinds = TableColumn("kind", "categorical", "text", CLASSES, (100, 100, 100))
    return TableSpec((numbers, kinds), target="kind")


def _rows(spec: TableSpec, count: int) -> Tensor:
    generator = torch.Generator().manual_seed(0)
    modes = torch.arange(count) % 2
    columns = []
    for column in spec.columns:
        if column.categorical:
            # The first category goes with the first mode, the others with the second.
            others = 1 + torch.randint(len(column.categories) - 1, (count,), generator=generator)
            columns.append(torch.where(modes == 0, 0, others).float())
        else:
            centres, spreads, _weights = torch.tensor(column.modes).T
            noise = torch.randn(count, generator=generator)
            columns.append(centres[modes] + spreads[modes] * noise)
    return torch.stack(columns, 1)
