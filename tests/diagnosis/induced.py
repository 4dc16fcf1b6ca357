"""Runs whose trouble is brought about on purpose, each kind in several ways and on several architectures.

Each way comes twice, on another data set, architecture or seed: once in the half that thresholds are chosen
on, and once in the half that they are reported on.
"""

from collections.abc import Iterator
from typing import Any

from tests.diagnosis.case import HALVES, Case
from tests.diagnosis.recipes import Table, adversarial, digits_gan, mlp_gan, points_gan, rates
from tests.diagnosis.sets import Sets

RAPID = {"learning_rate": 2e-3, "beta1": 0.0, "beta2": 0.99}


def induced(sets: Sets) -> list[Case]:
    """Return every case with trouble."""
    makers = (_collapse, _within, _wins, _weak, _oscillation, _divergence, _memory)
    further = (_posterior, _chequered, _saturated, _data, _finished)
    return [case for make in (*makers, *further) for case in make(sets)]


def _pair(trouble: str, way: str, first: Any, second: Any) -> Iterator[Case]:
    """Yield one way on two runs, each a name, a table, how many steps, and edits if any."""
    for half, (name, table, steps, *edits) in zip(HALVES, (first, second), strict=True):
        name = f"{trouble.replace(' ', '-')}-{name}"
        yield Case(name, table, trouble, way, half, tuple(edits), steps)


def _plain(table: Table, generator: float, discriminator: float, beta1: float = 0.5) -> Table:
    """Return a table with a plain non-saturating loss, no regularizer, and these rates."""
    rest = {"beta1": beta1, "beta2": 0.999}
    optimizers = rates(
        {"learning_rate": generator, **rest}, discriminator={"learning_rate": discriminator, **rest}
    )
    return adversarial(table, "NonSaturating", {}) | {"optimizers": optimizers}


def _trained(table: Table, **training: Any) -> Table:
    return table | {"training": table["training"] | training}


def _collapse(sets: Sets) -> Iterator[Case]:
    digits = sets.digits()
    yield from _pair(
        "mode collapse",
        "a quick generator, nothing that regularizes",
        ("grid-quick", _plain(points_gan(sets.grid(), layers=2), 1e-3, 1e-4), 700),
        ("ring-quick", _plain(points_gan(sets.ring(), layers=2), 2e-3, 1e-4), 700),
    )
    yield from _pair(
        "mode collapse",
        "fully connected networks on images, nothing that regularizes",
        ("mlp-plain", _plain(mlp_gan(digits), 1e-3, 1e-3), 700),
        ("mlp-lsgan", adversarial(_plain(mlp_gan(digits, width=96), 1e-3, 1e-3), "LeastSquares", {}), 700),
    )
    yield from _pair(
        "mode collapse",
        "the generator's rate raised a hundredfold while it trains",
        (
            "dcgan-sudden",
            digits_gan(digits),
            400,
            (240, "optimizers.generator.learning_rate", 0.2),
        ),
        (
            "ring-sudden",
            _trained(points_gan(sets.ring()), schedule="constant"),
            700,
            (420, "optimizers.generator.learning_rate", 0.3),
        ),
    )


def _within(sets: Sets) -> Iterator[Case]:
    digits = sets.digits()
    deaf: Table = {"latent_dim": 1, "latents": "uniform"}
    yield from _pair(
        "collapse within a class",
        "auxiliary classes that weigh a hundred times as much as the game",
        (
            "mlp-auxiliary",
            _plain(mlp_gan(digits, conditioning="auxiliary", auxiliary_weight=100.0), 1e-3, 1e-3),
            500,
        ),
        (
            "dcgan-auxiliary",
            _plain(digits_gan(digits, conditioning="auxiliary", auxiliary_weight=100.0), 2e-3, 1e-3),
            350,
        ),
    )
    yield from _pair(
        "collapse within a class",
        "a conditional generator without a regularizer and hardly any latents",
        (
            "mlp-deaf",
            _plain(mlp_gan(digits, conditioning="concatenated", **deaf), 1e-3, 1e-3),
            700,
        ),
        (
            "dcgan-deaf",
            _plain(digits_gan(digits, conditioning="projection", **deaf), 2e-3, 2e-3),
            350,
        ),
    )


