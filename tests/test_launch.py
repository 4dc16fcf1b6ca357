import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from ganstudio import launch, places
from ganstudio.api import InputError, StudioError
from ganstudio.api.events import CheckpointSaved, Event, Failed, Finished, Started, StepRecord
from ganstudio.experiment import Experiment, ExperimentError
from ganstudio.launch import Cancelled, Request
from ganstudio.registry import Registry
from ganstudio.runs.folder import RunFolder
from ganstudio.training import keeping
from ganstudio.training.controls import Controls, Stop
from tests import experiments
from tests.installing import InstallPlugin

allow_log_warnings = pytest.mark.allow_log_warnings


@pytest.fixture(scope="module")
def registry() -> Registry:
    return Registry.load()


def prepare(experiment: Experiment, registry: Registry, **request: Any) -> launch.Prepared:
    wish = Request(experiment, **{"device": "cpu", **request})
    return launch.prepare(wish, registry, Controls(), lambda what, share: None)


def train(experiment: Experiment, registry: Registry, **request: Any) -> tuple[RunFolder, list[Event]]:
    prepared = prepare(experiment, registry, **request)
    return RunFolder(prepared.run.path), list(launch.train(prepared))


def runs() -> list[Path]:
    return list(places.runs().iterdir()) if places.runs().exists() else []


class TestRun:
    def test_leaves_a_folder_that_is_readable_without_the_program(self, registry: Registry) -> None:
        run, events = train(experiments.ring(steps=6, preview_every=3), registry)
        assert run.path.parent == places.runs()
        assert run.name.endswith("-small-ring")
        assert run.state == "finished"
        names = {path.relative_to(run.path).as_posix() for path in run.path.rglob("*") if path.is_file()}
        assert names >= {
            *("experiment.toml", "provenance.json", "metrics.jsonl", "events.jsonl"),
            *("samples/real.png", "samples/000000003.png", "samples/000000006.png"),
            *("checkpoints/000000006/manifest.json", "checkpoints/000000006/weights.safetensors"),
        }
        assert isinstance(events[-1], Finished)
        saved = [event for event in events if isinstance(event, CheckpointSaved)]
        assert [Path(event.path) for event in saved] == run.checkpoints()

    def test_keeps_the_experiment_with_every_setting(self, registry: Registry) -> None:
        run, _events = train(experiments.ring(steps=2), registry)
        assert run.experiment.architecture.settings["n_critic"] == 1
        assert run.experiment.training["steps"] == 2
        again = launch.resolve(run.experiment, registry)
        assert again.experiment == run.experiment

    def test_keeps_what_it_was_made_with(self, registry: Registry) -> None:
        run, _events = train(experiments.ring(steps=2, seed=7), registry)
        provenance = run.provenance
        assert provenance["seed"] == 7
        assert provenance["device"] == "cpu"
        assert "ganstudio: ganstudio_plugins.point_gans" in provenance["plugins"]
        assert json.dumps(provenance)

    def test_keeps_a_line_for_each_report_and_score(self, registry: Registry) -> None:
        run, events = train(experiments.ring(steps=4, preview_every=2), registry)
        lines = list(run.metrics())
        assert [line["step"] for line in lines if "values" in line] == [1, 2, 3, 4]
        assert [line["step"] for line in lines if "scores" in line] == [2, 4]
        records = [event for event in events if isinstance(event, StepRecord)]
        assert lines[0]["values"] == records[0].values

    def test_tells_the_name_of_its_folder(self, registry: Registry) -> None:
        run, events = train(experiments.ring(steps=1), registry)
        started = next(event for event in events if isinstance(event, Started))
        assert started.run == run.name

    def test_may_be_given_its_folder(self, registry: Registry, tmp_path: Path) -> None:
        run, _events = train(experiments.ring(steps=1), registry, run_dir=tmp_path / "deep" / "here")
        assert run.path == tmp_path / "deep" / "here"
        assert run.state == "finished"
        assert runs() == []

    def test_of_the_same_experiment_ends_with_the_same_bytes(self, registry: Registry) -> None:
        files = [train(experiments.digits(), registry)[0].checkpoints()[0] for _ in range(2)]
        for name in ("weights.safetensors", "averages.safetensors"):
            assert files[0].joinpath(name).read_bytes() == files[1].joinpath(name).read_bytes()

    def test_that_is_dropped_half_way_reads_as_interrupted(self, registry: Registry) -> None:
        prepared = prepare(experiments.ring(steps=1000), registry)
        events = launch.train(prepared)
        for event in events:
            if event.step == 3:
                break
        assert RunFolder(prepared.run.path).state == "running"
        events.close()
        assert RunFolder(prepared.run.path).state == "interrupted"


