"""Films of previews that a run really kept, read back by those who would show them."""

import sys
import tracemalloc
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageSequence

from ganstudio.api import InputError, StudioError
from ganstudio.experiment import Choice, Experiment
from ganstudio.exporting.films import (
    STRIP_FRAMES,
    FilmOptions,
    check_suffix,
    choose,
    first_frame,
    write_film,
)
from ganstudio.runs.folder import RunFolder
from ganstudio.runs.history import Kept, find_previews

PLAIN = FilmOptions(scale=1, caption=False, fps=10)
STEPS = range(10, 60, 10)


@pytest.fixture
def run(tmp_path: Path) -> RunFolder:
    return RunFolder.create_at(tmp_path / "run", Experiment(Choice("Ring"), Choice("PointGAN")), {})


def kept(run: RunFolder) -> dict[str, tuple[Kept, ...]]:
    run.close()
    return find_previews(run.path / "samples")


def shades(step: int, channels: int = 1) -> np.ndarray:
    return np.full((4, 8, 6, channels), step, np.uint8)


@pytest.fixture
def digits(run: RunFolder) -> tuple[Kept, ...]:
    """Five previews, each as bright as its step."""
    for step in STEPS:
        run.write_sample(step, shades(step))
    return kept(run)[""]


def colours(step: int) -> np.ndarray:
    return np.random.default_rng(step).integers(0, 256, (4, 8, 6, 3)).astype(np.uint8)


def pages(path: Path) -> list[Image.Image]:
    with Image.open(path) as image:
        return [page.convert("RGB") for page in ImageSequence.Iterator(image)]


def brightness(path: Path) -> list[int]:
    """Return the grey of the first sample in each frame."""
    return [page.getpixel((1, 1))[0] for page in pages(path)]


# --- Choosing --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "steps"),
    [
        pytest.param({}, [10, 20, 30, 40, 50], id="all"),
        pytest.param({"first": 20, "last": 40}, [20, 30, 40], id="from and to"),
        pytest.param({"first": 11}, [20, 30, 40, 50], id="between previews"),
        pytest.param({"every": 2}, [10, 30, 50], id="every other"),
        pytest.param({"first": 20, "every": 2}, [20, 40], id="every other from a step"),
        pytest.param({"most": 3}, [10, 30, 50], id="at most three"),
        pytest.param({"most": 2}, [10, 50], id="the ends"),
        pytest.param({"most": 1}, [50], id="the last"),
        pytest.param({"most": 99}, [10, 20, 30, 40, 50], id="more than there are"),
    ],
)
def test_frames_are_chosen(digits: tuple[Kept, ...], options: dict[str, int], steps: list[int]) -> None:
    assert [each.step for each in choose({"": digits}, FilmOptions(**options), strip=False)] == steps


def test_a_strip_takes_a_dozen_unless_told_otherwise() -> None:
    many = {"": [Kept(step, Path()) for step in range(1, 101)]}
    chosen = choose(many, FilmOptions(), strip=True)
    assert len(chosen) == STRIP_FRAMES
    assert (chosen[0].step, chosen[-1].step) == (1, 100)
    assert len(choose(many, FilmOptions(most=30), strip=True)) == 30


@pytest.mark.parametrize(
    ("previews", "options", "sentence"),
    [
        pytest.param({}, {}, "kept no previews yet", id="none"),
        pytest.param(
            {"": [10, 20]},
            {"first": 30},
            "from step 30 on: the first is of step 10, the last of step 20",
            id="after",
        ),
        pytest.param({"": [10, 20]}, {"last": 5}, "No preview was kept up to step 5", id="before"),
        pytest.param({"": [10, 20]}, {"first": 11, "last": 15}, "from step 11 to step 15", id="between"),
        pytest.param(
            {"": [10]}, {"kind": "pairs"}, "no previews called 'pairs'. It has one kind alone.", id="one kind"
        ),
        pytest.param({"": [10], "pairs": [10]}, {"kind": "pears"}, "there are: pairs.", id="another kind"),
    ],
)
def test_where_there_is_nothing_to_show_the_sentence_says_what_there_is(
    previews: dict[str, list[int]], options: dict, sentence: str
) -> None:
    there = {kind: [Kept(step, Path()) for step in steps] for kind, steps in previews.items()}
    with pytest.raises(InputError, match=sentence):
        choose(there, FilmOptions(**options), strip=False)


