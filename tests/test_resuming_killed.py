"""Runs whose process was killed go on as if nothing had happened, from their files alone."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from ganstudio.runs.folder import RunFolder
from tests.commands import ROOT
from tests.killing import CASES, KEPT, STEPS
from tests.same_run import assert_same_run

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")


@pytest.fixture(scope="module")
def killed_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("killed")
    command = [sys.executable, "-m", "tests.killing", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stderr
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
