"""Live settings: finding the owner of a path, checking a new value, putting it in force."""

from collections.abc import Mapping
from typing import Any, Protocol

from pydantic import ValidationError

from ganstudio.api import Architecture, Settings
from ganstudio.api.settings import LiveMark
from ganstudio.training.optimizers import NetworkOptimizer
from ganstudio.training.state import components


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
        self._owners: dict[str, _Owner] = {**components(architecture), "training": training}
        self._owners |= {f"optimizers.{name}": optimizer for name, optimizer in optimizers.items()}
        self.changed: dict[str, Any] = {}
        """The settings that were changed since the training began, with the values in force."""
        self.changes = 0
        """How many changes there were."""

    def change(self, path: str, value: Any) -> tuple[Any, Any]:
        """Put ``value`` in force and return what held before and what holds now; raises ``RefusedEdit``."""
        prefix, _, name = path.rpartition(".")
        owner = self._owners.get(prefix)
        if owner is None or name not in type(owner.settings).model_fields:
            raise RefusedEdit(f"{path}: this run has no such setting.")
        if not is_live(type(owner.settings), name):
            raise RefusedEdit(f"{path}: this setting cannot change while training.")
        before = getattr(owner.settings, name)
        self._put(owner, path, name, value)
        self.changes += 1
        return before, self.changed[path]

    def put_back(self, changed: Mapping[str, Any], changes: int) -> None:
        """Put the values of a state in force again; raises ``RefusedEdit`` for one that cannot be."""
        for path, value in changed.items():
            self.change(path, value)
        self.changes = changes

    def _put(self, owner: _Owner, path: str, name: str, value: Any) -> None:
        try:
            settings = type(owner.settings).model_validate({**owner.settings.model_dump(), name: value})
        except ValidationError as error:
            raise RefusedEdit(f"{path}: {error.errors()[0]['msg']}.") from error
        owner.settings = settings
        self.changed[path] = getattr(settings, name)


def is_live(settings: type[Settings], name: str) -> bool:
    """Say whether a field may change while training."""
    return any(isinstance(mark, LiveMark) for mark in settings.model_fields[name].metadata)
