"""Sources of unpaired images: two folders or zips, and two arrays of a file.

How folders and arrays are read is known to their own sources alone; here two of them stand together.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, ClassVar

from ganstudio.api import DataSource, DataSpec, InputError, LoadedData, Report, UnpairedSpec
from ganstudio_plugins.held_out import BEFORE
from ganstudio_plugins.image_folder import ImageFolder
from ganstudio_plugins.image_npz import ImageArrays
from ganstudio_plugins.picture_files import checked
from ganstudio_plugins.two_images import TwoImagesSettings, alike, joined

LEAST = 2
"""Images of a domain: with one, all that can be learned is that one."""


class UnpairedFolders(DataSource):
    """Two folders or zips of images, none of which belongs to one of the other (Zhu et al., 2017)."""

    title = "Two folders or zips (unpaired)"
    came_later: ClassVar[Mapping[str, Any]] = BEFORE
    gives: ClassVar[type[DataSpec]] = UnpairedSpec

    class Settings(TwoImagesSettings):
        """Both folders, and what is done to their images."""

        folder_a: Annotated[Path | None, "The folder with the images of domain A, or a .zip of it"] = None
        folder_b: Annotated[Path | None, "The folder with the images of domain B, or a .zip of it"] = None

    settings: "UnpairedFolders.Settings"

    def load(self, report: Report) -> LoadedData:
        """Read both; raises ``InputError`` where one is missing, empty or holds a single image."""
        folders = self._folders()
        shaping = self.settings.model_dump(exclude={"folder_a", "folder_b", "random_crop", "held_out"})
        first, second = (
            ImageFolder(ImageFolder.Settings(folder=folder, **shaping)).load(report) for folder in folders
        )
        return unpaired(first, second, self.settings, _names(*(folder.stem for folder in folders)))

    def _folders(self) -> tuple[Path, Path]:
        """Return both folders; raises ``InputError`` where one is not chosen, or both are the same."""
        found = []
        for letter, folder in (("A", self.settings.folder_a), ("B", self.settings.folder_b)):
            if folder is None:
                raise InputError(
                    f"No folder is chosen for domain {letter}. Set Folder {letter.lower()} to the folder or "
                    "zip that holds its images."
                )
            found.append(checked(folder, f"Folder {letter.lower()}"))
        if found[0].resolve() == found[1].resolve():
            raise InputError(f"Both domains are the folder {found[0]}. Set Folder b to that of the other.")
        return found[0], found[1]


class UnpairedArrays(DataSource):
    """Two arrays of images in a NumPy file, none of which belongs to one of the other."""

    title = "Two arrays in a .npz file (unpaired)"
    came_later: ClassVar[Mapping[str, Any]] = BEFORE
    gives: ClassVar[type[DataSpec]] = UnpairedSpec

    class Settings(TwoImagesSettings):
        """The file, and the names of its arrays."""

        file: Annotated[Path | None, "The .npz file that holds the images of both domains"] = None
        images_a: Annotated[str, "Name of the array with the images of domain A"] = "trainA"
        images_b: Annotated[str, "Name of the array with the images of domain B"] = "trainB"

    settings: "UnpairedArrays.Settings"

    def load(self, report: Report) -> LoadedData:
        """Read both arrays; raises ``InputError`` where one is missing or holds no images."""
        chosen = self.settings
        called = {"Images a": chosen.images_a, "Images b": chosen.images_b}
        first, second = arrays(chosen.file, called, chosen, report)
        return unpaired(first, second, chosen)


class _Called(ImageArrays):
    """An array of images that is named by another setting than usual."""

    setting = ""

    @property
    def called(self) -> str:
        """What that setting is called."""
        return self.setting


def arrays(
    file: Path | None, called: Mapping[str, str], settings: TwoImagesSettings, report: Report
) -> tuple[LoadedData, LoadedData]:
    """Return the images of two arrays in a ``.npz`` file, brought to the size and colour of ``settings``.

    ``called``: what the settings of both are called, and the names of the arrays.
    """
    shaping: dict[str, Any] = settings.model_dump(include={"resize", "crop", "colour"})
    found = []
    for setting, name in called.items():
        if not name:
            raise InputError(f"No array of {file} is named. Set {setting} to the name of one.")
        source = _Called(ImageArrays.Settings(file=file, images=name, **shaping))
        source.setting = setting
        found.append(source.load(report))
    first, second = found
    return first, second


def unpaired(
    first: LoadedData,
    second: LoadedData,
    settings: TwoImagesSettings,
    names: tuple[str, str] | None = None,
) -> LoadedData:
    """Return two sets of images as two domains; raises ``InputError`` where one has a single image."""
    for letter, part in (("A", first), ("B", second)):
        if len(part) < LEAST:
            raise InputError(
                f"Domain {letter} has a single image, and a domain is learned from many. Choose another "
                "folder, or add images to it."
            )
    alike(first, second)
    return joined(UnpairedSpec, first, second, settings, names)


def _names(first: str, second: str) -> tuple[str, str] | None:
    """Return what to call two folders: their names, unless these are the same."""
    return (first, second) if first and second and first != second else None
