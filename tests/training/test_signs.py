import math
from collections.abc import Iterator

import pytest
import torch

from ganstudio.api import Batch, Update
from ganstudio.api.events import Event, StepRecord, VectorRecord
from ganstudio.training.signs import unsound
from ganstudio_plugins.vae import MLPVAE
from tests.training.support import Numbers, gan, images, only, run, trainer_of

NETWORKS = ("generator", "discriminator")


@pytest.fixture(scope="module")
def events() -> list[Event]:
    return run(trainer_of(gan(), steps=12, report_every=2, preview_every=4))


class TestReports:
    def test_have_the_norm_of_each_networks_weights(self, events: list[Event]) -> None:
        for record in only(events, StepRecord):
            assert all(record.values[f"weight_norm/{name}"] > 0 for name in NETWORKS)

    def test_tell_how_far_samples_moved_between_two_previews_with_the_report_after(
        self, events: list[Event]
    ) -> None:
        moved = {r.step: r.values["movement/fixed"] for r in only(events, StepRecord) if _moved(r)}
        assert set(moved) == {10}
        assert 0 < moved[10] <= 1


class TestVectors:
    def test_come_with_previews_that_are_kept(self, events: list[Event]) -> None:
        assert [record.step for record in only(events, VectorRecord)] == [4, 8, 12]

    def test_have_norms_by_layer_and_the_logits_of_a_batch(self, events: list[Event]) -> None:
        record = only(events, VectorRecord)[0]
        assert set(record.values) == {
            *(f"layer_{kind}_norm/{name}" for kind in ("weight", "grad") for name in NETWORKS),
            *("logits/real", "logits/fake"),
        }
        assert len(record.values["logits/real"]) == 32

    def test_their_layers_make_the_norm_of_the_network(self, events: list[Event]) -> None:
        record = only(events, VectorRecord)[0]
        report = next(each for each in only(events, StepRecord) if each.step == record.step)
        for name in NETWORKS:
            whole = math.hypot(*record.values[f"layer_weight_norm/{name}"])
            assert whole == pytest.approx(report.values[f"weight_norm/{name}"], rel=1e-4)
            slope = math.hypot(*record.values[f"layer_grad_norm/{name}"])
            assert slope == pytest.approx(report.values[f"grad_norm/{name}"], rel=1e-4)

    def test_their_labels_are_told_once(self, events: list[Event]) -> None:
        first, *later = only(events, VectorRecord)
        assert len(first.labels["layer_grad_norm/generator"]) == len(
            first.values["layer_grad_norm/generator"]
        )
        assert all(record.labels == {} for record in later)

    def test_of_a_vae_have_the_kl_of_each_latent(self) -> None:
        vae = MLPVAE(MLPVAE.Settings(latent_dim=5, width=8))
        happened = run(trainer_of(vae, images(), steps=2, report_every=1, preview_every=2))
        (record,) = only(happened, VectorRecord)
        report = only(happened, StepRecord)[-1]
        assert sum(record.values["kl/latents"]) == pytest.approx(report.values["nats/kl"], rel=1e-4)
        assert len(record.values["kl/latents"]) == 5

    def test_are_the_last_of_a_step_that_was_reported(self) -> None:
        class Logging(Numbers):
            def training_step(self, batches: Iterator[Batch]) -> Iterator[Update]:
                next(batches)
                self.log_vector("mine/steps", torch.full((2000,), float(self.step)), ["a", "b"])
                yield Update(self.first, self.zero(self.first))

        happened = run(trainer_of(Logging(), steps=6, report_every=2, preview_every=3))
        first, second = only(happened, VectorRecord)
        # Steps are counted before they are made: those that are reported are the second, fourth and sixth.
        assert first.values["mine/steps"] == (1.0,) * 1024
        assert first.labels["mine/steps"] == ("a", "b")
        assert second.values["mine/steps"][0] == 5.0


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"loss/generator": 1.0, "mine/odd": math.nan}, ""),
        ({"loss/generator": math.inf}, "The loss of the generator update is not a finite number"),
        ({"weight_norm/generator": math.inf}, "The weights of the generator are not finite numbers"),
    ],
    ids=["sound", "loss", "weights"],
)
def test_a_report_says_whether_training_can_go_on(values: dict[str, float], reason: str) -> None:
    assert unsound(values) == reason


def _moved(record: StepRecord) -> bool:
    return "movement/fixed" in record.values
