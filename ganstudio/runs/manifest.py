"""Manifest: what a checkpoint's files are, with their SHA-256, so that damage does not go unseen.

A manifest is trusted only as far as its own sum reaches: it is read, never run. It knows nothing of torch.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ganstudio.api.errors import StudioError

NAME = "manifest.json"
FORMAT = 1
"""Raised when an older studio could not read a checkpoint any more."""


@dataclass(frozen=True)
class FileSum:
    """What a file must be: ``size`` in bytes, and its SHA-256 in hexadecimal digits."""

    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What a checkpoint holds. ``spec``: as ``spec_to_dict`` gives it; ``time``: UTC, ISO 8601."""

    step: int
    images_seen: int
    seconds: float
    reason: str
    spec: Mapping[str, Any]
    files: Mapping[str, FileSum]
    time: str
    format: int = FORMAT

    def to_text(self) -> str:
        """Return the text of a manifest file, with a sum of its own content."""
        content = asdict(self)
        return json.dumps({**content, "sum": _sum_of(content)}, indent=2, allow_nan=False) + "\n"


def read_manifest(folder: Path) -> Manifest:
    """Read the manifest of a checkpoint; raises ``StudioError`` naming it when missing, damaged or newer."""
    path = folder / NAME
    try:
        content = json.loads(path.read_bytes().decode("utf-8"))
    except FileNotFoundError as error:
        raise StudioError(f"The checkpoint {folder} is not whole: it has no {NAME}.") from error
    except OSError as error:
        raise StudioError(f"{path} cannot be read: {error.strerror or error}.") from error
    except (ValueError, RecursionError) as error:
        raise _damaged(path) from error
    if isinstance(content, dict) and isinstance(content.get("format"), int) and content["format"] > FORMAT:
        raise StudioError(
            f"{path} was written by a newer GAN Studio (its format is {content['format']}, this version "
            f"reads up to {FORMAT}). Open it with that version."
        )
    try:
        return _from_content(content)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise _damaged(path) from error


def verified(folder: Path, name: str, manifest: Manifest) -> bytes:
    """Return what a checkpoint's file holds; raises ``StudioError`` naming it when it is not as written."""
    path, expected = folder / name, manifest.files.get(name)
    if expected is None:
        raise StudioError(f"The checkpoint {folder} is not whole: its {NAME} does not list {name}.")
    try:
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise StudioError(f"The checkpoint {folder} is not whole: it has no {name}.") from error
    except OSError as error:
        raise StudioError(f"{path} cannot be read: {error.strerror or error}.") from error
    if len(data) != expected.size:
        raise StudioError(
            f"{path} is damaged: it has {len(data):,} bytes, and {expected.size:,} were written."
        )
    if hashlib.sha256(data).hexdigest() != expected.sha256:
        raise StudioError(f"{path} is damaged: its SHA-256 is not that of what was written.")
    return data


def _from_content(content: dict[str, Any]) -> Manifest:
    """Return the manifest; raises ``ValueError`` (or what a wrong shape raises) when it is not as written."""
    if content.pop("sum") != _sum_of(content):
        raise ValueError("The sum does not fit the content.")
    files = {name: FileSum(**values) for name, values in content.pop("files").items()}
    return Manifest(files=files, **content)


def _sum_of(content: Mapping[str, Any]) -> str:
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def _damaged(path: Path) -> StudioError:
    return StudioError(f"{path} is damaged: its content is not what was written.")
