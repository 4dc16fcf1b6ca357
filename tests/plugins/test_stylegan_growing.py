import pytest
import torch

from ganstudio_plugins.stylegan_growing import Growth, Level, doubled, halved, reached


@pytest.mark.parametrize(
    ("images", "far"),
    [(0, 0), (99, 0), (100, 0), (150, 0.5), (200, 1), (299, 1), (300, 1), (325, 1.25), (400, 2), (10**9, 3)],
)
def test_a_level_is_trained_and_the_next_faded_in_over_as_many_images(images: int, far: float) -> None:
    assert reached(images, 100, 4) == pytest.approx(far)


@pytest.mark.parametrize(
    ("far", "level"),
    [(0.0, Level(0, 1.0)), (0.25, Level(1, 0.25)), (1.0, Level(1, 1.0)), (2.5, Level(3, 0.5))],
)
def test_the_topmost_level_takes_part_by_its_share(far: float, level: Level) -> None:
    growth = Growth(4, growing=True)
    growth.reached.fill_(far)
    assert growth.level() == level


def test_a_network_that_does_not_grow_is_whole_and_keeps_nothing() -> None:
    growth = Growth(4, growing=False)
    assert growth.level() == Level(3, 1.0)
    assert not growth.state_dict()


def test_how_far_it_has_grown_is_kept_with_the_weights() -> None:
    growth = Growth(4, growing=True)
    growth.reached.fill_(1.5)
    other = Growth(4, growing=True)
    other.load_state_dict(growth.state_dict())
    assert other.level() == Level(2, 0.5)


def test_halving_undoes_doubling() -> None:
    images = torch.randn(2, 3, 4, 4)
    assert doubled(images, 2).shape == (2, 3, 16, 16)
    torch.testing.assert_close(halved(doubled(images, 2), 2), images)
