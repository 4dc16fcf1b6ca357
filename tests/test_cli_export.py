"""``ganstudio export``: what it writes, and what it says."""

from pathlib import Path

import pytest

from tests import experiments
from tests.commands import ganstudio


@pytest.fixture
def run(tmp_path: Path) -> Path:
    file, run = tmp_path / "mine.toml", tmp_path / "run"
    file.write_text(experiments.ring(3).to_toml())
    assert ganstudio("train", file, "--run-dir", run, "--device", "cpu").exit_code == 0
    return run


def test_writes_the_usual_into_the_run_and_names_each_file(run: Path) -> None:
    result = ganstudio("export", run)
    assert result.exit_code == 0
    names = ["settings.toml", "command.txt", "curves.csv", "weights.safetensors"]
    names += ["weights-raw.safetensors", "model-card.md"]
    assert result.stdout.splitlines() == [str(run / "exports" / name) for name in names]
    assert sorted(path.name for path in (run / "exports").iterdir()) == sorted(names)


def test_writes_what_is_asked_for_where_it_is_wanted(run: Path, tmp_path: Path) -> None:
    out = tmp_path / "here"
    result = ganstudio("export", run, "--what", "settings", "--what", "curves", "--out", out)
    assert result.exit_code == 0
    assert sorted(path.name for path in out.iterdir()) == ["curves.csv", "settings.toml"]
    again = tmp_path / "again"
    assert ganstudio("train", out / "settings.toml", "--run-dir", again, "--device", "cpu").exit_code == 0
    one, other = (next(place.rglob("weights.safetensors")).read_bytes() for place in (run, again))
    assert one == other


def test_the_command_alone_is_printed(run: Path) -> None:
    result = ganstudio("export", run, "--what", "command")
    assert result.stdout.startswith("ganstudio train ring")
    assert result.stdout == (run / "exports" / "command.txt").read_text()


@pytest.mark.allow_log_warnings
@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["nowhere"], "There is no folder nowhere."),
        (["{run}", "--step", "77"], "has no checkpoint of step 77; there is 3."),
        (["{run}", "--what", "model"], "no export called 'model'; there is settings, command"),
    ],
    ids=["no run", "no checkpoint", "unknown"],
)
def test_refuses_in_a_sentence(run: Path, arguments: list[str], sentence: str) -> None:
    result = ganstudio("export", *(each.format(run=run) for each in arguments))
    assert result.exit_code == 2
    assert sentence in result.stderr
    assert not (run / "exports").exists()
