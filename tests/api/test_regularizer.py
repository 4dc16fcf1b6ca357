from collections.abc import Callable

import pytest
import torch
from torch import Tensor, nn

from ganstudio.api import Discriminate

torch.manual_seed(0)


class Counted(nn.Module):
    """A smooth discriminator of 3-vectors that counts its passes, with any way to return its logits."""

    def __init__(self, head: Callable[[Tensor], Tensor] = lambda logits: logits) -> None:
        super().__init__()
        self.body = nn.Sequential(nn.Linear(3, 8), nn.Tanh(), nn.Linear(8, 4))
        self.head = head
        self.passes = 0

    def forward(self, samples: Tensor) -> Tensor:
        self.passes += 1
        return self.head(self.body(samples))


HEADS = {
    "new": lambda logits: logits.sum(1, keepdim=True),
    "flattened": lambda logits: logits.sum(1).view(-1, 1),
    "a column of more": lambda logits: logits[:, :1],
    "a column, flat": lambda logits: logits[:, 2],
}
heads = pytest.mark.parametrize("head", HEADS.values(), ids=HEADS)


def halves() -> tuple[Tensor, Tensor]:
    return torch.randn(5, 3, requires_grad=True), torch.randn(5, 3, requires_grad=True)


def expected_gradient(network: nn.Module, samples: Tensor) -> Tensor:
    """Each sample's gradient, one sample at a time."""
    gradients = []
    for sample in samples.detach():
        one = sample.unsqueeze(0).requires_grad_()
        gradients.append(torch.autograd.grad(network(one).sum(), one)[0])
    return torch.cat(gradients)


@heads
@pytest.mark.parametrize("joint", [True, False], ids=["one pass", "two passes"])
def test_gradients_are_those_of_each_samples_own_logit(head: Callable, joint: bool) -> None:
    network = Counted(head)
    real, fake = halves()
    logits = torch.split(network(torch.cat([real, fake])), 5) if joint else (network(real), network(fake))
    discriminate = Discriminate(network, {real: logits[0], fake: logits[1]})
    passes = network.passes
    for samples in (fake, real):
        torch.testing.assert_close(discriminate.gradient(samples), expected_gradient(network, samples))
    norms = discriminate.gradient_square_norm(real)
    torch.testing.assert_close(norms, expected_gradient(network, real).square().sum(1))
    assert network.passes == passes + 3 * 5  # only those of the expectation


@heads
def test_samples_of_its_own_are_passed_through_the_network(head: Callable) -> None:
    network = Counted(head)
    real, fake = halves()
    discriminate = Discriminate(network, {real: network(real), fake: network(fake)})
    between = torch.lerp(real.detach(), fake.detach(), 0.5).requires_grad_()
    torch.testing.assert_close(discriminate.gradient(between), expected_gradient(network, between))


def test_known_samples_cost_no_pass() -> None:
    network = Counted()
    real, fake = halves()
    known = {real: network(real), fake: network(fake)}
    discriminate = Discriminate(network, known)
    assert discriminate(real) is known[real]
    assert discriminate(fake) is known[fake]
    assert network.passes == 2
    assert discriminate(real.clone()).shape == (5, 4)
    assert network.passes == 3


def test_a_gradient_is_computed_once_for_every_regularizer() -> None:
    real, fake = halves()
    network = Counted(HEADS["new"])
    logits = torch.split(network(torch.cat([real, fake])), 5)
    discriminate = Discriminate(network, {real: logits[0], fake: logits[1]})
    assert discriminate.gradient(real) is discriminate.gradient(real)
    assert discriminate.gradient(fake) is discriminate.gradient(fake)


def test_a_penalty_on_a_gradient_reaches_the_weights() -> None:
    real, _fake = halves()
    network = Counted(HEADS["new"])
    Discriminate(network, {real: network(real)}).gradient_square_norm(real).mean().backward()
    assert all(p.grad is not None for p in [network.body[0].weight, network.body[2].weight])


def test_the_slope_of_packed_samples_is_that_of_the_pack() -> None:
    weights = torch.tensor([[1.0, 2.0, 3.0, 4.0]])
    samples = torch.randn(6, 2, requires_grad=True)
    logits = samples.reshape(3, 4) @ weights.T
    discriminate = Discriminate(lambda x: x.reshape(3, 4) @ weights.T, {samples: logits}, packing=2)
    torch.testing.assert_close(discriminate.gradient_square_norm(samples), torch.full((3,), 30.0))
