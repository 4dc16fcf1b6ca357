"""The commands that train: a new run, or one to go on with."""

from pathlib import Path

import click

from ganstudio.commands import common


@click.command()
@click.argument("experiment")
@click.option("--set", "assignments", multiple=True, metavar="PATH=VALUE", help="Change a setting.")
@click.option("--device", default="auto", show_default=True, help="A key from `ganstudio devices`.")
@click.option("--steps", help="Short for --set training.steps=…")
@click.option("--seed", help="Short for --set training.seed=…")
@click.option("--run-dir", type=click.Path(path_type=Path), help="Write the run into exactly this folder.")
def train(
    experiment: str,
    assignments: tuple[str, ...],
    device: str,
    steps: str | None,
    seed: str | None,
    run_dir: Path | None,
) -> None:
    """Train a preset, or the experiment in a TOML file, without a window."""
    from ganstudio import launch

    registry = common.registry()
    chosen = common.choose_experiment(experiment, registry)
    wishes = {f"--set {text}": text for text in assignments}
    shorts = [(name, v) for name, v in (("steps", steps), ("seed", seed)) if v is not None]
    wishes |= {f"--{name} {v}": f"training.{name}={v}" for name, v in shorts}
    chosen, changed = common.with_assignments(chosen, wishes)
    request = launch.Request(chosen, device, run_dir)
    with common.saying_where(experiment, changed):
        common.train(
            lambda controls, progress: launch.prepare(request, registry, controls, progress),
            "there is no run",
        )


@click.command()
@click.argument("run", type=click.Path(path_type=Path))
@click.option("--steps", type=int, help="Another total of steps, those already made among them.")
@click.option("--device", help="A key from `ganstudio devices` [default: the run's own].")
def resume(run: Path, steps: int | None, device: str | None) -> None:
    """Go on with a run that was killed, stopped or failed, from its newest checkpoint."""
    from ganstudio import launch

    registry = common.registry()
    with common.saying_where(str(run), {"training.steps": f"--steps {steps}"} if steps is not None else {}):
        common.train(
            lambda controls, progress: launch.prepare(
                launch.Resume(run, steps, device), registry, controls, progress
            ),
            "the run is as it was",
        )


COMMANDS = (train, resume)
