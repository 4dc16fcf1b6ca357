import copy
from collections.abc import Iterator, Mapping
from itertools import pairwise

import pytest
import torch
from torch import Tensor, nn
from torch.nn.functional import softplus

from ganstudio.api import Architecture, Batch, LoadedData, PointSpec, StudioError, Update
from ganstudio.api.events import (
    CheckpointReady,
    Finished,
    Preparing,
    PreviewReady,
    ScoreRecord,
    Started,
    StepRecord,
    VectorRecord,
)
from ganstudio.training.device import seed_everything
from ganstudio.training.feed import Feed
from ganstudio_plugins.conv_gan import ConvGAN
from ganstudio_plugins.losses import Hinge, RelativisticPairing, Wasserstein
from ganstudio_plugins.mlp_gan import MLPGAN
from ganstudio_plugins.point_gans import PointGAN
from ganstudio_plugins.regularizers import R1, R2, GradientPenalty, WeightClipping
from tests.training.support import (
    Numbers,
    copies,
    gan,
    images,
    only,
    ring,
    run,
    same,
    trained,
    trainer_of,
)


class TestEvents:
    def test_come_in_the_order_of_the_story(self) -> None:
        events = run(trainer_of(gan(), steps=4, report_every=2, preview_every=2))
        kinds = [type(event) for event in events]
        assert kinds == [
            *(Preparing, Preparing, Started, PreviewReady, PreviewReady),
            *(StepRecord, VectorRecord, PreviewReady, StepRecord, VectorRecord, PreviewReady),
            *(CheckpointReady, Finished),
        ]
        assert [event.step for event in events] == [0, 0, 1, 1, 1, 2, 2, 2, 4, 4, 4, 4, 4]

    def test_started_tells_the_sizes_of_the_networks_and_the_notes_of_the_data(self) -> None:
        data = ring()
        data.notes.append("Two points were left out.")
        started = only(run(trainer_of(gan(layers=1, width=4), data)), Started)[0]
        assert started.networks == {"generator": 2 * 4 + 4 + 4 * 2 + 2, "discriminator": 2 * 4 + 4 + 4 + 1}
        assert started.notes == ("Two points were left out.",)
        assert started.device == "cpu"
        assert started.total_steps == 6

    @pytest.mark.parametrize(
        ("conditioning", "classes"),
        [("concatenated", ("left", "right")), ("none", ())],
        ids=["asked for", "none"],
    )
    def test_started_names_the_classes_that_samples_are_made_of(
        self, conditioning: str, classes: tuple[str, ...]
    ) -> None:
        points = LoadedData(PointSpec(classes=("left", "right")), torch.randn(64, 2), torch.arange(64) % 2)
        trainer = trainer_of(gan(conditioning=conditioning), points, steps=1)
        assert only(run(trainer), Started)[0].classes == classes

    def test_real_samples_are_shown_once_and_none_of_the_first_previews_is_kept(self) -> None:
        previews = only(run(trainer_of(gan(), steps=2, preview_every=100)), PreviewReady)
        assert [(p.source, p.kept) for p in previews] == [("real", False), ("fixed", False), ("fixed", True)]
        assert previews[0].kind == "points"
        assert previews[0].array.shape == (1000, 2)

    @pytest.mark.parametrize(
        ("steps", "kept"), [(4, [2, 4]), (5, [2, 4, 5])], ids=["ends on a preview", "ends between two"]
    )
    def test_the_last_weights_are_previewed_once(self, steps: int, kept: list[int]) -> None:
        events = run(trainer_of(gan(), steps=steps, preview_every=2))
        assert [p.step for p in only(events, PreviewReady) if p.kept] == kept

    def test_images_are_previewed_as_bytes(self) -> None:
        previews = only(run(trainer_of(gan(MLPGAN), images(channels=3), steps=1)), PreviewReady)
        for preview in previews:
            assert preview.kind == "images"
            assert preview.array.shape == (4, 8, 8, 3)
            assert preview.array.dtype == "uint8"

    def test_what_was_finished_is_told_with_reason_and_time(self) -> None:
        finished = only(run(trainer_of(gan())), Finished)[0]
        assert (finished.step, finished.reason) == (6, "done")
        assert finished.seconds > 0

    def test_scores_are_those_of_the_averaged_weights(self) -> None:
        seen: list[list[Tensor]] = []

        def observer(architecture: Architecture) -> Mapping[str, float]:
            assert not architecture.training
            assert not torch.is_grad_enabled()
            seen.append(copies(architecture.networks()["generator"]))
            return {"score/mine": 7.0}

        trainer = trainer_of(gan(), steps=4, preview_every=4)
        trainer._observers = [observer]
        scores = only(run(trainer), ScoreRecord)
        assert [score.values for score in scores] == [{"score/mine": 7.0}]
        assert same(seen[0], copies(trainer.average.networks["generator"]))
        assert not same(seen[0], copies(trainer.architecture.networks()["generator"]))


