import pytest
import torch
from torch.nn import functional

from ganstudio.api import Batch, Fixed, ImageSpec, Update
from ganstudio.schema import describe
from ganstudio_plugins.info_codes import Codes
from ganstudio_plugins.info_gan import InfoGAN
from ganstudio_plugins.losses import NonSaturating

MNIST = ImageSpec(1, 28, 28, tuple("0123456789"))


def built(**settings) -> InfoGAN:
    torch.manual_seed(0)
    chosen = InfoGAN.Settings(**{"width": 4, "latent_dim": 5, **settings})
    gan = InfoGAN(chosen, NonSaturating())
    gan.build(MNIST)
    return gan


def updates(gan: InfoGAN) -> list[Update]:
    gan.recording = True
    batch = Batch(torch.rand(8, 1, 28, 28) * 2 - 1, torch.arange(8))
    return list(gan.training_step(iter([batch])))


class TestCodes:
    def test_are_one_category_and_values_between_minus_one_and_one(self):
        codes = Codes(5, 4, 2)
        drawn = codes.draw(500, torch.device("cpu"), torch.Generator().manual_seed(0))
        category, rest = codes.split(drawn)
        assert drawn.shape == (500, 6)
        assert (category.sum(1) == 1).all()
        assert category.sum(0).min() > 90
        assert -1 <= rest.min() < -0.95
        assert 0.95 < rest.max() <= 1

    def test_are_swept_one_at_a_time_from_end_to_end(self):
        codes = Codes(3, 4, 2)
        latents = torch.randn(2, 9)
        found = {name: (captions, swept) for name, captions, swept in codes.sweeps(latents)}
        assert list(found) == ["category", "code 1", "code 2"]
        captions, swept = found["category"]
        assert captions == ("0", "1", "2", "3")
        assert torch.equal(swept[:, :, 3:7], torch.eye(4).expand(2, -1, -1))
        assert torch.equal(swept[:, :, 7:], latents[:, None, 7:].expand(-1, 4, -1))
        captions, swept = found["code 2"]
        assert (captions[0], captions[-1]) == ("-2", "2")
        assert torch.equal(swept[0, :, 8], torch.linspace(-2, 2, 9))
        assert torch.equal(swept[:, :, :8], latents[:, None, :8].expand(-1, 9, -1))

    def test_are_chosen_by_hand(self):
        chosen = Codes(2, 3, 1).chosen(torch.randn(4, 6), 7, (0.5, 0.25))
        assert torch.equal(chosen[:, 2:], torch.tensor([[0.0, 0.0, 1.0, 0.5]]).expand(4, -1))


def test_the_generator_is_given_noise_codes_and_labels():
    gan = built(conditioning="concatenated")
    assert gan.generator_inputs == 5 + 10 + 2 + 10
    assert gan.draw_latents(3).shape == (3, 17)


def test_generator_and_recogniser_are_moved_by_how_well_codes_are_told():
    gan = built()
    moved = [update.networks for update in updates(gan)]
    assert moved == [gan.discriminator, (gan.generator, gan.recogniser)]
    told = gan.take_log()
    assert float(told["information/category"]) == pytest.approx(2.3, abs=0.5)


def test_the_loss_is_that_of_the_codes_the_samples_were_made_from():
    gan = built(information=2.0)
    batch = Batch(torch.rand(8, 1, 28, 28) * 2 - 1)
    latents = gan.draw_latents(8)
    fake = gan.generate(latents)
    with_codes = gan.generator_loss(batch, fake)
    told = gan.recogniser(fake)
    category = functional.cross_entropy(told[:, :10], latents[:, 5:15].argmax(1))
    apart = (told[:, 10:] - latents[:, 15:]).square().sum(1).mean() / 2
    plain = super(InfoGAN, gan).generator_loss(batch, fake)
    torch.testing.assert_close(with_codes, plain + 2 * (category + apart))


def test_each_code_has_a_grid_and_the_chosen_ones_have_another():
    gan = built().eval()
    with torch.no_grad():
        latents = gan.draw_latents(16)
        before = gan.preview(Fixed(latents, torch.zeros(16, 1, 28, 28)))
        gan.settings = gan.settings.model_copy(update={"category": 3, "first": 1.5})
        after = gan.preview(Fixed(latents, torch.zeros(16, 1, 28, 28)))
    assert {name: (len(p.values), p.columns) for name, p in before.items()} == {
        "samples": (16, 0),
        "category": (40, 10),
        "code 1": (36, 9),
        "code 2": (36, 9),
        "chosen codes": (16, 0),
    }
    changed = {name for name in before if not torch.equal(before[name].values, after[name].values)}
    assert changed == {"chosen codes"}


def test_every_continuous_code_can_be_chosen():
    gan = built(continuous=8).eval()
    names = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth")
    gan.settings = gan.settings.model_copy(update={name: place / 4 for place, name in enumerate(names)})
    chosen = gan.codes.chosen(gan.draw_latents(2), 0, gan.settings.chosen)
    assert chosen[:, -8:].tolist() == [[place / 4 for place in range(8)]] * 2
    assert {spec.name for spec in describe(InfoGAN.Settings) if spec.shown} == {"category", *names}


def test_without_any_code_it_is_refused():
    settings = InfoGAN.Settings(categories=0, continuous=0)
    assert "set Categories or Continuous" in str(InfoGAN.refuses(settings, MNIST))


@pytest.mark.parametrize("settings", [{"categories": 0}, {"continuous": 0}], ids=str)
def test_one_kind_of_code_is_enough(settings):
    assert len(updates(built(**settings))) == 2
