"""Norms: how large weights and gradients are, of whole networks and of each of their layers.

It moves nothing, and knows nothing of when it is asked.
"""

from collections.abc import Mapping

import torch
from torch import Tensor, nn


class Norms:
    """Euclidean norms of the parameters that are trained.

    A *layer* is a module with parameters of its own.
    """

    def __init__(self, networks: Mapping[str, nn.Module]) -> None:
        self._networks = {name: _Parameters(network) for name, network in networks.items()}

    def of_weights(self) -> dict[str, Tensor]:
        """Return the norm of each network's weights, as scalars on the device."""
        return {
            name: torch.linalg.vector_norm(torch.stack(torch._foreach_norm(network.weights)))
            for name, network in self._networks.items()
            if network.weights
        }

    def of_layers(self) -> dict[str, tuple[Tensor, tuple[str, ...]]]:
        """Return norms by layer, [layers] each, with the names of the layers.

        ``layer_weight_norm/<network>``, and ``layer_grad_norm/<network>`` of the gradients its last update
        left, where there are any.
        """
        found = {}
        for name, network in self._networks.items():
            if network.weights:
                found[f"layer_weight_norm/{name}"] = network.by_layer(network.weights)
            gradients = [p.grad for p in network.parameters]
            if any(gradient is not None for gradient in gradients):
                found[f"layer_grad_norm/{name}"] = network.by_layer(gradients)
        return found


class _Parameters:
    """The parameters of one network, and which layer each belongs to."""

    def __init__(self, network: nn.Module) -> None:
        named = [(_layer_of(name), p) for name, p in network.named_parameters() if p.requires_grad]
        self.parameters = [p for _layer, p in named]
        self.weights = [p.detach() for p in self.parameters]
        self.layers = tuple(dict.fromkeys(layer for layer, _p in named))
        self._place = [self.layers.index(layer) for layer, _p in named]

    def by_layer(self, tensors: list[Tensor] | list[Tensor | None]) -> tuple[Tensor, tuple[str, ...]]:
        """Return the norm of each layer's ``tensors``, one for each parameter; ``None`` counts as nothing."""
        there = [(place, t) for place, t in zip(self._place, tensors, strict=True) if t is not None]
        norms = torch.stack(torch._foreach_norm([t for _place, t in there])).float()
        places = torch.tensor([place for place, _t in there], device=norms.device)
        squares = torch.zeros(len(self.layers), device=norms.device).index_add_(0, places, norms.square())
        return squares.sqrt(), self.layers


def _layer_of(parameter: str) -> str:
    """Return the layer that a parameter belongs to by its name; what normalises it is no layer of its own."""
    return (
        parameter.partition(".parametrizations.")[0]
        if ".parametrizations." in parameter
        else (parameter.rpartition(".")[0])
    )
