"""Playing: where the playground leads to, a preset that is trained at once, or points drawn by hand.

It knows nothing of what the playground shows.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from ganstudio.gui.pages import Pages
from ganstudio.gui.panels.experiment_panel import ExperimentPanel

if TYPE_CHECKING:
    from ganstudio.gui.playground_tab import PlaygroundTab


class Playing(QObject):
    """Does what is asked for on a playground; lives as long as it."""

    def __init__(
        self, playground: "PlaygroundTab", tabs: Pages, form: ExperimentPanel, train: Callable[[], object]
    ) -> None:
        super().__init__(playground)
        self._tabs, self._form, self._train = tabs, form, train
        playground.presetAsked.connect(self._play)
        playground.drawAsked.connect(self._draw)

    @Slot(str)
    def _play(self, preset: str) -> None:
        """Train a preset, and stay with the look into its game."""
        if self._form.choose_preset(preset):
            self._train()
            self._tabs.show_page("Playground")

    @Slot()
    def _draw(self) -> None:
        self._tabs.show_page("Data")
        self._tabs.data().drawing.begin()