@pytest.mark.parametrize(
    "options",
    [{"fps": 0.0}, {"fps": 61.0}, {"scale": 0}, {"scale": 33}, {"every": 0}, {"most": -1}, {"columns": -1}],
    ids=str,
)
def test_options_that_make_no_film_are_refused(options: dict) -> None:
    with pytest.raises(InputError):
        FilmOptions(**options)


# --- Writing ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", ["gif", "webp", "GIF"])
def test_a_film_holds_every_preview_in_its_order(
    digits: tuple[Kept, ...], tmp_path: Path, suffix: str
) -> None:
    told: list[tuple[int, int]] = []
    out = tmp_path / "new" / f"film.{suffix}"
    film = write_film(digits, out, PLAIN, progress=lambda done, total: told.append((done, total)))
    assert (film.path, film.frames, film.width, film.height, film.skipped) == (out, 5, 13, 17, ())
    assert brightness(out) == list(STEPS)
    assert told == [(number, 5) for number in range(1, 6)]
    with Image.open(out) as image:
        image.load()
        assert image.info["duration"] == 100
        assert image.info["loop"] == 0
    assert [path.name for path in out.parent.iterdir()] == [out.name]


@pytest.mark.parametrize("suffix", ["gif", "webp"])
def test_a_film_may_end_after_once(digits: tuple[Kept, ...], tmp_path: Path, suffix: str) -> None:
    out = tmp_path / f"film.{suffix}"
    write_film(digits, out, FilmOptions(loop=False))
    with Image.open(out) as image:
        assert image.info.get("loop") in (None, 1)
        assert image.n_frames == 5


@pytest.mark.parametrize(("suffix", "error"), [("webp", 0), ("gif", 40)])
def test_colours_are_kept_as_well_as_the_format_can(
    run: RunFolder, tmp_path: Path, suffix: str, error: int
) -> None:
    for step in STEPS:
        run.write_sample(step, colours(step))
    out = tmp_path / f"film.{suffix}"
    write_film(kept(run)[""], out, PLAIN)
    for step, page in zip(STEPS, pages(out), strict=True):
        found = np.asarray(page)[:8, :6].astype(int)
        assert np.abs(found - colours(step)[0]).max() <= error


def test_scale_makes_whole_squares_of_pixels(run: RunFolder, tmp_path: Path) -> None:
    run.write_sample(10, colours(10))
    out = tmp_path / "film.webp"
    write_film(kept(run)[""], out, FilmOptions(scale=3, caption=False))
    first = np.asarray(pages(out)[0])[:24, :18]
    assert (first == colours(10)[0].repeat(3, 0).repeat(3, 1)).all()


def test_the_step_and_the_words_above_columns_are_written_on_each_frame(
    run: RunFolder, tmp_path: Path
) -> None:
    run.write_sample(10, shades(90), columns=4, captions=("in", "out", "in", "a very long caption"))
    run.write_sample(20, shades(90), columns=4, captions=("in", "out", "in", "a very long caption"))
    frames = kept(run)[""]
    plain, told = (first_frame(frames, FilmOptions(scale=8, caption=caption)) for caption in (False, True))
    assert told.width == plain.width
    above = told.height - plain.height
    assert np.array_equal(np.asarray(told)[above:], np.asarray(plain))
    written = np.asarray(told)[:above]
    assert (written[:24] < 128).any(), "the step"
    columns = np.split(written[24:], [49, 98, 147], axis=1)
    assert all((column < 200).any() for column in columns), "a caption for each column"
    assert np.array_equal(columns[0][:, :48], columns[2][:, :48])
    second = first_frame(frames[1:], FilmOptions(scale=8))
    assert not np.array_equal(np.asarray(second), np.asarray(told))


def test_a_small_picture_has_room_for_its_step(run: RunFolder) -> None:
    run.write_sample(1_234_567, np.zeros((1, 4, 4, 1), np.uint8))
    frame = first_frame(kept(run)[""], FilmOptions(scale=1))
    assert frame.width > 60


