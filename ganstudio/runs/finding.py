"""Finding: what is wrong with a path that leads to no run, and which run may be meant."""

import difflib
from pathlib import Path

EXPERIMENT = "experiment.toml"
"""A folder with this file is a run."""


def why_no_run(path: Path) -> str:
    """Return a sentence on why there is no run at ``path``, with the nearest that there is."""
    if path.is_file():
        return f"{path} is a file; a run is a folder with a file {EXPERIMENT}."
    if path.is_dir():
        inside = _runs_in(path)
        hint = f" The latest run in it is {inside[-1].name}." if inside else ""
        return f"{path} is no run: it has no {EXPERIMENT}.{hint}"
    beside = [run.name for run in _runs_in(path.parent)]
    near = difflib.get_close_matches(path.name, beside, n=1) or beside[-1:]
    return f"There is no folder {path}." + (f" Did you mean {near[0]}?" if near else "")


def _runs_in(parent: Path) -> list[Path]:
    """Return the runs in a folder; as their names begin with the time, the latest is the last."""
    try:
        return sorted(path for path in parent.iterdir() if (path / EXPERIMENT).is_file())
    except OSError:
        return []
