"""Pictures of two folders matched by their names, and those that have no partner.

It knows nothing of what is in the pictures, nor of what pairs are for.
"""

from collections.abc import Iterable
from pathlib import Path

from ganstudio_plugins.image_pairs import LeftOut
from ganstudio_plugins.picture_files import Picture

_NAMED = 5
"""Pictures that a sentence names."""

_ByName = dict[str, list[Picture]]
"""Pictures by their paths without endings; the first of each counts."""


class Matched:
    """The pictures of two folders, each with its partner: that with its name, in the same subfolder."""

    def __init__(
        self, first: Iterable[Picture], second: Iterable[Picture], places: tuple[Path, Path]
    ) -> None:
        self._places = places
        found, others = _by_name(first), _by_name(second)
        self.pairs = {name: (found[name][0], others[name][0]) for name in found if name in others}
        """By their name, in the order of the first folder."""
        self.alone = _alone(found, others, places[1]), _alone(others, found, places[0])
        """The pictures of each folder that have no partner."""
        self.namesakes = [*_namesakes(found), *_namesakes(others)]
        """Those that differ from another of their folder in the ending alone."""

    def missing(self) -> str:
        """Return a sentence about the pictures without a partner, empty where all have one."""
        count = sum(map(len, self.alone))
        told = [f"{_named(names)} in {where}" for names, where in zip(self.alone, self._places, strict=True)]
        told = [words for words, names in zip(told, self.alone, strict=True) if names]
        have = "image has" if count == 1 else "images have"
        return f"{count} {have} no partner: {', and '.join(told)}." if count else ""


def _by_name(pictures: Iterable[Picture]) -> _ByName:
    found: _ByName = {}
    for picture in pictures:
        found.setdefault(str(picture.name.with_suffix("")), []).append(picture)
    return found


def _alone(found: _ByName, wanted: _ByName, where: Path) -> LeftOut:
    return [
        (str(picture.name), f"it has no partner in {where}")
        for name, pictures in found.items()
        if name not in wanted
        for picture in pictures
    ]


def _namesakes(found: _ByName) -> LeftOut:
    return [
        (str(picture.name), f"it has the name of {pictures[0].name}")
        for pictures in found.values()
        for picture in pictures[1:]
    ]


def _named(left_out: LeftOut) -> str:
    more = len(left_out) - _NAMED
    return ", ".join(name for name, _reason in left_out[:_NAMED]) + (f" and {more} more" if more > 0 else "")
