"""Where the studio keeps things: one home folder, named by ``GANSTUDIO_HOME`` or the platform's custom."""

import os
from pathlib import Path

import platformdirs


def home() -> Path:
    """Return the studio's folder; it may not exist yet."""
    named = os.environ.get("GANSTUDIO_HOME")
    return Path(named).expanduser() if named else platformdirs.user_data_path("ganstudio", appauthor=False)


def runs() -> Path:
    """Return the folder that holds one folder a run."""
    return home() / "runs"


def downloads() -> Path:
    """Return the folder for data sets fetched from the network."""
    return home() / "datasets"


def catalogue() -> Path:
    """Return the file that remembers what the plugins offered when they were last loaded."""
    return home() / "cache" / "catalogue.json"


def log_file() -> Path:
    """Return the file every traceback goes to."""
    return home() / "logs" / "ganstudio.log"


def window_settings() -> Path:
    """Return the file that holds the window's layout and last choices."""
    return home() / "window.ini"
