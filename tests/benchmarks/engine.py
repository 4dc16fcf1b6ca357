"""Rows about the engine alone: against the tutorial's loop, and against the best loop written by hand."""

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn.functional import softplus

from ganstudio.api import ImageSpec, LoadedData
from ganstudio.experiment import Experiment
from ganstudio.registry import Registry
from ganstudio.resolve import resolve
from ganstudio.training.trainer import Trainer
from tests.benchmarks.measure import Row, at_least, ratios, spread
from tests.benchmarks.tutorial import TutorialLoop, write_idx

SHARED = Path(__file__).parents[3] / "shared" / "data"


class Engine:
    """A trainer that is advanced by a number of steps at a time."""

    def __init__(
        self,
        registry: Registry,
        preset: str | Mapping[str, Any],
        data: LoadedData | None = None,
        **training: Any,
    ) -> None:
        """Prepare the preset of that name, or the experiment in a table."""
        table = registry.presets[preset] if isinstance(preset, str) else preset
        experiment = Experiment.from_dict(table)
        quiet = {"steps": 10_000_000, "preview_every": 1_000_000, "schedule": "constant"}
        for name, value in {**quiet, **training}.items():
            experiment = experiment.with_value(f"training.{name}", value)
        resolved = resolve(experiment, registry)
        self.data = data or resolved.source.load(lambda what, share=None: None)
        self.trainer = Trainer(resolved.architecture, self.data, resolved.optimizers, resolved.training)
        self.events = self.trainer.run()
        self.advance(20)

    def advance(self, steps: int) -> None:
        """Run at least ``steps`` steps, to the next report."""
        target = self.trainer.step + steps
        while self.trainer.step < target:
            next(self.events)


class HandWritten:
    """The ring's mathematics as well as one can write it, with nothing around it.

    Relativistic pairing with R1, one generator forward for both updates, fused Adam, gradients for the
    updated network alone, and the moving average.
    """

    def __init__(self, engine: Engine) -> None:
        architecture = engine.trainer.architecture
        settings: Any = architecture.settings
        self.generator = _mlp(settings.latent_dim, settings.width, settings.layers, 2, nn.ReLU())
        self.discriminator = _mlp(2, settings.width, settings.layers, 1, nn.LeakyReLU(0.2))
        self.average = _mlp(settings.latent_dim, settings.width, settings.layers, 2, nn.ReLU())
        self.points = engine.data.values
        self.batch = engine.trainer.settings.batch_size
        self.latent = settings.latent_dim
        (r1,) = architecture.regularizers
        self.gamma = r1.settings.gamma
        self.order, self.position = torch.randperm(len(self.points)), 0
        rules: dict[str, Any] = {name: o.settings for name, o in engine.trainer.optimizers.items()}
        self.optimizers = {
            name: torch.optim.Adam(
                getattr(self, name).parameters(),
                lr=rule.learning_rate,
                betas=(rule.beta1, rule.beta2),
                fused=True,
            )
            for name, rule in rules.items()
        }
        self.parameters = {name: list(getattr(self, name).parameters()) for name in rules}
        self.averages = [p.data for p in self.average.parameters()]
        self.weights = [p.data for p in self.generator.parameters()]

    def advance(self, steps: int) -> None:
        """Run ``steps`` steps."""
        for _ in range(steps):
            self._step()

    def _step(self) -> None:
        if self.position + self.batch > len(self.order):
            self.order, self.position = torch.randperm(len(self.points)), 0
        real = self.points[self.order[self.position : self.position + self.batch]]
        self.position += self.batch
        fake = self.generator(torch.randn(self.batch, self.latent))
        real.requires_grad_()
        real_logits, fake_logits = self.discriminator(real), self.discriminator(fake.detach())
        (gradient,) = torch.autograd.grad(real_logits.sum(), real, create_graph=True)
        penalty = self.gamma / 2 * gradient.square().sum(1).mean()
        loss = softplus(fake_logits - real_logits).mean() + penalty
        self._update("discriminator", loss)
        with torch.no_grad():
            real_logits = self.discriminator(real)
        self._update("generator", softplus(real_logits - self.discriminator(fake)).mean())
        with torch.no_grad():
            torch._foreach_lerp_(self.averages, self.weights, 0.01)

    def _update(self, name: str, loss: torch.Tensor) -> None:
        for parameter in self.parameters[name]:
            parameter.grad = None
        loss.backward(inputs=self.parameters[name])
        self.optimizers[name].step()


def _mlp(inputs: int, width: int, layers: int, outputs: int, activation: nn.Module) -> nn.Sequential:
    found: list[nn.Module] = []
    for _ in range(layers):
        found += [nn.Linear(inputs, width), activation]
        inputs = width
    return nn.Sequential(*found, nn.Linear(inputs, outputs))


def rows(registry: Registry) -> list[Row]:
    """Measure and return every row of this file."""
    torch.set_flush_denormal(True)
    found = _tutorial_rows(registry)
    engine = Engine(registry, "ring")
    overhead = ratios(engine.advance, HandWritten(engine).advance, 300, 12)
    percent = [(ratio - 1) * 100 for ratio in overhead]
    found.append(
        Row(
            "engine overhead over the best hand-written loop, 2-D MLP GAN",
            f"{spread(percent)} %",
            "≤ 5 %",
            sorted(percent)[len(percent) // 2] <= 5,
            "preset ring",
        )
    )
    return found


def _tutorial_rows(registry: Registry) -> list[Row]:
    if not SHARED.is_dir():
        return [Row("tutorial MLP GANs", "skipped", "", None, f"no {SHARED}")]
    stored = np.load(SHARED / "mnist_train.npz")
    images, labels = stored["images"], stored["labels"]
    data = LoadedData(ImageSpec(1, 28, 28), torch.from_numpy(images)[:, None])
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        write_idx(images, labels, root)
        first = TutorialLoop(root, [256, 512, 1024], [512, 256], 64, (0.5, 0.999))
        second = TutorialLoop(root, [256, 256], [256, 256], 100, (0.9, 0.999))
        return [
            at_least(
                "tutorial MLP GAN, batch 64, steps/s against the tutorial loop",
                ratios(first.advance, Engine(registry, "mnist-mlp", data).advance, 100, 8),
                2.4,
            ),
            at_least(
                "tutorial MLP GAN hidden 256, batch 100, same comparison",
                ratios(second.advance, Engine(registry, "mnist-mlp-256", data).advance, 100, 8),
                3.0,
            ),
        ]
