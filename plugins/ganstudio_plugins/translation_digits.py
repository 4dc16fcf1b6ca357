"""Translations of the embedded digits, so that translation can be tried with nothing to fetch."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any, ClassVar, Literal

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
from ganstudio_plugins.held_out import BEFORE, SHARE, HeldOut, with_held_out
from ganstudio_plugins.image_pairs import outlines


class DigitTranslations(DataSource):
    """What both forms share: the digits, and what they are changed into."""

    instant = True
    came_later: ClassVar[Mapping[str, Any]] = BEFORE

    class Settings(DataSource.Settings):
        """Size, and the change."""

        side: Annotated[int, Range(16, 128), Unit("px"), "Side every digit is scaled to"] = 32
        change: Annotated[
            Literal["outlines", "inverted", "thick", "turned"],
            "What the other images are: the outlines of digits, dark digits on white, digits with thicker "
            "strokes, or digits turned by a quarter",
        ] = "outlines"
        held_out: HeldOut = SHARE

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
        """Return 2 500 digits as they are, of which some are held out, and 2 500 others, changed."""
        digits = self.digits(report)
        # Digits stand in the order of their classes: every second one leaves both domains with all ten.
        plain, changed = digits[0::2].contiguous(), self.changed(digits[1::2]).contiguous()
        kind = ImageSpec(*plain.shape[1:])
        names = "digits", self.settings.change
        data = with_held_out(
            LoadedData(UnpairedSpec(kind, kind, names), plain, other=changed), self.settings.held_out
        )
        return replace(data, held_out=[self._with_partners(part.values, names) for part in data.held_out])

    def _with_partners(self, digits: Tensor, names: tuple[str, str]) -> LoadedData:
        """Return digits held out with what is to become of them, which is known of these alone."""
        kind = ImageSpec(*digits.shape[1:])
        return LoadedData(PairedSpec(kind, kind, names), digits, other=self.changed(digits).contiguous())


class DigitPairs(DigitTranslations):
    """Pairs made of the embedded digits: the changed one is given, the digit itself is to be made of it."""

    title = "MNIST digits and changed ones (pairs, built in)"
    gives: ClassVar[type[DataSpec]] = PairedSpec

    def load(self, report: Report) -> LoadedData:
        """Return 5 000 pairs, of which some are held out."""
        digits = self.digits(report)
        kind = ImageSpec(*digits.shape[1:])
        pairs = LoadedData(PairedSpec(kind, kind), self.changed(digits).contiguous(), other=digits)
        return with_held_out(pairs, self.settings.held_out)