class TestUpdates:
    @pytest.mark.parametrize("index", [0, 1], ids=["discriminator", "generator"])
    def test_move_the_named_network_alone(self, index: int) -> None:
        moved: list[tuple[bool, bool]] = []

        class Watched(PointGAN):
            def training_step(self, batches: Iterator[Batch]) -> Iterator[Update]:
                for update in super().training_step(batches):
                    before = copies(self.generator), copies(self.discriminator)
                    yield update
                    generator = not same(before[0], copies(self.generator))
                    moved.append((generator, not same(before[1], copies(self.discriminator))))

        trained(gan(Watched), steps=3)
        assert set(moved[index::2]) == {[(False, True), (True, False)][index]}

    def test_leave_no_gradients_on_the_other_network(self) -> None:
        class Watched(PointGAN):
            def training_step(self, batches: Iterator[Batch]) -> Iterator[Update]:
                updates = super().training_step(batches)
                yield next(updates)
                assert all(p.grad is None for p in self.generator.parameters())
                yield from updates

        trained(gan(Watched), steps=1)

    def test_of_several_networks_at_once_move_each_of_them(self) -> None:
        class Both(Numbers):
            def training_step(self, batches: Iterator[Batch]) -> Iterator[Update]:
                loss = self.first.weight.sum() + 2 * self.second.weight.sum()
                yield Update((self.first, self.second), loss)

        trainer = trainer_of(Both(), steps=1, report_every=1)
        events = iter(trainer.run())
        next(events), next(events)
        before = copies(trainer.architecture)
        values = only(list(events), StepRecord)[0].values
        assert not any(torch.equal(a, b) for a, b in zip(before, copies(trainer.architecture), strict=True))
        assert (values["grad_norm/first"], values["grad_norm/second"]) == (1.0, 2.0)

    def test_of_several_networks_are_named_after_all_of_them(self) -> None:
        class Both(Numbers):
            def training_step(self, batches: Iterator[Batch]) -> Iterator[Update]:
                yield Update((self.first, self.second), self.zero(self.first) + self.zero(self.second) + 1)

        record = only(run(trainer_of(Both(), steps=2, report_every=2)), StepRecord)[0]
        assert record.values["loss/first+second"] == 1.0

    @pytest.mark.parametrize("n_critic", [1, 3])
    def test_of_the_discriminator_come_n_critic_times_with_fresh_data(self, n_critic: int) -> None:
        updates: list[nn.Module] = []
        drawn: list[Tensor] = []

        class Counted(PointGAN):
            def training_step(self, batches: Iterator[Batch]) -> Iterator[Update]:
                def watched() -> Iterator[Batch]:
                    while True:
                        batch = next(batches)
                        drawn.append(batch.real)
                        yield batch

                for update in super().training_step(watched()):
                    updates.append(update.networks)
                    yield update

        trainer = trained(gan(Counted, n_critic=n_critic), steps=2)
        generator, discriminator = trainer.architecture.generator, trainer.architecture.discriminator
        assert updates == [*[discriminator] * n_critic, generator] * 2
        assert len(drawn) == 2 * n_critic
        assert not any(torch.equal(a, b) for a, b in pairwise(drawn))

    def test_do_what_a_plain_loop_does(self) -> None:
        """Ten steps of the engine end where ten steps written out by hand end."""
        engine = trained(gan(), steps=10)
        by_hand = gan()
        data = ring()
        seed_everything(0)
        by_hand.build(data.spec)
        feed = Feed(data, 32, 0, torch.device("cpu"))
        g, d = by_hand.generator, by_hand.discriminator
        rules = [torch.optim.Adam(n.parameters(), lr=1e-3, betas=(0.0, 0.99)) for n in (d, g)]
        for _step in range(10):
            real = next(feed).real
            fake = g(torch.randn(32, 2))
            rules[0].zero_grad()
            (softplus(-d(real)).mean() + softplus(d(fake.detach())).mean()).backward()
            rules[0].step()
            rules[1].zero_grad()
            softplus(-d(fake)).mean().backward()
            rules[1].step()
        for mine, theirs in zip(engine.architecture.parameters(), by_hand.parameters(), strict=True):
            torch.testing.assert_close(mine, theirs, rtol=1e-4, atol=1e-6)

    @pytest.mark.parametrize(
        ("made", "data"),
        [
            (lambda: gan(loss=RelativisticPairing(), regularizers=[R1(), R2()]), ring),
            (lambda: gan(loss=Wasserstein(), regularizers=[GradientPenalty()], n_critic=2), ring),
            (lambda: gan(loss=Wasserstein(), regularizers=[WeightClipping()]), ring),
            (lambda: gan(loss=Hinge(), spectral_norm=True), ring),
            (lambda: gan(MLPGAN, regularizers=[R1(R1.Settings(every=2))]), images),
            (lambda: gan(ConvGAN, width=4, spectral_norm=True), lambda: images(side=28)),
            (
                lambda: gan(ConvGAN, width=4, normalisation="none", regularizers=[R1()]),
                lambda: images(side=28),
            ),
        ],
        ids=["R1+R2", "WGAN-GP", "clipping", "hinge+SN", "MLP lazy R1", "conv SN batch norm", "conv R1"],
    )
    def test_work_with_what_the_plugins_offer(self, made, data) -> None:
        trainer = trainer_of(made(), data(), steps=4, report_every=2, batch_size=8)
        records = only(run(trainer), StepRecord)
        expected = {"loss/generator", "loss/discriminator", "grad_norm/generator", "logits/real"}
        assert expected <= set(records[-1].values)
        assert all(torch.isfinite(p).all() for p in trainer.architecture.parameters())

    def test_clip_weights_after_each_update_of_the_discriminator(self) -> None:
        clipping = WeightClipping(WeightClipping.Settings(limit=0.01))
        trainer = trained(gan(regularizers=[clipping]), steps=3)
        networks = trainer.architecture.networks()
        assert max(float(p.detach().abs().max()) for p in networks["discriminator"].parameters()) <= 0.01
        assert max(float(p.detach().abs().max()) for p in networks["generator"].parameters()) > 0.01

    def test_run_in_bf16(self) -> None:
        trainer = trainer_of(gan(regularizers=[R1()]), precision="bf16", steps=4, report_every=2)
        seen: list[torch.dtype] = []
        build = trainer.architecture.build

        def watched(data) -> None:
            build(data)
            hook = lambda module, inputs, output: seen.append(output.dtype)  # noqa: E731
            trainer.architecture.discriminator[0].register_forward_hook(hook)

        trainer.architecture.build = watched
        records = only(run(trainer), StepRecord)
        assert set(seen) == {torch.bfloat16}
        assert {p.dtype for p in trainer.architecture.parameters()} == {torch.float32}
        assert "penalty/R1" in records[-1].values


