"""Registry: keeps what plugins offer, by category and name, and the state of each plugin.

One bad plugin harms nothing else and never raises here. The registry knows nothing of training or of windows,
of where plugins come from, or of how one is executed.
"""

import sys
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, cast

from ganstudio.api import Component, FeatureExtractor, Optimizer
from ganstudio.catalogue import Catalogue, Entry, PluginState
from ganstudio.discovery.loading import Loaded, Loader
from ganstudio.discovery.offers import CLASS_HOOKS, Offer, PluginError
from ganstudio.discovery.sources import Candidate, Sources
from ganstudio.schema import describe


class Registry:
    """Every plugin class by category and name, the presets, and the state of each plugin."""

    def __init__(self, sources: Sources | None = None) -> None:
        self.sources = sources if sources is not None else Sources.from_environment()
        self.classes: dict[str, dict[str, type[Component]]] = {
            cls.category: {} for cls in CLASS_HOOKS.values()
        }
        self.presets: dict[str, dict[str, Any]] = {}
        self.plugins: list[PluginState] = []
        self._givers: dict[tuple[str, str], Candidate] = {}
        self._entries: dict[str, list[Entry]] = {category: [] for category in self.classes}
        self._offers: dict[str, Offer] = {}
        """What is in use, by the key of the plugin it is from."""
        self._loader = Loader()

    @classmethod
    def load(cls, sources: Sources | None = None) -> "Registry":
        """Return a registry with every plugin there is; by default, where the environment says to look."""
        registry = cls(sources)
        for candidate in registry.sources.candidates():
            registry.add(candidate)
        return registry

    def reload(self) -> "Registry":
        """Return a fresh registry of what there is now; this one, and what trains by it, stays as it is.

        A file or folder that changed, and an installed package whose files did, is executed anew. What a
        plugin brought before stays in use where it fails now (``stale``), or waits to be agreed to again.
        """
        fresh = Registry(self.sources)
        fresh._loader = self._loader
        before = self._loader.forget_changed()
        for candidate in fresh.sources.candidates():
            fresh.add(candidate, self._offers)
        if any(plugin.state == "stale" for plugin in fresh.plugins):
            # Old classes that are still in use may yet import from the modules they were made in.
            for name, module in before.items():
                sys.modules.setdefault(name, module)
        return fresh

    def add(self, candidate: Candidate, before: Mapping[str, Offer] | None = None) -> PluginState:
        """Load one plugin, where it may be, and add what it brings; a failure is kept in its state.

        ``before``: what was in use until now, to stay so where the plugin cannot be loaded.
        """
        old = (before or {}).get(candidate.key)
        if candidate.state:
            failed = candidate.sentence if candidate.state == "failed" else ""
            state = _state(candidate, Loaded(None, failed, pip=candidate.pip))
            state = replace(state, notes=() if failed else (candidate.sentence,))
            keep = candidate.state in ("failed", "changed")
        else:
            loaded = self._accepted(candidate, self._loader.load(candidate))
            state, keep = _state(candidate, loaded), bool(loaded.failed)
        if keep and old is not None:
            state = self._stale(candidate, state, old)
        self.plugins.append(state)
        return state

    def get(self, category: str, kind: str) -> type[Component] | None:
        """Return the class called ``kind`` in a category, or ``None``."""
        return self.classes[category].get(kind)

    def catalogue(self, training: Iterable[Any] = ()) -> Catalogue:
        """Return all of it as plain data; ``training`` holds the field specs of the training itself."""
        return Catalogue(
            data=tuple(self._entries["data"]),
            architectures=tuple(map(self._naming, self._entries["architecture"])),
            losses=tuple(self._entries["loss"]),
            regularizers=tuple(self._entries["regularizer"]),
            augmentations=tuple(self._entries["augmentation"]),
            metrics=tuple(self._entries["metric"]),
            extractors=tuple(self._entries["extractor"]),
            health=tuple(self._entries["health"]),
            panels=tuple(self._entries["panel"]),
            exporters=tuple(self._entries["exporter"]),
            optimizer=describe(Optimizer),
            training=tuple(training),
            presets=tuple(self.presets.values()),
            plugins=tuple(self.plugins),
        )

    def extractors(self) -> dict[str, type[FeatureExtractor]]:
        """Return the feature extractors that a loss can use, by their short names."""
        classes = cast("Iterable[type[FeatureExtractor]]", self.classes["extractor"].values())
        return {cls.short: cls for cls in classes if cls.perceives()}

    def _naming(self, entry: Entry) -> Entry:
        """Return an entry whose settings offer the feature extractors there are, where they name one."""
        names = tuple(self.extractors())
        fields = tuple(replace(spec, choices=names) if spec.of else spec for spec in entry.fields)
        return replace(entry, fields=fields)

    def _accepted(self, candidate: Candidate, loaded: Loaded) -> Loaded:
        """Add what was loaded, or say why it cannot be added."""
        if loaded.offer is None:
            return loaded
        try:
            self._accept(loaded.offer, candidate)
        except PluginError as error:
            return replace(loaded, offer=None, failed=str(error))
        return loaded

    def _stale(self, candidate: Candidate, state: PluginState, old: Offer) -> PluginState:
        """Add what a plugin brought before, in place of what it cannot bring now."""
        try:
            self._accept(old, candidate)
        except PluginError as error:
            return replace(state, notes=(*state.notes, f"What it brought before is not kept: {error}"))
        stale = "stale" if state.state == "failed" else state.state
        # What is in use is not what lies there now.
        return replace(state, state=stale, brings=old.titles(), version=old.version)

    def _accept(self, offer: Offer, candidate: Candidate) -> None:
        """Add everything a plugin brings, or nothing of it when a name is taken."""
        names = offer.names()
        for category, name in names:
            if (category, name) in self._givers or names.count((category, name)) > 1:
                other = self._givers.get((category, name), candidate)
                raise PluginError(_taken(category, name, other, candidate))
        for cls, entry in zip(offer.classes, offer.entries, strict=True):
            self.classes[cls.category][cls.__name__] = cls
            self._entries[cls.category].append(replace(entry, plugin=candidate.source))
        for preset in offer.presets:
            self.presets[preset["name"]] = preset
        self._givers.update(dict.fromkeys(names, candidate))
        offer.version = offer.version or candidate.version
        self._offers[candidate.key] = offer


def _state(candidate: Candidate, loaded: Loaded) -> PluginState:
    return PluginState(
        name=candidate.name,
        source=candidate.source,
        version=candidate.version,
        brings=loaded.offer.titles() if loaded.offer else (),
        failed=loaded.failed,
        traceback=loaded.traceback,
        seconds=loaded.seconds,
        kind=candidate.kind,
        path=candidate.path,
        state=candidate.state,
        pip=loaded.pip,
        digest=candidate.content.digest if candidate.content else "",
        notes=loaded.notes,
        printed=loaded.printed,
    )


def _taken(category: str, name: str, other: Candidate, candidate: Candidate) -> str:
    """Return why a name cannot be had: both plugins are named, and the way out."""
    if other is candidate:
        return f"It brings two of the same name: the {category} {name}; rename one of them."
    already = f"There is already a {category} called {name}, from {other.where}"
    if other.built_in:
        return (
            f"{already}, which is built in; {candidate.where} brings another. Rename yours, or disable the "
            f"built-in plugin {other.name}, and all it brings, to use yours in its place."
        )
    return f"{already}; {candidate.where} brings another. Rename one of them, or disable one of the two."
