"""A case: one run whose trouble, if any, is known beforehand. It knows nothing of rules or of files."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from ganstudio.experiment import Experiment

Half = Literal["chosen on", "reported on"]
"""Thresholds are chosen by one half of the cases and reported on the other."""
HALVES: tuple[Half, Half] = ("chosen on", "reported on")


@dataclass(frozen=True)
class Case:
    """A run to be made. ``trouble``: what it is to be found to have; empty for a healthy one.

    ``way``: how that is brought about, in a few words. ``onset``: the step it is brought about at, 0 for
    from the start. ``edits``: live changes after so many steps, each a path and a value. ``previews``: about
    how many it has; a real run may have few, far apart.
    """

    name: str
    table: Mapping[str, Any]
    trouble: str = ""
    way: str = ""
    half: Half = "chosen on"
    edits: tuple[tuple[int, str, Any], ...] = ()
    steps: int = 1000
    previews: int = 25

    @property
    def experiment(self) -> Experiment:
        """What is trained."""
        return Experiment.from_dict({**self.table, "name": self.name})

    @property
    def onset(self) -> int:
        """The step at which the trouble is brought about."""
        return self.edits[0][0] if self.edits else 0

    @property
    def family(self) -> str:
        """The architecture it is of."""
        return str(self.table["architecture"]["kind"])
