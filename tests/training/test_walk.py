from itertools import islice

import pytest
import torch
from torch import Tensor

from ganstudio.training.walk import Walk, cut, cut_middle


def numbered(count: int, side: int, channels: int = 1, scale: int = 1) -> Tensor:
    """Images whose pixels tell their number, row and column (of the small image): [N, 3, H, W]."""
    number, row, column = torch.meshgrid(
        torch.arange(count), torch.arange(side), torch.arange(side), indexing="ij"
    )
    images = torch.stack([number, row, column], 1).to(torch.uint8)
    return images.repeat_interleave(scale, 2).repeat_interleave(scale, 3)


def test_corners_are_drawn_anew_every_epoch_and_leave_the_order_as_it_is() -> None:
    plain, cutting = Walk(10, 10, 3), Walk(10, 10, 3, mirror=True, cut=True)
    first, second = islice(cutting, 2)
    assert first.corners is not None
    assert second.corners is not None
    assert first.corners.shape == (10, 2)
    assert not torch.equal(first.corners, second.corners)
    assert [drawn.index.tolist() for drawn in (first, second)] == [d.index.tolist() for d in islice(plain, 2)]


def test_a_batch_across_the_end_of_an_epoch_keeps_what_belongs_to_each_sample() -> None:
    whole, parts = (Walk(6, size, 1, mirror=True, cut=True) for size in (6, 4))
    epochs = list(islice(whole, 2))
    batches = list(islice(parts, 3))
    for name in ("index", "mirrored", "corners"):
        straight, across = (torch.cat([getattr(d, name) for d in drawn]) for drawn in (epochs, batches))
        assert torch.equal(straight, across), name


@pytest.mark.parametrize("scale", [1, 2, 4])
def test_a_square_is_cut_at_the_same_place_of_an_image_of_any_scale(scale: int) -> None:
    index, corners = (
        torch.tensor([2, 0, 1, 2]),
        torch.tensor([[0.0, 0.999], [0.5, 0.5], [0.26, 0.0], [1.0, 1.0]]),
    )
    squares = cut(numbered(3, 7, scale=scale), index, corners, 4, scale)
    assert squares.shape == (4, 3, 4 * scale, 4 * scale)
    small = squares[:, :, ::scale, ::scale]
    assert small[:, 0].flatten(1).unique(dim=1).flatten().tolist() == index.tolist()
    assert small[:, 1, 0, 0].tolist() == [0, 2, 1, 3]
    assert small[:, 2, 0, 0].tolist() == [3, 2, 0, 3]
    rows, columns = small[:, 1], small[:, 2]
    assert (rows[:, 1:] - rows[:, :-1] == 1).all()
    assert (columns[:, :, 1:] - columns[:, :, :-1] == 1).all()
    assert torch.equal(squares, small.repeat_interleave(scale, 2).repeat_interleave(scale, 3))


def test_the_whole_image_is_cut_where_there_is_no_room_to_choose() -> None:
    images = numbered(2, 5)
    assert torch.equal(cut(images, torch.tensor([1, 0]), torch.rand(2, 2), 5), images[[1, 0]])


@pytest.mark.parametrize("scale", [1, 3])
def test_the_middle_is_the_same_at_any_scale(scale: int) -> None:
    middle = cut_middle(numbered(1, 9, scale=scale), 4, scale)
    assert middle[0, 1, ::scale, 0].tolist() == [2, 3, 4, 5]
    assert middle.shape == (1, 3, 4 * scale, 4 * scale)
