"""The example is installed as anybody's package is, next to the studio, and trained."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from ganstudio.api import ImageSpec
from ganstudio.runs.folder import RunFolder
from tests.commands import ROOT


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


def ganstudio(installed: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "ganstudio", *arguments],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(installed)},
        check=False,
    )


def test_is_listed_once_it_is_installed(installed: Path) -> None:
    listed = ganstudio(installed, "plugins")
    assert listed.returncode == 0, listed.stderr
    assert "example  loaded  ganstudio-example: ganstudio_example 1.0" in listed.stdout
    assert "    Upsampling GAN, Drift" in listed.stdout
    assert "failed" not in listed.stdout


def test_trains_on_the_embedded_digits(installed: Path, tmp_path: Path) -> None:
    place = tmp_path / "run"
    wishes = {
        "architecture.kind": "UpsampleGAN",
        "architecture.width": "4",
        "regularizers.Drift.weight": "0.01",
        "training.report_every": "1",
    }
    options = [item for path, value in wishes.items() for item in ("--set", f"{path}={value}")]
    trained = ganstudio(
        installed, "train", "mnist-mlp", *options, "--steps", "4", "--device", "cpu", "--run-dir", str(place)
    )
    assert trained.returncode == 0, trained.stderr
    run = RunFolder.open(place)
    assert run.state == "finished"
    assert run.provenance["plugins"]["ganstudio-example: ganstudio_example"] == "1.0"
    values = [record["values"] for record in run.metrics() if "values" in record]
    assert len(values) == 4
    assert all(record["penalty/Drift"] >= 0 for record in values)


def test_refuses_sides_that_it_cannot_halve_twice(installed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(installed))
    from ganstudio_example import UpsampleGAN

    settings = UpsampleGAN.Settings()
    assert UpsampleGAN.refuses(settings, ImageSpec(3, 64, 32)) is None
    assert "set Resize to 28" in UpsampleGAN.refuses(settings, ImageSpec(1, 30, 28))
    monkeypatch.delitem(sys.modules, "ganstudio_example")


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
