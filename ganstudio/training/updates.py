"""Updates: moving the weights that an update names, and no others. It knows nothing of steps or events."""

from collections.abc import Mapping

import torch
from torch import Tensor, nn

from ganstudio.api import Architecture, StudioError, Update
from ganstudio.training.meter import Meter
from ganstudio.training.optimizers import NetworkOptimizer


class Updates:
    """Carries out the updates of an architecture with an optimizer for each network."""

    def __init__(
        self, architecture: Architecture, optimizers: Mapping[str, NetworkOptimizer], meter: Meter
    ) -> None:
        self._architecture = architecture
        self._optimizers = optimizers
        self._meter = meter
        self._targets: dict[nn.Module | tuple[nn.Module, ...], _Target] = {}

    def apply(self, update: Update, only: str = "") -> str:
        """Move the weights of the update's networks; return their names when its loss is not finite.

        Nothing is moved then. ``only``: the one network to move, where that is not all of them. Raises
        ``StudioError`` with a sentence for an update that cannot be one.
        """
        if not isinstance(update, Update):
            raise StudioError(
                f"{type(self._architecture).__name__}.training_step yields a {type(update).__name__}; "
                "it is to yield Update(network, loss)."
            )
        target = self._targets.get(update.networks) or self._target(update.networks)
        if not isinstance(update.loss, Tensor) or update.loss.numel() != 1:
            raise StudioError(
                f"The update of {target.name} has a loss that is not one number; end it with .mean()."
            )
        if not self._meter.add(target.curve, update.loss):
            return target.name
        for parameter in target.parameters:
            parameter.grad = None
        if not update.loss.requires_grad:
            raise _independent(target.name)
        update.loss.backward(inputs=target.parameters)  # type: ignore[no-untyped-call]
        for name, optimizer in target.optimizers.items():
            if all(parameter.grad is None for parameter in optimizer.parameters):
                raise _independent(name)
            if self._architecture.recording:
                self._log_gradient(name, optimizer.parameters)
            if only in ("", name):
                optimizer.rule.step()
        return ""

    def _target(self, networks: nn.Module | tuple[nn.Module, ...]) -> "_Target":
        """Find out once what an update of these networks moves."""
        wanted = networks if isinstance(networks, tuple) else (networks,)
        own = self._architecture.networks().items()
        names = [name for one in wanted for name, network in own if network is one]
        if len(names) != len(wanted):
            raise StudioError(
                f"{type(self._architecture).__name__}.training_step updates a module that is not one of its "
                f"networks ({', '.join(self._optimizers)}); a network is a direct attribute set in build."
            )
        target = self._targets[networks] = _Target({name: self._optimizers[name] for name in names})
        return target

    def _log_gradient(self, name: str, parameters: list[nn.Parameter]) -> None:
        gradients = [p.grad for p in parameters if p.grad is not None]
        norm = torch.linalg.vector_norm(torch.stack(torch._foreach_norm(gradients)))
        self._meter.add(f"grad_norm/{name}", norm)


class _Target:
    """The networks of an update: their names, and all that is needed to move them."""

    def __init__(self, optimizers: dict[str, NetworkOptimizer]) -> None:
        self.name = "+".join(optimizers)
        self.curve = f"loss/{self.name}"
        self.optimizers = optimizers
        self.parameters = [p for optimizer in optimizers.values() for p in optimizer.parameters]


def _independent(name: str) -> StudioError:
    return StudioError(f"The update of {name} has a loss that does not depend on its weights.")
