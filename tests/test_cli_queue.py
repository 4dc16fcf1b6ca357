"""``ganstudio queue``: adding, listing, removing, and working the queue without a window."""

import os
import signal
import time
from pathlib import Path

import pytest

from ganstudio import places
from ganstudio.experiment import Choice, Experiment
from ganstudio.queueing import Queue, training
from ganstudio.runs.folder import RunFolder
from tests import commands, experiments
from tests.commands import ganstudio

pytestmark = pytest.mark.allow_log_warnings

SMALL = ["--set", "data.count=1000", "--set", "architecture.width=16", "--set", "training.batch_size=32"]


def states() -> list[str]:
    return [entry.state for entry in Queue().entries()]


def last_line(text: str) -> str:
    return text.strip().splitlines()[-1]


class TestAdd:
    def test_takes_presets_files_and_settings(self, tmp_path: Path) -> None:
        file = tmp_path / "mine.toml"
        file.write_text(experiments.ring(4).to_toml())
        assert ganstudio("queue", "add", "ring", *SMALL, "--steps", "30").exit_code == 0
        assert ganstudio("queue", "add", file, "--name", "mine", "--device", "cpu").exit_code == 0
        first, second = Queue().entries()
        assert first.experiment is not None
        assert (first.name, first.total, first.experiment.data.settings["count"]) == ("ring", 30, 1000)
        assert (second.name, second.total, second.device) == ("mine", 4, "cpu")

    def test_tells_mistakes_at_once(self) -> None:
        result = ganstudio("queue", "add", "ring", "--set", "architecture.width=99999")
        assert result.exit_code == 2
        assert "--set architecture.width=99999: architecture.width: 99999 is not" in result.stderr
        assert ganstudio("queue", "add", "rung").exit_code == 2
        assert Queue().entries() == []

    def test_takes_runs_to_go_on_with_and_to_branch_from(self, tmp_path: Path) -> None:
        file, run = tmp_path / "mine.toml", tmp_path / "run"
        file.write_text(experiments.ring(4).to_toml())
        assert ganstudio("train", file, "--run-dir", run, "--device", "cpu").exit_code == 0
        assert ganstudio("queue", "add", "--resume", run, "--steps", "7").exit_code == 0
        branch = ["queue", "add", "--branch", f"{run}@4", "--set", "loss.kind=Hinge", "--name", "hinge"]
        assert ganstudio(*branch, "--steps", "6").exit_code == 0
        assert ganstudio("queue", "run").exit_code == 0
        gone_on, branched = Queue().entries()
        assert (gone_on.run, RunFolder.open(run).experiment.training["steps"]) == (run, 7)
        assert branched.run is not None
        made = RunFolder.open(branched.run)
        assert made.experiment.loss is not None
        assert (made.experiment.name, made.experiment.loss.kind) == ("hinge", "Hinge")
        assert made.provenance["parent"]["step"] == 4

    @pytest.mark.parametrize(
        ("arguments", "sentence"),
        [
            (["--resume", "--branch", "ring"], "exclude each other"),
            (["--resume", "nowhere"], "There is no folder nowhere"),
            (["--resume", "nowhere", "--set", "training.seed=2"], "keeps its settings"),
            (["--branch", "nowhere@x"], "the step of a checkpoint"),
        ],
        ids=["both", "no run", "changed", "no step"],
    )
    def test_refuses_in_a_sentence(self, arguments: list[str], sentence: str) -> None:
        result = ganstudio("queue", "add", *arguments)
        assert result.exit_code == 2
        assert sentence in result.stderr


class TestListAndRemove:
    def test_show_the_order_and_what_became_of_each(self) -> None:
        assert ganstudio("queue", "list").stdout == "The queue is empty.\n"
        queue = Queue()
        for name in ("one", "two"):
            queue.add(training(experiments.ring(4).renamed(name)))
        queue.mark(queue.entries()[0].key, "failed", "It broke.", Path("/runs/one"))
        assert ganstudio("queue", "list").stdout.splitlines() == [
            "  1  failed       one  4 steps",
            "     It broke.",
            "     /runs/one",
            "  2  waiting      two  4 steps",
        ]
        assert ganstudio("queue", "remove", "1").exit_code == 0
        assert [entry.name for entry in queue.entries()] == ["two"]
        result = ganstudio("queue", "remove", "2")
        assert (result.exit_code, result.stderr) == (2, "There is no entry 2 in the queue; it has 1.\n")


class TestRun:
    def test_goes_on_after_failures_and_says_so(self) -> None:
        queue = Queue()
        queue.add(training(experiments.ring(3), "cpu"))
        queue.add(training(Experiment(Choice("Ring"), Choice("NoSuchGAN"), name="broken")))
        queue.add(training(experiments.ring(4), "cpu"))
        result = ganstudio("queue", "run")
        assert result.exit_code == 1
        assert states() == ["done", "refused", "done"]
        assert "NoSuchGAN" in queue.entries()[1].sentence
        assert last_line(result.stderr) == "1 of the queue failed; `ganstudio queue list` says why."
        first = queue.entries()[0]
        assert first.run is not None
        assert RunFolder.open(first.run).provenance["queued"] == first.key
        assert not queue.worked

    def test_is_refused_while_another_works_it(self) -> None:
        queue = Queue()
        queue.begin_work()
        result = ganstudio("queue", "run")
        assert result.exit_code == 2
        assert "works the queue already" in result.stderr
        queue.end_work()

    def test_ctrl_c_stops_the_run_and_the_queue_and_both_can_go_on(self) -> None:
        queue = Queue()
        queue.add(training(experiments.ring(10_000_000, report_every=100), "cpu"))
        queue.add(training(experiments.ring(3), "cpu"))
        process = commands.start("queue", "run")
        try:
            give_up = time.monotonic() + 60
            while not list(places.runs().glob("*/metrics.jsonl")) and time.monotonic() < give_up:
                time.sleep(0.05)
            assert Queue().entries()[0].state == "running"
            process.send_signal(signal.SIGINT)
            assert process.wait(60) == 0
        finally:
            process.kill()
            process.communicate()
        assert states() == ["stopped", "waiting"]
        assert queue.entries()[0].resumable

    def test_a_killed_one_leaves_what_can_go_on(self) -> None:
        queue = Queue()
        queue.add(training(experiments.ring(10_000_000, checkpoint_minutes=0.001), "cpu"))
        process = commands.start("queue", "run")
        try:
            give_up = time.monotonic() + 60
            while not list(places.runs().glob("*/checkpoints/0*")) and time.monotonic() < give_up:
                time.sleep(0.05)
            os.kill(process.pid, signal.SIGKILL)
            process.wait(60)
        finally:
            process.kill()
            process.communicate()
        (entry,) = queue.entries()
        assert (entry.state, entry.resumable) == ("interrupted", True)
        assert entry.run is not None
        done = int(max((entry.run / "checkpoints").glob("0*")).name)
        queue.go_on(entry.key)
        queue.set_steps(entry.key, done + 50)
        assert ganstudio("queue", "run").exit_code == 0
        assert states() == ["done"]
        assert RunFolder.open(entry.run).state == "finished"
