"""Going on with a run of very many reports reads no more of them than it takes back."""

import builtins
import io
from pathlib import Path
from typing import Any

import pytest

from ganstudio import launch
from ganstudio.api.events import Failed
from ganstudio.registry import Registry
from ganstudio.runs.folder import RunFolder
from tests.faults.trainings import go_on, leave

LINE = b'{"step":%d,"seconds":0.001,"images_seen":32,"values":{"loss/generator":0.5}}\n'
HOLE = 4 << 30
"""Bytes of a sparse file that stand for tens of millions of reports."""


@pytest.fixture
def long_run(place: Path, registry: Registry) -> Path:
    """A run with 4 GiB of metrics before those of its own; on the disk most of it is a hole."""
    leave(place, registry, 30, 20)
    path = place / "metrics.jsonl"
    own = path.read_bytes()
    with path.open("wb") as file:
        try:
            file.truncate(HOLE)
        except OSError:
            pytest.skip("this disk has no sparse files")
        file.seek(HOLE)
        file.write(b"\n" + LINE % 1 * 3000 + own)
    return place


def test_going_on_reads_a_few_blocks_of_the_metrics(
    long_run: Path, registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = 0
    opened = io.open

    def counting(file: Any, mode: str = "r", *arguments: Any, **options: Any) -> Any:
        stream = opened(file, mode, *arguments, **options)
        if str(file).endswith("metrics.jsonl"):
            take = stream.read

            def reading(size: int = -1) -> bytes:
                nonlocal read
                data = take(size)
                read += len(data)
                return bytes(data)

            return _Counted(stream, reading)
        return stream

    monkeypatch.setattr(io, "open", counting)
    monkeypatch.setattr(builtins, "open", counting)
    failed = [event for event in launch.train(go_on(long_run, registry)) if isinstance(event, Failed)]
    assert not failed, failed[0].details
    assert 0 < read < 8 << 20
    assert RunFolder(long_run).state == "finished"
    monkeypatch.undo()
    with (long_run / "metrics.jsonl").open("rb") as file:
        file.seek(HOLE + 1 + 3000 * len(LINE % 1))
        steps = [line.split(b",")[0] for line in file if b'"values"' in line]
    assert steps == [b'{"step":%d' % step for step in range(1, 41)]


class _Counted:
    """A file of which every byte read is counted."""

    def __init__(self, file: Any, read: Any) -> None:
        self._file, self.read = file, read

    def __getattr__(self, name: str) -> Any:
        if name in ("__iter__", "readline", "readlines", "readinto"):
            raise AssertionError("read in another way, which is not counted here")
        return getattr(self._file, name)

    def __enter__(self) -> "_Counted":
        return self

    def __exit__(self, *error: object) -> None:
        self._file.close()
