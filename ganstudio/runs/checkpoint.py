"""Checkpoint: a whole training state as a folder that is complete and proven, or does not exist.

Weights and averages are safetensors; the rest is a torch file that is read with ``weights_only=True``, so
that no file can run code. It knows nothing of what the state means, and loads torch when first used.
"""

import hashlib
import io
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Protocol

from ganstudio.api.errors import StudioError
from ganstudio.api.events import CheckpointSaved
from ganstudio.runs import manifest as manifests
from ganstudio.runs.atomic import TEMPORARY, sync_file, sync_folder, temporary_beside
from ganstudio.runs.manifest import FileSum, Manifest, read_manifest, verified
from ganstudio.runs.refusals import explained

if TYPE_CHECKING:
    from torch import Tensor

    from ganstudio.api.data import DataSpec

WEIGHTS, AVERAGES, REST = "weights.safetensors", "averages.safetensors", "state.pt"
_FOLDER = re.compile(r"\d{9,}")
_SET_ASIDE = re.compile(r"\.(\d{9,})\.old")


class State(Protocol):
    """What can be kept: the shape of ``ganstudio.training.state.TrainingState``."""

    @property
    def step(self) -> int: ...  # noqa: D102
    @property
    def images_seen(self) -> int: ...  # noqa: D102
    @property
    def seconds(self) -> float: ...  # noqa: D102
    @property
    def spec(self) -> "DataSpec": ...  # noqa: D102
    @property
    def weights(self) -> "Mapping[str, Tensor]": ...  # noqa: D102
    @property
    def averages(self) -> "Mapping[str, Tensor]": ...  # noqa: D102
    @property
    def rest(self) -> Mapping[str, Any]: ...  # noqa: D102


@dataclass(frozen=True)
class Checkpoint:
    """A state read back. ``weights`` and ``averages``: tensors on the CPU by ``network.parameter``."""

    step: int
    images_seen: int
    seconds: float
    spec: "DataSpec"
    weights: "dict[str, Tensor]" = field(repr=False)
    averages: "dict[str, Tensor]" = field(repr=False)
    rest: dict[str, Any] = field(repr=False)
    path: Path


def write_checkpoint(parent: Path, state: State, reason: str) -> CheckpointSaved:
    """Write ``state`` as the folder ``parent``/000012000 (its step) and return where it is and its size.

    A checkpoint of the same step is replaced. Raises ``StudioError`` with a sentence when the disk refuses;
    what was there before is then still there. One process at a time may write into ``parent``.
    """
    target = parent / f"{state.step:09d}"
    with explained(target):
        parent.mkdir(exist_ok=True)
        _remove_leftovers(parent)
        temporary = temporary_beside(target)
        temporary.mkdir()
        try:
            size = _fill(temporary, state, reason)
            _put_in_place(temporary, target)
        except BaseException:
            shutil.rmtree(temporary, ignore_errors=True)
            raise
    return CheckpointSaved(state.step, str(target), size, reason)


def read_checkpoint(folder: Path) -> Checkpoint:
    """Read a checkpoint; raises ``StudioError`` naming the file when any of it is not as it was written."""
    manifest = read_manifest(folder)
    return Checkpoint(
        step=manifest.step,
        images_seen=manifest.images_seen,
        seconds=manifest.seconds,
        spec=_read_spec(folder, manifest),
        weights=_read_tensors(folder, WEIGHTS, manifest),
        averages=_read_tensors(folder, AVERAGES, manifest),
        rest=_read_rest(folder, manifest),
        path=folder,
    )


def list_checkpoints(parent: Path) -> list[Path]:
    """Return the folders of all checkpoints in ``parent``, by step, whether whole or damaged."""
    try:
        folders = [path for path in parent.iterdir() if path.is_dir()]
    except OSError:
        return []
    # A crash between the two renames of a replacement leaves the earlier one set aside: it counts.
    aside = [path for path in folders if _SET_ASIDE.fullmatch(path.name)]
    named = [path for path in folders if _FOLDER.fullmatch(path.name)]
    found = {step_of(path): path for path in (*aside, *named)}
    return [found[step] for step in sorted(found)]


