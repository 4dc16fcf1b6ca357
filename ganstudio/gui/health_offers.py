"""Health offers: what a remedy's button says and does, as the run stands. Plain data, no Qt."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from ganstudio.api.conditions import Remedy
from ganstudio.gui import words
from ganstudio.gui.health_record import in_force


@dataclass(frozen=True)
class Standing:
    """How the run stands. ``trains``: where it goes on, so that settings can be changed in it now.

    ``held``: every setting by its path, as it holds now. ``busy``: why no other training can begin, where
    that is so; ``asks``: whether a run goes on here, about which would be asked first. ``folder``: whether
    there is a run on disk to branch from.
    """

    trains: Literal["here", "elsewhere", ""] = ""
    folder: bool = False
    asks: bool = False
    busy: str = ""
    held: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Offer:
    """A button. ``way``: what a press does. ``why``: its tip, which says what keeps it from being pressed."""

    text: str
    way: Literal["live", "branch", ""]
    why: str


def offer(remedy: Remedy, standing: Standing, step: int | None) -> Offer:
    """Return what can be done about a remedy; ``step``: the checkpoint to branch from, if there is one."""
    if remedy.way == "live" and standing.trains:
        if in_force(remedy, standing.held):
            return Offer("In force", "", "The run has these settings already.")
        back = "; Ctrl+Z takes it back" if standing.trains == "here" else ""
        return Offer("Apply now", "live", f"The run goes on with it from the next step{back}.")
    if not standing.folder:
        return Offer("Apply now", "", "There is no run to apply it to.")
    if remedy.way == "anew":
        step = None
    text = "Train anew with it" if step is None else f"Branch from {words.step(step)}"
    if standing.busy:
        return Offer(text, "", standing.busy)
    begins = "A new run begins with these settings, in the state of that checkpoint."
    if step is None:
        begins = "A new run begins with these settings, from the start"
        begins += "." if remedy.way == "anew" else ": there is no checkpoint from before."
    asks = " The run that goes on here is stopped first, or the new one waits in the queue: you are asked."
    return Offer(text, "branch", begins + (asks if standing.asks else " This run stays as it is."))
