"""Films: the kept previews of a run as a strip (PNG), or moving (GIF, WebP, MP4).

It is given previews and reads nothing else of a run. It knows no window and no command.
"""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ganstudio.api.errors import InputError, StudioError
from ganstudio.exporting.film_formats import FORMATS, Shape, load_av
from ganstudio.exporting.film_frames import Look, fit, paint, side_by_side
from ganstudio.runs import pictures
from ganstudio.runs.atomic import explained, sync_file, sync_folder, temporary_beside

if TYPE_CHECKING:
    from PIL import Image

    from ganstudio.runs.history import Kept

SUFFIXES = (".gif", ".webp", ".mp4", ".png")
"""What the name of a film may end in; it says the format."""
STRIP_FRAMES = 12
"""Of a strip, unless another number is asked for."""
MOST_PIXELS = 1 << 26
"""Of one frame, and of a strip as a whole."""

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class FilmOptions:
    """What is to be seen of the previews, and how. Raises ``InputError`` for what makes no film.

    ``kind``: of previews, as in a ``History``. ``first`` and ``last``: steps, both among them. ``every``: 3
    takes each third preview. ``most``: frames at most, evenly chosen (0: all, 12 in a strip). ``scale``:
    pixels for each of an image's; points always take 512. ``columns``: frames side by side in a strip (0:
    all).
    """

    kind: str = ""
    first: int | None = None
    last: int | None = None
    every: int = 1
    most: int = 0
    fps: float = 12.0
    scale: int = 2
    caption: bool = True
    loop: bool = True
    columns: int = 0

    def __post_init__(self) -> None:
        if not 0.1 <= self.fps <= 60:
            raise InputError(f"A film has 0.1 to 60 frames a second, not {self.fps:g}.")
        if not 1 <= self.scale <= 32:
            raise InputError(f"Samples are shown 1 to 32 times as large, not {self.scale} times.")
        if self.every < 1 or self.most < 0 or self.columns < 0:
            raise InputError(
                "Every how many previews is 1 or more; frames at most and columns are 0 or more."
            )


@dataclass(frozen=True)
class Film:
    """A film that was written. ``skipped``: a sentence for each preview that could not be read."""

    path: Path
    frames: int
    width: int
    height: int
    skipped: tuple[str, ...] = ()


class _Cancelled(Exception):  # noqa: N818 - it is no error
    """Nobody wants the film any more."""


def choose(previews: "Mapping[str, Sequence[Kept]]", options: FilmOptions, strip: bool) -> "list[Kept]":
    """Return the previews that become frames, by step; raises ``InputError`` where there are none."""
    if options.kind not in previews or not previews[options.kind]:
        raise InputError(_no_such_kind(previews, options.kind))
    every = previews[options.kind]
    low, high = options.first, options.last
    found = [
        kept for kept in every if (low is None or kept.step >= low) and (high is None or kept.step <= high)
    ]
    if not found:
        raise InputError(
            f"No preview was kept {_between(low, high)}: the first is of step {every[0].step}, the last of "
            f"step {every[-1].step}."
        )
    return _evenly(found[:: options.every], options.most or (STRIP_FRAMES if strip else 0))


def first_frame(frames: "Sequence[Kept]", options: FilmOptions, real: Path | None = None) -> "Image.Image":
    """Return the first frame as it will look; raises ``StudioError`` where no preview can be read."""
    return next(_Reel(frames, options, real).painted())


def check_suffix(out: Path) -> None:
    """Raise ``InputError`` where the name of a file tells no format, or one that cannot be written here."""
    if out.suffix.lower() not in SUFFIXES:
        ending = f"ends in {out.suffix}" if out.suffix else "has no ending"
        raise InputError(
            f"The name of a film says its format: {', '.join(SUFFIXES[:-1])}, or {SUFFIXES[-1]} for a strip. "
            f"{out.name} {ending}."
        )
    if out.suffix.lower() == ".mp4":
        load_av()


