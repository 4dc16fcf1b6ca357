import json
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest
from PIL import Image, ImageCms

from ganstudio import launch
from ganstudio.api import InputError
from ganstudio.experiment import Choice, Experiment
from ganstudio.registry import Registry
from ganstudio.training.controls import Controls
from ganstudio.upscaling import Upscaled, upscale_files
from tests import experiments
from tests.commands import ganstudio


@pytest.fixture(scope="module")
def registry() -> Registry:
    return Registry.load()


def trained(experiment: Experiment, registry: Registry, place: Path) -> Path:
    request = launch.Request(experiment, "cpu", place)
    for _event in launch.train(launch.prepare(request, registry, Controls(), lambda what, share: None)):
        pass
    return place


@pytest.fixture(scope="module")
def images(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a few images to train on."""
    folder = tmp_path_factory.mktemp("images")
    for number in range(2):
        pixels = np.random.default_rng(number).integers(0, 256, (40, 50, 3), np.uint8)
        Image.fromarray(pixels).save(folder / f"{number}.png")
    return folder


def run_of(images: Path, registry: Registry, place: Path, colour: str) -> Path:
    data = {"folder": str(images), "patch": 16, "patches": 20, "colour": colour, "held_out": str(images)}
    network = {"width": 4, "blocks": 1, "discriminator_width": 4, "pixel_steps": 2}
    training = {"steps": 4, "batch_size": 4, "preview_every": 2, "keep_every": 2}
    experiment = Experiment(
        Choice("SuperResolutionFolder", data), Choice("SRGAN", network), training=training
    )
    return trained(experiment, registry, place)


@pytest.fixture(scope="module")
def colour(images: Path, registry: Registry, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return run_of(images, registry, tmp_path_factory.mktemp("runs") / "colour", "RGB")


@pytest.fixture(scope="module")
def grey(images: Path, registry: Registry, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return run_of(images, registry, tmp_path_factory.mktemp("runs") / "grey", "grey")


def one(run: Path, registry: Registry, file: Path, **options: Any) -> Upscaled:
    (found,) = upscale_files(run, registry, [file], **options)
    return found


def opened(path: Path | None) -> Image.Image:
    assert path is not None
    with Image.open(path) as image:
        image.load()
    return image


def noise(mode: str, size: tuple[int, int] = (23, 17)) -> Image.Image:
    channels = len(Image.new(mode, (1, 1)).getbands())
    pixels = np.random.default_rng(5).integers(0, 256, (size[1], size[0], channels), np.uint8)
    return Image.fromarray(pixels[..., 0] if channels == 1 else pixels, mode=None).convert(mode)


def nearly_bicubic(made: Image.Image, given: Image.Image) -> bool:
    """Say whether an image is what a hardly trained network makes of another."""
    wanted = given.resize(made.size, Image.Resampling.BICUBIC)
    return float(np.abs(np.asarray(made).astype(int) - np.asarray(wanted)).mean()) < 4


def test_a_run_is_scored_on_what_was_held_out(colour: Path) -> None:
    lines = (colour / "metrics.jsonl").read_text().splitlines()
    scores = [record["scores"] for record in map(json.loads, lines) if "scores" in record]
    assert len(scores) == 2
    assert 5 < scores[-1]["score/psnr"] < 60
    assert -1 <= scores[-1]["score/ssim"] <= 1


@pytest.mark.parametrize("mode", ["L", "RGB"])
@pytest.mark.parametrize("model", ["colour", "grey"])
def test_an_image_keeps_its_colours_whatever_the_model_knows(
    mode: str, model: str, request: pytest.FixtureRequest, registry: Registry, tmp_path: Path
) -> None:
    image = noise(mode)
    image.save(tmp_path / "a.png")
    done = one(request.getfixturevalue(model), registry, tmp_path / "a.png")
    made = opened(done.out)
    assert done.out == tmp_path / "a-x2.png"
    assert (made.mode, made.size) == (mode, (46, 34))
    assert nearly_bicubic(made, image)
    assert bool(done.notes) == ((mode, model) not in (("L", "grey"), ("RGB", "colour")))


@pytest.mark.parametrize("mode", ["LA", "RGBA"])
def test_transparency_is_enlarged_bicubically(
    mode: str, colour: Path, registry: Registry, tmp_path: Path
) -> None:
    image = noise("L" if mode == "LA" else "RGB")
    alpha = Image.linear_gradient("L").resize(image.size)
    image.putalpha(alpha)
    image.save(tmp_path / "a.png")
    made = opened(one(colour, registry, tmp_path / "a.png").out)
    assert made.mode == mode
    wanted = alpha.resize(made.size, Image.Resampling.BICUBIC)
    assert np.array_equal(np.asarray(made.getchannel("A")), np.asarray(wanted))


@pytest.mark.parametrize(
    ("make", "mode", "note"),
    [
        (lambda: noise("P"), "RGB", ""),
        (lambda: noise("L").convert("1"), "L", "enlarged as a colour image"),
        (lambda: noise("CMYK"), "RGB", "Brought from CMYK to RGB"),
        (
            lambda: Image.fromarray(np.asarray(noise("L")).astype(np.uint16) * 257),
            "L",
            "Brought from 16 bits to 8",
        ),
    ],
    ids=["palette", "bits", "CMYK", "16 bits"],
)
def test_other_kinds_of_images_are_converted_and_that_is_said(
    make: Any, mode: str, note: str, colour: Path, registry: Registry, tmp_path: Path
) -> None:
    make().save(tmp_path / "a.tif")
    done = one(colour, registry, tmp_path / "a.tif")
    assert opened(done.out).mode == mode
    assert note in " ".join(done.notes)


def test_an_image_is_turned_as_its_camera_says(colour: Path, registry: Registry, tmp_path: Path) -> None:
    image, exif = noise("RGB", (20, 10)), Image.Exif()
    exif[0x0112] = 6
    image.save(tmp_path / "a.jpg", exif=exif)
    done = one(colour, registry, tmp_path / "a.jpg")
    assert opened(done.out).size == (20, 40)
    assert done.notes == ("Turned upright.",)


def test_a_profile_is_kept_where_it_is_one_of_the_colours_that_are_written(
    colour: Path, registry: Registry, tmp_path: Path
) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    noise("RGB").save(tmp_path / "a.png", icc_profile=profile)
    noise("L").save(tmp_path / "b.png", icc_profile=profile)
    kept, wrong = (opened(one(colour, registry, tmp_path / name).out) for name in ("a.png", "b.png"))
    assert kept.info["icc_profile"] == profile
    assert "icc_profile" not in wrong.info


def test_nothing_is_overwritten(colour: Path, registry: Registry, tmp_path: Path) -> None:
    noise("RGB").save(tmp_path / "a.png")
    names = [one(colour, registry, tmp_path / "a.png", out=tmp_path / "out").out for _ in range(3)]
    assert [path.name for path in names if path] == ["a-x2.png", "a-x2-2.png", "a-x2-3.png"]
    assert len({path.read_bytes() for path in names if path}) == 1


@pytest.mark.parametrize("mode", ["L", "LA", "RGB", "RGBA"])
@pytest.mark.parametrize("model", ["colour", "grey"])
def test_what_is_made_in_tiles_is_what_is_made_at_once(
    mode: str, model: str, request: pytest.FixtureRequest, registry: Registry, tmp_path: Path
) -> None:
    noise(mode, (45, 70)).save(tmp_path / "a.png")
    run = request.getfixturevalue(model)
    whole, tiled = (
        np.asarray(opened(one(run, registry, tmp_path / "a.png", side=side).out)).astype(int)
        for side in (1000, 16)
    )
    # A shade of brightness may be rounded otherwise once in a while, and YCbCr makes two of it.
    assert np.abs(whole - tiled).max() <= 2
    assert (whole != tiled).mean() < 1e-3


def test_folders_stand_for_all_their_images_but_what_was_made_of_them(
    colour: Path, registry: Registry, tmp_path: Path
) -> None:
    folder, said = tmp_path / "folder", list[str]()
    (folder / "inside").mkdir(parents=True)
    for name in ("a.png", "inside/b.png", "icon-x2.png"):
        noise("RGB").save(folder / name)
    for turn in range(2):
        done = list(upscale_files(colour, registry, [folder], say=said.append))
        assert [str(one.source.relative_to(folder)) for one in done] == [
            "a.png",
            "icon-x2.png",
            "inside/b.png",
        ]
        assert len(said) == turn
    assert said == ["3 earlier enlargements are left out."]
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="There are no images"):
        list(upscale_files(colour, registry, [tmp_path / "empty"]))


def test_an_image_that_is_given_up_leaves_nothing_behind(
    colour: Path, registry: Registry, tmp_path: Path
) -> None:
    noise("RGB", (20, 60)).save(tmp_path / "a.png")

    def give_up(_source: Path, share: float) -> None:
        assert 0 < share < 1
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        one(colour, registry, tmp_path / "a.png", side=16, progress=give_up)
    assert [path.name for path in tmp_path.iterdir()] == ["a.png"]


def test_the_weights_of_a_step_can_be_asked_for(colour: Path, registry: Registry, tmp_path: Path) -> None:
    noise("RGB").save(tmp_path / "a.png")
    early, late = (one(colour, registry, tmp_path / "a.png", step=step).out for step in (2, 4))
    assert early is not None
    assert late is not None
    assert early.read_bytes() != late.read_bytes()
    with pytest.raises(InputError, match="no checkpoint of step 3"):
        one(colour, registry, tmp_path / "a.png", step=3)


def test_a_run_that_enlarges_nothing_is_refused(
    registry: Registry, tmp_path_factory: pytest.TempPathFactory
) -> None:
    run = trained(experiments.digits(), registry, tmp_path_factory.mktemp("runs") / "digits")
    with pytest.raises(InputError, match=r"does not enlarge images\. Choose a run of super-resolution"):
        list(upscale_files(run, registry, [Path("a.png")]))


@pytest.mark.parametrize(
    ("write", "words"),
    [
        (None, "There is no file "),
        (lambda path: path.write_bytes(b"text"), "is no image that can be read"),
        (lambda path: _half(path), "is damaged"),
        (lambda path: Image.fromarray(np.ones((4, 4), np.float32)).save(path, "TIFF"), "fractions"),
    ],
    ids=["missing", "text", "half", "fractions"],
)
def test_a_file_that_cannot_be_enlarged_is_told_and_the_others_are(
    write: Any, words: str, colour: Path, registry: Registry, tmp_path: Path
) -> None:
    good, bad = tmp_path / "good.png", tmp_path / "bad.png"
    noise("RGB").save(good)
    if write:
        write(bad)
    first, second = upscale_files(colour, registry, [bad, good])
    assert first.out is None
    assert words in first.problem
    assert second.out is not None


def _half(path: Path) -> None:
    noise("RGB", (90, 90)).save(path)
    path.write_bytes(path.read_bytes()[:8000])


def test_an_image_that_memory_cannot_hold_is_refused_before_it_is_read(
    colour: Path, registry: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    noise("RGB", (200, 100)).save(tmp_path / "a.png")
    real = psutil.virtual_memory()
    monkeypatch.setattr(psutil, "virtual_memory", lambda: real._replace(available=500_000))
    done = one(colour, registry, tmp_path / "a.png")
    assert done.out is None
    assert "200 × 100 pixels; enlarging it takes" in done.problem
    assert "Cut it into parts" in done.problem


# --- The command -----------------------------------------------------------------------------------


def test_the_command_names_each_file_it_wrote(colour: Path, tmp_path: Path) -> None:
    noise("RGB").save(tmp_path / "in.png")
    (tmp_path / "folder").mkdir()
    noise("L").save(tmp_path / "folder" / "b.png")
    (tmp_path / "folder" / "notes.txt").write_text("no image")
    result = ganstudio(
        "upscale", colour, tmp_path / "in.png", tmp_path / "folder", "--out", tmp_path / "out", "--tile", "16"
    )
    assert result.exit_code == 0
    written = [str(tmp_path / "out" / name) for name in ("in-x2.png", "b-x2.png")]
    assert result.stdout.splitlines() == written
    assert "It is grey, and was enlarged as a colour image." in result.stderr


def test_the_command_fails_at_the_end_when_a_file_could_not_be_enlarged(colour: Path, tmp_path: Path) -> None:
    noise("RGB").save(tmp_path / "in.png")
    result = ganstudio("upscale", colour, tmp_path / "none.png", tmp_path / "in.png")
    assert result.exit_code == 1
    assert result.stderr.count("none.png") == 1
    assert "There is no file" in result.stderr
    assert "1 image was not enlarged." in result.stderr
    assert (tmp_path / "in-x2.png").exists()
