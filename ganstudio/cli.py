"""The command line: every command is a thin call into the layers below.

Exit status 2 for what was asked wrongly, 1 for what failed underway; the sentence goes to stderr, the
traceback to the log file, and to stderr with ``--debug``.
"""

import sys
import traceback
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ganstudio import __version__
from ganstudio.api import InputError
from ganstudio.failures import describe_failure
from ganstudio.logs import start_logging

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ganstudio.api.events import Event
    from ganstudio.experiment import Experiment
    from ganstudio.launch import Prepared, Progress
    from ganstudio.registry import Registry
    from ganstudio.training.controls import Controls


@dataclass
class _Options:
    """Options that every command shares."""

    debug: bool = False


class _Commands(click.Group):
    """A group whose failures are sentences and exit statuses."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; turn what it raises into a sentence on stderr."""
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except KeyboardInterrupt:
            raise click.Abort from None
        except Exception as error:
            sentence, _details = describe_failure(error)
            _complain(sentence, error, ctx.obj and ctx.obj.debug)
            ctx.exit(2 if isinstance(error, InputError) else 1)


@click.group(cls=_Commands, invoke_without_command=True)
@click.version_option(__version__, prog_name="ganstudio")
@click.option("--debug", is_flag=True, help="Show tracebacks.")
@click.pass_context
def main(context: click.Context, debug: bool) -> None:
    """Train generative adversarial networks and their relatives. Without a command, open the window."""
    context.obj = _Options(debug)
    start_logging()
    if context.invoked_subcommand is None:
        _open_window(context)


@main.command()
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

    registry = _registry()
    chosen = _choose_experiment(experiment, registry)
    wishes = {f"--set {text}": text for text in assignments}
    shorts = [(name, v) for name, v in (("steps", steps), ("seed", seed)) if v is not None]
    wishes |= {f"--{name} {v}": f"training.{name}={v}" for name, v in shorts}
    chosen, changed = _with_assignments(chosen, wishes)
    request = launch.Request(chosen, device, run_dir)
    with _saying_where(experiment, changed):
        _train(
            lambda controls, progress: launch.prepare(request, registry, controls, progress),
            "there is no run",
        )


@main.command()
@click.argument("run", type=click.Path(path_type=Path))
@click.option("--steps", type=int, help="Another total of steps, those already made among them.")
@click.option("--device", help="A key from `ganstudio devices` [default: the run's own].")
def resume(run: Path, steps: int | None, device: str | None) -> None:
    """Go on with a run that was killed, stopped or failed, from its newest checkpoint."""
    from ganstudio import launch

    registry = _registry()
    with _saying_where(str(run), {"training.steps": f"--steps {steps}"} if steps is not None else {}):
        _train(
            lambda controls, progress: launch.prepare_resume(
                run, registry, controls, progress, steps, device
            ),
            "the run is as it was",
        )


@main.command()
@click.argument("run", type=click.Path(path_type=Path))
@click.option("--count", default=64, show_default=True, type=click.IntRange(1, 65_536), help="Samples.")
@click.option("--seed", default=0, show_default=True, type=click.IntRange(0), help="Seed of the latents.")
@click.option("--out", type=click.Path(path_type=Path), help="The PNG to write [default: in the run].")
@click.option("--label", default="", help="The class to make, of a conditional run [default: each in turn].")
def sample(run: Path, count: int, seed: int, out: Path | None, label: str) -> None:
    """Write a PNG grid of samples from a run's newest checkpoint."""
    from ganstudio.sampling import write_samples

    written = write_samples(run, _registry(), count, seed, out, label)
    click.echo(str(written))


@main.command()
def devices() -> None:
    """List the devices to train on."""
    from ganstudio.training.device import devices as find

    for device in find():
        click.echo(device.describe())


@main.command()
def plugins() -> None:
    """List the plugins: what each brings, and what failed to load."""
    options = click.get_current_context().find_object(_Options)
    failed = False
    for plugin in _registry().plugins:
        state = "failed" if plugin.failed else "loaded"
        failed |= bool(plugin.failed)
        click.echo(f"{plugin.name}  {state}  {plugin.source} {plugin.version}  {plugin.seconds:.2f} s")
        click.echo(f"    {plugin.failed or ', '.join(plugin.brings)}")
        if plugin.traceback and options and options.debug:
            click.echo(plugin.traceback, err=True)
    if failed:
        click.echo("The traceback of a failed plugin is shown with: ganstudio --debug plugins", err=True)


