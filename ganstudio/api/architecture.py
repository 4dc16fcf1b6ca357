"""Architecture: networks, and one training step told as a short story.

It knows nothing of optimizers, devices, precision, averaging, files or windows: the trainer does all that
is not about the variant.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import torch
from torch import Tensor, nn

from ganstudio.api.component import Component
from ganstudio.api.data import Batch, DataSpec
from ganstudio.api.errors import StudioError
from ganstudio.api.metric import FeatureExtractor
from ganstudio.api.settings import Optimizer, Settings
from ganstudio.api.table_columns import TableColumn

Lender = Callable[[str], FeatureExtractor]
"""Gives the feature extractor of a short name, made ready for the data."""

VECTOR = 1024
"""Figures of a vector that are kept, at most."""


@dataclass(frozen=True, slots=True)
class Update:
    """One update within a step: move the weights of ``networks`` so that ``loss`` falls.

    Gradients are computed for these networks' parameters alone. ``loss`` is a scalar.
    """

    networks: nn.Module | tuple[nn.Module, ...]
    loss: Tensor


@dataclass(frozen=True)
class Fixed:
    """What stays the same from preview to preview.

    ``latents`` [N, ...] (``None`` for a variant that draws none), ``labels`` ``int64`` [N], every class in
    turn (``None`` for a variant that makes no class that is asked for), ``real`` [N, ...] some real samples.
    ``other`` [N, ...]: of unpaired data some of the second domain, of pairs the targets of ``real``.
    ``table``: of a table its columns.
    """

    latents: Tensor | None
    real: Tensor
    labels: Tensor | None = None
    other: Tensor | None = None
    table: tuple[TableColumn, ...] = ()


@dataclass(frozen=True)
class Preview:
    """Samples to show: images in [-1, 1] [N, C, H, W], points [N, D], or rows of a table [N, C].

    ``columns``: how many stand side by side; 0 leaves it to who shows them. ``captions``: words above each.
    """

    values: Tensor
    columns: int = 0
    captions: tuple[str, ...] = ()


class Architecture(nn.Module, Component):
    """A variant. Each direct child module is a *network*, with an optimizer and curves of its own."""

    category: ClassVar[str] = "architecture"

    accepts: ClassVar[tuple[type[DataSpec], ...]] = ()
    """The kinds of data it can be trained on."""

    default_optimizers: ClassVar[Mapping[str, Optimizer]] = {}
    """For each network by name, what the paper used. The user may change it."""

    ema: ClassVar[tuple[str, ...]] = ()
    """The networks that previews, scores and exports use as a moving average of their weights."""

    adversarial: ClassVar[bool] = False
    """Whether it takes a loss and regularizers from other plugins."""

    default_loss: ClassVar[str] = ""
    """The class name of the loss it is trained with where none is chosen; empty: the first there is."""

    def __init__(self, settings: Settings | None = None) -> None:
        nn.Module.__init__(self)
        Component.__init__(self, settings)
        self.step = 0
        """How many steps were done before this one."""
        self.device = torch.device("cpu")
        self.classes = 0
        """How many classes there are to ask for; 0 for a variant, or a choice of settings, without."""
        self.recording = False
        """Whether this step is reported; what only feeds a curve need not be computed otherwise."""
        self._log: dict[str, Tensor] = {}
        self.held: dict[str, Tensor] = {}
        """What was last logged of terms that are not computed at every step; the trainer keeps it."""
        self._lender: Lender | None = None
        self._vectors: dict[str, tuple[Tensor, tuple[str, ...]]] = {}

    @classmethod
    def refuses(cls, settings: Settings, data: DataSpec) -> str | None:
        """Return why it cannot be trained on ``data`` and what to do, or ``None`` when it can.

        A live setting is not changed to what it refuses.
        """
        if isinstance(data, cls.accepts):
            return None
        return f"{cls.title or cls.__name__} cannot be trained on {data.describe()}."

    def build(self, data: DataSpec) -> None:
        """Make the networks as attributes of ``self``."""
        raise NotImplementedError(f"{type(self).__name__} does not say how it is built")

    def training_step(self, batches: Iterator[Batch]) -> Iterator[Update]:
        """Yield the updates of one step; ``next(batches)`` gives fresh data as often as it is called."""
        raise NotImplementedError(f"{type(self).__name__} has no training step")

    def lend_extractors(self, lender: Lender) -> None:
        """Take what gives feature extractors by their short names; the studio calls it before a training."""
        self._lender = lender

    def extractor(self, name: str) -> FeatureExtractor:
        """Return the feature extractor that a setting marked ``Extractor`` names, ready for the data.

        Of two kinds of images, it is ready for those that are made. For the training step alone: the first
        call may take seconds. Raises ``StudioError`` outside of a training.
        """
        if self._lender is None:
            raise StudioError(f"{type(self).__name__} asks for features outside of a training.")
        return self._lender(name)

    def log(self, name: str, value: Tensor | float, hold: bool = False) -> None:
        """Show the mean of ``value`` as a curve. ``name`` is a path, such as ``logits/real``.

        ``hold``: show it in every report until a new value comes. That is for what is computed only now and
        then, which might never be at a step that is reported.
        """
        if hold or self.recording:
            into = self.held if hold else self._log
            into[name] = torch.as_tensor(value, device=self.device).detach().float().mean()

    def take_log(self) -> dict[str, Tensor]:
        """Return what was logged since the last call and what is held, as scalars on the device."""
        logged, self._log = {**self.held, **self._log}, {}
        return logged

    def log_vector(self, name: str, values: Tensor, labels: Sequence[str] = ()) -> None:
        """Show figures that belong together: one for each latent dimension, or for each sample of a batch.

        ``values`` [N]; the first 1024 are kept. ``name`` is a path, such as ``kl/latents``; ``labels``: what
        each stands for. It is told at previews, as it was at the last step that was reported.
        """
        if self.recording:
            kept = values.detach().flatten()[:VECTOR].float().clone()
            self._vectors[name] = kept, tuple(labels[:VECTOR])

    def take_vectors(self) -> dict[str, tuple[Tensor, tuple[str, ...]]]:
        """Return what :meth:`log_vector` was last given since the last call, with the labels."""
        taken, self._vectors = self._vectors, {}
        return taken

    def checkpoint_state(self) -> Mapping[str, Any]:
        """Return what it remembers beside its networks: by default the buffers that are its own."""
        return dict(self.named_buffers(recurse=False))

    def load_checkpoint_state(self, state: Mapping[str, Any]) -> None:
        """Take back what :meth:`checkpoint_state` returned; called after :meth:`build`."""
        for name, buffer in self.named_buffers(recurse=False):
            buffer.copy_(state[name])

    def networks(self) -> dict[str, nn.Module]:
        """Return the networks by name, in the order they were built."""
        return dict(self.named_children())

    def draw_latents(self, count: int, generator: torch.Generator | None = None) -> Tensor | None:
        """Draw ``count`` latents on the device, or ``None`` where the variant has none."""
        return None

    def generate(self, latents: Tensor, labels: Tensor | None = None) -> Tensor:
        """Return samples for ``latents``: images in [-1, 1] [N, C, H, W], or points [N, D].

        ``labels`` ``int64`` [N] are given where ``classes`` is not 0.
        """
        raise NotImplementedError(f"{type(self).__name__} does not generate from latents")

    def samples(self, latents: Tensor, labels: Tensor | None = None) -> Tensor:
        """Return what :meth:`generate` makes; a variant without classes need not take labels there."""
        return self.generate(latents) if labels is None else self.generate(latents, labels)

    def judge(
        self, samples: Tensor, labels: Tensor | None = None, among: Batch | None = None
    ) -> Tensor | None:
        """Return how real each sample is taken to be, raw logits [N], or ``None`` where nothing judges.

        ``labels`` ``int64`` [N] are given where ``classes`` is not 0. ``among``: generated samples with their
        labels, among which each is to be thought, for a network that compares samples with each other. It is
        for looking alone: called in evaluation mode, on another thread, and may draw no random number.
        """
        return None

    def pull(self, samples: Tensor, batch: Batch) -> Tensor | None:
        """Return where the generator's loss draws each of its ``samples``, [N, ...]: −N ∂loss / ∂sample.

        ``batch``: as many real samples, and the labels of both. ``None`` where no loss draws them. Called as
        :meth:`judge` is.
        """
        return None

    def preview(self, fixed: Fixed) -> Preview | Mapping[str, Preview]:
        """Return the samples shown in the window, or several kinds by name, the first the one to begin with.

        Called without gradients, on averaged weights.
        """
        if fixed.latents is None:
            raise NotImplementedError(f"{type(self).__name__} does not say what to preview")
        return Preview(self.samples(fixed.latents, fixed.labels))
