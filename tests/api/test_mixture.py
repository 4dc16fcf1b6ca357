import numpy as np
import pytest

from ganstudio.api.mixture import fit_modes

CHANCE = np.random.default_rng(0)
NORMAL = CHANCE.normal(size=3000)
THREE = np.concatenate([CHANCE.normal(-1, 0.2, 500), CHANCE.normal(1, 0.1, 300), np.full(200, 0.3)])


def test_one_hump_is_one_mode():
    ((centre, spread, weight),) = fit_modes(NORMAL)
    assert (centre, spread, weight) == (
        pytest.approx(0, abs=0.05),
        pytest.approx(1, abs=0.05),
        pytest.approx(1),
    )


def test_modes_are_found_with_their_weights_and_a_value_that_repeats_is_one():
    modes = fit_modes(THREE)
    assert [round(centre, 1) for centre, _, _ in modes] == [-1.0, 0.3, 1.0]
    assert [round(weight, 2) for _, _, weight in modes] == [0.5, 0.2, 0.3]
    assert modes[1][1] == pytest.approx(0.01)


@pytest.mark.parametrize("values", [[0.0], [1.0] * 9, [0.0, 1.0]], ids=["one", "the same", "two"])
def test_hardly_any_values_are_still_modes(values):
    modes = fit_modes(np.array(values))
    assert sum(weight for _, _, weight in modes) == pytest.approx(1)
    assert all(spread > 0 for _, spread, _ in modes)


def test_there_are_no_more_than_asked_for_and_the_same_each_time():
    assert len(fit_modes(np.exp(NORMAL), 3)) <= 3
    assert fit_modes(THREE) == fit_modes(THREE)
