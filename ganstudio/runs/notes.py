"""Notes: what people say of a run: a name to show, tags, words, a star. They lie in its folder.

Anybody may write them at any time, beside whoever trains: the lock is not asked for, and a reader finds
the old or the new ones. It knows nothing of what a run holds otherwise.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from ganstudio.api.errors import StudioError
from ganstudio.runs.atomic import explained, write_text

NAME = "notes.json"
_ASIDE = "notes.damaged.json"


@dataclass(frozen=True)
class Notes:
    """What is noted of a run. ``name``: shown instead of the folder's, which stays; empty: the folder's."""

    name: str = ""
    tags: tuple[str, ...] = ()
    text: str = ""
    starred: bool = False


def read_notes(path: Path) -> Notes:
    """Return the notes in the run folder ``path``, empty where there are none.

    Raises ``StudioError`` with a sentence when they cannot be read or are damaged.
    """
    file = path / NAME
    try:
        values = json.loads(file.read_bytes().decode("utf-8"))
    except FileNotFoundError:
        return Notes()
    except OSError as error:
        raise StudioError(f"{file} cannot be read: {error.strerror or error}.") from error
    except (ValueError, RecursionError) as error:
        raise _damaged(file) from error
    return _from_values(values, file)


def write_notes(path: Path, notes: Notes) -> None:
    """Put ``notes`` into the run folder ``path``; raises ``StudioError`` when the disk refuses."""
    text = json.dumps(asdict(notes), indent=2, ensure_ascii=False)
    # A lone surrogate, as a pasted path may hold, is no text that a file can take.
    write_text(path / NAME, text.encode("utf-8", "replace").decode() + "\n")


def change_notes(path: Path, **changes: Any) -> Notes:
    """Change some of the fields of :class:`Notes`, leave the others, and return what holds now.

    Damaged notes are set aside as ``notes.damaged.json`` first, so that nothing written by hand is lost.
    Raises ``StudioError`` when the disk refuses.
    """
    try:
        before = read_notes(path)
    except StudioError:
        with explained(path / NAME):
            (path / NAME).replace(path / _ASIDE)
        before = Notes()
    if "tags" in changes:
        changes["tags"] = tidy_tags(changes["tags"])
    if "name" in changes:
        # A name is one line.
        changes["name"] = " ".join(str(changes["name"]).split())
    after = replace(before, **changes)
    if after != before:
        write_notes(path, after)
    return after


def tidy_tags(tags: Iterable[str]) -> tuple[str, ...]:
    """Return tags without blanks around them, empty ones and doubles, in their order."""
    return tuple(dict.fromkeys(tidy for tag in tags if (tidy := " ".join(tag.replace(",", " ").split()))))


def split_tags(text: str) -> tuple[str, ...]:
    """Return the tags in a line as people write it: with commas between, or with blanks alone."""
    return tidy_tags(text.split(",") if "," in text else text.split())


def _from_values(values: Any, file: Path) -> Notes:
    if not isinstance(values, dict):
        raise _damaged(file)
    tags = values.get("tags", [])
    if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
        raise _damaged(file)
    name, text = values.get("name", ""), values.get("text", "")
    if not isinstance(name, str) or not isinstance(text, str):
        raise _damaged(file)
    return Notes(name, tuple(tags), text, values.get("starred") is True)


def _damaged(file: Path) -> StudioError:
    return StudioError(f"{file} is damaged: it does not hold the notes of a run. Mend it, or remove it.")