class TestRefusedSteps:
    @pytest.mark.parametrize(
        ("loss", "sentence"),
        [
            (lambda self: torch.tensor(1.0), "does not depend on its weights"),
            (lambda self: self.zero(self.second), "does not depend on its weights"),
            (lambda self: self.first(torch.ones(3, 1)), "one number"),
            (lambda self: 1.0, "one number"),
        ],
        ids=["constant", "of another network", "not a scalar", "not a tensor"],
    )
    @pytest.mark.parametrize("report_every", [1, 10], ids=["reported", "not reported"])
    def test_for_a_loss_that_cannot_move_the_network(self, loss, sentence: str, report_every: int) -> None:
        class Wrong(Numbers):
            def training_step(self, batches: Iterator[Batch]) -> Iterator[Update]:
                yield Update(self.first, loss(self))

        with pytest.raises(StudioError, match=f"^The update of first .*{sentence}"):
            run(trainer_of(Wrong(), report_every=report_every))

    def test_for_a_module_that_is_no_network(self) -> None:
        class Wrong(Numbers):
            def training_step(self, batches: Iterator[Batch]) -> Iterator[Update]:
                yield Update(copy.deepcopy(self.first), self.zero(self.first))

        with pytest.raises(StudioError, match=r"^Wrong\.training_step updates a module .*first, second"):
            run(trainer_of(Wrong()))

    def test_for_something_that_is_no_update(self) -> None:
        class Wrong(Numbers):
            def training_step(self, batches: Iterator[Batch]) -> Iterator[Update]:
                yield self.zero(self.first)

        with pytest.raises(StudioError, match=r"^Wrong\.training_step yields a Tensor; .*Update"):
            run(trainer_of(Wrong()))

    def test_for_an_architecture_that_makes_no_network(self) -> None:
        class Empty(Numbers):
            def build(self, data) -> None:
                pass

        with pytest.raises(StudioError, match=r"^Empty\.build made no network"):
            run(trainer_of(Empty()))


