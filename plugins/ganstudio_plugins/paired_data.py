"""Sources of pairs of images: halves of one image, two trees matched by name, and two arrays of a file.

They know nothing of what is learned from pairs.
"""

from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, TypeVar

import torch

from ganstudio.api import (
    DataSource,
    DataSpec,
    ImageSpec,
    InputError,
    LoadedData,
    PairedSpec,
    Report,
)
from ganstudio_plugins.held_out import BEFORE
from ganstudio_plugins.image_folder import ImageFolder
from ganstudio_plugins.image_pairs import Both, Pairs, brought_to, halves, outlines
from ganstudio_plugins.matched_names import Matched
from ganstudio_plugins.picture_files import Picture, checked, pictures_in
from ganstudio_plugins.pictures import UnreadableError, look, read
from ganstudio_plugins.two_images import TwoImagesSettings, alike, joined
from ganstudio_plugins.unpaired_data import arrays

Item = TypeVar("Item")


class PairedHalves(DataSource):
    """Images whose left and right halves belong together, as in the pix2pix sets (Isola et al., 2017)."""

    title = "Pairs: halves of each image"
    gives: ClassVar[type[DataSpec]] = PairedSpec
    came_later: ClassVar[Mapping[str, Any]] = BEFORE

    class Settings(TwoImagesSettings):
        """The folder, and which half is which."""

        folder: Annotated[Path | None, "The folder that holds the images, or a .zip of it"] = None
        direction: Annotated[
            Literal["left to right", "right to left"], "Which half is the input, and which its target"
        ] = "left to right"

    settings: "PairedHalves.Settings"

    def load(self, report: Report) -> LoadedData:
        """Read and halve them; raises ``InputError`` when there is none, or none can be read."""
        chosen = self.settings
        place = checked(chosen.folder)
        with pictures_in(place, report) as pictures:
            colour = _colour(chosen, pictures)
            pairs = Pairs(len(pictures), place, chosen.resize)
            for picture in _with_progress(pictures, report):
                pairs.add(str(picture.name), partial(self._halved, picture, colour, pairs))
        return joined(PairedSpec, *pairs.done(), chosen)

    def _halved(self, picture: Picture, colour: bool, pairs: Pairs) -> Both:
        pixels, changes = read(picture.file, colour)
        left, right = halves(pixels)
        pairs.changes.update(changes)
        both = (left, right) if self.settings.direction == "left to right" else (right, left)
        return brought_to(both, self.settings.resize, self.settings.crop)


class PairedFolders(DataSource):
    """Two folders or zips with images of the same names: each input has the target with its name."""

    title = "Pairs: two folders, matched by name"
    gives: ClassVar[type[DataSpec]] = PairedSpec
    came_later: ClassVar[Mapping[str, Any]] = BEFORE

    class Settings(TwoImagesSettings):
        """Both folders, and what becomes of images without a partner."""

        inputs: Annotated[Path | None, "The folder that holds the inputs, or a .zip of it"] = None
        targets: Annotated[Path | None, "The folder that holds the targets, or a .zip of it"] = None
        without_partner: Annotated[
            Literal["leave out", "refuse"], "What to do with images whose name is in one of the folders alone"
        ] = "leave out"

    settings: "PairedFolders.Settings"

    def load(self, report: Report) -> LoadedData:
        """Read every pair; raises ``InputError`` when there is none, or where partners are to be there."""
        chosen = self.settings
        places = self._places()
        with pictures_in(places[0], report) as inputs, pictures_in(places[1], report) as targets:
            matched = Matched(inputs, targets, places)
            pairs = Pairs(len(matched.pairs), places[0], chosen.resize)
            self._leave_out(matched, places, pairs)
            colour = _colour(chosen, [picture for pair in matched.pairs.values() for picture in pair])
            for name in _with_progress(list(matched.pairs), report):
                pairs.add(name, partial(self._read, matched.pairs[name], colour, pairs))
        return joined(PairedSpec, *pairs.done(), chosen)

    def _places(self) -> tuple[Path, Path]:
        """Return both folders; raises ``InputError`` where one is not chosen, or both are the same."""
        inputs, targets = self.settings.inputs, self.settings.targets
        for setting, folder in (("Inputs", inputs), ("Targets", targets)):
            if folder is None:
                raise InputError(
                    f"No folder is chosen. Set {setting} to the one that holds the {setting.lower()}."
                )
        found = checked(inputs, "Inputs"), checked(targets, "Targets")
        if found[0].resolve() == found[1].resolve():
            raise InputError(f"Inputs and targets are both the folder {found[0]}. Set Targets to another.")
        return found

    def _leave_out(self, matched: Matched, places: tuple[Path, Path], pairs: Pairs) -> None:
        """Tell of what makes no pair; raise where there is none, or where partners are to be there."""
        if not matched.pairs:
            raise InputError(
                f"No image in {places[0]} has the name of one in {places[1]}. Partners have the same name "
                "and lie in the same subfolder; the endings may differ."
            )
        missing = matched.missing()
        if missing and self.settings.without_partner == "refuse":
            raise InputError(f"{missing} Add what is missing, or set Without partner to leave out.")
        if missing:
            pairs.notes.append(f"Left out: {missing}")
        for left_out in (*matched.alone, matched.namesakes):
            pairs.leave_out(left_out)

    def _read(self, pictures: tuple[Picture, Picture], colour: bool, pairs: Pairs) -> Both:
        (first, of_first), (second, of_second) = (read(picture.file, colour) for picture in pictures)
        pairs.changes.update([*of_first, *of_second])
        return brought_to((first, second), self.settings.resize, self.settings.crop)


