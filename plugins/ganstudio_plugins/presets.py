"""The presets that come with the studio: experiment files among its resources, in the order to show."""

from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

from ganstudio.api import hookimpl

NAMES = (
    *("mnist-dcgan", "mnist-mlp", "mnist-mlp-256", "mnist-mlp-deep", "mnist-lsgan", "mnist-ragan"),
    *("ring", "ring-r3gan", "grid-r3gan"),
    *("grid-gan", "grid-minibatch-stddev", "grid-minibatch-discrimination", "grid-pacgan", "grid-unrolled"),
    *("mnist-cgan", "mnist-cgan-embedded", "mnist-projection", "mnist-acgan"),
    *("mnist-wgan", "mnist-wgan-gp", "ring-wgan-gp"),
    *("mnist-balance", "mnist-sagan", "mnist-infogan", "mnist-began"),
    *("mnist-vae", "mnist-conv-vae"),
    *("fashion-sngan", "fashion-r3gan", "fashion-stylegan2", "cifar10-dcgan", "cifar10-tutorial"),
    *("cifar10-diffaugment", "cifar10-ada"),
    *("cyclegan-digits", "pix2pix-digits", "cyclegan-emoji"),
    *("sr-pixels", "sr-gan"),
    "table",
)


@hookimpl
def ganstudio_presets() -> Sequence[Path]:
    """Offer the presets, the one for the first start first."""
    folder = files("ganstudio_resources").joinpath("presets")
    return [Path(str(folder.joinpath(f"{name}.toml"))) for name in NAMES]
