import pytest
import torch

from ganstudio.training.meter import Meter
from ganstudio.training.movement import IMAGES, SIDE, Movement


def moved(movement: Movement, meter: Meter, *samples: torch.Tensor) -> list[float | None]:
    found = []
    for each in samples:
        movement.see(each)
        found.append(meter.take().get("movement/fixed"))
    return found


def images(value: float, count: int = 3, side: int = 8) -> torch.Tensor:
    return torch.full((count, 1, side, side), value)


def test_of_images_is_a_share_of_the_range_from_black_to_white() -> None:
    meter = Meter()
    movement = Movement(meter, images(0.0))
    assert moved(movement, meter, images(-1.0), images(1.0), images(1.0), images(0.5)) == [
        None,
        pytest.approx(1.0),
        pytest.approx(0.0),
        pytest.approx(0.25),
    ]


def test_of_points_is_a_share_of_the_extent_of_real_ones_and_never_more_than_one() -> None:
    meter = Meter()
    movement = Movement(meter, torch.tensor([[-2.0, 0.0], [2.0, 1.0]]))
    start = torch.zeros(5, 2)
    found = moved(movement, meter, start, start + 1, start + 100)
    assert found == [None, pytest.approx(0.25), pytest.approx(1.0)]


def test_samples_of_another_number_are_a_new_beginning() -> None:
    meter = Meter()
    movement = Movement(meter, images(0.0))
    found = moved(movement, meter, images(0.0), images(1.0, count=4), images(0.0, count=4))
    assert found == [None, None, 0.5]


def test_what_is_kept_of_large_images_is_small() -> None:
    movement = Movement(Meter(), images(0.0))
    movement.see(torch.rand(100, 3, 4 * SIDE, 2 * SIDE))
    kept = movement.state()["before"]
    assert kept.shape == (IMAGES, 3, SIDE, SIDE)
    assert kept.dtype == torch.float16


def test_goes_on_from_what_was_kept() -> None:
    meter = Meter()
    movement = Movement(meter, images(0.0))
    movement.see(images(-1.0))
    other = Movement(meter, images(0.0))
    other.put_back(movement.state())
    assert moved(other, meter, images(0.0)) == [0.5]


def test_remembers_nothing_before_the_first_preview() -> None:
    movement = Movement(Meter(), images(0.0))
    assert movement.state() == {}
    movement.put_back({})
    assert movement.state() == {}
