"""Kept previews: which steps of a run have pictures on the disk, and where. Plain data, no Qt.

It reads nothing: it is told of the pictures there are.
"""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ganstudio.runs import preview_files

if TYPE_CHECKING:
    from ganstudio.runs.history import Kept


class KeptPreviews:
    """The kept previews of one run, by kind: ``""`` is the first, others go by the name in their files.

    ``folder``: where the run is, ``None`` as long as that is not known; its previews cannot be read then.
    """

    def __init__(self) -> None:
        self.folder: Path | None = None
        self._steps: dict[str, list[int]] = {}
        self._paths: dict[tuple[str, int], Path] = {}

    def set_run(self, folder: Path, previews: Mapping[str, "Sequence[Kept]"]) -> None:
        """Tell where the run is, and which previews it and its ancestors kept besides those known."""
        self.folder = folder
        for kind, kept in previews.items():
            for each in kept:
                self._paths[kind, each.step] = each.path
            known = self._steps.get(kind, [])
            self._steps[kind] = sorted({*known, *(each.step for each in kept)})

    def add(self, kind: str, step: int) -> None:
        """Tell of one that was kept just now."""
        steps = self._steps.setdefault(kind, [])
        place = bisect_left(steps, step)
        if place == len(steps) or steps[place] != step:
            insort(steps, step)
        # The run that goes on writes its own; what an ancestor has at that step counts no more.
        self._paths.pop((kind, step), None)

    def cut(self, step: int) -> None:
        """Forget those of steps after ``step``, which are made anew."""
        for steps in self._steps.values():
            del steps[bisect_right(steps, step) :]

    def kinds(self) -> Iterator[str]:
        """Return the kinds of which there are any, the first one first."""
        return iter(sorted(kind for kind, steps in self._steps.items() if steps))

    def steps(self, kind: str) -> list[int]:
        """Return the steps of which there is a picture of this kind, rising."""
        return list(self._steps.get(kind, ())) if self.folder else []

    def path(self, kind: str, step: int) -> Path | None:
        """Return where the picture of a step is, ``None`` where the run is not known."""
        if self.folder is None:
            return None
        return self._paths.get((kind, step)) or preview_files.picture(self.folder, step, kind)


def nearest(steps: Sequence[int], step: float) -> int | None:
    """Return the step nearest to ``step`` of a rising sequence, the earlier of two; ``None`` of none."""
    if not steps:
        return None
    place = bisect_left(steps, step)
    around = steps[max(0, place - 1) : place + 1]
    return min(around, key=lambda each: abs(each - step))
