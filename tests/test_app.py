"""The window as the program opens it, in a process of its own."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ganstudio.app import FIRST_PAINT, Studio


def start(home: Path, **environment: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "ganstudio"],
        env={**os.environ, "GANSTUDIO_HOME": str(home), **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_the_window_is_painted_before_anything_heavy_is_loaded(studio_home: Path) -> None:
    code = (
        "import sys, ganstudio.app; "
        "print([m for m in ('torch', 'torchvision', 'numpy', 'pyqtgraph', 'pydantic') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_it_opens_and_tells_when(studio_home: Path) -> None:
    process = start(studio_home, **{FIRST_PAINT: "quit"})
    out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, "")
    assert out.startswith("first paint ")


@pytest.mark.skipif(sys.platform == "win32", reason="signals work differently on Windows")
def test_ctrl_c_closes_the_window_in_good_order(studio_home: Path) -> None:
    process = start(studio_home, **{FIRST_PAINT: "1"})
    assert process.stdout is not None
    process.stdout.readline()
    time.sleep(0.5)
    process.send_signal(signal.SIGINT)
    _out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, "")
    assert (studio_home / "window.ini").exists()


def test_without_a_display_it_says_so_in_one_line(studio_home: Path) -> None:
    process = start(studio_home, QT_QPA_PLATFORM="", DISPLAY="", WAYLAND_DISPLAY="")
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (1, "")
    assert err.startswith("There is no display here")
    assert len(err.splitlines()) == 1


@pytest.mark.usefixtures("allow_log_warnings")
def test_an_error_nobody_expected_is_said_in_the_window(qapp: QApplication, qtbot: QtBot) -> None:
    studio = Studio(qapp)
    qtbot.addWidget(studio.window)
    studio.window.firstPainted.disconnect()
    studio.show()
    try:
        raise RuntimeError("a bug")
    except RuntimeError as error:
        studio.take_error(type(error), error, error.__traceback__)
    assert studio.window.banner.sentence.text() == "RuntimeError: a bug"
    assert "test_app.py" in studio.window.banner.details.toPlainText()
    studio.window.close()
