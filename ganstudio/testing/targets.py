"""Targets: what a user names to have it checked, found and loaded. Trust is to be asked for before."""

import importlib

from ganstudio.api import Component, InputError
from ganstudio.discovery.content import read_content
from ganstudio.discovery.modules import load_module
from ganstudio.discovery.sources import Sources
from ganstudio.experiment import unknown_name
from ganstudio.plugin_paths import plugin_path
from ganstudio.registry import Registry
from ganstudio.testing.checker import Target


def load_target(target: str) -> Target:
    """Return the module or the class that a target names, executed.

    A path, a name in the plugin folder, the name of an installed plugin, or of a class that some plugin
    offers. Raises ``InputError`` for what there is not, and whatever the plugin raises.
    """
    path = plugin_path(target)
    if path is not None:
        return load_module(read_content(path))
    points = {c.name: c.point for c in Sources.from_environment().candidates() if c.point is not None}
    if target in points:
        return importlib.import_module(points[target].module)
    classes = _classes()
    if target in classes:
        return classes[target]
    raise InputError(unknown_name("plugin", target, [*points, *classes]))


def _classes() -> dict[str, type[Component]]:
    offered = Registry.load().classes.values()
    return {name: cls for category in offered for name, cls in category.items()}
