"""Translating: images of any size and kind, by the networks of a run.

It finds out by trying what sizes a network takes, so that any architecture with ``translate`` will do. It
trains nothing, and knows nothing of windows.
"""

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import numpy as np
import psutil
import torch
from torch import Tensor

from ganstudio import tiles
from ganstudio.apart import OwnRandomness
from ganstudio.api import (
    Architecture,
    ImageSpec,
    InputError,
    PairedSpec,
    StudioError,
    UnpairedSpec,
    Upscaler,
)
from ganstudio.exporting.weights import built, find_checkpoint
from ganstudio.image_files import Picture, Pixels, Source, read_picture, resized, write_beside
from ganstudio.layer_watch import LayerWatch
from ganstudio.registry import Registry
from ganstudio.resuming import resolve_again
from ganstudio.runs.checkpoint import Checkpoint
from ganstudio.runs.folder import RunFolder
from ganstudio.runs.pictures import png
from ganstudio.training.previews import to_uint8

Size = Literal["own", "trained"]
"""An image is translated at its own size, or scaled to about the size that was trained on."""

SIZES: tuple[Size, ...] = ("trained", "own")
_MEMORY_SHARE = 0.6
"""Of the memory that is free, at most so much is taken for one image."""
_WORK = 2.0
"""The layers' own room beside what goes into them and comes out, as a factor; see the tests."""
_COPIES = 4
"""Of an image and its enlargement, in memory at once while it is made, shown and saved."""

Stop = Callable[[], bool]


class Stopped(Exception):  # noqa: N818 - it is no error
    """Nobody waits for the translation any more."""


