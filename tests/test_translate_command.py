"""``ganstudio translate``: what it writes, and what it says."""

from pathlib import Path

import pytest

from ganstudio import places
from tests.commands import ganstudio
from tests.translated import CYCLEGAN, make_run, picture


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_run(tmp_path_factory.mktemp("runs") / "domains")


def test_each_file_written_is_a_line_and_what_was_converted_goes_to_stderr(run: Path, tmp_path: Path) -> None:
    files = [picture(tmp_path / name, 32, 16) for name in ("a.png", "b.jpg")]
    result = ganstudio("translate", run, *files, "--to", "A")
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [str(tmp_path / "a.to-A.png"), str(tmp_path / "b.to-A.png")]
    assert result.stderr.splitlines() == [f"{file}: Made grey." for file in files]


def test_a_folder_goes_into_another_at_its_own_size(run: Path, tmp_path: Path) -> None:
    picture(tmp_path / "in" / "a.png", 20, 24)
    result = ganstudio("translate", run, tmp_path / "in", "--out", tmp_path / "out", "--size", "own")
    assert result.stdout.splitlines() == [str(tmp_path / "out" / "a.to-B.png")]


def test_a_run_is_found_by_its_name_in_the_library(tmp_path: Path) -> None:
    make_run(places.runs() / "mine", CYCLEGAN, 1)
    assert ganstudio("translate", "mine", picture(tmp_path / "a.png")).exit_code == 0


def test_a_file_that_is_no_image_does_not_keep_the_others(run: Path, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("no image")
    result = ganstudio("translate", run, tmp_path / "a.txt", picture(tmp_path / "b.png"))
    assert result.exit_code == 1
    assert result.stdout.splitlines() == [str(tmp_path / "b.to-B.png")]
    assert "a.txt is no image" in result.stderr
    assert result.stderr.endswith("1 of 2 images were not translated.\n")


@pytest.mark.allow_log_warnings
@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["nowhere", "{image}"], "There is no run nowhere"),
        (["{run}", "gone.png"], "There is no file gone.png."),
        (["{run}", "{image}", "--to", "zebra"], "does not translate to 'zebra'"),
        (["{run}", "{image}", "--step", "7"], "has no checkpoint of step 7; there is 4."),
    ],
    ids=["no run", "no file", "no domain", "no step"],
)
def test_refuses_in_a_sentence(run: Path, tmp_path: Path, arguments: list[str], sentence: str) -> None:
    image = picture(tmp_path / "a.png")
    result = ganstudio("translate", *(each.format(run=run, image=image) for each in arguments))
    assert result.exit_code == 2
    assert sentence in result.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["a.png"]
