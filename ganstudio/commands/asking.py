"""The commands that ask: for samples, and for what there is on this machine."""

import sys
from pathlib import Path
from typing import Any

import click

from ganstudio import __version__
from ganstudio.commands import common


@click.command()
@click.argument("run", type=click.Path(path_type=Path))
@click.option(
    "--count", default=64, show_default=True, type=click.IntRange(1, 1_000_000_000), help="Samples."
)
@click.option("--seed", default=0, show_default=True, type=click.IntRange(0), help="Seed of the latents.")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="The PNG to write; of a table the .csv, .tsv or .parquet [default: in the run].",
)
@click.option(
    "--label",
    default="",
    help="The class to make, of a conditional run [default: each in turn]; of a table COLUMN=CATEGORY.",
)
@click.option(
    "--set",
    "assignments",
    multiple=True,
    metavar="NAME=VALUE",
    help="Change a setting of how samples look, such as truncation=0.7.",
)
def sample(
    run: Path, count: int, seed: int, out: Path | None, label: str, assignments: tuple[str, ...]
) -> None:
    """Write samples of a run's newest checkpoint: images as one PNG, rows of a table as CSV or Parquet."""
    from ganstudio.experiment import parse_assignment
    from ganstudio.sampling import write_samples

    given = (parse_assignment(text) for text in assignments)
    looks = {path.removeprefix("architecture."): value for path, value in given}
    written = write_samples(run, common.registry(), count, seed, out, label, looks)
    click.echo(str(written))


@click.command()
def devices() -> None:
    """List the devices to train on."""
    from ganstudio.training.device import devices as find

    for device in find():
        click.echo(device.describe())


@click.command()
def presets() -> None:
    """List the presets by group: what each shows, how long it takes, and its source."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for preset in common.registry().presets.values():
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


@click.command()
def info() -> None:
    """Show versions, folders, devices and presets."""
    import torch

    from ganstudio import places
    from ganstudio.training.device import devices as find_devices

    found = common.registry()
    click.echo(f"ganstudio {__version__}, torch {torch.__version__}, Python {sys.version.split()[0]}")
    click.echo(f"runs      {places.runs()}")
    click.echo(f"log       {places.log_file()}")
    for device in find_devices():
        click.echo(f"device    {device.describe()}")
    click.echo(f"presets   {', '.join(found.presets)}")


COMMANDS = (sample, devices, presets, info)
