"""Inspection: looks at the data of an experiment before anything is trained on it.

It reads the data once, counts, compares and picks examples. It knows nothing of training and of windows.
"""

import math
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import cast

import numpy as np
import torch
from torch import Tensor

from ganstudio.api import (
    DataSource,
    InputError,
    LoadedData,
    PairedSpec,
    PointSpec,
    Report,
    StudioError,
    TableColumn,
    TableSpec,
    UnpairedSpec,
)
from ganstudio.api.data import spec_from_dict, spec_kind, spec_to_dict
from ganstudio.data_report import DataReport, Looked
from ganstudio.experiment import Experiment, ExperimentError
from ganstudio.registry import Registry
from ganstudio.resolve import resolve
from ganstudio.two_kinds import all_samples, beside, taken

EXAMPLES = {"images": 100, "points": 4000, "tables": 1000}
"""Samples shown of the whole."""
OF_CLASS = {"images": 36, "points": 500, "tables": 200}
"""Samples shown of one class, fewer where there are many classes."""
_OF_ALL_CLASSES = {"images": 1500, "points": 20_000, "tables": 20_000}
_GROUPS = {UnpairedSpec: "domains", TableSpec: "categories"}
"""What samples are counted by, where that is not classes."""
_AT_ONCE = 4096
"""Samples that are looked at between two reports of progress."""


def inspect(experiment: Experiment, registry: Registry, report: Report) -> DataReport:
    """Read the data that ``experiment`` names and say what is in it.

    ``report`` is called between any two parts of the work; what it raises ends the work. Raises
    ``InputError`` when the data was asked for wrongly or cannot be had. What is wrong elsewhere in the
    experiment does not matter here.
    """
    began = time.perf_counter()
    source = make_source(experiment, registry)
    report(f"Loading {source.title}", None)
    data = source.load(report)
    if not isinstance(data, LoadedData):
        name = type(source).__name__
        raise StudioError(f"{name}.load returns a {type(data).__name__}; it is to return LoadedData.")
    if not len(data):
        raise InputError(f"{source.title} has nothing to show: there is not one sample in it.")
    samples = all_samples(data)
    moments = _Moments.of(samples, report)
    copies, copied = _find_copies(samples, report)
    report("Choosing examples", None)
    return DataReport(
        source=source.title or type(source).__name__,
        kind=_kind(data),
        spec=spec_to_dict(data.spec),
        described=data.spec.describe(),
        count=sum(len(part) for part in samples),
        shape=tuple(data.values.shape[1:]),
        low=moments.low,
        high=moments.high,
        mean=moments.mean,
        spread=moments.spread,
        memory=sum(tensor.nbytes for tensor in data.tensors() if tensor is not None),
        examples=_examples(data),
        of_class=_of_each_class(data),
        classes=_count_classes(data),
        groups=_GROUPS.get(type(data.spec), "classes"),
        centres=data.spec.centres if isinstance(data.spec, PointSpec) else (),
        copies=copies,
        copied=_shown(taken(samples, torch.tensor(copied)[: EXAMPLES[_kind(data)]])) if copied else None,
        # A cell of a table may well be empty.
        not_finite=0 if isinstance(data.spec, TableSpec) else moments.not_finite,
        notes=tuple(data.notes),
        unreadable=tuple((name, reason) for name, reason in data.unreadable),
        columns=tuple(data.columns),
        table=data.spec.columns if isinstance(data.spec, TableSpec) else (),
        found=tuple(data.found),
        held_out=sum(len(part) for part in data.held_out),
        seconds=time.perf_counter() - began,
    )


def objections(experiment: Experiment, registry: Registry, report: DataReport) -> tuple[str, ...]:
    """Return why the experiment cannot be trained on the data that was reported, a sentence each."""
    try:
        resolve(experiment, registry).check_data(spec_from_dict(dict(report.spec)))
    except ExperimentError as error:
        return tuple(problem.sentence for problem in error.problems)
    except InputError as error:
        return (str(error),)
    return ()


