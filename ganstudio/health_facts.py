"""Health facts: what the rules of a run are told of it, and the watch that is made of them.

It knows nothing of what the rules look for, nor of when they are asked.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, cast

from pydantic import BaseModel

from ganstudio.api import Architecture, Augmentation, DataSpec, HealthRule, LoadedData, RunFacts
from ganstudio.evaluation.data_facts import data_facts
from ganstudio.evaluation.health import HealthWatch
from ganstudio.experiment import settings_of
from ganstudio.registry import Registry
from ganstudio.resolve import Resolved
from ganstudio.training.live import is_live
from ganstudio.training.state import components


def watch_for(resolved: Resolved, registry: Registry, data: LoadedData) -> HealthWatch | None:
    """Return a watch with every rule that suits a run; ``None`` where it is not to be watched."""
    if not resolved.training.health:
        return None
    classes = cast("Iterable[type[HealthRule]]", registry.classes["health"].values())
    return HealthWatch.of(classes, facts_of(resolved, registry, data))


def facts_of(resolved: Resolved, registry: Registry, data: LoadedData) -> RunFacts:
    """Return what rules are told of a run on ``data`` before its first event."""
    architecture = resolved.architecture
    return RunFacts(
        architecture=type(architecture).__name__,
        data=data.spec,
        adversarial=architecture.adversarial,
        classes=_classes(architecture, data.spec),
        total_steps=resolved.training.steps,
        settings=settings_of(resolved.experiment),
        live=frozenset(live_paths(_owners(resolved))),
        offered=frozenset(_offered(resolved, registry, data.spec)),
        **data_facts(data),
    )


def _classes(architecture: Architecture, data: DataSpec) -> int:
    """Return how many classes it can be asked for, before it is built."""
    form = getattr(architecture.settings, "conditioning", "none")
    return architecture.classes or (len(getattr(data, "classes", ())) if form != "none" else 0)


def _owners(resolved: Resolved) -> dict[str, BaseModel]:
    """Return all settings of a run by the path of who has them."""
    owners: dict[str, BaseModel] = {
        path: part.settings for path, part in components(resolved.architecture).items()
    }
    owners |= {f"optimizers.{name}": settings for name, settings in resolved.optimizers.items()}
    return {**owners, "training": resolved.training}


def live_paths(owners: Mapping[str, BaseModel]) -> Iterator[str]:
    """Yield the paths of the settings that may change while training, ``owners`` being all by their paths."""
    for prefix, settings in owners.items():
        for names in _leaves(settings.model_dump(mode="json")):
            if is_live(type(settings), *names):
                yield ".".join([prefix, *names])


def _leaves(values: Mapping[str, Any]) -> Iterator[list[str]]:
    for name, value in values.items():
        if isinstance(value, Mapping) and value:
            yield from ([name, *inner] for inner in _leaves(value))
        else:
            yield [name]


def _offered(resolved: Resolved, registry: Registry, data: DataSpec) -> Iterator[str]:
    """Yield what could be added: what is there already is not among it."""
    if not resolved.architecture.adversarial:
        return
    asked = resolved.experiment
    yield from (kind for kind in registry.classes["regularizer"] if kind not in asked.regularizers)
    for kind, augmentation in registry.classes["augmentation"].items():
        accepts = cast("type[Augmentation]", augmentation).accepts
        if kind not in asked.augmentations and isinstance(data, accepts):
            yield kind
