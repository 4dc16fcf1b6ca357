"""Runs whose trouble is brought about on purpose, each kind in several ways and on several architectures.

Each way comes twice, on another data set, architecture or seed: once in the half that thresholds are chosen
on, and once in the half that they are reported on. Some come once more in the first, where a limit would
otherwise rest on a single run. Here are the troubles of a game of two networks.
"""

from collections.abc import Iterator

from tests.diagnosis.case import Case
from tests.diagnosis.induced_samples import troubled_samples
from tests.diagnosis.recipes import Table, adversarial, digits_gan, mlp_gan, points_gan, rates
from tests.diagnosis.sets import Sets
from tests.diagnosis.ways import further, pair, plain, trained


def induced(sets: Sets) -> list[Case]:
    """Return every case with trouble."""
    makers = (_collapse, _within, _wins, _weak, _oscillation, _divergence)
    return [*(case for make in makers for case in make(sets)), *troubled_samples(sets)]


def _collapse(sets: Sets) -> Iterator[Case]:
    digits = sets.digits()
    yield from pair(
        "mode collapse",
        "a quick generator, nothing that regularizes",
        ("grid-quick", plain(points_gan(sets.grid(), layers=2), 1e-3, 1e-4), 700),
        ("ring-quick", plain(points_gan(sets.ring(), layers=2), 2e-3, 1e-4), 700),
    )
    yield from pair(
        "mode collapse",
        "fully connected networks on images, nothing that regularizes",
        ("mlp-plain", plain(mlp_gan(digits), 1e-3, 1e-3), 700),
        ("mlp-lsgan", adversarial(plain(mlp_gan(digits, width=96), 1e-3, 1e-3), "LeastSquares", {}), 700),
    )
    yield from pair(
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
            trained(points_gan(sets.ring()), schedule="constant"),
            700,
            (420, "optimizers.generator.learning_rate", 0.3),
        ),
    )
    yield from pair(
        "mode collapse",
        "self-attention, spectral normalisation in both networks, and previews far apart",
        ("attention", _attentive(digits), 500),
        ("attention-narrow", _attentive(digits, width=6, latent_dim=24), 500),
        previews=8,
    )


def _attentive(data: Table, **settings: int) -> Table:
    normalised = {"spectral_norm": True, "spectral_norm_generator": True}
    table = adversarial(digits_gan(data, head=0, attention=14, **normalised, **settings), "Hinge", {})
    return table | {"optimizers": rates({"learning_rate": 2e-3, "beta1": 0.0, "beta2": 0.9})}


def _within(sets: Sets) -> Iterator[Case]:
    digits = sets.digits()
    deaf: Table = {"latent_dim": 1, "latents": "uniform"}
    yield from pair(
        "collapse within a class",
        "auxiliary classes that weigh a hundred times as much as the game",
        (
            "mlp-auxiliary",
            plain(mlp_gan(digits, conditioning="auxiliary", auxiliary_weight=100.0), 1e-3, 1e-3),
            500,
        ),
        (
            "dcgan-auxiliary",
            plain(digits_gan(digits, conditioning="auxiliary", auxiliary_weight=100.0), 2e-3, 1e-3),
            350,
        ),
    )
    for seed, weight in ((2, 100.0), (3, 50.0)):
        table = digits_gan(digits, conditioning="auxiliary", auxiliary_weight=weight)
        yield further(
            "collapse within a class",
            "auxiliary classes that weigh more than the game",
            f"dcgan-auxiliary-{seed}",
            trained(plain(table, 2e-3, 1e-3), seed=seed),
            350,
        )
    yield from pair(
        "collapse within a class",
        "a conditional generator without a regularizer and hardly any latents",
        (
            "mlp-deaf",
            plain(mlp_gan(digits, conditioning="concatenated", **deaf), 1e-3, 1e-3),
            700,
        ),
        (
            "dcgan-deaf",
            plain(digits_gan(digits, conditioning="projection", **deaf), 2e-3, 2e-3),
            350,
        ),
    )


def _wins(sets: Sets) -> Iterator[Case]:
    digits = sets.digits()
    yield from pair(
        "discriminator wins",
        "a discriminator many times as quick as the generator",
        ("ring-quick", plain(points_gan(sets.ring()), 2e-6, 5e-3), 600),
        ("mlp-quick", plain(mlp_gan(digits), 1e-6, 2e-3), 600),
    )
    yield from pair(
        "discriminator wins",
        "several updates of the discriminator for each of the generator",
        ("mlp-often", plain(mlp_gan(digits, n_critic=6), 2e-5, 1e-3), 200),
        ("dcgan-often", plain(digits_gan(digits, n_critic=4), 2e-5, 2e-3), 250),
    )


def _weak(sets: Sets) -> Iterator[Case]:
    digits = sets.digits()
    yield from pair(
        "discriminator too weak",
        "a discriminator that hardly moves",
        ("ring-slow", plain(points_gan(sets.ring()), 1e-3, 1e-6), 600),
        ("mlp-slow", plain(mlp_gan(digits), 5e-4, 5e-7), 600),
    )
    yield from pair(
        "discriminator too weak",
        "noise that drowns what the discriminator sees",
        ("mlp-noise", mlp_gan(digits, regularizers={"R1": {"gamma": 1.0}}, instance_noise=2.0), 600),
        ("ring-noise", points_gan(sets.ring(), instance_noise=2.0), 600),
    )
    yield from pair(
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
        return trained(table, ema_decay=0.0, schedule="constant")

    yield from pair(
        "oscillation",
        "much momentum and a high rate on a plain loss",
        ("ring-momentum", swinging(points_gan(sets.ring()), 3e-3), 700),
        ("grid-momentum", swinging(points_gan(sets.grid()), 3e-3), 700),
    )
    yield from pair(
        "oscillation",
        "gradient descent with momentum, nothing that damps",
        ("ring-sgd", swinging(points_gan(sets.ring(2)), 0.02, "SGD"), 700),
        ("ring-wide-sgd", swinging(points_gan(sets.ring(2, 0.05)), 0.015, "SGD"), 700),
    )
    yield from pair(
        "oscillation",
        "much momentum on images, nothing that damps",
        ("mlp-lsgan", swinging(mlp_gan(digits), 1e-3, loss="LeastSquares"), 600),
        ("mlp-momentum", swinging(mlp_gan(sets.soft()), 1e-3), 600),
    )


def _divergence(sets: Sets) -> Iterator[Case]:
    digits = sets.digits()
    both = "optimizers.discriminator.learning_rate"
    yield from pair(
        "divergence",
        "the discriminator's rate raised a hundredfold while it trains",
        ("dcgan-rate", digits_gan(digits), 400, (240, both, 0.3)),
        (
            "ring-rate",
            trained(points_gan(sets.ring()), schedule="constant"),
            700,
            (350, both, 0.5),
        ),
    )

    def unbounded(table: Table, rate: float) -> Table:
        table = adversarial(table, "Wasserstein", {})
        return table | {"optimizers": rates({"learning_rate": rate, "beta1": 0.5, "beta2": 0.9})}

    yield from pair(
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
    yield from pair(
        "divergence",
        "a decoder's rate raised three hundredfold while it trains",
        ("vae-rate", vae, 700, (350, rate, 0.3)),
        ("conv-vae-rate", conv, 300, (150, rate, 0.3)),
    )
