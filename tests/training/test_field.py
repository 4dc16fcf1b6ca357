"""The game as arrays: of a variant with known networks, and of real ones."""

from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from ganstudio.api import Architecture, Fixed, LoadedData
from ganstudio.training.field import LINES, POINTS, PULLED, Field, refusal
from ganstudio_plugins.losses import RelativisticPairing, Wasserstein
from ganstudio_plugins.mlp_gan import MLPGAN
from ganstudio_plugins.point_gans import PointGAN
from tests.training.support import Numbers, gan, images, ring


def fixed_of(architecture: Architecture, data: LoadedData, count: int = 600) -> Fixed:
    latents = architecture.draw_latents(count, torch.Generator().manual_seed(3))
    labels = torch.arange(count) % architecture.classes if architecture.classes else None
    return Fixed(latents, data.values[:count].float(), labels)


def field_of(architecture: Architecture, data: LoadedData | None = None) -> Field:
    data = data or ring()
    architecture.build(data.spec)
    field = Field(architecture, data, fixed_of(architecture, data), seed=1)
    field.take()
    return field


class Slope(PointGAN):
    """D(x, y) = 2x − y: what is judged and where it pulls is known everywhere."""

    def build_discriminator(self, data: Any) -> torch.nn.Module:
        made = torch.nn.Linear(2, 1, bias=False)
        made.weight.data = torch.tensor([[2.0, -1.0]])
        return made


def test_logits_are_those_of_the_middle_of_each_cell_with_the_top_row_first() -> None:
    field = field_of(gan(Slope))
    field.look_at(region=(-1.0, 3.0, 0.0, 1.0))
    look = field.ready(7)
    assert look.step == 7
    assert look.region == (-1.0, 3.0, 0.0, 1.0)
    rows, columns = look.logits.shape
    assert columns == 4 * rows == 80
    x = -1 + 4 * (np.arange(columns) + 0.5) / columns
    y = 1 - (np.arange(rows) + 0.5) / rows
    np.testing.assert_allclose(look.logits, 2 * x[None] - y[:, None], atol=1e-5)


def test_pulls_go_up_the_slope_of_the_discriminator() -> None:
    look = field_of(gan(Slope, loss=Wasserstein())).ready(1)
    # The loss is −mean D, so that each point is drawn along the slope (2, −1), whatever their number.
    np.testing.assert_allclose(look.pulls, np.tile([2.0, -1.0], (PULLED, 1)), atol=1e-5)


def test_points_and_grid_are_what_the_generator_makes_of_the_latents() -> None:
    architecture = gan()
    look = field_of(architecture).ready(1)
    fixed = fixed_of(architecture, ring())
    with torch.no_grad():
        expected = architecture.generator(fixed.latents[:POINTS])
    np.testing.assert_allclose(look.points, expected.numpy(), atol=1e-6)
    assert look.manifold.shape == (LINES, LINES, 2)
    assert np.isfinite(look.manifold).all()


@pytest.mark.parametrize(("latent_dim", "shape"), [(1, (1, 200, 2)), (2, (25, 25, 2)), (5, (25, 25, 2))])
def test_the_grid_is_a_line_a_plane_or_a_slice(latent_dim: int, shape: tuple[int, ...]) -> None:
    look = field_of(gan(latent_dim=latent_dim)).ready(1)
    assert look.manifold.shape == shape
    assert look.scene.latent_dim == latent_dim


def test_it_stays_as_it_was_until_the_weights_are_taken_again() -> None:
    architecture = gan()
    field = field_of(architecture)
    before = field.ready(1)
    with torch.no_grad():
        for parameter in architecture.parameters():
            parameter.add_(0.5)
    between = field.ready(2)
    np.testing.assert_array_equal(between.points, before.points)
    np.testing.assert_array_equal(between.logits, before.logits)
    field.take()
    after = field.ready(3)
    assert not np.allclose(after.points, before.points)
    assert not np.allclose(after.logits, before.logits)


def test_looking_leaves_no_trace_in_what_is_trained_nor_in_its_randomness() -> None:
    architecture = gan(regularizers=[], minibatch="discrimination", minibatch_kernels=4)
    field = field_of(architecture)
    weights = [p.detach().clone() for p in architecture.parameters()]
    state = torch.get_rng_state()
    field.ready(1)
    assert torch.equal(torch.get_rng_state(), state)
    assert all(torch.equal(a, b) for a, b in zip(weights, architecture.parameters(), strict=True))
    assert architecture.training
    assert all(p.grad is None for p in architecture.parameters())


@pytest.mark.parametrize(
    "settings",
    [
        {"conditioning": "concatenated"},
        {"conditioning": "projection"},
        {"conditioning": "auxiliary"},
        {"conditioning": "embedded", "packing": 2},
        {"packing": 4},
        {"minibatch": "discrimination"},
        {"minibatch": "standard deviation"},
        {"spectral_norm": True},
        {"instance_noise": 0.1},
        {"unrolled_steps": 2},
    ],
    ids=str,
)
def test_every_form_of_the_game_can_be_looked_at(settings: dict[str, Any]) -> None:
    look = field_of(gan(loss=RelativisticPairing(), **settings)).ready(1)
    assert look.logits.shape == (40, 40)
    assert np.isfinite(look.logits).all()
    assert np.isfinite(look.pulls).all()
    assert np.abs(look.pulls).max() > 0


def test_a_conditional_surface_and_grid_are_of_the_class_that_is_asked_about() -> None:
    field = field_of(gan(conditioning="concatenated"))
    looks = []
    for label in (0, 3):
        field.look_at(label)
        looks.append(field.ready(1))
    assert looks[0].scene.classes == tuple("12345678")
    assert [look.label for look in looks] == [0, 3]
    assert not np.allclose(looks[0].logits, looks[1].logits)
    assert not np.allclose(looks[0].manifold, looks[1].manifold)
    np.testing.assert_array_equal(looks[0].points, looks[1].points)
    assert looks[0].scene.labels.tolist()[:9] == [0, 1, 2, 3, 4, 5, 6, 7, 0]


def test_a_class_that_is_not_there_is_the_first() -> None:
    field = field_of(gan(conditioning="concatenated"))
    field.look_at(99)
    assert field.ready(1).label == 0


def test_the_scene_tells_the_data() -> None:
    scene = field_of(gan()).ready(1).scene
    assert scene.centres.shape == (8, 2)
    assert scene.sigma == pytest.approx(0.01)
    assert scene.classes == ()
    assert scene.real.shape == (1000, 2)


def test_a_variant_in_which_nobody_judges_shows_the_rest() -> None:
    class Maker(Numbers):
        def generate(self, latents: Tensor) -> Tensor:
            return self.first(latents).expand(-1, 2)

    look = field_of(Maker()).ready(1)
    assert look.logits is None
    assert look.pulls is None
    assert look.points.shape == (POINTS, 2)


@pytest.mark.parametrize(
    ("architecture", "data", "why"),
    [(MLPGAN, images, "this run is on 8 × 8 grey images"), (PointGAN, ring, "")],
    ids=["images", "points"],
)
def test_it_says_what_cannot_be_shown(architecture: type[Any], data: Any, why: str) -> None:
    made, loaded = gan(architecture), data()
    made.build(loaded.spec)
    latents = made.draw_latents(8)
    said = refusal(made, loaded, Fixed(latents, loaded.values[:8]))
    assert (why in said) if why else not said
