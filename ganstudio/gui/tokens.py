"""Tokens: the colours everything in the window is made from, and what a curve of a given name looks like.

Plain data. It knows nothing of Qt; :mod:`ganstudio.gui.theme` turns it into palettes, icons and pens.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from zlib import crc32

SOLID: tuple[float, ...] = ()
DASH = (6.0, 3.0)
DOT = (1.5, 2.5)
DASH_DOT = (8.0, 3.0, 1.5, 3.0)
"""Lengths of strokes and gaps, in widths of the pen."""


@dataclass(frozen=True)
class Tokens:
    """One set of colours, as ``#RRGGBB``. Three depths: ``window``, ``panel`` on it, ``field`` in that."""

    name: str
    window: str
    panel: str
    field: str
    line: str
    text: str
    quiet: str
    accent: str
    good: str
    watch: str
    bad: str
    generator: str
    discriminator: str
    real: str
    score: str
    others: tuple[str, ...]
    """For curves without a meaning of their own."""

    @property
    def dark(self) -> bool:
        """Whether light text stands on a dark window."""
        return luminance(self.window) < luminance(self.text)

    @property
    def on_accent(self) -> str:
        """The colour of text on the accent colour: the one of two that is easier to read."""
        return max("#FFFFFF", "#0F1115", key=lambda colour: contrast(colour, self.accent))


LIGHT = Tokens(
    name="light",
    window="#F5F6F8",
    panel="#FFFFFF",
    field="#FFFFFF",
    line="#DDE1E7",
    text="#1B1F27",
    quiet="#5C6675",
    accent="#2F6FEB",
    good="#1A8754",
    watch="#B26A00",
    bad="#C8372D",
    generator="#0072B2",
    discriminator="#D55E00",
    real="#009E73",
    score="#8A5BB5",
    others=("#B5508A", "#7A6A00", "#2B88BD", "#4B5563"),
)

DARK = Tokens(
    name="dark",
    window="#16181D",
    panel="#1D2026",
    field="#252931",
    line="#2E333C",
    text="#E6E9EE",
    quiet="#97A1B0",
    accent="#5B93FF",
    good="#3FBF83",
    watch="#F0A93B",
    bad="#F2695C",
    generator="#56B4E9",
    discriminator="#E69F00",
    real="#2FC69A",
    score="#C79BE8",
    others=("#E58FBD", "#F0E442", "#8AA4FF", "#C9CED6"),
)

BY_NAME = {tokens.name: tokens for tokens in (LIGHT, DARK)}


@dataclass(frozen=True)
class CurveStyle:
    """How a curve is drawn. ``dash``: strokes and gaps in widths of the pen; empty for a solid line."""

    colour: str
    dash: tuple[float, ...] = SOLID


def curve_styles(names: Iterable[str], tokens: Tokens) -> dict[str, CurveStyle]:
    """Return a style for each curve of one plot; the same names in the same order give the same styles.

    What is the generator's, the discriminator's, of the real data or a score looks the same in every plot.
    Any other name picks a style by its own hash, and the next free one where that is taken.
    """
    styles: dict[str, CurveStyle] = {}
    for name in names:
        wanted = _by_meaning(name, tokens)
        choices = ([wanted] if wanted else []) + _others(name, tokens)
        taken = set(styles.values())
        styles[name] = next((style for style in choices if style not in taken), choices[0])
    return styles


def _by_meaning(name: str, tokens: Tokens) -> CurveStyle | None:
    group, _, last = name.rpartition("/")
    meanings = {
        "generator": CurveStyle(tokens.generator),
        "fake": CurveStyle(tokens.generator),
        "discriminator": CurveStyle(tokens.discriminator, DASH),
        "real": CurveStyle(tokens.real, DOT),
    }
    if group.split("/")[0] == "score":
        return CurveStyle(tokens.score)
    return meanings.get(last)


def _others(name: str, tokens: Tokens) -> list[CurveStyle]:
    """Return all further styles, beginning at a place that depends on the name alone."""
    styles = [CurveStyle(colour, dash) for dash in (SOLID, DASH, DASH_DOT) for colour in tokens.others]
    start = crc32(name.encode()) % len(styles)
    return styles[start:] + styles[:start]


def sequential(tokens: Tokens) -> tuple[str, ...]:
    """Return the colours of a scale from little to much; each is further from the panel in lightness.

    One hue, so that it can be read by any eye, and in print.
    """
    ground = mix(tokens.panel, tokens.text, 0.06)
    much = "#EAF6FF" if tokens.dark else "#04223A"
    return ground, mix(ground, tokens.generator, 0.5), tokens.generator, mix(tokens.generator, much, 0.8)


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, 1..21 (WCAG 2.1)."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    """Return the relative luminance of ``#RRGGBB``, 0..1 (WCAG 2.1)."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels(colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def mix(one: str, other: str, share: float) -> str:
    """Return the colour that is ``share`` (0..1) of the way from ``one`` to ``other``."""
    pairs = zip(channels(one), channels(other), strict=True)
    return "#" + "".join(f"{round(255 * (a + (b - a) * share)):02X}" for a, b in pairs)


def channels(colour: str) -> tuple[float, float, float]:
    """Return red, green and blue of ``#RRGGBB``, each 0..1."""
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return red, green, blue
