"""Display: whether a window can be opened here, found out before Qt is loaded, which would abort instead.

It loads no Qt. Elsewhere than on Linux and its relatives there is always a display.
"""

import ctypes
import os
import socket
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

_WITHOUT = "`ganstudio train mnist-dcgan` trains without a window."

_QT_LIBRARIES = {
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libfontconfig.so.1": "libfontconfig1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libX11.so.6": "libx11-6",
    "libxcb.so.1": "libxcb1",
}
"""What Qt's own libraries need from the system, and the Debian package of each."""

_X_LIBRARIES = {
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libX11-xcb.so.1": "libx11-xcb1",
}
"""What Qt's plugin for X needs besides."""

_X_PORT = 6000
_PATIENCE = 3.0
"""Seconds to wait for a display on another machine."""


def display_problem(environment: Mapping[str, str] = os.environ) -> str | None:
    """Return why no window can be opened here and what to do, or ``None`` where one can."""
    if sys.platform in ("win32", "darwin"):
        return None
    platform = environment.get("QT_QPA_PLATFORM", "").partition(":")[0]
    if platform not in ("", "xcb", "wayland"):
        return _missing(_QT_LIBRARIES)
    x, wayland = environment.get("DISPLAY", ""), environment.get("WAYLAND_DISPLAY", "")
    if not (x or wayland):
        return f"There is no display here, so no window can be opened. {_WITHOUT}"
    missing = _missing(_QT_LIBRARIES)
    if missing:
        return missing
    if platform != "xcb" and wayland and _wayland_answers(environment, wayland):
        return None
    if not x or not _x_answers(x):
        return f"Nobody answers on the display {x or wayland}, so no window can be opened. {_WITHOUT}"
    return _missing(_X_LIBRARIES)


def missing_libraries(libraries: Iterable[str]) -> list[str]:
    """Return those of the shared libraries that cannot be loaded."""
    return [name for name in libraries if not _loads(name)]


def _missing(libraries: Mapping[str, str]) -> str | None:
    missing = missing_libraries(libraries)
    if not missing:
        return None
    packages = " ".join(dict.fromkeys(libraries[name] for name in missing))
    return (
        f"The window needs system libraries that are not here: {', '.join(missing)}. "
        f"On Debian and Ubuntu: apt-get install -y {packages}. {_WITHOUT}"
    )


def _loads(name: str) -> bool:
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


def _wayland_answers(environment: Mapping[str, str], name: str) -> bool:
    """Say whether a compositor listens. An absolute name is the socket itself."""
    path = Path(environment.get("XDG_RUNTIME_DIR", "/run/user")) / name
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        try:
            probe.connect(str(path))
        except OSError:
            return False
    return True


def _x_answers(display: str) -> bool:
    """Say whether an X server lets us in, the way Qt asks it: with all its rules of permission."""
    host, _, number = display.rpartition(":")
    if host and "/" not in host and host != "unix" and not _reachable(host, number):
        return False
    xcb = ctypes.CDLL("libxcb.so.1")
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connection_has_error.argtypes = [ctypes.c_void_p]
    xcb.xcb_disconnect.argtypes = [ctypes.c_void_p]
    connection = xcb.xcb_connect(display.encode(), None)
    refused = bool(xcb.xcb_connection_has_error(connection))
    xcb.xcb_disconnect(connection)
    return not refused


def _reachable(host: str, number: str) -> bool:
    """Say whether another machine's display can be reached at all; libxcb would wait for minutes."""
    try:
        port = _X_PORT + int(number.partition(".")[0])
        with socket.create_connection((host.strip("[]"), port), timeout=_PATIENCE):
            return True
    except (OSError, ValueError):
        return False
