"""Translations of the embedded digits, so that translation can be tried with nothing to fetch."""

from typing import Annotated, ClassVar, Literal

import torch
from torch import Tensor
from torch.nn import functional

from ganstudio.api import (
    DataSource,
    DataSpec,
    ImageSpec,
    LoadedData,
    PairedSpec,
    Range,
    Report,
    Unit,
    UnpairedSpec,
    resize_images,
)
from ganstudio_plugins.digits import Digits
from ganstudio_plugins.image_pairs import outlines


class DigitTranslations(DataSource):
    """What both forms share: the digits, and what they are changed into."""

    instant = True

    class Settings(DataSource.Settings):
        """Size, and the change."""

        side: Annotated[int, Range(16, 128), Unit("px"), "Side every digit is scaled to"] = 32
        change: Annotated[
            Literal["outlines", "inverted", "thick", "turned"],
            "What the other images are: the outlines of digits, dark digits on white, digits with thicker "
            "strokes, or digits turned by a quarter",
        ] = "outlines"

    settings: "DigitTranslations.Settings"

    def digits(self, report: Report) -> Tensor:
        """Return the digits at the size of the settings, ``uint8`` [5000, 1, side, side]."""
        return resize_images(Digits().load(report).values, self.settings.side)

    def changed(self, images: Tensor) -> Tensor:
        """Return images as the settings change them."""
        match self.settings.change:
            case "outlines":
                # Bright on dark as digits are, so that there is more to learn than to invert.
                return 255 - outlines(images)
            case "inverted":
                return 255 - images
            case "turned":
                return images.rot90(1, (2, 3))
            case _:
                return functional.max_pool2d(images.float(), 3, 1, 1).to(torch.uint8)


class DigitDomains(DigitTranslations):
    """Two domains made of the embedded digits: half as they are, the others changed; no pair is in it."""

    title = "MNIST digits and changed ones (unpaired, built in)"
    gives: ClassVar[type[DataSpec]] = UnpairedSpec

    def load(self, report: Report) -> LoadedData:
        """Return 2 500 digits as they are and 2 500 others, changed."""
        digits = self.digits(report)
        # Digits stand in the order of their classes: every second one leaves both domains with all ten.
        plain, changed = digits[0::2].contiguous(), self.changed(digits[1::2]).contiguous()
        kind = ImageSpec(*plain.shape[1:])
        return LoadedData(UnpairedSpec(kind, kind, ("digits", self.settings.change)), plain, other=changed)


class DigitPairs(DigitTranslations):
    """Pairs made of the embedded digits: the changed one is given, the digit itself is to be made of it."""

    title = "MNIST digits and changed ones (pairs, built in)"
    gives: ClassVar[type[DataSpec]] = PairedSpec

    def load(self, report: Report) -> LoadedData:
        """Return 5 000 pairs."""
        digits = self.digits(report)
        kind = ImageSpec(*digits.shape[1:])
        return LoadedData(PairedSpec(kind, kind), self.changed(digits).contiguous(), other=digits)
