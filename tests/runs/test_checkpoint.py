import errno
import hashlib
import os
import pickle
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest
import torch

from ganstudio.api import PointSpec, StudioError
from ganstudio.runs.checkpoint import (
    AVERAGES,
    REST,
    WEIGHTS,
    list_checkpoints,
    read_checkpoint,
    write_checkpoint,
)
from ganstudio.runs.manifest import NAME, FileSum, read_manifest
from ganstudio.training.state import TrainingState
from tests.runs.conftest import State, names

FILES = [WEIGHTS, AVERAGES, REST, NAME]


@pytest.fixture
def written(tmp_path: Path) -> Path:
    return Path(write_checkpoint(tmp_path / "checkpoints", State(), "end").path)


def same(one: Any, other: Any) -> bool:
    if isinstance(one, torch.Tensor):
        return one.dtype == other.dtype and torch.equal(one, other)
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    return bool(one == other)


def test_a_state_comes_back_as_it_was(written: Path) -> None:
    state, read = State(), read_checkpoint(written)
    assert (read.step, read.images_seen, read.seconds) == (state.step, state.images_seen, state.seconds)
    assert read.spec == state.spec
    assert read.path == written
    assert same(read.weights, state.weights)
    assert same(read.averages, state.averages)
    assert same(read.rest, state.rest)


def test_the_trainings_own_state_is_taken(tmp_path: Path) -> None:
    weight = torch.nn.Parameter(torch.zeros(2))
    optimizer = torch.optim.Adam([weight])
    weight.square().sum().backward()
    optimizer.step()
    rest = {"optimizers": {"generator": optimizer.state_dict()}}
    state = TrainingState(1, 64, 0.1, PointSpec(2, ((0.0, 1.0),), 0.1), {"a.b": weight}, {}, rest)
    write_checkpoint(tmp_path, state, "end")
    read = read_checkpoint(tmp_path / "000000001")
    assert read.averages == {}
    assert read.spec == state.spec
    assert same(read.rest["optimizers"]["generator"]["state"], optimizer.state_dict()["state"])


def test_it_stands_under_its_step_and_its_size_is_told(tmp_path: Path) -> None:
    saved = write_checkpoint(tmp_path, State(step=12_000), "every two minutes")
    folder = tmp_path / "000012000"
    assert names(tmp_path) == sorted(["000012000", *(f"000012000/{name}" for name in FILES)])
    assert saved.path == str(folder)
    assert saved.size == sum(path.stat().st_size for path in folder.iterdir())
    assert read_manifest(folder).reason == "every two minutes"


def test_whoever_may_read_the_folder_may_read_every_file(written: Path) -> None:
    assert len({path.stat().st_mode for path in written.iterdir()}) == 1


def test_shared_and_strided_tensors_are_kept_apart(tmp_path: Path) -> None:
    base = torch.arange(12.0).reshape(3, 4)
    picture = torch.randn(2, 3, 4, 4).to(memory_format=torch.channels_last)
    weights = {
        "a": base,
        "b": base,
        "part": base[1],
        "turned": base.T,
        "last": picture,
        "none": torch.empty(0),
        "also none": torch.empty(0),
        "number": torch.tensor(3),
        "half": torch.ones(3, dtype=torch.bfloat16),
    }
    write_checkpoint(tmp_path, State(weights=weights), "end")
    assert same(read_checkpoint(tmp_path / "000000012").weights, weights)


def test_the_same_step_again_replaces_what_was_there(written: Path) -> None:
    parent = written.parent
    write_checkpoint(parent, State(weights={"new": torch.ones(1)}), "end")
    assert list(read_checkpoint(written).weights) == ["new"]
    assert [path.name for path in parent.iterdir()] == ["000000012"]


