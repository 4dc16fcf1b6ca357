"""The example is installed as anybody's package is, next to the studio, and trained."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ganstudio.api import ImageSpec
from ganstudio.runs.folder import RunFolder
from tests.commands import ROOT, ganstudio


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder that the example was installed into, as pip does it, without the network."""
    # Of a copy, because building leaves files beside the source.
    source = tmp_path_factory.mktemp("source") / "example"
    shutil.copytree(ROOT / "plugins" / "example", source, ignore=shutil.ignore_patterns("__pycache__"))
    target = tmp_path_factory.mktemp("installed")
    options = ["--no-deps", "--no-build-isolation", "--no-index", "--quiet", "--target", str(target)]
    command = [sys.executable, "-m", "pip", "install", *options, str(source)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return target


@pytest.fixture
def beside(installed: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Have it installed in this process."""
    monkeypatch.syspath_prepend(str(installed))
    yield
    for name in [name for name in sys.modules if name.partition(".")[0] == "ganstudio_example"]:
        del sys.modules[name]


@pytest.mark.usefixtures("beside")
def test_is_listed_once_it_is_installed() -> None:
    listed = ganstudio("plugins")
    assert listed.exit_code == 0, listed.stderr
    assert "example  loaded  ganstudio-example: ganstudio_example 1.0" in listed.stdout
    assert "    Upsampling GAN, Drift" in listed.stdout
    assert "failed" not in listed.stdout


@pytest.mark.usefixtures("beside")
def test_trains_on_the_embedded_digits(tmp_path: Path) -> None:
    place = tmp_path / "run"
    wishes = {
        "architecture.kind": "UpsampleGAN",
        "architecture.width": "4",
        "regularizers.Drift.weight": "0.01",
        "training.report_every": "1",
    }
    options = [item for path, value in wishes.items() for item in ("--set", f"{path}={value}")]
    trained = ganstudio("train", "mnist-mlp", *options, "--steps", "4", "--device", "cpu", "--run-dir", place)
    assert trained.exit_code == 0, trained.stderr
    run = RunFolder.open(place)
    assert run.state == "finished"
    assert run.provenance["plugins"]["ganstudio-example: ganstudio_example"] == "1.0"
    values = [record["values"] for record in run.metrics() if "values" in record]
    assert len(values) == 4
    assert all(record["penalty/Drift"] >= 0 for record in values)


@pytest.mark.usefixtures("beside")
def test_refuses_sides_that_it_cannot_halve_twice() -> None:
    from ganstudio_example import UpsampleGAN

    settings = UpsampleGAN.Settings()
    assert UpsampleGAN.refuses(settings, ImageSpec(3, 64, 32)) is None
    assert "set Resize to 28" in UpsampleGAN.refuses(settings, ImageSpec(1, 30, 28))


def test_its_own_tests_pass_where_it_is_installed(installed: Path, tmp_path: Path) -> None:
    shutil.copy(ROOT / "plugins" / "example" / "test_ganstudio_example.py", tmp_path)
    tested = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(installed)},
        check=False,
    )
    assert "3 passed" in tested.stdout, tested.stdout
