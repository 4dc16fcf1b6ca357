"""What holds the discriminator back: each setting's effect on the step."""

from collections.abc import Iterator
from itertools import pairwise

import pytest
import torch
from torch import Tensor, nn

from ganstudio.api import Batch, Fixed, Optimizer, Update
from ganstudio.api.balance import critic_updates, noise_now
from ganstudio.api.events import PreviewReady, StepRecord
from ganstudio.training.controls import Controls, Edit
from ganstudio_plugins.point_gans import PointGAN
from tests.api.gans import batch, batches, descend, fakes, points_gan, weights
from tests.training.support import copies, gan, only, run, same, trainer_of


def recorded(architecture, steps: int = 1) -> tuple[list[str], list[Tensor], list[Tensor]]:
    """Take steps; return whose updates came, the real samples, and the latents the generator was given."""
    updated: list[str] = []
    drawn: list[Tensor] = []
    latents: list[Tensor] = []
    architecture.generator.register_forward_pre_hook(lambda module, inputs: latents.append(inputs[0]))

    def watched() -> Iterator[Batch]:
        for one in batches():
            drawn.append(one.real)
            yield one

    feed = watched()
    for architecture.step in range(steps):
        for update in architecture.training_step(feed):
            updated.append("g" if update.networks is architecture.generator else "d")
            descend(update)
    return updated, drawn, latents


def all_differ(tensors: list[Tensor]) -> bool:
    return not any(torch.equal(a, b) for i, a in enumerate(tensors) for b in tensors[:i])


# --- How often each network is updated -------------------------------------------------------------


@pytest.mark.parametrize(
    ("n_critic", "n_generator", "order"),
    [(1, 1, "dg"), (3, 1, "dddg"), (1, 3, "dggg"), (2, 2, "ddgg")],
)
def test_updates_come_in_number_and_order_as_asked(n_critic: int, n_generator: int, order: str) -> None:
    updated, _drawn, _latents = recorded(points_gan(n_critic=n_critic, n_generator=n_generator), steps=2)
    assert "".join(updated) == order * 2


@pytest.mark.parametrize(("n_critic", "n_generator"), [(1, 1), (3, 1), (1, 3), (2, 2)])
def test_every_update_has_fresh_data_and_latents_but_for_the_pair_that_shares_them(
    n_critic: int, n_generator: int
) -> None:
    _updated, drawn, latents = recorded(points_gan(n_critic=n_critic, n_generator=n_generator), steps=2)
    # The last update of the discriminator and the first of the generator share one draw.
    expected = 2 * (n_critic + n_generator - 1)
    assert len(drawn) == len(latents) == expected
    assert all_differ(drawn)
    assert all_differ(latents)


def test_each_update_of_the_generator_meets_the_weights_the_one_before_left() -> None:
    architecture = points_gan(n_generator=3)
    seen: list[list[Tensor]] = []
    for update in architecture.training_step(batches()):
        if update.networks is architecture.generator:
            seen.append(weights(architecture.generator))
        descend(update)
    assert len(seen) == 3
    assert not any(same(a, b) for a, b in pairwise(seen))


@pytest.mark.parametrize(
    ("step", "n_critic", "expected"),
    [
        (0, 5, 100),
        (24, 5, 100),
        (25, 5, 5),
        (499, 5, 5),
        (500, 5, 100),
        (501, 5, 5),
        (1000, 1, 100),
        (0, 100, 100),
    ],
)
def test_warm_up_has_a_hundred_updates_at_first_and_at_every_500th_step(
    step: int, n_critic: int, expected: int
) -> None:
    assert critic_updates(n_critic, True, step) == expected
    assert critic_updates(n_critic, False, step) == n_critic


@pytest.mark.parametrize(("step", "expected"), [(0, 100), (24, 100), (25, 2), (500, 100)])
def test_warm_up_acts_on_the_step(step: int, expected: int) -> None:
    architecture = points_gan(n_critic=2, critic_warm_up=True)
    architecture.step = step
    updated = [update.networks is architecture.generator for update in architecture.training_step(batches())]
    assert updated == [False] * expected + [True]


# --- Two learning rates ----------------------------------------------------------------------------


