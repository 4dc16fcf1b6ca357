"""What sources of two kinds of images share: their settings, colours, random squares, and putting together.

It knows nothing of where the images come from.
"""

from dataclasses import replace
from typing import Annotated

from ganstudio.api import (
    ImageSource,
    ImageSpec,
    InputError,
    LoadedData,
    PairedSpec,
    Range,
    Unit,
    UnpairedSpec,
)
from ganstudio_plugins.held_out import SHARE, HeldOut, with_held_out


class TwoImagesSettings(ImageSource.Settings):
    """What is done to the images of both kinds."""

    random_crop: Annotated[
        int,
        Range(0, 1024),
        Unit("px"),
        "Side of a square that is cut out of each image at random, anew every epoch, after it was scaled; 0 "
        "cuts nothing. The papers scale to 286 and cut 256",
    ] = 0
    held_out: HeldOut = SHARE


def alike(first: LoadedData, second: LoadedData, what: str = "domain") -> None:
    """Bring both to RGB where one of them has colours, with a note."""
    if {part.values.shape[1] for part in (first, second)} != {1, 3}:
        return
    grey = first if first.values.shape[1] == 1 else second
    grey.values = grey.values.expand(-1, 3, -1, -1)
    grey.notes.append(f"The images of one {what} are grey, and became RGB as the others have colours.")


def joined(
    spec: type[UnpairedSpec] | type[PairedSpec],
    first: LoadedData,
    second: LoadedData,
    settings: TwoImagesSettings,
    names: tuple[str, str] | None = None,
) -> LoadedData:
    """Return two sets of images as one, with the notes of both, random squares, and what is held out.

    Raises ``InputError`` where images are smaller than those squares.
    """
    side = settings.random_crop
    kinds = [ImageSpec(*part.values.shape[1:]) for part in (first, second)]
    if side:
        kinds = _cut(kinds, side, spec)
    notes = [*first.notes, *(note for note in second.notes if note not in first.notes)]
    whole = LoadedData(
        spec(kinds[0], kinds[1]) if names is None else spec(kinds[0], kinds[1], names),
        first.values,
        notes=notes,
        flip=settings.flip,
        unreadable=[*first.unreadable, *second.unreadable],
        other=second.values,
        crop=side,
    )
    return with_held_out(whole, settings.held_out)


def _cut(kinds: list[ImageSpec], side: int, spec: type[UnpairedSpec] | type[PairedSpec]) -> list[ImageSpec]:
    """Return the specs of random squares of such images."""
    for kind in kinds:
        if min(kind.height, kind.width) < side:
            raise InputError(
                f"Random crop asks for squares of {side} pixels, and the images are {kind.width} × "
                f"{kind.height}. Set Random crop to {min(kind.height, kind.width)} or less, or Resize to "
                "more."
            )
    sides = [side, side]
    if spec is PairedSpec:
        sides[1] = side * kinds[1].height // kinds[0].height
    return [replace(kind, height=own, width=own) for kind, own in zip(kinds, sides, strict=True)]
