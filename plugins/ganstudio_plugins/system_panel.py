"""The System panel: what a training takes of the machine. It knows nothing of how that is drawn.

Qt is loaded only when the panel is made, so that the command line does without.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ganstudio.api import CheckpointSaved, Event, Panel, Started, StepRecord, hookimpl

if TYPE_CHECKING:
    from ganstudio_plugins.system_view import SystemView


class SystemPanel(Panel):
    """Steps a second, processor, memory and disk over the last ten minutes.

    Shows whether a training slows down, whether other programs take its processor, whether its memory
    grows, and whether the disk of its checkpoints fills up.
    """

    title = "System"

    _view: "SystemView"
    _last: StepRecord | None = None

    def make(self, parent: Any) -> "SystemView":
        """Return the view; it looks at the machine once a second while it is seen."""
        from ganstudio_plugins.system_view import SystemView

        self._view = SystemView(parent)
        return self._view

    def take(self, events: Sequence[Event]) -> None:
        """Follow the rate, and where checkpoints go."""
        for event in events:
            if isinstance(event, Started):
                self._last = None
                self._view.begin()
            elif isinstance(event, StepRecord):
                self._take_step(event)
            elif isinstance(event, CheckpointSaved):
                self._view.watch_disk_of(event.path)

    def _take_step(self, record: StepRecord) -> None:
        before, self._last = self._last, record
        if before is not None and record.step > before.step and record.seconds > before.seconds:
            rate = (record.step - before.step) / (record.seconds - before.seconds)
            self._view.show_rate(record.seconds, rate)


@hookimpl
def ganstudio_panels() -> Sequence[type[Panel]]:
    """Offer the panel."""
    return [SystemPanel]
