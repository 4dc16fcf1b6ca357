import threading

from ganstudio.training.controls import Controls, Pause, Stop


def test_a_stop_is_seen_and_stays_to_be_taken() -> None:
    controls = Controls()
    controls.post(Pause())
    controls.post(Stop(save=False))
    assert controls.stop_within(0) == Stop(save=False)
    assert controls.take() == Pause()
    assert controls.take() == Stop(save=False)


def test_each_stop_is_seen_once() -> None:
    controls = Controls()
    controls.post(Stop())
    assert controls.stop_within(0) == Stop()
    assert controls.stop_within(0) is None
    controls.post(Stop())
    assert controls.stop_within(0) == Stop()


def test_a_stop_is_waited_for() -> None:
    controls = Controls()
    timer = threading.Timer(0.05, controls.post, [Stop()])
    timer.start()
    assert controls.stop_within(10) == Stop()
    timer.join()


def test_nothing_else_is_a_stop() -> None:
    controls = Controls()
    controls.post(Pause())
    assert controls.stop_within(0.01) is None
