import io

import numpy as np
import pytest
from PIL import Image

from ganstudio.runs.pictures import GAP_GREY, SIDE, Limits, limits_of, png, scatter, tile


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
