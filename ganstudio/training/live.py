"""Live settings: finding the owner of a path, checking a new value, putting it in force."""

from collections.abc import Mapping
from typing import Any, Protocol

from pydantic import BaseModel, ValidationError

from ganstudio.api import Architecture, DataSpec
from ganstudio.api.setting_types import KIND, shape_of
from ganstudio.api.settings import LiveMark
from ganstudio.setting_problems import problems_of
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
        self,
        architecture: Architecture,
        optimizers: Mapping[str, NetworkOptimizer],
        training: _Owner,
        data: DataSpec | None = None,
    ) -> None:
        self._architecture, self._data = architecture, data
        self._owners: dict[str, _Owner] = {**components(architecture), "training": training}
        self._owners |= {f"optimizers.{name}": optimizer for name, optimizer in optimizers.items()}
        self.changed: dict[str, Any] = {}
        """The settings that were changed since the training began, with the values in force."""
        self.changes = 0
        """How many changes there were."""

    def change(self, path: str, value: Any) -> tuple[Any, Any]:
        """Put ``value`` in force and return what held before and what holds now; raises ``RefusedEdit``."""
        owner, prefix, names = self._owner(path)
        if not is_live(type(owner.settings), *names):
            raise RefusedEdit(f"{path}: this setting cannot change while training.")
        before = _held(owner.settings, names)
        self._put(owner, prefix, names, value)
        self.changed[path] = _held(owner.settings, names)
        self.changes += 1
        return before, self.changed[path]

    def put_back(self, changed: Mapping[str, Any], changes: int) -> None:
        """Put the values of a state in force again; raises ``RefusedEdit`` for one that cannot be."""
        for path, value in changed.items():
            self.change(path, value)
        self.changes = changes

    def _owner(self, path: str) -> tuple[_Owner, str, list[str]]:
        """Return whose setting it is, the owner's path, and the names that lead on from there."""
        parts = path.split(".")
        for end in range(len(parts) - 1, 0, -1):
            owner = self._owners.get(".".join(parts[:end]))
            if owner is not None and _has(owner.settings, parts[end:]):
                return owner, ".".join(parts[:end]), parts[end:]
        raise RefusedEdit(f"{path}: this run has no such setting.")

    def _put(self, owner: _Owner, prefix: str, names: list[str], value: Any) -> None:
        model, values = type(owner.settings), owner.settings.model_dump()
        table = values
        for name in names[:-1]:
            table = table[name]
        for name in _lost(owner.settings, names, value):
            del table[name]
        table[names[-1]] = value
        try:
            wanted = model.model_validate(values)
        except ValidationError as error:
            problems = problems_of(prefix, model, values, error)
            raise RefusedEdit(problems[0].sentence) from error
        self._ask(owner, wanted)
        owner.settings = wanted

    def _ask(self, owner: _Owner, wanted: Any) -> None:
        """Raise ``RefusedEdit`` where the architecture would not have begun with such settings."""
        if owner is self._architecture and self._data is not None:
            reason = self._architecture.refuses(wanted, self._data)
            if reason:
                raise RefusedEdit(reason)


def is_live(settings: type[BaseModel], name: str, *inner: str) -> bool:
    """Say whether a field may change while training; what is live is so with all that is nested in it."""
    shape = shape_of(settings.model_fields[name])
    if any(isinstance(mark, LiveMark) for mark in shape.marks):
        return True
    classes = [shape.nested, *shape.variants.values()]
    owners = [cls for cls in classes if cls is not None and inner and inner[0] in cls.model_fields]
    return any(is_live(cls, *inner) for cls in owners)


def _has(settings: Any, names: list[str]) -> bool:
    """Say whether names lead to a setting there is."""
    for name in names:
        if not isinstance(settings, BaseModel) or name not in type(settings).model_fields:
            return False
        settings = getattr(settings, name)
    return True


def _lost(settings: Any, names: list[str], kind: Any) -> set[str]:
    """Return what goes with the kind of a union that gives way to ``kind``; what both have stays."""
    if len(names) < 2 or names[-1] != KIND or not isinstance(kind, str):
        return set()
    for name in names[:-2]:
        settings = getattr(settings, name)
    chosen = shape_of(type(settings).model_fields[names[-2]]).variants.get(kind)
    held = getattr(settings, names[-2])
    return set() if chosen is None else set(type(held).model_fields) - set(chosen.model_fields)


def _held(settings: Any, names: list[str]) -> Any:
    """Return a value as events and checkpoints hold it: plain, and nested settings as a table."""
    for name in names[:-1]:
        settings = getattr(settings, name)
    return settings.model_dump(mode="json")[names[-1]]
