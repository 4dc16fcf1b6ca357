"""Steering: which settings of a form act on the run that goes on, and what holds there.

Plain bookkeeping. It knows nothing of widgets and of sessions.
"""

from collections import Counter
from typing import Any

from ganstudio.experiment import Experiment, ExperimentError


class Steering:
    """The running experiment beside the form's choice."""

    def __init__(self) -> None:
        self.running: Experiment | None = None
        self._on_the_way: Counter[str] = Counter()

    def begin(self, running: Experiment) -> None:
        """Take the complete experiment that runs now."""
        self.running = running
        self._on_the_way.clear()

    def end(self) -> None:
        """Forget the run: it is over."""
        self.running = None
        self._on_the_way.clear()

    def steers(self, path: str, chosen: Experiment | None) -> bool:
        """Say whether a setting of ``chosen`` is one of the running experiment too.

        That needs the same architecture (loss, regularizer, network) in both.
        """
        running = self.running
        if running is None or chosen is None or self.held(path) is None:
            return False
        part = path.split(".")[0]
        if part in ("architecture", "optimizers"):
            return chosen.architecture.kind == running.architecture.kind
        if part == "loss":
            return (
                chosen.loss is not None and running.loss is not None and chosen.loss.kind == running.loss.kind
            )
        return True

    def held(self, path: str) -> Any:
        """Return the value that holds in the run, as far as is known; ``None`` for no such setting."""
        branch: Any = self.running.to_dict() if self.running else {}
        for part in path.split("."):
            branch = branch.get(part) if isinstance(branch, dict) else None
        return branch

    def sent(self, path: str) -> None:
        """Note that an edit is on its way to the run; its answer will come."""
        self._on_the_way[path] += 1

    def answered(self, path: str, value: Any = None) -> bool:
        """Take the answer to an edit (``value`` is what holds now, or ``None`` where it was refused).

        Return whether it is the last answer awaited: an earlier one must not move what the user still drags.
        """
        self._on_the_way[path] = max(self._on_the_way[path] - 1, 0)
        if value is not None and self.running is not None:
            self.running = _with(self.running, path, value)
        return not self._on_the_way[path]


def _with(experiment: Experiment, path: str, value: Any) -> Experiment:
    try:
        return experiment.with_value(path, value)
    except ExperimentError:
        return experiment
