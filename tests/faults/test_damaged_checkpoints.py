"""A checkpoint that is damaged is named and passed over; one that would run code is refused."""

import hashlib
import pickle
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from ganstudio.registry import Registry
from ganstudio.runs.folder import RunFolder
from ganstudio.runs.manifest import NAME, FileSum, read_manifest
from tests.commands import ganstudio
from tests.faults.trainings import leave, straight
from tests.same_run import assert_same_run


class Malicious:
    """Makes a file when it is unpickled."""

    def __init__(self, trace: Path) -> None:
        self.trace = trace

    def __reduce__(self) -> tuple[Any, ...]:
        return open, (str(self.trace), "w")


def flipped(folder: Path, trace: Path) -> str:
    path = folder / "averages.safetensors"
    data = bytearray(path.read_bytes())
    data[-5] ^= 0x10
    path.write_bytes(data)
    return f"{path} is damaged: its SHA-256 is not that of what was written."


def truncated(folder: Path, trace: Path) -> str:
    path = folder / "state.pt"
    path.write_bytes(path.read_bytes()[:100])
    return f"{path} is damaged: it has 100 bytes"


def without_manifest(folder: Path, trace: Path) -> str:
    (folder / NAME).unlink()
    return f"The checkpoint {folder} is not whole: it has no {NAME}."


def malicious_torch(folder: Path, trace: Path) -> str:
    torch.save({"feed": Malicious(trace)}, folder / "state.pt")
    return forged(folder)


def malicious_pickle(folder: Path, trace: Path) -> str:
    (folder / "state.pt").write_bytes(pickle.dumps({"feed": Malicious(trace)}, protocol=2))
    return forged(folder)


def forged(folder: Path) -> str:
    """Make the manifest say that the state is as it was written: it proves nothing of who wrote it."""
    manifest = read_manifest(folder)
    data = (folder / "state.pt").read_bytes()
    files = {**manifest.files, "state.pt": FileSum(len(data), hashlib.sha256(data).hexdigest())}
    (folder / NAME).write_text(replace(manifest, files=files).to_text())
    return f"{folder / 'state.pt'} is refused: it holds more than numbers and text, which could run code"


DAMAGES = [flipped, truncated, without_manifest, malicious_torch, malicious_pickle]


@pytest.fixture(scope="module")
def cut(tmp_path_factory: pytest.TempPathFactory, registry: Registry) -> Path:
    place = tmp_path_factory.mktemp("cut") / "run"
    leave(place, registry, 30, 10, 20)
    return place


@pytest.fixture
def run(cut: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(cut, tmp_path / "run"))


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, registry: Registry) -> RunFolder:
    return straight(tmp_path_factory.mktemp("whole") / "run", registry, 10, 20)


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_it_is_named_and_the_one_before_it_used(
    damage: Callable[[Path, Path], str], run: Path, whole: RunFolder, tmp_path: Path
) -> None:
    newest, trace = run / "checkpoints/000000020", tmp_path / "trace"
    said = damage(newest, trace)
    done = ganstudio("resume", run, "--device", "cpu")
    assert done.exit_code == 0, done.stderr
    assert said in done.stderr
    assert "The checkpoint of step 10 is used instead." in done.stderr
    assert not trace.exists(), "code from the file was run"
    assert_same_run(whole, RunFolder(run))
    assert (newest.parent / "000000020.damaged").is_dir()


@pytest.mark.allow_log_warnings
@pytest.mark.parametrize("command", ["resume", "sample"])
def test_where_all_are_malicious_nothing_runs_and_each_is_named(
    command: str, run: Path, tmp_path: Path
) -> None:
    trace = tmp_path / "trace"
    for folder in RunFolder(run).checkpoints():
        malicious_torch(folder, trace)
    refused = ganstudio(command, run)
    assert refused.exit_code != 0
    assert not trace.exists(), "code from the file was run"
    for folder in RunFolder(run).checkpoints():
        assert f"{folder / 'state.pt'} is refused" in refused.stderr
