"""The checks of data sources: what they load, held against what they say of it."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any, cast

import torch
from torch import Tensor

from ganstudio.api import (
    DataSource,
    DataSpec,
    ImageSpec,
    InputError,
    LoadedData,
    PairedSpec,
    PointSpec,
    TableSpec,
    UnpairedSpec,
)
from ganstudio.testing import common, where
from ganstudio.testing.engine import Check, Wrong
from ganstudio.training.feed import Feed


class SourceSubject:
    """A data source class under check."""

    def __init__(self, cls: type[DataSource], settings: Mapping[str, Any] | None = None) -> None:
        self.cls = cls
        self._settings = dict(settings or {})

    def load(self) -> LoadedData:
        """Load all of it, with an eye on what is told meanwhile."""
        source = cast(DataSource, common.made(self.cls, self.cls.Settings(**self._settings)))
        return source.load(self._told)

    @cached_property
    def asked(self) -> str:
        """What it asks of the user before it can load anything, such as a folder; empty when it is loaded."""
        try:
            _ = self.loaded
        except InputError as error:
            return str(error)
        return ""

    @cached_property
    def loaded(self) -> LoadedData:
        """What it gives."""
        return self.load()

    @property
    def place(self) -> where.Place:
        """Where the data is read: ``read``, of a source of images, or ``load``."""
        return where.of_method(self.cls, "read" if "read" in self.cls.__dict__ else "load")

    def _told(self, what: str, share: float | None = None) -> None:
        if not isinstance(what, str) or not (share is None or 0 <= share <= 1):
            raise Wrong(
                f"report is told ({what!r}, {share!r}); it is to be told what is done, and the share that "
                "is done, "
                "0..1 or None.",
                self.place,
            )


def loads(subject: SourceSubject) -> str:
    """Check that it says what kind it gives, and gives that."""
    gives: Any = getattr(subject.cls, "gives", None)
    if not (isinstance(gives, type) and issubclass(gives, DataSpec)):
        raise Wrong(f"{subject.cls.__name__}.gives is to name the kind of data, such as ImageSpec.")
    if subject.asked:
        if not subject.asked.strip().endswith("."):
            raise Wrong(f"What it asks for is no whole sentence: {subject.asked!r}.", subject.place)
        return f"With its default settings it asks for something first: {subject.asked}"
    loaded: Any = subject.loaded
    if not isinstance(loaded, LoadedData):
        raise Wrong(f"It is to give LoadedData, and gives a {type(loaded).__name__}.", subject.place)
    if not isinstance(loaded.spec, gives):
        raise Wrong(
            f"It says it gives {gives.__name__}, and gives {type(loaded.spec).__name__}.", subject.place
        )
    if not len(loaded):
        raise Wrong("It gives no sample at all; raise InputError that says so.", subject.place)
    return f"{len(loaded):,} samples: {loaded.spec.describe()}."


def values(subject: SourceSubject) -> str:
    """Check that the values are what the spec says."""
    if subject.asked:
        return _LATER
    loaded, spec = subject.loaded, subject.loaded.spec
    if isinstance(spec, UnpairedSpec | PairedSpec):
        if not isinstance(loaded.other, Tensor):
            raise Wrong(
                "There are images of two kinds, so LoadedData.other is to hold the second.", subject.place
            )
        for part, images, name in zip(
            spec.parts, (loaded.values, loaded.other), ("values", "other"), strict=True
        ):
            _check_images(subject, images, part, name, loaded.crop)
        if isinstance(spec, PairedSpec) and len(loaded.values) != len(loaded.other):
            raise Wrong(
                f"There are {len(loaded.values)} inputs and {len(loaded.other)} targets; each is to have "
                "one.",
                subject.place,
            )
    elif isinstance(spec, ImageSpec):
        _check_images(subject, loaded.values, spec, "values", loaded.crop)
    elif isinstance(spec, PointSpec):
        _check_points(subject, loaded.values, spec)
    elif isinstance(spec, TableSpec):
        _check_rows(subject, loaded.values, spec)
    batch = next(Feed(loaded, min(len(loaded), 8), 0, torch.device("cpu")))
    return f"Values are what the spec says; a batch is {list(batch.real.shape)}."


def labels(subject: SourceSubject) -> str:
    """Check that labels are numbers of classes, one for each sample."""
    if subject.asked:
        return _LATER
    given, names = subject.loaded.labels, getattr(subject.loaded.spec, "classes", ())
    if given is None:
        return "There are no labels."
    if given.dtype != torch.int64 or tuple(given.shape) != (len(subject.loaded),):
        raise Wrong(
            f"Labels are {given.dtype} {list(given.shape)}; int64 [{len(subject.loaded)}] is wanted.",
            subject.place,
        )
    low, high = int(given.min()), int(given.max())
    if names and (low < 0 or high >= len(names)):
        raise Wrong(f"Labels run from {low} to {high}, and there are {len(names)} classes.", subject.place)
    if not names:
        raise Wrong("There are labels, but the spec names no classes.", subject.place)
    return f"Labels name {len(names)} classes."


def notes(subject: SourceSubject) -> str:
    """Check that notes are sentences."""
    if subject.asked:
        return _LATER
    for note in subject.loaded.notes:
        if not isinstance(note, str) or not note.strip().endswith((".", "!", "…")):
            raise Wrong(f"A note is a whole sentence for the user; one is {note!r}.", subject.place)
    return f"{len(subject.loaded.notes)} notes." if subject.loaded.notes else "There is nothing to note."


def deterministic(subject: SourceSubject) -> str:
    """Check that loading twice gives the same."""
    if subject.asked:
        return _LATER
    first, second = subject.loaded.tensors(), subject.load().tensors()
    for one, other in zip(first, second, strict=True):
        if (one is None) != (other is None) or (
            one is not None and other is not None and not torch.equal(one.nan_to_num(), other.nan_to_num())
        ):
            raise Wrong(
                "Loaded twice, the data differs. Draw with a torch.Generator of its own, with a fixed "
                "seed, and sort "
                "the files of a folder.",
                subject.place,
            )
    return "Loaded twice, it is the same."


_LATER = "Not looked at, as nothing was loaded; pass settings= to the check."


def _check_images(subject: SourceSubject, images: Tensor, spec: ImageSpec, name: str, crop: int) -> None:
    shape = tuple(images.shape[1:])
    # Of images that are cut while they are fed, the spec describes the squares.
    fits = shape[:1] == spec.shape[:1] and min(shape[1:] or (0,)) >= crop if crop else shape == spec.shape
    if images.dtype != torch.uint8 or not fits:
        raise Wrong(
            f"{name} are {images.dtype} {list(images.shape)}; the spec says uint8 [N, {spec.channels}, "
            f"{spec.height}, "
            f"{spec.width}].",
            subject.place,
        )


def _check_points(subject: SourceSubject, points: Tensor, spec: PointSpec) -> None:
    if points.dtype != torch.float32 or points.ndim != 2 or points.shape[1] != spec.dimensions:
        raise Wrong(
            f"values are {points.dtype} {list(points.shape)}; the spec says float32 [N, {spec.dimensions}].",
            subject.place,
        )
    if not bool(torch.isfinite(points).all()):
        raise Wrong(
            "Some points are not finite numbers; leave them out, and say so in a note.", subject.place
        )


def _check_rows(subject: SourceSubject, rows: Tensor, spec: TableSpec) -> None:
    if rows.dtype != torch.float32 or rows.ndim != 2 or rows.shape[1] != len(spec.columns):
        raise Wrong(
            f"values are {rows.dtype} {list(rows.shape)}; the spec says float32 [N, {len(spec.columns)}].",
            subject.place,
        )
    for place, column in enumerate(spec.columns):
        codes = rows[:, place]
        if not column.categorical:
            wrong = bool(codes.isinf().any()) or (bool(codes.isnan().any()) and not column.missing)
        else:
            wrong = not torch.isin(codes, torch.arange(len(column.categories)).float()).all()
        if wrong:
            what = "category" if column.categorical else "value"
            raise Wrong(
                f"Column {column.name} holds numbers that are no {what} of it: categories are "
                "counted from 0, and cells are NaN only where missing is above 0.",
                subject.place,
            )


CHECKS: tuple[Check[SourceSubject], ...] = (
    common.WORDS,
    common.SETTINGS,
    Check(
        "loads",
        "It gives the kind of data that gives names, or asks for something in a sentence.",
        loads,
        ("settings",),
    ),
    Check("values", "Shape and type of the values are those of the spec.", values, ("loads",)),
    Check("labels", "Labels are int64, one for each sample, each a class.", labels, ("loads",)),
    Check("notes", "Notes are whole sentences.", notes, ("loads",)),
    Check("deterministic", "Loaded twice, the data is the same.", deterministic, ("values",)),
)
