import pytest

from ganstudio.gui.pace import Pace, duration, rate_text


def test_before_two_reports_there_is_no_rate() -> None:
    pace = Pace(100)
    assert (pace.rate(), pace.left()) == (None, None)
    pace.record(1, 0.5)
    assert (pace.rate(), pace.left()) == (None, None)


def test_rate_and_time_left() -> None:
    pace = Pace(100)
    pace.record(10, 1.0)
    pace.record(30, 2.0)
    assert pace.rate() == 20
    assert pace.left() == pytest.approx(3.5)


def test_the_rate_is_that_of_the_last_seconds() -> None:
    pace = Pace(10_000)
    for second in range(20):
        pace.record(second * 100, float(second))
    for second in range(20):
        pace.record(2000 + second * 10, 20.0 + second)
    assert pace.rate() == pytest.approx(10)


def test_reports_at_the_same_instant_give_no_rate() -> None:
    pace = Pace(10)
    pace.record(1, 1.0)
    pace.record(2, 1.0)
    assert pace.rate() is None


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.2, "0 s"), (9, "9 s"), (59.7, "1 m 00 s"), (62, "1 m 02 s"), (11_100, "3 h 05 m"), (-1, "0 s")],
)
def test_durations_in_words(seconds: float, text: str) -> None:
    assert duration(seconds) == text


@pytest.mark.parametrize(
    ("rate", "text"), [(214.3, "214 it/s"), (4.25, "4.2 it/s"), (0.25, "4.0 s/it"), (0, "0.0 it/s")]
)
def test_rates_in_words(rate: float, text: str) -> None:
    assert rate_text(rate) == text
