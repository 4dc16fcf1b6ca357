"""A training from the request to its end, as tests of what comes after want one."""

from pathlib import Path

from ganstudio import launch
from ganstudio.experiment import Experiment
from ganstudio.registry import Registry
from ganstudio.runs.folder import RunFolder
from ganstudio.training.controls import Controls


def trained(experiment: Experiment, registry: Registry, place: Path) -> RunFolder:
    """Train an experiment into a folder, and return its run."""
    request = launch.Request(experiment, "cpu", place)
    prepared = launch.prepare(request, registry, Controls(), lambda what, share: None)
    for _event in launch.train(prepared):
        pass
    return RunFolder.open(place)
