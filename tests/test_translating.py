"""Images translated with the weights of real runs."""

import shutil
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import psutil
import pytest
import torch
from PIL import Image

from ganstudio import translating
from ganstudio.api import InputError, StudioError
from ganstudio.experiment import Choice, Experiment, ExperimentError
from ganstudio.registry import Registry
from ganstudio.runs.folder import RunFolder
from ganstudio.training.state import load_network_tensors
from ganstudio.translating import Stopped, Translator, save_beside, translates
from tests import experiments
from tests.commands import ganstudio
from tests.installing import InstallPlugin
from tests.translated import CYCLEGAN, PIX2PIX, SIDE, make_run, picture, pixels

FIXED = """
import torch
from torch import nn
from ganstudio.api import Architecture, DataSource, ImageSpec, LoadedData, PairedSpec, Update, hookimpl

class Pairs(DataSource):
    "Pairs of noise."
    gives = PairedSpec
    def load(self, report):
        values = torch.zeros(8, 1, 4, 6, dtype=torch.uint8)
        return LoadedData(PairedSpec(ImageSpec(1, 4, 6), ImageSpec(1, 4, 6)), values, other=values)

class Fixed(Architecture):
    "It takes images of one size alone."
    accepts = (PairedSpec,)
    def build(self, data):
        self.generator = nn.Linear(24, 24)
    def training_step(self, batches):
        given, wanted = next(batches).both
        yield Update(self.generator, (self.translate(given) - wanted).square().mean())
    def translate(self, images, to="target"):
        return self.generator(images.flatten(1)).view_as(images)
    def preview(self, fixed):
        from ganstudio.api import Preview
        return Preview(fixed.real)

@hookimpl
def ganstudio_architectures():
    return [Fixed]

@hookimpl
def ganstudio_data_sources():
    return [Pairs]
"""

Said = tuple[str, ...]
_WIDE = ("scaled from 64 × 48 to 21 × 16", "its edges reflected up to 24 × 16 meanwhile")


@pytest.fixture(scope="module")
def registry() -> Registry:
    return Registry.load()


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_run(tmp_path_factory.mktemp("runs") / "domains", CYCLEGAN, 2, 4)


@pytest.fixture(scope="module")
def translator(run: Path, registry: Registry) -> Translator:
    return Translator.open(run, registry)


@pytest.fixture
def lent(translator: Translator) -> Iterator[Translator]:
    """The translator, to be told to stop and to be given other limits."""
    kept, limits = translator.stop, dict(translator._limits)
    yield translator
    translator.stop, translator._limits = kept, limits


@pytest.fixture
def enlarging(tmp_path: Path, registry: Registry) -> Translator:
    for number in range(2):
        picture(tmp_path / "large" / f"{number}.png", 20, 20)
    data = {"folder": str(tmp_path / "large"), "patch": 16, "patches": 8}
    network = {"width": 4, "blocks": 1, "discriminator_width": 4}
    training = {"steps": 1, "batch_size": 2, "preview_count": 4}
    experiment = Experiment(
        Choice("SuperResolutionFolder", data), Choice("SRGAN", network), training=training
    )
    return Translator.open(make_run(tmp_path / "enlarging", experiment, 1), registry)


@pytest.mark.parametrize(("to", "network"), [("B", "generator_ab"), ("A", "generator_ba")])
def test_it_is_the_averaged_network_that_translates(
    translator: Translator, run: Path, registry: Registry, tmp_path: Path, to: str, network: str
) -> None:
    checkpoint, _ = RunFolder.open(run).latest_checkpoint()
    assert checkpoint is not None
    other = translating._built(RunFolder.open(run), checkpoint, registry)
    load_network_tensors(other.networks(), {**checkpoint.weights, **checkpoint.averages})
    path = picture(tmp_path / "a.png", mode="L")
    grey = np.array(Image.open(path))
    wanted = getattr(other, network)(torch.from_numpy(grey)[None, None].float() / 127.5 - 1)
    made = translator.translate(path, to).made[..., 0]
    assert np.abs(made - ((wanted[0, 0] + 1) * 127.5).numpy()).max() <= 0.51
    raw = checkpoint.weights[f"{network}.0.weight"]
    assert not torch.equal(raw, checkpoint.averages[f"{network}.0.weight"])


