"""Diagnosis: where numbers stopped being finite. Run once, after it happened."""

from typing import Any

import torch
from torch import Tensor, nn

from ganstudio.api import Architecture
from ganstudio.training.feed import Feed


def first_bad_layer(architecture: Architecture, feed: Feed, place: dict[str, int]) -> str:
    """Return a clause that names the first layer with values that are not finite.

    Weights are looked at first. Where all are finite, the step is walked once more from ``place`` in the
    data without moving any weight, and the first layer whose output is not finite is named.
    """
    weight = _first_bad_weight(architecture)
    if weight:
        return f"the first layer whose weights are not finite is {weight}"
    try:
        output = _first_bad_output(architecture, feed, place)
    except Exception as error:
        # What is told is still the loss, not what the walk stumbled over.
        return f"the layer was not found, because the step raised {type(error).__name__} when walked again"
    if output:
        return f"the first layer whose output is not finite is {output}"
    return "every layer's weights and outputs are finite, so the loss itself is not"


def _first_bad_weight(architecture: nn.Module) -> str:
    for name, tensor in [*architecture.named_parameters(), *architecture.named_buffers()]:
        if tensor.is_floating_point() and not torch.isfinite(tensor).all():
            return name.rpartition(".")[0]
    return ""


def _first_bad_output(architecture: Architecture, feed: Feed, place: dict[str, int]) -> str:
    bad: list[str] = []

    def watch(name: str) -> Any:
        def hook(_module: nn.Module, _inputs: Any, output: Any) -> None:
            if isinstance(output, Tensor) and not torch.isfinite(output).all():
                bad.append(name)

        return hook

    leaves = [(name, m) for name, m in architecture.named_modules() if not any(m.children())]
    handles = [module.register_forward_hook(watch(name)) for name, module in leaves]
    feed.go_to(place)
    try:
        for _update in architecture.training_step(feed):
            if bad:
                break
    finally:
        for handle in handles:
            handle.remove()
    return bad[0] if bad else ""
