"""The commands that make new runs of a run: branches with other settings, and replays."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ganstudio.commands import common
from ganstudio.commands.steering import run_path

if TYPE_CHECKING:
    from ganstudio.launch import Prepared, Progress
    from ganstudio.training.controls import Controls


@click.command()
@click.argument("run", metavar="RUN[@STEP]")
@click.option("--set", "assignments", multiple=True, metavar="PATH=VALUE", help="Change a setting.")
@click.option("--steps", help="Short for --set training.steps=…, those already made among them.")
@click.option("--device", help="A key from `ganstudio devices` [default: the run's own].")
@click.option("--run-dir", type=click.Path(path_type=Path), help="Write the branch into exactly this folder.")
def branch(
    run: str, assignments: tuple[str, ...], steps: str | None, device: str | None, run_dir: Path | None
) -> None:
    """Train a new run from a checkpoint of another, with the settings that held then and your changes.

    Without a step it begins at the newest checkpoint. The other run stays as it is.
    """
    from ganstudio import launch

    path, step = with_step(run)
    wishes = {f"--set {text}": text for text in assignments}
    if steps is not None:
        wishes |= {f"--steps {steps}": f"training.steps={steps}"}
    held = launch.branch_experiment(path, step)
    experiment, changed = common.with_assignments(held, wishes)
    registry = common.registry()
    request = launch.Branch(path, step, experiment, device, run_dir)
    with common.saying_where(run, changed):
        common.train(
            lambda controls, progress: launch.prepare(request, registry, controls, progress),
            "there is no branch",
        )


@click.command()
@click.argument("run")
@click.option("--device", help="A key from `ganstudio devices` [default: the run's own].")
@click.option("--run-dir", type=click.Path(path_type=Path), help="Write the replay into exactly this folder.")
def replay(run: str, device: str | None, run_dir: Path | None) -> None:
    """Train a run once more from its beginning, with all edits at their steps, and compare the weights.

    It goes up to the newest checkpoint of the run. Exit status 1 when the weights are not the same.
    """
    from ganstudio import launch
    from ganstudio.replaying import verdict

    path = run_path(run)
    registry = common.registry()
    made: list[Path] = []

    def prepare(controls: "Controls", progress: "Progress") -> "Prepared":
        prepared = launch.prepare(launch.Replay(path, device, run_dir), registry, controls, progress)
        made.append(prepared.run.path)
        return prepared

    common.train(prepare, "there is no replay")
    same, sentence = verdict(path, made[0])
    click.echo(sentence)
    if not same:
        click.get_current_context().exit(1)


def with_step(text: str) -> tuple[Path, int | None]:
    """Split ``RUN@STEP``; a folder that is really called so is taken as it is."""
    name, at, step = text.rpartition("@")
    if at and step.isdecimal() and not Path(text).exists():
        return run_path(name), int(step)
    return run_path(text), None


COMMANDS = (branch, replay)
