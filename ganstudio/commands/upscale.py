"""The command that enlarges images by the weights of a run."""

import time
from pathlib import Path

import click

from ganstudio.commands import common
from ganstudio.commands.steering import run_path

_TOLD_EVERY = 5.0
"""Seconds between two lines about one image."""


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

    FILES are images of any size, grey or in colour, or folders of them with their subfolders. Each becomes a
    PNG named for how many times as large it is, such as photo-x2.png; nothing is overwritten. How far a large
    image is, and what was converted, is said on stderr.
    """
    from ganstudio.upscaling import upscale_files

    failed = 0
    told = time.monotonic()

    def say(sentence: str) -> None:
        click.echo(sentence, err=True)

    def progress(source: Path, share: float) -> None:
        nonlocal told
        if time.monotonic() - told > _TOLD_EVERY and share < 1:
            told = time.monotonic()
            say(f"{source}: {share:.0%}")

    for done in upscale_files(run_path(run), common.registry(), files, out, step, tile, say, progress):
        for note in done.notes:
            say(f"{done.source}: {note}")
        if done.out is None:
            failed += 1
            say(done.problem if str(done.source) in done.problem else f"{done.source}: {done.problem}")
        else:
            click.echo(str(done.out))
    if failed:
        say(f"{failed} {'image was' if failed == 1 else 'images were'} not enlarged.")
        click.get_current_context().exit(1)


COMMANDS = (upscale,)
