"""The sources of images, offered to the studio."""

from collections.abc import Sequence

from ganstudio.api import DataSource, hookimpl
from ganstudio_plugins.celeba import CelebA
from ganstudio_plugins.image_folder import ImageFolder
from ganstudio_plugins.image_npz import ImageArrays
from ganstudio_plugins.svhn import SVHN
from ganstudio_plugins.torchvision_data import CIFAR10, CIFAR100, EMNIST, KMNIST, MNIST, FashionMNIST


@hookimpl
def ganstudio_data_sources() -> Sequence[type[DataSource]]:
    """Offer the user's own images first, then the public sets."""
    own: list[type[DataSource]] = [ImageFolder, ImageArrays]
    return [*own, MNIST, FashionMNIST, KMNIST, EMNIST, CIFAR10, CIFAR100, SVHN, CelebA]
