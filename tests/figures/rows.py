"""The figures: for each variant, what is measured of its preset, and what it was to reach."""

import statistics
from collections.abc import Callable

import torch
from torch.nn import functional

from ganstudio.api import TableComparison
from ganstudio_plugins.sr_generators import bicubic
from ganstudio_plugins.table_metrics import LearnedFromSamples
from tests.benchmarks.measure import Row
from tests.figures.enlarging import quality
from tests.figures.trainings import Trained, all_digits, digits, emoji, train
from tests.tuning.judge import Judge

ASKED = 1000
ROWS = 20_000
SEEDS = range(5)
DIVERSITY = ("grid-minibatch-stddev", "grid-minibatch-discrimination", "grid-pacgan", "grid-unrolled")


def asked_for(done: Trained) -> Row:
    """How many of 1 000 digits are the ones that were asked for, by a classifier trained on real ones."""
    judge = Judge()
    labels = torch.arange(ASKED) % 10
    right = float((judge.name(done.samples(ASKED, labels)) == labels).float().mean())
    return Row(
        f"{done.preset}: digits that are the ones asked for",
        f"{right:.1%}",
        "≥ 95 % by the best form",
        right >= 0.95,
        f"judge right on {judge.accuracy:.1%} of real digits; {done.trainer.step} steps",
    )


def readable(done: Trained) -> Row:
    """How sure the judge is of the samples, and whether all digits are there."""
    verdict = Judge().score(done.samples(2000))
    return Row(
        f"{done.preset}: samples the judge is ≥ 90 % sure of",
        f"{verdict.sure:.0%}",
        "",
        None,
        f"Fréchet distance {verdict.distance:.0f} in its features; rarest digit {verdict.rarest:.1%}",
    )


def nats(done: Trained) -> Row:
    """The negative evidence lower bound of the test digits."""
    images, _labels = digits("mnist_test.npz")
    with done.averaged() as vae:
        parts = [vae.negative_elbo(part.float().mul(2 / 255).sub(1)) for part in images.split(1000)]
    found = float(torch.cat(parts).mean())
    bound = 108.0 if done.preset == "mnist-vae" else None
    return Row(
        f"{done.preset}: nats per test image",
        f"{found:.1f}",
        f"≤ {bound:g}" if bound else "",
        found <= bound if bound else None,
        f"{done.trainer.step} steps of {done.trainer.settings.batch_size} of the 60 000",
    )


def steady(done: Trained) -> Row:
    """Whether losses stayed small and all digits are still made after 5 000 steps and at the end."""
    losses = {name: values for name, values in done.curves.items() if name.startswith("loss/")}
    highest = max(value for values in losses.values() for step, value in values if step > 500)
    verdict = Judge().score(done.samples(2000))
    return Row(
        f"{done.preset}: highest loss after step 500, rarest digit",
        f"{highest:.2f}, {verdict.rarest:.1%}",
        "stable for 5 000 steps",
        highest < 5 and verdict.rarest > 0.01 and done.trainer.step >= 5000,
        f"{done.trainer.step} steps; judge sure of {verdict.sure:.0%}",
    )


