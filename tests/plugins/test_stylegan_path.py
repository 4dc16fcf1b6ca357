import torch

from ganstudio_plugins.stylegan_path import path_lengths, path_penalty


def test_lengths_of_a_linear_map_are_what_its_transpose_makes_of_noise() -> None:
    torch.manual_seed(0)
    jacobian = torch.randn(2 * 5, 3 * 4 * 4)
    styles = torch.randn(6, 2, 5).requires_grad_()
    images = (styles.flatten(1) @ jacobian).view(6, 3, 4, 4)
    torch.manual_seed(1)
    found = path_lengths(styles, images)
    torch.manual_seed(1)
    noise = torch.randn(6, 3, 4, 4) / 4
    wanted = (noise.flatten(1) @ jacobian.T).view(6, 2, 5).square().sum(2).mean(1).sqrt()
    torch.testing.assert_close(found, wanted, rtol=1e-4, atol=1e-5)


def test_the_mean_moves_a_hundredth_of_the_way_and_the_penalty_is_the_distance_to_it() -> None:
    mean, lengths = torch.tensor(1.0), torch.tensor([2.0, 4.0])
    penalty = path_penalty(lengths, mean)
    torch.testing.assert_close(mean, torch.tensor(1.02))
    torch.testing.assert_close(penalty, (lengths - 1.02).square().mean())


def test_the_penalty_moves_what_maps_styles_to_images() -> None:
    weight = torch.ones(5, 16, requires_grad=True)
    styles = torch.randn(4, 1, 5).requires_grad_()
    images = (styles.flatten(1) @ weight).view(4, 1, 4, 4)
    path_penalty(path_lengths(styles, images), torch.tensor(0.0)).backward()
    assert weight.grad is not None
    assert weight.grad.abs().sum() > 0
