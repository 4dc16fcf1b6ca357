import torch

from ganstudio_plugins.image_pool import ImagePool


def numbered(first: int, count: int) -> torch.Tensor:
    return torch.arange(first, first + count).float().view(-1, 1, 1, 1)


def test_new_images_are_given_until_the_pool_is_full() -> None:
    pool = ImagePool(5)
    for first in (0, 2):
        assert torch.equal(pool.exchange(numbered(first, 2)), numbered(first, 2))
    assert pool.images is not None
    assert pool.images.flatten().tolist() == [0, 1, 2, 3]


def test_about_half_of_the_images_given_are_then_older_ones_and_none_is_lost() -> None:
    torch.manual_seed(0)
    pool = ImagePool(50)
    pool.exchange(numbered(0, 50))
    given = torch.cat([pool.exchange(numbered(50 + 4 * step, 4)) for step in range(200)]).flatten()
    older = given != torch.arange(50, 850)
    assert 0.43 < float(older.float().mean()) < 0.57
    assert (given[older] < torch.arange(50, 850)[older]).all()
    assert pool.images is not None
    assert sorted([*given.tolist(), *pool.images.flatten().tolist()]) == list(range(850))


def test_what_is_given_is_no_part_of_the_pool() -> None:
    pool = ImagePool(2)
    given = pool.exchange(numbered(0, 2))
    given.zero_()
    assert pool.images is not None
    assert pool.images.flatten().tolist() == [0, 1]


def test_a_pool_of_none_gives_what_it_gets() -> None:
    pool = ImagePool(0)
    images = numbered(0, 3)
    assert pool.exchange(images) is images
    assert pool.state() == {}


def test_a_pool_that_was_put_back_goes_on_as_before() -> None:
    one, other = ImagePool(3), ImagePool(3)
    one.exchange(numbered(0, 3))
    other.put_back({name: tensor.clone() for name, tensor in one.state().items()})
    made = []
    for pool in (one, other):
        torch.manual_seed(1)
        made.append(torch.cat([pool.exchange(numbered(9, 4)), pool.exchange(numbered(20, 4))]))
    assert torch.equal(*made)
