from collections.abc import Iterator

import pytest
import torch
from torch import nn

from ganstudio.api import Batch, DataSpec, Update
from ganstudio.training.ema import MovingAverage
from tests.training.support import Numbers, copies, same, trained


class Averaged(Numbers):
    """One weight that a learning rate of 1 moves by 1 a step, and a buffer that counts."""

    ema = ("first",)

    def build(self, data: DataSpec) -> None:
        super().build(data)
        self.first.register_buffer("seen", torch.zeros(1))
        nn.init.zeros_(self.first.weight)

    def training_step(self, batches: Iterator[Batch]) -> Iterator[Update]:
        self.first.seen += 1
        yield Update(self.first, -self.first.weight.sum())


def built() -> tuple[Averaged, MovingAverage]:
    architecture = Averaged()
    architecture.build(None)
    return architecture, MovingAverage(architecture)


@pytest.mark.parametrize("decay", [0.0, 0.05, 0.5, 0.999])
def test_follows_its_formula_from_the_first_step(decay: float) -> None:
    architecture, average = built()
    expected = 0.0
    for step in range(20):
        with torch.no_grad():
            architecture.first.weight.fill_(step**1.5)
        average.update(step, decay)
        d = min(decay, (1 + step) / (10 + step))
        expected = d * expected + (1 - d) * step**1.5
        assert float(average.networks["first"].weight) == pytest.approx(expected, rel=1e-5)


def test_a_decay_of_nothing_is_the_weights_themselves() -> None:
    trainer = trained(Averaged(), ema_decay=0.0, steps=5)
    assert same(copies(trainer.average.networks["first"]), copies(trainer.architecture.first))


@pytest.mark.parametrize("looks", [False, True], ids=["unseen", "looked at"])
def test_a_decay_that_begins_later_begins_at_the_weights(looks: bool) -> None:
    architecture, average = built()
    for step, decay in enumerate([0.0, 0.0, 0.5, 0.5]):
        with torch.no_grad():
            architecture.first.weight.fill_(step + 1.0)
        average.update(step + 100, decay)
        if looks:
            assert average.networks
    # From 3, the weight when it began, half way to 4.
    assert float(average.networks["first"].weight) == 3.5


def test_buffers_are_copied_not_averaged() -> None:
    trainer = trained(Averaged(), ema_decay=0.9, steps=5)
    assert float(trainer.average.networks["first"].seen) == 5


def test_only_the_named_networks_are_averaged() -> None:
    _architecture, average = built()
    assert list(average.networks) == ["first"]
    assert not average.networks["first"].training
    assert not any(p.requires_grad for p in average.networks["first"].parameters())


def test_is_lent_and_given_back() -> None:
    architecture, average = built()
    trained_network = architecture.first
    with average.applied(architecture) as lent:
        assert lent is architecture
        assert architecture.first is average.networks["first"]
        assert list(architecture.networks()) == ["first", "second"]
        assert not architecture.training
        assert not torch.is_grad_enabled()
    assert architecture.first is trained_network
    assert architecture.training
    assert trained_network.training
    assert not average.networks["first"].training
    assert torch.is_grad_enabled()


def test_is_given_back_after_a_failure() -> None:
    architecture, average = built()
    trained_network = architecture.first
    with pytest.raises(ZeroDivisionError), average.applied(architecture):
        assert 1 / 0
    assert architecture.first is trained_network
    assert architecture.training
