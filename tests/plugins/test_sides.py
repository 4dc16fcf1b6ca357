import pytest

from ganstudio.api import ImageSpec
from ganstudio_plugins.sides import SIDES, pyramid, refusal


@pytest.mark.parametrize("side", SIDES)
def test_every_side_is_halved_exactly_to_four_to_seven(side):
    smallest, widths = pyramid(side, 8)
    assert 4 <= smallest <= 7
    assert smallest * 2 ** len(widths) == side
    assert widths == [8 * 2**level for level in range(len(widths))]


def test_a_side_that_fits_is_not_refused_and_another_names_the_nearest():
    assert refusal("It", ImageSpec(1, 48, 48)) is None
    assert refusal("It", ImageSpec(1, 100, 100)).endswith("these are 100 × 100: set Resize to 96.")
