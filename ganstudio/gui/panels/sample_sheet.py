"""Sample sheet: one sample looked at closely, beside the grid it is in.

It is handed previews, and says which training images it wants to be told of. It knows nothing of runs.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from ganstudio.api.events import PreviewReady
from ganstudio.gui import sample_scenes, words
from ganstudio.gui.panels.loupe import Loupe
from ganstudio.gui.panels.sample_inspector import SampleInspector
from ganstudio.gui.widgets.side_sheet import SideSheet
from ganstudio.gui.widgets.throttle import Throttle

if TYPE_CHECKING:
    from ganstudio.evaluation.neighbours import Neighbours

SEARCH_MS = 1000
"""Nearest images of samples that change while one looks are asked for this often, at most."""


class SampleSheet(SideSheet):
    """Shows a sample with its nearest training images, or those that belong together through a loupe.

    Signals:
        picked: the number of the sample that is looked at.
        nearestAsked: the training images nearest to this one are wanted, ``uint8`` [H, W, C].
    """

    picked = Signal(int)
    nearestAsked = Signal(object)  # noqa: N815 - Qt's way of naming

    def __init__(self, anchor: QWidget) -> None:
        super().__init__(anchor)
        self.number = 0
        self._preview: PreviewReady | None = None
        self._classes: tuple[str, ...] = ()
        self._group = 0
        self.inspector = SampleInspector(self)
        self.loupe = Loupe(self)
        self._stack = QStackedWidget(self)
        for view in (self.inspector, self.loupe):
            self._stack.addWidget(view)
        self.body.addWidget(self._stack, 1)
        self._throttle = Throttle(SEARCH_MS, self)
        self._throttle.passed.connect(self._ask)
        self.moved.connect(self._move)

    def look(self, preview: PreviewReady, number: int, classes: Sequence[str] = ()) -> None:
        """Open on a sample of a preview; ``classes`` are asked for in turn, where there are any."""
        self._throttle.drop()
        self.inspector.forget_found()
        self.number = number
        self.follow(preview, classes)
        self.open()

    def follow(self, preview: PreviewReady, classes: Sequence[str] = ()) -> None:
        """Show the same sample of another preview."""
        self._preview, self._classes = preview, tuple(classes)
        self._group = sample_scenes.grouped(preview, classes)
        self.number = min(self.number, len(preview.array) - 1)
        if self._group:
            self._show_group(preview)
        else:
            self._show_sample(preview)

    def point(self, number: int, across: float, down: float) -> None:
        """The mouse is over a sample: its place is magnified where the loupe is used."""
        if self._group and self._preview is not None:
            if number // self._group != self.number // self._group:
                self.number = number
                self.follow(self._preview, self._classes)
                self.picked.emit(number)
            self.loupe.look_at(across, down)

    def show_found(self, found: "Neighbours") -> None:
        """Show the training images that were asked for."""
        self.inspector.show_found(found)

    def show_progress(self, text: str) -> None:
        """Say what is done to find them."""
        self.inspector.show_progress(text)

    def show_failure(self, sentence: str) -> None:
        """Say why they cannot be had."""
        self.inspector.show_failure(sentence)

    def close_quietly(self) -> None:
        """Go out of view, and ask for nothing more."""
        self._throttle.drop()
        super().close_quietly()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let the loupe have the keys that move it."""
        if self._group:
            self.loupe.keyPressEvent(event)
            if event.isAccepted():
                return
        super().keyPressEvent(event)

    def _show_sample(self, preview: PreviewReady) -> None:
        self._stack.setCurrentWidget(self.inspector)
        count, image = len(preview.array), preview.array[self.number]
        self.heading.setText(f"Sample {self.number + 1} of {count}")
        facts = [words.step(preview.step), f"{image.shape[1]} × {image.shape[0]} pixels"]
        if sample_scenes.has_classes(preview, self._classes):
            facts.append(self._classes[self.number % len(self._classes)])
        self.inspector.show_sample(image, self.heading.text(), " · ".join(facts))
        self._throttle.give("", image)

    def _show_group(self, preview: PreviewReady) -> None:
        self._stack.setCurrentWidget(self.loupe)
        group, count = self.number // self._group, len(preview.array) // self._group
        self.heading.setText(f"Image {group + 1} of {count}")
        first = group * self._group
        self.loupe.show_images(preview.array[first : first + self._group], preview.captions[: self._group])

    def _move(self, by: int) -> None:
        if self._preview is None:
            return
        step, count = self._group or 1, len(self._preview.array)
        self.picked.emit((self.number + by * step) % count)

    def _ask(self, _key: str, image: object) -> None:
        self.nearestAsked.emit(image)
