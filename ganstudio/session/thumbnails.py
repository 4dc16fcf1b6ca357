"""Thumbnails: small pictures of what runs made, read on a thread of their own as they come into view.

It knows nothing of widgets: it gives plain arrays.
"""

from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QThread, Signal, Slot

from ganstudio.api.errors import StudioError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SIDE = 128
"""Pixels of the longer side."""

_MOST_WAITING = 64
"""Who scrolls past thousands of runs waits for those in view alone."""
_KEPT = 600
_ACROSS = 2
"""Of a grid, so many images each way: eight by eight would be a grey mush."""
_FAINTEST = 0.35
"""Of a scatter: how much of the ink a single dot gets at least, so that it is seen at all."""


@dataclass(frozen=True)
class Thumbnail:
    """A picture ``uint8`` [H, W, 3]; with ``ink`` [H, W] instead, how much ink each pixel takes, 0..255."""

    pixels: "NDArray[np.uint8]"
    ink: bool = False


class Thumbnails(QObject):
    """Pictures by their path: those that are there at once, the others soon.

    Signals:
        arrived: the path of a picture that can now be had.
    """

    arrived = Signal(object)
    _wanted = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._kept: OrderedDict[Path, Thumbnail | None] = OrderedDict()
        self._waiting: OrderedDict[Path, None] = OrderedDict()
        self._asked: Path | None = None
        self._thread = QThread()
        self._thread.setObjectName("thumbnails")
        self._reader = _Reader()
        self._reader.moveToThread(self._thread)
        self._wanted.connect(self._reader.read)
        self._reader.read_one.connect(self._take)

    def get(self, path: Path) -> Thumbnail | None:
        """Return the picture of a file, ``None`` while it is not there, or where there is none to be read."""
        if path in self._kept:
            self._kept.move_to_end(path)
            return self._kept[path]
        self._waiting[path] = None
        self._waiting.move_to_end(path)
        while len(self._waiting) > _MOST_WAITING:
            self._waiting.popitem(last=False)
        self._ask()
        return None

    def shutdown(self, timeout_ms: int) -> bool:
        """End the thread; return whether it ended in time."""
        self._waiting.clear()
        self._thread.quit()
        return not self._thread.isRunning() or self._thread.wait(timeout_ms)

    def _ask(self) -> None:
        if self._asked is None and self._waiting:
            # The newest wish first: that is what is in view.
            self._asked, _ = self._waiting.popitem()
            if not self._thread.isRunning():
                self._thread.start()
            self._wanted.emit(self._asked)

    @Slot(object, object)
    def _take(self, path: Path, thumbnail: Thumbnail | None) -> None:
        self._asked = None
        self._kept[path] = thumbnail
        while len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
        self.arrived.emit(path)
        self._ask()


class _Reader(QObject):
    """Lives on the thread.

    Signals:
        read_one: a path, and its picture or ``None``.
    """

    read_one = Signal(object, object)

    @Slot(object)
    def read(self, path: Path) -> None:
        """Read one picture; whatever is wrong with it, there is then none."""
        try:
            found: Thumbnail | None = read_thumbnail(path)
        except (StudioError, OSError, ValueError, MemoryError):
            found = None
        self.read_one.emit(path, found)


def read_thumbnail(path: Path) -> Thumbnail:
    """Return a small picture of a kept preview: its first images, or all of its points.

    Raises ``StudioError`` for what is no picture.
    """
    from ganstudio.runs import pictures

    found = pictures.read(path)
    if found.kind == "table":
        from ganstudio.runs import table_pictures

        return Thumbnail(_small(table_pictures.draw(found.array, found.table)))
    if found.kind == "points":
        return Thumbnail(_ink(pictures.scatter(found.array)), ink=True)
    across = _ACROSS if len(found.array) >= _ACROSS**2 else 1
    return Thumbnail(_small(_rgb(pictures.tile(found.array[: across**2], across))))


def _rgb(picture: "NDArray[np.uint8]") -> "NDArray[np.uint8]":
    import numpy as np

    return picture[:, :, :3] if picture.shape[2] >= 3 else np.repeat(picture[:, :, :1], 3, axis=2)


def _small(picture: "NDArray[np.uint8]") -> "NDArray[np.uint8]":
    """Return a picture [H, W, 3] with at most ``SIDE`` pixels a side; smaller ones grow by whole factors."""
    import numpy as np
    from PIL import Image

    longest = max(picture.shape[:2])
    if longest * 2 <= SIDE:
        factor = SIDE // longest
        return np.ascontiguousarray(picture.repeat(factor, 0).repeat(factor, 1))
    if longest <= SIDE:
        return np.ascontiguousarray(picture)
    image = Image.fromarray(np.ascontiguousarray(picture))
    image.thumbnail((SIDE, SIDE), Image.Resampling.BOX)
    return np.asarray(image)


def _ink(scatter: "NDArray[np.uint8]") -> "NDArray[np.uint8]":
    """Return how much of each block of a scatter [512, 512, 3] is inked, as ``uint8`` [SIDE, SIDE]."""
    import numpy as np

    factor = scatter.shape[0] // SIDE
    inked: NDArray[Any] = (scatter[:, :, 0] < 255).reshape(SIDE, factor, SIDE, factor).mean((1, 3))
    shown = np.where(inked > 0, np.maximum(np.sqrt(inked), _FAINTEST), 0)
    return np.ascontiguousarray((255 * shown).astype(np.uint8))
