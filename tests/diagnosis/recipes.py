"""Recipes that the cases begin with: small networks that learn in seconds, as tables of an experiment."""

from collections.abc import Mapping
from typing import Any

Table = dict[str, Any]


def rates(both: Mapping[str, Any], discriminator: Mapping[str, Any] | None = None) -> Table:
    """Return the optimizers of two networks, the same for both unless the discriminator's are given."""
    return {"generator": dict(both), "discriminator": dict(discriminator or both)}


def adversarial(table: Table, loss: str, regularizers: Mapping[str, Any]) -> Table:
    """Return a table with another loss and these regularizers."""
    return table | {"loss": {"kind": loss}, "regularizers": dict(regularizers)}


def points_gan(data: Table, **settings: Any) -> Table:
    """Return a GAN for points that covers its modes: relativistic pairing with R1."""
    return {
        "data": data,
        "architecture": {"kind": "PointGAN", "width": 64, "layers": 3, **settings},
        "loss": {"kind": "RelativisticPairing"},
        "regularizers": {"R1": {"gamma": 0.01}},
        "optimizers": rates({"learning_rate": 3e-3, "beta1": 0.0, "beta2": 0.99}),
        "training": {"batch_size": 128, "ema_decay": 0.98, "schedule": "cosine", "preview_count": 256},
    }


def digits_gan(data: Table, **settings: Any) -> Table:
    """Return a small DCGAN with R1, after the preset for digits."""
    chosen = {"width": 8, "head": 48, "latent_dim": 48, "normalisation": "generator", **settings}
    return {
        "data": data,
        "architecture": {"kind": "ConvGAN", **chosen},
        "loss": {"kind": "NonSaturating"},
        "regularizers": {"R1": {"gamma": 3.0, "every": 4}},
        "optimizers": rates({"learning_rate": 2e-3, "beta1": 0.0, "beta2": 0.99}),
        "training": {"batch_size": 32, "ema_decay": 0.98},
    }


def mlp_gan(data: Table, regularizers: Mapping[str, Any] | None = None, **settings: Any) -> Table:
    """Return a fully connected GAN for small images, without a regularizer unless some are given."""
    return {
        "data": data,
        "architecture": {"kind": "MLPGAN", "width": 64, "latent_dim": 32, **settings},
        "loss": {"kind": "NonSaturating"},
        "regularizers": dict(regularizers or {}),
        "optimizers": rates({"learning_rate": 5e-4, "beta1": 0.5, "beta2": 0.99}),
        "training": {"batch_size": 64, "ema_decay": 0.98},
    }
