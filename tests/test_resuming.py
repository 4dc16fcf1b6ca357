"""Going on with a run: from which checkpoint, and what is said where that cannot be."""

import json
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from ganstudio import launch
from ganstudio.api import InputError, StudioError
from ganstudio.api.events import CheckpointSaved, Event, Failed, Restarted, SettingChanged, StepRecord, Warned
from ganstudio.experiment import Experiment, ExperimentError
from ganstudio.registry import Registry
from ganstudio.runs.folder import RunFolder
from ganstudio.training import keeping
from ganstudio.training.controls import CheckpointNow, Controls, Edit, Pause, Stop
from tests import experiments
from tests.commands import ganstudio
from tests.installing import InstallPlugin
from tests.runs.conftest import names

pytestmark = pytest.mark.allow_log_warnings

RATE, DECAY = "optimizers.generator.learning_rate", "training.ema_decay"


@pytest.fixture(scope="module")
def registry() -> Registry:
    return Registry.load()


def quiet(what: str, share: float | None = None) -> None:
    pass


def train(
    experiment: Experiment, registry: Registry, *, keep: int = 0, leave: int = 0, edit: int = 0
) -> RunFolder:
    """Train, with a checkpoint at step ``keep`` and an edit at ``edit``; drop it at step ``leave``."""
    controls = Controls()
    prepared = launch.prepare(launch.Request(experiment, "cpu"), registry, controls, quiet)
    events = launch.train(prepared)
    for event in events:
        if isinstance(event, StepRecord):
            if event.step == keep:
                controls.post(CheckpointNow())
            if event.step == edit:
                controls.post(Edit(RATE, 1e-3))
            if leave and event.step >= leave:
                break
    events.close()
    return RunFolder(prepared.run.path)


def resume(run: RunFolder, registry: Registry, **wish: Any) -> list[Event]:
    return list(launch.train(launch.prepare(launch.Resume(run.path, **wish), registry, Controls(), quiet)))


def drop(run: RunFolder, registry: Registry, *, at: int, edit: int, **wish: Any) -> None:
    """Go on with a run and leave it at a step like a crash, with an edit at step ``edit``."""
    controls = Controls()
    events = launch.train(launch.prepare(launch.Resume(run.path, **wish), registry, controls, quiet))
    for event in events:
        if isinstance(event, StepRecord):
            assert run.state == "running"
            if event.step == edit:
                controls.post(Edit(DECAY, 0.5))
            if event.step == at:
                break
    events.close()


def refuse(run: RunFolder, registry: Registry, kind: type[Exception] = InputError, **wish: Any) -> str:
    """Return the sentence of a refusal, which leaves everything as it was."""
    before = contents(run)
    with pytest.raises(kind) as refused:
        launch.prepare(launch.Resume(run.path, **wish), registry, Controls(), quiet)
    assert contents(run) == before
    RunFolder.open(run.path, writing=True).close()
    return str(refused.value)


def contents(run: RunFolder) -> dict[str, bytes]:
    return {name: (run.path / name).read_bytes() for name in names(run.path) if (run.path / name).is_file()}


@pytest.fixture
def interrupted(registry: Registry) -> RunFolder:
    """Dropped at step 30, with a checkpoint at 20."""
    return train(experiments.ring(steps=40), registry, keep=20, leave=30)


