"""A source of super-resolution pairs: patches of any images, and the same patches made small.

It knows nothing of what is learned from them.
"""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, ClassVar, Literal

import numpy as np
import torch

from ganstudio.api import (
    DataSource,
    DataSpec,
    ImageSpec,
    InputError,
    LoadedData,
    PairedSpec,
    Range,
    Report,
    Unit,
)
from ganstudio_plugins.image_folder import changes_told
from ganstudio_plugins.picture_files import Picture, checked, pictures_in
from ganstudio_plugins.pictures import Look, UnreadableError, look, read
from ganstudio_plugins.sr_degradation import DegradationSettings, Pixels, degraded, whole_multiple
from ganstudio_plugins.sr_patches import Patches, shared_out

NAMES = ("low", "high")
_NAMED = 3
"""Images that a sentence names."""

LeftOut = list[tuple[str, str]]
"""The name of each image that is not used, and the reason in a few words."""


class SuperResolutionFolder(DataSource):
    """Patches cut at random from images of any size, and the same made small, to be enlarged again."""

    title = "Super-resolution pairs from an image folder"
    gives: ClassVar[type[DataSpec]] = PairedSpec

    class Settings(DegradationSettings):
        """The images, the patches, and how small they become."""

        folder: Annotated[Path | None, "The folder that holds the images, or a .zip of it"] = None
        scale: Annotated[Literal[2, 4], "How many times as large the images are to become"] = 2
        patch: Annotated[
            int, Range(8, 512, log=True), Unit("px"), "Side of the large patches; a multiple of Scale"
        ] = 48
        patches: Annotated[
            int,
            Range(1, 1_000_000, log=True),
            "Patches that are cut from all images together, more from larger ones and one at least from each",
        ] = 20_000
        seed: Annotated[int, Range(0, 2**31 - 1), "The same seed cuts the same patches"] = 0
        colour: Annotated[
            Literal["as it is", "grey", "RGB"], "Convert every image to grey or to three colours"
        ] = "as it is"
        flip: Annotated[bool, "Mirror half of the patches, left and right, chosen anew every epoch"] = True
        held_out: Annotated[
            Path | None,
            "A folder or .zip of other images, never trained on: PSNR and SSIM are measured on them, whole",
        ] = None

    settings: "SuperResolutionFolder.Settings"

    def load(self, report: Report) -> LoadedData:
        """Cut the patches; raises ``InputError`` when no image can be read, or none is large enough."""
        chosen = self.settings
        self._check_patch()
        place = checked(chosen.folder)
        left_out: LeftOut = []
        with pictures_in(place, report) as pictures:
            usable = _large_enough(pictures, chosen.patch, left_out, report)
            if not usable:
                raise _nothing_left(place, left_out)
            colour = self._in_colour([size for _picture, size in usable])
            shares = shared_out(chosen.patches, [_places(size, chosen.patch) for _picture, size in usable])
            patches = Patches(sum(shares), 3 if colour else 1, chosen.patch, chosen.scale)
            changes = self._cut_all(usable, shares, colour, patches, left_out, report)
        small, large = patches.done()
        if not len(large):
            raise _nothing_left(place, left_out)
        return LoadedData(
            PairedSpec(ImageSpec(*small.shape[1:]), ImageSpec(*large.shape[1:]), NAMES),
            small,
            notes=[*_notes(left_out, len(large), len(pictures)), *changes_told(changes)],
            flip=chosen.flip,
            unreadable=left_out,
            other=large,
            held_out=held_out(chosen.held_out, chosen, chosen.scale, colour, report),
        )

    def _check_patch(self) -> None:
        patch, scale = self.settings.patch, self.settings.scale
        if patch % scale:
            raise InputError(
                f"Patch is {patch}, which is no multiple of the scale {scale}. Set Patch to "
                f"{-(-patch // scale) * scale}."
            )

    def _in_colour(self, sizes: Sequence[Look]) -> bool:
        """Return whether all images become RGB: one with colours makes all of them so."""
        if self.settings.colour != "as it is":
            return self.settings.colour == "RGB"
        return any(size.colour for size in sizes)

    def _cut_all(
        self,
        usable: Sequence[tuple[Picture, Look]],
        shares: Sequence[int],
        colour: bool,
        patches: Patches,
        left_out: LeftOut,
        report: Report,
    ) -> Counter[str]:
        """Cut each image's share of patches, and return what had to be done to how many images."""
        changes = Counter[str]()
        for index, ((picture, _size), share) in enumerate(zip(usable, shares, strict=True)):
            report("Cutting patches", index / len(usable))
            try:
                pixels, changed = read(picture.file, colour)
            except UnreadableError as reason:
                left_out.append((str(picture.name), str(reason)))
                continue
            changes.update(changed)
            self._cut(pixels, index, share, patches)
        return changes

    def _cut(self, pixels: Pixels, index: int, count: int, patches: Patches) -> None:
        # Of each image's own, so that one more image changes nothing for the others.
        chance = np.random.default_rng((self.settings.seed, index))
        large = whole_multiple(pixels, self.settings.scale)
        patches.cut(degraded(large, self.settings.scale, self.settings, chance), large, count, chance)


