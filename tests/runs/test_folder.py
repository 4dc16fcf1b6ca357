import errno
import json
import os
import threading
from datetime import datetime
from pathlib import Path

import pytest

from ganstudio.api import InputError, StudioError
from ganstudio.experiment import Experiment
from ganstudio.runs.folder import EXPERIMENT, RunFolder
from tests.runs.conftest import names

NOW = datetime(2026, 11, 21, 14, 32, 59)

# --- Making ----------------------------------------------------------------------------------------


def test_a_run_is_named_by_time_and_experiment(tmp_path: Path, experiment: Experiment) -> None:
    with RunFolder.create(tmp_path / "new" / "runs", experiment, {"seed": 3}, NOW) as run:
        assert run.path == tmp_path / "new" / "runs" / "2026-11-21-1432-ring"
        assert run.name == "2026-11-21-1432-ring"
        assert run.experiment == experiment
        assert run.provenance == {"format": 1, "seed": 3}
        assert names(run.path) == [".lock", EXPERIMENT, "provenance.json"]


def test_runs_of_the_same_minute_have_numbers(tmp_path: Path, experiment: Experiment) -> None:
    made = []
    for _ in range(3):
        with RunFolder.create(tmp_path, experiment, {}, NOW) as run:
            made.append(run.name)
    assert made == [f"2026-11-21-1432-ring{number}" for number in ("", "-2", "-3")]


def test_runs_made_at_once_never_share_a_folder(tmp_path: Path, experiment: Experiment) -> None:
    made: list[Path] = []
    ready = threading.Barrier(8)

    def make() -> None:
        ready.wait()
        with RunFolder.create(tmp_path, experiment, {}, NOW) as run:
            made.append(run.path)

    threads = [threading.Thread(target=make) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(made)) == 8


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        pytest.param("Größe 28 × 28", "größe-28-28", id="non-ASCII"),
        pytest.param("数" * 80, "数" * 60, id="long"),
        pytest.param("𠀀" * 80, "𠀀" * 50, id="long in bytes"),
        pytest.param("../../etc", "etc", id="a path"),
        pytest.param("???", "experiment", id="nothing left"),
    ],
)
def test_any_name_makes_a_folder(tmp_path: Path, experiment: Experiment, name: str, slug: str) -> None:
    with RunFolder.create(tmp_path, experiment.renamed(name), {}, NOW) as run:
        assert run.path == tmp_path / f"2026-11-21-1432-{slug}"
        assert run.experiment.name == name


def test_a_library_that_is_a_file_is_told(tmp_path: Path, experiment: Experiment) -> None:
    (tmp_path / "runs").write_text("")
    with pytest.raises(InputError, match=f"{tmp_path / 'runs'} is a file, not a folder"):
        RunFolder.create(tmp_path / "runs", experiment, {})
    with pytest.raises(InputError, match=f"{tmp_path / 'runs'} is a file, not a folder"):
        RunFolder.create(tmp_path / "runs" / "inner", experiment, {})


@pytest.mark.skipif(not Path("/sys/kernel").is_dir(), reason="this system has no /sys")
def test_a_library_that_cannot_be_written_is_told(experiment: Experiment) -> None:
    # Nobody may make a folder there, not even the administrator.
    with pytest.raises(InputError, match=r"/sys/.* cannot be written"):
        RunFolder.create(Path("/sys/kernel"), experiment, {})
    with pytest.raises(InputError, match=r"/sys/.* cannot be written"):
        RunFolder.create_at(Path("/sys/kernel/run"), experiment, {})