class TestReports:
    def test_are_means_over_the_steps_since_the_one_before(self) -> None:
        records = only(run(trainer_of(Numbers(), steps=7, report_every=3)), StepRecord)
        # The loss of a step is its number: 0 1 2 | 3 4 5 | 6.
        assert [(r.step, r.values["loss/first"]) for r in records] == [(3, 1.0), (6, 4.0)]
        assert [r.images_seen for r in records] == [3 * 32, 6 * 32]

    def test_hold_what_was_logged_at_the_step_of_the_report(self) -> None:
        class Logging(Numbers):
            def training_step(self, batches: Iterator[Batch]) -> Iterator[Update]:
                assert self.recording == (self.step % 2 == 1)
                self.log("mine/step", torch.tensor([self.step, self.step + 2.0]))
                yield Update(self.first, self.zero(self.first))

        records = only(run(trainer_of(Logging(), steps=4, report_every=2)), StepRecord)
        assert [r.values["mine/step"] for r in records] == [2.0, 4.0]

    def test_tell_the_length_of_the_gradient(self) -> None:
        class Steep(Numbers):
            def training_step(self, batches: Iterator[Batch]) -> Iterator[Update]:
                yield Update(self.first, -3 * self.first.weight.sum())

        record = only(run(trainer_of(Steep(), steps=2, report_every=2)), StepRecord)[0]
        assert record.values["grad_norm/first"] == pytest.approx(3.0)

    def test_leave_out_a_logged_figure_that_is_not_finite(self) -> None:
        class Odd(Numbers):
            def training_step(self, batches: Iterator[Batch]) -> Iterator[Update]:
                self.log("mine/odd", torch.tensor(float("nan")))
                self.log("mine/even", torch.tensor(2.0))
                yield Update(self.first, self.zero(self.first))

        record = only(run(trainer_of(Odd(), steps=2, report_every=2)), StepRecord)[0]
        norms = {"grad_norm/first", "weight_norm/first", "weight_norm/second"}
        assert set(record.values) == {"loss/first", "mine/even", *norms}

    def test_time_does_not_run_backwards_and_leaves_the_first_step_out(self) -> None:
        records = only(run(trainer_of(gan(), steps=9, report_every=3)), StepRecord)
        seconds = [record.seconds for record in records]
        assert seconds == sorted(seconds)
        assert seconds[0] > 0


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("constant", [1.0, 1.0, 1.0, 1.0]),
        ("linear", [1.0, 0.75, 0.5, 0.25]),
        ("cosine", [1.0, 0.853553, 0.5, 0.146447]),
    ],
)
def test_learning_rates_follow_the_schedule(name: str, expected: list[float]) -> None:
    rates: list[float] = []

    class Watched(Numbers):
        def training_step(self, batches: Iterator[Batch]) -> Iterator[Update]:
            yield Update(self.first, self.zero(self.first))
            rates.append(trainer.optimizers["first"].rule.param_groups[0]["lr"])

    trainer = trainer_of(Watched(), steps=4, schedule=name)
    run(trainer)
    assert rates == pytest.approx([2e-4 * factor for factor in expected], rel=1e-5)


def test_an_architecture_without_ema_previews_its_own_weights() -> None:
    trainer = trained(Numbers(), steps=2)
    assert trainer.average.networks == {}
    assert trainer.state().averages == {}


def test_data_smaller_than_a_batch_is_trained_on() -> None:
    spec = ring().spec
    few = LoadedData(spec, torch.rand(5, 2))
    assert only(run(trainer_of(gan(), few)), Finished)[0].reason == "done"
