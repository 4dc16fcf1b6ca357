import numpy as np

from ganstudio.gui.widgets.splat import splat


def test_a_disc_covers_the_pixels_around_its_place():
    cover = splat(np.array([[4.0, 2.0]]), (9, 6), 1.0)
    assert cover.shape == (6, 9)
    assert cover[2, 4] == 255
    assert np.argwhere(cover).tolist() == sorted([y, x] for y in (1, 2, 3) for x in (3, 4, 5) if cover[y, x])


def test_discs_on_each_other_do_not_add_up():
    once, twice = (splat(np.full((n, 2), 3.2), (8, 8), 1.5) for n in (1, 2))
    np.testing.assert_array_equal(once, twice)


def test_points_far_away_and_points_that_are_none_are_left_out():
    places = np.array([[1e12, 3], [-1e12, 3], [np.nan, 3], [np.inf, -np.inf]])
    assert not splat(places, (8, 8), 1.5).any()


def test_a_disc_at_the_edge_is_cut():
    cover = splat(np.array([[0.0, 0.0], [7.4, 5.4]]), (8, 6), 2.0)
    assert cover[0, 0] == cover[5, 7] == 255


def test_no_points_give_an_empty_picture():
    assert splat(np.empty((0, 2)), (5, 4), 1.0).shape == (4, 5)
