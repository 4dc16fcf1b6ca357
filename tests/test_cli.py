import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from PIL import Image

from ganstudio import __version__, places
from ganstudio.experiment import Experiment
from ganstudio.runs.folder import RunFolder
from ganstudio.training import keeping
from tests import commands, experiments
from tests.commands import ganstudio
from tests.installing import InstallPlugin
from tests.test_launch import BROKEN_GAN

pytestmark = pytest.mark.allow_log_warnings

SMALL = ["--set", "data.count=1000", "--set", "architecture.width=16", "--set", "training.batch_size=32"]


def runs() -> list[Path]:
    return list(places.runs().iterdir()) if places.runs().exists() else []


def refused(result: Result, status: int = 2) -> str:
    """Return the sentence of a command that refused, and see that it left nothing."""
    assert result.exit_code == status, result.output
    assert runs() == []
    return last_line(result)


def last_line(result: Result) -> str:
    return result.stderr.strip().splitlines()[-1]


def toml(path: Path, experiment: Experiment | str) -> Path:
    path.write_text(experiment if isinstance(experiment, str) else experiment.to_toml())
    return path


class TestTrain:
    def test_writes_a_run_under_the_home_folder(self) -> None:
        result = ganstudio("train", "ring", *SMALL, "--steps", "3", "--seed", "5", "--device", "cpu")
        assert result.exit_code == 0
        (path,) = runs()
        run = RunFolder.open(path)
        assert run.state == "finished"
        assert (run.experiment.training["steps"], run.experiment.training["seed"]) == (3, 5)
        assert run.experiment.data.settings["count"] == 1000
        assert f"Run folder: {path}" in result.stderr
        assert "Done at step 3 after " in result.stderr
        assert result.stdout == ""

    def test_takes_a_file_and_a_folder(self, tmp_path: Path) -> None:
        file = toml(tmp_path / "mine.toml", experiments.ring(steps=2))
        place = tmp_path / "run"
        assert ganstudio("train", file, "--run-dir", place).exit_code == 0
        assert RunFolder.open(place).state == "finished"
        assert runs() == []

    def test_takes_up_the_experiment_of_a_run(self, tmp_path: Path) -> None:
        file = toml(tmp_path / "mine.toml", experiments.ring(steps=2))
        first, second = tmp_path / "first", tmp_path / "second"
        assert ganstudio("train", file, "--run-dir", first).exit_code == 0
        assert ganstudio("train", first, "--run-dir", second).exit_code == 0
        weights = [next(place.rglob("weights.safetensors")).read_bytes() for place in (first, second)]
        assert weights[0] == weights[1]

    def test_a_preset_may_be_overruled_by_a_file_of_that_name_only_with_its_ending(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(tmp_path)
        toml(tmp_path / "ring.toml", experiments.ring(steps=0))
        assert "ring.toml: training.steps: 0 is not" in refused(ganstudio("train", "ring.toml"))


WRONG_OPTIONS = {
    "unknown preset": (["rimg"], "preset: there is no 'rimg' here; did you mean ring?"),
    "no such file": (["none.toml"], "none.toml cannot be read: "),
    "assignment without =": (["ring", "--set", "training.steps"], "write it as path=value"),
    "unknown part": (["ring", "--set", "trainig.steps=5"], "did you mean training?"),
    "unknown setting": (
        ["ring", "--set", "training.step=5"],
        "--set training.step=5: training.step: there is no 'step' here; did you mean steps?",
    ),
    "no steps": (["ring", "--steps", "0"], "--steps 0: training.steps: 0 is not a whole number from 1 to "),
    "negative steps": (["ring", "--steps", "-5"], "--steps -5: training.steps: -5 is not a whole number"),
    "seed that is no number": (
        ["ring", "--seed", "abc"],
        "--seed abc: training.seed: 'abc' is not a whole number from 0 to 2 147 483 647.",
    ),
    "value out of range": (
        ["ring", "--set", "optimizers.generator.learning_rate=7"],
        "optimizers.generator.learning_rate: 7 is not a number from 1e-07 to 1.",
    ),
    "missing GPU": (["ring", "--device", "cuda:7"], "There is no device 'cuda:7' on this machine; there is "),
    "unknown device": (["ring", "--device", "quantum"], "There is no device 'quantum' on this machine"),
    "images for points": (
        ["ring", "--set", "data.kind=Digits"],
        "2-D GAN is trained on points, but MNIST digits (5 000, built in) gives images",
    ),
    "points for images": (
        ["mnist-mlp", "--set", "data.kind=Ring"],
        "MLP GAN is trained on images, but Ring of Gaussians gives points",
    ),
    "images of a wrong size": (
        ["mnist-dcgan", "--set", "data.resize=30"],
        "these are 30 × 30: set Resize to 28.",
    ),
}


@pytest.mark.parametrize(("arguments", "said"), WRONG_OPTIONS.values(), ids=WRONG_OPTIONS)
def test_what_is_asked_wrongly_is_a_sentence_and_status_2(arguments: list[str], said: str) -> None:
    assert said in refused(ganstudio("train", *arguments))


WRONG_FILES = {
    "unknown key": (
        ("[training]\n", "[training]\nbatchsize = 3\n"),
        "training.batchsize: there is no 'batchsize' here; did you mean batch_size?",
    ),
    "unknown part": (
        ('name = "small ring"\n', 'nmae = "small ring"\n'),
        "nmae: there is no 'nmae' here; did you mean name?",
    ),
    "wrong type": (
        ("width = 16", "width = [16]"),
        "architecture.width: [16] is not a whole number from 4 to 4096.",
    ),
    "out of range": (
        ("steps = 6", "steps = 0"),
        "training.steps: 0 is not a whole number from 1 to 100 000 000.",
    ),
    "unknown kind": (
        ('"PointGAN"', '"PointGun"'),
        "architecture.kind: there is no 'PointGun' here; did you mean PointGAN?",
    ),
    "no TOML": (("[training]", "[training"), "is not valid TOML"),
}


@pytest.mark.parametrize(("change", "said"), WRONG_FILES.values(), ids=WRONG_FILES)
def test_what_is_wrong_in_a_file_is_told_with_the_files_name(
    change: tuple[str, str], said: str, tmp_path: Path
) -> None:
    text = experiments.ring().to_toml()
    assert change[0] in text
    file = toml(tmp_path / "mine.toml", text.replace(*change))
    sentence = refused(ganstudio("train", file))
    assert sentence.startswith(str(file))
    assert said in sentence


def test_an_option_is_named_where_it_and_not_the_file_is_wrong(tmp_path: Path) -> None:
    file = toml(tmp_path / "mine.toml", experiments.ring(steps=0))
    result = ganstudio("train", file, "--seed", "-1")
    assert result.exit_code == 2
    said = result.stderr.splitlines()
    assert any(line.startswith(f"{file}: training.steps: 0") for line in said)
    assert any(line.startswith("--seed -1: training.seed: -1") for line in said)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda place: place.write_text("mine"), "is a file, not a folder"),
        (lambda place: (place.mkdir(), (place / "mine").write_text("mine")), "is not empty"),
    ],
    ids=["a file", "not empty"],
)
def test_a_run_folder_that_cannot_be_one_is_refused(
    make: Callable[[Path], Any], said: str, tmp_path: Path
) -> None:
    place = tmp_path / "place"
    make(place)
    assert said in refused(ganstudio("train", "ring", *SMALL, "--run-dir", place))


