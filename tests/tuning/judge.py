"""A judge of generated digits: a classifier of real ones, and what its features say of samples.

It is trained once on all 60 000 MNIST training digits and kept in the machine's folder for temporary files.
Its figures mean nothing outside this harness: compare only what one judge has scored.
"""

import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

DATA = Path(__file__).parents[3] / "shared" / "data"
EPOCHS = 6
SURE = 0.9


class Classifier(nn.Module):
    """Two convolutions and two linear layers: digits [N, 1, 28, 28] in [-1, 1] → features [N, 128]."""

    def __init__(self) -> None:
        super().__init__()
        self.body = nn.Sequential(
            *(nn.Conv2d(1, 32, 3, padding=1), nn.BatchNorm2d(32), nn.ReLU(), nn.MaxPool2d(2)),
            *(nn.Conv2d(32, 64, 3, padding=1), nn.BatchNorm2d(64), nn.ReLU(), nn.MaxPool2d(2)),
            *(nn.Flatten(), nn.Linear(64 * 49, 128), nn.ReLU()),
        )
        self.head = nn.Sequential(nn.Dropout(0.4), nn.Linear(128, 10))

    def forward(self, digits: Tensor) -> Tensor:
        return self.body(digits)


@dataclass(frozen=True)
class Verdict:
    """``distance``: Fréchet, to the 10 000 test digits. ``sure``: share the classifier is ≥ 0.9 sure of.

    ``rarest`` and ``commonest``: share of the classes that were generated least and most; 0.1 is even.
    """

    distance: float
    sure: float
    rarest: float
    commonest: float


class Judge:
    """Scores digits in [-1, 1], [N, 1, 28, 28]."""

    def __init__(self) -> None:
        self._classifier = _trained()
        test, labels = _digits("mnist_test.npz")
        features, logits = self._see(test)
        self.accuracy = float((logits.argmax(1) == labels).float().mean())
        self._mean, self._covariance = _moments(features)

    def score(self, digits: Tensor) -> Verdict:
        features, logits = self._see(digits)
        mean, covariance = _moments(features)
        shares = torch.bincount(logits.argmax(1), minlength=10) / len(digits)
        return Verdict(
            distance=_frechet(mean, covariance, self._mean, self._covariance),
            sure=float((logits.softmax(1).amax(1) >= SURE).float().mean()),
            rarest=float(shares.min()),
            commonest=float(shares.max()),
        )

    def name(self, digits: Tensor) -> Tensor:
        """Return the class of each digit, ``int64`` [N]."""
        return self._see(digits)[1].argmax(1)

    @torch.no_grad()
    def _see(self, digits: Tensor) -> tuple[Tensor, Tensor]:
        features = torch.cat([self._classifier(part) for part in digits.split(500)])
        return features, self._classifier.head(features)


def _trained() -> Classifier:
    classifier = Classifier()
    kept = Path(tempfile.gettempdir()) / f"ganstudio-digit-judge-{EPOCHS}.pt"
    if kept.exists():
        classifier.load_state_dict(torch.load(kept, weights_only=True))
    else:
        _train(classifier)
        torch.save(classifier.state_dict(), kept)
    return classifier.eval()


def _train(classifier: Classifier) -> None:
    torch.manual_seed(0)
    digits, labels = _digits("mnist_train.npz")
    steps = EPOCHS * (len(digits) // 128)
    rule = torch.optim.Adam(classifier.parameters(), fused=True)
    schedule = torch.optim.lr_scheduler.OneCycleLR(rule, 3e-3, total_steps=steps)
    for _step in range(steps):
        chosen = torch.randint(len(digits), (128,))
        logits = classifier.head(classifier(_shifted(digits[chosen])))
        rule.zero_grad()
        functional.cross_entropy(logits, labels[chosen]).backward()
        rule.step()
        schedule.step()


def _shifted(digits: Tensor) -> Tensor:
    """Move the whole batch by up to two pixels."""
    across, down = torch.randint(-2, 3, (2,)).tolist()
    return torch.roll(digits, (down, across), (2, 3))


def _digits(name: str) -> tuple[Tensor, Tensor]:
    arrays = np.load(DATA / name)
    images = torch.from_numpy(arrays["images"]).unsqueeze(1).float().mul_(2 / 255).sub_(1)
    return images, torch.from_numpy(arrays["labels"]).long()


def _moments(features: Tensor) -> tuple[Tensor, Tensor]:
    features = features.double()
    return features.mean(0), features.T.cov()


def _frechet(mean: Tensor, covariance: Tensor, mean_2: Tensor, covariance_2: Tensor) -> float:
    """Return ‖μ₁ − μ₂‖² + tr(Σ₁ + Σ₂ − 2 (Σ₁ Σ₂)^½); the last trace is the sum of roots of eigenvalues."""
    roots = torch.linalg.eigvals(covariance @ covariance_2).real.clamp(min=0).sqrt()
    between = (mean - mean_2).square().sum()
    return float(between + covariance.trace() + covariance_2.trace() - 2 * roots.sum())
