"""A run folder that is made read-only while it is written: ``python -m tests.faults.read_only FOLDER``.

The administrator may write everywhere, so where that is who runs the tests, this process becomes nobody.
"""

import json
import os
import sys
from pathlib import Path

from ganstudio import launch, performing
from ganstudio.api.events import Event, Failed, Held, Released, StepRecord
from ganstudio.registry import Registry
from ganstudio.runs.folder import RunFolder
from tests.faults.trainings import begin, saving, straight
from tests.same_run import assert_same_run

NOBODY = 65534


def main(folder: Path) -> None:
    """Train, take the rights away at step 15, give them back once the training holds; print the events."""
    registry = Registry.load()
    undisturbed = straight(folder / "straight", registry, 12, 18)
    if os.geteuid() == 0:
        os.chown(folder, NOBODY, NOBODY)
        os.setgid(NOBODY)
        os.setuid(NOBODY)
    performing.RETRY_SECONDS = 0.05
    events = disturbed(begin(folder / "run", registry), folder / "run")
    assert_same_run(undisturbed, RunFolder(folder / "run"))
    print(json.dumps(events))


def disturbed(prepared: launch.Prepared, run: Path) -> list[tuple[str, int, str]]:
    """Return what is told of the disk."""
    told = []
    for event in saving(prepared, 12, 18):
        if isinstance(event, StepRecord) and event.step == 15:
            allow(run, False)
        if isinstance(event, Held):
            allow(run, True)
        if isinstance(event, Held | Released | Failed):
            told.append((type(event).__name__, event.step, words(event)))
    return told


def words(event: Event) -> str:
    return str(getattr(event, "message", ""))


def allow(run: Path, writing: bool) -> None:
    folders = (run, run / "samples", run / "checkpoints")
    # The first checkpoint may still be on its way.
    for folder in (each for each in folders if each.exists()):
        folder.chmod(0o755 if writing else 0o555)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