def falls(done: Trained) -> Row:
    """Whether the critic's estimate of the distance falls from its highest to the end."""
    estimates = [-value for _step, value in done.curves["loss/discriminator"]]
    tenth = max(1, len(estimates) // 10)
    windows = [statistics.mean(estimates[i : i + tenth]) for i in range(0, len(estimates) - tenth + 1, tenth)]
    return Row(
        f"{done.preset}: the critic's estimate, highest tenth → last tenth",
        f"{max(windows):.3g} → {windows[-1]:.3g}",
        "falls",
        windows[-1] < max(windows) and windows.index(max(windows)) < len(windows) // 2,
        ", ".join(f"{window:.3g}" for window in windows),
    )


def modes(preset: str, of: int, quality: float, seeds: range = SEEDS) -> Callable[[], Row]:
    """Return what measures modes and high quality over several seeds."""

    def measure() -> Row:
        ends = [train(preset, {"training.seed": seed}).scores[-1][1] for seed in seeds]
        found = [(end["score/modes"], end["score/high_quality"]) for end in ends]
        return Row(
            f"{preset}: modes, high quality; seeds {seeds.start}–{seeds.stop - 1}",
            "; ".join(f"{count:.0f}, {share:.1%}" for count, share in found),
            f"{of} modes, ≥ {quality:.0%}, every seed",
            all(count == of and share >= quality for count, share in found),
        )

    return measure


def diversity() -> list[Row]:
    """Mean modes of the grid over five seeds: plain, and with each remedy."""
    means = {
        preset: [train(preset, {"training.seed": s}).scores[-1][1]["score/modes"] for s in SEEDS]
        for preset in ("grid-gan", *DIVERSITY)
    }
    plain = statistics.mean(means["grid-gan"])
    return [
        Row(
            f"{preset}: mean grid modes of 25, seeds 0–4",
            f"{statistics.mean(counts):.1f} ({', '.join(f'{count:.0f}' for count in counts)})",
            "" if preset == "grid-gan" else f"> {plain:.1f}, plain",
            None if preset == "grid-gan" else statistics.mean(counts) > plain,
        )
        for preset, counts in means.items()
    ]


def bounded(done: Trained) -> Row:
    """How high ADA's p rose."""
    values = [value for _step, value in done.curves["augmentation/ADA"]]
    limit = done.trainer.architecture.augmentations[0].settings.limit
    return Row(
        f"{done.preset}: ADA's p, highest and last",
        f"{max(values):.2f}, {values[-1]:.2f}",
        f"≤ {limit:g}, and a curve",
        0 < max(values) <= limit,
    )


def nearer(done: Trained) -> Row:
    """How far translations of the test drawings are from the same drawings in the other design.

    The mean absolute difference in 0..255, against that of the drawings as they are. Nothing of them was
    trained on.
    """
    test = emoji("test", held_out=0.0)
    assert test.other is not None
    with done.averaged() as gan:
        made = gan.translate(test.values.float().mul(2 / 255).sub(1), "B")
    translated = made.clamp(-1, 1).add(1).mul(127.5)
    wanted = test.other.float()
    apart, left = (float((images - wanted).abs().mean()) for images in (translated, test.values.float()))
    # A blurred drawing is nearer as well: what a blur alone gains is said beside it.
    blurred = functional.avg_pool2d(functional.pad(test.values.float(), (1, 1, 1, 1), "replicate"), 3, 1)
    return Row(
        f"{done.preset}: mean absolute error of A → B",
        f"{apart:.2f}",
        f"< {left:.2f}, the drawings as they are",
        apart < left,
        f"blurred 3 × 3: {float((blurred - wanted).abs().mean()):.2f}; {done.trainer.step} steps",
    )


def sharper(done: Trained) -> Row:
    """Peak signal-to-noise ratio of brightness on Set5 and Set14, against that of bicubic enlargement."""
    scale = done.trainer.architecture.scale
    found = {}
    with done.averaged() as gan:
        for name in ("sr_set5", "sr_set14"):
            made, plain = quality(gan.upscale, name, scale), quality(lambda x: bicubic(x, scale), name, scale)
            found[name] = made, plain, f"{made['psnr']:.2f} dB, SSIM {made['ssim']:.3f}"
    (made, plain, five), (_, plain14, fourteen) = found.values()
    to_reach = plain["psnr"] + 0.5
    return Row(
        f"{done.preset}: Set5 × {scale}, Y-PSNR",
        five,
        f"≥ {to_reach:.2f} dB, bicubic + 0.5" if done.preset == "sr-pixels" else "",
        made["psnr"] >= to_reach if done.preset == "sr-pixels" else None,
        f"bicubic {plain['psnr']:.2f}, {plain['ssim']:.3f}; Set14 {fourteen}, bicubic {plain14['psnr']:.2f}, "
        f"{plain14['ssim']:.3f}; {done.trainer.step} steps in {done.seconds / 60:.0f} min",
    )


def like_the_table(done: Trained) -> Row:
    """How near categories and columns come to the real ones, and what a classifier learns of rows."""
    trainer = done.trainer
    real, columns = trainer._data, trainer.feed.spec.columns
    rows = done.samples(ROWS)
    found = TableComparison.of(rows.numpy(), real.values.numpy(), columns)
    seen = len(real.values)
    learned = LearnedFromSamples().score(rows[:seen], real)
    gap, apart = found.gap, learned["TSTR_gap"]
    return Row(
        f"{done.preset}: largest difference of a category's frequency; what a classifier loses",
        f"{100 * gap:.1f} points; {100 * apart:.1f} points",
        "≤ 3 points; ≤ 5 points",
        gap <= 0.03 and apart <= 0.05,
        f"mean accuracy of classes {learned['TSTR']:.1%}, learned of {seen} real rows "
        f"{learned['TRTR']:.1%}; mean Kolmogorov–Smirnov distance of continuous columns "
        f"{found.mean_of(categorical=False):.3f}, of pairs {found.association_gap:.3f}; {ROWS} rows, "
        f"{trainer.step} steps in {done.seconds / 60:.1f} min",
    )


OF_ONE: dict[str, Callable[[Trained], Row]] = {
    **dict.fromkeys(("mnist-cgan", "mnist-cgan-embedded", "mnist-projection", "mnist-acgan"), asked_for),
    **dict.fromkeys(("mnist-vae", "mnist-conv-vae"), nats),
    **dict.fromkeys(("mnist-wgan", "mnist-wgan-gp"), falls),
    **dict.fromkeys(
        (
            *("mnist-dcgan", "mnist-mlp", "mnist-mlp-256", "mnist-mlp-deep", "mnist-ragan", "mnist-balance"),
            *("mnist-sagan", "mnist-infogan", "mnist-began"),
        ),
        readable,
    ),
    "mnist-lsgan": steady,
    "cifar10-ada": bounded,
    "cyclegan-emoji": nearer,
    **dict.fromkeys(("sr-pixels", "sr-gan"), sharper),
    "table": like_the_table,
}
"""What is measured of one training of a preset."""

DATA = {"mnist-vae": all_digits, "mnist-conv-vae": all_digits}
"""Data other than the preset's own, where a figure asks for it."""

OF_SEVERAL: dict[str, Callable[[], Row | list[Row]]] = {
    "ring": modes("ring", 8, 0.9),
    "ring-r3gan": modes("ring-r3gan", 8, 0.95),
    "grid-r3gan": modes("grid-r3gan", 25, 0.95),
    "ring-wgan-gp": modes("ring-wgan-gp", 8, 0.0, range(3)),
    "diversity": diversity,
}
"""What takes several trainings."""
