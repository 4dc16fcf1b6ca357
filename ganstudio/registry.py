"""Registry: finds plugins one by one and keeps what they offer, and each failure with its traceback.

One bad plugin harms nothing else and never raises here. The registry knows nothing of training or of windows.
"""

import importlib.metadata
import json
import re
import time
import tomllib
import traceback
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
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
    Metric,
    Optimizer,
    Regularizer,
    Settings,
    hooks,
)
from ganstudio.api.data import DataSpec, spec_kind
from ganstudio.catalogue import Catalogue, Entry, PluginState
from ganstudio.experiment import Experiment, ExperimentError
from ganstudio.preset import PresetCard
from ganstudio.schema import describe

GROUP = "ganstudio"

_CLASS_HOOKS: dict[str, type[Component]] = {
    "ganstudio_architectures": Architecture,
    "ganstudio_losses": AdversarialLoss,
    "ganstudio_regularizers": Regularizer,
    "ganstudio_augmentations": Augmentation,
    "ganstudio_data_sources": DataSource,
    "ganstudio_metrics": Metric,
}


@dataclass
class _Found:
    """What one plugin brings, before it is added to what there is."""

    classes: list[type[Component]] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    """What the catalogue says of each class; made at once, so that what cannot be described fails alone."""
    presets: list[dict[str, Any]] = field(default_factory=list)


class PluginError(Exception):
    """A plugin returned something a hook cannot use; the message is the sentence on its card."""


class Registry:
    """Every plugin class by category and name, the presets, and the state of each plugin."""

    def __init__(self) -> None:
        self.classes: dict[str, dict[str, type[Component]]] = {
            cls.category: {} for cls in _CLASS_HOOKS.values()
        }
        self.presets: dict[str, dict[str, Any]] = {}
        self.plugins: list[PluginState] = []
        self._sources: dict[tuple[str, str], str] = {}
        self._entries: dict[str, list[Entry]] = {category: [] for category in self.classes}
        self._manager = pluggy.PluginManager(hooks.PROJECT)
        self._manager.add_hookspecs(hooks)

    @classmethod
    def load(cls) -> "Registry":
        """Return a registry with every plugin installed under the entry-point group ``ganstudio``."""
        registry = cls()
        for point in _entry_points():
            registry.add(point)
        return registry

    def add(self, point: importlib.metadata.EntryPoint) -> PluginState:
        """Load one plugin and add what it brings; a failure is kept in its state instead of raised."""
        name, version = (point.dist.name, point.dist.version) if point.dist else ("", "")
        source = f"{name}: {point.value}" if name else point.value
        began = time.perf_counter()
        brings: tuple[str, ...] = ()
        failed = trace = ""
        try:
            found = self._ask(source, point.load())
            self._accept(found, source)
            brings = tuple(c.title or c.__name__ for c in found.classes)
            brings += tuple(f"preset {preset['name']}" for preset in found.presets)
        # A plugin may even call sys.exit while it is imported; only the user's Ctrl+C passes.
        except (Exception, SystemExit) as error:
            failed, trace = _sentence(error, point), traceback.format_exc()
        seconds = time.perf_counter() - began
        state = PluginState(point.name, source, version, brings, failed, trace, seconds)
        self.plugins.append(state)
        return state

    def get(self, category: str, kind: str) -> type[Component] | None:
        """Return the class called ``kind`` in a category, or ``None``."""
        return self.classes[category].get(kind)

    def catalogue(self, training: Iterable[Any] = ()) -> Catalogue:
        """Return all of it as plain data; ``training`` holds the field specs of the training itself."""
        return Catalogue(
            data=tuple(self._entries["data"]),
            architectures=tuple(self._entries["architecture"]),
            losses=tuple(self._entries["loss"]),
            regularizers=tuple(self._entries["regularizer"]),
            augmentations=tuple(self._entries["augmentation"]),
            metrics=tuple(self._entries["metric"]),
            optimizer=describe(Optimizer),
            training=tuple(training),
            presets=tuple(self.presets.values()),
            plugins=tuple(self.plugins),
        )

    def _ask(self, name: str, plugin: object) -> _Found:
        """Call each hook of one plugin, so that one that raises stops no other plugin."""
        self._manager.register(plugin, name)
        try:
            self._manager.check_pending()
            found = _Found()
            for caller in self._manager.get_hookcallers(plugin) or ():
                for implementation in caller.get_hookimpls():
                    if implementation.plugin is plugin:
                        _collect(found, caller.name, implementation.function())
        except BaseException:
            self._manager.unregister(plugin)
            raise
        return found

    def _accept(self, found: _Found, source: str) -> None:
        """Add everything a plugin brings, or nothing of it when a name is taken."""
        names = [(cls.category, cls.__name__) for cls in found.classes]
        names += [("preset", preset["name"]) for preset in found.presets]
        for category, name in names:
            if (category, name) in self._sources or names.count((category, name)) > 1:
                other = self._sources.get((category, name), source)
                raise PluginError(
                    f"There is already a {category} called {name}, from {other}; rename one of them."
                )
        for cls, entry in zip(found.classes, found.entries, strict=True):
            self.classes[cls.category][cls.__name__] = cls
            self._entries[cls.category].append(replace(entry, plugin=source))
        for preset in found.presets:
            self.presets[preset["name"]] = preset
        self._sources.update(dict.fromkeys(names, source))


def _entry_points() -> Iterator[importlib.metadata.EntryPoint]:
    """Give the entry points in the order of their packages, each once, the studio's own first."""
    points = {(p.name, p.value): p for p in importlib.metadata.entry_points(group=GROUP)}
    own_first = sorted(points.values(), key=lambda p: p.dist is None or p.dist.name != "ganstudio")
    yield from own_first


def _collect(found: _Found, hook: str, returned: Any) -> None:
    if not isinstance(returned, Iterable) or isinstance(returned, str | bytes | Mapping):
        raise PluginError(f"{hook} must return a list, not {type(returned).__name__}.")
    if hook == "ganstudio_presets":
        found.presets += [_preset(item) for item in returned]
        return
    base = _CLASS_HOOKS[hook]
    for item in returned:
        if not (isinstance(item, type) and issubclass(item, base)):
            raise PluginError(f"{hook} must return subclasses of {base.__name__}; {item!r} is none.")
        missing = ", ".join(sorted(getattr(item, "__abstractmethods__", ())))
        if missing:
            raise PluginError(f"{item.__name__} must define {missing}.")
        found.entries.append(_entry(item))
        found.classes.append(item)


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


def _sentence(error: BaseException, point: importlib.metadata.EntryPoint) -> str:
    """Return what stands on a failed plugin's card."""
    if isinstance(error, PluginError):
        return str(error)
    if isinstance(error, ModuleNotFoundError) and error.name:
        if f"{point.module}.".startswith(f"{error.name}."):
            return f"Its module {error.name} is not there; install its package again."
        package = error.name.partition(".")[0]
        return f"It needs the package {package}, which is not installed: pip install {package}."
    if isinstance(error, SystemExit):
        return "It calls sys.exit while it is loaded."
    return f"It raised {type(error).__name__}: {error}"


def _summary(cls: type) -> str:
    """Return the first paragraph of a class docstring, on one line."""
    paragraph = re.split(r"\n\s*\n", (cls.__doc__ or "").strip(), maxsplit=1)[0]
    return " ".join(paragraph.split())