def test_points_keep_their_scale_and_lie_over_the_data(run: RunFolder, tmp_path: Path) -> None:
    corners = np.array([[-1, -1], [1, 1], [-1, 1], [1, -1]], np.float32)
    real = run.write_real(corners)
    for step in (10, 20):
        run.write_sample(step, corners[:1] * step / 20)
    out = tmp_path / "film.gif"
    film = write_film(kept(run)[""], out, PLAIN, real)
    assert (film.width, film.height) == (512, 512)
    blue = [np.argwhere(np.asarray(page)[:, :, 0] < 60).mean(0) for page in pages(out)]
    middle = 255.5
    assert np.allclose((blue[0] - middle) * 2, blue[1] - middle, atol=3)
    green = [((np.asarray(page) == (148, 214, 190)).all(-1)).sum() for page in pages(out)]
    assert green[0] > green[1] > 30, "real points are behind, where no other covers them"


@pytest.mark.parametrize("real", [None, "gone.png"])
def test_points_without_data_are_shown_as_the_last_of_them_fit(
    run: RunFolder, tmp_path: Path, real: str | None
) -> None:
    for step in (10, 20):
        run.write_sample(step, np.array([[-step, -step], [step, step]], np.float32))
    frames = kept(run)[""]
    frame = first_frame(frames, PLAIN, real and tmp_path / real)
    rows, _columns = np.nonzero(np.asarray(frame)[1:-1, 1:-1, 0] < 60)
    assert 200 < np.ptp(rows) < 300


def test_a_strip_shows_frames_in_rows(digits: tuple[Kept, ...], tmp_path: Path) -> None:
    out = tmp_path / "strip.png"
    film = write_film(digits, out, FilmOptions(scale=1, caption=False, columns=3))
    assert (film.frames, film.width, film.height) == (5, 3 * 13 + 2 * 12, 2 * 17 + 12)
    with Image.open(out) as image:
        at = [image.getpixel((1 + 25 * column, 1 + 29 * row)) for row in (0, 1) for column in (0, 1, 2)]
    assert at == [10, 20, 30, 40, 50, 255]


def test_previews_that_cannot_be_read_are_left_out_and_told(digits: tuple[Kept, ...], tmp_path: Path) -> None:
    digits[0].path.unlink()
    digits[2].path.write_bytes(b"no picture")
    for suffix in ("gif", "webp", "png"):
        out = tmp_path / f"film.{suffix}"
        film = write_film(digits, out, PLAIN)
        assert film.frames == 3
        assert ["000000010" in film.skipped[0], "000000030" in film.skipped[1]] == [True, True]
    assert brightness(tmp_path / "film.gif") == [20, 40, 50]


def test_of_nothing_readable_there_is_no_film(digits: tuple[Kept, ...], tmp_path: Path) -> None:
    for each in digits:
        each.path.write_bytes(b"")
    for suffix in ("gif", "webp", "png"):
        with pytest.raises(StudioError, match="None of the previews can be read"):
            write_film(digits, tmp_path / f"film.{suffix}", PLAIN)
    assert not list(tmp_path.glob("film*")) + list(tmp_path.glob(".tmp*"))


def test_frames_of_another_size_are_fitted_to_the_first(run: RunFolder, tmp_path: Path) -> None:
    run.write_sample(10, shades(10))
    run.write_sample(20, np.full((9, 8, 6, 3), 20, np.uint8))
    run.write_sample(30, np.full((1, 8, 6, 1), 30, np.uint8))
    out = tmp_path / "film.gif"
    write_film(kept(run)[""], out, PLAIN)
    assert {page.size for page in pages(out)} == {(13, 17)}
    assert [page.getpixel((6, 8))[0] for page in pages(out)][1:] == [20, 30]


@pytest.mark.parametrize("suffix", ["gif", "webp", "png"])
def test_a_cancelled_film_leaves_what_was_there(
    digits: tuple[Kept, ...], tmp_path: Path, suffix: str
) -> None:
    out = tmp_path / "films" / f"film.{suffix}"
    out.parent.mkdir()
    out.write_bytes(b"before")
    asked: list[int] = []

    def third() -> bool:
        asked.append(1)
        return len(asked) == 3

    assert write_film(digits, out, PLAIN, cancelled=third) is None
    assert out.read_bytes() == b"before"
    assert [path.name for path in out.parent.iterdir()] == [out.name]


