"""Kills: one run, killed again and again while it does everything it does, ends as one that was let be."""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[2]


def main(arguments: list[str]) -> int:
    """Kill a run, print what each kill hit, and return 1 when its end differs from the undisturbed one."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak kills", description=__doc__)
    parser.add_argument("--lives", type=int, default=50, help="how often it is killed [50]")
    parser.add_argument(
        "--folder", type=Path, help="an empty folder for the runs [default: one that goes away]"
    )
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        return kill(options.folder or Path(folder), options.lives)


def kill(folder: Path, lives: int) -> int:
    # A process of its own: what is forked must not have done any work on several threads.
    command = [sys.executable, "-m", "tests.faults.kills", str(folder), str(lives)]
    return subprocess.run(command, cwd=ROOT, check=False).returncode