class TestFailure:
    @pytest.mark.parametrize("where", ["build", "step"])
    def test_of_a_plugin_tells_its_file_and_line_first(
        self, where: str, install_plugin: InstallPlugin, tmp_path: Path
    ) -> None:
        broken = "raise ValueError('my own fault')"
        source = BROKEN_GAN.format(**{"build": "pass", "step": "pass", where: broken})
        installed = install_plugin("broken_gan", source)
        place = tmp_path / "run"
        result = ganstudio(
            *("train", "ring", *SMALL[:2], "--set", "architecture.kind=Broken", "--run-dir", place)
        )
        assert result.exit_code == 1
        line = installed.line("my own fault")
        assert last_line(result).startswith(f"{installed.module} line {line}, in ")
        assert "ValueError: my own fault" in last_line(result)
        assert RunFolder.open(place).state == "failed"
        assert "my own fault" in places.log_file().read_text()

    def test_of_a_loss_says_what_was_kept(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(keeping, "KEEP_GOOD_SECONDS", 0.0)
        monkeypatch.setattr(keeping, "KEEP_GOOD_SHARE", 1e9)
        place = tmp_path / "run"
        diverging = ("loss.kind=Wasserstein", "optimizers.discriminator.kind=SGD", "training.report_every=1")
        options = [item for text in diverging for item in ("--set", text)]
        options += ["--set", "optimizers.discriminator.learning_rate=1.0"]
        result = ganstudio("train", "ring", *SMALL, *options, "--run-dir", place)
        assert result.exit_code == 1
        run = RunFolder.open(place)
        checkpoint, _damaged = run.latest_checkpoint()
        assert "update is not a finite number at step" in last_line(result)
        assert last_line(result).endswith(
            f"The state at step {checkpoint.step} is kept in {checkpoint.path}."
        )
        assert run.state == "failed"

    def test_shows_its_traceback_only_when_asked(self, install_plugin: InstallPlugin) -> None:
        install_plugin("broken_gan", BROKEN_GAN.format(build="1 / 0", step="pass"))
        arguments = ["train", "ring", *SMALL[:2], "--set", "architecture.kind=Broken"]
        assert ganstudio(*arguments).exit_code == 1
        result = commands.CliRunner().invoke(commands.main, ["--debug", *arguments])
        assert result.exit_code == 1
        assert "Traceback (most recent call last)" in result.stderr
        assert "ZeroDivisionError" in result.stderr

    def test_of_what_was_asked_shows_its_traceback_only_when_asked(self) -> None:
        result = commands.CliRunner().invoke(commands.main, ["--debug", "train", "rimg"])
        assert result.exit_code == 2
        assert "Traceback (most recent call last)" in result.stderr


class TestSample:
    def test_writes_a_picture_and_says_where(self, tmp_path: Path) -> None:
        place = tmp_path / "run"
        assert ganstudio("train", toml(tmp_path / "a.toml", experiments.digits()), "--run-dir", place)
        result = ganstudio("sample", place, "--count", "4", "--seed", "2")
        assert result.exit_code == 0
        path = Path(result.stdout.strip())
        assert path.parent == place / "exports"
        with Image.open(path) as picture:
            assert picture.format == "PNG"
        other = tmp_path / "other.png"
        ganstudio("sample", place, "--count", "4", "--seed", "2", "--out", other)
        assert other.read_bytes() == path.read_bytes()

    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            (["{folder}"], "is no run: it has no experiment.toml"),
            (["{folder}/nothing"], "There is no folder "),
            (["{folder}", "--count", "0"], "0 is not in the range"),
            (["{folder}", "--seed", "abc"], "'abc' is not a valid integer"),
        ],
        ids=["no run", "nothing", "no samples", "seed that is no number"],
    )
    def test_refuses_what_it_cannot_do(self, arguments: list[str], said: str, tmp_path: Path) -> None:
        arguments = [argument.format(folder=tmp_path) for argument in arguments]
        assert said in refused(ganstudio("sample", *arguments))


