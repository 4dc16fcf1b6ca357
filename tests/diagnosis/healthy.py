"""Healthy runs of every family: what the rules are to be silent about."""

from collections.abc import Iterator
from typing import Any

from tests.diagnosis.case import HALVES, Case
from tests.diagnosis.recipes import adversarial, digits_gan, mlp_gan, points_gan, rates
from tests.diagnosis.sets import Sets

_RAPID = {"learning_rate": 2e-3, "beta1": 0.0, "beta2": 0.99}


def healthy(sets: Sets) -> list[Case]:
    """Return the healthy cases, alternately of either half."""
    tables: dict[str, tuple[int, dict[str, Any]]] = {
        "ring-r1": (900, points_gan(sets.ring())),
        "grid-r3gan": (1000, _r3gan_points(sets)),
        "ring-wgan-gp": (800, _wgan_gp_points(sets)),
        "ring-six": (900, points_gan(sets.ring(6, 0.03))),
        "digits-r1": (450, digits_gan(sets.digits())),
        "digits-r1-wide": (450, digits_gan(sets.digits(), width=12, latent_dim=32)),
        "digits-hinge-sn": (350, _hinge(sets)),
        "digits-lsgan": (400, _lsgan(sets)),
        "digits-wgan-gp": (300, _wgan_gp_digits(sets)),
        "soft-hinge": (450, _hinge(sets, sets.soft())),
        "digits-cgan": (450, digits_gan(sets.digits(), conditioning="concatenated")),
        "digits-projection": (450, digits_gan(sets.digits(), conditioning="projection")),
        "digits-r3gan": (200, _r3gan_digits(sets)),
        "digits-minibatch": (450, digits_gan(sets.digits(), minibatch="standard deviation")),
        "digits-vae": (800, _vae(sets, "MLPVAE", {"width": 128})),
        "digits-conv-vae": (300, _vae(sets, "ConvVAE", {"width": 8})),
        "soft-r1": (450, digits_gan(sets.soft())),
        "digits-vae-10": (800, _vae(sets, "MLPVAE", {"width": 128, "latent_dim": 10})),
        "cyclegan": (200, _cyclegan(sets)),
        "cyclegan-thick": (200, _cyclegan(sets, "thick")),
        "pix2pix": (300, _pix2pix(sets)),
        "pix2pix-thick": (300, _pix2pix(sets, "thick")),
        "srgan": (150, _srgan(sets, 100)),
        "sr-pixels": (150, _srgan(sets, 10_000_000)),
        "digits-infogan": (400, _infogan(sets.digits())),
        "soft-infogan": (400, _infogan(sets.soft())),
        "digits-attention": (400, digits_gan(sets.digits(), attention=14)),
        "soft-attention": (400, digits_gan(sets.soft(), attention=14)),
        "table": (500, _table()),
        "table-wide": (500, _table(width=192, packing=2)),
        "digits-mlp": (800, _mlp(sets.digits())),
        "soft-mlp": (800, _mlp(sets.soft())),
    }
    # With few previews, as long runs have them, one of them is half a trouble.
    seldom: dict[str, tuple[int, dict[str, Any]]] = {
        "digits-r1": (450, digits_gan(sets.digits())),
        "digits-minibatch": (450, digits_gan(sets.digits(), minibatch="standard deviation")),
        "digits-hinge-sn": (350, _hinge(sets)),
        "ring-six": (900, points_gan(sets.ring(6, 0.03))),
        "digits-embedded": (400, digits_gan(sets.digits(), conditioning="embedded")),
        "digits-projection": (450, digits_gan(sets.digits(), conditioning="projection")),
    }
    return [*_alternately(tables, "", 25), *_alternately(seldom, "-seldom", 8)]


def _alternately(tables: dict[str, tuple[int, dict[str, Any]]], ending: str, previews: int) -> Iterator[Case]:
    for place, (name, (steps, table)) in enumerate(tables.items()):
        half = HALVES[place % 2]
        yield Case(f"healthy-{name}{ending}", table, half=half, steps=steps, previews=previews)


def _r3gan_points(sets: Sets) -> dict[str, Any]:
    table = points_gan(sets.grid(), width=128, layers=3)
    gammas = {"R1": {"gamma": 0.05}, "R2": {"gamma": 0.05}}
    return table | {"regularizers": gammas, "optimizers": rates(_RAPID)}


def _wgan_gp_points(sets: Sets) -> dict[str, Any]:
    table = points_gan(sets.ring(), n_critic=3)
    optimizers = rates({"learning_rate": 2e-3, "beta1": 0.5, "beta2": 0.9})
    return adversarial(table, "Wasserstein", {"GradientPenalty": {"weight": 0.1}}) | {
        "optimizers": optimizers
    }


