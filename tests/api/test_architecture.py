import pytest
import torch

from ganstudio.api import Architecture, Fixed, ImageSpec, PointSpec
from tests.training.support import Numbers


def test_a_variant_that_says_nothing_is_told_what_is_missing() -> None:
    class Bare(Architecture):
        pass

    bare = Bare()
    latents = torch.zeros(1, 1)
    with pytest.raises(NotImplementedError, match="Bare does not say how it is built"):
        bare.build(PointSpec())
    with pytest.raises(NotImplementedError, match="Bare has no training step"):
        bare.training_step(iter(()))
    with pytest.raises(NotImplementedError, match="Bare does not generate from latents"):
        bare.generate(latents)
    with pytest.raises(NotImplementedError, match="Bare does not say what to preview"):
        bare.preview(Fixed(None, latents))
    assert bare.draw_latents(3) is None


def test_networks_are_the_direct_children_in_order() -> None:
    numbers = Numbers()
    numbers.build(PointSpec())
    assert list(numbers.networks()) == ["first", "second"]


def test_the_preview_is_made_from_the_fixed_latents() -> None:
    numbers = Numbers()
    numbers.build(PointSpec())
    latents = torch.rand(4, 1)
    values = numbers.preview(Fixed(latents, latents)).values
    assert torch.equal(values, numbers.generate(latents))


def test_data_of_another_kind_is_refused_in_a_sentence() -> None:
    settings = Numbers.Settings()
    assert Numbers.refuses(settings, PointSpec()) is None
    assert Numbers.refuses(settings, ImageSpec(3, 8, 9)) == (
        "Numbers cannot be trained on 9 × 8 colour images."
    )


def test_a_log_is_the_detached_mean_and_is_taken_once() -> None:
    numbers = Numbers()
    numbers.log("mine/early", torch.ones(1))
    numbers.recording = True
    numbers.log("mine/mean", torch.tensor([1.0, 4.0], requires_grad=True))
    numbers.log("mine/share", torch.tensor([True, False]))
    numbers.log("mine/number", 3)
    logged = numbers.take_log()
    values = {name: float(value) for name, value in logged.items()}
    assert values == {"mine/mean": 2.5, "mine/share": 0.5, "mine/number": 3.0}
    assert not logged["mine/mean"].requires_grad
    assert numbers.take_log() == {}


def test_what_is_held_is_in_every_report_until_a_new_value_comes() -> None:
    numbers = Numbers()
    numbers.recording = False
    numbers.log("mine/rare", torch.tensor([1.0, 3.0]), hold=True)
    numbers.recording = True
    for _report in range(2):
        assert {name: float(value) for name, value in numbers.take_log().items()} == {"mine/rare": 2.0}
    numbers.log("mine/rare", torch.tensor(5.0), hold=True)
    assert float(numbers.take_log()["mine/rare"]) == 5
