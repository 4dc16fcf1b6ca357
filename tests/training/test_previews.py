from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from ganstudio.api import Fixed, ImageSpec, LoadedData, PointSpec, Preview
from ganstudio.api.events import PreviewReady
from ganstudio.runs.folder import RunFolder
from ganstudio.runs.recorder import Recorder
from ganstudio.training.feed import Feed
from ganstudio.training.previews import fixed_inputs, named, real_samples, to_array, to_uint8
from ganstudio_plugins.mlp_gan import MLPGAN
from ganstudio_plugins.point_gans import PointGAN
from tests import experiments
from tests.training.support import Numbers, gan, images, only, ring, run, trainer_of

CPU = torch.device("cpu")


def test_minus_one_to_one_becomes_the_bytes_it_came_from() -> None:
    values = torch.arange(256, dtype=torch.uint8).view(1, 1, 16, 16)
    shown = to_uint8(values.float() * (2 / 255) - 1)
    assert shown.shape == (1, 16, 16, 1)
    assert (shown.ravel() == np.arange(256)).all()


def test_what_lies_outside_is_clipped_and_what_is_no_number_is_black() -> None:
    odd = torch.tensor([-3.0, 3.0, float("nan"), float("inf"), -float("inf")]).view(1, 1, 1, 5)
    assert to_uint8(odd).ravel().tolist() == [0, 255, 0, 255, 0]


def test_an_array_is_apart_from_the_tensor() -> None:
    points = torch.rand(5, 2)
    kind, array = to_array(points)
    points.zero_()
    assert kind == "points"
    assert array.dtype == np.float32
    assert array.all()
    assert to_array(torch.zeros(2, 3, 4, 4))[1].flags["C_CONTIGUOUS"]


def test_fixed_inputs_depend_on_the_seed_alone_and_spend_no_randomness() -> None:
    data, architecture = images(), gan(MLPGAN)
    feed = Feed(data, 8, 0, CPU)
    before = torch.get_rng_state()
    first, second = (fixed_inputs(architecture, data, feed, 6, seed=1) for _ in range(2))
    assert torch.equal(before, torch.get_rng_state())
    assert torch.equal(first.latents, second.latents)
    assert torch.equal(first.real, second.real)
    assert first.latents.shape == (6, 100)
    assert first.real.shape == (6, 1, 8, 8)
    other = fixed_inputs(architecture, data, feed, 6, seed=2)
    assert not torch.equal(first.latents, other.latents)


def test_of_points_many_are_shown_and_no_more_than_there_are() -> None:
    data = ring(1500)
    fixed = fixed_inputs(gan(), data, Feed(data, 8, 0, CPU), 64, seed=0)
    assert len(fixed.latents) == len(fixed.real) == 1000
    few = images(count=3)
    assert len(fixed_inputs(gan(MLPGAN), few, Feed(few, 2, 0, CPU), 64, seed=0).real) == 3


# --- Several kinds of previews ---------------------------------------------------------------------


class Twofold(MLPGAN):
    """Shows what it makes, and the real samples it is shown, by names of their own."""

    def preview(self, fixed: Fixed) -> Mapping[str, Preview]:
        return {"samples": super().preview(fixed), "Real ones": Preview(fixed.real[:2], columns=2)}


def test_a_single_preview_is_called_fixed() -> None:
    preview = Preview(torch.zeros(1, 2))
    assert named(preview) == {"fixed": preview}
    assert named({"a": preview}) == {"a": preview}


def test_each_kind_of_preview_is_told_by_name_the_first_as_the_one_to_begin_with() -> None:
    shown = only(run(trainer_of(gan(Twofold), images(), steps=4, preview_every=2)), PreviewReady)
    assert [(p.step, p.source, p.first, p.columns, p.kept) for p in shown] == [
        (1, "real", True, 0, False),
        (1, "samples", True, 0, False),
        (1, "Real ones", False, 2, False),
        (2, "samples", True, 0, True),
        (2, "Real ones", False, 2, True),
        (4, "samples", True, 0, True),
        (4, "Real ones", False, 2, True),
    ]
    assert [len(p.array) for p in shown if p.step == 4] == [4, 2]
    assert (shown[-1].array == shown[0].array[:2]).all()


