"""The convolutional yardsticks, written as their authors write them: the tutorial's GAN and the DCGAN script.

Both discriminators end in a sigmoid; Adam and BCELoss are the defaults. What their scripts print is left out.
"""

from collections.abc import Iterator
from itertools import pairwise

import torch
from torch import nn


class ConvTutorial:
    """The GAN of tutorials for CIFAR-10, batch by batch.

    The discriminator's two losses are averaged into one backward pass, and the generator is run a second time
    on the same latents for its own update.
    """

    def __init__(self, batches: Iterator[torch.Tensor]) -> None:
        self.batches = batches
        self.generator = nn.Sequential(
            nn.Linear(100, 128 * 8 * 8),
            nn.ReLU(),
            nn.Unflatten(1, (128, 8, 8)),
            nn.Upsample(scale_factor=2),
            nn.Conv2d(128, 128, kernel_size=3, padding=1),
            nn.BatchNorm2d(128, momentum=0.78),
            nn.ReLU(),
            nn.Upsample(scale_factor=2),
            nn.Conv2d(128, 64, kernel_size=3, padding=1),
            nn.BatchNorm2d(64, momentum=0.78),
            nn.ReLU(),
            nn.Conv2d(64, 3, kernel_size=3, padding=1),
            nn.Tanh(),
        )
        self.discriminator = nn.Sequential(
            *_judging(3, 32, 0.2, 2),
            *_judging(32, 64, 0.25, 2, nn.ZeroPad2d((0, 1, 0, 1)), nn.BatchNorm2d(64, momentum=0.82)),
            *_judging(64, 128, 0.2, 2, nn.BatchNorm2d(128, momentum=0.82)),
            *_judging(128, 256, 0.25, 1, nn.BatchNorm2d(256, momentum=0.8)),
            nn.Flatten(),
            nn.Linear(256 * 5 * 5, 1),
            nn.Sigmoid(),
        )
        self.criterion = nn.BCELoss()
        self.optimizer_d = _adam(self.discriminator)
        self.optimizer_g = _adam(self.generator)

    def advance(self, steps: int) -> None:
        """Run ``steps`` batches."""
        for _ in range(steps):
            self._step(next(self.batches))

    def _step(self, real: torch.Tensor) -> None:
        ones, zeros = torch.ones(len(real), 1), torch.zeros(len(real), 1)

        self.optimizer_d.zero_grad()
        latents = torch.randn(len(real), 100)
        fake = self.generator(latents)
        real_loss = self.criterion(self.discriminator(real), ones)
        fake_loss = self.criterion(self.discriminator(fake.detach()), zeros)
        ((real_loss + fake_loss) / 2).backward()
        self.optimizer_d.step()

        self.optimizer_g.zero_grad()
        fake = self.generator(latents)
        self.criterion(self.discriminator(fake), ones).backward()
        self.optimizer_g.step()


class CanonicalDCGAN:
    """The DCGAN example of PyTorch: 64 channels at half of ``side``, doubling down to 4 × 4.

    The generator's samples serve both updates; each of the discriminator's halves has a backward of its own.
    """

    def __init__(self, batches: Iterator[torch.Tensor], side: int) -> None:
        self.batches = batches
        widths = [64 * 2**level for level in range((side // 4).bit_length() - 1)]
        up = widths[::-1]
        self.generator = nn.Sequential(
            nn.ConvTranspose2d(100, up[0], 4, 1, 0, bias=False),
            nn.BatchNorm2d(up[0]),
            nn.ReLU(True),
            *[layer for inputs, outputs in pairwise(up) for layer in _grown(inputs, outputs)],
            nn.ConvTranspose2d(up[-1], 3, 4, 2, 1, bias=False),
            nn.Tanh(),
        )
        self.discriminator = nn.Sequential(
            nn.Conv2d(3, widths[0], 4, 2, 1, bias=False),
            nn.LeakyReLU(0.2, inplace=True),
            *[layer for inputs, outputs in pairwise(widths) for layer in _shrunk(inputs, outputs)],
            nn.Conv2d(widths[-1], 1, 4, 1, 0, bias=False),
            nn.Sigmoid(),
        )
        self.criterion = nn.BCELoss()
        self.optimizer_d = _adam(self.discriminator)
        self.optimizer_g = _adam(self.generator)

    def advance(self, steps: int) -> None:
        """Run ``steps`` batches."""
        for _ in range(steps):
            self._step(next(self.batches))

    def _step(self, real: torch.Tensor) -> None:
        ones, zeros = torch.ones(len(real)), torch.zeros(len(real))

        self.discriminator.zero_grad()
        self.criterion(self.discriminator(real).view(-1), ones).backward()
        fake = self.generator(torch.randn(len(real), 100, 1, 1))
        self.criterion(self.discriminator(fake.detach()).view(-1), zeros).backward()
        self.optimizer_d.step()

        self.generator.zero_grad()
        self.criterion(self.discriminator(fake).view(-1), ones).backward()
        self.optimizer_g.step()


def _adam(network: nn.Module) -> torch.optim.Optimizer:
    return torch.optim.Adam(network.parameters(), lr=2e-4, betas=(0.5, 0.999))


def _judging(inputs: int, outputs: int, slope: float, stride: int, *between: nn.Module) -> list[nn.Module]:
    convolution = nn.Conv2d(inputs, outputs, kernel_size=3, stride=stride, padding=1)
    return [convolution, *between, nn.LeakyReLU(slope), nn.Dropout(0.25)]


def _grown(inputs: int, outputs: int) -> list[nn.Module]:
    convolution = nn.ConvTranspose2d(inputs, outputs, 4, 2, 1, bias=False)
    return [convolution, nn.BatchNorm2d(outputs), nn.ReLU(True)]


def _shrunk(inputs: int, outputs: int) -> list[nn.Module]:
    convolution = nn.Conv2d(inputs, outputs, 4, 2, 1, bias=False)
    return [convolution, nn.BatchNorm2d(outputs), nn.LeakyReLU(0.2, inplace=True)]
