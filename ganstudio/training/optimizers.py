"""Optimizers: one for each network, made from its settings."""

from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import nn

from ganstudio.api import Optimizer
from ganstudio.training.state import copied


class NetworkOptimizer:
    """A network, the parameters to move, the rule that moves them, and the settings that hold."""

    def __init__(self, network: nn.Module, settings: Optimizer) -> None:
        self.parameters = [p for p in network.parameters() if p.requires_grad]
        self.rule = _RULES[settings.kind](self.parameters, settings)
        self._settings = settings
        self._factor = 1.0

    @property
    def settings(self) -> Optimizer:
        """The settings that hold; giving others makes a new learning rate act at the next update."""
        return self._settings

    @settings.setter
    def settings(self, settings: Optimizer) -> None:
        self._settings = settings
        self.scale(self._factor)

    def scale(self, factor: float) -> None:
        """Set the learning rate to ``factor`` times that of the settings."""
        self._factor = factor
        for group in self.rule.param_groups:
            group["lr"] = self._settings.learning_rate * factor

    def put_back(self, state: Mapping[str, Any]) -> None:
        """Take the moments of a state of the rule; rates and decays stay those of the settings that hold."""
        own = self.rule.state_dict()["param_groups"]
        # Copied, because the rule would go on in the very tensors of the state.
        self.rule.load_state_dict({"state": copied(state["state"]), "param_groups": own})


def _adam(parameters: list[nn.Parameter], settings: Optimizer) -> torch.optim.Optimizer:
    return torch.optim.Adam(
        parameters,
        lr=settings.learning_rate,
        betas=(settings.beta1, settings.beta2),
        weight_decay=settings.weight_decay,
        fused=True,
    )


def _rmsprop(parameters: list[nn.Parameter], settings: Optimizer) -> torch.optim.Optimizer:
    return torch.optim.RMSprop(
        parameters,
        lr=settings.learning_rate,
        alpha=settings.beta2,
        weight_decay=settings.weight_decay,
        foreach=True,
    )


def _sgd(parameters: list[nn.Parameter], settings: Optimizer) -> torch.optim.Optimizer:
    return torch.optim.SGD(
        parameters,
        lr=settings.learning_rate,
        momentum=settings.beta1,
        weight_decay=settings.weight_decay,
        fused=True,
    )


_RULES: dict[str, Callable[[list[nn.Parameter], Optimizer], torch.optim.Optimizer]] = {
    "Adam": _adam,
    "RMSprop": _rmsprop,
    "SGD": _sgd,
}