def _wins(sets: Sets) -> Iterator[Case]:
    digits = sets.digits()
    yield from _pair(
        "discriminator wins",
        "a discriminator many times as quick as the generator",
        ("ring-quick", _plain(points_gan(sets.ring()), 2e-6, 5e-3), 600),
        ("mlp-quick", _plain(mlp_gan(digits), 1e-6, 2e-3), 600),
    )
    yield from _pair(
        "discriminator wins",
        "several updates of the discriminator for each of the generator",
        ("mlp-often", _plain(mlp_gan(digits, n_critic=6), 2e-5, 1e-3), 200),
        ("dcgan-often", _plain(digits_gan(digits, n_critic=4), 2e-5, 2e-3), 250),
    )


def _weak(sets: Sets) -> Iterator[Case]:
    digits = sets.digits()
    yield from _pair(
        "discriminator too weak",
        "a discriminator that hardly moves",
        ("ring-slow", _plain(points_gan(sets.ring()), 1e-3, 1e-6), 600),
        ("mlp-slow", _plain(mlp_gan(digits), 5e-4, 5e-7), 600),
    )
    yield from _pair(
        "discriminator too weak",
        "noise that drowns what the discriminator sees",
        ("mlp-noise", mlp_gan(digits, regularizers={"R1": {"gamma": 1.0}}, instance_noise=2.0), 600),
        ("ring-noise", points_gan(sets.ring(), instance_noise=2.0), 600),
    )
    yield from _pair(
        "discriminator too weak",
        "half of the pairs told the wrong way round",
        ("dcgan-flipped", digits_gan(digits, label_flipping=0.5), 400),
        ("ring-flipped", points_gan(sets.ring(), label_flipping=0.5), 600),
    )


def _oscillation(sets: Sets) -> Iterator[Case]:
    digits = sets.digits()

    def swinging(table: Table, rate: float, kind: str = "Adam", loss: str = "NonSaturating") -> Table:
        optimizer = {"kind": kind, "learning_rate": rate, "beta1": 0.9, "beta2": 0.999}
        table = adversarial(table, loss, {}) | {"optimizers": rates(optimizer)}
        return _trained(table, ema_decay=0.0, schedule="constant")

    yield from _pair(
        "oscillation",
        "much momentum and a high rate on a plain loss",
        ("ring-momentum", swinging(points_gan(sets.ring()), 3e-3), 700),
        ("grid-momentum", swinging(points_gan(sets.grid()), 3e-3), 700),
    )
    yield from _pair(
        "oscillation",
        "gradient descent with momentum, nothing that damps",
        ("ring-sgd", swinging(points_gan(sets.ring(2)), 0.02, "SGD"), 700),
        ("mlp-sgd", swinging(mlp_gan(digits), 0.02, "SGD"), 700),
    )


def _divergence(sets: Sets) -> Iterator[Case]:
    digits = sets.digits()
    both = "optimizers.discriminator.learning_rate"
    yield from _pair(
        "divergence",
        "the discriminator's rate raised a hundredfold while it trains",
        ("dcgan-rate", digits_gan(digits), 400, (240, both, 0.3)),
        (
            "ring-rate",
            _trained(points_gan(sets.ring()), schedule="constant"),
            700,
            (350, both, 0.5),
        ),
    )

    def unbounded(table: Table, rate: float) -> Table:
        table = adversarial(table, "Wasserstein", {})
        return table | {"optimizers": rates({"learning_rate": rate, "beta1": 0.5, "beta2": 0.9})}

    yield from _pair(
        "divergence",
        "a critic without clipping or a penalty",
        ("ring-wgan", unbounded(points_gan(sets.ring(), n_critic=5), 5e-3), 700),
        ("mlp-wgan", unbounded(mlp_gan(digits, n_critic=5), 1e-3), 300),
    )
    vae = {
        "data": digits,
        "architecture": {"kind": "MLPVAE", "width": 128},
        "training": {"batch_size": 64, "ema_decay": 0.0},
    }
    conv = vae | {"architecture": {"kind": "ConvVAE", "width": 8}}
    rate = "optimizers.decoder.learning_rate"
    yield from _pair(
        "divergence",
        "a decoder's rate raised three hundredfold while it trains",
        ("vae-rate", vae, 700, (350, rate, 0.3)),
        ("conv-vae-rate", conv, 300, (150, rate, 0.3)),
    )


