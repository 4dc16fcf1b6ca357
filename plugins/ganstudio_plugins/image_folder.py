"""A folder or zip of images of the user's own. What cannot be read is left out and named, never fatal."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import Annotated

import torch
from torch import Tensor

from ganstudio.api import ImageSource, ImageSpec, InputError, LoadedData, Report
from ganstudio_plugins.picture_files import Picture, checked, classes_by_folder, files_under, pictures_in
from ganstudio_plugins.pictures import DEEP, PALETTE, PRINT, TRANSPARENT, Look, UnreadableError, look, read


class PictureSource(ImageSource):
    """What sources of picture files share: they are looked at, brought to one size and colour, and read."""

    def place(self) -> Path:
        """Return the folder or zip; raises ``InputError`` when there is none."""
        raise NotImplementedError

    def labels(self, names: list[PurePath]) -> tuple[Tensor | None, tuple[str, ...]]:
        """Return the labels of pictures, ``int64`` [N], and the names of the classes, if there are any."""
        return None, ()

    def made_of(self, report: Report) -> Sequence[Path]:
        """Return the files in the folder, or the zip."""
        place = self.place()
        return files_under(place, report) if place.is_dir() else [place]

    def read(self, report: Report) -> LoadedData:
        """Return the images; raises ``InputError`` when there are none, or of several sizes and no Resize."""
        place = self.place()
        with pictures_in(place, report) as pictures:
            notes = _Notes(place)
            looks = _look_at_all(pictures, notes, report)
            if not looks:
                raise InputError(
                    f"None of the {len(pictures)} images in {place} can be read. {notes.left_out()}"
                )
            size = self._size([seen for _, seen in looks], place)
            colour = self._colour([seen for _, seen in looks], notes)
            values, names = self._read_all([picture for picture, _ in looks], colour, size, notes, report)
        labels, classes = self.labels(names)
        spec = ImageSpec(values.shape[1], size[1], size[0], classes)
        return LoadedData(spec, values, labels, notes.sentences(), unreadable=notes.unreadable)

    def _size(self, looks: list[Look], place: Path) -> tuple[int, int]:
        """Return the width and height that all images have, or will have."""
        if self.settings.resize:
            return self.settings.resize, self.settings.resize
        sizes = Counter((seen.width, seen.height) for seen in looks)
        if len(sizes) == 1:
            return next(iter(sizes))
        some = ", ".join(f"{w} × {h} ({count})" for (w, h), count in sizes.most_common(3))
        more = f" and {len(sizes) - 3} more" if len(sizes) > 3 else ""
        smallest = min(min(size) for size in sizes)
        side = next((side for side in (64, 48, 32) if side <= smallest), 28)
        raise InputError(
            f"The images in {place} have {len(sizes)} different sizes: {some}{more}. Set Resize to bring "
            f"all of them to one, for example {side}."
        )

    def _colour(self, looks: list[Look], notes: "_Notes") -> bool:
        """Return whether the images become RGB: one with colours makes all of them so."""
        if self.settings.colour != "as it is":
            return self.settings.colour == "RGB"
        colour = sum(seen.colour for seen in looks)
        if 0 < colour < len(looks):
            notes.grey = len(looks) - colour
        return colour > 0

    def _read_all(
        self,
        pictures: list[Picture],
        colour: bool,
        size: tuple[int, int],
        notes: "_Notes",
        report: Report,
    ) -> tuple[Tensor, list[PurePath]]:
        width, height = size
        values = self.room(len(pictures), 3 if colour else 1, height, width)
        done: list[PurePath] = []
        for picture in _with_progress(pictures, "Reading the images", report):
            try:
                pixels, changes = read(picture.file, colour, self.settings.resize, self.settings.crop)
            except UnreadableError as reason:
                notes.leave_out(picture, str(reason))
                continue
            if pixels.shape[1:] != (height, width):
                notes.leave_out(picture, "its size is not the one it states")
                continue
            values[len(done)] = torch.from_numpy(pixels)
            notes.changes.update(changes)
            done.append(picture.name)
        if not done:
            raise InputError(f"None of the images in {notes.place} can be read. {notes.left_out()}")
        return values[: len(done)], done


class ImageFolder(PictureSource):
    """A folder of your own images with all its subfolders, or a zip; direct subfolders are the classes."""

    title = "Folder or zip of images"

    class Settings(PictureSource.Settings):
        """The folder or zip."""

        folder: Annotated[Path | None, "The folder that holds the images, or a .zip of it"] = None

    settings: "ImageFolder.Settings"

    def place(self) -> Path:
        """Return the folder or zip that was chosen; raises ``InputError`` when there is none."""
        return checked(self.settings.folder)

    def labels(self, names: list[PurePath]) -> tuple[Tensor | None, tuple[str, ...]]:
        """Return the subfolder of each image as its class, where there are several."""
        return classes_by_folder(names)


@dataclass
class _Notes:
    """What happened to the images, to be told in sentences."""

    place: Path
    unreadable: list[tuple[str, str]] = field(default_factory=list)
    changes: Counter[str] = field(default_factory=Counter)
    grey: int = 0

    def leave_out(self, picture: Picture, reason: str) -> None:
        """Keep in mind that a picture is not used, and why."""
        self.unreadable.append((str(picture.name), reason))

    def sentences(self) -> list[str]:
        """Return one sentence for each kind of thing that happened."""
        left_out = [self.left_out()] if self.unreadable else []
        grey = [f"{_images(self.grey)} in grey became RGB, as others have colours."] if self.grey else []
        return [*left_out, *grey, *changes_told(self.changes)]

    def left_out(self) -> str:
        """Return the sentence about what could not be read."""
        named = ", ".join(f"{name} ({reason})" for name, reason in self.unreadable[:3])
        more = f" and {len(self.unreadable) - 3} more" if len(self.unreadable) > 3 else ""
        return f"Left out, as they cannot be read: {named}{more}."


_CHANGES: dict[str, Callable[[str], str]] = {
    DEEP: lambda images: f"{images} of 16 bits became 8 bits deep.",
    PALETTE: lambda images: f"{images} with a palette got the colours it stands for.",
    PRINT: lambda images: f"{images} in CMYK or another colour space became RGB.",
    TRANSPARENT: lambda images: f"{images} with transparent parts got a white ground.",
}


def changes_told(changes: Counter[str]) -> list[str]:
    """Return a sentence for each kind of change, with the number of images it was made to."""
    return [_CHANGES[change](_images(count)) for change, count in sorted(changes.items())]


def _images(count: int) -> str:
    return f"{count} image" if count == 1 else f"{count} images"


def _look_at_all(pictures: list[Picture], notes: _Notes, report: Report) -> list[tuple[Picture, Look]]:
    looks = []
    for picture in _with_progress(pictures, "Looking at the images", report):
        try:
            looks.append((picture, look(picture.file)))
        except UnreadableError as reason:
            notes.leave_out(picture, str(reason))
    return looks


def _with_progress(pictures: list[Picture], what: str, report: Report) -> Iterator[Picture]:
    for index, picture in enumerate(pictures):
        if index % 32 == 0:
            report(what, index / len(pictures))
        yield picture
