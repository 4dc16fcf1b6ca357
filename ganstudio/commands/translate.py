"""The command that translates images with a run."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ganstudio.commands import common

if TYPE_CHECKING:
    from ganstudio.translating import Size

_MOST = 1_000_000


@click.command()
@click.argument("run")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--to", default="", help="A, B, or a domain's name [default: B].")
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), help="A folder [default: beside the original]."
)
@click.option("--step", type=int, help="The checkpoint whose weights are taken [default: the newest].")
@click.option(
    "--size",
    type=click.Choice(["trained", "own"]),
    help="Scale each image to about the size that was trained on, or translate it at its own "
    "[default: trained; own for a model that enlarges].",
)
def translate(
    run: str, files: tuple[Path, ...], to: str, out: Path | None, step: int | None, size: str | None
) -> None:
    """Translate images between the two domains that RUN was trained on, with its averaged weights.

    RUN is a path, a folder's name in the library, or a run's name. FILES are images, or folders of them. What
    is made of photo.jpg is photo.to-B.png; nothing is written over. Each file written is named on a line of
    its own; what was converted is said on stderr. The exit status is 1 when an image could not be translated.
    """
    from ganstudio import places, translating
    from ganstudio.api import StudioError
    from ganstudio.image_files import gathered
    from ganstudio.runs.library import Library
    from ganstudio.training.device import prepare_thread

    sources, notes = gathered(files, _MOST)
    prepare_thread()
    path = Path(run) if Path(run).exists() else Library(places.runs()).find(run)
    translator = translating.Translator.open(path, common.registry(), step)
    way = translator.direction(to)
    for note in notes:
        click.echo(note, err=True)
    failed = 0
    for source in sources:
        try:
            done = translator.translate(source, way.to, _size(size))
            click.echo(str(translating.save_beside(done, source, out)))
        except StudioError as error:
            failed += 1
            said = str(error)
            click.echo(said if str(source) in said else f"{source}: {said}", err=True)
        else:
            for note in done.notes:
                click.echo(f"{source}: {note}", err=True)
    if failed:
        click.echo(f"{failed} of {len(sources)} images were not translated.", err=True)
        click.get_current_context().exit(1)


def _size(named: str | None) -> "Size | None":
    return "own" if named == "own" else "trained" if named else None


COMMANDS = (translate,)
