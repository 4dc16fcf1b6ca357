"""Recording: a case trained by the real engine, with the stream of its events kept in a file.

The rules are then tried on what was recorded, in seconds. It knows nothing of what they find.
"""

import pickle
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from ganstudio.api.events import (
    CheckpointReady,
    CheckpointSaved,
    Event,
    HealthChanged,
    Preparing,
    PreviewReady,
    StepRecord,
)
from ganstudio.api.health import RunFacts
from ganstudio.experiment import Experiment
from ganstudio.health_facts import facts_of
from ganstudio.launch import Request, prepare, train
from ganstudio.performing import Prepared
from ganstudio.registry import Registry
from ganstudio.training.controls import Controls, Edit
from tests.diagnosis.case import Case

UNSEEN = CheckpointReady | CheckpointSaved | HealthChanged | Preparing | PreviewReady
"""What rules are not shown."""
SEEDS = {"chosen on": 1, "reported on": 11}
"""What thresholds are reported on is drawn anew, too."""
REPORTS = 125
"""A run has about so many reports."""


@dataclass
class Recording:
    """What a run left: the facts a rule is told beforehand, and its events in their order."""

    case: str
    facts: RunFacts
    events: list[Event] = field(default_factory=list)
    seconds: float = 0.0


def experiment_of(case: Case) -> Experiment:
    """Return what a case trains, with reports and previews as often as the table is about."""
    table = case.experiment.to_dict()
    training = {
        **{
            "threads": 1,
            "seed": SEEDS[case.half],
            "steps": case.steps,
            "checkpoint_minutes": 0.0,
            "score_share": 0.0,
        },
        **{
            "report_every": max(case.steps // REPORTS, 1),
            "preview_every": max(case.steps // case.previews, 1),
        },
    }
    return Experiment.from_dict(table | {"training": training | table.get("training", {})})


def record(case: Case, registry: Registry) -> Recording:
    """Train a case and return what it left."""
    began = time.perf_counter()
    with TemporaryDirectory() as folder:
        controls = Controls()
        request = Request(experiment_of(case), "cpu", Path(folder) / "run")
        prepared = prepare(request, registry, controls, lambda *_: None)
        recording = Recording(case.name, facts(prepared, registry))
        for event in steered(train(prepared), controls, case.edits):
            if not isinstance(event, UNSEEN):
                recording.events.append(event)
    recording.seconds = time.perf_counter() - began
    return recording


def steered(
    events: Iterator[Event], controls: Controls, edits: tuple[tuple[int, str, object], ...]
) -> Iterator[Event]:
    """Yield the events, and make each live change once the report of its step is there."""
    waiting = list(edits)
    for event in events:
        while waiting and isinstance(event, StepRecord) and event.step >= waiting[0][0]:
            controls.post(Edit(*waiting.pop(0)[1:]))
        yield event


def facts(prepared: Prepared, registry: Registry) -> RunFacts:
    """Return what rules are told of a run beforehand."""
    data = prepared.trainer._data
    return facts_of(prepared.resolved, registry, data)


def keep(recording: Recording, folder: Path) -> None:
    """Write a recording."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{recording.case}.pickle").write_bytes(pickle.dumps(recording))


def kept(case: Case, folder: Path) -> Recording | None:
    """Return the recording of a case, or nothing where there is none."""
    file = folder / f"{case.name}.pickle"
    if not file.is_file():
        return None
    found = pickle.loads(file.read_bytes())
    assert isinstance(found, Recording), file
    return found


def note(text: str) -> None:
    """Say how far it is."""
    print(text, file=sys.stderr, flush=True)
