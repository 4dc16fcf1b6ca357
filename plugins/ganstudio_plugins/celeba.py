"""Faces of celebrities. Their owners give them out by hand, so the user puts the files in place."""

from collections.abc import Sequence
from pathlib import Path, PurePath
from typing import Annotated, Literal

import torch
from torch import Tensor

from ganstudio.api import InputError, Range, Report, Unit, downloads_folder
from ganstudio_plugins.image_folder import PictureSource

PAGE = "http://mmlab.ie.cuhk.edu.hk/projects/CelebA.html"
IMAGES = "img_align_celeba"
ATTRIBUTES = ("list_attr_celeba.txt", "list_attr_celeba.csv")

Attribute = Literal[
    "none", "5_o_Clock_Shadow", "Arched_Eyebrows", "Attractive", "Bags_Under_Eyes", "Bald", "Bangs",
    "Big_Lips", "Big_Nose", "Black_Hair", "Blond_Hair", "Blurry", "Brown_Hair", "Bushy_Eyebrows", "Chubby",
    "Double_Chin", "Eyeglasses", "Goatee", "Gray_Hair", "Heavy_Makeup", "High_Cheekbones", "Male",
    "Mouth_Slightly_Open", "Mustache", "Narrow_Eyes", "No_Beard", "Oval_Face", "Pale_Skin", "Pointy_Nose",
    "Receding_Hairline", "Rosy_Cheeks", "Sideburns", "Smiling", "Straight_Hair", "Wavy_Hair",
    "Wearing_Earrings", "Wearing_Hat", "Wearing_Lipstick", "Wearing_Necklace", "Wearing_Necktie", "Young",
]  # fmt: skip
"""The attributes of every face, as its file names them."""


class CelebA(PictureSource):
    """202 599 faces of celebrities, 178 × 218, colour, aligned (Liu et al., 2015, arXiv:1411.7766)."""

    title = "CelebA (download by hand, 1.4 GB)"

    class Settings(PictureSource.Settings):
        """Where the files are, and what is taken for labels."""

        resize: Annotated[
            int,
            Range(0, 1024),
            Unit("px"),
            "Side of the square every image is scaled to; 0 leaves it as it is",
        ] = 64
        folder: Annotated[
            Path | None,
            "The folder with img_align_celeba.zip, packed or unpacked, and list_attr_celeba.txt for labels; "
            "empty: celeba in the studio's own folder for data sets",
        ] = None
        attribute: Annotated[Attribute, "What the labels say of a face; none: there are no labels"] = "none"

    settings: "CelebA.Settings"

    def place(self) -> Path:
        """Return the zip or folder of images; raises ``InputError`` that says what to put where."""
        folder = self._folder()
        for place in (folder / IMAGES, folder / f"{IMAGES}.zip"):
            if place.exists():
                return place
        if folder.name in (IMAGES, f"{IMAGES}.zip") and folder.exists():
            return folder
        raise InputError(
            f"The images of CelebA are not in {folder}. Download {IMAGES}.zip (1.4 GB, the aligned and "
            f"cropped images) from {PAGE} and put it there, packed or unpacked; for labels, {ATTRIBUTES[0]} "
            "as well."
        )

    def made_of(self, report: Report) -> Sequence[Path]:
        """Return the images' files, and the one of the attributes where it is used."""
        attributes = [] if self.settings.attribute == "none" else [self._attributes()]
        return [*super().made_of(report), *attributes]

    def labels(self, names: list[PurePath]) -> tuple[Tensor | None, tuple[str, ...]]:
        """Return for each image whether its face has the chosen attribute: 0 or 1."""
        if self.settings.attribute == "none":
            return None, ()
        path = self._attributes()
        has = _read_attribute(path, self.settings.attribute)
        missing = [name.name for name in names if name.name not in has]
        if missing:
            raise InputError(
                f"{path} says nothing of {len(missing)} of the images, such as {missing[0]}. Download it "
                f"anew from {PAGE}, or set Attribute to none."
            )
        word = self.settings.attribute.replace("_", " ")
        return torch.tensor([has[name.name] for name in names]), (f"not {word}", word)

    def _folder(self) -> Path:
        return (self.settings.folder or downloads_folder() / "celeba").expanduser().absolute()

    def _attributes(self) -> Path:
        place = self.place().parent
        for name in ATTRIBUTES:
            if (place / name).is_file():
                return place / name
        raise InputError(
            f"The attributes of CelebA are not in {place}. Download {ATTRIBUTES[0]} from {PAGE} and put it "
            "there, or set Attribute to none."
        )


def _read_attribute(path: Path, attribute: str) -> dict[str, int]:
    """Return 1 or 0 for each name of a file: the attribute is stored as 1 or -1.

    The columns are named in the first line, or in the second below the number of images.
    """
    try:
        lines = [line.replace(",", " ").split() for line in path.read_text("utf-8").splitlines()]
        lines = lines[1:] if len(lines[0]) == 1 else lines
        names = [name for name in lines[0] if name != "image_id"]
        column = names.index(attribute) + 1
        return {line[0]: int(int(line[column]) > 0) for line in lines[1:] if line}
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror or error}.") from error
    except (ValueError, IndexError) as error:
        raise InputError(
            f"{path} is not the list of attributes of CelebA, or is damaged. Download it anew from {PAGE}, "
            "or set Attribute to none."
        ) from error
