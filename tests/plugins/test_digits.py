import numpy as np
import torch

from ganstudio.api import ImageSpec
from ganstudio_plugins.digits import Digits


def load(**settings):
    return Digits(Digits.Settings(**settings)).load(lambda what, share: None)


def test_there_are_500_of_each_digit():
    data = load()
    assert data.spec == ImageSpec(1, 28, 28, classes=tuple("0123456789"))
    assert data.values.shape == (5000, 1, 28, 28)
    assert data.values.dtype == torch.uint8
    assert data.labels.dtype == torch.int64
    assert torch.bincount(data.labels).tolist() == [500] * 10


def test_they_are_resized_and_coloured_on_demand():
    data = load(resize=32, colour="RGB")
    assert data.spec.shape == (3, 32, 32)
    assert data.values.shape == (5000, 3, 32, 32)


def test_every_digit_is_one_of_the_mnist_training_set_with_its_label(shared_data):
    whole = np.load(shared_data / "mnist_train.npz")
    labels = {image.tobytes(): label for image, label in zip(whole["images"], whole["labels"], strict=True)}
    data = load()
    pairs = zip(data.values[:, 0].numpy(), data.labels.tolist(), strict=True)
    assert all(labels.get(image.tobytes()) == label for image, label in pairs)