class TestGoingOn:
    def test_ends_as_if_it_had_never_stopped(self, interrupted: RunFolder, registry: Registry) -> None:
        assert interrupted.state == "interrupted"
        events = resume(interrupted, registry)
        straight = train(experiments.ring(steps=40), registry)
        assert interrupted.state == "finished"
        for name in ("weights.safetensors", "averages.safetensors"):
            kept = [run.checkpoints()[-1].joinpath(name).read_bytes() for run in (interrupted, straight)]
            assert kept[0] == kept[1]
        assert [line["step"] for line in interrupted.metrics() if "values" in line] == list(range(1, 41))
        restarted = next(event for event in events if isinstance(event, Restarted))
        assert (restarted.step, restarted.total_steps, restarted.device) == (20, 40, "cpu")
        assert restarted.run == interrupted.name

    def test_makes_later_edits_again(self, registry: Registry) -> None:
        run = train(experiments.ring(steps=40), registry, keep=10, edit=20, leave=30)
        changed = [event for event in resume(run, registry) if isinstance(event, SettingChanged)]
        assert [(event.step, event.path, event.value) for event in changed] == [(20, RATE, 1e-3)]
        assert [e["step"] for e in run.events() if e["event"] == "SettingChanged"] == [20]

    def test_makes_them_again_however_often_it_is_dropped_before_them(self, registry: Registry) -> None:
        run = train(experiments.ring(steps=40), registry, keep=10, edit=25, leave=30)
        for _ in range(2):
            drop(run, registry, at=20, edit=0)
        # Edits of the user's come between them.
        drop(run, registry, at=22, edit=15)
        drop(run, registry, at=12, edit=0)
        drop(run, registry, at=30, edit=0)
        resume(run, registry)
        made = [e for e in run.events() if e["event"] == "SettingChanged"]
        assert [(e["step"], e["path"], e["value"], e["again"]) for e in made] == [
            (15, DECAY, 0.5, True),
            (25, RATE, 1e-3, True),
        ]
        controls = Controls()
        prepared = launch.prepare(
            launch.Request(experiments.ring(steps=40), "cpu"), registry, controls, quiet
        )
        for event in launch.train(prepared):
            if isinstance(event, StepRecord) and event.step in (15, 25):
                controls.post(Edit(DECAY, 0.5) if event.step == 15 else Edit(RATE, 1e-3))
        for name in ("weights.safetensors", "averages.safetensors"):
            kept = [each.checkpoints()[-1] / name for each in (run, prepared.run)]
            assert kept[0].read_bytes() == kept[1].read_bytes()

    def test_reads_as_running_and_then_as_interrupted_again(self, registry: Registry) -> None:
        run = train(experiments.ring(steps=5), registry)
        assert run.state == "finished"
        drop(run, registry, at=7, edit=0, steps=9)
        assert run.state == "interrupted"

    def test_after_a_stop_takes_the_last_step(self, registry: Registry) -> None:
        controls = Controls()
        prepared = launch.prepare(
            launch.Request(experiments.ring(steps=1000), "cpu"), registry, controls, quiet
        )
        for event in launch.train(prepared):
            if event.step == 5:
                controls.post(Stop())
        run = RunFolder(prepared.run.path)
        assert run.state == "stopped"
        events = resume(run, registry, steps=8)
        assert [event.step for event in events if isinstance(event, StepRecord)] == [6, 7, 8]

    def test_with_more_steps_makes_them_the_runs_own(self, registry: Registry) -> None:
        run = train(experiments.ring(steps=5), registry)
        resume(run, registry, steps=9)
        again = RunFolder.open(run.path)
        assert again.experiment.training["steps"] == 9
        assert again.latest_checkpoint()[0].step == 9
        straight = train(experiments.ring(steps=9), registry)
        files = [each.checkpoints()[-1].joinpath("weights.safetensors") for each in (run, straight)]
        assert files[0].read_bytes() == files[1].read_bytes()

    def test_a_run_that_was_moved_goes_on_at_its_new_place(
        self, interrupted: RunFolder, registry: Registry, tmp_path: Path
    ) -> None:
        moved = RunFolder(interrupted.path.rename(tmp_path / "moved run é"))
        events = resume(moved, registry)
        assert events[-1].step == 40
        assert moved.state == "finished"

    def test_keeps_as_many_checkpoints_as_the_setting_says(self, registry: Registry) -> None:
        run = train(experiments.ring(steps=5, keep_checkpoints=2), registry)
        for steps in (6, 7, 8):
            resume(run, registry, steps=steps)
        assert [path.name for path in run.checkpoints()] == ["000000007", "000000008"]

    def test_checkpoints_come_while_it_trains(
        self, registry: Registry, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        now = [0.0]
        monkeypatch.setattr(keeping.time, "monotonic", lambda: now[0])
        prepared = launch.prepare(
            launch.Request(experiments.ring(steps=30, checkpoint_minutes=1), "cpu"),
            registry,
            Controls(),
            quiet,
        )
        saved = []
        for event in launch.train(prepared):
            now[0] += 6
            if isinstance(event, CheckpointSaved):
                assert Path(event.path).joinpath("manifest.json").is_file()
                saved.append(event)
        assert len(saved) >= 3
        assert {event.reason for event in saved} == {"every few minutes", "end"}
        assert len(RunFolder(prepared.run.path).checkpoints()) == 3


class TestDamage:
    @pytest.mark.parametrize("how", ["flipped byte", "truncated", "no manifest"])
    def test_the_checkpoint_before_is_used_and_the_damaged_one_named(
        self, interrupted: RunFolder, registry: Registry, how: str
    ) -> None:
        newest = interrupted.path / "checkpoints" / "000000025"
        (interrupted.path / "checkpoints" / "000000020").rename(interrupted.path / "elsewhere")
        run = train(experiments.ring(steps=40), registry, keep=25, leave=35)
        (run.path / "checkpoints" / "000000025").rename(newest)
        (interrupted.path / "elsewhere").rename(interrupted.path / "checkpoints" / "000000020")
        file = newest / "weights.safetensors"
        data = bytearray(file.read_bytes())
        if how == "no manifest":
            (newest / "manifest.json").unlink()
        else:
            data[len(data) // 2] ^= 1
            file.write_bytes(data[: len(data) // 2] if how == "truncated" else data)
        events = resume(interrupted, registry)
        warned = [event.message for event in events if isinstance(event, Warned)]
        assert len(warned) == 1
        assert str(newest) in warned[0]
        assert warned[0].endswith("The checkpoint of step 20 is used instead.")
        assert next(event for event in events if isinstance(event, Restarted)).step == 20
        assert interrupted.state == "finished"
        assert (newest.parent / "000000025.damaged").is_dir()

    def test_without_a_whole_checkpoint_it_is_refused(
        self, interrupted: RunFolder, registry: Registry
    ) -> None:
        (interrupted.checkpoints()[0] / "state.pt").unlink()
        said = refuse(interrupted, registry)
        assert "is not whole: it has no state.pt" in said
        assert (
            f"{interrupted.path} has no checkpoint that is whole, so there is nothing to go on from" in said
        )

    def test_without_any_it_is_refused(self, registry: Registry) -> None:
        run = train(experiments.ring(steps=40), registry, leave=10)
        assert refuse(run, registry).startswith(f"{run.path} has no checkpoint that is whole")

    def test_a_torn_line_is_no_hindrance(self, interrupted: RunFolder, registry: Registry) -> None:
        for name in ("metrics.jsonl", "events.jsonl"):
            with interrupted.path.joinpath(name).open("ab") as file:
                file.write(b'{"step": 31, "va')
        resume(interrupted, registry)
        assert [line["step"] for line in interrupted.metrics() if "values" in line] == list(range(1, 41))
        assert interrupted.events().damaged == 0


class TestRefusal:
    def test_of_a_finished_run_says_how_to_go_on(self, registry: Registry) -> None:
        run = train(experiments.ring(steps=5), registry)
        said = refuse(run, registry)
        assert said.startswith(f"{run.name} is finished: all 5 steps are made.")
        assert said.endswith("--steps 10`.")

    def test_of_fewer_steps_than_were_made(self, interrupted: RunFolder, registry: Registry) -> None:
        said = refuse(interrupted, registry, steps=10)
        assert said.endswith("has made 20 steps already, more than the 10 asked for in all.")

    def test_of_no_steps(self, interrupted: RunFolder, registry: Registry) -> None:
        assert "training.steps: 0 is not" in refuse(interrupted, registry, ExperimentError, steps=0)

    def test_of_another_device(self, interrupted: RunFolder, registry: Registry) -> None:
        assert "There is no device 'cuda:7'" in refuse(interrupted, registry, device="cuda:7")

    def test_of_what_is_no_run(self, registry: Registry, tmp_path: Path) -> None:
        with pytest.raises(InputError, match="is no run"):
            launch.prepare(launch.Resume(tmp_path), registry, Controls(), quiet)
        assert names(tmp_path) == []

    def test_of_data_that_changed(self, interrupted: RunFolder, registry: Registry) -> None:
        path = interrupted.path / "provenance.json"
        path.write_text(json.dumps({**json.loads(path.read_text()), "data_fingerprint": "0" * 64}))
        assert "The data has changed since" in refuse(interrupted, registry)

    def test_of_a_missing_plugin_names_it(self, interrupted: RunFolder, registry: Registry) -> None:
        experiment = interrupted.path / "experiment.toml"
        experiment.write_text(experiment.read_text().replace('"PointGAN"', '"StrangerGAN"'))
        path = interrupted.path / "provenance.json"
        provenance = json.loads(path.read_text())
        provenance["plugins"]["stranger: stranger_gan"] = "1.2"
        path.write_text(json.dumps(provenance))
        said = refuse(interrupted, registry, ExperimentError)
        assert "there is no 'StrangerGAN' here" in said
        assert "stranger: stranger_gan 1.2. Install them to go on" in said

    def test_while_another_process_writes_it(self, interrupted: RunFolder, registry: Registry) -> None:
        code = (
            "import sys; from pathlib import Path; from ganstudio.runs.folder import RunFolder; "
            "run = RunFolder.open(Path(sys.argv[1]), writing=True); print('held', flush=True); input()"
        )
        command = [sys.executable, "-c", code, str(interrupted.path)]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
            assert other.stdout is not None
            assert other.stdout.readline() == "held\n"
            with pytest.raises(InputError, match="Another process is writing"):
                launch.prepare(launch.Resume(interrupted.path), registry, Controls(), quiet)
            # The lock of a dead process is nobody's.
            other.kill()
        assert resume(interrupted, registry)[-1].step == 40

    def test_by_a_stop_before_the_first_step(self, interrupted: RunFolder, registry: Registry) -> None:
        controls = Controls()
        controls.post(Stop())
        before = contents(interrupted)
        with pytest.raises(launch.Cancelled):
            launch.prepare(launch.Resume(interrupted.path), registry, controls, quiet)
        assert contents(interrupted) == before

    def test_of_networks_that_are_built_otherwise_now_leaves_the_records(
        self, interrupted: RunFolder, registry: Registry
    ) -> None:
        experiment = interrupted.path / "experiment.toml"
        experiment.write_text(experiment.read_text().replace("width = 16", "width = 24"))
        before = list(interrupted.metrics())
        failed = resume(interrupted, registry)[-1]
        assert isinstance(failed, Failed)
        assert failed.message.startswith("The checkpoint of step 20 does not fit the networks")
        assert list(interrupted.metrics()) == before


FAILING = """
from torch import nn
from ganstudio.api import GAN, PointSpec, hookimpl

class Failing(GAN):
    "Failing."
    title = "Failing"
    accepts = (PointSpec,)
    fails_at = 30

    def build_generator(self, data):
        return nn.Linear(100, 2)

    def build_discriminator(self, data):
        return nn.Linear(2, 1)

    def training_step(self, batches):
        if self.step == self.fails_at:
            raise KeyError("lost")
        yield from super().training_step(batches)

@hookimpl
def ganstudio_architectures():
    return [Failing]
"""


def test_after_a_failure_the_settings_changed_before_it_are_left(install_plugin: InstallPlugin) -> None:
    install_plugin("failing_gan", FAILING)
    registry = Registry.load()
    table = {**experiments.ring(steps=40).to_dict(), "architecture": {"kind": "Failing"}}
    run = train(Experiment.from_dict(table), registry, keep=10, edit=20)
    assert run.state == "failed"
    (failing,) = (cls for name, cls in registry.classes["architecture"].items() if name == "Failing")
    failing.fails_at = -1
    events = resume(run, registry)
    assert [e for e in events if isinstance(e, SettingChanged)] == []
    (warned,) = [event.message for event in events if isinstance(event, Warned)]
    assert warned.startswith("The run failed after 1 changed settings that step 10 does not know")
    assert run.state == "finished"
    # How it ended before stays written.
    assert [e["step"] for e in run.events() if e["event"] == "Failed"] == [30]


class TestCommand:
    def test_goes_on_to_the_end(self, interrupted: RunFolder) -> None:
        result = ganstudio("resume", interrupted.path)
        assert result.exit_code == 0
        assert "Going on from step 20." in result.stderr
        assert "Done at step 40 after " in result.stderr
        assert interrupted.state == "finished"

    def test_makes_more_steps(self, interrupted: RunFolder) -> None:
        assert ganstudio("resume", interrupted.path, "--steps", "45", "--device", "cpu").exit_code == 0
        assert interrupted.latest_checkpoint()[0].step == 45

    @pytest.mark.parametrize(
        ("options", "said"),
        [
            (["--steps", "0"], "--steps 0: training.steps: 0 is not a whole number from 1 to "),
            (["--steps", "many"], "'many' is not a valid integer"),
            (["--device", "quantum"], "There is no device 'quantum'"),
            (["--steps", "10"], "has made 20 steps already"),
        ],
        ids=["no steps", "no number", "device", "fewer"],
    )
    def test_refuses_with_a_sentence_and_status_2(
        self, interrupted: RunFolder, options: list[str], said: str
    ) -> None:
        result = ganstudio("resume", interrupted.path, *options)
        assert result.exit_code == 2
        assert said in result.stderr

    def test_refuses_what_is_no_run(self, tmp_path: Path) -> None:
        result = ganstudio("resume", tmp_path / "none")
        assert result.exit_code == 2
        assert "There is no folder" in result.stderr


def test_a_checkpoint_that_the_disk_refuses_does_not_end_the_training(
    registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = RunFolder.write_checkpoint

    def refuse_the_first(self: RunFolder, state: Any, reason: str, keep: int = 0) -> CheckpointSaved:
        if reason == "asked for":
            raise StudioError("The disk holding it is full; free some space on it.")
        return write(self, state, reason, keep)

    monkeypatch.setattr(RunFolder, "write_checkpoint", refuse_the_first)
    run = train(experiments.ring(steps=40), registry, keep=10)
    warned = [event["message"] for event in run.events() if event["event"] == "Warned"]
    assert warned == [
        "The checkpoint of step 10 was not kept: The disk holding it is full; free some space on it. "
        "Training goes on, and the next one will be tried."
    ]
    assert run.state == "finished"
    assert run.latest_checkpoint()[0].step == 40


def test_a_training_that_is_dropped_has_written_its_checkpoint(
    registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    write, began = RunFolder.write_checkpoint, threading.Event()

    def slowly(self: RunFolder, *arguments: Any) -> CheckpointSaved:
        began.set()
        time.sleep(0.3)
        return write(self, *arguments)

    monkeypatch.setattr(RunFolder, "write_checkpoint", slowly)
    controls = Controls()
    prepared = launch.prepare(
        launch.Request(experiments.ring(steps=100_000), "cpu"), registry, controls, quiet
    )
    controls.post(CheckpointNow())
    events = launch.train(prepared)
    while not began.is_set():
        next(events)
    events.close()
    assert prepared.run.latest_checkpoint()[0] is not None
    assert [event["event"] for event in prepared.run.events()][-1] == "CheckpointSaved"
    assert not [thread for thread in threading.enumerate() if thread.name == "checkpoint writer"]


def test_a_checkpoint_asked_for_in_a_pause_is_told_in_the_pause(registry: Registry) -> None:
    controls = Controls()
    prepared = launch.prepare(launch.Request(experiments.ring(steps=100), "cpu"), registry, controls, quiet)
    for event in launch.train(prepared):
        if isinstance(event, StepRecord) and event.step == 3:
            controls.post(Pause())
            controls.post(CheckpointNow())
        if isinstance(event, CheckpointSaved) and event.reason == "asked for":
            assert event.step == prepared.trainer.step == 3
            controls.post(Stop(save=False))
    assert [path.name for path in prepared.run.checkpoints()] == ["000000003"]
