import io
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, PngImagePlugin

from ganstudio.api import StudioError
from ganstudio.runs.pictures import (
    CHUNK,
    GAP_GREY,
    SIDE,
    Limits,
    limits_of,
    png,
    read,
    scatter,
    tile,
    tiling,
)


def images(count: int, height: int = 3, width: int = 4, channels: int = 1) -> np.ndarray:
    values = np.arange(count, dtype=np.uint8).reshape(count, 1, 1, 1)
    return np.broadcast_to(values, (count, height, width, channels)).copy()


@pytest.mark.parametrize(
    ("count", "columns", "shape"),
    [
        pytest.param(64, None, (31, 39, 1), id="square"),
        pytest.param(5, None, (7, 14, 1), id="the last row is not full"),
        pytest.param(1, None, (3, 4, 1), id="one"),
        pytest.param(6, 6, (3, 29, 1), id="one row"),
        pytest.param(3, 8, (3, 14, 1), id="fewer than columns"),
        pytest.param(4, 1, (15, 4, 1), id="one column"),
    ],
)
def test_grids_have_the_asked_shape(count: int, columns: int | None, shape: tuple[int, ...]) -> None:
    grid = tile(images(count), columns)
    assert grid.shape == shape
    assert grid.dtype == np.uint8
    assert grid.flags.c_contiguous


def test_images_stand_row_by_row_with_gaps_between() -> None:
    grid = tile(images(5, channels=3))
    assert (grid[0:3, 0:4] == 0).all()
    assert (grid[0:3, 5:9] == 1).all()
    assert (grid[4:7, 0:4] == 3).all()
    assert (grid[:, 4] == GAP_GREY).all()
    assert (grid[3] == GAP_GREY).all()
    assert (grid[4:7, 10:14] == GAP_GREY).all(), "the place of the missing sixth"


@pytest.mark.parametrize("shape", [(0, 2, 2, 1), (4, 2, 2), (4, 2)], ids=["none", "no channels", "points"])
def test_what_makes_no_grid_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="A grid is made of images"):
        tile(np.zeros(shape, np.uint8))


@pytest.mark.parametrize(("channels", "mode"), [(1, "L"), (3, "RGB"), (4, "RGBA")])
def test_a_png_holds_the_very_pixels(channels: int, mode: str) -> None:
    picture = np.random.default_rng(0).integers(0, 256, (7, 5, channels)).astype(np.uint8)
    image = Image.open(io.BytesIO(png(picture)))
    assert image.mode == mode
    assert (np.asarray(image).reshape(picture.shape) == picture).all()


def test_other_channels_make_no_png() -> None:
    with pytest.raises(ValueError, match="not 2"):
        png(np.zeros((2, 2, 2), np.uint8))


def test_points_lie_where_they_belong() -> None:
    picture = scatter(np.array([[1.0, 1.0]]), Limits(0, 0, 2))
    rows, columns = np.nonzero((picture != 255).any(-1))
    assert abs(rows.mean() / SIDE - 0.25) < 0.01, "upwards is up"
    assert abs(columns.mean() / SIDE - 0.75) < 0.01


def test_points_outside_or_without_a_place_are_left_out() -> None:
    points = np.array([[9.0, 0.0], [np.nan, 0.0], [0.0, np.inf], [-9.0, 1e300]])
    assert (scatter(points, Limits(0, 0, 1)) == 255).all()


@pytest.mark.parametrize(
    "points",
    [
        pytest.param(np.random.default_rng(0).normal(size=(500, 2)) * 1e6, id="far apart"),
        pytest.param(np.array([[3.0, 4.0]]), id="one"),
        pytest.param(np.linspace(0, 1, 9).reshape(9, 1), id="on a line"),
        pytest.param(np.random.default_rng(0).normal(size=(50, 5)), id="in five dimensions"),
    ],
)
def test_without_limits_all_points_fit(points: np.ndarray) -> None:
    plane = points[:, :2]
    limits = limits_of(points)
    middle = (limits.x, limits.y)[: plane.shape[1]]
    assert (np.abs(plane - middle) <= limits.reach).all()
    assert (scatter(points) != 255).any()


@pytest.mark.parametrize("points", [np.zeros((0, 2)), np.full((3, 2), np.nan)], ids=["none", "not finite"])
def test_no_points_make_an_empty_picture(points: np.ndarray) -> None:
    assert (scatter(points) == 255).all()


# --- Reading ---------------------------------------------------------------------------------------


def noise(*shape: int) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, shape).astype(np.uint8)


def picture_with(text: str, path: Path, shape: tuple[int, ...] = (7, 9)) -> Path:
    info = PngImagePlugin.PngInfo()
    info.add_text(CHUNK, text)
    Image.fromarray(noise(*shape)).save(path, pnginfo=info)
    return path


