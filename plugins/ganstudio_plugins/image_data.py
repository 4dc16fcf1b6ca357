"""The sources of images, offered to the studio."""

from collections.abc import Sequence

from ganstudio.api import DataSource, hookimpl
from ganstudio_plugins.image_folder import ImageFolder
from ganstudio_plugins.torchvision_data import CIFAR10, MNIST, FashionMNIST


@hookimpl
def ganstudio_data_sources() -> Sequence[type[DataSource]]:
    """Offer the user's own images first, then the public sets."""
    return [ImageFolder, MNIST, FashionMNIST, CIFAR10]
