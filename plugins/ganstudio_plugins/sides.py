"""The image sizes that networks of halvings can take. It knows nothing of the networks themselves."""

from ganstudio.api import Architecture, DataSpec, ImageSpec, Settings

SIDES = (28, 32, 40, 48, 56, 64, 80, 96, 112, 128)
"""Each is 4 to 7 pixels, doubled two (28) to five times (128)."""


def refusal(title: str, data: ImageSpec) -> str | None:
    """Return why images of this size cannot be halved down to 4 to 7 px, and the size to scale them to."""
    if data.height == data.width and data.width in SIDES:
        return None
    near = min(SIDES, key=lambda side: abs(side - min(data.height, data.width)))
    sides = ", ".join(str(side) for side in SIDES[:-1])
    return (
        f"{title} needs square images with a side of {sides} or {SIDES[-1]}; these are "
        f"{data.width} × {data.height}: set Resize to {near}."
    )


class Halving(Architecture):
    """An architecture that halves the sides of its images down to 4 to 7 px: the first of its bases."""

    @classmethod
    def refuses(cls, settings: Settings, data: DataSpec) -> str | None:
        """Return why these images cannot be trained on, and the size to scale them to."""
        refused = super().refuses(settings, data)
        if refused or not isinstance(data, ImageSpec):
            return refused
        return refusal(cls.title, data)


def pyramid(side: int, width: int) -> tuple[int, list[int]]:
    """Return the smallest side (4 to 7), and the channels from half the full size down to it."""
    widths = []
    while side > 7:
        side //= 2
        widths.append(width)
        width *= 2
    return side, widths
