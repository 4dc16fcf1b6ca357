"""A run of a newer format is refused in words; one of an older is brought to today's, its original kept."""

import json
from pathlib import Path

import pytest

from ganstudio import launch
from ganstudio.api import InputError
from ganstudio.api.events import Failed
from ganstudio.registry import Registry
from ganstudio.runs import migration
from ganstudio.runs.folder import RunFolder
from ganstudio.runs.history import read_history
from ganstudio.training.controls import Controls
from tests.commands import ganstudio
from tests.faults.trainings import go_on, leave, straight
from tests.same_run import assert_same_run

ORIGINALS = ("provenance.json.format0", "experiment.toml.format0")


@pytest.fixture
def run(place: Path, registry: Registry) -> RunFolder:
    return leave(place, registry, 30, 20)


def make_older(run: RunFolder) -> None:
    """Leave a run as the studio wrote it before formats were written down."""
    provenance = json.loads((run.path / "provenance.json").read_text())
    del provenance["format"], provenance["parent"]
    older = {**provenance, "parent_run": None, "parent_step": None}
    (run.path / "provenance.json").write_text(json.dumps(older, indent=2) + "\n")
    text = (run.path / "experiment.toml").read_text()
    (run.path / "experiment.toml").write_text(text.removesuffix(migration.END).rstrip("\n") + "\n")


def contents(run: RunFolder) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in run.path.iterdir() if path.is_file()}


# --- Newer -------------------------------------------------------------------------------------------


@pytest.mark.allow_log_warnings
@pytest.mark.parametrize("command", ["resume", "sample"])
def test_a_newer_run_is_refused_with_a_sentence(command: str, run: RunFolder) -> None:
    provenance = run.path / "provenance.json"
    provenance.write_text(json.dumps({**json.loads(provenance.read_text()), "format": 2}))
    before = contents(run)
    said = "was written by a newer GAN Studio: its format is 2, and this version knows those up to 1."
    with pytest.raises(InputError, match=f"{run.path} {said}"):
        read_history(run.path)
    result = ganstudio(command, run.path)
    assert result.exit_code == 2
    assert f"{run.path} {said}" in result.stderr
    assert contents(run) == before


def test_what_is_no_number_is_no_newer_format(run: RunFolder) -> None:
    (run.path / "provenance.json").write_text('{"format": "2"}')
    assert migration.format_of(run.path) == 0


# --- Older -------------------------------------------------------------------------------------------


def test_an_older_run_is_looked_at_as_it_is(run: RunFolder) -> None:
    make_older(run)
    before = contents(run)
    assert read_history(run.path).state == "interrupted"
    assert RunFolder.open(run.path).experiment.architecture.kind == "PointGAN"
    assert contents(run) == before


def test_an_older_run_goes_on_in_todays_format_with_its_original_kept(
    run: RunFolder, registry: Registry
) -> None:
    undisturbed = straight(run.path.with_name("straight"), registry, 20)
    make_older(run)
    before = contents(run)
    assert not [event for event in launch.train(go_on(run.path, registry)) if isinstance(event, Failed)]
    assert_same_run(undisturbed, RunFolder(run.path))
    assert migration.format_of(run.path) == 1
    assert (run.path / "experiment.toml").read_text().endswith(migration.END)
    assert RunFolder(run.path).provenance["data_fingerprint"]
    for name in ORIGINALS:
        assert (run.path / name).read_bytes() == before[name.removesuffix(".format0")]


def test_the_original_is_kept_once(run: RunFolder, registry: Registry) -> None:
    make_older(run)
    list(launch.train(go_on(run.path, registry)))
    before = {name: (run.path / name).read_bytes() for name in ORIGINALS}
    prepared = launch.prepare(launch.Resume(run.path, 50), registry, Controls(), lambda what, share: None)
    list(launch.train(prepared))
    assert {name: (run.path / name).read_bytes() for name in ORIGINALS} == before


def test_a_refused_older_run_is_left_as_it_is(run: RunFolder, registry: Registry) -> None:
    make_older(run)
    before = contents(run)
    with pytest.raises(InputError):
        launch.prepare(launch.Resume(run.path, 10), registry, Controls(), lambda what, share: None)
    assert contents(run) == before


@pytest.mark.parametrize("writings", range(4))
def test_a_migration_cut_short_is_done_again(
    writings: int, run: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_older(run)
    before, left = contents(run), writings
    write = migration.write_bytes

    def dying(path: Path, data: bytes) -> None:
        nonlocal left
        if not left:
            raise KeyboardInterrupt
        left -= 1
        write(path, data)

    monkeypatch.setattr(migration, "write_bytes", dying)
    with pytest.raises(KeyboardInterrupt):
        migration.migrate(run.path)
    assert migration.format_of(run.path) == 0
    assert read_history(run.path).state == "interrupted"
    monkeypatch.undo()
    migration.migrate(run.path)
    assert migration.format_of(run.path) == 1
    for name in ORIGINALS:
        assert (run.path / name).read_bytes() == before[name.removesuffix(".format0")]


def test_a_run_without_provenance_gets_one(run: RunFolder, registry: Registry) -> None:
    make_older(run)
    (run.path / "provenance.json").unlink()
    assert not [event for event in launch.train(go_on(run.path, registry)) if isinstance(event, Failed)]
    assert RunFolder(run.path).provenance == {"format": 1}


def test_todays_runs_are_not_touched(run: RunFolder) -> None:
    before = contents(run)
    migration.migrate(run.path)
    assert contents(run) == before


def test_a_parent_told_in_the_old_way_is_told_in_todays(run: RunFolder) -> None:
    make_older(run)
    path = run.path / "provenance.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "parent_run": "root", "parent_step": 7}))
    migration.migrate(run.path)
    assert RunFolder(run.path).provenance["parent"] == {"run": "root", "path": "root", "step": 7}
