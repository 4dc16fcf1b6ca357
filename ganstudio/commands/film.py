"""``ganstudio film``: the kept previews of a run as a film or a strip."""

from pathlib import Path

import click


@click.command()
@click.argument("run", type=click.Path(path_type=Path))
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="The file to write; .gif, .webp, .mp4, or .png for a strip [default: exports/film.gif in the run].",
)
@click.option("--from", "first", type=click.IntRange(0), help="The first step.")
@click.option("--to", "last", type=click.IntRange(0), help="The last step.")
@click.option(
    "--every", default=1, show_default=True, type=click.IntRange(1), help="Each K-th preview alone."
)
@click.option("--frames", "most", default=0, type=click.IntRange(0), help="At most so many, evenly chosen.")
@click.option(
    "--fps", default=12.0, show_default=True, type=click.FloatRange(0.1, 60), help="Frames a second."
)
@click.option(
    "--scale", default=2, show_default=True, type=click.IntRange(1, 32), help="Pixels for each pixel."
)
@click.option("--caption/--no-caption", default=True, show_default=True, help="Write the step on each frame.")
@click.option("--loop/--once", default=True, show_default=True, help="Begin anew at the end.")
@click.option("--kind", default="", help="Of several kinds of previews, which [default: the first].")
@click.option("--columns", default=0, type=click.IntRange(0), help="Frames side by side in a strip.")
def film(
    run: Path,
    out: Path | None,
    first: int | None,
    last: int | None,
    every: int,
    most: int,
    fps: float,
    scale: int,
    caption: bool,
    loop: bool,
    kind: str,
    columns: int,
) -> None:
    """Make a film of a run's kept previews, or a strip of some of them."""
    from ganstudio.exporting import films
    from ganstudio.runs.history import read_history

    out = out or run / "exports" / "film.gif"
    films.check_suffix(out)
    options = films.FilmOptions(kind, first, last, every, most, fps, scale, caption, loop, columns)
    history = read_history(run)
    frames = films.choose(history.previews, options, strip=out.suffix.lower() == ".png")
    with click.progressbar(length=len(frames), label="Frames", hidden=len(frames) < 50) as bar:
        made = films.write_film(
            frames, out, options, history.real, lambda done, _all: bar.update(done - bar.pos)
        )
    if made is not None:
        for sentence in made.skipped:
            click.echo(f"Left out: {sentence}", err=True)
        click.echo(f"{made.path}: {made.frames} frames, {made.width} × {made.height} pixels")


COMMANDS = (film,)