def test_one_frame_is_a_film_too(digits: tuple[Kept, ...], tmp_path: Path) -> None:
    for suffix in ("gif", "webp", "png"):
        out = tmp_path / f"film.{suffix}"
        assert write_film(digits[:1], out, PLAIN).frames == 1
        assert brightness(out) == [10]


@pytest.mark.parametrize("suffix", ["gif", "webp"])
def test_memory_does_not_grow_with_the_length(run: RunFolder, tmp_path: Path, suffix: str) -> None:
    """Python's share of it, that is; what Pillow itself holds is one frame."""
    for step in range(40):
        run.write_sample(step, np.random.default_rng(step).integers(0, 256, (1, 32, 32, 3)).astype(np.uint8))
    frames = kept(run)[""]
    tracemalloc.start()
    write_film(frames[:5], tmp_path / f"short.{suffix}", FilmOptions(scale=4))
    short = tracemalloc.get_traced_memory()[1]
    tracemalloc.reset_peak()
    write_film(frames, tmp_path / f"long.{suffix}", FilmOptions(scale=4))
    long = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert long < 2.5 * short


# --- What is refused -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "sentence"), [("film", "film has no ending"), ("film.avi", r"film\.avi ends in \.avi")]
)
def test_a_name_that_tells_no_format_is_refused(
    digits: tuple[Kept, ...], tmp_path: Path, name: str, sentence: str
) -> None:
    with pytest.raises(InputError, match=sentence):
        write_film(digits, tmp_path / name, PLAIN)


def test_too_large_a_strip_is_refused_before_it_is_painted(digits: tuple[Kept, ...], tmp_path: Path) -> None:
    many: Sequence[Kept] = list(digits) * 400
    with pytest.raises(InputError, match="Choose a smaller scale, or fewer frames"):
        write_film(many, tmp_path / "strip.png", FilmOptions(scale=32, most=2000))


def test_too_large_a_frame_is_refused_before_it_is_painted(run: RunFolder, tmp_path: Path) -> None:
    run.write_sample(10, np.zeros((64, 64, 64, 1), np.uint8))
    with pytest.raises(InputError, match="268 million pixels, and 67 million are the most"):
        write_film(kept(run)[""], tmp_path / "film.gif", FilmOptions(scale=32))


def test_a_webp_that_the_format_cannot_hold_is_refused(run: RunFolder, tmp_path: Path) -> None:
    run.write_sample(10, np.zeros((520, 8, 8, 1), np.uint8), columns=520)
    with pytest.raises(InputError, match="at most 16383 pixels wide"):
        write_film(kept(run)[""], tmp_path / "film.webp", FilmOptions(scale=4))


def test_a_place_that_cannot_be_written_is_told(digits: tuple[Kept, ...], tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match="is a file, not a folder"):
        write_film(digits, tmp_path / "file" / "film.gif", PLAIN)


# --- MP4 -------------------------------------------------------------------------------------------


def test_without_pyav_the_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "av", None)
    with pytest.raises(InputError, match=r"pip install 'ganstudio\[video\]'"):
        check_suffix(Path("film.mp4"))


def test_an_mp4_holds_every_preview_in_its_order(digits: tuple[Kept, ...], tmp_path: Path) -> None:
    av = pytest.importorskip("av")
    out = tmp_path / "film.mp4"
    film = write_film(digits, out, FilmOptions(scale=8, caption=False, fps=12.5))
    assert film.frames == 5
    with av.open(str(out)) as container:
        stream = container.streams.video[0]
        assert float(stream.average_rate) == 12.5
        found = [frame.to_ndarray(format="rgb24") for frame in container.decode(stream)]
    assert {frame.shape for frame in found} == {(130, 98, 3)}, "sides are even"
    assert np.allclose([frame[20, 20].mean() for frame in found], list(STEPS), atol=6)


def test_a_cancelled_mp4_leaves_nothing(digits: tuple[Kept, ...], tmp_path: Path) -> None:
    pytest.importorskip("av")
    asked: list[int] = []
    out = tmp_path / "films" / "film.mp4"
    assert write_film(digits, out, PLAIN, cancelled=lambda: bool(asked.append(1)) or len(asked) == 3) is None
    assert list(out.parent.iterdir()) == []