def step_of(folder: Path) -> int:
    """Return the step that a checkpoint's folder, one of :func:`list_checkpoints`, has in its name."""
    return int(folder.name.strip(".").removesuffix(".old"))


def copy_checkpoint(
    source: Checkpoint, parent: Path, reason: str, rest: Mapping[str, Any] | None = None
) -> CheckpointSaved:
    """Give ``parent`` a checkpoint of its own with what ``source`` holds, and another ``rest`` where given.

    Files are shared with the source where the disk can, which costs no room: neither is ever changed in
    place, and each stays when the other goes. Raises ``StudioError`` when the disk refuses, or when the
    source was changed since it was read.
    """
    target = parent / f"{source.step:09d}"
    before = read_manifest(source.path)
    with explained(target):
        parent.mkdir(exist_ok=True)
        temporary = temporary_beside(target)
        temporary.mkdir()
        try:
            files = {name: _shared(source.path, temporary, name, before) for name in (WEIGHTS, AVERAGES)}
            if rest is None:
                files[REST] = _shared(source.path, temporary, REST, before)
            else:
                files[REST] = _write_rest(temporary / REST, rest)
            if read_manifest(source.path) != before or before.step != source.step:
                raise StudioError(f"{source.path} was changed while it was copied. Try it again.")
            size = _seal(temporary, replace(before, reason=reason, files=files, time=_now()))
            _put_in_place(temporary, target)
        except BaseException:
            shutil.rmtree(temporary, ignore_errors=True)
            raise
    return CheckpointSaved(source.step, str(target), size, reason)


# --- Writing ---------------------------------------------------------------------------------------


def _shared(source: Path, folder: Path, name: str, manifest: Manifest) -> FileSum:
    """Link a file of a checkpoint into ``folder``, or copy it where the disk has no links."""
    try:
        os.link(source / name, folder / name)
    except FileNotFoundError as error:
        raise StudioError(f"The checkpoint {source} is not whole: it has no {name}.") from error
    except OSError:
        shutil.copyfile(source / name, folder / name)
    return manifest.files[name]


def _fill(folder: Path, state: State, reason: str) -> int:
    """Write all files of a checkpoint and its manifest last; return their size in bytes."""
    from ganstudio.api.data import spec_to_dict

    files = {
        WEIGHTS: _write_tensors(folder / WEIGHTS, state.weights),
        AVERAGES: _write_tensors(folder / AVERAGES, state.averages),
        REST: _write_rest(folder / REST, state.rest),
    }
    manifest = Manifest(
        step=state.step,
        images_seen=state.images_seen,
        seconds=state.seconds,
        reason=reason,
        spec=spec_to_dict(state.spec),
        files=files,
        time=_now(),
    )
    return _seal(folder, manifest)


def _seal(folder: Path, manifest: Manifest) -> int:
    """Write the manifest of files that are there, and bring all to the disk; return their size in bytes."""
    text = manifest.to_text().encode("utf-8")
    with (folder / manifests.NAME).open("xb") as file:
        file.write(text)
    for name in (*manifest.files, manifests.NAME):
        sync_file(folder / name)
    sync_folder(folder)
    return len(text) + sum(each.size for each in manifest.files.values())


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _put_in_place(temporary: Path, target: Path) -> None:
    """Give a finished folder its name; an earlier one of that name is set aside until then."""
    aside = target.with_name(f".{target.name}.old")
    if target.exists():
        shutil.rmtree(aside, ignore_errors=True)
        target.rename(aside)
    try:
        temporary.rename(target)
    except OSError:
        with suppress(OSError):
            aside.rename(target)
        raise
    sync_folder(target.parent)
    shutil.rmtree(aside, ignore_errors=True)


def _remove_leftovers(parent: Path) -> None:
    """Remove what a process that died while it wrote a checkpoint left behind."""
    for path in parent.glob(TEMPORARY):
        shutil.rmtree(path, ignore_errors=True)
    for path in parent.glob(".*.old"):
        aside = _SET_ASIDE.fullmatch(path.name)
        if aside and (parent / aside[1]).exists():
            shutil.rmtree(path, ignore_errors=True)


