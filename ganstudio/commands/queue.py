"""The commands of the queue: what waits to be trained, and working it without a window."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ganstudio.api import InputError
from ganstudio.commands import common

if TYPE_CHECKING:
    from ganstudio.api.events import Event
    from ganstudio.queueing import Entry, Queue, State
    from ganstudio.registry import Registry


@click.group()
def queue() -> None:
    """Experiments that wait and are trained one after another; the window shows the same queue."""


@queue.command()
@click.argument("experiment")
@click.option("--set", "assignments", multiple=True, metavar="PATH=VALUE", help="Change a setting.")
@click.option("--device", default="auto", show_default=True, help="A key from `ganstudio devices`.")
@click.option("--steps", type=int, help="Short for --set training.steps=…; with --resume the total to go to.")
@click.option("--name", help="Short for --set name=…")
@click.option("--resume", is_flag=True, help="Go on with the run in the folder EXPERIMENT.")
@click.option("--branch", is_flag=True, help="Branch from the run EXPERIMENT, written RUN or RUN@STEP.")
def add(
    experiment: str,
    assignments: tuple[str, ...],
    device: str,
    steps: int | None,
    name: str | None,
    resume: bool,
    branch: bool,
) -> None:
    """Add a preset, the experiment in a TOML file, or a run to go on with or to branch from."""
    from ganstudio import queueing
    from ganstudio.queueing import Queue

    if resume and branch:
        raise InputError(
            "--resume and --branch exclude each other: a run goes on, or another begins from it."
        )
    if resume:
        if assignments or name:
            raise InputError("A run that goes on keeps its settings; with --branch they can be changed.")
        entry = queueing.resuming(_run(Path(experiment)), steps, device)
    else:
        wishes = {f"--set {text}": text for text in assignments}
        if steps is not None:
            wishes[f"--steps {steps}"] = f"training.steps={steps}"
        if name:
            wishes[f"--name {name}"] = f"name={name}"
        entry = _asked(experiment, wishes, device, branch)
    Queue().add(entry)
    click.echo(f"{entry.name} waits in the queue; `ganstudio queue run` works it.")


@queue.command(name="list")
def list_() -> None:
    """List the queue in its order, with what became of each entry."""
    from ganstudio.queueing import Queue

    waiting = Queue()
    entries = waiting.entries()
    if not entries:
        click.echo("The queue is empty.")
    for number, entry in enumerate(entries, 1):
        steps = f"  {entry.total} steps" if entry.total else ""
        click.echo(f"{number:3d}  {entry.state:<11}  {entry.name}{steps}")
        for line in filter(None, (entry.sentence, str(entry.run or ""))):
            click.echo(f"     {line}")
    if waiting.worked:
        click.echo("It is being worked.")


@queue.command()
@click.argument("number", type=int)
def remove(number: int) -> None:
    """Take the entry of that number in the list out of the queue; its run stays."""
    from ganstudio.queueing import Queue

    waiting = Queue()
    entries = waiting.entries()
    if not 1 <= number <= len(entries):
        raise InputError(f"There is no entry {number} in the queue; it has {len(entries)}.")
    click.echo(f"{waiting.remove(entries[number - 1].key).name} is out of the queue.")


@queue.command()
def run() -> None:
    """Train what waits, one after another, until nothing waits; Ctrl+C stops the run and the queue.

    What fails is marked and passed over. The exit status is then 1.
    """
    from ganstudio.queueing import Queue

    working = Queue()
    if not working.begin_work():
        raise InputError("Another window or command line works the queue already.")
    try:
        failed = _work(working, common.registry())
    finally:
        working.end_work()
    if failed:
        click.echo(f"{failed} of the queue failed; `ganstudio queue list` says why.", err=True)
        click.get_current_context().exit(1)


def _work(working: "Queue", registry: "Registry") -> int:
    """Train until nothing waits or somebody stops it; return how many failed."""
    failed = 0
    while (entry := working.next_waiting()) is not None:
        click.echo(f"Training {entry.name}.", err=True)
        working.mark(entry.key, "running")
        state, sentence = _train(working, entry, registry)
        working.mark(entry.key, state, sentence)
        if sentence:
            click.echo(sentence, err=True)
        if state in ("stopped", "waiting"):
            break
        failed += state in ("failed", "refused")
    return failed


def _train(working: "Queue", entry: "Entry", registry: "Registry") -> "tuple[State, str]":
    """Train one entry; return what became of it, and why."""
    from ganstudio import launch
    from ganstudio.failures import describe_failure
    from ganstudio.progress import Reporter
    from ganstudio.training.controls import Controls

    controls = Controls()
    with Reporter(controls) as reporter:
        try:
            prepared = launch.prepare(entry.request(), registry, controls, reporter.preparing)
        except launch.Cancelled:
            return "waiting", ""
        except Exception as error:
            return "refused", describe_failure(error)[0]
        working.mark(entry.key, "running", run=prepared.run.path)
        reporter.say(f"Run folder: {prepared.run.path}")
        for event in launch.train(prepared):
            reporter.show(event)
    return _outcome(reporter.last)


def _outcome(last: "Event | None") -> "tuple[State, str]":
    from ganstudio.api.events import Failed, Finished

    if isinstance(last, Failed):
        return "failed", " ".join(text for text in (last.message, last.saved) if text)
    if isinstance(last, Finished) and last.reason == "done":
        return "done", ""
    return "stopped", "It was stopped before its last step; it can go on."


def _asked(name: str, wishes: dict[str, str], device: str, branch: bool) -> "Entry":
    """Return an entry whose experiment was held against the plugins, so that mistakes are told at once."""
    from ganstudio import queueing
    from ganstudio.resolve import resolve

    plugins = common.registry()
    path, step = _at_step(name) if branch else (Path(name), None)
    if branch:
        from ganstudio.branching import branch_experiment

        chosen = branch_experiment(path, step)
    else:
        chosen = common.choose_experiment(name, plugins)
    chosen, changed = common.with_assignments(chosen, wishes)
    with common.saying_where(name, changed):
        complete = resolve(chosen, plugins).experiment
    return queueing.branching(path, step, complete, device) if branch else queueing.training(chosen, device)


def _at_step(text: str) -> tuple[Path, int | None]:
    """Read ``RUN`` or ``RUN@STEP``."""
    run, at, step = text.rpartition("@")
    if not at or Path(text).exists():
        return _run(Path(text)), None
    if not step.isdecimal():
        raise InputError(f"{text}: behind @ stands the step of a checkpoint, as in {run}@2000.")
    return _run(Path(run)), int(step)


def _run(path: Path) -> Path:
    from ganstudio.runs.folder import RunFolder

    return RunFolder.open(path).path


COMMANDS = (queue,)