def test_a_run_that_could_not_be_begun_leaves_nothing(
    tmp_path: Path, experiment: Experiment, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(StudioError, match="is full; free some space"):
        RunFolder.create(tmp_path, experiment, {})
    assert names(tmp_path) == []


def test_the_very_folder_asked_for_is_made(tmp_path: Path, experiment: Experiment) -> None:
    with RunFolder.create_at(tmp_path / "a" / "b", experiment, {}) as run:
        assert run.path == tmp_path / "a" / "b"
    (tmp_path / "empty").mkdir()
    with RunFolder.create_at(tmp_path / "empty", experiment, {}) as run:
        assert run.experiment == experiment


def test_a_folder_with_something_in_it_is_not_touched(tmp_path: Path, experiment: Experiment) -> None:
    (tmp_path / "thesis.tex").write_text("years of work")
    with pytest.raises(InputError, match="is not empty, and runs never overwrite each other"):
        RunFolder.create_at(tmp_path, experiment, {})
    assert names(tmp_path) == ["thesis.tex"]


def test_a_run_is_not_overwritten_by_another(run: RunFolder, experiment: Experiment) -> None:
    before = names(run.path)
    with pytest.raises(InputError, match="never overwrite each other"):
        RunFolder.create_at(run.path, experiment.renamed("other"), {})
    assert names(run.path) == before
    assert run.experiment == experiment


def test_a_file_in_the_place_of_the_folder_is_told(tmp_path: Path, experiment: Experiment) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match=f"{tmp_path / 'file'} is a file, not a folder"):
        RunFolder.create_at(tmp_path / "file", experiment, {})


# --- Opening ---------------------------------------------------------------------------------------


def test_what_is_no_run_is_told_what_it_lacks(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"is no run: it has no experiment\.toml\.$"):
        RunFolder.open(tmp_path)


def test_a_folder_of_runs_names_the_latest(tmp_path: Path, experiment: Experiment) -> None:
    for minute in (32, 33):
        RunFolder.create(tmp_path, experiment, {}, NOW.replace(minute=minute)).close()
    with pytest.raises(InputError, match="The latest run in it is 2026-11-21-1433-ring"):
        RunFolder.open(tmp_path)


def test_a_mistyped_run_is_told_the_nearest(tmp_path: Path, experiment: Experiment) -> None:
    RunFolder.create(tmp_path, experiment, {}, NOW).close()
    RunFolder.create(tmp_path, experiment.renamed("digits"), {}, NOW).close()
    with pytest.raises(InputError, match=r"There is no folder .* Did you mean 2026-11-21-1432-digits\?"):
        RunFolder.open(tmp_path / "2026-11-21-1432-digit")


def test_a_file_is_no_run(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="is a file; a run is a folder"):
        RunFolder.open(tmp_path / "file")
    with pytest.raises(InputError, match=r"There is no folder .*gone/run\.$"):
        RunFolder.open(tmp_path / "gone" / "run")


def test_a_damaged_experiment_names_its_file(run: RunFolder) -> None:
    (run.path / EXPERIMENT).write_text("name = ")
    with pytest.raises(InputError, match=f"{run.path / EXPERIMENT} is not valid TOML"):
        _ = RunFolder.open(run.path).experiment


def test_a_missing_provenance_is_empty_and_a_damaged_one_is_named(run: RunFolder) -> None:
    (run.path / "provenance.json").write_text("{")
    with pytest.raises(StudioError, match=r"provenance\.json cannot be read"):
        _ = RunFolder.open(run.path).provenance
    (run.path / "provenance.json").unlink()
    assert RunFolder.open(run.path).provenance == {}


def test_a_run_has_one_writer_and_any_readers(run: RunFolder) -> None:
    assert RunFolder.open(run.path).experiment == run.experiment
    with pytest.raises(InputError, match="Another process is writing"):
        RunFolder.open(run.path, writing=True)
    run.close()
    with RunFolder.open(run.path, writing=True) as again:
        again.append_metrics({"step": 2})
    assert list(RunFolder.open(run.path).metrics()) == [{"step": 2}]


def test_provenance_is_valid_json_whatever_it_holds(tmp_path: Path, experiment: Experiment) -> None:
    with RunFolder.create(tmp_path, experiment, {"x": float("nan"), "path": Path("a"), "Ä": "ö"}) as run:
        text = (run.path / "provenance.json").read_text(encoding="utf-8")
    assert json.loads(text) == {"format": 1, "x": None, "path": "a", "Ä": "ö"}
    assert "Ä" in text
