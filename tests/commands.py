"""The command line as tests use it: in this process where that is enough, in one of its own where not."""

import os
import subprocess
import sys
from pathlib import Path

from click.testing import CliRunner, Result

from ganstudio.cli import main

ROOT = Path(__file__).parents[1]


def ganstudio(*arguments: str | Path) -> Result:
    """Run a command in this process; a traceback in what it says is a failure of the test."""
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert "Traceback" not in result.output
    return result


def start(*arguments: str | Path) -> subprocess.Popen[str]:
    """Start a command in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "ganstudio", *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def python(code: str, *, check: bool = True, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run ``code`` in a fresh interpreter."""
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, **environment},
        check=False,
    )
    assert not check or done.returncode == 0, done.stderr
    return done
