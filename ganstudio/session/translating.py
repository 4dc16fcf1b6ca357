"""Translating images with a run, on a thread of its own: a training that goes on keeps its rate.

It knows nothing of widgets. Like the worker, it loads torch only when there is something to do.
"""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from PySide6.QtCore import QObject, QThread, Signal, Slot

from ganstudio.session.kept_translations import KeptTranslations
from ganstudio.session.translating_work import Ability, TranslatingWork, Wish

if TYPE_CHECKING:
    from ganstudio.registry import Registry
    from ganstudio.translating import Size, Translation

MOST_FILES = 5000
"""So many images are taken at once."""

KEPT_BYTES = 128 << 20
"""Translations are kept up to so much, the latest looked at longest; others are made again when asked for."""

State = Literal["waiting", "working", "translated", "failed"]


@dataclass(frozen=True)
class Taken:
    """An image that is to be translated, and what became of it.

    ``place``: its file, ``None`` where it was pasted. ``sentence``: what was done to it, or why it failed.
    ``saved``: where the translation was last written.
    """

    key: int
    name: str
    place: Path | None
    state: State = "waiting"
    sentence: str = ""
    saved: Path | None = None


@dataclass
class _Item:
    taken: Taken
    source: Any = field(repr=False)


class Translating(QObject):
    """Opens one run at a time, and translates the images that were taken, the one looked at first.

    Signals:
        listed: the runs of the library that can translate, each a ``Candidate``, the newest first.
        opened: the run that was chosen can translate; its ``Ability``.
        refused: why it cannot, in a sentence.
        filesChanged: other images are taken.
        updated: what became of an image, a ``Taken``.
        shown: the image that is looked at, and its ``Translation`` or ``None`` while there is none.
        saved: the files that were written.
        failed: what could not be done, in a sentence.
        said: what happened, in a sentence.
    """

    listed = Signal(object)
    opened = Signal(object)
    refused = Signal(str)
    filesChanged = Signal()  # noqa: N815 - Qt's way of naming
    updated = Signal(object)
    shown = Signal(object, object)
    saved = Signal(object)
    failed = Signal(str)
    said = Signal(str)
    _work = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.ability: Ability | None = None
        """What the run that is open can do."""
        self._registry: Registry | None = None
        self._chosen: tuple[Path, int | None] | None = None
        self._to: str = ""
        self._size: Size = "trained"
        self._sized_for: Path | None = None
        """The run that the size was chosen for; another has another that is usual."""
        self._items: dict[int, _Item] = {}
        self._looked_at = 0
        self._wanted = 0
        """The image that goes before all others, even while the others are held."""
        self._held = False
        self._keys = itertools.count(1)
        self._pasted = itertools.count(1)
        self._kept = KeptTranslations(KEPT_BYTES)
        self._written: list[Path] = []
        self._wishes: deque[Wish] = deque()
        self._doing: Wish | None = None
        self._thread = QThread()
        self._thread.setObjectName("translating")
        self._worker = TranslatingWork()
        self._worker.moveToThread(self._thread)
        self._work.connect(self._worker.work)
        self._worker.done.connect(self._on_done)
        self._worker.failed.connect(self._on_failed)
        self._worker.dropped.connect(self._on_dropped)

    @property
    def taken(self) -> list[Taken]:
        """The images that were taken, in their order."""
        return [item.taken for item in self._items.values()]

    @property
    def busy(self) -> bool:
        """Whether something is being done or waits to be."""
        return self._doing is not None or bool(self._wishes)

    @property
    def saving(self) -> int:
        """How many translations are still to be written."""
        return sum(wish.kind == "save" for wish in self._all())

    @property
    def way(self) -> tuple[str, Size]:
        """To what and at which size images are translated."""
        return self._to, self._size

    @property
    def held(self) -> bool:
        """Whether images wait because the user stopped their translation."""
        return self._held

    # --- Which run ---------------------------------------------------------------------------------

    def set_registry(self, registry: Registry | None) -> None:
        """Take the plugins, as soon as they are loaded or were loaded anew."""
        if registry is not self._registry:
            self._registry = registry
            if self._chosen is not None:
                self.open(*self._chosen)

    def list_runs(self, library: Path) -> None:
        """Find the runs of a library that can translate; does nothing until the plugins are loaded."""
        if self._registry is not None and all(wish.kind != "list" for wish in self._all()):
            self._ask(Wish("list", (library, self._registry)))

    def open(self, run: Path, step: int | None = None) -> None:
        """Take the weights of a run at a step (the newest), and translate all images anew."""
        self._chosen = (run, step)
        self._drop("open", "translate", "save")
        self.ability = None
        self._reset()
        if self._registry is not None:
            self._ask(Wish("open", (run, step, self._registry)))

    def renew(self) -> None:
        """Open the run anew where it has newer weights by now, or could not be opened before."""
        if self._chosen is not None and self.ability is not None:
            self._ask(Wish("renew", (self._chosen[0],)))
        elif self._chosen is not None and not self.busy:
            self.open(*self._chosen)

    def choose(self, to: str, size: Size) -> None:
        """Translate in another direction or at another size from now on, all images anew."""
        if (to, size) != (self._to, self._size):
            self._to, self._size = to, size
            self._drop("translate", "save")
            self._reset()
            self._go_on()

    # --- Which images ------------------------------------------------------------------------------

    def take(self, paths: Sequence[Path]) -> None:
        """Translate these files too, and the images in those that are folders."""
        self._held = False
        self._ask(Wish("gather", (tuple(paths), max(MOST_FILES - len(self._items), 0))))

    def paste(self, pixels: Any) -> None:
        """Translate pixels ``uint8`` [H, W, 4], RGBA, too."""
        self._held = False
        self._add([(f"pasted-{next(self._pasted)}", None, pixels)])

    def remove(self, keys: Iterable[int]) -> None:
        """Take no interest in some images any more."""
        for key in set(keys):
            self._items.pop(key, None)
            self._kept.forget(key)
        self._cancel(lambda wish: bool(wish.key) and wish.key not in self._items)
        self.filesChanged.emit()

    def clear(self) -> None:
        """Take no interest in any image any more, nor in folders that are still being gone through."""
        self._drop("gather", "save")
        self.remove(list(self._items))

    def look_at(self, key: int) -> None:
        """Show one image as soon as it is translated; it goes before all others."""
        self._looked_at = key
        item = self._items.get(key)
        if item is None:
            return
        found = self._kept.get(key)
        self.shown.emit(item.taken, found)
        if found is None and item.taken.state == "translated":
            self._update(key, state="waiting")
        if item.taken.state == "waiting":
            self._wanted = key
            if self._doing is not None and self._doing.kind == "translate":
                self._doing.cancelled.set()
        self._go_on()

    def stop(self) -> None:
        """Translate no more of what waits, and save no more."""
        self._held, self._wanted = True, 0
        self._drop("translate", "save", "gather")

    def go_on(self) -> None:
        """Translate what waits."""
        self._held = False
        self._go_on()

    def save(self, keys: Iterable[int], folder: Path | None = None) -> None:
        """Write translations beside their originals, or all into a folder; those not made yet are made."""
        for key in keys:
            item = self._items.get(key)
            if item is None or self.ability is None:
                continue
            name = item.taken.place or Path(f"{item.taken.name}.png")
            arguments = (*self._arguments(item), name, folder, self._kept.get(key))
            self._ask(Wish("save", arguments, key))

    def shutdown(self, timeout_ms: int) -> bool:
        """End the thread; return whether it ended in time."""
        self._drop("list", "open", "renew", "gather", "translate", "save")
        self._chosen, self.ability = None, None
        self._thread.quit()
        return not self._thread.isRunning() or self._thread.wait(timeout_ms)

    # --- Inside ------------------------------------------------------------------------------------

    def _add(self, found: Iterable[tuple[str, Path | None, Any]]) -> None:
        there = {item.taken.place for item in self._items.values() if item.taken.place}
        for name, place, source in found:
            if place not in there:
                key = next(self._keys)
                self._items[key] = _Item(Taken(key, name, place), source)
        self.filesChanged.emit()
        self._go_on()

    def _reset(self) -> None:
        """Forget all translations; the images wait again."""
        self._kept.clear()
        for item in self._items.values():
            item.taken = replace(item.taken, state="waiting", sentence="", saved=None)
        # Once for all of them: one by one they would keep the window waiting.
        self.filesChanged.emit()
        self.look_at(self._looked_at)

    def _update(self, key: int, **changes: Any) -> None:
        item = self._items.get(key)
        if item is not None and replace(item.taken, **changes) != item.taken:
            item.taken = replace(item.taken, **changes)
            self.updated.emit(item.taken)

    def _arguments(self, item: _Item) -> tuple[Any, ...]:
        assert self.ability is not None
        return self.ability.path, self.ability.step, self._registry, item.source, self._to, self._size

    def _all(self) -> list[Wish]:
        return [*([self._doing] if self._doing else []), *self._wishes]

    def _drop(self, *kinds: str) -> None:
        self._cancel(lambda wish: wish.kind in kinds)

    def _cancel(self, meant: Callable[[Wish], bool]) -> None:
        for wish in self._all():
            if meant(wish):
                wish.cancelled.set()
        self._wishes = deque(wish for wish in self._wishes if not wish.cancelled.is_set())

    def _ask(self, wish: Wish) -> None:
        self._wishes.append(wish)
        self._go_on()

    def _go_on(self) -> None:
        """Have the next thing done, when nothing is being done."""
        if self._doing is not None:
            return
        wish = self._wishes.popleft() if self._wishes else self._next_image()
        if wish is None:
            return
        if not self._thread.isRunning():
            self._thread.start()
        self._doing = wish
        if wish.kind == "translate":
            self._update(wish.key, state="working")
        self._work.emit(wish)

    def _next_image(self) -> Wish | None:
        """Return the wish for the image that is looked at, else for the first that waits."""
        if self.ability is None:
            return None
        waiting = (item for item in self._items.values() if item.taken.state == "waiting")
        item = self._items.get(self._wanted)
        if item is None or item.taken.state != "waiting":
            item = None if self._held else next(waiting, None)
        return Wish("translate", self._arguments(item), item.taken.key) if item else None

    # --- What the thread says ----------------------------------------------------------------------

    @Slot(object, object)
    def _on_done(self, wish: Wish, found: Any) -> None:
        if wish.cancelled.is_set():
            self._on_dropped(wish)
            return
        self._doing = None
        getattr(self, f"_take_{wish.kind}")(wish, found)
        self._go_on()

    @Slot(object, str)
    def _on_failed(self, wish: Wish, sentence: str) -> None:
        if wish.cancelled.is_set():
            self._on_dropped(wish)
            return
        self._doing = None
        if wish.kind == "translate":
            self._update(wish.key, state="failed", sentence=sentence)
            self._show(wish.key, None)
        elif wish.kind == "open":
            self.refused.emit(sentence)
        else:
            self._tell_failure(wish, sentence)
        self._go_on()

    @Slot(object)
    def _on_dropped(self, wish: Wish) -> None:
        self._doing = None
        if wish.kind == "translate":
            self._update(wish.key, state="waiting")
        self._go_on()

    def _tell_failure(self, wish: Wish, sentence: str) -> None:
        if wish.kind == "save":
            # What the disk refuses once, it refuses for all the others.
            self._drop("save")
            self._tell_saved()
        self.failed.emit(sentence)

    def _take_list(self, _wish: Wish, found: Any) -> None:
        self.listed.emit(found)

    def _take_open(self, _wish: Wish, found: Ability) -> None:
        self.ability = found
        if self._to not in [to for to, _title in found.directions]:
            self._to = found.directions[0][0]
        if self._sized_for != found.path:
            self._size, self._sized_for = found.usual_size, found.path
        self.opened.emit(found)

    def _take_renew(self, wish: Wish, newest: int) -> None:
        path, ability = wish.arguments[0], self.ability
        if self._chosen == (path, None) and ability is not None and newest != ability.steps[-1]:
            self.open(path)

    def _take_gather(self, _wish: Wish, found: tuple[list[Path], list[str]]) -> None:
        files, notes = found
        for note in notes:
            self.said.emit(note)
        self._add((file.name, file, file) for file in files)

    def _take_translate(self, wish: Wish, found: Translation) -> None:
        self._kept.keep(wish.key, found)
        self._update(wish.key, state="translated", sentence=" ".join(found.notes))
        self._show(wish.key, found)

    def _take_save(self, wish: Wish, found: tuple[Path, Translation]) -> None:
        path, translation = found
        self._kept.keep(wish.key, translation)
        notes = " ".join(translation.notes)
        self._update(wish.key, state="translated", sentence=notes, saved=path)
        self._show(wish.key, translation)
        self._written.append(path)
        if all(wish.kind != "save" for wish in self._wishes):
            self._tell_saved()

    def _tell_saved(self) -> None:
        written, self._written = self._written, []
        if written:
            self.saved.emit(written)

    def _show(self, key: int, translation: Translation | None) -> None:
        if key == self._looked_at and key in self._items:
            self.shown.emit(self._items[key].taken, translation)
