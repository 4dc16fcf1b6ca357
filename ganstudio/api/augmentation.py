"""Augmentations: changes made to every sample the discriminator sees. They know nothing of networks."""

from abc import ABC, abstractmethod
from typing import ClassVar

from torch import Tensor

from ganstudio.api.component import Component
from ganstudio.api.data import DataSpec, ImageSpec, PairedSpec, UnpairedSpec


class Augmentation(Component, ABC):
    """A random, differentiable change to what the discriminator sees, real and generated alike.

    Gradients flow through it to the generator, so it is made of tensor operations, in float32.
    """

    category: ClassVar[str] = "augmentation"

    accepts: ClassVar[tuple[type[DataSpec], ...]] = (ImageSpec, UnpairedSpec, PairedSpec)
    """The kinds of data it can change. Of images of two kinds it changes those of each; of pairs that a
    discriminator judges together, both alike, as the channels of one image."""

    strength: Tensor | None = None
    """How strong it is at present, a scalar: of one that adapts. It is a curve, and kept in checkpoints."""

    @abstractmethod
    def augment(self, samples: Tensor) -> Tensor:
        """Return changed samples of the same shape: images in [-1, 1] [N, C, H, W], or points [N, D]."""

    def adapt(self, real_logits: Tensor) -> None:
        """Change ``strength`` by the discriminator's logits of real samples, [N, 1], after its update."""