def _hinge(sets: Sets, data: dict[str, Any] | None = None) -> dict[str, Any]:
    table = adversarial(digits_gan(data or sets.digits(), head=0, spectral_norm=True), "Hinge", {})
    return table | {"optimizers": rates({"learning_rate": 1e-3, "beta1": 0.0, "beta2": 0.9})}


def _lsgan(sets: Sets) -> dict[str, Any]:
    table = adversarial(digits_gan(sets.digits(), head=0, normalisation="batch"), "LeastSquares", {})
    return table | {"optimizers": rates({"learning_rate": 3e-4, "beta1": 0.5, "beta2": 0.999})}


def _wgan_gp_digits(sets: Sets) -> dict[str, Any]:
    table = adversarial(digits_gan(sets.digits(), n_critic=2), "Wasserstein", {"GradientPenalty": {}})
    return table | {"optimizers": rates({"learning_rate": 5e-4, "beta1": 0.0, "beta2": 0.9})}


def _r3gan_digits(sets: Sets) -> dict[str, Any]:
    table = digits_gan(sets.digits() | {"resize": 32})
    table["architecture"] = {"kind": "ResidualGAN", "width": 4, "latent_dim": 32}
    table = adversarial(table, "RelativisticPairing", {"R1": {"gamma": 0.1}, "R2": {"gamma": 0.1}})
    return table | {"optimizers": rates({"learning_rate": 1e-3, "beta1": 0.0, "beta2": 0.99})}


def _infogan(data: dict[str, Any]) -> dict[str, Any]:
    table = digits_gan(data)
    sizes = {"width": 8, "head": 48, "latent_dim": 32}
    table["architecture"] = {"kind": "InfoGAN", "normalisation": "generator", **sizes}
    return table | {"optimizers": {**table["optimizers"], "recogniser": dict(_RAPID)}}


def _table(**settings: Any) -> dict[str, Any]:
    table = {
        "data": {"kind": "LoanTable"},
        "architecture": {"kind": "TabularGAN", "dropout": 0.0, "width": 128, **settings},
        "training": {"batch_size": 250, "schedule": "cosine", "ema_decay": 0.99},
    }
    table = adversarial(table, "RelativisticPairing", {"R1": {"gamma": 0.1}, "R2": {"gamma": 0.1}})
    return table | {"optimizers": rates({"learning_rate": 1e-3, "beta1": 0.5, "beta2": 0.9})}


def _mlp(data: dict[str, Any]) -> dict[str, Any]:
    table = mlp_gan(data, {"R1": {"gamma": 5.0}}, width=128, minibatch="standard deviation")
    return table | {"optimizers": rates({"learning_rate": 1e-3, "beta1": 0.0, "beta2": 0.99})}


def _vae(sets: Sets, kind: str, settings: dict[str, Any]) -> dict[str, Any]:
    architecture = {"kind": kind, **settings}
    training = {"batch_size": 64, "ema_decay": 0.0}
    return {"data": sets.digits(), "architecture": architecture, "training": training}


def _cyclegan(sets: Sets, change: str = "outlines") -> dict[str, Any]:
    names = ("generator_ab", "generator_ba", "discriminator_a", "discriminator_b")
    return {
        "data": {"kind": "DigitDomains", "change": change, "side": 16},
        "architecture": {
            **{"kind": "CycleGAN", "generator": "U-Net", "halvings": 2, "width": 8, "identity": 0.0},
            **{"discriminator_width": 8, "discriminator_layers": 1},
        },
        "loss": {"kind": "LeastSquares"},
        "optimizers": {name: {"learning_rate": 5e-4} for name in names},
        "training": {"batch_size": 8, "ema_decay": 0.9, "preview_count": 36},
    }


def _pix2pix(sets: Sets, change: str = "outlines") -> dict[str, Any]:
    return {
        "data": {"kind": "DigitPairs", "change": change, "side": 16},
        "architecture": {
            **{"kind": "Pix2Pix", "halvings": 2, "width": 8},
            **{"discriminator_width": 8, "discriminator_layers": 1},
        },
        "loss": {"kind": "NonSaturating"},
        "optimizers": rates({"learning_rate": 1e-3}),
        "training": {"batch_size": 16, "ema_decay": 0.9, "preview_count": 36},
    }


def _srgan(sets: Sets, pixel_steps: int) -> dict[str, Any]:
    return {
        "data": sets.mosaics(),
        "architecture": {"kind": "SRGAN", "width": 8, "blocks": 2, "pixel_steps": pixel_steps},
        "loss": {"kind": "NonSaturating"},
        "optimizers": rates({"learning_rate": 1e-3}),
        "training": {"batch_size": 8, "preview_count": 16},
    }
