"""Translating work: what is done on the thread of :mod:`ganstudio.session.translating`, a wish at a time.

It knows nothing of which images are taken or shown.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal, Slot

from ganstudio.api.errors import StudioError
from ganstudio.failures import describe_failure
from ganstudio.session.data_look import step_back

if TYPE_CHECKING:
    from ganstudio.registry import Registry
    from ganstudio.translating import Size, Translation, Translator

_MOST_RUNS = 500
"""So many of a library's newest runs that can translate are offered."""


@dataclass(frozen=True)
class Candidate:
    """A run of the library that can translate."""

    path: Path
    name: str
    step: int


@dataclass(frozen=True)
class Ability:
    """What a run can do: opened at ``step`` of ``steps``, that is the newest which is whole where none was
    asked for.

    ``directions``: A or B with a title each. ``trained``: what it was trained on, in a few words. ``note``:
    what to know of the checkpoint, in a sentence.
    """

    path: Path
    title: str
    step: int
    steps: tuple[int, ...]
    directions: tuple[tuple[str, str], ...]
    names: tuple[tuple[str, str], ...]
    """What is given and what is made, in each direction."""
    usual_size: Size
    trained: str
    note: str = ""


@dataclass(frozen=True, eq=False)
class Wish:
    """Something to be done; ``kind``: ``list``, ``open``, ``renew``, ``gather``, ``translate``, ``save``.

    ``key``: the image it is about, 0 for none.
    """

    kind: str
    arguments: tuple[Any, ...] = field(repr=False)
    key: int = 0
    cancelled: threading.Event = field(default_factory=threading.Event, repr=False)


class TranslatingWork(QObject):
    """Lives on the thread; every wish is answered by one of its signals.

    Signals:
        done: the wish, and what came of it.
        failed: the wish, and a sentence.
        dropped: the wish; nobody waited for it any more.
    """

    done = Signal(object, object)
    failed = Signal(object, str)
    dropped = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._translator: Translator | None = None
        self._opened: tuple[Any, ...] = ()

    @Slot(object)
    def work(self, wish: Wish) -> None:
        """Fulfil one wish, unless nobody waits for it any more."""
        if wish.cancelled.is_set():
            self.dropped.emit(wish)
            return
        step_back()
        try:
            self.done.emit(wish, getattr(self, f"_{wish.kind}")(wish))
        except StudioError as error:
            self.failed.emit(wish, str(error))
        except Exception as error:
            if wish.cancelled.is_set():
                self.dropped.emit(wish)
            else:
                self.failed.emit(wish, describe_failure(error)[0])

    def _list(self, wish: Wish) -> list[Candidate]:
        from ganstudio.runs.library import Library
        from ganstudio.translating import Stopped, translates

        library, registry = wish.arguments

        def told(_done: int, _of: int) -> None:
            if wish.cancelled.is_set():
                raise Stopped

        fit = (
            entry
            for entry in Library(library).entries(told)
            if entry.checkpoints and translates(registry, entry.architecture)
        )
        return [Candidate(entry.path, entry.name, entry.step) for entry in fit][:_MOST_RUNS]

    def _open(self, wish: Wish) -> Ability:
        from ganstudio.runs.checkpoint import step_of

        path, step, registry = wish.arguments
        opened = self._open_translator(wish, path, step, registry)
        steps = tuple(step_of(folder) for folder in opened.run.checkpoints())
        passed = [each for each in steps if each > opened.step] if step is None else []
        note = (
            f"The checkpoint of step {passed[-1]:,} is damaged; that of step {opened.step:,} is used instead."
            if passed
            else ""
        )
        ways = opened.directions
        return Ability(
            path,
            opened.title,
            opened.step,
            steps,
            tuple((way.to, way.title) for way in ways),
            tuple(way.names for way in ways),
            opened.usual_size,
            ways[0].given.describe(),
            note,
        )

    def _renew(self, wish: Wish) -> int:
        """Return the newest step there is, 0 for none."""
        from ganstudio.runs.checkpoint import step_of
        from ganstudio.runs.folder import RunFolder

        return max(map(step_of, RunFolder.open(wish.arguments[0]).checkpoints()), default=0)

    def _gather(self, wish: Wish) -> tuple[list[Path], list[str]]:
        from ganstudio.image_files import gathered

        return gathered(*wish.arguments)

    def _translate(self, wish: Wish) -> Translation:
        path, step, registry, source, to, size = wish.arguments
        return self._open_translator(wish, path, step, registry).translate(source, to, size)

    def _save(self, wish: Wish) -> tuple[Path, Translation]:
        from ganstudio.translating import save_beside

        path, step, registry, source, to, size, name, folder, made = wish.arguments
        if made is None:
            made = self._open_translator(wish, path, step, registry).translate(source, to, size)
        return save_beside(made, name, folder), made

    def _open_translator(self, wish: Wish, path: Path, step: int | None, registry: Registry) -> Translator:
        """Return the translator that is open already, or another in its place."""
        from ganstudio.translating import Translator

        wanted = (path, step, registry)
        if self._translator is None or self._opened != wanted or wish.kind == "open":
            _spare_thread()
            # The memory of the one before is free before the next one takes its own.
            self._translator, self._opened = None, ()
            self._translator = Translator.open(path, registry, step)
            self._opened = (path, self._translator.step, registry)
        self._translator.stop = wish.cancelled.is_set
        return self._translator


def _spare_thread() -> None:
    """Set up the calling thread for one core alone."""
    from ganstudio.training.device import flush_denormals, spare_thread

    flush_denormals()
    spare_thread()