def held_out(
    folder: Path | None, settings: DegradationSettings, scale: int, colour: bool, report: Report
) -> tuple[LoadedData, ...]:
    """Return whole images beside what they are made small to, each as data of its own; none without a folder.

    Raises ``InputError`` where a folder is chosen and no image in it can be read.
    """
    if folder is None:
        return ()
    place, found = checked(folder, "Held out"), []
    left_out: LeftOut = []
    with pictures_in(place, report) as pictures:
        for index, picture in enumerate(pictures):
            report("Reading the images held out", index / len(pictures))
            try:
                large = whole_multiple(read(picture.file, colour)[0], scale)
            except UnreadableError as reason:
                left_out.append((str(picture.name), str(reason)))
                continue
            if large.size:
                found.append(_pair(large, scale, settings, index))
    if not found:
        raise _nothing_left(place, left_out)
    return tuple(found)


def _pair(large: Pixels, scale: int, settings: DegradationSettings, index: int) -> LoadedData:
    small = degraded(large, scale, settings, np.random.default_rng(index))
    spec = PairedSpec(ImageSpec(*small.shape), ImageSpec(*large.shape), NAMES)
    return LoadedData(spec, torch.from_numpy(small)[None], other=torch.from_numpy(large.copy())[None])


def _large_enough(
    pictures: Sequence[Picture], side: int, left_out: LeftOut, report: Report
) -> list[tuple[Picture, Look]]:
    usable = []
    for index, picture in enumerate(pictures):
        if index % 32 == 0:
            report("Looking at the images' sizes", index / len(pictures))
        try:
            size = look(picture.file)
        except UnreadableError as reason:
            left_out.append((str(picture.name), str(reason)))
            continue
        if min(size.width, size.height) < side:
            words = f"it is {size.width} × {size.height} pixels, smaller than a patch of {side}"
            left_out.append((str(picture.name), words))
        else:
            usable.append((picture, size))
    return usable


def _places(size: Look, side: int) -> int:
    """Return how many places there are for a patch in an image."""
    return (size.width - side + 1) * (size.height - side + 1)


def _nothing_left(place: Path, left_out: LeftOut) -> InputError:
    return InputError(
        f"None of the {len(left_out)} images in {place} can be used: {_named(left_out)}. Choose other "
        "images, or set Patch to less where they are too small."
    )


def _notes(left_out: LeftOut, patches: int, images: int) -> list[str]:
    used = images - len(left_out)
    notes = [f"{patches} patches were cut from {used} {'images' if used > 1 else 'image'}."]
    if left_out:
        notes.append(f"{len(left_out)} of {images} images were left out: {_named(left_out)}.")
    return notes


def _named(left_out: LeftOut) -> str:
    words = [f"{name} ({reason})" for name, reason in left_out[:_NAMED]]
    more = len(left_out) - len(words)
    return ", ".join(words) + (f" and {more} more" if more else "")
