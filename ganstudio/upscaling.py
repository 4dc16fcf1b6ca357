"""Upscaling: files of images enlarged by the weights of a run. It knows nothing of Qt."""

import io
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import numpy as np
import psutil
import torch
from PIL import Image, ImageOps, UnidentifiedImageError

from ganstudio import tiles
from ganstudio.api import Architecture, InputError, PairedSpec, StudioError, Upscaler
from ganstudio.exporting.weights import find_checkpoint, weights_of
from ganstudio.registry import Registry
from ganstudio.resuming import resolve_again
from ganstudio.runs.atomic import explained, write_bytes
from ganstudio.runs.folder import RunFolder
from ganstudio.training.device import prepare_thread
from ganstudio.training.state import load_network_tensors

_DEEP = ("I", "I;16", "I;16L", "I;16B", "I;16N")
_GREY = ("1", "L", "LA", "La", *_DEEP)
_PLAIN = ("1", "L", "LA", "La", "P", "PA", "RGB", "RGBA", "RGBa", "RGBX")
_SHARE = 0.8
"""Of the memory that is free, what an image may take."""


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


class _UnfitError(Exception):
    """A file cannot be enlarged; the message says why, in a whole sentence."""


def upscale_files(
    run: Path,
    registry: Registry,
    files: Sequence[Path],
    out: Path | None = None,
    step: int | None = None,
    side: int = tiles.SIDE,
) -> Iterator[Upscaled]:
    """Enlarge files, and all images of folders, one after the other, each to a PNG; yield what became of it.

    ``out``: the folder to write, beside each image without one; nothing that is there is overwritten.
    ``step``: of the checkpoint whose weights are used, the newest without. ``side``: of a tile, in pixels.
    Raises ``InputError`` when the run holds no such checkpoint, or its networks enlarge nothing.
    """
    model = load(run, registry, step)
    for source in _files(files):
        folder = source.parent if out is None else out
        try:
            image, notes = upscale_image(model, source, side)
        except _UnfitError as problem:
            yield Upscaled(source, None, problem=str(problem))
            continue
        yield Upscaled(source, _written(image, folder, f"{source.stem}-x{model.network.scale}"), notes)


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
    architecture.build(checkpoint.spec)
    _fill(architecture, weights_of(checkpoint), checkpoint.path)
    architecture.requires_grad_(False).eval()
    return Model(cast(Upscaler, architecture), cast(PairedSpec, checkpoint.spec).input.channels)


def upscale_image(model: Model, file: Path, side: int) -> tuple[Image.Image, tuple[str, ...]]:
    """Return the image of a file enlarged, in the colours it has, and sentences about what was converted.

    Transparency is enlarged bicubically; so are the colours, where the model knows brightness alone.
    """
    with _opened(file) as opened:
        _check_memory(opened, model.network.scale)
        profile = opened.info.get("icc_profile")
        image, notes = _plain(ImageOps.exif_transpose(opened))
    size = image.width * model.network.scale, image.height * model.network.scale
    alpha = image.getchannel("A").resize(size, Image.Resampling.BICUBIC) if "A" in image.mode else None
    image = image.convert("L" if image.mode in _GREY else "RGB")
    made, more = _coloured(model, image, size, side)
    if alpha is not None:
        made.putalpha(alpha)
    if profile and not notes:
        made.info["icc_profile"] = profile
    return made, (*notes, *more)


def _coloured(
    model: Model, image: Image.Image, size: tuple[int, int], side: int
) -> tuple[Image.Image, list[str]]:
    """Enlarge an image that is grey or RGB by a model of either, and keep its colours."""
    if image.mode == "L" and model.channels == 1:
        return _made(model, image, side), []
    if image.mode == "L":
        made = _made(model, image.convert("RGB"), side)
        return made.convert("L"), ["It is grey, and was enlarged as a colour image."]
    if model.channels == 3:
        return _made(model, image, side), []
    brightness, *colours = image.convert("YCbCr").split()
    large = [colour.resize(size, Image.Resampling.BICUBIC) for colour in colours]
    made = Image.merge("YCbCr", [_made(model, brightness, side), *large]).convert("RGB")
    return made, ["The model knows grey images alone, so colours were enlarged bicubically."]