class TestLists:
    def test_devices(self) -> None:
        result = ganstudio("devices")
        assert result.exit_code == 0
        assert result.stdout.splitlines()[-1].startswith("cpu — ")

    def test_plugins_with_what_each_brings(self) -> None:
        result = ganstudio("plugins")
        assert result.exit_code == 0
        assert "losses  loaded  ganstudio: ganstudio_plugins.losses" in result.stdout
        assert "Non-saturating, Relativistic pairing" in result.stdout
        assert result.stderr == ""

    def test_plugins_that_failed(self, install_plugin: InstallPlugin) -> None:
        install_plugin("broken", "1 / 0")
        result = ganstudio("plugins")
        assert result.exit_code == 0
        assert "broken  failed  broken: broken 1.0" in result.stdout
        assert "It raised ZeroDivisionError: division by zero" in result.stdout
        assert "ganstudio --debug plugins" in result.stderr
        debug = commands.CliRunner().invoke(commands.main, ["--debug", "plugins"])
        assert "Traceback (most recent call last)" in debug.stderr

    def test_info(self, studio_home: Path) -> None:
        result = ganstudio("info")
        assert result.exit_code == 0
        assert result.stdout.startswith(f"ganstudio {__version__}, torch ")
        assert f"runs      {studio_home}" in result.stdout
        assert "presets   mnist-dcgan, " in result.stdout
        assert "device    cpu — " in result.stdout

    def test_presets_by_group_with_promise_time_and_source(self, install_plugin: InstallPlugin) -> None:
        card = "preset=dict(group='Mine', promise='It rings.', minutes=2, source='Me, 2026')"
        parts = "data=dict(kind='Ring'), architecture=dict(kind='PointGAN')"
        install_plugin(
            "cards",
            f"""
            from ganstudio.api import hookimpl

            @hookimpl
            def ganstudio_presets():
                return [dict(name='told', {parts}, {card}), dict(name='bare', about='It is bare.', {parts})]
            """,
        )
        result = ganstudio("presets")
        assert result.exit_code == 0
        lines = result.stdout.splitlines()
        place = lines.index("Mine")
        assert lines[place + 1] == "  told: It rings. (2 min on two cores)"
        assert lines[place + 2].strip() == "Me, 2026"
        assert "  bare: It is bare." in lines
        assert lines.index("  bare: It is bare.") > lines.index("Other")
        groups = [line for line in lines if not line.startswith(" ")]
        assert len(groups) == len(set(groups))

    def test_version(self) -> None:
        assert ganstudio("--version").stdout == f"ganstudio, version {__version__}\n"


