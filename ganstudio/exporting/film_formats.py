"""Film formats: pictures of one size, one after the other, as GIF, WebP or MP4.

Frames are taken one at a time, and none is kept, so that films may be long. It knows nothing of samples.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ganstudio.api.errors import InputError, StudioError
from ganstudio.exporting.film_frames import fit

if TYPE_CHECKING:
    from PIL import Image

    Frames = Iterator[Image.Image]

MOST_WEBP = 16_383
"""Pixels of a WebP's side, at most, by its format."""
_SAMPLED = 128
"""Pixels of the side of the square that a frame's palette is chosen from."""
_MISSING = (
    "MP4 films are written by PyAV, which is not installed. Install it with: pip install 'ganstudio[video]' "
    "(or: pip install av), or choose .gif or .webp."
)


@dataclass(frozen=True)
class Shape:
    """What all frames have in common. ``count``: how many there are, at most."""

    width: int
    height: int
    count: int
    fps: float
    loop: bool = True


def write_gif(path: Path, frames: "Frames", shape: Shape) -> None:
    """Write frames with up to 256 colours each; a frame lasts whole hundredths of a second, two at least."""
    from PIL import GifImagePlugin

    hundredths = max(2, round(100 / shape.fps))
    first = True
    with path.open("wb") as file:
        for frame in frames:
            coloured = _in_256_colours(frame)
            if first:
                head = {"duration": 10 * hundredths, **({"loop": 0} if shape.loop else {})}
                file.writelines(GifImagePlugin.getheader(coloured.copy(), info=head)[0])
                first = False
            parts = GifImagePlugin.getdata(coloured, duration=10 * hundredths, include_color_table=True)
            file.writelines(parts)
            # What Pillow gathered them in stays until rubbish is collected.
            parts.clear()
        file.write(b";")


def _in_256_colours(frame: "Image.Image") -> "Image.Image":
    """Return a frame with a palette of its own: its very shades or colours where they are so few."""
    from PIL import Image

    if frame.mode == "L":
        return frame.convert("P")
    if frame.getcolors(256) is not None:
        return frame.quantize()
    # Chosen from a sample of the pixels: that is as good, and eight times as fast.
    some = frame.resize((_SAMPLED, _SAMPLED), Image.Resampling.NEAREST).quantize()
    return frame.quantize(palette=some, dither=Image.Dither.NONE)


def write_webp(path: Path, frames: "Frames", shape: Shape) -> None:
    """Write frames without loss; raises ``InputError`` where they are too large for the format."""
    if max(shape.width, shape.height) > MOST_WEBP:
        raise InputError(
            f"A WebP is at most {MOST_WEBP} pixels wide and high, and these frames are {shape.width} × "
            f"{shape.height}. Choose a smaller scale, or .mp4 or .gif."
        )
    film = _Pages(frames, shape.count)
    first = next(frames)
    first.save(
        path,
        "WEBP",
        save_all=True,
        append_images=[film],
        duration=1000 / shape.fps,
        loop=0 if shape.loop else 1,
        lossless=True,
        method=2,
    )


class _Pages:
    """The frames after the first as one picture of many pages, of which one is there at a time.

    Pillow asks for them in their order, as it does for those of an animated file.
    """

    def __init__(self, frames: "Frames", count: int) -> None:
        self._frames = frames
        self._page: Image.Image | None = None
        self.n_frames = count - 1

    def seek(self, page: int) -> None:
        """Turn to the next page; one that is missing at the end is the one before again."""
        self._page = next(self._frames, self._page)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._page, name)


def write_mp4(path: Path, frames: "Frames", shape: Shape) -> None:
    """Write H.264, which needs sides of even length: an odd one grows by a pixel.

    Raises ``InputError`` where PyAV is missing, and ``StudioError`` where it cannot encode.
    """
    av = load_av()
    size = (shape.width + shape.width % 2, shape.height + shape.height % 2)
    codec, options = _codec(av)
    try:
        with av.open(str(path), "w", format="mp4", options={"movflags": "faststart"}) as container:
            stream = container.add_stream(codec, rate=Fraction(shape.fps).limit_denominator(1000))
            stream.width, stream.height = size
            stream.pix_fmt = "yuv420p"
            stream.options = options
            for frame in frames:
                picture = av.VideoFrame.from_image(fit(frame, size, "RGB"))
                container.mux(stream.encode(picture))
            container.mux(stream.encode())
    except av.FFmpegError as error:
        if isinstance(error, OSError):
            raise
        raise StudioError(f"The film could not be encoded: {error}.") from error


def load_av() -> Any:
    """Return PyAV; raises ``InputError`` with what to install where it is missing."""
    try:
        import av
    except ImportError as error:
        raise InputError(_MISSING) from error
    return av


def _codec(av: Any) -> tuple[str, dict[str, str]]:
    """Return the best encoder this build of PyAV has, and its options."""
    try:
        av.Codec("libx264", "w")
    except ValueError:
        return "mpeg4", {"qscale": "3"}
    return "libx264", {"crf": "16"}


FORMATS: dict[str, Callable[[Path, "Frames", Shape], None]] = {
    ".gif": write_gif,
    ".webp": write_webp,
    ".mp4": write_mp4,
}
