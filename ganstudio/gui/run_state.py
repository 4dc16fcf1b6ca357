"""Run state: what each control of a run says and whether it can be pressed. Plain data, no Qt."""

from dataclasses import dataclass

ACTIVE = ("preparing", "running", "paused", "stopping")
"""The states in which a training goes on."""


@dataclass(frozen=True)
class Control:
    """A button as it is in one state. ``why``: its tooltip, which says what keeps it from being pressed."""

    text: str
    enabled: bool
    why: str


@dataclass(frozen=True)
class Controls:
    """All buttons of a run in one state."""

    train: Control
    pause: Control
    step: Control
    stop: Control


def controls_for(state: str, loading: str = "", choosable: bool = True) -> Controls:
    """Return the controls in a state.

    ``loading`` says what is being loaded, if anything; ``choosable`` whether there is an experiment to train.
    """
    return Controls(
        train=_train(state, loading, choosable), pause=_pause(state), step=_step(state), stop=_stop(state)
    )


def _train(state: str, loading: str, choosable: bool) -> Control:
    if loading:
        return Control("Train", False, loading)
    if state in ACTIVE:
        return Control("Train", False, "A run goes on; stop it to train anew.")
    if not choosable:
        return Control("Train", False, "No plugin offers anything to train; see the Plugins page.")
    return Control("Train", True, "Train the experiment in the form (Ctrl+R)")


def _pause(state: str) -> Control:
    if state == "paused":
        return Control("Resume", True, "Go on with the next step (Space)")
    if state == "running":
        return Control("Pause", True, "Hold before the next step (Space)")
    return Control("Pause", False, "Holds a run between two steps; none is running.")


def _step(state: str) -> Control:
    if state == "paused":
        return Control("Step", True, "Make one step and hold again (F10)")
    return Control("Step", False, "Makes one step while a run is paused.")


def _stop(state: str) -> Control:
    if state == "stopping":
        return Control("Stopping…", False, "The step under way is finished, then the state is saved.")
    if state == "preparing":
        return Control("Stop", True, "Give up before the first step (Ctrl+.)")
    if state in ("running", "paused"):
        return Control("Stop", True, "End the run after this step and save its state (Ctrl+.)")
    return Control("Stop", False, "Ends a run and saves its state; none is running.")
