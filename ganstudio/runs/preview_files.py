"""Preview files: what the pictures of kept previews are called. It knows nothing of what is in them."""

from pathlib import Path

from ganstudio.experiment import slug

SAMPLES = "samples"
"""The folder of a run's pictures."""
REAL = "real"
"""The name, among them, of some of the data itself."""


def kind_of(source: str, first: bool) -> str:
    """Return the kind of a preview by which its files are told apart: empty for the first of a step."""
    return "" if first else slug(source)


def stem(step: int, kind: str = "") -> str:
    """Return what the picture of a kept preview is called, without its ending: ``000012400-name``."""
    return f"{step:09d}-{kind}" if kind else f"{step:09d}"


def picture(run: Path, step: int, kind: str = "") -> Path:
    """Return where a run keeps the picture of a preview."""
    return run / SAMPLES / f"{stem(step, kind)}.png"


def real(run: Path) -> Path:
    """Return where a run keeps the picture of its data."""
    return run / SAMPLES / f"{REAL}.png"
