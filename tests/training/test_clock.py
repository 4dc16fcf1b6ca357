from ganstudio.training.clock import Clock


class Now:
    """Time that passes when it is told to."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


def test_what_is_held_does_not_count() -> None:
    now = Now()
    clock = Clock(now)
    clock.start()
    now.seconds += 2
    with clock.held():
        now.seconds += 50
        assert clock.seconds() == 2
    now.seconds += 3
    assert clock.seconds() == 5


def test_a_clock_that_stands_is_not_started_by_holding_it() -> None:
    now = Now()
    clock = Clock(now)
    clock.go_on_from(7)
    with clock.held():
        now.seconds += 50
    now.seconds += 50
    assert clock.seconds() == 7
