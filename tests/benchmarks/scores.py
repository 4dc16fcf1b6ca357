"""Rows about scores: what they cost of the training time, and the figures by which they are checked."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import torch
from torch import Tensor

from ganstudio import launch
from ganstudio.api import Features, LoadedData, Score
from ganstudio.api.events import Finished, ScoreRecord
from ganstudio.experiment import Experiment
from ganstudio.registry import Registry
from ganstudio.training.controls import Controls
from ganstudio_plugins import feature_distances as distances
from ganstudio_plugins import feature_metrics as metrics
from ganstudio_plugins.digits import Digits
from ganstudio_plugins.studio_extractor import StudioExtractor
from tests.benchmarks.measure import Row

PRESET = "mnist-dcgan"
SHARE = 0.05


def rows(registry: Registry) -> Iterator[Row]:
    """Measure and yield every row of this file; the first trains a preset to its end."""
    yield from _cost(registry)
    yield _closed_form()
    yield from _kernel()
    yield from _on_digits()


def _quiet(what: str, share: float | None = None) -> None:
    pass


def _cost(registry: Registry) -> Iterator[Row]:
    """Return what scores cost of the preset's own training time, the extractor's training among it."""
    experiment = Experiment.from_dict(registry.presets[PRESET])
    with tempfile.TemporaryDirectory() as folder:
        request = launch.Request(experiment, "cpu", Path(folder) / "run")
        events = list(launch.train(launch.prepare(request, registry, Controls(), _quiet)))
    total = next(event.seconds for event in events if isinstance(event, Finished))
    records = [event for event in events if isinstance(event, ScoreRecord)]
    dear = [event for event in records if event.intervals]
    vital = sum(event.seconds for event in records if not event.intervals)
    spent = sum(event.seconds for event in dear)
    each = ", ".join(f"{event.seconds:.1f} s" for event in dear) or "none fitted"
    yield Row(
        f"scores in feature space, of the training time of {PRESET} ({total:.0f} s)",
        f"{spent / total:.1%}",
        f"≤ {SHARE:.0%}",
        spent / total <= SHARE,
        each,
    )
    yield Row(f"vital signs at {len(records) - len(dear)} previews of it", f"{vital / total:.2%}", "", None)


def _closed_form() -> Row:
    width, count = 16, 20_000
    made, real = (_normal(count, width, seed) for seed in (1, 2))
    found = distances.frechet(made * 1.5 + 0.5, distances.Moments.of(real)).value
    closed = width * (0.5**2 + 0.5**2)
    apart = abs(found / closed - 1)
    return Row("FID of Gaussians against its closed form", f"{found:.3f}, {closed:g}", "≤ 3 %", apart <= 0.03)


def _kernel() -> Iterator[Row]:
    for count in (500, 5000):
        found = distances.kernel_distance(_normal(count, 16, 5), _normal(count, 16, 6))
        yield Row(
            f"KID of {count} samples of one Gaussian", _told(found), "0 within", found.low <= 0 <= found.high
        )


def _on_digits() -> Iterator[Row]:
    data = Digits().load(_quiet)
    assert data.labels is not None
    extractor = StudioExtractor()
    with tempfile.TemporaryDirectory() as folder:
        extractor.prepare(data, Path(folder), _quiet)
    yield Row("held-out accuracy of the studio extractor on digits", f"{extractor.accuracy:.1%}", "", None)
    order = torch.randperm(len(data), generator=torch.Generator().manual_seed(0))
    first, second = order[:2000], order[2000:4000]
    real = _features(extractor, data, second)
    few = order[2000:][data.labels[order[2000:]] < 5][:2000]
    noise = torch.rand(2000, *data.values.shape[1:], generator=torch.Generator().manual_seed(1)) * 2 - 1
    against = {
        "real": _features(extractor, data, first),
        "half of the classes": _features(extractor, data, few),
        "noise": extractor.features(noise),
    }
    for name, made in against.items():
        for metric in (metrics.FID(), metrics.KID(), metrics.PrecisionRecall(), metrics.DensityCoverage()):
            for figure, score in metric.compare(made, real).items():
                assert isinstance(score, Score)
                yield Row(f"{figure} (studio) of {name} against real digits", _told(score), "", None)


def _features(extractor: StudioExtractor, data: LoadedData, index: Tensor) -> Features:
    return extractor.features(data.values[index].float().mul_(2 / 255).sub_(1))


def _normal(count: int, width: int, seed: int) -> Tensor:
    return torch.randn(count, width, generator=torch.Generator().manual_seed(seed))


def _told(score: Score) -> str:
    return f"{score.value:.4g} ({score.low:.4g} to {score.high:.4g})"
