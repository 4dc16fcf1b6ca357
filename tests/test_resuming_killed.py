"""Runs whose process was killed go on as if nothing had happened, from their files alone."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from ganstudio.runs.folder import RunFolder
from tests.commands import ROOT
from tests.killing import CASES, KEPT, STEPS
from tests.same_run import assert_same_run

pytestmark = pytest.mark.skipif(not hasattr(__import__("os"), "fork"), reason="this system cannot fork")


def kill(folder: Path, what: str) -> str:
    command = [sys.executable, "-m", "tests.killing", str(folder), what]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def killed_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("killed")
    kill(folder, "once")
    return folder


@pytest.mark.parametrize("name", CASES)
def test_a_killed_run_ends_as_one_that_was_not(killed_once: Path, name: str) -> None:
    straight, killed = (RunFolder.open(killed_once / name / each) for each in ("straight", "killed"))
    assert_same_run(straight, killed)
    steps = [line["step"] for line in killed.metrics() if "values" in line]
    assert steps == list(range(7, STEPS + 1, 7))
    events = list(killed.events())
    assert [(e["event"], e["step"]) for e in events if e["event"].endswith("arted")] == [
        ("Started", 1),
        ("Restarted", KEPT),
    ]
    changes = [
        [
            (e["step"], e["path"], e["value"], e["before"])
            for e in run.events()
            if e["event"] == "SettingChanged"
        ]
        for run in (straight, killed)
    ]
    assert changes[0] == changes[1] != []


def test_a_run_killed_again_and_again_ends_as_one_that_was_not(tmp_path: Path) -> None:
    kills = int(re.findall(r"\d+", kill(tmp_path, "often"))[-1])
    assert kills >= 5
    straight, killed = (RunFolder.open(tmp_path / each) for each in ("straight", "killed"))
    assert_same_run(straight, killed)
    assert len([event for event in killed.events() if event["event"] == "Restarted"]) >= 4
    assert 1 <= len(killed.checkpoints()) <= 2
    inside = [path.name for path in killed.path.rglob("*/*")]
    assert not [name for name in inside if ".tmp-" in name or "damaged" in name]
