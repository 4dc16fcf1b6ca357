"""Component: what every plugin class has in common. It knows nothing of what the component does."""

from collections.abc import Mapping
from typing import Any, ClassVar

from ganstudio.api import settings as base


class Component:
    """A plugin class: a title for people, settings for the form, and a name for files.

    The class name stands in files and must stay; ``title`` is what the user sees. The first line of the
    class docstring is the description.
    """

    title: ClassVar[str] = ""
    category: ClassVar[str] = ""

    came_later: ClassVar[Mapping[str, Any]] = {}
    """Of settings that earlier versions did not have, by name, what stood for them: a run from before goes on
    so."""

    class Settings(base.Settings):
        """What the user may choose; a component without settings has none."""

    settings: base.Settings

    def __init__(self, settings: base.Settings | None = None) -> None:
        self.settings = self.Settings() if settings is None else settings

    def checkpoint_state(self) -> Mapping[str, Any]:
        """Return what it remembers from one step to the next, beside weights and settings: mostly nothing.

        Called between two steps. Of numbers, text, tensors, and lists and tables of these.
        """
        return {}

    def load_checkpoint_state(self, state: Mapping[str, Any]) -> None:
        """Take back what :meth:`checkpoint_state` returned; called after the networks were built."""