def make_source(experiment: Experiment, registry: Registry) -> DataSource:
    """Return the experiment's data source; raises ``InputError`` where it was chosen wrongly."""
    try:
        return resolve(experiment, registry).source
    except ExperimentError as error:
        wrong = [problem for problem in error.problems if problem.path.partition(".")[0] == "data"]
        if wrong:
            raise ExperimentError(wrong) from error
    cls = cast("type[DataSource]", registry.get("data", experiment.data.kind))
    return cls(cls.Settings.model_validate(dict(experiment.data.settings)))


@dataclass(frozen=True)
class _Moments:
    """Range, mean and standard deviation of each channel; what is not finite is left out."""

    low: float
    high: float
    mean: tuple[float, ...]
    spread: tuple[float, ...]
    not_finite: int

    @classmethod
    def of(cls, samples: Sequence[Tensor], report: Report) -> "_Moments":
        of_bytes = samples[0].dtype == torch.uint8
        return cls._of_bytes(samples, report) if of_bytes else cls._of_floats(samples, report)

    @classmethod
    def _of_bytes(cls, samples: Sequence[Tensor], report: Report) -> "_Moments":
        """Count how often each of the 256 values occurs: ten times as fast as sums of floats."""
        counts = torch.zeros(samples[0].shape[1], 256, dtype=torch.int64)
        for part in _parts(samples, "Measuring the values", report):
            for channel in range(len(counts)):
                counts[channel] += torch.bincount(part[:, channel].reshape(-1), minlength=256)
        shades = torch.arange(256, dtype=torch.float64)
        shares = counts.double() / counts.sum(1, keepdim=True)
        mean = shares @ shades
        spread = (shares * (shades - mean[:, None]).square()).sum(1).sqrt()
        seen = counts.sum(0).nonzero()
        return cls(float(seen.min()), float(seen.max()), _floats(mean), _floats(spread), 0)

    @classmethod
    def _of_floats(cls, samples: Sequence[Tensor], report: Report) -> "_Moments":
        channels = samples[0].shape[1]
        total, squares, seen = (torch.zeros(channels, dtype=torch.float64) for _ in range(3))
        low, high, not_finite = math.inf, -math.inf, 0
        for part in _parts(samples, "Measuring the values", report):
            # [channels, all values of the channel]
            numbers = part.double().movedim(1, 0).reshape(channels, -1)
            good = torch.isfinite(numbers)
            not_finite += int((~torch.isfinite(part).flatten(1).all(1)).sum())
            low = min(low, float(torch.where(good, numbers, math.inf).min()))
            high = max(high, float(torch.where(good, numbers, -math.inf).max()))
            kept = torch.where(good, numbers, 0.0)
            total += kept.sum(1)
            squares += kept.square().sum(1)
            seen += good.sum(1)
        mean = total / seen.clamp(min=1)
        spread = (squares / seen.clamp(min=1) - mean.square()).clamp(min=0).sqrt()
        if low > high:
            low = high = math.nan
        return cls(low, high, _floats(mean), _floats(spread), not_finite)


def _find_copies(samples: Sequence[Tensor], report: Report) -> tuple[int, list[int]]:
    """Return how many samples equal an earlier one, and where those that do occur first, in order."""
    first: dict[bytes, int] = {}
    copied: dict[int, None] = {}
    copies = place = 0
    for part in _parts(samples, "Looking for duplicates", report):
        rows = part.contiguous().numpy().reshape(len(part), -1).view(np.uint8)
        for row in rows:
            # Among a billion samples, two that differ share a digest of 128 bits with a chance of 10^-21.
            earlier = first.setdefault(blake2b(row.data, digest_size=16).digest(), place)
            if earlier != place:
                copies += 1
                copied[earlier] = None
            place += 1
    return copies, sorted(copied)


