"""Which checkpoints of a run stay on the disk, and what is said of why."""

import threading

import pytest

from ganstudio import launch
from ganstudio.api.events import CheckpointReady, CheckpointSaved
from ganstudio.registry import Registry
from ganstudio.runs.background import BackgroundWriter
from ganstudio.runs.folder import RunFolder
from ganstudio.runs.manifest import read_manifest
from ganstudio.training.controls import Controls, Edit
from tests import experiments
from tests.same_run import assert_same_weights
from tests.test_branching import branch, followed, quiet, train


@pytest.fixture(scope="module")
def registry() -> Registry:
    return Registry.load()


def reasons(run: RunFolder) -> dict[int, str]:
    return {manifest.step: manifest.reason for manifest in map(read_manifest, run.checkpoints())}


def best_step(run: RunFolder, name: str) -> int:
    """Return the step of the first of the highest scores."""
    scores = [(line["scores"][name], -line["step"]) for line in run.metrics() if "scores" in line]
    return -max(scores)[1]


def test_the_newest_the_best_and_every_so_many_stay(registry: Registry) -> None:
    training = {"preview_every": 5, "keep_checkpoints": 1, "keep_every": 40, "keep_best": "high_quality"}
    run = train(experiments.ring(steps=100, **training), registry, {})
    best = best_step(run, "score/high_quality")
    there = reasons(run)
    assert set(there) == {40, 80, 100, best}
    assert "best" in there[best].split(", ")
    assert all("kept" in there[step].split(", ") for step in (40, 80))
    assert "end" in there[100].split(", ")
    told = {event["step"]: event["reason"] for event in run.events() if event["event"] == "CheckpointSaved"}
    assert {step: told[step] for step in there} == there


def judged(run: RunFolder) -> int:
    """Return the step of the first of the best scores, by modes, then by quality, then by evenness."""
    scores = {line["step"]: line["scores"] for line in run.metrics() if "scores" in line}
    ranks = {
        step: (each["score/modes"], each["score/high_quality"], -each["score/reverse_kl"], -step)
        for step, each in scores.items()
    }
    return max(ranks, key=lambda step: ranks[step])


def test_by_itself_a_run_keeps_its_best_and_no_other(registry: Registry) -> None:
    training = {"preview_every": 5, "keep_checkpoints": 1, "keep_best": "auto"}
    run = train(experiments.ring(steps=60, **training), registry, {})
    assert set(reasons(run)) == {judged(run), 60}
    resumed = launch.prepare(launch.Resume(run.path, steps=120), registry, Controls(), quiet)
    followed(resumed, Controls(), {})
    assert set(reasons(run)) == {judged(run), 120}
    straight = train(experiments.ring(steps=120, **training), registry, {})
    # A checkpoint changes nothing of what is trained, and a resume nothing of which is the best.
    assert_same_weights(straight, run)
    assert judged(straight) == judged(run)


def test_a_run_from_before_it_kept_a_best_goes_on_without(registry: Registry) -> None:
    run = train(experiments.ring(steps=20, preview_every=5, keep_best=""), registry, {})
    assert 'keep_best = ""\n' in (run.path / "experiment.toml").read_text()
    resumed = launch.prepare(launch.Resume(run.path, steps=40), registry, Controls(), quiet)
    followed(resumed, Controls(), {})
    assert set(reasons(run).values()) == {"end"}


def test_the_best_stays_the_best_over_a_resume(registry: Registry) -> None:
    training = {"preview_every": 5, "keep_checkpoints": 1, "keep_best": "score/high_quality"}
    run = train(experiments.ring(steps=60, **training), registry, {})
    resumed = launch.prepare(launch.Resume(run.path, steps=120), registry, Controls(), quiet)
    followed(resumed, Controls(), {})
    assert set(reasons(run)) == {best_step(run, "score/high_quality"), 120}


def test_a_branch_has_a_best_of_its_own(registry: Registry) -> None:
    training = {"preview_every": 5, "keep_checkpoints": 1, "keep_every": 20, "keep_best": "high_quality"}
    parent = train(experiments.ring(steps=40, **training), registry, {})
    child, _events = branch(parent, registry, {"training.keep_every": 0, "training.steps": 60})
    there = reasons(child)
    assert there[20] == "branch"
    assert set(there) == {20, 60, best_step(child, "score/high_quality")}


def test_the_policy_may_change_while_it_trains(registry: Registry) -> None:
    at = {15: [Edit("training.keep_every", 10)], 35: [Edit("training.keep_every", 0)]}
    run = train(experiments.ring(steps=50, keep_checkpoints=1), registry, at)
    assert reasons(run) == {20: "kept", 30: "kept", 50: "end"}


def test_one_that_is_to_stay_is_not_passed_over_by_a_newer_one() -> None:
    begun, goes_on, written = threading.Event(), threading.Event(), []

    def slowly(event: CheckpointReady) -> CheckpointSaved:
        begun.set()
        goes_on.wait(30)
        written.append(event.step)
        return CheckpointSaved(event.step, "", 0, event.reason)

    writer = BackgroundWriter(slowly)
    writer.submit(CheckpointReady(1, None, "every few minutes"))
    begun.wait(30)
    for step, reason in ((2, "every few minutes"), (3, "best")):
        writer.submit(CheckpointReady(step, None, reason))
    # The next waits for the best to be written, and that for the first.
    later = threading.Timer(0.2, goes_on.set)
    later.start()
    writer.submit(CheckpointReady(4, None, "every few minutes"))
    assert written[:2] == [1, 3]
    later.join()
    writer.done(wait=True)
    assert written == [1, 3, 4]
