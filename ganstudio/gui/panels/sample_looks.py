"""Sample looks: the ways to look at images of previews, of which one or the other is chosen.

It is told which preview is to be seen and puts it on the stage: alone, by class, beside real samples, or
compared with a step; one sample of it closely where that is wanted. It knows nothing of runs.
"""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication, QWidget

from ganstudio.api.events import PreviewReady
from ganstudio.gui import sample_scenes, words
from ganstudio.gui.panels.sample_sheet import SampleSheet
from ganstudio.gui.panels.sample_stage import SampleStage
from ganstudio.gui.panels.sample_tools import SampleTools
from ganstudio.gui.sample_scenes import REAL, Scene


class SampleLooks(QObject):
    """Joins stage, tools and sheet.

    Signals:
        changed: the preview is shown in another way now.
    """

    changed = Signal()

    def __init__(self, stage: SampleStage, tools: SampleTools, pane: QWidget) -> None:
        super().__init__(pane)
        self.stage, self.tools = stage, tools
        self.sheet = SampleSheet(pane)
        self.said = ""
        """What there is to say of the way it is shown."""
        self._shown: PreviewReady | None = None
        self._real: PreviewReady | None = None
        self._pinned: PreviewReady | None = None
        self._classes: tuple[str, ...] = ()
        tools.changed.connect(self._take_tools)
        tools.closerAsked.connect(self._take_closer)
        stage.chosen.connect(self._look)
        stage.pointed.connect(self._point)
        stage.left.connect(self._leave)
        self.sheet.picked.connect(self._look)
        self.sheet.closed.connect(self._leave)

    @property
    def pinned(self) -> PreviewReady | None:
        """The preview that others are compared with."""
        return self._pinned

    def clear(self) -> None:
        """Forget the run."""
        self._shown = self._real = self._pinned = None
        self._classes = ()
        self.tools.clear()
        self._leave()
        self.show(None, None)

    def show(
        self, shown: PreviewReady | None, real: PreviewReady | None, classes: Sequence[str] = ()
    ) -> None:
        """Show a preview of images; ``classes``: those that its samples are made of in turn."""
        self._shown, self._real, self._classes = shown, real, tuple(classes)
        images = shown is not None and shown.kind == "images"
        made = shown if shown is not None and shown.source != REAL and images else None
        self.tools.offer(
            beside=made is not None and _images(real) and sample_scenes.free(made, classes),
            classes=made is not None and sample_scenes.has_classes(made, classes) and not self._several(made),
            steps=made is not None,
            closer=made is not None,
        )
        scene = self._scene(shown) if shown is not None and images else None
        self.said = scene.said if scene is not None else ""
        self.stage.show_scene(scene)
        if made is None:
            self._leave()
        elif not self.sheet.isHidden():
            self.sheet.follow(made, self._classes)

    def _scene(self, shown: PreviewReady) -> Scene:
        pinned, real = self._pinned, self._real
        if shown.source == REAL:
            return Scene((sample_scenes.plain(shown),))
        if pinned is not None and sample_scenes.comparable(pinned, shown):
            arranged = (
                sample_scenes.loose if sample_scenes.free(shown, self._classes) else sample_scenes.plain
            )
            then, now = (arranged(one, words.step(one.step).capitalize()) for one in (pinned, shown))
            return sample_scenes.compared(then, now)
        if self._is_beside(shown) and real is not None:
            return sample_scenes.beside(real, shown)
        if self.tools.by_class.isChecked() and sample_scenes.has_classes(shown, self._classes):
            return Scene((sample_scenes.by_class(shown, self._classes),))
        return Scene((sample_scenes.plain(shown),))

    def _several(self, shown: PreviewReady) -> bool:
        """Say whether there are several grids now."""
        compares = self._pinned is not None and sample_scenes.comparable(self._pinned, shown)
        return compares or self._is_beside(shown)

    def _is_beside(self, shown: PreviewReady) -> bool:
        wanted = self.tools.beside.isChecked() and _images(self._real)
        return wanted and sample_scenes.free(shown, self._classes)

    def _take_tools(self) -> None:
        if not self.tools.pin.isChecked():
            self._pinned = None
        elif self._pinned is None:
            self._pinned = self._shown
        self.tools.show_pinned(words.step(self._pinned.step) if self._pinned is not None else "")
        self._again()

    def _take_closer(self, wanted: bool) -> None:
        self._look(self.sheet.number) if wanted else self._leave()

    def _look(self, number: int) -> None:
        shown = self._shown
        if shown is None or shown.source == REAL or shown.kind != "images":
            return
        number = min(number, len(shown.array) - 1)
        self.sheet.look(shown, number, self._classes)
        self.stage.pick(number)
        self.tools.closer.setChecked(True)

    def _point(self, number: int, across: float, down: float) -> None:
        if not self.sheet.isHidden():
            self.sheet.point(number, across, down)

    def _leave(self) -> None:
        if self.sheet.hasFocus() or self.sheet.isAncestorOf(QApplication.focusWidget() or self.stage):
            # Keys go back to where they were before.
            self.stage.take_keys()
        self.sheet.close_quietly()
        self.stage.pick(None)
        self.tools.closer.setChecked(False)

    def _again(self) -> None:
        self.show(self._shown, self._real, self._classes)
        self.changed.emit()


def _images(preview: Any) -> bool:
    return preview is not None and preview.kind == "images"
