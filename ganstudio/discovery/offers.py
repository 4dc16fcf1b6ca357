"""Plugin offers: asks a plugin's hooks and describes what they return. It adds nothing to what there is.

What cannot be used is a ``PluginError`` whose message is the sentence on the plugin's card.
"""

import json
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pluggy
from pydantic import ValidationError

from ganstudio.api import (
    AdversarialLoss,
    Architecture,
    Augmentation,
    Component,
    DataSource,
    Exporter,
    FeatureExtractor,
    HealthRule,
    Metric,
    Panel,
    Regularizer,
    Settings,
    hooks,
)
from ganstudio.api.data import DataSpec, spec_kind
from ganstudio.catalogue import Entry
from ganstudio.experiment import Experiment, ExperimentError
from ganstudio.preset import PresetCard
from ganstudio.schema import describe, unshowable

CLASS_HOOKS: dict[str, type[Component]] = {
    "ganstudio_architectures": Architecture,
    "ganstudio_losses": AdversarialLoss,
    "ganstudio_regularizers": Regularizer,
    "ganstudio_augmentations": Augmentation,
    "ganstudio_data_sources": DataSource,
    "ganstudio_metrics": Metric,
    "ganstudio_extractors": FeatureExtractor,
    "ganstudio_health_rules": HealthRule,
    "ganstudio_panels": Panel,
    "ganstudio_exporters": Exporter,
}


class PluginError(Exception):
    """A plugin returned something a hook cannot use; the message is the sentence on its card."""


@dataclass
class Offer:
    """What one plugin brings, before it is added to what there is."""

    plugin: object
    version: str = ""
    """Of the plugin it is from, as its state has it; empty until it is in use."""
    classes: list[type[Component]] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    """What the catalogue says of each class; made at once, so that what cannot be described fails alone."""
    presets: list[dict[str, Any]] = field(default_factory=list)

    def names(self) -> list[tuple[str, str]]:
        """Return category and name of all that it brings."""
        names = [(cls.category, cls.__name__) for cls in self.classes]
        return names + [("preset", preset["name"]) for preset in self.presets]

    def titles(self) -> tuple[str, ...]:
        """Return what people call all that it brings."""
        titles = [cls.title or cls.__name__ for cls in self.classes]
        return (*titles, *(f"preset {preset['name']}" for preset in self.presets))


def ask(plugin: object) -> Offer:
    """Call each hook of one plugin, alone, and return what it offers; raises what the plugin raises."""
    manager = pluggy.PluginManager(hooks.PROJECT)
    manager.add_hookspecs(hooks)
    manager.register(plugin, "plugin")
    manager.check_pending()
    offer = Offer(plugin)
    for caller in manager.get_hookcallers(plugin) or ():
        for implementation in caller.get_hookimpls():
            _collect(offer, caller.name, implementation.function())
    return offer


def _collect(offer: Offer, hook: str, returned: Any) -> None:
    if not isinstance(returned, Iterable) or isinstance(returned, str | bytes | Mapping):
        raise PluginError(f"{hook} must return a list, not {type(returned).__name__}.")
    if hook == "ganstudio_presets":
        offer.presets += [_preset(item) for item in returned]
        return
    base = CLASS_HOOKS[hook]
    for item in returned:
        if not (isinstance(item, type) and issubclass(item, base)):
            raise PluginError(f"{hook} must return subclasses of {base.__name__}; {item!r} is none.")
        missing = ", ".join(sorted(getattr(item, "__abstractmethods__", ())))
        if missing:
            raise PluginError(f"{item.__name__} must define {missing}.")
        offer.entries.append(_entry(item))
        offer.classes.append(item)


def _preset(item: Any) -> dict[str, Any]:
    if not isinstance(item, Path | Mapping):
        raise PluginError(f"A preset is a path or a table, not {type(item).__name__}.")
    table = tomllib.loads(item.read_text(encoding="utf-8")) if isinstance(item, Path) else dict(item)
    name = table.setdefault("name", item.stem if isinstance(item, Path) else "")
    if not name:
        raise PluginError("A preset given as a table needs a name.")
    try:
        card = PresetCard.model_validate(table.get("preset", {}))
        Experiment.from_dict(table)
    except ExperimentError as error:
        raise PluginError(f"The preset {name} cannot be used: {error}") from error
    except ValidationError as error:
        wrong = error.errors()[0]
        field = ".".join(str(part) for part in ("preset", *wrong["loc"]))
        raise PluginError(f"The preset {name} cannot be used: {field}: {wrong['msg']}.") from error
    # The catalogue is kept as JSON: what that cannot hold is to fail here, with its plugin.
    kept: dict[str, Any] = json.loads(json.dumps({**table, "preset": card.model_dump()}))
    return kept


def _entry(cls: type[Component]) -> Entry:
    """Return what the catalogue says of a class, but for the plugin it came from."""
    if not (isinstance(cls.Settings, type) and issubclass(cls.Settings, Settings)):
        raise PluginError(f"{cls.__name__}.Settings must be a subclass of ganstudio.api.Settings.")
    if "kind" in cls.Settings.model_fields:
        raise PluginError(f"{cls.__name__}.Settings has a field called kind, which is the class's own name.")
    odd = unshowable(cls.Settings, f"{cls.__name__}.Settings")
    if odd:
        raise PluginError(" ".join(odd))
    optimizers = getattr(cls, "default_optimizers", {})
    return Entry(
        kind=cls.__name__,
        title=cls.title or cls.__name__,
        summary=_summary(cls),
        plugin="",
        fields=describe(cls.Settings),
        data_kinds=_data_kinds(cls),
        adversarial=bool(getattr(cls, "adversarial", False)),
        instant=bool(getattr(cls, "instant", False)),
        optimizers={name: optimizer.model_dump() for name, optimizer in optimizers.items()},
        default_loss=str(getattr(cls, "default_loss", "")),
    )


def _data_kinds(cls: type[Component]) -> tuple[str, ...]:
    """Return the kinds of data an architecture or augmentation accepts, or the one that a source gives."""
    name = "gives" if issubclass(cls, DataSource) else "accepts"
    specs = (getattr(cls, "gives", None),) if name == "gives" else tuple(getattr(cls, "accepts", ()))
    if not all(isinstance(spec, type) and issubclass(spec, DataSpec) for spec in specs):
        raise PluginError(f"{cls.__name__}.{name} must name the kind of data, such as ImageSpec.")
    return tuple(spec_kind(spec) for spec in specs)


def _summary(cls: type) -> str:
    """Return the first paragraph of a class docstring, on one line."""
    paragraph = re.split(r"\n\s*\n", (cls.__doc__ or "").strip(), maxsplit=1)[0]
    return " ".join(paragraph.split())
