"""Image sources: the same settings for all of them, and what is done to images before they are fed.

It knows nothing of files of images, nor of how large sets are kept: see ``image_cache``.
"""

from abc import abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

import torch
from pydantic import model_validator
from torch import Tensor
from torch.nn import functional

from ganstudio.api.data import DataSource, DataSpec, ImageSpec, LoadedData, Report
from ganstudio.api.image_cache import ImageCache
from ganstudio.api.mapped_file import parts
from ganstudio.api.settings import Range, Unit


class ImageSource(DataSource):
    """A data source of images; cropping, resizing, grey and flips are done here, the same for every one."""

    gives: ClassVar[type[DataSpec]] = ImageSpec
    _cache: ImageCache | None = None

    class Settings(DataSource.Settings):
        """Settings every image source has."""

        resize: Annotated[
            int,
            Range(0, 1024),
            Unit("px"),
            "Side of the square every image is scaled to; 0 leaves it as it is",
        ] = 0
        crop: Annotated[
            bool,
            "When resizing, take the middle square of an image that is not square; otherwise all of it is "
            "distorted",
        ] = True
        colour: Annotated[
            Literal["as it is", "grey", "RGB"], "Convert every image to grey or to three colours"
        ] = "as it is"
        flip: Annotated[
            bool,
            "Mirror half of the images, left and right, chosen anew every epoch; not for letters or digits",
        ] = False

        @model_validator(mode="before")
        @classmethod
        def _fit_is_crop(cls, values: Any) -> Any:
            """Read what older experiments of a folder call ``fit``."""
            if isinstance(values, dict) and values.get("fit") in ("crop", "stretch"):
                values = dict(values)
                values.setdefault("crop", values.pop("fit") == "crop")
            return values

    settings: "ImageSource.Settings"

    @abstractmethod
    def read(self, report: Report) -> LoadedData:
        """Return the images as they are: ``uint8`` [N, C, H, W]."""

    def made_of(self, report: Report) -> Sequence[Path] | None:
        """Return the files that the images come from, fetched where need be; ``None`` when not known.

        It is called before :meth:`read`. With their names, sizes and times, a set that is larger than the
        memory budget is kept on disk, mapped into memory, and found again until one of them changes.
        """
        return None

    def room(self, count: int, channels: int, height: int, width: int) -> Tensor:
        """Return ``uint8`` [count, channels, height, width] for :meth:`read` to fill, in memory or on disk.

        Raises ``InputError`` when there is no room for so much.
        """
        shape = (count, channels, height, width)
        return self._cache.room(shape) if self._cache else torch.empty(*shape, dtype=torch.uint8)

    def load(self, report: Report) -> LoadedData:
        """Read the images and bring them to the size and colour of the settings, or find them kept so."""
        cls = type(self)
        settings = self.settings.model_dump(mode="json", exclude={"flip"})
        identity = {"class": f"{cls.__module__}.{cls.__qualname__}", "settings": settings}
        with ImageCache(cls.__name__, identity, self.made_of(report), report) as cache:
            loaded = cache.find()
            if loaded is None:
                loaded = cache.keep(self._read_into(cache, report))
        loaded.flip = self.settings.flip
        return loaded

    def _read_into(self, cache: ImageCache, report: Report) -> LoadedData:
        self._cache = cache
        try:
            loaded = self.read(report)
            loaded.values = self._shaped(loaded.values, report)
        finally:
            self._cache = None
        _, channels, height, width = loaded.values.shape
        loaded.spec = ImageSpec(channels, height, width, getattr(loaded.spec, "classes", ()))
        return loaded

    def _shaped(self, values: Tensor, report: Report) -> Tensor:
        """Bring the images to the size and colour asked for, a part at a time."""
        count, channels, height, width = values.shape
        channels = _CHANNELS.get((self.settings.colour, channels), channels)
        side = self.settings.resize
        shape = (channels, side, side) if side else (channels, height, width)
        if shape == values.shape[1:]:
            return values
        shaped = self.room(count, *shape)
        for part in parts(values):
            report("Bringing the images to one size and colour", part.start / count)
            images = _to_colour(values[part], self.settings.colour)
            if side and self.settings.crop:
                images = _middle_square(images)
            shaped[part] = resize_images(images, side) if side else images
        return shaped


_CHANNELS = {("grey", 3): 1, ("RGB", 1): 3}


def _to_colour(values: Tensor, colour: str) -> Tensor:
    if colour == "grey" and values.shape[1] == 3:
        # ITU-R BT.601 luma, in the order R, G, B.
        weights = torch.tensor([0.299, 0.587, 0.114]).view(1, 3, 1, 1)
        return (values.float() * weights).sum(1, keepdim=True).round_().to(torch.uint8)
    if colour == "RGB" and values.shape[1] == 1:
        return values.expand(-1, 3, -1, -1)
    return values


def _middle_square(values: Tensor) -> Tensor:
    height, width = values.shape[2:]
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    return values[:, :, top : top + side, left : left + side]


def resize_images(values: Tensor, side: int) -> Tensor:
    """Scale ``uint8`` images [N, C, H, W] to ``side`` × ``side`` with antialiasing, a few at a time."""
    if values.shape[2:] == (side, side):
        return values
    resized = values.new_empty((len(values), values.shape[1], side, side))
    for part in parts(values):
        scaled = functional.interpolate(values[part].float(), (side, side), mode="bilinear", antialias=True)
        resized[part] = scaled.round_().clamp_(0, 255).to(torch.uint8)
    return resized
