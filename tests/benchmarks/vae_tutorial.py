"""The tutorial's VAE, written as tutorials write it: one summed BCE + KL and one backward for each batch."""

from collections.abc import Iterator

import torch
from torch import nn
from torch.nn import functional


class TutorialVAE(nn.Module):
    """784-400-(20, 20) and 20-400-784 with a sigmoid, on images in [0, 1] [N, 1, 28, 28]."""

    def __init__(self, batches: Iterator[torch.Tensor]) -> None:
        super().__init__()
        self.batches = batches
        self.hidden = nn.Linear(784, 400)
        self.mu = nn.Linear(400, 20)
        self.logvar = nn.Linear(400, 20)
        self.back = nn.Linear(20, 400)
        self.pixels = nn.Linear(400, 784)
        self.optimizer = torch.optim.Adam(self.parameters(), lr=1e-3)

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Return reconstructions, and the mean and log-variance of the latents."""
        h = functional.relu(self.hidden(x.view(-1, 784)))
        mu, logvar = self.mu(h), self.logvar(h)
        std = torch.exp(0.5 * logvar)
        latents = mu + torch.randn_like(std) * std
        made = torch.sigmoid(self.pixels(functional.relu(self.back(latents))))
        return made, mu, logvar

    def advance(self, steps: int) -> None:
        """Run ``steps`` batches."""
        for _ in range(steps):
            x = next(self.batches)
            self.optimizer.zero_grad()
            made, mu, logvar = self(x)
            bce = functional.binary_cross_entropy(made, x.view(-1, 784), reduction="sum")
            kl = -0.5 * torch.sum(1 + logvar - mu.pow(2) - logvar.exp())
            (bce + kl).backward()
            self.optimizer.step()
