"""Settings marked Shown: they change samples as they are looked at, and never what is trained."""

import torch

from ganstudio.api import Fixed, ImageSpec
from ganstudio.schema import describe
from ganstudio_plugins.stylegan import StyleGAN2
from tests.plugins.test_stylegan import advance, built

LOOKS = {"truncation": 0.3, "boundary": 2, "noise": False}


def trained(**looks: object) -> tuple[StyleGAN2, list[torch.Tensor]]:
    """Return the same two steps of training; with ``looks`` from the second on."""
    gan = built(ImageSpec(1, 16, 16))
    advance(gan, 1, count=4)
    gan.settings = type(gan.settings).model_validate({**gan.settings.model_dump(), **looks})
    advance(gan, 1, count=4)
    return gan, [parameter.detach() for parameter in gan.parameters()]


def test_those_of_stylegan_are_what_it_says() -> None:
    assert {spec.name for spec in describe(StyleGAN2.Settings) if spec.shown} == set(LOOKS)


def test_they_leave_the_weights_as_they_are_and_change_the_samples() -> None:
    one, weights = trained()
    other, same = trained(**LOOKS)
    assert all(torch.equal(a, b) for a, b in zip(weights, same, strict=True))
    fixed = Fixed(one.draw_latents(8, torch.Generator().manual_seed(0)), torch.zeros(0))
    with torch.no_grad():
        previews = [gan.eval().preview(fixed) for gan in (one, other)]
    for name in ("samples", "style mixing"):
        assert not torch.equal(previews[0][name].values, previews[1][name].values)


def test_each_stands_under_previews_that_there_are() -> None:
    gan = built(ImageSpec(1, 16, 16))
    made = gan.preview(Fixed(gan.draw_latents(4), torch.zeros(0)))
    named = {name for spec in describe(StyleGAN2.Settings) for name in spec.previews}
    assert named <= set(made)
