from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result
from PIL import Image

from ganstudio.api import InputError
from ganstudio.commands.film import film
from ganstudio.experiment import Choice, Experiment
from ganstudio.runs.folder import RunFolder


@pytest.fixture
def path(tmp_path: Path) -> Path:
    with RunFolder.create_at(tmp_path / "run", Experiment(Choice("Ring"), Choice("PointGAN")), {}) as run:
        for step in range(10, 60, 10):
            run.write_sample(step, np.full((4, 8, 6, 1), step, np.uint8))
            run.write_sample(step, np.full((2, 8, 6, 1), step, np.uint8), "pairs")
        return run.path


def made(path: Path, *options: str) -> Result:
    return CliRunner().invoke(film, [str(path), *options], catch_exceptions=False)


def test_a_film_goes_into_the_run_by_itself(path: Path) -> None:
    said = made(path).output
    out = path / "exports" / "film.gif"
    assert said.startswith(f"{out}: 5 frames, ")
    with Image.open(out) as image:
        assert image.n_frames == 5


def test_every_option_is_heeded(path: Path, tmp_path: Path) -> None:
    out = tmp_path / "film.webp"
    said = made(path, "--out", str(out), "--from", "20", "--to", "50", "--every", "2", "--fps", "5").output
    assert "2 frames" in said
    with Image.open(out) as image:
        image.load()
        assert (image.n_frames, image.info["duration"]) == (2, 200)
    said = made(
        path, "--out", str(out), "--kind", "pairs", "--no-caption", "--scale", "1", "--frames", "3"
    ).output
    assert "3 frames, 13 × 8 pixels" in said


def test_a_strip_is_laid_out_in_columns(path: Path, tmp_path: Path) -> None:
    out = tmp_path / "strip.png"
    said = made(path, "--out", str(out), "--columns", "2", "--no-caption", "--scale", "1").output
    assert said.endswith(f"5 frames, {2 * 13 + 12} × {3 * 17 + 24} pixels\n")


def test_previews_that_are_left_out_are_named(path: Path) -> None:
    (path / "samples" / "000000030.png").write_bytes(b"")
    result = made(path)
    assert "4 frames" in result.output
    assert "Left out:" in result.stderr
    assert "000000030.png cannot be shown" in result.stderr


def test_an_ending_that_tells_nothing_is_refused_before_the_run_is_read(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="says its format"):
        made(tmp_path / "no run", "--out", "film.mov")