def test_kept_ones_are_written_by_name_and_the_main_ones_listed(tmp_path: Path) -> None:
    with RunFolder.create_at(tmp_path / "run", experiments.digits(), {}) as folder:
        recorder = Recorder(folder)
        for event in trainer_of(gan(Twofold), images(), steps=3, preview_every=2).run():
            if isinstance(event, PreviewReady):
                recorder.record(event)
        found = sorted(path.name for path in (folder.path / "samples").glob("*"))
        assert found == [
            *("000000002-real-ones.png", "000000002.png"),
            *("000000003-real-ones.png", "000000003.png"),
            "real.png",
        ]
        assert [path.name for path in folder.samples()] == ["000000002.png", "000000003.png"]


class OldNumbers(Numbers):
    def generate(self, latents: Tensor) -> Tensor:
        return super().generate(latents) * 0 + 7


class OldGAN(PointGAN):
    def generate(self, latents: Tensor) -> Tensor:
        return super().generate(latents) * 0 + 7


@pytest.mark.parametrize("make", [OldNumbers, lambda: gan(OldGAN)], ids=["architecture", "GAN"])
def test_an_architecture_whose_generate_takes_no_labels_still_works(make) -> None:
    shown = only(run(trainer_of(make(), ring(), steps=2)), PreviewReady)
    assert shown[-1].source == "fixed"
    assert shown[-1].array.shape == (1000, 2)
    assert (shown[-1].array == 7).all()


# --- Classes ---------------------------------------------------------------------------------------

NAMES = ("a", "b", "c")


def labelled() -> LoadedData:
    data = images(count=30)
    return LoadedData(ImageSpec(1, 8, 8, NAMES), data.values, torch.arange(30) % 3)


@pytest.mark.parametrize("form", ["none", "concatenated", "embedded", "projection", "auxiliary"])
def test_previews_of_a_conditional_run_have_every_class_in_turn(form: str) -> None:
    trainer = trainer_of(gan(MLPGAN, conditioning=form), labelled(), steps=2, preview_count=7, batch_size=6)
    shown = [p for p in only(run(trainer), PreviewReady) if p.source == "fixed"]
    labels = trainer._looking._fixed.labels
    if form == "none":
        assert labels is None
        assert {p.columns for p in shown} == {0}
        return
    assert labels is not None
    assert labels.tolist() == [0, 1, 2, 0, 1, 2, 0]
    assert {p.columns for p in shown} == {3}
    with trainer._looking._on_averages() as architecture, torch.no_grad():
        expected = to_uint8(architecture.generate(trainer._looking._fixed.latents, labels))
        other = to_uint8(architecture.generate(trainer._looking._fixed.latents, (labels + 1) % 3))
    assert (shown[-1].array == expected).all()
    assert (shown[-1].array != other).any()


def test_points_of_labelled_data_are_previewed_by_class() -> None:
    data = LoadedData(PointSpec(2, classes=NAMES), torch.randn(60, 2), torch.arange(60) % 3)
    trainer = trainer_of(gan(conditioning="concatenated"), data, steps=1)
    run(trainer)
    assert trainer._looking._fixed.labels is not None
    assert trainer._looking._fixed.labels.bincount().tolist() == [334, 333, 333]


def test_real_samples_of_two_kinds_stand_beside_each_other() -> None:
    first, second = torch.zeros(8, 1, 4, 4), torch.ones(6, 3, 8, 8)
    shown = real_samples(Fixed(None, first, None, second), ("ink", "paint"))
    assert shown.captions[:2] == ("ink", "paint")
    assert shown.columns % 2 == 0
    rows = shown.values.view(3, 2, 3, 8, 8)
    assert (rows[:, 0] == 0).all()
    assert (rows[:, 1] == 1).all()


def test_real_samples_of_one_kind_stand_as_they_do() -> None:
    images = torch.rand(5, 1, 4, 4)
    shown = real_samples(Fixed(None, images), ())
    assert torch.equal(shown.values, images)
    assert (shown.columns, shown.captions) == (0, ())
