"""Codes of InfoGAN: how they stand in a latent, are drawn, and swept. It knows nothing of networks."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

STEPS = 9
"""Values that a continuous code is swept through."""
ENDS = 2.0
"""How far a sweep goes, twice as far as codes are drawn, as in the paper's figure 2."""


@dataclass(frozen=True)
class Codes:
    """Behind ``noise`` numbers of a latent: one of ``categories``, one-hot, then ``continuous`` codes."""

    noise: int
    categories: int
    continuous: int

    @property
    def width(self) -> int:
        """Numbers of all codes."""
        return self.categories + self.continuous

    def draw(self, count: int, device: torch.device, generator: torch.Generator | None) -> Tensor:
        """Draw codes [count, width]: every category as likely, continuous ones uniform in [-1, 1]."""
        rest = torch.rand((count, self.continuous), device=device, generator=generator).mul_(2).sub_(1)
        if not self.categories:
            return rest
        chosen = torch.randint(self.categories, (count,), device=device, generator=generator)
        return torch.cat([functional.one_hot(chosen, self.categories).float(), rest], 1)

    def split(self, codes: Tensor) -> tuple[Tensor, Tensor]:
        """Return the part of the category [N, categories] and the continuous codes [N, continuous]."""
        return codes[:, : self.categories], codes[:, self.categories :]

    def sweeps(self, latents: Tensor) -> Iterator[tuple[str, tuple[str, ...], Tensor]]:
        """Yield for each code its name, captions of its values, and latents [rows, values, …] that have them.

        Each row keeps the rest of one of ``latents`` [rows, …].
        """
        if self.categories:
            values = torch.eye(self.categories, device=latents.device)
            swept = self._with(latents, slice(self.noise, self.noise + self.categories), values)
            yield "category", tuple(str(n) for n in range(self.categories)), swept
        values = torch.linspace(-ENDS, ENDS, STEPS, device=latents.device)
        captions = tuple(f"{float(value):g}" for value in values)
        for code in range(self.continuous):
            place = self.noise + self.categories + code
            yield f"code {code + 1}", captions, self._with(latents, slice(place, place + 1), values[:, None])

    def chosen(self, latents: Tensor, category: int, values: Sequence[float]) -> Tensor:
        """Return latents [N, …] with this category, the last where it is none, and first continuous codes."""
        latents = latents.clone()
        if self.categories:
            one = min(category, self.categories - 1)
            latents[:, self.noise : self.noise + self.categories] = 0
            latents[:, self.noise + one] = 1
        for code, value in enumerate(values[: self.continuous]):
            latents[:, self.noise + self.categories + code] = value
        return latents

    @staticmethod
    def _with(latents: Tensor, place: slice, values: Tensor) -> Tensor:
        """Return each latent once with each of ``values`` [K, width of the place]: [N, K, …]."""
        swept = latents[:, None].repeat(1, len(values), 1)
        swept[:, :, place] = values
        return swept