@dataclass(frozen=True)
class Direction:
    """A way to translate: ``to`` is A or B; the images given and made, and what both are called."""

    to: str
    given: ImageSpec
    made: ImageSpec
    names: tuple[str, str]

    @property
    def factor(self) -> int:
        """How many times as large as its input a translation is."""
        return max(1, self.made.height // self.given.height)

    @property
    def title(self) -> str:
        """Both names, as a user is to read them."""
        return f"{self.names[0]} → {self.names[1]}"


@dataclass(frozen=True)
class Translation:
    """What was given, as the network saw it, and what it made of it: ``uint8`` [H, W, C] each.

    ``notes``: what was done to the image before and after, a sentence each.
    """

    given: Pixels = field(repr=False)
    made: Pixels = field(repr=False)
    to: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Limits:
    """What sizes a network takes: sides that are multiples of ``multiple`` (0: the trained size alone).

    ``bytes_per_pixel``: what a translation needs of memory for each pixel of its input.
    """

    multiple: int
    bytes_per_pixel: float


class Translator:
    """The networks of one run at one step, on the CPU, with their averaged weights.

    ``stop`` is asked before every layer whether to give up, which raises :class:`Stopped`.
    """

    def __init__(self, run: RunFolder, checkpoint: Checkpoint, registry: Registry, stop: Stop) -> None:
        self.run, self.step, self.stop = run, checkpoint.step, stop
        self._architecture = _built(run, checkpoint, registry)
        self.title = self._architecture.title
        self.directions = directions_of(checkpoint.spec)
        self._limits: dict[str, _Limits] = {}
        self._watch = LayerWatch(self._give_up_when_told)
        for network in self._architecture.networks().values():
            self._watch.attach(network)

    @classmethod
    def open(
        cls, path: Path, registry: Registry, step: int | None = None, stop: Stop = lambda: False
    ) -> "Translator":
        """Return the translator of the run in a folder, with its newest checkpoint that is whole or a step's.

        Raises ``InputError`` where there is no such run or step, its plugins are missing or it does not
        translate; ``StudioError`` where a checkpoint is damaged or does not fit its plugin any more.
        """
        run = RunFolder.open(path)
        _check_kind(run, registry)
        return cls(run, find_checkpoint(run, step), registry, stop)

    def direction(self, to: str = "") -> Direction:
        """Return the direction to A, to B, or to the domain of that name (the first: where none is named)."""
        wanted = to.strip().lower()
        if not wanted:
            return self.directions[0]
        known = {each.names[1].lower(): each for each in self.directions}
        known |= {each.to.lower(): each for each in self.directions}
        if wanted in known:
            return known[wanted]
        ways = " or ".join(f"{each.to} ({each.names[1]})" for each in self.directions)
        raise InputError(f"{self.run.name} does not translate to {to!r}. It translates to {ways}.")

    @property
    def usual_size(self) -> Size:
        """How images are best translated: enlarging models know no size, all others the trained one."""
        return "own" if self.directions[0].factor > 1 else "trained"

    def translate(self, source: Source, to: str = "", size: Size | None = None) -> Translation:
        """Return a picture translated.

        Raises ``InputError`` where it is no image, too large for the memory, or of a size that the network
        does not take; :class:`Stopped` when nobody waits any more.
        """
        way, size = self.direction(to), size or self.usual_size
        picture = read_picture(source, way.given.channels)
        if size == "own" and isinstance(self._architecture, Upscaler):
            return self._enlarged(picture, way, self._architecture)
        with self._translating():
            limits = self._limits_of(way)
            if size == "trained" or not limits.multiple:
                fed, notes = _at_trained_size(picture, way, limits, asked=size == "trained")
            else:
                fed, notes = _at_own_size(picture, way, limits)
            made = self._run(fed.padded, way)
        height, width, _ = fed.seen.shape
        top, left = (place * way.factor for place in fed.corner)
        made = made[top : top + height * way.factor, left : left + width * way.factor]
        return Translation(fed.seen, np.ascontiguousarray(made), way.to, notes)

    def _enlarged(self, picture: Picture, way: Direction, model: Upscaler) -> Translation:
        """Return a picture enlarged in tiles, so that the network's own memory does not grow with it."""
        height, width, channels = picture.pixels.shape
        limits = _Limits(1, channels * (1 + way.factor**2) * _COPIES)
        _check_memory(width, height, limits, " The command ganstudio upscale takes larger ones.")
        self._watch.begin()
        with self._translating():
            made = tiles.upscaled(model, picture.pixels)
        return Translation(picture.pixels, made, way.to, _sentence(picture.done))

    def _give_up_when_told(self) -> None:
        if self.stop():
            raise Stopped

    @contextmanager
    def _translating(self) -> Iterator[None]:
        try:
            with torch.no_grad(), OwnRandomness():
                yield
        except (RuntimeError, MemoryError) as error:
            if isinstance(error, StudioError):
                raise
            if isinstance(error, MemoryError) or "memory" in str(error):
                raise InputError(
                    "There was not enough memory to translate this image. Translate it at the trained size."
                ) from error
            raise

    def _run(self, pixels: Pixels, way: Direction) -> Pixels:
        """Return what the network makes of pixels [H, W, C]."""
        images = torch.from_numpy(pixels).permute(2, 0, 1).unsqueeze(0).float().div_(127.5).sub_(1)
        made: Pixels = to_uint8(self._call(images, way))[0]
        return made

    def _call(self, images: Tensor, way: Direction) -> Tensor:
        self._watch.begin()
        translate: Any = self._architecture.translate
        made: Tensor = translate(images, way.to)
        return made

    def _limits_of(self, way: Direction) -> _Limits:
        """Find out what a network takes, by trying sizes from the trained one upwards."""
        if way.to not in self._limits:
            height, width = way.given.height, way.given.width
            self._watch.peak = 0
            self._try(way, height, width)
            each = self._watch.peak * _WORK / (height * width)
            common = math.gcd(height, width)
            steps = [step for step in range(1, common + 1) if common % step == 0]
            multiple = next((s for s in steps if self._takes(way, height + s, width + s)), 0)
            self._limits[way.to] = _Limits(multiple, each)
        return self._limits[way.to]

    def _takes(self, way: Direction, height: int, width: int) -> bool:
        try:
            made = self._try(way, height, width)
        except (RuntimeError, ValueError):
            return False
        return made.shape[2:] == (height * way.factor, width * way.factor)

    def _try(self, way: Direction, height: int, width: int) -> Tensor:
        return self._call(torch.zeros(1, way.given.channels, height, width), way)


def translates(registry: Registry, kind: str) -> bool:
    """Say whether an architecture of that kind is there and translates images."""
    cls = registry.get("architecture", kind)
    return cls is not None and callable(getattr(cls, "translate", None))


def directions_of(spec: object) -> tuple[Direction, ...]:
    """Return the ways there are between two kinds of images; raises ``InputError`` for other data."""
    if isinstance(spec, UnpairedSpec):
        a, b = spec.names
        return Direction("B", spec.a, spec.b, (a, b)), Direction("A", spec.b, spec.a, (b, a))
    if isinstance(spec, PairedSpec):
        return (Direction("B", spec.input, spec.target, spec.names),)
    raise InputError("This run was not trained on two kinds of images, so there is nothing to translate to.")


def save_beside(translation: Translation, source: Path, out: Path | None = None) -> Path:
    """Write a translation beside its original, or into ``out``, as name.to-B.png, over nothing."""
    return write_beside(
        out or source.absolute().parent, f"{source.stem}.to-{translation.to}", png(translation.made)
    )


# --- Sizes -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Fed:
    """``seen``: the picture; ``padded``: with what is added round it, which begins at ``corner``."""

    seen: Pixels
    padded: Pixels
    corner: tuple[int, int]


def _at_trained_size(
    picture: Picture, way: Direction, limits: _Limits, asked: bool
) -> tuple[_Fed, tuple[str, ...]]:
    """Scale to about the trained size, keeping the proportions; cut to it where nothing else is taken."""
    spec = way.given
    height, width, _ = picture.pixels.shape
    scale = max(spec.height / height, spec.width / width)
    wide, high = max(spec.width, round(width * scale)), max(spec.height, round(height * scale))
    if (high, wide) != (height, width):
        picture = resized(picture, wide, high)
    why = () if asked else (f"It takes images of {spec.width} × {spec.height} alone.",)
    if limits.multiple:
        _check_memory(wide, high, limits, "")
        fed, notes = _padded(picture, spec, limits.multiple)
        return fed, (*why, *notes)
    top, left = (high - spec.height) // 2, (wide - spec.width) // 2
    cut = np.ascontiguousarray(picture.pixels[top : top + spec.height, left : left + spec.width])
    done = picture.done
    if cut.shape != picture.pixels.shape:
        done = (*done, f"cut to its middle of {spec.width} × {spec.height}")
    return _Fed(cut, cut, (0, 0)), (*why, *_sentence(done))


def _at_own_size(picture: Picture, way: Direction, limits: _Limits) -> tuple[_Fed, tuple[str, ...]]:
    height, width, _ = picture.pixels.shape
    _check_memory(width, height, limits, " Translate it at the trained size, or scale it down first.")
    return _padded(picture, way.given, limits.multiple)


def _padded(picture: Picture, spec: ImageSpec, multiple: int) -> tuple[_Fed, tuple[str, ...]]:
    """Reflect the edges until the sides are multiples, and not below those that were trained on."""
    pixels, done = picture.pixels, picture.done
    sides = pixels.shape[:2]
    wanted = [
        -(-max(s, least) // multiple) * multiple for s, least in zip(sides, spec.shape[1:], strict=True)
    ]
    before = [(want - side) // 2 for want, side in zip(wanted, sides, strict=True)]
    after = [want - side - b for want, side, b in zip(wanted, sides, before, strict=True)]
    if not any((*before, *after)):
        return _Fed(pixels, pixels, (0, 0)), _sentence(done)
    whole = np.pad(pixels, (*zip(before, after, strict=True), (0, 0)), mode="reflect")
    done = (*done, f"its edges reflected up to {wanted[1]} × {wanted[0]} meanwhile")
    return _Fed(pixels, whole, (before[0], before[1])), _sentence(done)


def _sentence(done: tuple[str, ...]) -> tuple[str, ...]:
    text = ", ".join(done)
    return (f"{text[0].upper()}{text[1:]}.",) if text else ()


def _check_memory(width: int, height: int, limits: _Limits, instead: str) -> None:
    """Raise ``InputError`` where an image would need more memory than can be spared."""
    needed = width * height * limits.bytes_per_pixel
    room = psutil.virtual_memory().available * _MEMORY_SHARE
    if needed > room:
        fits = math.sqrt(room / limits.bytes_per_pixel / (width * height))
        raise InputError(
            f"The image is {width:,} × {height:,} pixels; translating it would take about "
            f"{needed / 2**30:,.1f} GiB of memory, and {room / 2**30:,.1f} GiB can be spared.{instead} Up to "
            f"about {int(width * fits):,} × {int(height * fits):,} would fit."
        )


# --- Networks --------------------------------------------------------------------------------------


def _check_kind(run: RunFolder, registry: Registry) -> None:
    """Raise ``InputError`` where the run's architecture does not translate."""
    kind = run.experiment.architecture.kind
    cls = registry.get("architecture", kind)
    if cls is not None and not translates(registry, kind):
        raise InputError(
            f"{run.name} was trained with {cls.title or kind}, which does not translate images. Choose a run "
            "of CycleGAN or pix2pix."
        )


def _built(run: RunFolder, checkpoint: Checkpoint, registry: Registry) -> Architecture:
    """Return the networks with their weights; the averages of those that have any."""
    architecture = resolve_again(run, run.experiment, registry).architecture
    directions_of(checkpoint.spec)
    return built(architecture, checkpoint)