@pytest.mark.parametrize(
    ("wish", "to"), [("", "B"), ("b", "B"), ("A", "A"), ("Outlines", "B"), ("digits", "A")]
)
def test_a_direction_is_named_by_letter_or_domain(translator: Translator, wish: str, to: str) -> None:
    assert translator.direction(wish).to == to


def test_a_domain_that_is_not_there_is_told_with_those_that_are(translator: Translator) -> None:
    with pytest.raises(InputError, match=r"not translate to 'zebra'.*B \(outlines\) or A \(digits\)"):
        translator.direction("zebra")


@pytest.mark.parametrize(
    ("width", "height", "made", "said"),
    [
        (SIDE, SIDE, (16, 16, 1), ()),
        (64, 48, (16, 21, 1), _WIDE),
        (4, 8, (32, 16, 1), ("scaled from 4 × 8 to 16 × 32",)),
    ],
    ids=["as trained", "wide", "small and high"],
)
def test_other_sizes_are_scaled_and_it_is_said(
    translator: Translator, tmp_path: Path, width: int, height: int, made: tuple[int, ...], said: Said
) -> None:
    done = translator.translate(picture(tmp_path / "a.png", width, height, "L"))
    assert done.given.shape == done.made.shape == made
    wanted = ", ".join(said).capitalize()
    assert done.notes == ((f"{wanted}.",) if said else ())


@pytest.mark.parametrize(
    ("width", "height", "padded"),
    [(40, 24, None), (41, 23, "44 × 24"), (5, 1, "16 × 16"), (300, 17, "300 × 20")],
    ids=["whole", "odd", "tiny", "long"],
)
def test_an_image_keeps_its_own_size(
    translator: Translator, tmp_path: Path, width: int, height: int, padded: str | None
) -> None:
    path = picture(tmp_path / "a.png", width, height, "L")
    done = translator.translate(path, "B", "own")
    assert done.made.shape == (height, width, 1)
    assert np.array_equal(done.given[..., 0], np.array(Image.open(path)))
    wanted = (f"Its edges reflected up to {padded} meanwhile.",) if padded else ()
    assert done.notes == wanted


def test_the_middle_of_what_was_padded_is_what_comes_out(lent: Translator, tmp_path: Path) -> None:
    # A network that changes nothing gives back what it was given, wherever that was put.
    lent._architecture.translate = lambda images, to: images  # type: ignore[assignment]
    try:
        lent._limits = {"B": translating._Limits(8, 1.0)}
        done = lent.translate(picture(tmp_path / "a.png", 37, 29, "L"), "B", "own")
        assert np.array_equal(done.made, done.given)
    finally:
        del lent._architecture.translate


def test_what_sizes_a_network_takes_is_found_by_trying(translator: Translator) -> None:
    assert translator._limits_of(translator.direction("B")).multiple == 4


def test_pairs_are_translated_one_way_at_any_step(tmp_path: Path, registry: Registry) -> None:
    run = make_run(tmp_path / "pairs", PIX2PIX, 1, 2)
    made = [
        Translator.open(run, registry, step).translate(picture(tmp_path / "a.png")).made for step in (1, 2)
    ]
    assert not np.array_equal(made[0], made[1])
    opened = Translator.open(run, registry)
    assert (opened.step, len(opened.directions)) == (2, 1)
    with pytest.raises(InputError, match="does not translate to 'A'"):
        opened.direction("A")


