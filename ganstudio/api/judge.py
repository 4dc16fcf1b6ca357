"""Judge: a discriminator with what any discriminator can be given beside its samples.

Labels, several samples at once, and features compared within the batch. It knows nothing of losses.
"""

from typing import cast

import torch
from torch import Tensor, nn

from ganstudio.api.conditioning import Beside, code_for_samples, packed
from ganstudio.api.data import DataSpec
from ganstudio.api.errors import InputError
from ganstudio.api.gan_settings import GANSettings

KERNEL_WIDTH = 5
"""Numbers of each kernel of minibatch discrimination, as in its authors' code (Salimans et al., 2016)."""
GROUP = 4
"""Samples that the standard deviation is taken over (Karras et al., 2018)."""
_GROUPS = 4
"""Companions in turn, where one sample is judged among others."""


class MinibatchStandardDeviation(nn.Module):
    """Appends to features [N, F] their mean standard deviation over a group of samples: [N, F + 1].

    Karras et al., 2018, arXiv:1710.10196. Groups of up to 4: the largest number that divides the batch.
    """

    mixes_samples = True
    extra = 1

    def among(self, features: Tensor, others: Tensor) -> Tensor:
        """Return what :meth:`forward` would for each of ``features`` [N, F] in a group of ``others`` [M, F].

        The mean over some groups, so that it does not hang on whom it happens to stand with.
        """
        size = min(GROUP - 1, len(others))
        found = []
        for first in range(0, min(_GROUPS * size, len(others)), size):
            group = others[first : first + size, None].expand(-1, len(features), -1)
            spread = torch.cat([features[None], group]).var(0, unbiased=False)
            found.append((spread + 1e-8).sqrt().mean(1))
        return torch.cat([features, torch.stack(found).mean(0)[:, None]], 1)

    def forward(self, features: Tensor) -> Tensor:
        """Return the features and, behind them, the deviation within each sample's group."""
        count = len(features)
        size = next(size for size in range(min(GROUP, count), 0, -1) if count % size == 0)
        groups = features.view(size, count // size, -1)
        deviation = (groups.var(0, unbiased=False) + 1e-8).sqrt().mean(1)
        return torch.cat([features, deviation.repeat(size)[:, None]], 1)


class MinibatchDiscrimination(nn.Module):
    """Appends to features [N, F] how close each sample is to the others of the batch: [N, F + kernels].

    Salimans et al., 2016, arXiv:1606.03498, section 3.2: o_b(x_i) = Σ_j≠i exp(−‖M_i,b − M_j,b‖₁).
    """

    mixes_samples = True

    def __init__(self, features: int, kernels: int) -> None:
        super().__init__()
        self.extra = kernels
        self.kernels = nn.Linear(features, kernels * KERNEL_WIDTH, bias=False)

    def forward(self, features: Tensor) -> Tensor:
        """Return the features and, behind them, the closeness by each kernel."""
        rows = self._rows(features)
        closeness = torch.exp(-torch.cdist(rows, rows, p=1)).sum(2) - 1
        return torch.cat([features, closeness.T], 1)

    def among(self, features: Tensor, others: Tensor) -> Tensor:
        """Return what :meth:`forward` would for each of ``features`` [N, F] beside ``others`` [M, F]."""
        closeness = torch.exp(-torch.cdist(self._rows(features), self._rows(others), p=1)).sum(2)
        return torch.cat([features, closeness.T], 1)

    def _rows(self, features: Tensor) -> Tensor:
        rows: Tensor = self.kernels(features)
        return rows.view(-1, self.extra, KERNEL_WIDTH).transpose(0, 1).contiguous()


class Judge(nn.Module):
    """A discriminator taken apart into features and a last layer, with its additions in between.

    ``forward`` returns raw logits [N, 1], or [N, 1 + classes] where it also names the class; of packed
    samples [N / packing, …].
    """

    def __init__(
        self,
        network: nn.Module,
        settings: GANSettings,
        beside: Beside | None,
        classes: int,
    ) -> None:
        super().__init__()
        self.packing = settings.packing
        self.beside = beside
        self.network = network
        self.between: MinibatchStandardDeviation | MinibatchDiscrimination | None = None
        self.projection: nn.Embedding | None = None
        self.last: nn.Linear | None = None
        self.named: nn.Linear | None = None
        if settings.minibatch != "none" or settings.conditioning in ("projection", "auxiliary"):
            self.network, last = _taken_apart(network, settings)
            self._add(last, settings, classes)

    def _add(self, last: nn.Linear, settings: GANSettings, classes: int) -> None:
        width = last.in_features
        self.last = last
        if settings.minibatch != "none":
            deviation = settings.minibatch == "standard deviation"
            between = (
                MinibatchStandardDeviation()
                if deviation
                else MinibatchDiscrimination(width, settings.minibatch_kernels)
            )
            self.between, self.last = between, nn.Linear(width + between.extra, 1)
        if settings.conditioning == "projection":
            self.projection = nn.Embedding(classes, width)
            # No class is preferred before anything was learned.
            nn.init.zeros_(self.projection.weight)
        elif settings.conditioning == "auxiliary":
            self.named = nn.Linear(width, classes)

    def forward(self, samples: Tensor, labels: Tensor | None = None) -> Tensor:
        """Return what is made of ``samples`` [N, …], of the classes ``labels`` [N] where it is told them."""
        features = self._features(samples, labels)
        between = features if self.between is None else self.between(features)
        return self._judged(features, between, labels)

    def among(
        self, samples: Tensor, labels: Tensor | None, others: Tensor, other_labels: Tensor | None
    ) -> Tensor:
        """Return what is made of each of ``samples`` [N, …] alone among ``others`` [M, …], [N, …] as ever.

        Packed with some of them, or compared with all of them; no sample is told of another one.
        """
        if self.packing > 1:
            return self._packed_among(samples, labels, others, other_labels)
        features = self._features(samples, labels)
        if self.between is None:
            return self._judged(features, features, labels)
        compared = self.between.among(features, self._features(others, other_labels))
        return self._judged(features, compared, labels)

    def _packed_among(
        self, samples: Tensor, labels: Tensor | None, others: Tensor, other_labels: Tensor | None
    ) -> Tensor:
        """Return the mean of what is made of each sample with some of ``others`` behind it in its pack."""
        found = []
        for turn in range(_GROUPS):
            chosen = torch.arange(turn * (self.packing - 1), (turn + 1) * (self.packing - 1)) % len(others)
            packs, both = _each_before(samples, others[chosen]), None
            if labels is not None and other_labels is not None:
                both = _each_before(labels, other_labels[chosen])
            found.append(self(packs, both))
        return torch.stack(found).mean(0)

    def _features(self, samples: Tensor, labels: Tensor | None) -> Tensor:
        if self.beside is not None:
            samples = self.beside(samples, labels)
        return cast(Tensor, self.network(pack(samples, self.packing)))

    def _judged(self, features: Tensor, compared: Tensor, labels: Tensor | None) -> Tensor:
        """Return logits of ``features`` that were ``compared``, or are the logits already."""
        if self.last is None:
            return features
        logits: Tensor = self.last(compared)
        if self.projection is not None:
            logits = logits + (features * self.projection(labels)).sum(1, keepdim=True)
        return logits if self.named is None else torch.cat([logits, self.named(features)], 1)


def pack(samples: Tensor, count: int) -> Tensor:
    """Return samples [N, C, …] in packs, [N / count, count · C, …] (Lin et al., 2018, arXiv:1712.04086)."""
    if count == 1:
        return samples
    if len(samples) % count:
        raise InputError(unpackable(len(samples), count))
    return samples.reshape(len(samples) // count, -1, *samples.shape[2:])


def unpackable(samples: int, count: int) -> str:
    """Return the sentence on batches that cannot be divided into packs."""
    return (
        f"Packing puts {count} samples together, and batches of {samples} cannot be divided by that: set "
        f"Batch size to {max(1, samples // count) * count}."
    )


def _each_before(first: Tensor, rest: Tensor) -> Tensor:
    """Return each of ``first`` [N, …] with all of ``rest`` [K, …] behind it, [N · (1 + K), …]."""
    return torch.cat([first[:, None], rest.expand(len(first), *rest.shape)], 1).flatten(0, 1)


def needs_judge(settings: GANSettings) -> bool:
    """Say whether the settings ask for anything that the discriminator alone does not do."""
    return settings.packing > 1 or settings.minibatch != "none" or settings.conditioning != "none"


def spec_beside(settings: GANSettings, data: DataSpec, classes: int, flat: bool) -> Beside | None:
    """Return what puts labels beside samples, or ``None`` where they do not stand there."""
    if settings.conditioning not in ("concatenated", "embedded"):
        return None
    return Beside(code_for_samples(settings.conditioning, classes, data, flat), data, flat)


def _taken_apart(network: nn.Module, settings: GANSettings) -> tuple[nn.Sequential, nn.Linear]:
    """Return all of a discriminator but its last layer, and that."""
    layers = list(network.children()) if isinstance(network, nn.Sequential) else []
    if layers and isinstance(layers[-1], nn.Linear) and layers[-1].out_features == 1:
        return nn.Sequential(*layers[:-1]), layers[-1]
    asked = f"Minibatch {settings.minibatch}" if settings.minibatch != "none" else "This conditioning"
    raise InputError(
        f"{asked} needs a discriminator that is an nn.Sequential and ends in nn.Linear(features, 1); this "
        "one is not. Set Minibatch to none and Conditioning to none, concatenated or embedded."
    )


__all__ = ["Judge", "needs_judge", "pack", "packed", "spec_beside"]
