"""The presets that come with the studio: experiment files among its resources, in the order to show."""

from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

from ganstudio.api import hookimpl

NAMES = ("mnist-dcgan", "mnist-mlp", "mnist-mlp-256", "ring")


@hookimpl
def ganstudio_presets() -> Sequence[Path]:
    """Offer the presets, the one for the first start first."""
    folder = files("ganstudio_resources").joinpath("presets")
    return [Path(str(folder.joinpath(f"{name}.toml"))) for name in NAMES]
