"""Scale: the arithmetic between a slider's position and a setting's value, and numbers as text.

It knows nothing of widgets.
"""

import math
from dataclasses import dataclass

from ganstudio.catalogue import FieldSpec

POSITIONS = 1000
"""A slider goes from 0 to this."""

_DECADES_ABOVE_ZERO = 6
"""A logarithmic scale that begins at zero has its zero, then this many decades."""


@dataclass(frozen=True)
class Scale:
    """From ``low`` to ``high``. ``shape``: ``linear``, ``log``, or ``decay`` for what is close to one.

    A decay such as 0.999 is told by its distance from one, so that is what a decay scale is logarithmic in.
    """

    low: float
    high: float
    shape: str = "linear"
    whole: bool = False

    @classmethod
    def of(cls, spec: FieldSpec) -> "Scale":
        """Return the scale that suits a number with a range."""
        low, high = float(spec.low or 0.0), float(spec.high if spec.high is not None else 1.0)
        decay = spec.kind == "float" and low == 0.0 and 0.99 <= high < 1.0
        shape = "log" if spec.log else "decay" if decay else "linear"
        return cls(low, high, shape, spec.kind == "int")

    def position(self, value: float) -> int:
        """Return where ``value`` stands, 0..``POSITIONS``; what is beyond the ends stands at the end."""
        return round(POSITIONS * min(max(self._share(value), 0.0), 1.0))

    def value(self, position: int) -> float:
        """Return the value at a position, rounded to the figures that a slider can tell apart."""
        if position <= 0:
            return self.low
        if position >= POSITIONS:
            return self.high
        rounded = self._rounded(self._at(position / POSITIONS))
        return min(max(float(round(rounded)) if self.whole else rounded, self.low), self.high)

    def stepped(self, value: float, steps: int) -> float:
        """Return the value ``steps`` keyboard steps away, each visible in the text."""
        if self.whole and self.shape == "linear":
            return min(max(value + steps, self.low), self.high)
        moved = self.value(min(max(self.position(value) + 10 * steps, 0), POSITIONS))
        if self.whole and moved == value:
            moved += math.copysign(1, steps)
        return min(max(moved, self.low), self.high)

    def _share(self, value: float) -> float:
        if self.shape == "log":
            low = self._log_low()
            return math.log(value / low) / math.log(self.high / low) if value > low else 0.0
        if self.shape == "decay":
            return math.log(1 - value) / math.log(1 - self.high) if value < self.high else 1.0
        return (value - self.low) / (self.high - self.low) if self.high > self.low else 0.0

    def _at(self, share: float) -> float:
        if self.shape == "log":
            low = self._log_low()
            return low * math.pow(self.high / low, share)
        if self.shape == "decay":
            return 1 - math.pow(1 - self.high, share)
        return self.low + share * (self.high - self.low)

    def _rounded(self, value: float) -> float:
        if self.shape == "decay":
            return 1 - _figures(1 - value, 2)
        if self.shape == "log":
            return _figures(value, 2)
        span = self.high - self.low
        return round(value, 2 - math.floor(math.log10(span))) if span > 0 else value

    def _log_low(self) -> float:
        return self.low if self.low > 0 else self.high / 10**_DECADES_ABOVE_ZERO


def number_text(value: float, whole: bool = False) -> str:
    """Return a number as its box shows it: ``64``, ``0.05``, ``2e-4``."""
    if whole:
        return str(round(value))
    if value != 0 and (abs(value) < 0.01 or abs(value) >= 1e6):
        mantissa, exponent = f"{value:.5e}".split("e")
        return f"{mantissa.rstrip('0').rstrip('.')}e{int(exponent)}"
    return f"{value:.6g}"


def parse_number(text: str) -> float | None:
    """Return the number a person wrote, with a point or a comma; ``None`` for what is none."""
    try:
        value = float(text.strip().replace(",", ".").replace(" ", "").replace("_", ""))
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _figures(value: float, figures: int) -> float:
    return float(f"{value:.{figures - 1}e}")
