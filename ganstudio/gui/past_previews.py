"""Past previews: the kept previews of one run, found and read when they are asked for.

It knows nothing of who shows them.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from ganstudio.gui.kept_previews import KeptPreviews
from ganstudio.gui.preview_loader import PreviewLoader
from ganstudio.runs import preview_files

if TYPE_CHECKING:
    from ganstudio.runs.history import Kept
    from ganstudio.runs.pictures import PreviewPicture

_Place = tuple[str, int]
"""A kind of preview, and a step."""


class PastPreviews(QObject):
    """Answers by signals, at once where the picture is in memory, and always with what was asked last.

    Signals:
        found: the kind and step of a preview that was asked for, and its ``PreviewPicture``.
        newestFound: the same, of the newest of a kind.
        realFound: the ``PreviewPicture`` of the data.
        failed: the kind and step of a preview that cannot be shown, and why, in a sentence.
    """

    found = Signal(str, int, object)
    newestFound = Signal(str, int, object)  # noqa: N815 - Qt's way of naming
    realFound = Signal(object)  # noqa: N815
    failed = Signal(str, int, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.kept = KeptPreviews()
        self._real: Path | None = None
        self._newest: dict[Path, _Place] = {}
        self._asked: dict[Path, _Place] = {}
        self._loader = PreviewLoader(self)
        self._loader.loaded.connect(self._take)
        self._loader.failed.connect(self._take_failure)

    def clear(self) -> None:
        """Forget the run."""
        self.kept = KeptPreviews()
        self._real = None
        self._newest, self._asked = {}, {}
        self._loader.clear()

    def set_run(self, folder: Path, previews: Mapping[str, "Sequence[Kept]"], real: Path | None) -> None:
        """Take up the run in a folder; ``real``: the picture of its data, where that is elsewhere."""
        self.kept.set_run(folder, previews)
        self._real = real or preview_files.real(folder)

    def cut(self, step: int) -> None:
        """Forget the previews of later steps: the run goes on from this one and makes them anew."""
        self.kept.cut(step)
        self._newest, self._asked = {}, {}
        self._loader.clear()

    def read_real(self) -> None:
        """Read the picture of the data; nothing comes of it where there is none."""
        if self._real is not None:
            self._loader.read(self._real)

    def read_newest(self, kind: str) -> None:
        """Read the newest preview of a kind; nothing comes of it where there is none."""
        for step in self.kept.steps(kind)[-1:]:
            path = self.kept.path(kind, step)
            if path is not None:
                self._newest[path] = kind, step
                self._loader.read(path)

    def look(self, kind: str, step: int, ahead: Sequence[int] = ()) -> None:
        """Ask for a preview; ``ahead``: the steps that are probably asked for next."""
        path = self.kept.path(kind, step)
        if path is None:
            return
        self._asked.pop(path, None)
        self._asked[path] = kind, step
        next_ones = (self.kept.path(kind, each) for each in ahead)
        picture = self._loader.wish(path, [each for each in next_ones if each is not None])
        if picture is not None:
            self._take(path, picture)

    def forget_asked(self) -> None:
        """Wait for nothing that was asked for any more."""
        self._asked.clear()

    @Slot(object, object)
    def _take(self, path: Path, picture: "PreviewPicture") -> None:
        if path == self._real:
            self.realFound.emit(picture)
        if path in self._newest:
            self.newestFound.emit(*self._newest.pop(path), picture)
        if path in self._asked:
            self.found.emit(*self._answered(path), picture)

    @Slot(object, str)
    def _take_failure(self, path: Path, sentence: str) -> None:
        self._newest.pop(path, None)
        if path in self._asked:
            self.failed.emit(*self._answered(path), sentence)

    def _answered(self, path: Path) -> _Place:
        """Return what was asked for, and wait for nothing that was asked before it."""
        asked = list(self._asked)
        place = self._asked[path]
        for each in asked[: asked.index(path) + 1]:
            del self._asked[each]
        return place