class TestPrepare:
    @pytest.mark.parametrize(
        ("change", "request_", "kind", "said"),
        [
            ({"training.steps": 0}, {}, ExperimentError, "training.steps: 0 is not"),
            ({}, {"device": "quantum"}, InputError, "There is no device 'quantum'"),
            ({"data.kind": "Digits"}, {}, ExperimentError, "trained on points"),
        ],
        ids=["setting", "device", "data"],
    )
    def test_leaves_nothing_behind_when_it_refuses(
        self, change: dict, request_: dict, kind: type, said: str, registry: Registry
    ) -> None:
        experiment = experiments.ring()
        for path, value in change.items():
            experiment = experiment.with_value(path, value)
        with pytest.raises(kind, match=said):
            prepare(experiment, registry, **request_)
        assert runs() == []

    def test_refuses_images_of_a_size_the_networks_cannot_take(self, registry: Registry) -> None:
        experiment = experiments.digits().with_value("architecture.kind", "ConvGAN")
        with pytest.raises(ExperimentError, match="set Resize to 28"):
            prepare(experiment.with_value("data.resize", 30), registry)
        assert runs() == []

    def test_stops_where_a_stop_was_asked_for(self, registry: Registry) -> None:
        controls = Controls()
        controls.post(Stop())
        with pytest.raises(Cancelled):
            launch.prepare(Request(experiments.ring()), registry, controls, lambda what, share: None)
        assert runs() == []

    def test_says_what_it_does(self, registry: Registry) -> None:
        said: list[str] = []
        prepared = launch.prepare(
            Request(experiments.digits()), registry, Controls(), lambda what, share: said.append(what)
        )
        prepared.run.close()
        assert said == [
            "Loading MNIST digits (5 000, built in)",
            "Reading the digits",
            "Making the run folder",
        ]

    @pytest.mark.parametrize(
        ("make", "said"),
        [
            (lambda path: path.write_text("a file"), "is a file, not a folder"),
            (lambda path: (path.mkdir(), (path / "thesis.txt").write_text("mine")), "is not empty"),
        ],
        ids=["a file", "not empty"],
    )
    def test_never_touches_what_is_in_the_folder(
        self, make: Callable[[Path], Any], said: str, registry: Registry, tmp_path: Path
    ) -> None:
        place = tmp_path / "place"
        make(place)
        before = sorted(tmp_path.rglob("*"))
        with pytest.raises(InputError, match=said):
            prepare(experiments.ring(), registry, run_dir=place)
        assert sorted(tmp_path.rglob("*")) == before

    @pytest.mark.parametrize(
        ("body", "kind", "said"),
        [
            ("return None", StudioError, r"^Mine\.load returns a NoneType; it is to return LoadedData\.$"),
            ("raise ZeroDivisionError('odd')", ZeroDivisionError, "odd"),
            ("return LoadedData(PointSpec(), torch.zeros(0, 2))", InputError, "Mine has nothing to train on"),
        ],
        ids=["returns nothing", "raises", "is empty"],
    )
    def test_refuses_data_that_is_none(
        self, body: str, kind: type, said: str, install_plugin: InstallPlugin
    ) -> None:
        source = f"""
        import torch
        from ganstudio.api import DataSource, LoadedData, PointSpec, hookimpl

        class Mine(DataSource):
            "Mine."
            title = "Mine"
            gives = PointSpec
            def load(self, report):
                {body}

        @hookimpl
        def ganstudio_data_sources():
            return [Mine]
        """
        install_plugin("mine", source)
        with pytest.raises(kind, match=said):
            prepare(experiments.ring().with_value("data.kind", "Mine"), Registry.load())
        assert runs() == []


