"""The command that exports a run: its settings, its curves, its weights."""

from pathlib import Path

import click

from ganstudio.commands import common

_KINDS = ("settings", "command", "curves", "tensorboard", "weights")


@click.command()
@click.argument("run", type=click.Path(path_type=Path))
@click.option(
    "--what",
    "whats",
    multiple=True,
    metavar="WHAT",
    help=f"{', '.join(_KINDS)}, or a plugin's exporter by its name, such as TorchProgram. May be given "
    "several times [default: settings, command, curves, weights].",
)
@click.option("--out", type=click.Path(path_type=Path), help="The folder to write [default: RUN/exports].")
@click.option("--step", type=int, help="The checkpoint whose weights are taken [default: the newest].")
def export(run: Path, whats: tuple[str, ...], out: Path | None, step: int | None) -> None:
    """Export a run: settings (TOML), the command that asks for the same, curves (CSV, TensorBoard), weights.

    Weights are safetensors, the averaged ones and the raw ones, with a model card in Markdown. Each file is
    named on a line of its own; when the command alone is asked for, it is printed instead.
    """
    from ganstudio.exporting.export import USUAL
    from ganstudio.exporting.export import export as write

    written = write(run, common.registry(), whats or USUAL, out, step=step)
    alone = whats == ("command",)
    for path in written:
        click.echo(str(path), err=alone)
    if alone:
        click.echo(written[0].read_text(encoding="utf-8").rstrip("\n"))


COMMANDS = (export,)
