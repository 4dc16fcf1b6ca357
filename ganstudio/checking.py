"""Checking: the conformance of one plugin, found out in a process of its own with a limit of time.

Whatever the plugin does there harms nothing here. It loads no torch, and knows nothing of what is checked;
whoever asks has made sure that the plugin may be executed.
"""

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import psutil

from ganstudio.failures import is_plugin
from ganstudio.testing.report import Finding, Report

SECONDS = 60.0
"""How long a check may take, where nobody says otherwise."""
_POLL_SECONDS = 0.05
_WRITING_SECONDS = 1.0
"""So long is waited for the process to write where it was."""
_STARTING_SECONDS = 120.0
"""So long may it take to load torch; a check's own time begins after that."""


def run_check(
    target: str | Path,
    seconds: float = SECONDS,
    *,
    cancelled: Callable[[], bool] = lambda: False,
    tell: Callable[[Finding], None] | None = None,
) -> Report:
    """Check a plugin, by its path, its name or the name of a class, and return what was found.

    Blocks; ``tell`` is called with each finding as it is made, on the calling thread. After ``seconds``, or
    once ``cancelled`` says so, the process is ended, and the last finding says so and where it was.
    """
    with tempfile.TemporaryDirectory(prefix="ganstudio-check-") as name:
        folder = Path(name)
        process = _start(str(target), folder, seconds)
        try:
            return _Reading(str(target), process, folder, tell).until(seconds, cancelled)
        finally:
            _end(process)


def _start(target: str, folder: Path, seconds: float) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "ganstudio.testing", target, str(folder), str(seconds)]
    with (folder / "stderr").open("wb") as errors:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            # What a plugin prints is not for whoever reads the report.
            stdout=subprocess.DEVNULL,
            stderr=errors,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )


class _Reading:
    """Reads along with a check, to its end or that of its time."""

    def __init__(
        self,
        target: str,
        process: subprocess.Popen[bytes],
        folder: Path,
        tell: Callable[[Finding], None] | None,
    ) -> None:
        self._process = process
        self._folder = folder
        self._tell = tell
        self._report = Report(target)
        self._read = 0
        self._done = False

    def until(self, seconds: float, cancelled: Callable[[], bool]) -> Report:
        """Return the report, with how it ended where that was not by itself."""
        ends = time.monotonic() + _STARTING_SECONDS
        begun = False
        while True:
            ended = self._process.poll() is not None
            self._take_new()
            if self._done:
                return self._report
            if ended:
                return self._with(self._broke_off())
            if cancelled():
                return self._with(Finding("time", False, "The check was stopped before its end."))
            if not begun and (self._folder / "where").exists():
                begun, ends = True, time.monotonic() + seconds + _WRITING_SECONDS
            if self._where() or time.monotonic() > ends:
                return self._with(self._out_of_time(seconds))
            time.sleep(_POLL_SECONDS)

    def _take_new(self) -> None:
        """Take the findings that were written since; an empty line is the end."""
        lines = _text(self._folder / "findings").splitlines(keepends=True)
        for line in lines[self._read :]:
            if not line.endswith("\n"):
                break
            self._read += 1
            if line == "\n":
                self._done = True
            else:
                self._with(Finding(**json.loads(line)))

    def _with(self, finding: Finding) -> Report:
        self._report = self._report.plus(finding)
        if self._tell is not None:
            self._tell(finding)
        return self._report

    def _out_of_time(self, seconds: float) -> Finding:
        file, line, function = _place(self._where())
        where = f"; it was in {function}, {Path(file).name}:{line}" if file else ""
        subject = self._report.findings[-1].subject if self._report.findings else ""
        return Finding(
            "time",
            False,
            f"The check did not finish within {seconds:g} s{where}. What it does may only be slow: make it "
            "smaller, or allow more time with --seconds.",
            file,
            line,
            seconds,
            subject,
        )

    def _broke_off(self) -> Finding:
        status = self._process.returncode
        how = f"with status {status}"
        if status < 0:
            how = f"by {signal.Signals(-status).name}"
        said = _text(self._folder / "stderr").strip().splitlines()
        last = f" Its last words: {said[-1].strip()}" if said else ""
        return Finding("time", False, f"The process of the check was ended {how}.{last}", self._report.target)

    def _where(self) -> str:
        return _text(self._folder / "where")


def _place(trace: str) -> tuple[str, int, str]:
    """Return file, line and function of the deepest frame of a plugin in what faulthandler wrote."""
    threads = re.split(r"^(?:Current t|T)hread .*$", trace, flags=re.MULTILINE)
    # The thread that checks comes before all that the plugin has started.
    for thread in sorted(threads, key=lambda text: _OWN not in text):
        for file, line, function in _FRAME.findall(thread):
            if is_plugin(file):
                return file, int(line), function
    return "", 0, ""


_FRAME = re.compile(r'File "(.*)", line (\d+) in (.*)')
_OWN = os.path.join("testing", "__main__.py")


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return ""


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a process, and all that it has started."""
    if process.poll() is None:
        try:
            family = psutil.Process(process.pid).children(recursive=True)
        except psutil.NoSuchProcess:
            family = []
        process.kill()
        for child in family:
            if child.is_running():
                child.kill()
    process.wait()
