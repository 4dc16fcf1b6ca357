"""What the commands share: the plugins, experiments as they are asked for, a training with its progress.

It knows no command.
"""

import sys
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ganstudio.api import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ganstudio.api.events import Event
    from ganstudio.discovery.sources import Sources
    from ganstudio.experiment import Experiment
    from ganstudio.launch import Prepared, Progress
    from ganstudio.registry import Registry
    from ganstudio.training.controls import Controls


@dataclass
class Options:
    """Options that every command shares."""

    debug: bool = False
    sources: "Sources | None" = None
    """Where plugins come from; ``None``: where the environment says."""


def train(prepare: "Callable[[Controls, Progress], Prepared]", left: str) -> None:
    """Make a training ready, run it, and show what happens; ``left``: what a stop before it leaves."""
    from ganstudio import launch
    from ganstudio.progress import Reporter
    from ganstudio.training.controls import Controls

    controls = Controls()
    # What plugins print is no output of the command.
    with redirect_stdout(sys.stderr), Reporter(controls) as reporter:
        try:
            prepared = prepare(controls, reporter.preparing)
        except launch.Cancelled:
            raise click.ClickException(f"Stopped before the first step; {left}.") from None
        reporter.say(f"Run folder: {prepared.run.path}")
        for event in launch.train(prepared):
            reporter.show(event)
    _end_of(reporter.last)


def registry(warn: bool = True) -> "Registry":
    """Load every plugin; with ``warn``, say on stderr which of the user's files are not in use."""
    from ganstudio.registry import Registry

    found = Registry.load(sources())
    for plugin in found.plugins if warn else ():
        if plugin.kind != "package" and plugin.state not in ("loaded", "disabled"):
            click.echo(f"{plugin.path} is not loaded. {plugin.failed or ' '.join(plugin.notes)}", err=True)
    return found


def sources() -> "Sources":
    """Return where this command looks for plugins."""
    from ganstudio.discovery.sources import Sources

    context = click.get_current_context(silent=True)
    options = context.find_object(Options) if context else None
    return (options.sources if options else None) or Sources.from_environment()


def choose_experiment(name: str, registry: "Registry") -> "Experiment":
    """Return the experiment of a file, or the preset of that name."""
    from ganstudio.experiment import Experiment, load_experiment, unknown_name

    if name in registry.presets:
        return Experiment.from_dict(registry.presets[name])
    path = Path(name)
    if path.suffix == ".toml" or path.exists():
        return load_experiment(path / "experiment.toml" if path.is_dir() else path)
    raise InputError(unknown_name("preset", name, registry.presets) + " A file's name ends in .toml.")


def with_assignments(experiment: "Experiment", wishes: dict[str, str]) -> tuple["Experiment", dict[str, str]]:
    """Return the experiment with every ``path=value`` in it, and which option changed which path."""
    from ganstudio.experiment import parse_assignment

    changed = {}
    for option, assignment in wishes.items():
        path, value = parse_assignment(assignment)
        changed[path] = option
        with saying_where(option, {}):
            experiment = experiment.with_value(path, value)
    return experiment, changed


@contextmanager
def saying_where(file: str, changed: dict[str, str]) -> "Iterator[None]":
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
        options = click.get_current_context().find_object(Options)
        if options and options.debug:
            click.echo(last.details, err=True)
        click.get_current_context().exit(1)