def moved_by(generator_rate: float, discriminator_rate: float) -> dict[str, float]:
    """Return how far each network's weights went in the first step of plain gradient descent."""
    trainer = trainer_of(gan(), steps=1)
    rates = {"generator": generator_rate, "discriminator": discriminator_rate}
    trainer._optimizer_settings = {
        name: Optimizer(kind="SGD", learning_rate=rate, beta1=0.0) for name, rate in rates.items()
    }
    before: dict[str, list[Tensor]] = {}
    build = trainer.architecture.build

    def watched(data) -> None:
        build(data)
        before.update({name: copies(network) for name, network in trainer.architecture.networks().items()})

    trainer.architecture.build = watched
    run(trainer)
    networks = trainer.architecture.networks()
    return {
        name: float(sum((a - b).abs().sum() for a, b in zip(before[name], copies(network), strict=True)))
        for name, network in networks.items()
    }


def test_each_network_moves_by_its_own_learning_rate() -> None:
    base = moved_by(0.01, 0.01)
    # The discriminator is updated first, so its first move depends on its own rate alone.
    quick = moved_by(0.01, 0.04)
    assert quick["discriminator"] == pytest.approx(4 * base["discriminator"], rel=1e-3)
    slow = moved_by(0.001, 0.01)
    assert slow["discriminator"] == pytest.approx(base["discriminator"], rel=1e-6)
    assert slow["generator"] == pytest.approx(base["generator"] / 10, rel=1e-3)


# --- Skipping while it wins ------------------------------------------------------------------------


class Ranking(nn.Module):
    """A discriminator that tells real from fake by the first number, to the degree a test wants."""

    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(1))

    def forward(self, samples: Tensor) -> Tensor:
        return samples[:, :1] * self.weight


def ranked(share: float, limit: float, count: int = 10):
    """Return a GAN whose discriminator ranks ``share`` of real above fake, and what one step updates."""
    architecture = points_gan(skip_when_winning=limit)
    architecture.discriminator = Ranking()
    above = round(share * count)
    real = torch.full((count, 2), -1e6)
    real[:above] = 1e6
    architecture.recording = True
    before = weights(architecture.discriminator)
    names = []
    for update in architecture.training_step(iter([Batch(real)])):
        names.append("g" if update.networks is architecture.generator else "d")
        descend(update)
    stayed = same(before, weights(architecture.discriminator))
    return "".join(names), stayed, architecture.take_log()


@pytest.mark.parametrize(
    ("share", "limit", "skips"),
    [
        (1.0, 0.9, True),
        (0.9, 0.8, True),
        (0.8, 0.8, False),
        (0.5, 0.8, False),
        (0.0, 0.5, False),
        (1.0, 1.0, False),
    ],
)
def test_the_discriminator_stays_as_it_is_exactly_while_it_wins(
    share: float, limit: float, skips: bool
) -> None:
    names, stayed, log = ranked(share, limit)
    assert names == ("g" if skips else "dg")
    assert stayed == skips
    if limit < 1:
        assert float(log["balance/skipped"]) == skips
    else:
        assert "balance/skipped" not in log
    assert float(log["accuracy/discriminator"]) == pytest.approx(share)


def test_skipping_through_the_trainer_leaves_the_weights_bit_identical() -> None:
    """Real points are far away, so a discriminator that wins after some steps then stays put."""
    trainer = trainer_of(gan(skip_when_winning=0.6), steps=40, report_every=1)
    history: list[list[Tensor]] = []
    skipped: list[float] = []
    for event in trainer.run():
        if isinstance(event, StepRecord):
            history.append(copies(trainer.architecture.networks()["discriminator"]))
            skipped.append(event.values["balance/skipped"])
            assert ("loss/discriminator" in event.values) == (not event.values["balance/skipped"])
    assert {0.0, 1.0} == set(skipped)
    for (before, after), skip in zip(pairwise(history), skipped[1:], strict=True):
        assert same(before, after) == bool(skip)