# --- Damage ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FILES)
def test_every_truncation_of_a_file_is_noticed_and_named(written: Path, name: str) -> None:
    whole = (written / name).read_bytes()
    sizes = sorted({0, 1, 7, 8, 9, len(whole) - 3, *range(0, len(whole) - 2, max(1, len(whole) // 40))})
    for size in sizes:
        (written / name).write_bytes(whole[:size])
        with pytest.raises(StudioError, match=f"{written / name} is damaged"):
            read_checkpoint(written)


@pytest.mark.parametrize("name", [WEIGHTS, AVERAGES, REST])
def test_every_flipped_byte_is_noticed_and_named(written: Path, name: str) -> None:
    whole = (written / name).read_bytes()
    for place in range(0, len(whole), max(1, len(whole) // 100)):
        changed = bytearray(whole)
        changed[place] ^= 0x10
        (written / name).write_bytes(changed)
        with pytest.raises(StudioError, match=f"{written / name} is damaged: its SHA-256"):
            read_checkpoint(written)


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_named(written: Path, name: str) -> None:
    (written / name).unlink()
    with pytest.raises(StudioError, match=f"{written} is not whole: it has no {name}"):
        read_checkpoint(written)


def forge(folder: Path, name: str, data: bytes) -> None:
    """Put ``data`` into a checkpoint with a manifest that vouches for it, as an attacker can."""
    manifest = read_manifest(folder)
    (folder / name).write_bytes(data)
    files = {**manifest.files, name: FileSum(len(data), hashlib.sha256(data).hexdigest())}
    (folder / NAME).write_text(replace(manifest, files=files).to_text())


class Malicious:
    """Makes a file when it is unpickled."""

    def __init__(self, trace: Path) -> None:
        self.trace = trace

    def __reduce__(self) -> tuple[Any, ...]:
        return open, (str(self.trace), "w")


@pytest.mark.parametrize("how", ["torch", "pickle"])
def test_a_malicious_pickle_is_refused_and_not_run(written: Path, tmp_path: Path, how: str) -> None:
    trace = tmp_path / "trace"
    if how == "torch":
        torch.save({"feed": Malicious(trace)}, tmp_path / "evil")
        data = (tmp_path / "evil").read_bytes()
    else:
        data = pickle.dumps({"feed": Malicious(trace)}, protocol=2)
    forge(written, REST, data)
    with pytest.raises(StudioError, match=f"{written / REST} is refused"):
        read_checkpoint(written)
    assert not trace.exists()


def test_a_rest_that_is_no_table_is_refused(written: Path, tmp_path: Path) -> None:
    torch.save([1, 2], tmp_path / "list")
    forge(written, REST, (tmp_path / "list").read_bytes())
    with pytest.raises(StudioError, match="holds a list"):
        read_checkpoint(written)


def test_weights_that_are_no_safetensors_are_named(written: Path) -> None:
    forge(written, WEIGHTS, b"\xff" * 64)
    with pytest.raises(StudioError, match=f"{written / WEIGHTS} is not a file of weights"):
        read_checkpoint(written)


@pytest.mark.parametrize(
    "spec", [{"kind": "sounds"}, {"kind": "images", "loudness": 3}, {}], ids=["kind", "field", "none"]
)
def test_data_that_is_not_known_is_told(written: Path, spec: dict[str, Any]) -> None:
    (written / NAME).write_text(replace(read_manifest(written), spec=spec).to_text())
    with pytest.raises(StudioError, match="describes data that this version does not know"):
        read_checkpoint(written)


# --- Disks that refuse -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "sizes",
    [
        pytest.param((100, 1, 1), id="at the weights"),
        pytest.param((1, 100, 1), id="at the averages"),
        pytest.param((1, 1, 100), id="at the rest"),
        pytest.param((1, 1, 62), id="at the end of the rest"),
    ],
)
def test_a_full_disk_keeps_what_was_there(tiny_disk: Path, sizes: tuple[int, int, int]) -> None:
    (tiny_disk / "filler").write_bytes(b"x" * 180 * 1024)
    write_checkpoint(tiny_disk / "checkpoints", State(), "end")
    before = names(tiny_disk)
    weights, averages, rest = ({"a": torch.zeros(size * 256)} for size in sizes)
    large = State(weights=weights, averages=averages, rest=rest)
    with pytest.raises(StudioError, match="is full; free some space") as caught:
        write_checkpoint(tiny_disk / "checkpoints", large, "end")
    assert isinstance(caught.value.__cause__, OSError)
    assert names(tiny_disk) == before
    assert same(read_checkpoint(tiny_disk / "checkpoints" / "000000012").weights, State().weights)


def failing_at(call: Callable[..., Any], nth: int) -> Callable[..., Any]:
    """Return ``call`` that works until it is called for the ``nth`` time, and then finds the disk full."""
    calls = 0

    def refused(*args: Any, **kwargs: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == nth:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return call(*args, **kwargs)

    return refused


@pytest.mark.parametrize("nth", range(1, 6))
def test_a_disk_that_refuses_at_any_file_keeps_what_was_there(
    written: Path, monkeypatch: pytest.MonkeyPatch, nth: int
) -> None:
    before = names(written.parent)
    monkeypatch.setattr(os, "fsync", failing_at(os.fsync, nth))
    with pytest.raises(StudioError, match="is full; free some space"):
        write_checkpoint(written.parent, State(averages={}), "end")
    assert names(written.parent) == before
    assert same(read_checkpoint(written).averages, State().averages)


@pytest.mark.parametrize("nth", [1, 2], ids=["setting aside", "putting in place"])
def test_a_disk_that_refuses_to_rename_keeps_what_was_there(
    written: Path, monkeypatch: pytest.MonkeyPatch, nth: int
) -> None:
    before = names(written.parent)
    monkeypatch.setattr(Path, "rename", failing_at(Path.rename, nth))
    with pytest.raises(StudioError, match="is full; free some space"):
        write_checkpoint(written.parent, State(averages={}), "end")
    assert names(written.parent) == before
    assert same(read_checkpoint(written).averages, State().averages)


def test_a_run_that_was_removed_is_told(tmp_path: Path) -> None:
    with pytest.raises(StudioError, match=f"{tmp_path / 'gone'} is not there"):
        write_checkpoint(tmp_path / "gone" / "checkpoints", State(), "end")
    assert names(tmp_path) == []


@pytest.mark.parametrize(
    "weight",
    [torch.zeros(2, 2).to_sparse(), torch.zeros(2, dtype=torch.complex128)],
    ids=["sparse", "complex"],
)
def test_weights_that_cannot_be_kept_leave_nothing_behind(tmp_path: Path, weight: torch.Tensor) -> None:
    with pytest.raises(StudioError, match="weights cannot be kept"):
        write_checkpoint(tmp_path, State(weights={"a": weight}), "end")
    assert names(tmp_path) == []


# --- Crashes ---------------------------------------------------------------------------------------


def test_checkpoints_are_listed_by_step(tmp_path: Path) -> None:
    for step in (1_000_000_000, 20, 3):
        write_checkpoint(tmp_path, State(step=step), "end")
    (tmp_path / "notes").mkdir()
    (tmp_path / "000000007").write_text("a file")
    assert [path.name for path in list_checkpoints(tmp_path)] == ["000000003", "000000020", "1000000000"]


def test_a_folder_without_checkpoints_has_none(tmp_path: Path) -> None:
    assert list_checkpoints(tmp_path / "none") == []


def test_what_a_crash_left_behind_does_not_count_and_goes_away(written: Path) -> None:
    parent = written.parent
    written.rename(parent / ".tmp-0123456789abcdef")
    assert list_checkpoints(parent) == []
    write_checkpoint(parent, State(step=13), "end")
    assert [path.name for path in parent.iterdir()] == ["000000013"]


def test_a_crash_between_the_renames_of_a_replacement_loses_nothing(written: Path) -> None:
    parent = written.parent
    aside = written.rename(parent / ".000000012.old")
    assert list_checkpoints(parent) == [aside]
    assert same(read_checkpoint(aside).weights, State().weights)
    write_checkpoint(parent, State(step=13), "end")
    assert [path.name for path in list_checkpoints(parent)] == [".000000012.old", "000000013"]
    write_checkpoint(parent, State(), "end")
    assert sorted(path.name for path in parent.iterdir()) == ["000000012", "000000013"]


KILLER = """
import os, random, signal, sys, time
from pathlib import Path
from ganstudio.runs.checkpoint import list_checkpoints, read_checkpoint, write_checkpoint
from tests.runs.conftest import State

parent, clock, leftovers = Path(sys.argv[1]), random.Random(0), 0
write_checkpoint(parent, State(), "end")
for _ in range(int(sys.argv[2])):
    child = os.fork()
    while not child:
        write_checkpoint(parent, State(averages={}), "end")
    time.sleep(clock.uniform(0.005, 0.03))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    leftovers += any(path.name.startswith(".") for path in parent.iterdir())
    (found,) = list_checkpoints(parent)
    read_checkpoint(found)
print(leftovers)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_killed_at_any_moment_there_is_a_whole_checkpoint(tmp_path: Path) -> None:
    command = [sys.executable, "-c", KILLER, str(tmp_path), "40"]
    root = Path(__file__).parents[2]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 0, "no kill came while a checkpoint was being written"


def test_the_data_is_described_field_by_field(written: Path) -> None:
    described = {"kind": "images", **asdict(State().spec), "classes": ["a", "b"]}
    assert dict(read_manifest(written).spec) == described