@main.command()
def presets() -> None:
    """List the presets by group: what each shows, how long it takes, and its source."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for preset in _registry().presets.values():
        groups.setdefault(preset["preset"]["group"], []).append(preset)
    for group, members in groups.items():
        click.echo(group)
        for preset in members:
            _show_preset(preset)


def _show_preset(preset: dict[str, Any]) -> None:
    card = preset["preset"]
    minutes = f" ({card['minutes']:g} min on two cores)" if card["minutes"] else ""
    click.echo(f"  {preset['name']}: {card['promise'] or preset.get('about', '')}{minutes}")
    if card["source"]:
        click.echo(f"      {card['source']}")


@main.command()
def info() -> None:
    """Show versions, folders, devices and presets."""
    import torch

    from ganstudio import places
    from ganstudio.training.device import devices as find_devices

    registry = _registry()
    click.echo(f"ganstudio {__version__}, torch {torch.__version__}, Python {sys.version.split()[0]}")
    click.echo(f"runs      {places.runs()}")
    click.echo(f"log       {places.log_file()}")
    for device in find_devices():
        click.echo(f"device    {device.describe()}")
    click.echo(f"presets   {', '.join(registry.presets)}")


def _open_window(context: click.Context) -> None:
    from ganstudio.display import display_problem

    problem = display_problem()
    if problem:
        click.echo(problem, err=True)
        context.exit(1)
    from ganstudio.app import run

    context.exit(run())


def _train(prepare: "Callable[[Controls, Progress], Prepared]", left: str) -> None:
    """Make a training ready, run it, and show what happens; ``left``: what a stop before it leaves."""
    from ganstudio import launch
    from ganstudio.progress import Reporter
    from ganstudio.training.controls import Controls

    controls = Controls()
    with Reporter(controls) as reporter:
        try:
            prepared = prepare(controls, reporter.preparing)
        except launch.Cancelled:
            raise click.ClickException(f"Stopped before the first step; {left}.") from None
        reporter.say(f"Run folder: {prepared.run.path}")
        for event in launch.train(prepared):
            reporter.show(event)
    _end_of(reporter.last)


def _registry() -> "Registry":
    from ganstudio.registry import Registry

    return Registry.load()


def _choose_experiment(name: str, registry: "Registry") -> "Experiment":
    """Return the experiment of a file, or the preset of that name."""
    from ganstudio.experiment import Experiment, load_experiment, unknown_name

    if name in registry.presets:
        return Experiment.from_dict(registry.presets[name])
    path = Path(name)
    if path.suffix == ".toml" or path.exists():
        return load_experiment(path / "experiment.toml" if path.is_dir() else path)
    raise InputError(unknown_name("preset", name, registry.presets) + " A file's name ends in .toml.")


def _with_assignments(
    experiment: "Experiment", wishes: dict[str, str]
) -> tuple["Experiment", dict[str, str]]:
    """Return the experiment with every ``path=value`` in it, and which option changed which path."""
    from ganstudio.experiment import parse_assignment

    changed = {}
    for option, assignment in wishes.items():
        path, value = parse_assignment(assignment)
        changed[path] = option
        with _saying_where(option, {}):
            experiment = experiment.with_value(path, value)
    return experiment, changed


@contextmanager
def _saying_where(file: str, changed: dict[str, str]) -> "Iterator[None]":
    """Begin each sentence about an experiment with the file or the option that the wrong value is from."""
    from ganstudio.experiment import ExperimentError, Problem

    try:
        yield
    except ExperimentError as error:
        problems = [Problem(p.path, f"{changed.get(p.path, file)}: {p.sentence}") for p in error.problems]
        raise ExperimentError(problems) from error


def _end_of(last: "Event | None") -> None:
    """Exit with 1 after a training that failed."""
    from ganstudio.api.events import Failed

    if isinstance(last, Failed):
        click.echo(" ".join(text for text in (last.message, last.saved) if text), err=True)
        options = click.get_current_context().find_object(_Options)
        if options and options.debug:
            click.echo(last.details, err=True)
        click.get_current_context().exit(1)


def _complain(sentence: str, error: Exception, debug: bool) -> None:
    click.echo(sentence, err=True)
    if debug:
        traceback.print_exception(error)
