"""How a GAN is looked at: single samples judged among others, and where its loss draws samples."""

from typing import Any

import pytest
import torch

from ganstudio.api import Batch
from ganstudio.api.judge import MinibatchDiscrimination, MinibatchStandardDeviation
from ganstudio_plugins.losses import NonSaturating, RelativisticPairing
from tests.training.support import gan, ring


def built(**settings: Any):
    torch.manual_seed(5)
    made = gan(**settings)
    made.build(ring().spec)
    return made.eval()


def some(count: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(count, 2, generator=torch.Generator().manual_seed(seed))


def test_without_additions_it_is_what_the_discriminator_says() -> None:
    architecture, points = built(), some(9)
    torch.testing.assert_close(architecture.judge(points), architecture.discriminator(points)[:, 0])


@pytest.mark.parametrize(
    "settings",
    [{"packing": 2}, {"minibatch": "discrimination"}, {"minibatch": "standard deviation"}],
    ids=["packed", "compared", "deviation"],
)
def test_among_others_each_sample_is_judged_as_if_it_stood_alone_with_them(settings: dict[str, Any]) -> None:
    architecture, points, others = built(**settings), some(9), Batch(some(32, seed=1))
    together = architecture.judge(points, None, others)
    apart = torch.cat([architecture.judge(point[None], None, others) for point in points])
    torch.testing.assert_close(together, apart)
    elsewhere = architecture.judge(points, None, Batch(3 * others.real))
    assert not torch.allclose(together, elsewhere)


def test_closeness_among_others_is_that_of_one_more_in_the_batch() -> None:
    torch.manual_seed(0)
    layer = MinibatchDiscrimination(6, 4)
    one, others = torch.randn(1, 6), torch.randn(7, 6)
    torch.testing.assert_close(layer.among(one, others)[0], layer(torch.cat([one, others]))[0])


def test_deviation_among_others_is_that_of_one_in_a_group_of_them() -> None:
    layer = MinibatchStandardDeviation()
    torch.manual_seed(0)
    one, others = torch.randn(1, 6), torch.randn(3, 6)
    torch.testing.assert_close(layer.among(one, others)[0], layer(torch.cat([one, others]))[0])


@pytest.mark.parametrize("loss", [NonSaturating(), RelativisticPairing()], ids=["plain", "relativistic"])
def test_a_pull_is_the_slope_of_the_loss_by_a_small_move(loss: Any) -> None:
    architecture = built(loss=loss).double()
    points, real = some(4).double(), some(4, seed=2).double()
    pulls = architecture.pull(points, Batch(real))

    def at(moved: torch.Tensor) -> float:
        with torch.no_grad():
            real_logits = architecture.discriminator(real) if loss.relativistic else None
            return float(loss.generator_loss(architecture.discriminator(moved), real_logits))

    for number, axis in ((0, 0), (2, 1)):
        step = torch.zeros_like(points)
        step[number, axis] = 1e-6
        slope = (at(points + step) - at(points - step)) / 2e-6
        assert float(pulls[number, axis]) == pytest.approx(-4 * slope, rel=1e-4, abs=1e-8)


def test_noise_and_augmentation_do_not_enter() -> None:
    architecture = built(instance_noise=0.5)
    state = torch.get_rng_state()
    points = some(8)
    first, second = (architecture.pull(points, Batch(some(8, seed=1))) for _ in range(2))
    assert torch.equal(first, second)
    assert torch.equal(torch.get_rng_state(), state)
