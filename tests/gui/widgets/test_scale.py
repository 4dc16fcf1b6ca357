import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ganstudio.gui.widgets.scale import POSITIONS, Scale, number_text, parse_number
from tests.gui import catalogues

SCALES = {
    "linear": Scale(0.0, 1.0),
    "log": Scale(1e-7, 1.0, "log"),
    "log from zero": Scale(0.0, 100.0, "log"),
    "decay": Scale(0.0, 0.99999, "decay"),
    "whole log": Scale(1, 100_000_000, "log", whole=True),
    "whole": Scale(-5, 12, whole=True),
    "one value": Scale(3.0, 3.0),
}
each_scale = pytest.mark.parametrize("scale", SCALES.values(), ids=SCALES)


@each_scale
def test_the_ends_are_exact(scale: Scale) -> None:
    assert scale.value(0) == scale.low
    assert scale.value(POSITIONS) == scale.high


@each_scale
def test_values_never_fall_as_the_slider_goes_up(scale: Scale) -> None:
    values = [scale.value(position) for position in range(POSITIONS + 1)]
    assert values == sorted(values)
    assert all(scale.low <= value <= scale.high for value in values)


@each_scale
def test_a_position_comes_back_to_itself_or_next_to_it(scale: Scale) -> None:
    for position in range(0, POSITIONS + 1, 50):
        value = scale.value(position)
        again = scale.value(scale.position(value))
        assert again == pytest.approx(value, rel=0.05, abs=scale.high / 50)


@pytest.mark.parametrize("direction", [1, -1])
@each_scale
def test_every_key_press_moves_the_value_until_the_end(scale: Scale, direction: int) -> None:
    value = scale.low if direction > 0 else scale.high
    end = scale.high if direction > 0 else scale.low
    for _ in range(200):
        moved = scale.stepped(value, direction)
        if value == end:
            break
        assert math.copysign(1, moved - value) == direction
        assert moved != value
        value = moved
    assert value == end


@pytest.mark.parametrize(
    ("spec", "shape"),
    [
        pytest.param(catalogues.LEARNING_RATE, "log", id="learning rate"),
        pytest.param(catalogues.EMA, "decay", id="decay"),
        pytest.param(catalogues.BETA1, "decay", id="momentum"),
        pytest.param(catalogues.SEED, "linear", id="seed"),
    ],
)
def test_a_setting_gets_the_scale_that_suits_it(spec: object, shape: str) -> None:
    assert Scale.of(spec).shape == shape  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (2e-4, "2e-4"),
        (0.05, "0.05"),
        (0, "0"),
        (1e-7, "1e-7"),
        (0.999, "0.999"),
        (2.5e7, "2.5e7"),
        (-3e-5, "-3e-5"),
    ],
    ids=str,
)
def test_numbers_are_written_as_people_write_them(value: float, text: str) -> None:
    assert number_text(value) == text
    assert parse_number(text) == pytest.approx(value)


def test_whole_numbers_have_no_exponent() -> None:
    assert number_text(100_000_000, whole=True) == "100000000"


@pytest.mark.parametrize("text", ["", "abc", "1e", "nan", "inf", "1.2.3"])
def test_what_is_no_number_is_none(text: str) -> None:
    assert parse_number(text) is None


@pytest.mark.parametrize(
    ("text", "value"), [("0,5", 0.5), ("20 000", 20000), (" 2E-4 ", 2e-4), ("1_000", 1000)]
)
def test_numbers_are_read_as_people_write_them(text: str, value: float) -> None:
    assert parse_number(text) == value


@given(st.floats(1e-7, 1.0))
def test_any_learning_rate_has_a_position(value: float) -> None:
    assert 0 <= SCALES["log"].position(value) <= POSITIONS
