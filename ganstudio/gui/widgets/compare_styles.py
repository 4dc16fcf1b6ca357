"""Compare styles: what tells one run from another wherever several are shown: a letter, a colour, a dash.

It knows the tokens, and nothing of what is drawn in them.
"""

from ganstudio.gui.tokens import DASH, SOLID, CurveStyle, Tokens

MOST_RUNS = 12
"""So many runs have a letter, and a colour and dash of their own."""


def letter(slot: int) -> str:
    """Return the letter of a place 0..11: ``A`` to ``L``."""
    return chr(ord("A") + slot)


def run_style(slot: int, tokens: Tokens) -> CurveStyle:
    """Return how the run at a place 0..11 is drawn: six colours, solid first and then dashed.

    The colours are those of the Okabe–Ito family that every kind of colour blindness tells apart.
    """
    colours = _colours(tokens)
    return CurveStyle(colours[slot % len(colours)], SOLID if slot < len(colours) else DASH)


def _colours(tokens: Tokens) -> tuple[str, ...]:
    rose, olive, _, grey = tokens.others
    return tokens.generator, tokens.discriminator, tokens.real, rose, olive, grey
