"""Whether two runs recorded the same: weights, curves, pictures; all but the times."""

from typing import Any

from ganstudio.runs.checkpoint import read_checkpoint
from ganstudio.runs.folder import RunFolder
from tests.training.test_resume import alike


def without_times(lines: Any) -> list[dict[str, Any]]:
    return [{k: v for k, v in line.items() if k not in ("seconds", "took", "time")} for line in lines]


def pictures(run: RunFolder) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (run.path / "samples").iterdir()}


def assert_same_weights(straight: RunFolder, other: RunFolder) -> None:
    """Their last checkpoints are of the same state, bit for bit."""
    one, another = (run.checkpoints()[-1] for run in (straight, other))
    assert one.name == another.name
    for name in ("weights.safetensors", "averages.safetensors"):
        assert (one / name).read_bytes() == (another / name).read_bytes(), name
    assert alike(read_checkpoint(one).rest, read_checkpoint(another).rest)


def assert_same_run(straight: RunFolder, other: RunFolder) -> None:
    """They ended alike, with the same curves and pictures: nothing is missing, nothing stands twice."""
    assert_same_weights(straight, other)
    assert without_times(straight.metrics()) == without_times(other.metrics())
    assert pictures(straight) == pictures(other)
    assert other.state == "finished"
    assert other.metrics().damaged == 0
