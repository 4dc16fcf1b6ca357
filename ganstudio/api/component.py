"""Component: what every plugin class has in common. It knows nothing of what the component does."""

from typing import ClassVar

from ganstudio.api import settings as base


class Component:
    """A plugin class: a title for people, settings for the form, and a name for files.

    The class name stands in files and must stay; ``title`` is what the user sees. The first line of the
    class docstring is the description.
    """

    title: ClassVar[str] = ""
    category: ClassVar[str] = ""

    class Settings(base.Settings):
        """What the user may choose; a component without settings has none."""

    settings: base.Settings

    def __init__(self, settings: base.Settings | None = None) -> None:
        self.settings = self.Settings() if settings is None else settings
