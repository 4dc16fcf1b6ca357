"""Live settings: finding the owner of a path, checking a new value, putting it in force."""

from collections.abc import Mapping
from typing import Any, Protocol

from pydantic import ValidationError

from ganstudio.api import Architecture, Settings
from ganstudio.api.settings import LiveMark
from ganstudio.training.optimizers import NetworkOptimizer


class RefusedEdit(Exception):  # noqa: N818 - it reads as what happened
    """A live setting keeps its value; the message says why."""


class _Owner(Protocol):
    """Anything with settings of its own."""

    settings: Any


class LiveSettings:
    """The settings in force in a training, by path: ``architecture.n_critic``, ``regularizers.R1.gamma``."""

    def __init__(
        self, architecture: Architecture, optimizers: Mapping[str, NetworkOptimizer], training: _Owner
    ) -> None:
        self._owners: dict[str, _Owner] = {"architecture": architecture, "training": training}
        self._owners |= {f"optimizers.{name}": optimizer for name, optimizer in optimizers.items()}
        loss = getattr(architecture, "loss", None)
        if loss is not None:
            self._owners["loss"] = loss
        for part in ("regularizers", "augmentations"):
            for component in getattr(architecture, part, ()):
                self._owners[f"{part}.{type(component).__name__}"] = component

    def change(self, path: str, value: Any) -> tuple[Any, Any]:
        """Put ``value`` in force and return what held before and what holds now; raises ``RefusedEdit``."""
        prefix, _, name = path.rpartition(".")
        owner = self._owners.get(prefix)
        if owner is None or name not in type(owner.settings).model_fields:
            raise RefusedEdit(f"{path}: this run has no such setting.")
        if not is_live(type(owner.settings), name):
            raise RefusedEdit(f"{path}: this setting cannot change while training.")
        before = getattr(owner.settings, name)
        try:
            settings = type(owner.settings).model_validate({**owner.settings.model_dump(), name: value})
        except ValidationError as error:
            raise RefusedEdit(f"{path}: {error.errors()[0]['msg']}.") from error
        owner.settings = settings
        return before, getattr(settings, name)


def is_live(settings: type[Settings], name: str) -> bool:
    """Say whether a field may change while training."""
    return any(isinstance(mark, LiveMark) for mark in settings.model_fields[name].metadata)
