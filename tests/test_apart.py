"""Random numbers beside a training, which it never notices."""

from collections.abc import Callable

import pytest
import torch
from torch import nn

from ganstudio.apart import OwnRandomness

DRAWS: dict[str, Callable[[], object]] = {
    "layers": lambda: nn.Sequential(nn.Conv2d(2, 3, 3), nn.Linear(2, 3), nn.Embedding(3, 3)),
    "init": lambda: nn.init.orthogonal_(torch.empty(3, 3)),
    "spectral norm": lambda: nn.utils.parametrizations.spectral_norm(nn.Linear(2, 3)),
    "numbers": lambda: (torch.rand(3), torch.randn(2, 2), torch.randperm(4), torch.randint(1, 9, (3,))),
    "like": lambda: (torch.rand_like(torch.zeros(3)), torch.randint_like(torch.zeros(3), 1, 9)),
    "in place": lambda: torch.zeros(3).exponential_(),
    "dropout": lambda: nn.functional.dropout(torch.ones(8)),
}


@pytest.mark.parametrize("draw", DRAWS.values(), ids=DRAWS.keys())
def test_the_numbers_of_the_process_stay_as_they_are(draw: Callable[[], object]) -> None:
    before = torch.get_rng_state()
    draw()
    assert not torch.equal(before, torch.get_rng_state())
    before = torch.get_rng_state()
    with OwnRandomness():
        draw()
    assert torch.equal(before, torch.get_rng_state())


def test_the_same_seed_draws_the_same() -> None:
    drawn = []
    for _ in range(2):
        with OwnRandomness(5):
            drawn.append(torch.randn(4))
    assert torch.equal(*drawn)
    assert len(set(drawn[0].tolist())) == 4


def test_a_generator_that_is_given_is_used() -> None:
    with OwnRandomness():
        drawn = torch.randn(4, generator=torch.Generator().manual_seed(1))
    assert torch.equal(drawn, torch.randn(4, generator=torch.Generator().manual_seed(1)))