BROKEN_GAN = """
from torch import nn
from ganstudio.api import GAN, PointSpec, hookimpl

class Broken(GAN):
    "Broken."
    title = "Broken"
    accepts = (PointSpec,)

    def build_generator(self, data):
        {build}
        return nn.Linear(100, 2)

    def build_discriminator(self, data):
        return nn.Linear(2, 1)

    def training_step(self, batches):
        if self.step == 3:
            {step}
        yield from super().training_step(batches)

@hookimpl
def ganstudio_architectures():
    return [Broken]
"""


@allow_log_warnings
class TestFailure:
    def broken(self, install_plugin: InstallPlugin, build: str = "pass", step: str = "pass") -> str:
        installed = install_plugin("broken_gan", BROKEN_GAN.format(build=build, step=step))
        self.registry = Registry.load()
        line = installed.line(build if build != "pass" else step)
        return (
            f"{installed.module} line {line}, in {'build_generator' if build != 'pass' else 'training_step'}"
        )

    def experiment(self, **training: Any) -> Experiment:
        return Experiment.from_dict(
            {**experiments.ring(**training).to_dict(), "architecture": {"kind": "Broken"}}
        )

    def test_in_build_names_the_plugins_line(self, install_plugin: InstallPlugin) -> None:
        place = self.broken(install_plugin, build="nn.Linear(-1, 2)")
        run, events = train(self.experiment(), self.registry)
        failed = events[-1]
        assert isinstance(failed, Failed)
        assert failed.message.startswith(f"{place}: RuntimeError: ")
        assert "Traceback" in failed.details
        assert failed.saved == ""
        assert run.state == "failed"

    def test_in_a_step_names_the_plugins_line_and_keeps_the_last_good_state(
        self, install_plugin: InstallPlugin, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(keeping, "KEEP_GOOD_SECONDS", 0.0)
        monkeypatch.setattr(keeping, "KEEP_GOOD_SHARE", 1e9)
        place = self.broken(install_plugin, step="raise KeyError('lost')")
        run, events = train(self.experiment(), self.registry)
        failed = events[-1]
        assert isinstance(failed, Failed)
        assert failed.message == f"{place}: KeyError: 'lost'"
        assert failed.step == 3
        assert run.state == "failed"
        (checkpoint,) = run.checkpoints()
        assert failed.saved == f"The state at step 3 is kept in {checkpoint}."
        assert next(r for r in run.events() if r["event"] == "Failed")["message"] == failed.message

    def test_in_a_librarys_depths_still_names_the_plugins_line(self, install_plugin: InstallPlugin) -> None:
        place = self.broken(install_plugin, step="nn.functional.linear(1, 2)")
        _run, events = train(self.experiment(), self.registry)
        assert events[-1].message.startswith(f"{place}: TypeError: ")

    def test_for_want_of_memory_says_what_helps(self, install_plugin: InstallPlugin) -> None:
        self.broken(install_plugin, step="raise MemoryError('all of it')")
        _run, events = train(self.experiment(), self.registry)
        assert events[-1].message.startswith("The device ran out of memory: all of it. Half the batch size")

    def test_of_a_loss_keeps_the_last_finite_weights(
        self, install_plugin: InstallPlugin, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(keeping, "KEEP_GOOD_SECONDS", 0.0)
        monkeypatch.setattr(keeping, "KEEP_GOOD_SHARE", 1e9)
        self.broken(install_plugin, step="self.generator.weight.data.fill_(float('nan'))")
        run, events = train(self.experiment(), self.registry)
        failed = events[-1]
        assert isinstance(failed, Failed)
        assert "update is not a finite number at step 4" in failed.message
        assert "weights are not finite is generator" in failed.message
        checkpoint, damaged = run.latest_checkpoint()
        assert damaged == []
        assert checkpoint.step == 3
        assert all(torch.isfinite(tensor).all() for tensor in checkpoint.weights.values())