def test_an_interrupt_stops_with_a_checkpoint_and_status_0(tmp_path: Path) -> None:
    place = tmp_path / "run"
    process = commands.start(
        *("train", "ring", *SMALL, "--steps", "10000000", "--set", "training.report_every=1"),
        *("--run-dir", place),
    )
    try:
        _wait_for(lambda: (place / "metrics.jsonl").exists() or process.poll() is not None)
        process.send_signal(signal.SIGINT)
        _stdout, stderr = process.communicate(timeout=60)
    finally:
        process.kill()
        process.wait()
    assert process.returncode == 0, stderr
    assert "Stopping after this step" in stderr
    assert "Traceback" not in stderr
    run = RunFolder.open(place)
    assert run.state == "stopped"
    checkpoint, damaged = run.latest_checkpoint()
    assert damaged == []
    assert f"Stopped at step {checkpoint.step} after " in stderr


def _wait_for(condition: Callable[[], bool], seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_a_second_interrupt_ends_at_once_and_keeps_what_was_written(
    install_plugin: InstallPlugin, tmp_path: Path
) -> None:
    """As the second Ctrl+C arrives: in the midst of a step."""
    install_plugin("broken_gan", BROKEN_GAN.format(build="pass", step="raise KeyboardInterrupt"))
    place = tmp_path / "run"
    options = ["--set", "architecture.kind=Broken", "--set", "training.report_every=1", "--run-dir", place]
    result = ganstudio("train", "ring", *SMALL[:2], *options)
    assert result.exit_code == 1
    assert last_line(result) == "Aborted!"
    run = RunFolder.open(place)
    assert run.state == "interrupted"
    assert [record["step"] for record in run.metrics() if "values" in record] == [1, 2, 3]


def test_an_interrupt_before_the_first_step_leaves_no_run(monkeypatch: pytest.MonkeyPatch) -> None:
    from ganstudio_plugins.point_data import Ring

    load = Ring.load

    def interrupted(self: Ring, report: Callable) -> Any:
        signal.raise_signal(signal.SIGINT)
        report("Loading", 0.5)
        return load(self, report)

    monkeypatch.setattr(Ring, "load", interrupted)
    assert "Stopped before the first step; there is no run." in refused(ganstudio("train", "ring"), status=1)