class PairedOutlines(DataSource):
    """Images of your own, each to be made of its outlines (edges to photos: Isola et al., 2017)."""

    title = "Pairs: outlines of images, and the images"
    gives: ClassVar[type[DataSpec]] = PairedSpec
    came_later: ClassVar[Mapping[str, Any]] = BEFORE

    class Settings(TwoImagesSettings):
        """The folder of the images."""

        folder: Annotated[Path | None, "The folder that holds the images, or a .zip of it"] = None

    settings: "PairedOutlines.Settings"

    def load(self, report: Report) -> LoadedData:
        """Read the images and draw their outlines; raises ``InputError`` as a folder of images does."""
        shaping = self.settings.model_dump(exclude={"random_crop", "held_out"})
        images = ImageFolder(ImageFolder.Settings(**shaping)).load(report)
        drawn = torch.empty(len(images), 1, *images.values.shape[2:], dtype=torch.uint8)
        for part in _with_progress(list(torch.split(torch.arange(len(images)), 64)), report):
            drawn[part] = outlines(images.values[part])
        given = LoadedData(ImageSpec(*drawn.shape[1:]), drawn, notes=images.notes)
        return joined(PairedSpec, given, images, self.settings)


class PairedArrays(DataSource):
    """Two arrays of images in a NumPy file that belong together one by one."""

    title = "Pairs: two arrays in a .npz file"
    gives: ClassVar[type[DataSpec]] = PairedSpec
    came_later: ClassVar[Mapping[str, Any]] = BEFORE

    class Settings(TwoImagesSettings):
        """The file, and the names of its arrays."""

        file: Annotated[Path | None, "The .npz file that holds inputs and targets"] = None
        inputs: Annotated[str, "Name of the array of inputs"] = "inputs"
        targets: Annotated[str, "Name of the array of targets, one for each input"] = "targets"

    settings: "PairedArrays.Settings"

    def load(self, report: Report) -> LoadedData:
        """Read both arrays; raises ``InputError`` where one is missing, or they differ in number."""
        chosen = self.settings
        called = {"Inputs": chosen.inputs, "Targets": chosen.targets}
        first, second = arrays(chosen.file, called, chosen, report)
        if len(first) != len(second):
            raise InputError(
                f"{chosen.file} has {len(first)} images in {chosen.inputs} and {len(second)} in "
                f"{chosen.targets}. Pairs need as many of each."
            )
        alike(first, second, "side")
        return joined(PairedSpec, first, second, chosen)


def _colour(settings: TwoImagesSettings, pictures: list[Picture]) -> bool:
    """Return whether all images become RGB: one with colours makes all of them so."""
    if settings.colour != "as it is":
        return settings.colour == "RGB"
    for picture in pictures:
        try:
            if look(picture.file).colour:
                return True
        except UnreadableError:
            # Whoever reads it says so.
            continue
    return False


def _with_progress(items: list[Item], report: Report) -> Iterator[Item]:
    for index, item in enumerate(items):
        if index % 32 == 0:
            report("Reading the pairs", index / len(items))
        yield item
