"""Launch: from what is asked for to a stream of recorded events.

The one way to train, for the window and for the command line; they differ in what they do with the events.
"""

from ganstudio import resuming
from ganstudio.branching import branch_experiment, prepare_branch
from ganstudio.health_facts import watch_for
from ganstudio.performing import Prepared, train
from ganstudio.preparing import Cancelled, Progress, load, make_trainer, new_folder, watched
from ganstudio.registry import Registry
from ganstudio.replaying import prepare_replay
from ganstudio.requests import AnyRequest, Branch, Replay, Request, Resume
from ganstudio.resolve import resolve
from ganstudio.runs import control
from ganstudio.runs.folder import RunFolder
from ganstudio.runs.recalling import recall
from ganstudio.training.controls import Controls
from ganstudio.training.device import choose

__all__ = [
    "Branch",
    "Cancelled",
    "Prepared",
    "Progress",
    "Replay",
    "Request",
    "Resume",
    "branch_experiment",
    "prepare",
    "train",
]


def prepare(request: AnyRequest, registry: Registry, controls: Controls, progress: Progress) -> Prepared:
    """Check everything, load the data, make or open the run folder.

    Raises ``InputError`` for what was asked wrongly, ``StudioError`` for what cannot be had, and
    ``Cancelled`` when the mailbox says stop meanwhile. Nothing is left behind then, and a run that was to go
    on is as it was. Once it goes on, what was recorded after its checkpoint is taken back.
    """
    match request:
        case Request():
            return _new(request, registry, controls, watched(controls, progress))
        case Resume():
            return _resumed(request, registry, controls, watched(controls, progress))
        case Branch():
            return prepare_branch(request, registry, controls, watched(controls, progress))
        case Replay():
            return prepare_replay(request, registry, controls, watched(controls, progress))


def _new(request: Request, registry: Registry, controls: Controls, progress: Progress) -> Prepared:
    resolved = resolve(request.experiment, registry)
    device = choose(request.device)
    data = load(resolved, progress)
    progress("Making the run folder", None)
    facts = {"queued": request.queued} if request.queued else {}
    run = new_folder(request.run_dir, resolved, registry, data, str(device), facts)
    trainer = make_trainer(resolved, registry, data, device, controls, run)
    return Prepared(resolved, trainer, run, watch=watch_for(resolved, registry, data))


def _resumed(request: Resume, registry: Registry, controls: Controls, progress: Progress) -> Prepared:
    run = RunFolder.open(request.path, writing=True)
    try:
        # What was meant for a process that trains no more; what is sent from now on is for this one.
        control.clear(run.path)
        return _resumed_in(run, request, registry, controls, progress)
    except BaseException:
        run.close()
        raise


def _resumed_in(
    run: RunFolder, request: Resume, registry: Registry, controls: Controls, progress: Progress
) -> Prepared:
    experiment = run.experiment
    if request.steps is not None:
        experiment = experiment.with_value("training.steps", request.steps)
    resolved = resuming.resolve_again(run, experiment, registry)
    progress("Reading the checkpoint", None)
    start = resuming.find_start(run, resolved.training.steps)
    device = choose(request.device or run.provenance.get("device") or "auto")
    data = load(resolved, progress)
    resuming.check_data(run, data)
    trainer = make_trainer(resolved, registry, data, device, controls, run, start)
    watch = watch_for(resolved, registry, data)
    if watch and start.state:
        recalled = recall(run.path, start.state.step, start.state.rest.get("changes", 0))
        watch.remember(recalled.events, recalled.health)
    if request.steps is not None:
        run.rewrite_experiment(resolved.experiment)
    return Prepared(resolved, trainer, run, (*run.mended, *start.notes), watch)