def test_a_network_of_one_size_gets_the_middle(tmp_path: Path, install_plugin: InstallPlugin) -> None:
    install_plugin("fixed_size", FIXED)
    file = tmp_path / "fixed.toml"
    file.write_text(
        '[data]\nkind = "Pairs"\n[architecture]\nkind = "Fixed"\n[training]\nsteps = 1\nbatch_size = 2\n'
    )
    assert ganstudio("train", file, "--run-dir", tmp_path / "run", "--device", "cpu").exit_code == 0
    translator = Translator.open(tmp_path / "run", Registry.load())
    done = translator.translate(picture(tmp_path / "a.png", 12, 12, "L"), "B", "own")
    assert done.made.shape == (4, 6, 1)
    assert done.notes == (
        "It takes images of 6 × 4 alone.",
        "Scaled from 12 × 12 to 6 × 6, cut to its middle of 6 × 4.",
    )


# --- Beside a training -----------------------------------------------------------------------------


def test_the_random_numbers_of_the_process_are_left_alone(
    run: Path, registry: Registry, tmp_path: Path
) -> None:
    before = torch.get_rng_state()
    Translator.open(run, registry).translate(picture(tmp_path / "a.png", 20, 20))
    assert torch.equal(before, torch.get_rng_state())


def test_a_training_beside_it_makes_the_weights_it_makes_alone(
    run: Path, registry: Registry, tmp_path: Path
) -> None:
    ended, opened = threading.Event(), []

    def translate() -> None:
        while not ended.is_set():
            translator = Translator.open(run, registry)
            translator.translate(picture(tmp_path / "a.png", 20, 20))
            opened.append(translator)

    beside = threading.Thread(target=translate, name="beside")
    beside.start()
    try:
        while not opened:
            time.sleep(0.01)
        before = len(opened)
        busy = make_run(tmp_path / "busy", experiments.ring(), 150)
        assert len(opened) > before
    finally:
        ended.set()
        beside.join()
    alone = make_run(tmp_path / "alone", experiments.ring(), 150)
    weights = [next(each.rglob("weights.safetensors")).read_bytes() for each in (busy, alone)]
    assert weights[0] == weights[1]


def test_it_gives_up_within_a_layer(lent: Translator, tmp_path: Path) -> None:
    asked = []

    def stop() -> bool:
        asked.append(1)
        return len(asked) > 3

    lent.stop = stop
    with pytest.raises(Stopped):
        lent.translate(picture(tmp_path / "a.png"))
    assert len(asked) == 4
    lent.stop = lambda: False
    assert lent.translate(picture(tmp_path / "a.png")).made.shape == (16, 16, 1)


# --- What goes wrong -------------------------------------------------------------------------------


