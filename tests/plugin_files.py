"""Plugin files as tests write them: into the plugin folder of the test's own home, agreed to or not."""

import textwrap
from pathlib import Path

from ganstudio import places
from ganstudio.catalogue import PluginState
from ganstudio.discovery.trust import Trust
from ganstudio.registry import Registry

LOSS = '''
from ganstudio.api import AdversarialLoss, hookimpl

class {name}(AdversarialLoss):
    """A loss of mine."""
    title = "{title}"
    def discriminator_loss(self, real_logits, fake_logits):
        return (fake_logits - real_logits).mean()
    def generator_loss(self, fake_logits, real_logits):
        return -fake_logits.mean()

@hookimpl
def ganstudio_losses():
    return [{name}]
'''
"""The source of a loss, to be given its ``name`` and ``title``."""


def loss(name: str, title: str = "Mine") -> str:
    """Return the source of a plugin that brings one loss."""
    return LOSS.format(name=name, title=title)


def trust() -> Trust:
    return Trust(places.trust())


def write(name: str, source: str, *, agree: bool = True) -> Path:
    """Write ``name`` (a file, or ``folder/__init__.py``) into the plugin folder; agree to file or folder."""
    path = places.plugins() / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(textwrap.dedent(source), encoding="utf-8")
    if agree:
        top = places.plugins() / Path(name).parts[0]
        trust().agree(top)
    return path


def state_of(registry: Registry, name: str) -> PluginState:
    (state,) = [plugin for plugin in registry.plugins if plugin.name == name]
    return state


def titles(registry: Registry, category: str = "loss") -> dict[str, str]:
    """Return the titles of what there is in a category, by name."""
    return {name: cls.title for name, cls in registry.classes[category].items()}