def _memory(sets: Sets) -> Iterator[Case]:
    yield from _pair(
        "memorising",
        "so few images that a discriminator knows each of them",
        ("mlp-16", mlp_gan(sets.few(16), {"R1": {"gamma": 0.5}}, width=128), 1000),
        ("mlp-20", mlp_gan(sets.few(20, 1), {"R1": {"gamma": 0.5}}, width=128), 1000),
    )
    gammas = {"R1": {"gamma": 0.1}}
    yield from _pair(
        "memorising",
        "few images and relativistic pairs of them",
        ("mlp-12", adversarial(mlp_gan(sets.few(12, 2), width=128), "RelativisticPairing", gammas), 1000),
        ("mlp-24", adversarial(mlp_gan(sets.few(24, 3), width=128), "RelativisticPairing", gammas), 1000),
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

    yield from _pair(
        "posterior collapse",
        "a KL term that weighs fifty times as much",
        ("mlp-beta", vae(beta=50.0), 500),
        ("conv-beta", vae("ConvVAE", beta=60.0), 250),
    )
    yield from _pair(
        "posterior collapse",
        "the weight of the KL term raised while it trains",
        ("conv-raised", vae("ConvVAE"), 300, (150, "architecture.beta", 60.0)),
        ("mlp-raised", vae(), 700, (350, "architecture.beta", 60.0)),
    )
    slow = {"encoder": {"learning_rate": 1e-7}, "decoder": {"learning_rate": 1e-3}}
    yield from _pair(
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
    yield from _pair(
        "checkerboard",
        "a last layer whose kernels overlap unevenly",
        ("uneven-soft", _uneven(sets.soft()), 300),
        ("uneven-grey", _uneven(sets.narrow(64, 192)), 300),
    )
    yield from _pair(
        "checkerboard",
        "the same, and a discriminator that sees half the detail",
        ("blind-grey", _uneven(sets.narrow(64, 192), blind=True), 300),
        ("blind-soft", _uneven(sets.soft(), blind=True), 300),
    )


def _saturated(sets: Sets) -> Iterator[Case]:
    soft = sets.soft()
    rate = "optimizers.generator.learning_rate"
    yield from _pair(
        "saturated output",
        "a generator's rate so high that its last layer is driven to its ends",
        ("mlp-rate", _plain(mlp_gan(soft), 0.1, 1e-3), 300),
        ("dcgan-rate", digits_gan(soft), 350, (200, rate, 0.5)),
    )
    yield from _pair(
        "saturated output",
        "a last layer that is far too steep",
        ("steep-blind", _uneven(soft, steep=100.0, blind=True), 300),
        ("steep", _uneven(soft, steep=100.0), 300),
    )


def _data(sets: Sets) -> Iterator[Case]:
    def short(data: Table) -> Table:
        return mlp_gan(data, {"R1": {"gamma": 1.0}})

    conditional = {"conditioning": "concatenated"}
    yield from _pair(
        "data trouble",
        "images without anything on them",
        ("mlp-blank", short(sets.blank(1.0)), 50),
        ("dcgan-blank", digits_gan(sets.blank(0.5)), 30),
    )
    yield from _pair(
        "data trouble",
        "images in a narrow range",
        ("mlp-dark", short(sets.narrow(0, 1)), 50),
        ("dcgan-faint", digits_gan(sets.narrow(100, 112)), 30),
    )
    yield from _pair(
        "data trouble",
        "a class that is missing",
        ("cgan-missing", digits_gan(sets.fewer_classes(3), **conditional), 30),
        ("mlp-missing", mlp_gan(sets.fewer_classes(5, 6), {"R1": {"gamma": 1.0}}, **conditional), 50),
    )
    vae = {"architecture": {"kind": "MLPVAE", "width": 64}, "training": {"batch_size": 16, "ema_decay": 0.0}}
    yield from _pair(
        "data trouble",
        "a tiny set",
        ("vae-16", vae | {"data": sets.few(16, 4)}, 50),
        ("dcgan-30", digits_gan(sets.few(30, 5)), 30),
    )


def _finished(sets: Sets) -> Iterator[Case]:
    def vae(rate: float) -> Table:
        both = {"encoder": {"learning_rate": rate}, "decoder": {"learning_rate": rate}}
        return {
            "data": sets.few(2000, 6),
            "architecture": {"kind": "MLPVAE", "width": 32, "latent_dim": 2},
            "training": {"batch_size": 64, "ema_decay": 0.98},
            "optimizers": both,
        }

    yield from _pair(
        "finished",
        "all modes covered long before the end",
        ("ring-long", points_gan(sets.ring(sigma=0.1)), 1200),
        ("ring-six-long", points_gan(sets.ring(6, 0.12)), 1200),
    )
    yield from _pair(
        "finished",
        "an autoencoder long after it stopped learning",
        ("vae-long", vae(1e-2), 2500),
        ("vae-longer", vae(8e-3), 2500),
    )
