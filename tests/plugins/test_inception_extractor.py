"""The Inception extractor: where its weights are looked for, and how they are read. None come with this."""

from pathlib import Path

import pytest
import torch
from torchvision.models.inception import Inception3

from ganstudio.api import ImageSpec, InputError
from ganstudio_plugins import inception_extractor
from ganstudio_plugins.inception_extractor import InceptionExtractor, weights_file
from tests.training.support import images

NAME = "pt_inception-2015-12-05-6726825d.pth"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GANSTUDIO_HOME", str(tmp_path))
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "torch"))
    (tmp_path / "datasets").mkdir()
    return tmp_path / "datasets"


def quiet(what: str, share: float | None = None) -> None:
    pass


def test_without_weights_it_suits_nothing() -> None:
    assert weights_file() is None
    assert not InceptionExtractor.suits(ImageSpec(3, 32, 32))
    with pytest.raises(InputError, match="put pt_inception"):
        InceptionExtractor().prepare(images(), Path(), quiet)


def shapes(classes: int = 1000) -> dict[str, torch.Tensor]:
    """Return weights of the right names and shapes that take no room."""
    with torch.device("meta"):
        empty = Inception3(num_classes=classes, aux_logits=False, init_weights=False).state_dict()
    return {name: torch.zeros(()).expand(tensor.shape) for name, tensor in empty.items()}


def without(*names: str) -> dict[str, torch.Tensor]:
    return {name: tensor for name, tensor in shapes().items() if name not in names}


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"<html>Not found</html>", r"it is no file of weights, or only a part of one \(22 bytes\)"),
        ([1, 2], "it holds something else than a table of weights"),
        ({"state_dict": {}}, "it holds something else than a table of weights"),
        ({"conv1.weight": torch.zeros(2)}, "another network, without a last layer called fc"),
        (
            without("Conv2d_1a_3x3.conv.weight", "Conv2d_1a_3x3.bn.bias"),
            r"another network: it lacks Conv2d_1a_3x3\.conv\.weight and 1 more",
        ),
        (shapes() | {"layer4.bias": torch.zeros(2)}, r"another network: it has besides layer4\.bias"),
        (
            shapes() | {"fc.weight": torch.zeros(()).expand(1000, 512)},
            r"another network: it has in another shape fc\.weight",
        ),
    ],
    ids=["no weights", "a list", "weights within a table", "another network", "a part", "more", "a shape"],
)
def test_a_file_that_is_something_else_is_named_with_what_is_wrong(
    home: Path, content: object, why: str
) -> None:
    file = home / NAME
    file.write_bytes(content) if isinstance(content, bytes) else torch.save(content, file)
    assert InceptionExtractor.suits(ImageSpec(3, 32, 32))
    with pytest.raises(InputError, match=why) as refused:
        InceptionExtractor().prepare(images(), Path(), quiet)
    sentence = str(refused.value)
    assert sentence.startswith(f"{file} does not hold the weights of InceptionV3: ")
    assert "take it away" in sentence
    assert len(sentence) < 400 + len(str(file))


def test_weights_of_the_original_fid_are_read_and_give_features(home: Path) -> None:
    with torch.device("meta"):
        empty = Inception3(num_classes=1008, aux_logits=False, init_weights=False)
    generator = torch.Generator().manual_seed(0)

    def drawn(name: str, tensor: torch.Tensor) -> torch.Tensor:
        # Filters of one number each, as a hundred million bytes would take seconds.
        few = tensor.shape[:1] + (1,) * (tensor.ndim - 1)
        each = torch.rand(few if tensor.ndim == 4 else tensor.shape, generator=generator) * 0.05
        return (each + (0.9 if "running_var" in name else 0)).expand(tensor.shape)

    weights = {
        name: drawn(name, tensor)
        if tensor.is_floating_point()
        else torch.zeros(tensor.shape, dtype=tensor.dtype)
        for name, tensor in empty.state_dict().items()
    }
    torch.save(weights, home / NAME)
    extractor = InceptionExtractor()
    extractor.prepare(images(), Path(), quiet)
    given = images(2).values.float() / 127.5 - 1
    found = extractor.features(given)
    assert found.values.shape == (2, 2048)
    assert found.logits is not None
    assert torch.allclose(found.logits, found.values @ weights["fc.weight"].T + weights["fc.bias"], rtol=1e-3)


def test_averages_leave_out_what_lies_outside_of_the_image() -> None:
    block = torch.nn.Module()
    block._forward = lambda images: [images, images]  # type: ignore[assignment]
    block.branch_pool = torch.nn.Identity()
    network = torch.nn.Module()
    for name in ("5b", "5c", "5d", "6b", "6c", "6d", "6e", "7b", "7c"):
        setattr(network, f"Mixed_{name}", block)
    inception_extractor._as_of_fid(network)
    ones = torch.ones(1, 1, 4, 4)
    assert torch.equal(block.forward(ones), torch.ones(1, 2, 4, 4))
