"""What judges, made for a data set: here the feature extractors that a training's own loss compares by."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from ganstudio import launch
from ganstudio.api import ImageSpec, LoadedData, PairedSpec, UnpairedSpec
from ganstudio.api.events import Finished, StepRecord
from ganstudio.api.folders import caches_folder
from ganstudio.experiment import Choice, Experiment, ExperimentError
from ganstudio.judging import lender_of
from ganstudio.launch import Request
from ganstudio.registry import Registry
from ganstudio.training.controls import Controls
from ganstudio_plugins import studio_extractor
from ganstudio_plugins.studio_extractor import StudioExtractor


@pytest.fixture(scope="module")
def registry() -> Registry:
    return Registry.load()


@pytest.fixture
def photographs(tmp_path: Path) -> Path:
    folder = tmp_path / "photographs"
    folder.mkdir()
    chance = np.random.default_rng(0)
    for index in range(3):
        pixels = chance.integers(0, 256, (40, 40, 3), dtype=np.uint8)
        Image.fromarray(pixels).save(folder / f"{index}.png")
    return folder


def enlarging(folder: Path, **architecture: Any) -> Experiment:
    """Super-resolution whose discriminator joins after the first of three steps."""
    small = {"width": 4, "blocks": 1, "discriminator_width": 4, "discriminator_layers": 1, "pixel_steps": 1}
    return Experiment(
        Choice("SuperResolutionFolder", {"folder": str(folder), "patch": 24, "scale": 2, "patches": 16}),
        Choice("SRGAN", {**small, **architecture}),
        training={"steps": 3, "batch_size": 4, "report_every": 1, "preview_count": 4, "keep_best": "none"},
    )


def test_a_training_compares_by_the_extractor_that_is_chosen_and_keeps_what_it_learned(
    registry: Registry, photographs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(studio_extractor, "_IMAGE_STEPS", 3)
    found = {}
    for name in ("studio", "random"):
        request = Request(enlarging(photographs, features=name))
        prepared = launch.prepare(request, registry, Controls(), lambda what, share: None)
        events = list(launch.train(prepared))
        assert isinstance(events[-1], Finished)
        curves = [event.values for event in events if isinstance(event, StepRecord)]
        # Nothing is compared, or made ready, before the discriminator joins.
        assert [("distance/features" in values) for values in curves] == [False, True, True]
        found[name] = curves[1]["distance/features"]
    assert found["studio"] != pytest.approx(found["random"], rel=0.05)
    kept = [folder.name.partition("-")[0] for folder in (caches_folder() / "extractors").iterdir()]
    assert kept == ["StudioExtractor"]


def test_an_extractor_is_ready_once_and_for_what_is_made(
    registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[LoadedData] = []
    monkeypatch.setattr(StudioExtractor, "prepare", lambda self, data, cache, report: asked.append(data))
    small, large = torch.zeros(4, 1, 8, 8, dtype=torch.uint8), torch.ones(4, 3, 16, 16, dtype=torch.uint8)
    first, second = ImageSpec(1, 8, 8), ImageSpec(3, 16, 16)
    for data in (
        LoadedData(PairedSpec(first, second), small, other=large),
        LoadedData(UnpairedSpec(first, second), small, other=large),
        LoadedData(second, large),
    ):
        lend = lender_of(registry, data)
        assert lend("studio") is lend("studio")
        taken = asked.pop()
        assert asked == []
        assert taken.spec == second
        assert taken.values is large


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("studoi", "architecture.features: there is no 'studoi' here; did you mean studio?"),
        (
            "VGG19",
            "architecture.features: VGG19 needs its weights, which nothing fetches by itself: put vgg19",
        ),
    ],
)
def test_an_extractor_that_cannot_be_had_is_told_before_there_is_a_run(
    registry: Registry, photographs: Path, monkeypatch: pytest.MonkeyPatch, name: str, sentence: str
) -> None:
    monkeypatch.setattr(torch.hub, "_hub_dir", str(photographs / "hub"))
    request = Request(enlarging(photographs, features=name))
    with pytest.raises(ExperimentError) as refused:
        launch.prepare(request, registry, Controls(), lambda what, share: None)
    (problem,) = refused.value.problems
    assert problem.path == "architecture.features"
    assert problem.sentence.startswith(sentence)


def test_the_form_offers_the_extractors_that_a_loss_can_use(registry: Registry) -> None:
    (entry,) = [entry for entry in registry.catalogue().architectures if entry.kind == "SRGAN"]
    (features,) = [spec for spec in entry.fields if spec.name == "features"]
    assert features.kind == "choice"
    assert features.choices == ("studio", "Inception", "VGG19", "random")
    assert features.suits("random")
    assert not features.suits("studoi")
