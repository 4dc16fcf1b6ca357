"""Commands about the library of runs: list, tag, delete. They train nothing and load no torch."""

import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from ganstudio.runs.library import Entry, Library


@click.command("runs")
@click.option("--filter", "words", default="", metavar="TEXT", help="Only runs in which every word occurs.")
@click.option("--json", "as_json", is_flag=True, help="One object a line, for other programs.")
def runs(words: str, as_json: bool) -> None:
    """List the runs, the newest first."""
    library = _library()
    entries = [entry for entry in library.entries() if entry.matches(words.lower().split())]
    if as_json:
        for entry in entries:
            click.echo(json.dumps(_plain(entry), ensure_ascii=False))
        return
    if not entries:
        click.echo(f"No run in {library.root} has all of these words." if words else _none(library), err=True)
    for entry in entries:
        click.echo(_line(entry))
        if entry.sentence:
            click.echo(f"    {entry.sentence}")


@click.command("tag")
@click.argument("run")
@click.argument("tags", nargs=-1)
@click.option("--remove", multiple=True, metavar="TAG", help="Take a tag away; may be given more than once.")
@click.option("--star/--no-star", default=None, help="Mark the run with a star, or take it away.")
@click.option("--name", help="Show the run under this name; an empty one shows its folder's again.")
def tag(
    run: str, tags: tuple[str, ...], remove: tuple[str, ...], star: bool | None, name: str | None
) -> None:
    """Add tags to a run, which is named by its path, its folder or its name."""
    library = _library()
    path = library.find(run)
    entry = library.entry(path)
    changes: dict[str, Any] = {}
    if tags or remove:
        changes["tags"] = [one for one in (*entry.tags, *tags) if one not in remove]
    if star is not None:
        changes["starred"] = star
    if name is not None:
        changes["name"] = name
    click.echo(_line(library.note(path, **changes) if changes else entry))


@click.command("delete")
@click.argument("run")
def delete(run: str) -> None:
    """Move a run to the trash of the library; emptying that is left to the window or to you."""
    library = _library()
    trashed = library.delete(library.find(run))
    click.echo(f"{trashed.home.name} was moved to {trashed.path}. Move it back to undo that.")


def _library() -> "Library":
    from ganstudio import places
    from ganstudio.runs.library import Library

    return Library(places.runs())


def _none(library: "Library") -> str:
    return f"There are no runs in {library.root} yet. `ganstudio train PRESET` makes one."


def _line(entry: "Entry") -> str:
    """Return a run as one line: its star, name, state, what it trains, how far it is, scores and tags."""
    parts = [
        f"{'*' if entry.starred else ' '} {entry.name}",
        entry.state,
        " ".join(filter(None, (entry.data, entry.architecture))),
        f"step {entry.step} of {entry.total_steps}" if entry.total_steps else "",
        ", ".join(f"{name.removeprefix('score/')} {value:.4g}" for name, value in entry.scores.items()),
        " ".join(f"#{one}" for one in entry.tags),
        _day(entry.began),
        f"({entry.folder})" if entry.name != entry.folder else "",
    ]
    return "  ".join(part for part in parts if part)


def _day(began: str) -> str:
    try:
        return f"{datetime.fromisoformat(began).astimezone():%Y-%m-%d %H:%M}"
    except (ValueError, OverflowError, OSError):
        return ""


def _plain(entry: "Entry") -> dict[str, Any]:
    """Return an entry as JSON holds it, without what only the list needs."""
    values = asdict(entry)
    del values["ranges"]
    return {key: str(value) if isinstance(value, Path) else value for key, value in values.items()}


COMMANDS = (runs, tag, delete)
