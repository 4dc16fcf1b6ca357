"""A run folder that is made read-only holds the training until it can be written again."""

import json
import os
import subprocess
import sys
import tempfile

import pytest

from tests.commands import ROOT


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="needs users and rights as Unix has them")
def test_training_holds_until_the_folder_can_be_written_again_and_ends_the_same() -> None:
    # Not below pytest's own folder, which others may not enter.
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [sys.executable, "-m", "tests.faults.read_only", folder],
            capture_output=True,
            text=True,
            timeout=120,
            cwd=ROOT,
            env={**os.environ, "GANSTUDIO_HOME": folder},
            check=False,
        )
    assert done.returncode == 0, done.stderr
    held, released = json.loads(done.stdout.splitlines()[-1])
    assert held[0] == "Held"
    assert 15 <= held[1] <= 20, "at a checkpoint, or at the next preview"
    assert "cannot be written: access to it is denied, so training holds." in held[2]
    assert "Let it be written again; it then goes on by itself." in held[2]
    assert released[:2] == ["Released", held[1]]
