"""Kept translations: those that were made or looked at last, up to so many bytes. It knows no Qt."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ganstudio.translating import Translation


class KeptTranslations:
    """Translations by the key of their image; at least the latest is kept, however large."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[int, Translation] = OrderedDict()
        self._bytes = 0

    def get(self, key: int) -> Translation | None:
        """Return one that is kept, which counts as looking at it."""
        found = self._kept.get(key)
        if found is not None:
            self._kept.move_to_end(key)
        return found

    def keep(self, key: int, translation: Translation) -> None:
        """Keep one, and let go of those that were not looked at longest."""
        self.forget(key)
        self._kept[key] = translation
        self._bytes += _size_of(translation)
        while self._bytes > self._most and len(self._kept) > 1:
            self.forget(next(iter(self._kept)))

    def forget(self, key: int) -> None:
        """Let go of one, where it is kept."""
        found = self._kept.pop(key, None)
        self._bytes -= _size_of(found) if found is not None else 0

    def clear(self) -> None:
        """Let go of all."""
        self._kept.clear()
        self._bytes = 0


def _size_of(translation: Translation) -> int:
    return translation.given.nbytes + translation.made.nbytes