def _write_tensors(path: Path, tensors: "Mapping[str, Tensor]") -> FileSum:
    from safetensors import SafetensorError
    from safetensors.torch import save_file

    try:
        save_file(_apart(tensors), path)
    except (SafetensorError, RuntimeError, ValueError, KeyError) as error:
        raise _as_os_error(error) from error
    # safetensors makes files that their owner alone can read; a run may be looked at by others.
    path.chmod(path.parent.stat().st_mode & 0o666)
    with path.open("rb") as file:
        return FileSum(path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest())


def _apart(tensors: "Mapping[str, Tensor]") -> "dict[str, Tensor]":
    """Return the tensors on the CPU, each in a memory of its own: safetensors refuses shared ones."""
    seen: set[int] = set()
    apart = {}
    for name, tensor in tensors.items():
        own = tensor.detach().cpu().contiguous()
        memory = own.untyped_storage()
        if memory.data_ptr() in seen or memory.nbytes() != own.numel() * own.element_size():
            own = own.clone()
        seen.add(own.untyped_storage().data_ptr())
        apart[name] = own
    return apart


def _as_os_error(error: Exception) -> Exception:
    """Return the ``OSError`` that safetensors tells only in words, or a sentence for any other failure."""
    code = re.search(r"os error (\d+)", str(error))
    if code:
        return OSError(int(code[1]), os.strerror(int(code[1])))
    return StudioError(f"The weights cannot be kept: {error}.")


def _write_rest(path: Path, rest: Mapping[str, Any]) -> FileSum:
    import torch

    with path.open("xb") as file, _Summed(file).telling_disk_errors() as summed:
        # A path instead of a file would hold the interpreter, and with it the window, all the while.
        torch.save(dict(rest), summed)  # type: ignore[arg-type]
    return summed.result()


class _Summed:
    """A file to be written, with the SHA-256 of what went in, and the first refusal of the disk."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._sum = hashlib.sha256()
        self._size = 0
        self._refused: OSError | None = None

    def write(self, data: Any) -> int:
        try:
            self._file.write(data)
        except OSError as error:
            self._refused = self._refused or error
            raise
        self._sum.update(data)
        self._size += len(data)
        return len(data)

    def flush(self) -> None:
        self._file.flush()

    def result(self) -> FileSum:
        return FileSum(self._size, self._sum.hexdigest())

    @contextmanager
    def telling_disk_errors(self) -> "Iterator[_Summed]":
        """Raise the disk's own refusal where torch makes a riddle of it."""
        try:
            yield self
        except RuntimeError as error:
            if self._refused is None:
                raise
            raise self._refused from error


# --- Reading ---------------------------------------------------------------------------------------


def _read_spec(folder: Path, manifest: Manifest) -> "DataSpec":
    from ganstudio.api.data import spec_from_dict

    try:
        return spec_from_dict(dict(manifest.spec))
    except (StudioError, TypeError) as error:
        raise StudioError(
            f"{folder / manifests.NAME} describes data that this version does not know: {error}."
        ) from error


def _read_tensors(folder: Path, name: str, manifest: Manifest) -> "dict[str, Tensor]":
    from safetensors import SafetensorError
    from safetensors.torch import load

    # Loaded from the very bytes that were verified, not from a file that may have changed since.
    data = verified(folder, name, manifest)
    try:
        return load(data)
    except (SafetensorError, KeyError, ValueError) as error:
        raise StudioError(f"{folder / name} is not a file of weights: {error}.") from error


def _read_rest(folder: Path, manifest: Manifest) -> dict[str, Any]:
    import torch

    data = verified(folder, REST, manifest)
    try:
        rest = torch.load(io.BytesIO(data), map_location="cpu", weights_only=True)
    except Exception as error:
        # Whatever a file from elsewhere makes torch raise, it is refused.
        raise StudioError(
            f"{folder / REST} is refused: it holds more than numbers and text, which could run code, or it "
            "is no training state. Use a checkpoint from a source that you trust."
        ) from error
    if not isinstance(rest, dict):
        raise StudioError(f"{folder / REST} is no training state: it holds a {type(rest).__name__}.")
    return rest
