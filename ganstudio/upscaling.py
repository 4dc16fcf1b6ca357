"""Upscaling: files of images enlarged by the weights of a run, a band of rows at a time.

What an image becomes is never held whole. It knows nothing of Qt.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import numpy as np
import psutil
from PIL import Image

from ganstudio import tiles
from ganstudio.api import InputError, PairedSpec, StudioError, Upscaler
from ganstudio.exporting.weights import built, find_checkpoint
from ganstudio.image_files import Pixels, check_there, gathered, read_large
from ganstudio.png_bands import PngBands
from ganstudio.registry import Registry
from ganstudio.resuming import resolve_again
from ganstudio.runs.atomic import explained, temporary_beside
from ganstudio.runs.folder import RunFolder
from ganstudio.training.device import prepare_thread

_SHARE = 0.8
"""Of the memory that is free, what an image may take."""
_HELD, _MADE = 16, 8
"""Bytes of memory, at most, for each pixel of an image, and for each that is made of a band of it."""
_MOST = 1_000_000
_BICUBIC, _AROUND = Image.Resampling.BICUBIC, 2
"""How colours and transparency are enlarged, and how many pixels around a pixel that depends on."""

Progress = Callable[[Path, float], None]
"""Is told the file that is enlarged, and the share of it that is done."""


@dataclass(frozen=True)
class Upscaled:
    """What became of one file. ``notes``: what was converted. ``problem``: why ``out`` is ``None``."""

    source: Path
    out: Path | None
    notes: tuple[str, ...] = ()
    problem: str = ""


@dataclass(frozen=True)
class Model:
    """Networks that enlarge images with ``channels``: 1 (grey) or 3 (RGB)."""

    network: Upscaler
    channels: int


def upscale_files(
    run: Path,
    registry: Registry,
    files: Sequence[Path],
    out: Path | None = None,
    step: int | None = None,
    side: int = tiles.SIDE,
    say: Callable[[str], None] = lambda sentence: None,
    progress: Progress = lambda source, share: None,
) -> Iterator[Upscaled]:
    """Enlarge files, and all images of folders, one after the other, each to a PNG; yield what became of it.

    ``out``: the folder to write, beside each image without one; nothing that is there is overwritten.
    ``step``: of the checkpoint whose weights are used, the newest without. ``side``: of a tile, in pixels.
    ``say`` is told what of the folders is left out.
    Raises ``InputError`` when the run holds no such checkpoint, or its networks enlarge nothing, or a folder
    holds no images.
    """
    model = load(run, registry, step)
    for source in _sources(files, model.network.scale, say):
        try:
            yield upscale_file(model, source, source.parent if out is None else out, side, progress)
        except _UnfitError as problem:
            yield Upscaled(source, None, problem=str(problem))


def load(run: Path, registry: Registry, step: int | None = None) -> Model:
    """Return the networks of a run with their averaged weights, on the CPU, ready to enlarge images."""
    prepare_thread()
    folder = RunFolder.open(run)
    checkpoint = find_checkpoint(folder, step)
    architecture = resolve_again(folder, folder.experiment, registry).architecture
    if not hasattr(architecture, "upscale"):
        raise InputError(
            f"{run} was trained with {architecture.title}, which does not enlarge images. Choose a run of "
            "super-resolution."
        )
    return Model(
        cast(Upscaler, built(architecture, checkpoint)), cast(PairedSpec, checkpoint.spec).input.channels
    )


def upscale_file(
    model: Model, source: Path, folder: Path, side: int, progress: Progress = lambda source, share: None
) -> Upscaled:
    """Enlarge the image of a file into a folder, in the colours it has.

    Transparency is enlarged bicubically; so are the colours, where the model knows brightness alone. Raises
    ``InputError`` when the image cannot be read or memory would not hold it, ``StudioError`` when the disk
    refuses.
    """
    scale = model.network.scale
    try:
        check_there(source)
        image, done = read_large(source, lambda opened: _check_memory(opened, scale, side))
    except InputError as problem:
        raise _UnfitError(str(problem)) from problem
    channels = len(image.getbands())
    profile = _fitting(image.info.get("icc_profile"), channels)
    partial, path = _begun(folder, f"{source.stem}-x{scale}")
    try:
        with explained(path, StudioError), partial.open("xb") as file:
            png = PngBands(file, scale * image.width, scale * image.height, channels, profile)
            for rows, made in _bands(model, image, side):
                png.add(made)
                progress(source, rows.stop / image.height)
            file.flush()
            os.fsync(file.fileno())
        path = _free(path)
        with explained(path, StudioError):
            os.replace(partial, path)
    except BaseException:
        # Tidying up must not hide what went wrong.
        with suppress(OSError):
            partial.unlink()
        raise
    return Upscaled(source, path, (*_sentence(done), *_of_colours(model, channels)))


class _UnfitError(Exception):
    """A file cannot be enlarged; the message says why, in a whole sentence."""


# --- Colours ---------------------------------------------------------------------------------------


def _bands(model: Model, image: Image.Image, side: int) -> Iterator[tuple[slice, Pixels]]:
    """Yield rows of an image L, LA, RGB or RGBA, and what they become, ``uint8`` [H, W, C]."""
    if image.mode in ("L", "RGB"):
        yield from _coloured(model, image, side)
        return
    transparency = image.getchannel("A")
    for rows, made in _coloured(model, image.convert(image.mode.removesuffix("A")), side):
        yield rows, np.dstack([made, _bicubic(transparency, rows, model.network.scale)])


def _coloured(model: Model, image: Image.Image, side: int) -> Iterator[tuple[slice, Pixels]]:
    """Yield what the rows of an image that is grey or RGB become, by a model of either."""
    network = model.network
    if model.channels == 3:
        for rows, made in tiles.bands(network, np.asarray(image.convert("RGB")), side):
            yield rows, made if image.mode == "RGB" else _planes(Image.fromarray(made).convert("L"))
    elif image.mode == "L":
        yield from tiles.bands(network, _planes(image), side)
    else:
        brightness, *colours = image.convert("YCbCr").split()
        for rows, made in tiles.bands(network, _planes(brightness), side):
            large = (Image.fromarray(_bicubic(colour, rows, network.scale)) for colour in colours)
            whole = Image.merge("YCbCr", [Image.fromarray(made[..., 0]), *large])
            yield rows, np.asarray(whole.convert("RGB"))


def _bicubic(plane: Image.Image, rows: slice, scale: int) -> Pixels:
    """Return rows of one channel enlarged as they are when the whole is, ``uint8`` [H, W]."""
    top, bottom = max(rows.start - _AROUND, 0), min(rows.stop + _AROUND, plane.height)
    width, height = scale * plane.width, scale * (rows.stop - rows.start)
    # In two turns: which way Pillow goes first depends on the sizes, and where it rounds on that.
    wide = plane.crop((0, top, plane.width, bottom)).resize((width, bottom - top), _BICUBIC)
    return np.asarray(wide.resize((width, height), _BICUBIC, (0, rows.start - top, width, rows.stop - top)))


def _planes(image: Image.Image) -> Pixels:
    return np.asarray(image)[..., None]


def _of_colours(model: Model, channels: int) -> list[str]:
    grey = channels < 3
    if grey and model.channels == 3:
        return ["It is grey, and was enlarged as a colour image."]
    if not grey and model.channels == 1:
        return ["The model knows grey images alone, so colours were enlarged bicubically."]
    return []


def _sentence(done: Sequence[str]) -> list[str]:
    text = ", ".join(done)
    return [f"{text[0].upper()}{text[1:]}."] if text else []


def _fitting(profile: bytes | None, channels: int) -> bytes | None:
    """Return a profile if it is one of the colours that are written."""
    return profile if profile and profile[16:20] == (b"GRAY" if channels < 3 else b"RGB ") else None


# --- Files -----------------------------------------------------------------------------------------


def _check_memory(image: Image.Image, scale: int, side: int) -> None:
    """Refuse an image that would not fit, before it is decoded."""
    band = image.width * min(side, image.height)
    needed = image.width * image.height * _HELD + band * scale**2 * _MADE
    free = psutil.virtual_memory().available
    if needed > _SHARE * free:
        raise InputError(
            f"It has {image.width:,} × {image.height:,} pixels; enlarging it takes {needed / 2**30:,.1f} GiB "
            f"of memory, and {free / 2**30:,.1f} are free. Cut it into parts."
        )


def _sources(given: Sequence[Path], scale: int, say: Callable[[str], None]) -> list[Path]:
    """Return files as they are given, and of folders the images in them that were not made by this."""
    found: dict[Path, None] = {}
    made = 0
    for path in given:
        if not path.is_dir():
            found[path] = None
            continue
        inside, _notes = gathered([path], _MOST)
        originals = {file.with_suffix("") for file in inside}
        for file in inside:
            if _is_enlargement(file, originals, scale):
                made += 1
            else:
                found[file] = None
    if made:
        say(f"{made} earlier {'enlargement is' if made == 1 else 'enlargements are'} left out.")
    return list(found)


def _is_enlargement(file: Path, originals: set[Path], scale: int) -> bool:
    """Say whether a file has the name that is given to what is made of one beside it."""
    name, mark, number = file.stem.rpartition(f"-x{scale}")
    if not mark or file.suffix.lower() != ".png" or not (not number or number[1:].isdigit()):
        return False
    return file.with_name(name) in originals


def _begun(folder: Path, name: str) -> tuple[Path, Path]:
    """Make a folder, and return a hidden name in it, and the one that the file is to have in the end."""
    path = folder / f"{name}.png"
    with explained(folder, InputError):
        folder.mkdir(parents=True, exist_ok=True)
    return temporary_beside(path), path


def _free(path: Path) -> Path:
    """Return the path, with a number where something is there already."""
    free, number = path, 2
    while free.exists():
        free, number = path.with_name(f"{path.stem}-{number}.png"), number + 1
    return free
