"""Runs with trouble of what is made, of the latents of an autoencoder, or of the data; and finished ones.

What is said of :mod:`tests.diagnosis.induced` holds for them as well.
"""

from collections.abc import Iterator
from typing import Any

from tests.diagnosis.case import Case
from tests.diagnosis.recipes import Table, adversarial, digits_gan, mlp_gan, points_gan, rates
from tests.diagnosis.sets import Sets
from tests.diagnosis.ways import pair, plain, trained


def troubled_samples(sets: Sets) -> list[Case]:
    """Return these cases."""
    makers = (_memory, _posterior, _chequered, _saturated, _data, _finished)
    return [case for make in makers for case in make(sets)]


def _memory(sets: Sets) -> Iterator[Case]:
    yield from pair(
        "memorising",
        "so few images that a discriminator knows each of them",
        ("mlp-24", mlp_gan(sets.few(24, 13), {"R1": {"gamma": 3.0}}, width=128), 1500),
        ("mlp-20", mlp_gan(sets.few(20, 21), {"R1": {"gamma": 3.0}}, width=128), 1500),
    )

    def conv(count: int, seed: int) -> Table:
        table = digits_gan(sets.few(count, seed), latent_dim=2)
        return trained(table | {"regularizers": {"R1": {"gamma": 0.3, "every": 4}}}, batch_size=16)

    yield from pair(
        "memorising",
        "convolutions that know few images, and hardly any latents to mix them by",
        ("dcgan-16", conv(16, 12), 1000),
        ("dcgan-14", conv(14, 22), 1000),
    )

    def vae(count: int, seed: int) -> Table:
        quick = {"learning_rate": 2e-3}
        settings = {"width": 128, "layers": 2, "latent_dim": 2, "beta": 20.0}
        return {
            "data": sets.few(count, seed),
            "architecture": {"kind": "MLPVAE", **settings},
            "training": {"batch_size": 16, "ema_decay": 0.0},
            "optimizers": {"encoder": quick, "decoder": quick},
        }

    yield from pair(
        "memorising",
        "an autoencoder with a weight for the latents that leaves no room between few images",
        ("vae-16", vae(16, 10), 2000),
        ("vae-14", vae(14, 23), 2000),
    )


def _posterior(sets: Sets) -> Iterator[Case]:
    def vae(kind: str = "MLPVAE", data: Table | None = None, **settings: Any) -> Table:
        width = 8 if kind == "ConvVAE" else 128
        training = {"batch_size": 64, "ema_decay": 0.0}
        return {
            "data": data or sets.digits(),
            "architecture": {"kind": kind, "width": width, **settings},
            "training": training,
        }

    yield from pair(
        "posterior collapse",
        "a KL term that weighs fifty times as much",
        ("mlp-beta", vae(beta=50.0), 500),
        ("conv-beta", vae("ConvVAE", beta=60.0), 250),
    )
    yield from pair(
        "posterior collapse",
        "the weight of the KL term raised while it trains",
        ("conv-raised", vae("ConvVAE"), 300, (150, "architecture.beta", 60.0)),
        ("mlp-raised", vae(), 700, (350, "architecture.beta", 60.0)),
    )
    slow = {"encoder": {"learning_rate": 1e-7}, "decoder": {"learning_rate": 1e-3}}
    yield from pair(
        "posterior collapse",
        "an encoder that hardly moves, so that the decoder learns to do without",
        ("mlp-lag", vae() | {"optimizers": slow}, 500),
        ("conv-lag", vae("ConvVAE") | {"optimizers": slow}, 250),
    )


def _uneven(data: Table, **settings: Any) -> Table:
    """Return a GAN whose last layer is built badly."""
    table = digits_gan(data)
    table["architecture"] = {"kind": "UnevenGAN", "width": 8, "latent_dim": 48, **settings}
    return table


