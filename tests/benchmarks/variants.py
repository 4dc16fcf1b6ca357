"""Rows about the convolutional GANs and the VAE: against the scripts they come from, on the same networks."""

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torchvision import datasets, transforms

from ganstudio.api import ImageSpec, LoadedData
from ganstudio.registry import Registry
from tests.benchmarks.conv_tutorial import CanonicalDCGAN, ConvTutorial
from tests.benchmarks.engine import SHARED, Engine
from tests.benchmarks.in_memory import Pictures, endless
from tests.benchmarks.measure import Row, at_least, ratios
from tests.benchmarks.tutorial import write_idx
from tests.benchmarks.vae_tutorial import TutorialVAE

# No moving average and no more arithmetic than the scripts have.
LIKE_THE_SCRIPT = {"ema_decay": 0.0}


def rows(registry: Registry) -> list[Row]:
    """Measure and return every row of this file."""
    if not SHARED.is_dir():
        return [Row("convolutional GANs and VAE", "skipped", "", None, f"no {SHARED}")]
    torch.set_flush_denormal(True)
    leaves = np.load(SHARED / "unpaired_leaf64.npz")
    return [
        _conv_tutorial(registry),
        _vae(registry),
        _dcgan(registry, np.load(SHARED / "cifar10.npz")["train_images"], steps=10, turns=6),
        _dcgan(registry, np.concatenate([leaves["trainA"], leaves["trainB"]]), steps=5, turns=6),
    ]


def _conv_tutorial(registry: Registry) -> Row:
    images = np.load(SHARED / "cifar10.npz")["train_images"]
    script = ConvTutorial(endless(Pictures(images), 32))
    engine = _engine(registry, {"kind": "TutorialConvGAN"}, _loaded(images), batch_size=32)
    return at_least(
        "tutorial conv GAN, CIFAR-10, batch 32, steps/s against the tutorial loop",
        ratios(script.advance, engine.advance, 10, 8),
        1.4,
        "one generator forward a step where the tutorial runs two",
    )


def _vae(registry: Registry) -> Row:
    stored = np.load(SHARED / "mnist_train.npz")
    with tempfile.TemporaryDirectory() as folder:
        write_idx(stored["images"], stored["labels"], Path(folder))
        data = datasets.MNIST(folder, train=True, transform=transforms.ToTensor())
        script = TutorialVAE(endless(data, 64))
        engine = _engine(registry, {"kind": "MLPVAE"}, _loaded(stored["images"][..., None]), batch_size=64)
        return at_least(
            "VAE 784-400-20, MNIST, batch 64, same comparison",
            ratios(script.advance, engine.advance, 100, 8),
            3.4,
        )


def _dcgan(registry: Registry, images: np.ndarray, steps: int, turns: int) -> Row:
    side = images.shape[1]
    script = CanonicalDCGAN(endless(Pictures(images), 64), side)
    table = {"kind": "ConvGAN", "width": 64, "initialisation": "normal"}
    # The engine runs to its next report, so one comes at the end of each turn.
    engine = _engine(registry, table, _loaded(images), batch_size=64, report_every=steps)
    return at_least(
        f"DCGAN, {side} px, batch 64, steps/s against the canonical script",
        ratios(script.advance, engine.advance, steps, turns),
        1.15,
    )


def _engine(registry: Registry, architecture: Mapping[str, Any], data: LoadedData, **training: Any) -> Engine:
    """Return a trainer of an architecture with its own loss and optimizers."""
    table = {"data": {"kind": "Digits"}, "architecture": architecture}
    return Engine(registry, table, data, **LIKE_THE_SCRIPT, **training)


def _loaded(images: np.ndarray) -> LoadedData:
    """Return images [N, H, W, C] as a data source gives them."""
    values = torch.from_numpy(images).permute(0, 3, 1, 2).contiguous()
    return LoadedData(ImageSpec(*values.shape[1:]), values)