def _made(model: Model, image: Image.Image, side: int) -> Image.Image:
    pixels = np.asarray(image)
    made = tiles.upscaled(model.network, pixels.reshape(*pixels.shape[:2], -1), side)
    return Image.fromarray(made[..., 0] if image.mode == "L" else made)


def _plain(image: Image.Image) -> tuple[Image.Image, tuple[str, ...]]:
    """Return the image as grey or RGB in 8 bits, with its transparency, and what was done to it."""
    notes = []
    if getattr(image, "n_frames", 1) > 1:
        notes.append("It has several frames; the first was enlarged.")
    if image.mode in _DEEP:
        image = _eight_bits(image)
        notes.append("Its 16 bits became 8.")
    elif image.mode not in _PLAIN:
        notes.append(f"Its colours ({image.mode}) became RGB.")
    if image.has_transparency_data:
        return image.convert("LA" if image.mode in _GREY else "RGBA"), tuple(notes)
    return image.convert("L" if image.mode in _GREY else "RGB"), tuple(notes)


def _eight_bits(image: Image.Image) -> Image.Image:
    """Bring 16 bits to 8: 0..65535 → 0..255."""
    values = np.asarray(image).astype(np.int64)
    if values.min(initial=0) < 0 or values.max(initial=0) > 65535:
        raise _UnfitError("Its pixels have more than 16 bits; keep it with 8 or 16.")
    return Image.fromarray(((values + 128) // 257).astype(np.uint8))


def _check_memory(image: Image.Image, scale: int) -> None:
    """Refuse an image that would not fit, before it is decoded."""
    if image.mode == "F":
        raise _UnfitError("Its pixels are fractions, whose range is not known; keep it with 8 or 16 bits.")
    # The image and its enlargement in up to four channels, the latter again while it is written.
    needed = image.width * image.height * 4 * (2 + 2 * scale**2)
    free = psutil.virtual_memory().available
    if needed > _SHARE * free:
        raise _UnfitError(
            f"It has {image.width} × {image.height} pixels; {scale} times as large it takes "
            f"{needed / 2**30:.1f} GiB of memory, and {free / 2**30:.1f} are free. Cut it into parts."
        )


@contextmanager
def _opened(file: Path) -> Iterator[Image.Image]:
    """Open an image; whatever is wrong with the file is an ``_UnfitError``."""
    try:
        with warnings.catch_warnings():
            # Of many pixels; memory is asked about instead.
            warnings.simplefilter("ignore")
            with file.open("rb") as content, Image.open(content) as image:
                yield image
    except Image.DecompressionBombError as error:
        raise _UnfitError("It has more pixels than can be opened safely. Cut it into parts.") from error
    except UnidentifiedImageError as error:
        raise _UnfitError("It is no image that can be read.") from error
    except FileNotFoundError as error:
        raise _UnfitError("There is no such file.") from error
    except PermissionError as error:
        raise _UnfitError("Reading it is not allowed.") from error
    # Decoders of broken files raise almost anything.
    except (OSError, ValueError, SyntaxError, EOFError, ArithmeticError, LookupError, TypeError) as error:
        raise _UnfitError("It is damaged and cannot be read.") from error


def _files(given: Sequence[Path]) -> Iterator[Path]:
    """Yield files as they are given, and of a folder the images that lie in it."""
    endings = Image.registered_extensions()
    for path in given:
        if path.is_dir():
            yield from sorted(each for each in path.iterdir() if each.suffix.lower() in endings)
        else:
            yield path


def _written(image: Image.Image, folder: Path, name: str) -> Path:
    """Write a PNG by a name that is free, and return its path."""
    with explained(folder, InputError):
        folder.mkdir(parents=True, exist_ok=True)
    path, number = folder / f"{name}.png", 2
    while path.exists():
        path, number = folder / f"{name}-{number}.png", number + 1
    content = io.BytesIO()
    image.save(content, "PNG", icc_profile=image.info.get("icc_profile"))
    write_bytes(path, content.getvalue())
    return path


def _fill(architecture: Architecture, weights: dict[str, torch.Tensor], where: Path) -> None:
    try:
        load_network_tensors(architecture.networks(), weights)
    except (RuntimeError, KeyError) as error:
        raise StudioError(
            f"The weights in {where} do not fit {architecture.title} as it is now. Its plugin has changed "
            "since; use the version named in provenance.json."
        ) from error
