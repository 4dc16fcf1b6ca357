"""One run that is killed again and again: ``python -m tests.faults.kills FOLDER LIVES``.

A process that has loaded everything is forked for each life, so that a kill costs no start of torch. Each
life is aimed at something the training does; what it hit is told from what the death left behind.
"""

import json
import os
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ganstudio.experiment import Choice, Experiment
from ganstudio.runs.folder import CHECKPOINTS, RunFolder
from ganstudio.runs.preview_files import SAMPLES
from tests.killing import Trainings, ended, fork
from tests.same_run import assert_same_run

STEPS_A_LIFE = 50
TRAINING = {"report_every": 3, "preview_every": 10, "preview_count": 4, "batch_size": 16}
PATIENCE = 20.0
"""Seconds until a life that its aim does not find is killed all the same."""


def experiment(steps: int) -> Experiment:
    """Points on a ring; a checkpoint every fifth of a second."""
    return Experiment(
        Choice("Ring", {"count": 1000}),
        Choice("PointGAN", {"width": 16}),
        training={**TRAINING, "steps": steps, "checkpoint_minutes": 0.2 / 60, "keep_checkpoints": 2},
    )


# --- Aims: each returns when it is time to kill ----------------------------------------------------


class Left:
    """What is there of a run when a life begins; it tells what the life left."""

    def __init__(self, run: Path) -> None:
        self.run = run
        self.temporaries = {name: temporaries(run / name) for name in (CHECKPOINTS, SAMPLES, ".")}
        self.events = lines(run / "events.jsonl")
        self.begun = bool(RunFolder(run).checkpoints())

    def wrote(self, folder: str) -> bool:
        """Say whether the life has a file there that it has not given its name yet."""
        return not temporaries(self.run / folder) <= self.temporaries[folder]


def getting_ready(left: Left, chance: random.Random) -> None:
    time.sleep(chance.uniform(0, 0.1))


def stepping(left: Left, chance: random.Random) -> None:
    wait(lambda: lines(left.run / "events.jsonl") != left.events)
    time.sleep(chance.uniform(0.05, 0.5))


def writing_a_checkpoint(left: Left, chance: random.Random) -> None:
    wait(lambda: left.wrote(CHECKPOINTS))
    time.sleep(chance.uniform(0, 0.008))


def writing_a_preview(left: Left, chance: random.Random) -> None:
    time.sleep(chance.uniform(0, 0.5))
    wait(lambda: left.wrote(SAMPLES))


def taking_back(left: Left, chance: random.Random) -> None:
    """What an earlier life did after its checkpoint."""
    wait(lambda: left.wrote(".") or lines(left.run / "events.jsonl") != left.events)


AIMS = (stepping, writing_a_checkpoint, writing_a_preview, getting_ready, taking_back)
IN_A_LINE = ("metrics.jsonl", "events.jsonl")
"""Files that a life writes half a line to and then dies, by its own hand, as nobody else can aim so well."""


def temporaries(folder: Path) -> set[str]:
    try:
        return {name for name in os.listdir(folder) if name.startswith(".tmp-")}
    except FileNotFoundError:
        return set()


def lines(path: Path) -> int:
    """Return something that changes whenever a line is added or the file is replaced."""
    try:
        stat = path.stat()
    except FileNotFoundError:
        return 0
    return hash((stat.st_ino, stat.st_size))


def wait(until: Callable[[], bool]) -> None:
    give_up = time.monotonic() + PATIENCE
    while not until() and time.monotonic() < give_up:
        time.sleep(0.0005)


def die_in_a_line(name: str, nth: int) -> None:
    """Let this process write half of the ``nth`` line to a file and be dead."""
    write, count = os.write, 0

    def writing(handle: int, data: bytes) -> int:
        nonlocal count
        if Path(os.readlink(f"/proc/self/fd/{handle}")).name == name:
            count += 1
            if count == nth:
                write(handle, data[: len(data) // 2])
                os.kill(os.getpid(), signal.SIGKILL)
        return write(handle, data)

    os.write = writing


# --- Lives -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Death:
    """What a kill was aimed at, and what it hit."""

    aim: str
    hit: str


def lives(run: Path, count: int, trainings: Trainings, steps: int) -> Iterator[Death]:
    """Kill a run ``count`` times, and let it come to its end; yield each death."""
    chance = random.Random(11)
    for number in range(count):
        aim = [*AIMS, *IN_A_LINE][number % (len(AIMS) + len(IN_A_LINE))]
        left = Left(run)
        child = fork(live, trainings, run, steps, aim if isinstance(aim, str) else "", chance.randint(1, 6))
        if not isinstance(aim, str):
            # The first lives are to leave something to go on from.
            wait(lambda left=left: left.begun or bool(RunFolder(run).checkpoints()))
            aim(left, chance)
            os.kill(child, signal.SIGKILL)
        if ended(child) != signal.SIGKILL:
            raise AssertionError(f"The run came to its end after {number} kills: make it longer.")
        yield Death(aim if isinstance(aim, str) else aim.__name__, hit(left))
    assert ended(fork(live, trainings, run, steps, "", 0)) == 0


def live(trainings: Trainings, run: Path, steps: int, dies_in: str, nth: int) -> None:
    """Train, or go on with, the run to its end or the death of this process."""
    begun = (run / "experiment.toml").exists()
    if dies_in and begun:
        die_in_a_line(dies_in, nth if dies_in == "metrics.jsonl" else 1)
    if begun:
        trainings.resume(run)
    else:
        trainings.train(experiment(steps), run)


def hit(left: Left) -> str:
    """Tell what a process was doing when it died, by what it left."""
    run = left.run
    for name in IN_A_LINE:
        if (run / name).exists() and not (run / name).read_bytes().endswith(b"\n"):
            return f"in a line of {name}"
    for folder, what in ((CHECKPOINTS, "a checkpoint"), (SAMPLES, "a preview"), (".", "taking back")):
        if left.wrote(folder):
            return what
    if left.begun and lines(run / "events.jsonl") == left.events:
        return "getting ready"
    return "stepping"


def main(folder: Path, count: int) -> int:
    """Kill a run ``count`` times and hold it against one that was left alone; print what was hit."""
    steps = STEPS_A_LIFE * count + 200
    trainings = Trainings()
    assert ended(fork(trainings.train, experiment(steps), folder / "straight")) == 0
    deaths = []
    for death in lives(folder / "killed", count, trainings, steps):
        deaths.append(death)
        print(f"{len(deaths):3d}  aimed at {death.aim}: hit {death.hit}", flush=True)
    straight, killed = (RunFolder.open(folder / name) for name in ("straight", "killed"))
    assert_same_run(straight, killed)
    # The last two, and the best.
    assert 1 <= len(killed.checkpoints()) <= 3
    # What lies beside notes, which others may be writing, is let lie for a minute.
    left = [str(path) for path in killed.path.glob("*/*") if ".tmp-" in path.name or "damaged" in path.name]
    assert not left, left
    restarts = sum(event["event"] == "Restarted" for event in killed.events())
    hits = Counter(death.hit for death in deaths)
    print(json.dumps({"kills": len(deaths), "restarts": restarts, "steps": steps, "hits": hits}))
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), int(sys.argv[2])))
