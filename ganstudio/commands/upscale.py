"""The command that enlarges images by the weights of a run."""

from pathlib import Path

import click

from ganstudio.commands import common
from ganstudio.commands.steering import run_path


@click.command()
@click.argument("run")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILES…")
@click.option(
    "--out", type=click.Path(path_type=Path), help="The folder to write [default: beside each image]."
)
@click.option("--step", type=int, help="The checkpoint whose weights are used [default: the newest].")
@click.option(
    "--tile",
    default=256,
    show_default=True,
    type=click.IntRange(16, 8192),
    help="Side of the parts an image is enlarged in, in pixels; smaller ones need less memory.",
)
def upscale(run: str, files: tuple[Path, ...], out: Path | None, step: int | None, tile: int) -> None:
    """Enlarge images by the weights of a super-resolution run.

    FILES are images of any size, grey or in colour, or folders of them. Each becomes a PNG named for how
    many times as large it is, such as photo-x2.png; nothing is overwritten.
    """
    from ganstudio.upscaling import upscale_files

    failed = 0
    for done in upscale_files(run_path(run), common.registry(), files, out, step, tile):
        for note in done.notes:
            click.echo(f"{done.source}: {note}", err=True)
        if done.out is None:
            failed += 1
            click.echo(f"{done.source}: {done.problem}", err=True)
        else:
            click.echo(str(done.out))
    if failed:
        click.echo(f"{failed} {'image was' if failed == 1 else 'images were'} not enlarged.", err=True)
        click.get_current_context().exit(1)


COMMANDS = (upscale,)
