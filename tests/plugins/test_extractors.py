"""What every feature extractor promises a loss, and what is peculiar to those that are not trained."""

from pathlib import Path

import pytest
import torch
from torch.nn import functional

from ganstudio.api import FeatureExtractor, ImageSpec, InputError, LoadedData, PointSpec
from ganstudio_plugins import studio_extractor, vgg_extractor
from ganstudio_plugins.inception_extractor import InceptionExtractor
from ganstudio_plugins.random_extractor import RandomExtractor
from ganstudio_plugins.studio_extractor import StudioExtractor
from ganstudio_plugins.vgg_extractor import VGGExtractor, weights_file

EXTRACTORS = [StudioExtractor, InceptionExtractor, VGGExtractor, RandomExtractor]


def untold(what: str, share: float | None = None) -> None:
    pass


def pictures(channels: int, side: int = 32) -> LoadedData:
    generator = torch.Generator().manual_seed(0)
    values = torch.randint(0, 256, (8, channels, side, side), generator=generator).to(torch.uint8)
    return LoadedData(ImageSpec(channels, side, side), values)


def write_vgg(folder: Path) -> Path:
    """Write weights with the names and sizes of VGG19's convolutions."""
    from torchvision.models import vgg19

    with torch.device("meta"):
        shapes = vgg19(weights=None).features.state_dict()
    generator = torch.Generator().manual_seed(0)
    made = {f"features.{n}": torch.randn(t.shape, generator=generator) * 0.02 for n, t in shapes.items()}
    torch.save(made, folder / vgg_extractor.FILE)
    return folder / vgg_extractor.FILE