@pytest.mark.parametrize("channels", [1, 3, 4])
@pytest.mark.parametrize(
    ("count", "columns"),
    [
        pytest.param(64, 0, id="square"),
        pytest.param(1, 0, id="one"),
        pytest.param(5, 0, id="the last row is not full"),
        pytest.param(6, 6, id="one row"),
        pytest.param(3, 8, id="fewer than columns"),
        pytest.param(4, 1, id="one column"),
    ],
)
def test_a_grid_comes_back_as_its_images(tmp_path: Path, count: int, columns: int, channels: int) -> None:
    array, captions = noise(count, 3, 4, channels), ("real", "→ Größe", "ü" * 300)
    path = tmp_path / "grid.png"
    path.write_bytes(png(tile(array, columns), tiling(array, columns, captions)))
    found = read(path)
    assert (found.kind, found.columns, found.captions) == ("images", columns, captions)
    assert found.array.dtype == np.uint8
    assert found.array.flags.c_contiguous
    assert np.array_equal(found.array, array)


def test_points_come_back_from_beside_their_picture(tmp_path: Path) -> None:
    points = np.random.default_rng(0).normal(size=(50, 3)).astype(np.float32)
    path = tmp_path / "points.png"
    path.write_bytes(png(scatter(points), tiling(points)))
    np.save(path.with_suffix(".npy"), points)
    found = read(path)
    assert (found.kind, found.columns, found.captions) == ("points", 0, ())
    assert np.array_equal(found.array, points)


@pytest.mark.parametrize("beside", [None, b"", b"torn", b"PK\x05\x06" + bytes(18)])
def test_without_its_points_a_scatter_is_one_image(tmp_path: Path, beside: bytes | None) -> None:
    points = np.zeros((5, 2), np.float32)
    path = tmp_path / "points.png"
    path.write_bytes(png(scatter(points), tiling(points)))
    if beside is not None:
        path.with_suffix(".npy").write_bytes(beside)
    found = read(path)
    assert (found.kind, found.array.shape) == ("images", (1, SIDE, SIDE, 3))


def test_pickled_points_are_never_loaded(tmp_path: Path) -> None:
    path = tmp_path / "points.png"
    path.write_bytes(png(scatter(np.zeros((5, 2)))))
    np.save(path.with_suffix(".npy"), np.array([[{}]]), allow_pickle=True)
    assert read(path).kind == "images"


def test_a_picture_from_before_tilings_were_kept_is_one_image(tmp_path: Path) -> None:
    grid = tile(noise(4, 3, 4, 1))
    path = tmp_path / "old.png"
    path.write_bytes(png(grid))
    found = read(path)
    assert (found.kind, found.columns, found.captions) == ("images", 0, ())
    assert np.array_equal(found.array, grid[None])


GOOD = {"kind": "images", "count": 4, "height": 3, "width": 4, "columns": 0, "captions": []}


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("no JSON", id="no JSON"),
        pytest.param("[" * 100_000, id="deep"),
        pytest.param("[1]", id="a list"),
        pytest.param("{}", id="empty"),
        pytest.param('{"count": Infinity, "height": 1, "width": 1, "columns": 1}', id="without end"),
        *(
            pytest.param(json.dumps(GOOD | wrong), id=str(wrong))
            for wrong in (
                *({"count": 5}, {"count": 2}, {"count": 0}, {"count": 10**30}, {"count": None}),
                *({"height": 2}, {"width": 5}, {"width": -1}, {"kind": "points"}, {"captions": 3}),
                {"columns": "many"},
            )
        ),
    ],
)
def test_a_text_that_does_not_fit_leaves_the_picture_one_image(tmp_path: Path, text: str) -> None:
    assert read(picture_with(json.dumps(GOOD), tmp_path / "good.png")).array.shape == (4, 3, 4, 1)
    assert read(picture_with(text, tmp_path / "wrong.png")).array.shape == (1, 7, 9, 1)


@pytest.mark.parametrize(
    ("mode", "channels"), [("P", 3), ("1", 3), ("CMYK", 3), ("LA", 4), ("RGBA", 4), ("RGB", 3), ("L", 1)]
)
def test_any_picture_is_an_image(tmp_path: Path, mode: str, channels: int) -> None:
    path = tmp_path / f"some.{'tiff' if mode == 'CMYK' else 'png'}"
    Image.new(mode, (6, 5)).save(path)
    assert read(path).array.shape == (1, 5, 6, channels)


@pytest.mark.parametrize(
    "content", [b"", b"GIF, so to speak", png(noise(40, 40, 3))[:-500]], ids=["empty", "text", "torn"]
)
def test_what_is_no_picture_is_told_in_a_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "000000010.png"
    path.write_bytes(content)
    with pytest.raises(StudioError, match=r"000000010\.png cannot be shown: it is no picture, or it is"):
        read(path)


def test_a_picture_that_is_not_there_is_told_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(StudioError, match=r"There is no picture .*gone\.png\."):
        read(tmp_path / "gone.png")
