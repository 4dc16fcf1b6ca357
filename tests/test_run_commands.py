"""The commands about the library: they list, tag and delete, and load no torch."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ganstudio import places
from ganstudio.api.errors import InputError
from ganstudio.commands import runs as commands
from ganstudio.runs.lock import Lock
from ganstudio.runs.notes import read_notes
from tests.commands import python
from tests.runs.made import make_run


@pytest.fixture
def root() -> Path:
    make_run(places.runs(), "first", scores={10: {"score/modes": 8.0}})
    make_run(places.runs(), "killed", ends="", began="2026-11-22T09:00:00+00:00", data="Digits")
    return places.runs()


def run(name: str, *arguments: str | Path) -> Result:
    command = next(command for command in commands.COMMANDS if command.name == name)
    result = CliRunner().invoke(command, [str(argument) for argument in arguments])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def test_runs_are_listed_newest_first(root: Path) -> None:
    lines = run("runs").output.splitlines()
    assert [line.split()[0] for line in lines] == ["killed", "first"]
    assert "interrupted" in lines[0]
    assert "Ring PointGAN" in lines[1]
    assert "step 20 of 20" in lines[1]
    assert "modes 8" in lines[1]


def test_a_filter_finds_by_every_word(root: Path) -> None:
    assert [line.split()[0] for line in run("runs", "--filter", "DIGITS interr").output.splitlines()] == [
        "killed"
    ]
    assert "No run" in run("runs", "--filter", "nothing of this").stderr


def test_no_runs_say_what_to_do() -> None:
    assert "ganstudio train" in run("runs").stderr


def test_json_is_one_object_a_line(root: Path) -> None:
    lines = [json.loads(line) for line in run("runs", "--json").output.splitlines()]
    assert [line["name"] for line in lines] == ["killed", "first"]
    assert lines[1]["scores"] == {"score/modes": 8.0}
    assert lines[1]["path"] == str(root / "first")


def test_a_damaged_run_says_why(root: Path) -> None:
    (root / "first" / "experiment.toml").write_text("[")
    output = run("runs").output
    assert "damaged" in output
    assert "experiment.toml" in output


def test_tags_are_added_and_taken_away(root: Path) -> None:
    assert "#good #new" in run("tag", "first", "good", "new").output
    output = run("tag", "first", "best", "--remove", "new", "--star", "--name", "the first").output
    assert output.startswith("* the first")
    notes = read_notes(root / "first")
    assert (notes.tags, notes.starred, notes.name) == (("good", "best"), True, "the first")
    assert "(first)" in run("tag", "the first", "--no-star").output
    assert not read_notes(root / "first").starred


def test_a_run_that_is_not_there_is_named(root: Path) -> None:
    with pytest.raises(InputError, match="Did you mean first"):
        run("tag", "fist", "x")
    with pytest.raises(InputError, match="There is no run"):
        run("tag", root / "missing", "x")


def test_a_deleted_run_lies_in_the_trash(root: Path) -> None:
    output = run("delete", "first").output
    (trashed,) = (root / ".trash").glob("*/first")
    assert str(trashed) in output
    assert not (root / "first").exists()
    assert [line.split()[0] for line in run("runs").output.splitlines()] == ["killed"]


def test_a_run_that_trains_is_not_deleted(root: Path) -> None:
    held = Lock.take(root / "killed")
    assert held is not None
    with pytest.raises(InputError, match="Stop it first"):
        run("delete", "killed")
    held.release()


def test_a_list_loads_neither_torch_nor_numpy() -> None:
    code = (
        "import sys; from click.testing import CliRunner; from ganstudio.commands.runs import runs; "
        "CliRunner().invoke(runs, []); print([m for m in ('torch', 'numpy', 'PySide6') if m in sys.modules])"
    )
    assert python(code).stdout.strip() == "[]"