def write_inception(folder: Path) -> None:
    """Write weights with the names and sizes of InceptionV3."""
    from torchvision.models.inception import Inception3

    network = Inception3(num_classes=1000, aux_logits=False, init_weights=False)
    torch.save(network.state_dict(), folder / "inception_v3_google-0cc3c7bd.pth")


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home of the studio with weights of every network that needs them."""
    folder = tmp_path_factory.mktemp("home")
    (folder / "datasets").mkdir()
    with torch.random.fork_rng(devices=[]):
        write_vgg(folder / "datasets")
        write_inception(folder / "datasets")
    return folder


@pytest.fixture
def home(weights: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Use that home, and train what is trained for a few steps."""
    monkeypatch.setenv("GANSTUDIO_HOME", str(weights))
    monkeypatch.setattr(studio_extractor, "_IMAGE_STEPS", 3)


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home without any weights; returns its folder for downloads."""
    monkeypatch.setenv("GANSTUDIO_HOME", str(tmp_path))
    monkeypatch.setattr(torch.hub, "_hub_dir", str(tmp_path / "hub"))
    (tmp_path / "datasets").mkdir()
    return tmp_path / "datasets"


def ready(cls: type[FeatureExtractor], data: LoadedData, cache: Path) -> FeatureExtractor:
    assert cls.suits(data.spec)
    extractor = cls()
    extractor.prepare(data, cache, untold)
    return extractor


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("cls", EXTRACTORS)
def test_a_loss_by_any_extractor_moves_images_and_never_the_network(
    home: None, tmp_path: Path, cls: type[FeatureExtractor], channels: int
) -> None:
    assert cls.perceives()
    data = pictures(channels)
    before = torch.get_rng_state()
    extractor = ready(cls, data, tmp_path)
    images = (data.values[:2].float() / 127.5 - 1).requires_grad_()
    with torch.no_grad():
        wanted = extractor.perceive(images.flip(3))
    apart = torch.stack(
        [functional.mse_loss(*pair) for pair in zip(extractor.perceive(images), wanted, strict=True)]
    )
    apart.sum().backward()
    assert torch.equal(torch.get_rng_state(), before)
    assert images.grad is not None
    assert torch.isfinite(images.grad).all()
    assert images.grad.abs().sum() > 0
    for name in vars(extractor).values():
        if isinstance(name, torch.nn.Module):
            assert not any(parameter.requires_grad for parameter in name.parameters())


@pytest.mark.parametrize("cls", EXTRACTORS)
def test_maps_are_of_images_of_any_shape_and_scores_take_the_same_images(
    home: None, tmp_path: Path, cls: type[FeatureExtractor]
) -> None:
    extractor = ready(cls, pictures(3), tmp_path)
    images = torch.rand(2, 3, 48, 40) * 2 - 1
    maps = extractor.perceive(images)
    assert all(one.ndim == 4 and len(one) == 2 and min(one.shape[2:]) >= 1 for one in maps)
    sides = [one.shape[2] for one in maps]
    assert sides == sorted(sides, reverse=True)
    found = extractor.features(images).values
    assert found.shape[0] == 2
    assert found.dtype == torch.float32
    assert not found.requires_grad


def test_an_extractor_without_maps_is_for_scores_alone() -> None:
    class Plain(FeatureExtractor):
        short = "plain"
        suits = classmethod(lambda cls, data: True)  # type: ignore[assignment]
        prepare = features = lambda self, *_: None  # type: ignore[assignment]

    assert not Plain.perceives()
    with pytest.raises(NotImplementedError, match="Plain is for scores alone"):
        Plain().perceive(torch.zeros(1, 1, 8, 8))


def test_random_filters_are_the_same_each_time_and_of_the_usual_size(tmp_path: Path) -> None:
    images = torch.rand(2, 3, 32, 32) * 2 - 1
    one, other = (ready(RandomExtractor, pictures(3), tmp_path) for _ in range(2))
    assert all(torch.equal(*pair) for pair in zip(one.perceive(images), other.perceive(images), strict=True))
    noise = torch.randn(4, 3, 64, 64)
    # Weights drawn as He et al. keep the mean square of what goes through a ReLU.
    assert float(one.perceive(noise)[0].square().mean()) == pytest.approx(1.0, rel=0.2)


def test_images_differ_the_more_the_less_alike_they_are(tmp_path: Path) -> None:
    extractor = ready(RandomExtractor, pictures(3), tmp_path)
    images, noise = torch.rand(2, 3, 32, 32), torch.randn(2, 3, 32, 32)
    first = extractor.perceive(images)[-1]
    apart = [
        float((extractor.perceive(images + s * noise)[-1] - first).square().mean()) for s in (0, 0.1, 0.3)
    ]
    assert apart[0] == 0 < apart[1] < apart[2]


def test_the_vgg_network_is_read_up_to_its_sixteenth_convolution(home: None, tmp_path: Path) -> None:
    extractor = ready(VGGExtractor, pictures(3), tmp_path)
    (found,) = extractor.perceive(torch.rand(1, 3, 64, 32))
    assert found.shape == (1, 512, 4, 2)
    assert extractor.features(torch.rand(3, 3, 32, 32)).values.shape == (3, 512)
    convolutions = [m for m in extractor._layers if isinstance(m, torch.nn.Conv2d)]
    assert len(convolutions) == 16


def test_weights_that_are_not_there_are_not_fetched(empty: Path) -> None:
    assert weights_file() is None
    assert not VGGExtractor.suits(ImageSpec(3, 32, 32))
    with pytest.raises(InputError, match=r"put vgg19-dcbb9e9d\.pth into .*datasets"):
        VGGExtractor().prepare(pictures(3), empty, untold)
    assert list(empty.iterdir()) == []


@pytest.mark.parametrize(
    "content", [b"nothing", {"features.0.weight": torch.zeros(2)}], ids=["no weights", "a part"]
)
def test_a_file_that_is_no_weights_is_named(empty: Path, content: object) -> None:
    file = empty / vgg_extractor.FILE
    file.write_bytes(content) if isinstance(content, bytes) else torch.save(content, file)
    with pytest.raises(InputError, match="does not hold the weights of VGG19") as refused:
        VGGExtractor().prepare(pictures(3), empty, untold)
    assert str(refused.value).startswith(str(file))
    assert refused.value.__cause__ is not None


@pytest.mark.parametrize("cls", EXTRACTORS)
def test_points_are_no_images(cls: type[FeatureExtractor]) -> None:
    assert not cls.suits(PointSpec(2))
