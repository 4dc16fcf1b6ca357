"""Requests: what can be asked to be trained, as plain records that any thread, window or file may hold.

They know nothing of how it is made ready; ``ganstudio.launch`` does that. Nothing here loads torch.
"""

from dataclasses import dataclass
from pathlib import Path

from ganstudio.experiment import Experiment


@dataclass(frozen=True)
class Request:
    """What to train, where, and in which folder (``None``: a new one under the library)."""

    experiment: Experiment
    device: str = "auto"
    run_dir: Path | None = None
    queued: str = ""
    """The place in a queue that it comes from, kept in the run's provenance so that the queue finds it."""


@dataclass(frozen=True)
class Resume:
    """To go on with the run in the folder ``path``, from its newest checkpoint that is whole."""

    path: Path
    steps: int | None = None
    """Another total of steps, those already made among them; it becomes that of the run."""
    device: str | None = None
    """Another device than before."""


@dataclass(frozen=True)
class Branch:
    """To begin a new run in the very state that the run in ``path`` had at a step.

    ``experiment`` is the whole choice of the new run: what ``branching.branch_experiment`` gives, changed.
    """

    path: Path
    step: int | None
    """A step with a checkpoint; ``None``: the newest."""
    experiment: Experiment
    device: str | None = None
    """Another device than the parent's."""
    run_dir: Path | None = None
    queued: str = ""


@dataclass(frozen=True)
class Replay:
    """To make the run in ``path`` once more from its beginning, with all the edits that were made in it."""

    path: Path
    device: str | None = None
    run_dir: Path | None = None


AnyRequest = Request | Resume | Branch | Replay
