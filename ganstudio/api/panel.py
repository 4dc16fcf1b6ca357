"""Panels: docks of a plugin's own, fed by what happens in a run. They know nothing of where they stand.

No Qt here: a panel imports it where it makes its widget, so that the command line loads it without.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, ClassVar

from ganstudio.api.component import Component
from ganstudio.api.events import Event


class Panel(Component, ABC):
    """A dock under View. It is made when it is first shown, and lives in the thread of the window.

    What it raises, while it is made, fed or painted, takes the dock down and nothing else. It has no
    settings of the form: what it lets one choose stands in its own widget.
    """

    category: ClassVar[str] = "panel"

    @abstractmethod
    def make(self, parent: Any) -> Any:
        """Return the ``QWidget`` to show, a child of the ``QWidget`` ``parent``. Import Qt in here.

        Colours and fonts are those of ``widget.palette()`` and ``widget.font()``, in both themes.
        """

    def take(self, events: Sequence[Event]) -> None:
        """Take what has happened in the run that trains here, the oldest first; called after :meth:`make`.

        First come the events so far, of previews the newest alone; then new ones, up to 60 times a second.
        A :class:`Started` begins another run. Nothing slow belongs here: the window waits for it.
        """