# --- Instance noise --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("step", "steps", "expected"),
    [
        (0, 0, 0.4),
        (10**6, 0, 0.4),
        (0, 100, 0.4),
        (25, 100, 0.3),
        (50, 100, 0.2),
        (100, 100, 0.0),
        (300, 100, 0.0),
    ],
)
def test_noise_falls_evenly_to_none_or_stays(step: int, steps: int, expected: float) -> None:
    assert noise_now(0.4, steps, step) == pytest.approx(expected)


@pytest.mark.parametrize(("step", "sigma"), [(0, 0.4), (50, 0.2), (75, 0.1), (100, 0.0)])
def test_what_the_discriminator_sees_differs_by_the_noise_of_the_step(step: int, sigma: float) -> None:
    architecture = points_gan(instance_noise=0.4, instance_noise_steps=100)
    architecture.step = step
    seen: list[Tensor] = []
    architecture.discriminator.register_forward_pre_hook(lambda module, inputs: seen.append(inputs[0]))
    real, fake = batch(2000), fakes(2000)
    architecture.discriminator_loss(real, fake)
    architecture.generator_loss(real, fake)
    given = [torch.cat([real.real, fake]), fake]
    for samples, clean in zip(seen, given, strict=True):
        noise = (samples - clean).detach()
        assert float(noise.std()) == pytest.approx(sigma, rel=0.05)
        assert float(noise.mean()) == pytest.approx(0, abs=0.02)


def test_the_noise_is_live() -> None:
    controls = Controls()
    trainer = trainer_of(gan(instance_noise=0.0), steps=4, report_every=1, controls=controls)
    widest: list[float] = []
    for event in trainer.run():
        if isinstance(event, StepRecord) and event.step == 2:
            controls.post(Edit("architecture.instance_noise", 2.0))
            discriminator = trainer.architecture.networks()["discriminator"]
            discriminator.register_forward_pre_hook(
                lambda module, inputs: widest.append(float(inputs[0].detach().std()))
            )
    assert min(widest) > 1.7


def test_previews_are_of_clean_samples() -> None:
    trainer = trainer_of(gan(instance_noise=2.0), steps=2)
    shown = [p for p in only(run(trainer), PreviewReady) if p.source == "fixed"][-1]
    with trainer._looking._on_averages() as architecture, torch.no_grad():
        fixed: Fixed = trainer._looking._fixed
        assert fixed.latents is not None
        expected = architecture.generate(fixed.latents)
    assert (shown.array == expected.numpy()).all()


# --- While it trains -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "value", "order"),
    [("n_critic", 3, "dddg"), ("n_generator", 3, "dggg"), ("skip_when_winning", 0.5, None)],
)
def test_how_often_each_network_is_updated_is_live(name: str, value: float, order: str | None) -> None:
    controls = Controls()
    updated: list[str] = []

    class Watched(PointGAN):
        def training_step(self, batches: Iterator[Batch]) -> Iterator[Update]:
            updated.append("")
            for update in super().training_step(batches):
                updated[-1] += "g" if update.networks is self.generator else "d"
                yield update

    trainer = trainer_of(gan(Watched), steps=30, report_every=1, controls=controls)
    for event in trainer.run():
        if isinstance(event, StepRecord) and event.step == 2:
            controls.post(Edit(f"architecture.{name}", value))
    assert updated[:2] == ["dg", "dg"]
    if order:
        assert set(updated[2:]) == {order}
    else:
        assert set(updated[2:]) == {"dg", "g"}


@pytest.mark.parametrize(
    "settings",
    [
        {"n_critic": 2, "n_generator": 2},
        {"label_smoothing": 0.1, "label_flipping": 0.2, "skip_when_winning": 0.7},
        {"instance_noise": 0.5, "instance_noise_steps": 3},
        {"minibatch": "standard deviation"},
        {"minibatch": "discrimination", "packing": 2},
        {"unrolled_steps": 2},
    ],
    ids=lambda settings: ", ".join(settings),
)
@pytest.mark.parametrize("precision", ["fp32", "bf16"])
def test_a_training_goes_through_with_it(settings, precision: str) -> None:
    trainer = trainer_of(gan(**settings), steps=6, report_every=2, precision=precision)
    records = only(run(trainer), StepRecord)
    assert [record.step for record in records] == [2, 4, 6]
    assert all(torch.isfinite(p).all() for p in trainer.architecture.parameters())
