import pytest
import torch
from torch import nn

from ganstudio.api import Optimizer
from ganstudio.training.optimizers import NetworkOptimizer


def network() -> nn.Linear:
    linear = nn.Linear(2, 1)
    nn.init.ones_(linear.weight)
    nn.init.zeros_(linear.bias)
    return linear


@pytest.mark.parametrize(
    ("kind", "expected", "betas"),
    [
        ("Adam", torch.optim.Adam, {"betas": (0.3, 0.7)}),
        ("RMSprop", torch.optim.RMSprop, {"alpha": 0.7}),
        ("SGD", torch.optim.SGD, {"momentum": 0.3}),
    ],
    ids=["Adam", "RMSprop", "SGD"],
)
def test_moves_as_the_rule_of_that_name_does(kind: str, expected: type, betas: dict) -> None:
    ours, theirs = network(), network()
    settings = Optimizer(kind=kind, learning_rate=0.1, beta1=0.3, beta2=0.7, weight_decay=0.01)
    rules = [
        NetworkOptimizer(ours, settings).rule,
        expected(theirs.parameters(), lr=0.1, weight_decay=0.01, **betas),
    ]
    for step in range(3):
        for linear, rule in zip((ours, theirs), rules, strict=True):
            rule.zero_grad()
            linear(torch.tensor([[1.0, step]])).square().sum().backward()
            rule.step()
    torch.testing.assert_close(ours.weight, theirs.weight)
    torch.testing.assert_close(ours.bias, theirs.bias)


def test_leaves_out_what_takes_no_gradient() -> None:
    linear = network()
    linear.bias.requires_grad_(False)
    assert NetworkOptimizer(linear, Optimizer()).parameters == [linear.weight]


def test_a_new_learning_rate_keeps_the_factor_of_the_schedule() -> None:
    optimizer = NetworkOptimizer(network(), Optimizer(learning_rate=0.1))
    optimizer.scale(0.5)
    optimizer.settings = Optimizer(learning_rate=0.4)
    assert optimizer.rule.param_groups[0]["lr"] == pytest.approx(0.2)
    assert optimizer.settings.learning_rate == 0.4
