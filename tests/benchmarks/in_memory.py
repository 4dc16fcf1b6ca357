"""A data set as torchvision makes its small ones, from arrays: the yardsticks' source of images."""

from collections.abc import Iterator

import numpy as np
import torch
from PIL import Image
from torch.utils.data import DataLoader, Dataset
from torchvision import transforms


class Pictures(Dataset[tuple[torch.Tensor, int]]):
    """``uint8`` images [N, H, W, 3], made tensors in [-1, 1] one by one, as torchvision's CIFAR10 does."""

    def __init__(self, images: np.ndarray) -> None:
        self.images = images
        normalise = transforms.Normalize((0.5, 0.5, 0.5), (0.5, 0.5, 0.5))
        self.transform = transforms.Compose([transforms.ToTensor(), normalise])

    def __len__(self) -> int:
        return len(self.images)

    def __getitem__(self, index: int) -> tuple[torch.Tensor, int]:
        """Return an image and a class."""
        return self.transform(Image.fromarray(self.images[index])), 0


def endless(data: Dataset[tuple[torch.Tensor, int]], batch: int) -> Iterator[torch.Tensor]:
    """Give shuffled batches of images from a DataLoader, epoch after epoch."""
    loader = DataLoader(data, batch_size=batch, shuffle=True, drop_last=True)
    while True:
        for images, _labels in loader:
            yield images
