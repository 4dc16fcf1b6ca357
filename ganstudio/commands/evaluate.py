"""The command that scores a run's checkpoint."""

import json
import sys
from contextlib import redirect_stdout
from typing import TYPE_CHECKING

import click

from ganstudio.commands import common
from ganstudio.commands.branching import with_step

if TYPE_CHECKING:
    from rich.table import Table

    from ganstudio.evaluating import Evaluation


@click.command()
@click.argument("run", metavar="RUN[@STEP]")
@click.option(
    "--metrics", default="", metavar="NAME[,NAME…]", help="Scores, such as FID,recall or TSTR [default: all]."
)
@click.option(
    "--count",
    type=click.IntRange(100, 1_000_000),
    help="Samples of scores in a feature space [default: as in the training].",
)
@click.option(
    "--extractor", default="", help="studio, Inception, VGG19, random, or a plugin's [default: studio]."
)
@click.option("--seed", type=click.IntRange(0), help="Seed of the samples [default: the run's].")
@click.option("--json", "as_json", is_flag=True, help="Print one object of JSON instead of a table.")
def evaluate(
    run: str, metrics: str, count: int | None, extractor: str, seed: int | None, as_json: bool
) -> None:
    """Score the averaged weights of a checkpoint of RUN, the newest unless a step is said.

    The figures are those of the training at the same step, count and seed. Each has its interval of 95 %
    confidence, and the floor: what real samples score against other real samples. They are added to
    evaluations.jsonl in the run's folder.
    """
    from ganstudio import evaluating

    path, step = with_step(run)
    wanted = [name.strip() for name in metrics.split(",") if name.strip()]
    # What plugins print is no output of the command.
    with redirect_stdout(sys.stderr):
        found = evaluating.evaluate(path, common.registry(), _Telling(), step, wanted, count, extractor, seed)
    if as_json:
        click.echo(json.dumps(found.plain(), ensure_ascii=False))
    else:
        _show(found)


class _Telling:
    """Says each thing that is done once, on stderr."""

    def __init__(self) -> None:
        self._said = ""

    def __call__(self, what: str, share: float | None = None) -> None:
        if what != self._said:
            self._said = what
            click.echo(f"{what} …", err=True)


def _show(found: "Evaluation") -> None:
    from rich.console import Console

    click.echo(
        f"{found.run}, step {found.record.step}, seed {found.seed}, {found.record.seconds:.1f} s", err=True
    )
    Console(soft_wrap=not sys.stdout.isatty()).print(_table(found))
    for note in found.notes:
        click.echo(note, err=True)


def _table(found: "Evaluation") -> "Table":
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    table.add_column("score")
    for name in ("value", "95 %", "floor"):
        table.add_column(name, justify="right")
    table.add_column("better")
    record = found.record
    for name, value in record.values.items():
        interval = record.intervals.get(name)
        table.add_row(
            name.removeprefix("score/"),
            f"{value:.4g}",
            f"{interval[0]:.4g} to {interval[1]:.4g}" if interval else "",
            f"{record.floors[name]:.4g}" if name in record.floors else "",
            "lower" if name in record.lower else "higher",
        )
    return table


COMMANDS = (evaluate,)
