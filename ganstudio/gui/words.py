"""Words: numbers, steps, curves and settings as they are written in the window. Plain text, no Qt."""

import math
from typing import Any

from ganstudio.gui import score_words

THIN = "\N{NARROW NO-BREAK SPACE}"

_GROUPS = {
    "loss": "",
    "logits": "",
    "grad_norm": "",
    "penalty": "",
    "nats": "",
    "class": "class",
    "accuracy": "accuracy",
    "adversarial": "adversarial",
    "cycle": "cycle",
    "identity": "identity",
    "distance": "distance",
    "psnr": "PSNR",
}
"""What is added to the last word of a curve's path, by its first word."""


def number(value: float, digits: int = 3) -> str:
    """Return a number in few characters: ``0.693``, ``1 240``, ``2e-4``; a dash where there is none."""
    if not math.isfinite(value):
        return "–"
    if value != 0 and not 1e-3 <= abs(value) < 1e5:
        mantissa, _, exponent = f"{value:.{digits - 1}e}".partition("e")
        short = mantissa.rstrip("0").rstrip(".") if "." in mantissa else mantissa
        return _minus(f"{short}e{int(exponent)}")
    return _minus(grouped(value, max(0, digits - _digits_before_point(value))))


def grouped(value: float, decimals: int = 0) -> str:
    """Return a number with a thin space between thousands: ``12 400``."""
    return _minus(f"{value:,.{decimals}f}".replace(",", THIN))


def step(value: float) -> str:
    """Return ``step 12 400``."""
    return f"step {grouped(round(value))}"


def share(value: float) -> str:
    """Return a share 0..1 as ``94 %``."""
    return _minus(f"{100 * value:.0f}{THIN}%")


def minutes(number: float) -> str:
    """Return a time in minutes as people say it: ``20 s``, ``2 min``, ``1.5 h``."""
    if number < 1:
        return f"{grouped(max(1, round(60 * number)))} s"
    if number < 60:
        return f"{grouped(round(number))} min"
    return f"{number / 60:.1f}".removesuffix(".0") + " h"


def score(name: str, value: float) -> str:
    """Return a score's value: shares as ``94 %``, counts as whole numbers, anything else as a number."""
    if score_words.is_share(name) and math.isfinite(value):
        return share(value)
    return grouped(value) if value % 1 == 0 else number(value)


def value(name: str, reading: float) -> str:
    """Return the value of a named curve: a share as ``94 %``, a score that counts as a whole number."""
    if name.startswith("accuracy/") and math.isfinite(reading):
        return share(reading)
    return score(name, reading) if name.startswith("score/") else number(reading)


def curve(name: str) -> str:
    """Return what a curve is called in a legend: ``loss/generator`` is ``generator``."""
    if name.startswith("score/"):
        return score_words.full(name)
    group, _, last = name.rpartition("/")
    what = "KL" if last == "kl" else last.replace("_", " ")
    added = _GROUPS.get(group.split("/")[0], "")
    return f"{what} {added}".strip()


def setting(path: str) -> str:
    """Return what a live setting is called: ``generator learning rate``."""
    *owners, last = path.split(".")
    words = last.replace("_", " ")
    owner = owners[-1] if len(owners) > 1 else ""
    return f"{owner} {words}".strip()


def edit(path: str, before: Any, value: Any) -> str:
    """Return what a live edit did: ``generator learning rate 2e-4 → 1e-4``."""
    return f"{setting(path)} {_plain(before)} → {_plain(value)}"


def given(path: str, value: Any) -> str:
    """Return what a setting is: ``generator learning rate 1e-4``."""
    return f"{setting(path)} {_plain(value)}"


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, int):
        return grouped(value)
    if isinstance(value, float):
        return _minus(f"{value:.6g}") if value == 0 or 1e-3 <= abs(value) < 1e5 else number(value)
    return str(value)


def _digits_before_point(value: float) -> int:
    return len(str(int(abs(value)))) if abs(value) >= 1 else 0


def _minus(text: str) -> str:
    return text.replace("-", "\N{MINUS SIGN}", 1) if text.startswith("-") else text