def test_an_image_too_large_for_the_memory_is_told_with_what_would_fit(
    translator: Translator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(psutil, "virtual_memory", lambda: SimpleNamespace(available=1_000_000))
    path = picture(tmp_path / "a.png", 400, 300, "L")
    with pytest.raises(InputError, match=r"400 × 300 pixels.*trained size.*Up to about \d+ × \d+ would fit"):
        translator.translate(path, "B", "own")
    assert translator.translate(path).made.shape == (16, 21, 1)


def test_a_model_that_enlarges_takes_an_image_in_tiles(
    enlarging: Translator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = picture(tmp_path / "a.png", 300, 20)
    widths: list[int] = []
    heard = enlarging._architecture.networks()["generator"].register_forward_pre_hook(
        lambda _network, given: widths.append(given[0].shape[3])
    )
    done = enlarging.translate(path)
    heard.remove()
    assert done.made.shape == (40, 600, 3)
    assert done.notes == ()
    assert len(widths) == 2
    small = enlarging.translate(picture(tmp_path / "b.png", 3, 2))
    assert (small.made.shape, small.notes) == ((4, 6, 3), ())
    monkeypatch.setattr(psutil, "virtual_memory", lambda: SimpleNamespace(available=100_000))
    with pytest.raises(InputError, match=r"300 × 20 pixels.*ganstudio upscale takes larger ones"):
        enlarging.translate(path)


def test_an_enlargement_is_given_up_within_a_layer(enlarging: Translator, tmp_path: Path) -> None:
    enlarging.stop = lambda: True
    with pytest.raises(Stopped):
        enlarging.translate(picture(tmp_path / "a.png"))


def test_memory_that_runs_out_all_the_same_is_a_sentence(lent: Translator, tmp_path: Path) -> None:
    def run_out(images: torch.Tensor, to: str) -> torch.Tensor:
        raise RuntimeError("DefaultCPUAllocator: not enough memory: you tried to allocate 9 bytes.")

    lent._limits = {"B": translating._Limits(4, 1.0)}
    lent._architecture.translate = run_out  # type: ignore[assignment]
    try:
        with pytest.raises(InputError, match="not enough memory to translate this image"):
            lent.translate(picture(tmp_path / "a.png"))
    finally:
        del lent._architecture.translate


def test_a_run_of_another_kind_is_refused(tmp_path: Path, registry: Registry) -> None:
    file = tmp_path / "ring.toml"
    file.write_text(experiments.ring(1).to_toml())
    assert ganstudio("train", file, "--run-dir", tmp_path / "run", "--device", "cpu").exit_code == 0
    with pytest.raises(InputError, match="which does not translate images"):
        Translator.open(tmp_path / "run", registry)
    assert [translates(registry, kind) for kind in ("PointGAN", "CycleGAN", "Gone")] == [False, True, False]


def test_a_plugin_that_is_missing_is_named(run: Path) -> None:
    with pytest.raises(ExperimentError, match="was made with plugins that are not installed"):
        Translator.open(run, Registry())


def test_a_folder_that_is_no_run_and_a_step_that_is_not_there_are_told(
    run: Path, registry: Registry, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match="is no run"):
        Translator.open(tmp_path, registry)
    with pytest.raises(InputError, match="has no checkpoint of step 99; there is 2, 4"):
        Translator.open(run, registry, 99)


def test_a_damaged_checkpoint_is_passed_over_or_told(run: Path, registry: Registry, tmp_path: Path) -> None:
    copy = shutil.copytree(run, tmp_path / "run")
    weights = copy / "checkpoints" / "000000004" / "averages.safetensors"
    weights.write_bytes(weights.read_bytes()[:-3])
    assert Translator.open(copy, registry).step == 2
    with pytest.raises(StudioError, match=r"averages.safetensors"):
        Translator.open(copy, registry, 4)


def test_weights_that_do_not_fit_their_plugin_are_told(run: Path, registry: Registry, tmp_path: Path) -> None:
    copy = shutil.copytree(run, tmp_path / "run")
    file = copy / "experiment.toml"
    file.write_text(file.read_text().replace("width = 4", "width = 6", 1))
    with pytest.raises(StudioError, match="do not fit CycleGAN"):
        Translator.open(copy, registry)


# --- Saving ----------------------------------------------------------------------------------------


def test_a_translation_lies_beside_its_original(translator: Translator, tmp_path: Path) -> None:
    path = picture(tmp_path / "my.photo.jpg")
    done = translator.translate(path)
    written = [save_beside(done, path), save_beside(done, path), save_beside(done, path, tmp_path / "out")]
    assert [each.relative_to(tmp_path).as_posix() for each in written] == [
        "my.photo.to-B.png",
        "my.photo.to-B-2.png",
        "out/my.photo.to-B.png",
    ]
    assert np.array_equal(np.array(Image.open(written[0])), done.made[..., 0])


def test_pixels_translate_as_their_file_does(translator: Translator, tmp_path: Path) -> None:
    pasted = np.dstack([pixels(20, 20), np.full((20, 20), 255, np.uint8)])
    file = translator.translate(picture(tmp_path / "a.png", 20, 20))
    assert np.array_equal(translator.translate(pasted).made, file.made)
