"""The metrics of features, held against closed forms, against torchmetrics, and against what must be."""

import math
import warnings

import pytest
import torch
from torch import Tensor, nn
from torchmetrics.image.fid import FrechetInceptionDistance
from torchmetrics.image.inception import InceptionScore
from torchmetrics.image.kid import poly_mmd

from ganstudio.api import FeatureMetric, Features, Score
from ganstudio_plugins import feature_distances as distances
from ganstudio_plugins import feature_manifolds as manifolds
from ganstudio_plugins import feature_metrics as metrics

WIDTH = 8


def normal(count: int, seed: int, mean: float = 0.0, scale: float = 1.0) -> Tensor:
    return torch.randn(count, WIDTH, generator=torch.Generator().manual_seed(seed)) * scale + mean


def clusters(count: int, seed: int, among: int = 4, of: int = 4) -> tuple[Tensor, Tensor]:
    """Return points around the first ``among`` of ``of`` centres far apart, and which is whose."""
    labels = torch.arange(count) % among
    # Spread in two dimensions alone, so that a few hundred points have neighbours all around them.
    noise = normal(count, seed) * 0.3 * (torch.arange(WIDTH) >= WIDTH - 2)
    return noise + 10 * torch.eye(of, WIDTH)[labels], labels


def figure(metric: FeatureMetric, made: Features, real: Features, name: str) -> Score:
    found = metric.compare(made, real)[name]
    assert isinstance(found, Score)
    return found


# --- Fréchet distance ------------------------------------------------------------------------------


def test_frechet_distance_is_its_closed_form_on_gaussians() -> None:
    made, real = normal(20_000, 1, mean=0.5, scale=1.5), normal(20_000, 2)
    closed = WIDTH * (0.5**2 + (1.5 - 1) ** 2)
    assert distances.frechet(made, distances.Moments.of(real)).value == pytest.approx(closed, rel=0.03)


def test_frechet_distance_is_that_of_torchmetrics() -> None:
    class AsTheyAre(nn.Module):
        num_features = WIDTH

        def forward(self, values: Tensor) -> Tensor:
            return values

    turn = torch.randn(WIDTH, WIDTH, generator=torch.Generator().manual_seed(3))
    made, real = normal(300, 1) @ turn, normal(500, 2, mean=0.2)
    theirs = FrechetInceptionDistance(AsTheyAre(), normalize=False).set_dtype(torch.float64)
    theirs.update(made, real=False)
    theirs.update(real, real=True)
    ours = distances.frechet(made, distances.Moments.of(real)).value
    assert ours == pytest.approx(float(theirs.compute()), rel=1e-4)


def test_the_interval_of_the_frechet_distance_is_as_wide_as_it_varies() -> None:
    moments = distances.Moments.of(normal(5000, 0))
    found = [distances.frechet(normal(500, seed, 0.3, 1.3), moments) for seed in range(1, 41)]
    varies = float(torch.tensor([each.value for each in found]).std())
    told = sum((each.high - each.low) / 2 / distances.NORMAL for each in found) / len(found)
    assert told == pytest.approx(varies, rel=0.35)


def test_fewer_samples_than_dimensions_have_a_distance_too() -> None:
    found = distances.frechet(normal(5, 1), distances.Moments.of(normal(6, 2)))
    assert math.isfinite(found.value)
    assert found.low <= found.value <= found.high


# --- Kernel distance -------------------------------------------------------------------------------


def test_kernel_distance_is_that_of_torchmetrics() -> None:
    made, real = normal(400, 1, 0.1), normal(400, 2)
    assert distances.kernel_distance(made, real).value == pytest.approx(
        float(poly_mmd(real.double(), made.double())), rel=1e-4
    )


@pytest.mark.parametrize("count", [500, 5000])
@pytest.mark.parametrize("apart", [0.0, 0.3], ids=["alike", "apart"])
def test_kernel_distance_is_unbiased_within_its_interval(count: int, apart: float) -> None:
    # k(a, b) = (a·b / D + 1)³ has these means over independent standard normal a, b, moved by m each.
    def mean(first: float, second: float) -> float:
        dot = first * second
        square = 1 / WIDTH + (first**2 + second**2) / WIDTH + dot**2
        third = dot**3 + 3 * dot / WIDTH + 3 * dot * (first**2 + second**2) / WIDTH + 6 * dot / WIDTH**2
        return third + 3 * square + 3 * dot + 1

    truth = mean(apart, apart) + mean(0, 0) - 2 * mean(apart, 0)
    found = distances.kernel_distance(normal(count, 5, apart), normal(count, 6))
    assert found.low <= truth <= found.high
    assert found.high - found.low < (0.5 if count == 500 else 0.15)


def test_kernel_distance_of_too_few_samples_says_so() -> None:
    with pytest.raises(ValueError, match="at least 20"):
        distances.kernel_distance(normal(19, 1), normal(100, 2))