def _examples(data: LoadedData) -> Looked:
    """Return samples at random; of pairs, and of two domains, one of each kind beside each other."""
    chance, wanted = _chance(), EXAMPLES[_kind(data)]
    order = torch.randperm(len(data), generator=chance)
    if data.other is None:
        return _pick(data, order[:wanted])
    # Of pairs the partner, of another domain whichever comes.
    paired = isinstance(data.spec, PairedSpec)
    others = order if paired else torch.randperm(len(data.other), generator=chance)
    count = min(len(order), len(others), wanted)
    return _shown(beside(data.values[order[:count]], data.other[others[:count]]))


def _of_each_class(data: LoadedData) -> dict[int, Looked]:
    kind = _kind(data)
    if isinstance(data.spec, UnpairedSpec):
        return {number: _some(part, OF_CLASS[kind]) for number, part in enumerate(_domains(data))}
    labels = _labels(data)
    if labels is None:
        return {}
    found = [int(label) for label in torch.unique(labels)]
    wanted = max(1, min(OF_CLASS[kind], _OF_ALL_CLASSES[kind] // max(1, len(found))))
    chance = _chance()
    picked = {}
    for label in found:
        places = (labels == label).nonzero().flatten()
        order = torch.randperm(len(places), generator=chance)
        picked[label] = _pick(data, places[order[:wanted]])
    return picked


def _count_classes(data: LoadedData) -> tuple[tuple[str, int], ...]:
    if isinstance(data.spec, UnpairedSpec):
        return tuple((name, len(part)) for name, part in zip(data.spec.names, _domains(data), strict=True))
    labels = _labels(data)
    if labels is None:
        return ()
    names = (
        _target(data).categories if isinstance(data.spec, TableSpec) else getattr(data.spec, "classes", ())
    )
    counts = torch.bincount(labels.flatten(), minlength=len(names)).tolist()
    named = [*names, *(str(number) for number in range(len(names), len(counts)))]
    return tuple(zip(named, counts, strict=True))


def _labels(data: LoadedData) -> Tensor | None:
    """Return the class of each sample; of a table that is the category of its target."""
    if not isinstance(data.spec, TableSpec):
        return data.labels
    place = data.spec.target_column
    if place is None or not data.spec.columns[place].categorical:
        return None
    return data.values[:, place].long()


def _target(data: LoadedData) -> TableColumn:
    assert isinstance(data.spec, TableSpec)
    place = data.spec.target_column
    assert place is not None
    return data.spec.columns[place]


def _pick(data: LoadedData, places: Tensor | list[int]) -> Looked:
    """Return the samples at ``places`` as arrays that share nothing with the data."""
    index = torch.as_tensor(places)[: EXAMPLES[_kind(data)]]
    labels = () if data.labels is None else tuple(data.labels[index].tolist())
    return _shown(data.values[index], labels)


def _some(images: Tensor, count: int) -> Looked:
    return _shown(images[torch.randperm(len(images), generator=_chance())[:count]])


def _shown(values: Tensor, labels: tuple[int, ...] = ()) -> Looked:
    if values.ndim == 4:
        values = values.permute(0, 2, 3, 1)
    return Looked(values.contiguous().numpy().copy(), labels)


def _kind(data: LoadedData) -> str:
    """Return what one sample is: ``images`` also where there are two kinds of them."""
    return "images" if data.other is not None else spec_kind(type(data.spec))


def _domains(data: LoadedData) -> tuple[Tensor, Tensor]:
    assert data.other is not None
    return data.values, data.other


def _parts(samples: Sequence[Tensor], what: str, report: Report) -> Iterable[Tensor]:
    count, done = sum(len(values) for values in samples), 0
    for values in samples:
        for part in torch.split(values, _AT_ONCE):
            report(what, done / count)
            done += len(part)
            yield part


def _chance() -> torch.Generator:
    """Return a source of chance of its own, so that looking never changes what a training draws."""
    return torch.Generator().manual_seed(0)


def _floats(values: Tensor) -> tuple[float, ...]:
    return tuple(values.tolist())
