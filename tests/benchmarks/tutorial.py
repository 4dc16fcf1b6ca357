"""The plain tutorial loop, written as tutorials write it: the yardstick of the MLP rows.

For each batch of the DataLoader: zero the discriminator's gradients; BCE of D(real) against ones, backward;
fake = G(latents); BCE of D(fake detached) against zeros, backward; step D; zero the generator's gradients;
BCE of D(fake) against ones, backward; step G. The discriminator ends in a sigmoid.
"""

from itertools import pairwise
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader
from torchvision import datasets, transforms


def write_idx(images: np.ndarray, labels: np.ndarray, root: Path) -> None:
    """Write MNIST as torchvision's MNIST class reads it."""
    raw = root / "MNIST" / "raw"
    raw.mkdir(parents=True)
    for part in ("train", "t10k"):
        header = np.array([2051, len(images), 28, 28], dtype=">i4").tobytes()
        (raw / f"{part}-images-idx3-ubyte").write_bytes(header + images.astype(np.uint8).tobytes())
        header = np.array([2049, len(labels)], dtype=">i4").tobytes()
        (raw / f"{part}-labels-idx1-ubyte").write_bytes(header + labels.astype(np.uint8).tobytes())


class TutorialLoop:
    """The loop over ``hidden`` generator widths; the discriminator's are ``judge``."""

    def __init__(
        self, root: Path, hidden: list[int], judge: list[int], batch: int, betas: tuple[float, float]
    ):
        transform = transforms.Compose([transforms.ToTensor(), transforms.Normalize((0.5,), (0.5,))])
        data = datasets.MNIST(str(root), train=True, transform=transform)
        self.loader = DataLoader(data, batch_size=batch, shuffle=True, drop_last=True)
        self.batches = iter(self.loader)
        self.generator = nn.Sequential(
            *_layers([100, *hidden], nn.ReLU), nn.Linear(hidden[-1], 784), nn.Tanh()
        )
        last = nn.Linear(judge[-1], 1)
        self.discriminator = nn.Sequential(*_layers([784, *judge], nn.LeakyReLU, 0.2), last, nn.Sigmoid())
        self.criterion = nn.BCELoss()
        self.optimizer_d = torch.optim.Adam(self.discriminator.parameters(), lr=2e-4, betas=betas)
        self.optimizer_g = torch.optim.Adam(self.generator.parameters(), lr=2e-4, betas=betas)

    def advance(self, steps: int) -> None:
        """Run ``steps`` batches."""
        for _ in range(steps):
            self._step(self._next())

    def _next(self) -> torch.Tensor:
        try:
            images, _labels = next(self.batches)
        except StopIteration:
            self.batches = iter(self.loader)
            images, _labels = next(self.batches)
        return images.view(len(images), -1)

    def _step(self, real: torch.Tensor) -> None:
        ones, zeros = torch.ones(len(real), 1), torch.zeros(len(real), 1)

        self.optimizer_d.zero_grad()
        real_loss = self.criterion(self.discriminator(real), ones)
        real_loss.backward()
        fake = self.generator(torch.randn(len(real), 100))
        fake_loss = self.criterion(self.discriminator(fake.detach()), zeros)
        fake_loss.backward()
        self.optimizer_d.step()

        self.optimizer_g.zero_grad()
        loss = self.criterion(self.discriminator(fake), ones)
        loss.backward()
        self.optimizer_g.step()


def _layers(widths: list[int], activation: type[nn.Module], *arguments: float) -> list[nn.Module]:
    found: list[nn.Module] = []
    for inputs, outputs in pairwise(widths):
        found += [nn.Linear(inputs, outputs), activation(*arguments)]
    return found