def _chequered(sets: Sets) -> Iterator[Case]:
    yield from pair(
        "checkerboard",
        "a last layer whose kernels overlap unevenly",
        ("uneven-soft", _uneven(sets.soft()), 300),
        ("uneven-grey", _uneven(sets.narrow(64, 192)), 300),
    )
    yield from pair(
        "checkerboard",
        "the same, and a discriminator that sees half the detail",
        ("blind-grey", _uneven(sets.narrow(64, 192), blind=True), 300),
        ("blind-soft", _uneven(sets.soft(), blind=True), 300),
    )

    def loose(data: Table, **settings: Any) -> Table:
        table = digits_gan(data, head=0, normalisation="none", upsampling="transposed", **settings)
        optimizers = rates({"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999})
        table = adversarial(table, "LeastSquares", {}) | {"optimizers": optimizers}
        return trained(table, ema_decay=0.0, schedule="constant")

    yield from pair(
        "checkerboard",
        "transposed convolutions that a discriminator which is always right teaches nothing",
        ("dcgan", loose(sets.digits()), 400),
        ("dcgan-soft", loose(sets.soft(), width=12), 400),
    )


def _saturated(sets: Sets) -> Iterator[Case]:
    soft, grey = sets.soft(), sets.narrow(64, 192)
    yield from pair(
        "saturated output",
        "a generator's rate so high that its last layer is driven to its ends",
        ("mlp-rate", plain(mlp_gan(soft), 0.1, 1e-3), 300),
        ("mlp-rate-grey", plain(mlp_gan(grey, width=96), 0.05, 1e-3), 300),
    )

    def unbounded(data: Table) -> Table:
        return adversarial(
            plain(digits_gan(data, head=0, normalisation="none"), 2e-2, 1e-4), "Wasserstein", {}
        )

    yield from pair(
        "saturated output",
        "a critic without a bound, that pulls values further and further",
        ("dcgan-critic", unbounded(soft), 250),
        ("dcgan-critic-grey", unbounded(grey), 250),
    )
    yield from pair(
        "saturated output",
        "a last layer that is far too steep",
        ("steep-blind", _uneven(soft, steep=100.0, blind=True), 300),
        ("steep", _uneven(soft, steep=100.0), 300),
    )


def _data(sets: Sets) -> Iterator[Case]:
    def short(data: Table) -> Table:
        return mlp_gan(data, {"R1": {"gamma": 1.0}})

    conditional = {"conditioning": "concatenated"}
    yield from pair(
        "data trouble",
        "images without anything on them",
        ("mlp-blank", short(sets.blank(1.0)), 50),
        ("dcgan-blank", digits_gan(sets.blank(0.5)), 30),
    )
    yield from pair(
        "data trouble",
        "images in a narrow range",
        ("mlp-dark", short(sets.narrow(0, 1)), 50),
        ("dcgan-faint", digits_gan(sets.narrow(100, 112)), 30),
    )
    yield from pair(
        "data trouble",
        "a class that is missing",
        ("cgan-missing", digits_gan(sets.fewer_classes(3), **conditional), 30),
        ("mlp-missing", mlp_gan(sets.fewer_classes(5, 6), {"R1": {"gamma": 1.0}}, **conditional), 50),
    )
    vae = {"architecture": {"kind": "MLPVAE", "width": 64}, "training": {"batch_size": 16, "ema_decay": 0.0}}
    yield from pair(
        "data trouble",
        "a tiny set",
        ("vae-16", vae | {"data": sets.few(16, 4)}, 50),
        ("dcgan-30", digits_gan(sets.few(30, 5)), 30),
    )


def _finished(sets: Sets) -> Iterator[Case]:
    def vae(seed: int, width: int) -> Table:
        both = {"learning_rate": 1e-2}
        return {
            "data": sets.few(2000, seed),
            "architecture": {"kind": "MLPVAE", "width": width, "latent_dim": 1},
            "training": {"batch_size": 64, "ema_decay": 0.98},
            "optimizers": {"encoder": both, "decoder": both},
        }

    yield from pair(
        "finished",
        "all modes covered long before the end",
        ("ring-long", points_gan(sets.ring(sigma=0.1)), 1200),
        ("ring-six-long", points_gan(sets.ring(6, 0.12)), 1200),
    )
    yield from pair(
        "finished",
        "an autoencoder of one latent long after it stopped learning",
        ("vae-long", vae(6, 16), 3500),
        ("vae-longer", vae(7, 20), 3500),
    )
