import pytest

from ganstudio.training.tempo import Tempo


class Time:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def tempo(time: Time) -> Tempo:
    made = Tempo(time)
    made.change(4.0)
    return made


def test_without_a_rate_nothing_is_waited_for() -> None:
    tempo = Tempo()
    tempo.passed()
    assert tempo.left() == 0.0


def test_the_first_step_is_made_at_once_and_the_next_after_its_time(tempo: Tempo, time: Time) -> None:
    assert tempo.left() == 0.0
    tempo.passed()
    assert tempo.left() == pytest.approx(0.25)
    time.now += 0.1
    assert tempo.left() == pytest.approx(0.15)


def test_a_step_that_took_a_while_does_not_slow_the_rate(tempo: Tempo, time: Time) -> None:
    tempo.passed()
    time.now += 0.25 + 0.1
    tempo.passed()
    assert tempo.left() == pytest.approx(0.15)


def test_what_was_lost_is_not_made_up_for(tempo: Tempo, time: Time) -> None:
    tempo.passed()
    time.now += 10
    tempo.passed()
    assert tempo.left() == 0.0
    tempo.passed()
    assert tempo.left() == pytest.approx(0.25)


def test_steps_made_sooner_do_not_add_up_to_a_wait(tempo: Tempo) -> None:
    for _ in range(20):
        tempo.passed()
    assert tempo.left() <= 0.25


@pytest.mark.parametrize("rate", [-1.0, float("inf"), float("nan")])
def test_a_rate_that_is_none_is_refused(rate: float) -> None:
    with pytest.raises(ValueError, match="steps a second"):
        Tempo().change(rate)