# --- Shares ----------------------------------------------------------------------------------------


def test_real_against_real_is_near_nothing_and_noise_is_far() -> None:
    data, _ = clusters(1000, 1)
    real, alike, noise = (Features(each) for each in (data, clusters(1000, 2)[0], normal(1000, 3) * 20))
    for metric in (metrics.FID(), metrics.KID()):
        (name,) = metric.figures
        near, far = figure(metric, alike, real, name), figure(metric, noise, real, name)
        assert far.low > 50 * max(near.high, 1e-3)
    for metric, name in (
        (metrics.PrecisionRecall(), "precision"),
        (metrics.DensityCoverage(), "density"),
        (metrics.DensityCoverage(), "coverage"),
    ):
        assert figure(metric, alike, real, name).value > 0.9
        assert figure(metric, noise, real, name).value < 0.05
    assert figure(metrics.PrecisionRecall(), alike, real, "recall").value > 0.9


def test_recall_of_half_of_the_classes_is_a_half() -> None:
    real, half = Features(clusters(1000, 1)[0]), Features(clusters(1000, 2, among=2)[0])
    found = metrics.PrecisionRecall().compare(half, real)
    recall, precision = found["recall"], found["precision"]
    assert isinstance(recall, Score)
    assert isinstance(precision, Score)
    assert recall.value == pytest.approx(0.5, abs=0.05)
    assert precision.value > 0.9
    assert figure(metrics.DensityCoverage(), half, real, "coverage").value == pytest.approx(0.5, abs=0.05)


@pytest.mark.parametrize(
    ("number", "count", "low", "high"),
    [(5, 10, 0.2366, 0.7634), (0, 20, 0.0, 0.1611), (20, 20, 0.8389, 1.0)],
    ids=["a half", "none", "all"],
)
def test_shares_have_the_interval_of_wilson(number: int, count: int, low: float, high: float) -> None:
    found = manifolds.share(number, count)
    assert (found.low, found.high) == pytest.approx((low, high), abs=1e-3)


# --- The others ------------------------------------------------------------------------------------


def test_the_class_score_is_that_of_torchmetrics() -> None:
    class AsTheyAre(nn.Module):
        def forward(self, values: Tensor) -> Tensor:
            return values

    logits = normal(600, 1, scale=3)
    with warnings.catch_warnings(action="ignore"):
        theirs = InceptionScore(AsTheyAre(), splits=1)
        theirs.update(logits)
        expected = float(theirs.compute()[0])
    ours = figure(metrics.ClassScore(), Features(logits, logits), Features(logits), "IS")
    assert ours.value == pytest.approx(expected, rel=1e-4)
    assert ours.low < ours.value < ours.high


def test_without_logits_there_is_no_class_score() -> None:
    assert metrics.ClassScore().compare(Features(normal(10, 1)), Features(normal(10, 2))) == {}


def test_diversity_is_that_of_the_real_samples_and_falls_with_the_spread() -> None:
    real = Features(normal(500, 1))
    assert figure(metrics.Diversity(), Features(normal(500, 2)), real, "diversity").value == pytest.approx(
        1, abs=0.05
    )
    half = figure(metrics.Diversity(), Features(normal(500, 2, scale=0.5)), real, "diversity")
    assert half.low < 0.5 < half.high


def test_classes_tell_accuracy_and_how_varied_each_is() -> None:
    values, labels = clusters(400, 1)
    logits = torch.nn.functional.one_hot(labels, 4).float()
    asked = torch.where(torch.arange(400) < 100, (labels + 1) % 4, labels)
    found = metrics.Classes().compare(Features(values, logits, asked), Features(values, logits, labels))
    accuracy = found["label_accuracy"]
    assert isinstance(accuracy, Score)
    assert accuracy.value == 0.75
    same = metrics.Classes().compare(Features(values, logits, labels), Features(values, logits, labels))
    assert same["class_diversity"] == pytest.approx(1)


def test_copies_have_the_training_images_for_neighbours() -> None:
    real = Features(normal(800, 1))
    copied = figure(metrics.NearestNeighbour(), Features(real.values[:200]), real, "nearest")
    held_out = figure(metrics.NearestNeighbour(), Features(normal(200, 2)), real, "nearest")
    assert copied.value == pytest.approx(0, abs=0.01)
    assert held_out.value == pytest.approx(1, abs=0.1)
    assert held_out.low < held_out.value < held_out.high


def test_other_real_samples_are_computed_anew() -> None:
    metric, made = metrics.FID(), Features(normal(300, 1))
    near, far = Features(normal(300, 2)), Features(normal(300, 2, mean=5))
    first = figure(metric, made, near, "FID").value
    assert figure(metric, made, far, "FID").value > 100
    assert figure(metric, made, near, "FID").value == first
