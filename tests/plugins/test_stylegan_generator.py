import pytest
import torch

from ganstudio_plugins.stylegan_generator import Shape, StyleGenerator


def made(residual: bool = False, growing: bool = False, code: int = 0) -> StyleGenerator:
    torch.manual_seed(0)
    return StyleGenerator(Shape(6, code, 6, 2, 4, [16, 8, 4], 3, residual, growing))


forms = pytest.mark.parametrize("residual", [False, True], ids=["skip", "residual"])


@forms
@pytest.mark.parametrize("growing", [True, False], ids=["growing", "whole"])
def test_every_style_is_used_and_changes_the_image(residual: bool, growing: bool) -> None:
    synthesis = made(residual, growing).synthesis
    synthesis.growth.reached.fill_(2.0)
    styles = torch.randn(2, synthesis.count, 6).requires_grad_()
    images = synthesis(styles)
    assert images.shape == (2, 3, 16, 16)
    (gradient,) = torch.autograd.grad(images.square().sum(), styles)
    assert (gradient.abs().sum((0, 2)) > 0).all()


@forms
def test_a_level_that_fades_in_begins_with_the_image_of_the_level_before(residual: bool) -> None:
    synthesis = made(residual, growing=True).synthesis
    styles = torch.randn(2, 6)
    synthesis.growth.reached.fill_(1.0)
    before = synthesis(styles)
    assert before.shape == (2, 3, 16, 16)
    # Each pixel of the smaller image four times.
    torch.testing.assert_close(before[..., ::2, ::2], before[..., 1::2, 1::2])
    synthesis.growth.reached.fill_(1.0 + 1e-6)
    smooth = synthesis.enlarge(before[..., ::2, ::2])
    torch.testing.assert_close(synthesis(styles), smooth, rtol=1e-3, atol=1e-4)


def test_noise_that_is_fixed_repeats_and_drawn_noise_does_not() -> None:
    synthesis = made().synthesis
    styles = torch.randn(2, 6)
    for name, parameter in synthesis.named_parameters():
        if name.endswith("strength"):
            torch.nn.init.ones_(parameter)
    fixed, drawn, none = (synthesis(styles, noise) for noise in ("fixed", "drawn", "none"))
    assert torch.equal(fixed, synthesis(styles, "fixed"))
    assert torch.equal(none, synthesis(styles, "none"))
    assert not torch.allclose(drawn, synthesis(styles, "drawn"))
    assert not torch.allclose(fixed, none)


def test_noise_begins_without_strength() -> None:
    synthesis = made().synthesis
    styles = torch.randn(2, 6)
    assert torch.equal(synthesis(styles, "drawn"), synthesis(styles, "none"))


def test_only_the_direction_of_latents_matters() -> None:
    mapping = made().mapping
    latents = torch.randn(3, 6)
    torch.testing.assert_close(mapping(latents), mapping(10 * latents), rtol=1e-3, atol=1e-4)


def test_the_code_of_a_label_changes_the_style() -> None:
    mapping = made(code=2).mapping
    latents = torch.randn(1, 6)
    first, second = (mapping(torch.cat([latents, code[None]], 1)) for code in torch.eye(2))
    assert not torch.allclose(first, second)


def test_the_mean_style_follows_the_styles_seen() -> None:
    mapping = made().mapping
    styles = torch.ones(4, 6)
    mapping.track(styles)
    torch.testing.assert_close(mapping.mean, torch.full((6,), 0.005))
    for _batch in range(2000):
        mapping.track(styles)
    torch.testing.assert_close(mapping.mean, torch.ones(6), rtol=1e-3, atol=1e-3)
