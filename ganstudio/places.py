"""Where the studio keeps things: one home folder, named by ``GANSTUDIO_HOME`` or the platform's custom."""

from pathlib import Path

from ganstudio.api.folders import downloads_folder, home_folder


def home() -> Path:
    """Return the studio's folder; it may not exist yet."""
    return home_folder()


def runs() -> Path:
    """Return the folder that holds one folder a run."""
    return home() / "runs"


def downloads() -> Path:
    """Return the folder for data sets fetched from the network."""
    return downloads_folder()


def drawings() -> Path:
    """Return the folder of the points that were drawn in the window."""
    return home() / "drawings"


def queue() -> Path:
    """Return the folder of the queue: what waits to be trained."""
    return home() / "queue"


def plugins() -> Path:
    """Return the folder of the user's own plugins: files and folders."""
    return home() / "plugins"


def trust() -> Path:
    """Return the folder that remembers which plugin files the user has agreed to, and what is disabled."""
    return home() / "trust"


def catalogue() -> Path:
    """Return the file that remembers what the plugins offered when they were last loaded."""
    return home() / "cache" / "catalogue.json"


def log_file() -> Path:
    """Return the file every traceback goes to."""
    return home() / "logs" / "ganstudio.log"


def window_settings() -> Path:
    """Return the file that holds the window's layout and last choices."""
    return home() / "window.ini"
