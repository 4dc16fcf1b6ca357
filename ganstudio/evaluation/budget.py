"""Budget: when a look that costs time may be taken, so that all of them stay within a share of the time.

It knows nothing of what is looked at. Seconds are of training, as the trainer counts them.
"""

FIRST_GUESS = 2.0
"""Seconds that a first look is taken to cost; so a training of less than forty seconds never has one."""


class Budget:
    """Adds up what looks have cost, and says whether the next one fits."""

    def __init__(self, guess: float = FIRST_GUESS) -> None:
        self.spent = 0.0
        """Seconds that all looks took together."""
        self.expected = guess
        """Seconds that the next look is taken to cost."""

    def fits(self, seconds: float, share: float) -> bool:
        """Say whether one more look stays within ``share`` of the ``seconds`` that were trained."""
        return share > 0 and self.spent + self.expected <= share * seconds

    def take(self, seconds: float, once: float = 0.0) -> None:
        """Add the cost of a look; ``once``: what of it no later look will cost again."""
        self.spent += seconds
        self.expected = max(seconds - once, 0.0)
