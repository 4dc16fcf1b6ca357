"""The row about StyleGAN2: against the best loop written by hand round the same networks."""

import copy

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import softplus

from ganstudio.api import ImageSpec, LoadedData, resize_images
from ganstudio.registry import Registry
from ganstudio_plugins.stylegan import StyleGAN2
from tests.benchmarks.engine import SHARED, Engine
from tests.benchmarks.measure import Row, at_least, ratios

PRESET = "fashion-stylegan2"


class StyleLoop:
    """StyleGAN2's mathematics on networks like the engine's, with nothing around it.

    One synthesis for both updates, mixed styles, R1 and path lengths as rarely, gradients for the updated
    network alone, fused Adam, and the moving average.
    """

    def __init__(self, engine: Engine) -> None:
        architecture = engine.trainer.architecture
        assert isinstance(architecture, StyleGAN2)
        self.settings = architecture.settings
        self.generator = copy.deepcopy(architecture.own_generator)
        self.discriminator = copy.deepcopy(architecture.discriminator)
        self.average = copy.deepcopy(self.generator)
        self.images, self.batch = engine.data.values, engine.trainer.settings.batch_size
        self.decay = engine.trainer.settings.ema_decay
        self.r1 = architecture.regularizers[0].settings
        self.path_mean = torch.zeros(())
        self.order, self.position, self.step = torch.randperm(len(self.images)), 0, 0
        self.parameters = {name: list(getattr(self, name).parameters()) for name in engine.trainer.optimizers}
        rates = {name: o.settings.learning_rate for name, o in engine.trainer.optimizers.items()}
        self.rules = {
            name: torch.optim.Adam(self.parameters[name], lr=rate, betas=(0.0, 0.99), fused=True)
            for name, rate in rates.items()
        }
        self.averages = [p.data for p in self.average.parameters()]
        self.weights = [p.data for p in self.generator.parameters()]

    def advance(self, steps: int) -> None:
        """Run ``steps`` steps."""
        for _ in range(steps):
            self._step()
            self.step += 1

    def _step(self) -> None:
        real = self._real()
        fake = self.generator.synthesis(self._styles(self.batch), "drawn")
        lazy = self.step % self.r1.every == 0
        real_logits = self.discriminator(real.requires_grad_(lazy))
        loss = softplus(-real_logits).mean() + softplus(self.discriminator(fake.detach())).mean()
        if lazy:
            (gradient,) = torch.autograd.grad(real_logits.sum(), real, create_graph=True)
            loss = loss + self.r1.every * self.r1.gamma / 2 * gradient.square().sum((1, 2, 3)).mean()
        self._update("discriminator", loss)
        loss = softplus(-self.discriminator(fake)).mean()
        if self.step % self.settings.path_every == 0:
            loss = loss + self.settings.path_every * self.settings.path_length * self._path()
        self._update("generator", loss)
        with torch.no_grad():
            torch._foreach_lerp_(self.averages, self.weights, 1 - self.decay)

    def _real(self) -> Tensor:
        if self.position + self.batch > len(self.order):
            self.order, self.position = torch.randperm(len(self.images)), 0
        index = self.order[self.position : self.position + self.batch]
        self.position += self.batch
        return self.images[index].float().mul_(2 / 255).sub_(1)

    def _styles(self, count: int) -> Tensor:
        mapping, layers = self.generator.mapping, self.generator.synthesis.count
        styles = mapping(torch.randn(count, self.settings.latent_dim))
        mapping.track(styles)
        whole = styles[:, None].expand(-1, layers, -1)
        if float(torch.rand(())) >= self.settings.mixing:
            return whole
        first = int(torch.randint(1, layers, ()))
        others = mapping(torch.randn(count, self.settings.latent_dim))
        return torch.cat([whole[:, :first], others[:, None].expand(-1, layers - first, -1)], 1)

    def _path(self) -> Tensor:
        styles = self._styles(self.batch // 2)
        images = self.generator.synthesis(styles, "drawn")
        noise = torch.randn_like(images) / images.shape[2]
        (gradient,) = torch.autograd.grad((images * noise).sum(), styles, create_graph=True)
        lengths = gradient.square().sum(2).mean(1).sqrt()
        self.path_mean.lerp_(lengths.detach().mean(), 0.01)
        return (lengths - self.path_mean).square().mean()

    def _update(self, name: str, loss: Tensor) -> None:
        for parameter in self.parameters[name]:
            parameter.grad = None
        loss.backward(inputs=self.parameters[name])
        self.rules[name].step()


def rows(registry: Registry) -> list[Row]:
    """Measure and return the row of this file."""
    if not SHARED.is_dir():
        return [Row("StyleGAN2", "skipped", "", None, f"no {SHARED}")]
    torch.set_flush_denormal(True)
    images = torch.from_numpy(np.load(SHARED / "fashion_mnist_train.npz")["images"])[:, None]
    images = resize_images(images, 32)
    engine = Engine(registry, PRESET, LoadedData(ImageSpec(*images.shape[1:]), images), report_every=16)
    return [
        at_least(
            "StyleGAN2, 32 px, batch 32, steps/s against the best hand-written loop of the same networks",
            ratios(StyleLoop(engine).advance, engine.advance, 16, 8),
            0.9,
            f"preset {PRESET}: R1 every 16th step, path lengths every 4th",
        )
    ]
