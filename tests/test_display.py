import ctypes
import socket
import sys
from pathlib import Path

import pytest

from ganstudio import display
from ganstudio.display import display_problem

pytestmark = pytest.mark.skipif(
    sys.platform in ("win32", "darwin"), reason="there is always a display on this platform"
)


def test_no_display_names_the_command_that_needs_none() -> None:
    problem = display_problem({})
    assert problem is not None
    assert problem.startswith("There is no display here")
    assert "`ganstudio train mnist-dcgan`" in problem


def test_a_platform_without_a_display_needs_none() -> None:
    assert display_problem({"QT_QPA_PLATFORM": "offscreen"}) is None
    assert display_problem({"QT_QPA_PLATFORM": "offscreen:fontconfig"}) is None


@pytest.mark.parametrize("name", [":987", "unix:987", "127.0.0.1:987", "nonsense"])
def test_a_display_that_nobody_answers_on_is_a_sentence(name: str) -> None:
    problem = display_problem({"DISPLAY": name})
    assert problem is not None
    assert problem.startswith(f"Nobody answers on the display {name}")


def test_a_compositor_that_is_gone_is_a_sentence(tmp_path: Path) -> None:
    environment = {"WAYLAND_DISPLAY": "wayland-0", "XDG_RUNTIME_DIR": str(tmp_path)}
    problem = display_problem(environment)
    assert problem is not None
    assert "wayland-0" in problem


def test_a_compositor_that_listens_is_enough(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as compositor:
        compositor.bind(str(tmp_path / "wayland-0"))
        compositor.listen(1)
        assert display_problem({"WAYLAND_DISPLAY": "wayland-0", "XDG_RUNTIME_DIR": str(tmp_path)}) is None


def test_missing_libraries_are_named_with_the_command_that_brings_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real = ctypes.CDLL

    def without_two(name: str) -> object:
        if name in ("libGL.so.1", "libdbus-1.so.3"):
            raise OSError(name)
        return real(name)

    monkeypatch.setattr(display.ctypes, "CDLL", without_two)
    problem = display_problem({"QT_QPA_PLATFORM": "offscreen"})
    assert problem is not None
    assert "libGL.so.1, libdbus-1.so.3" in problem
    assert "apt-get install -y libgl1 libdbus-1-3." in problem


def test_libraries_for_x_are_asked_for_where_x_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(display, "_x_answers", lambda name: True)
    monkeypatch.setattr(display, "_loads", lambda name: name != "libxcb-cursor.so.0")
    problem = display_problem({"DISPLAY": ":0"})
    assert problem is not None
    assert "apt-get install -y libxcb-cursor0." in problem
