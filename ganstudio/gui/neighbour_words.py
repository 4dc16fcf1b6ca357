"""Neighbour words: what there is to say of the training images nearest to a sample. Plain text, no Qt."""

import math
from typing import TYPE_CHECKING

from ganstudio.gui import words

if TYPE_CHECKING:
    from ganstudio.evaluation.neighbours import Neighbour, Neighbours

UNUSUAL = 0.1
"""Of real images, the nearest and the farthest that are not called usual."""
FAR = 0.99
"""A sample is far from the data when so large a share of real images has a nearer one."""


def neighbour(each: "Neighbour") -> str:
    """Return the lines below a training image: its number, how far it is, and its class."""
    apart = f"{words.number(100 * each.distance, 2)}{words.THIN}%"
    lines = [f"no. {words.grouped(each.index + 1)}", f"{apart} apart"]
    if each.label:
        lines.append(each.label)
    return "\n".join(lines)


def verdict(found: "Neighbours") -> tuple[str, str]:
    """Return a sentence, and the role it is written in: ``watch`` where something may be wrong."""
    if found.same:
        return "It equals a training image, pixel by pixel: a copy.", "bad"
    nearer = found.nearer
    if found.copied:
        return (
            f"Nearer to a training image than {_percent(1 - nearer)} of real images are to each other: "
            "perhaps copied.",
            "watch",
        )
    if nearer >= FAR:
        return (
            f"Farther from every training image than {_percent(nearer)} of real images are from each other: "
            "unlike the data.",
            "watch",
        )
    usual = "As near as real images are to each other"
    if not UNUSUAL < nearer < 1 - UNUSUAL:
        side = "nearer" if nearer <= UNUSUAL else "farther"
        usual = f"A little {side} than most real images are to each other"
    return f"{usual}: {_percent(nearer)} of them have a nearer one.", "quiet"


def how(found: "Neighbours") -> str:
    """Return what was compared, and how."""
    return (
        f"Of {words.grouped(found.count)} training images, compared in grey at 16 pixels or fewer; apart is "
        "the root mean square difference, in percent of the range from black to white."
    )


def _percent(share: float) -> str:
    """Return a share as a whole percentage that is 100 only where it is all."""
    whole = 100 * share
    shown = math.floor(whole) if whole >= 50 else math.ceil(whole)
    return f"{shown}{words.THIN}%"
