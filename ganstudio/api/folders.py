"""Folders of the studio: its home, its place for downloads, and its place for caches. Loads no torch."""

import os
from pathlib import Path

import platformdirs


def home_folder() -> Path:
    """Return the studio's folder: ``GANSTUDIO_HOME``, or the platform's custom. It may not exist yet."""
    named = os.environ.get("GANSTUDIO_HOME")
    return Path(named).expanduser() if named else platformdirs.user_data_path("ganstudio", appauthor=False)


def downloads_folder() -> Path:
    """Return the folder for what is fetched from the network, such as data sets. It may not exist yet."""
    return home_folder() / "datasets"


def caches_folder() -> Path:
    """Return the folder for what can be made again at any time. It may not exist yet."""
    return home_folder() / "caches"