def write_film(
    frames: "Sequence[Kept]",
    out: Path,
    options: FilmOptions,
    real: Path | None = None,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Film | None:
    """Write previews as the film ``out``, in the format that its name ends in; ``None`` where cancelled.

    The file is there whole or not at all. ``real``: the picture of the data, behind points. ``progress`` is
    told how many frames of how many are done; ``cancelled`` is asked before each. Raises ``InputError`` for
    an unknown ending or too large a frame, ``StudioError`` where no preview can be read or the disk refuses.
    """
    check_suffix(out)
    reel = _Reel(frames, options, real, progress, cancelled)
    with explained(out.parent, InputError):
        out.parent.mkdir(parents=True, exist_ok=True)
    temporary = temporary_beside(out)
    try:
        with explained(out):
            shape = _write(temporary, out.suffix.lower(), reel)
            sync_file(temporary)
            os.replace(temporary, out)
            sync_folder(out.parent)
    except _Cancelled:
        return None
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
    return Film(out, reel.painted_count, shape.width, shape.height, tuple(reel.skipped))


def _write(path: Path, suffix: str, reel: "_Reel") -> Shape:
    if suffix in FORMATS:
        FORMATS[suffix](path, reel.painted(), reel.shape())
        return reel.shape()
    shape = reel.shape()
    _refuse_large(shape.width * shape.height * shape.count)
    painted = list(reel.painted())
    strip = side_by_side(painted, min(len(painted), reel.options.columns or len(painted)))
    strip.save(path, "PNG")
    return Shape(strip.width, strip.height, len(painted), reel.options.fps)


class _Reel:
    """The frames of a film, painted one by one at the size of the first."""

    def __init__(
        self,
        frames: "Sequence[Kept]",
        options: FilmOptions,
        real: Path | None,
        progress: Progress | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> None:
        self.options = options
        self.painted_count = 0
        self._frames, self._real = frames, real
        self._progress, self._cancelled = progress, cancelled
        self._skipped: dict[Path, str] = {}
        self._look: Look | None = None
        self._size, self._mode = (0, 0), ""

    @property
    def skipped(self) -> list[str]:
        """A sentence for each preview that could not be read."""
        return list(self._skipped.values())

    def shape(self) -> Shape:
        """Return what the frames have in common; raises ``StudioError`` where there are none."""
        if not self._mode:
            self._begin()
        options = self.options
        return Shape(*self._size, len(self._frames) - len(self._skipped), options.fps, options.loop)

    def painted(self) -> "Iterator[Image.Image]":
        """Paint each frame when its turn comes; raises ``StudioError`` where there are none."""
        look = self._look or self._begin()
        self.painted_count = 0
        for number, kept in enumerate(self._frames):
            if self._cancelled is not None and self._cancelled():
                raise _Cancelled
            picture = self._read(kept)
            frame = fit(paint(kept.step, picture, look), self._size, self._mode) if picture else None
            # Told before the frame is given: not every format asks for more once it has the last.
            if self._progress is not None:
                self._progress(number + 1, len(self._frames))
            if frame is not None:
                self.painted_count += 1
                yield frame

    def _begin(self) -> Look:
        """Settle how the frames look, by the first that can be read, and for points the last."""
        for kept in self._frames:
            picture = self._read(kept)
            if picture is None:
                continue
            look = self._look = self._look_for(picture)
            _refuse_large(picture.array[..., :1].size * (look.scale**2 if picture.kind == "images" else 1))
            frame = paint(kept.step, picture, look)
            self._size, self._mode = frame.size, frame.mode
            return look
        raise StudioError(" ".join(["None of the previews can be read.", *self.skipped[:1]]))

    def _look_for(self, picture: pictures.PreviewPicture) -> Look:
        plain = Look(self.options.scale, self.options.caption)
        if picture.kind == "images":
            return plain
        real = self._real_samples(picture.kind)
        if picture.kind == "table":
            return Look(plain.scale, plain.caption, real=None if real is None else real.array)
        if real is not None:
            return Look(plain.scale, plain.caption, pictures.limits_of(real.array), real.array)
        last = next((found for kept in reversed(self._frames) if (found := self._read(kept))), picture)
        return Look(plain.scale, plain.caption, pictures.limits_of(last.array))

    def _real_samples(self, kind: str) -> pictures.PreviewPicture | None:
        if self._real is None:
            return None
        try:
            found = pictures.read(self._real)
        except StudioError:
            # Films do without what was behind the samples.
            return None
        return found if found.kind == kind else None

    def _read(self, kept: "Kept") -> pictures.PreviewPicture | None:
        try:
            return pictures.read(kept.path)
        except StudioError as error:
            self._skipped[kept.path] = str(error)
            return None


def _evenly(frames: "list[Kept]", most: int) -> "list[Kept]":
    """Return at most so many, the first and the last among them; 0 is no bound."""
    if not most or len(frames) <= most:
        return frames
    if most == 1:
        return frames[-1:]
    return [frames[round(number * (len(frames) - 1) / (most - 1))] for number in range(most)]


def _refuse_large(pixels: int) -> None:
    if pixels > MOST_PIXELS:
        raise InputError(
            f"The picture would have {pixels / 1e6:.0f} million pixels, and {MOST_PIXELS / 1e6:.0f} million "
            "are the most. Choose a smaller scale, or fewer frames."
        )


def _between(low: int | None, high: int | None) -> str:
    if low is not None and high is not None:
        return f"from step {low} to step {high}"
    return f"from step {low} on" if low is not None else f"up to step {high}"


def _no_such_kind(previews: "Mapping[str, Sequence[Kept]]", kind: str) -> str:
    named = sorted(name for name, kept in previews.items() if name and kept)
    if not any(previews.values()):
        return "The run has kept no previews yet, so there is nothing to make a film of."
    others = f" Besides the first kind there are: {', '.join(named)}." if named else " It has one kind alone."
    return f"The run has no previews called {kind!r}.{others}"
