"""Field: the game of a run on points in the plane, as arrays to be looked at.

Made from copies of the networks, so that training may go on meanwhile. It knows nothing of threads, of when
it is wanted, or of how it is painted.
"""

import copy
import time
from typing import Any, cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ganstudio.api import Architecture, Batch, Fixed, LoadedData, PointSpec
from ganstudio.api.events import FieldReady, PointScene

Region = tuple[float, float, float, float]

POINTS, PULLED, REAL = 512, 128, 1000
"""Generated points, those of them whose pulls are told, and real points."""
CELLS = 40 * 40
"""Places at which the discriminator is asked."""
LINES = 25
"""Of the latent grid, each way."""
_TAILS = 0.01
"""The grid leaves out so much of what is drawn at either end of a latent."""
_ROOM = 0.2
"""Beyond the real points on every side, as a share of their extent."""


def refusal(architecture: Architecture, data: LoadedData, fixed: Fixed) -> str:
    """Return why there is nothing to watch of a training, or an empty text when there is."""
    spec = data.spec
    if not isinstance(spec, PointSpec) or spec.dimensions != 2:
        return f"The playground shows points in the plane; this run is on {spec.describe()}."
    if fixed.latents is None:
        name = type(architecture).title or type(architecture).__name__
        return f"{name} draws no latents, so there is no generator to watch."
    return ""


class Field:
    """Asks a twin of ``architecture``: the same variant on copies of its networks, on the CPU.

    ``seed``: of its own draws. To be made on the thread that trains, where :func:`refusal` says nothing.
    """

    def __init__(self, architecture: Architecture, data: LoadedData, fixed: Fixed, seed: int) -> None:
        assert fixed.latents is not None
        self._twin = _Twin(architecture)
        generator = torch.Generator().manual_seed(seed)
        labels = fixed.labels[:POINTS].cpu() if fixed.labels is not None else None
        self._latents, self._labels = fixed.latents[:POINTS].cpu(), labels
        self._mesh, self._mesh_shape = _mesh(architecture, generator)
        self._opponents = _opponents(data, labels, len(self._latents), generator)
        self.scene = _scene(data, architecture, labels, self._latents, generator)
        self._home = _home(self.scene.real)
        self.look_at()

    def look_at(self, label: int = 0, region: Region | None = None) -> None:
        """Ask for a class from now on, and of a part of the plane; ``None``: where the real points are."""
        self._label = label if 0 <= label < len(self.scene.classes) else 0
        self._region = region or self._home
        left, right, bottom, top = self._region
        shape = (right - left) / (top - bottom)
        rows = min(max(round((CELLS / shape) ** 0.5), 8), CELLS // 8)
        self._cells = rows, CELLS // rows
        x, y = (torch.linspace(0.5, n - 0.5, n) / n for n in reversed(self._cells))
        places = torch.meshgrid(top - y * (top - bottom), left + x * (right - left), indexing="ij")
        self._places = torch.stack([places[1], places[0]], 2).flatten(0, 1)

    def take(self) -> None:
        """Copy the weights as they are now; called between two steps."""
        self._twin.follow()

    def ready(self, step: int) -> FieldReady:
        """Return the game as it was when the weights were taken."""
        began = time.perf_counter()
        region, cells, label = self._region, self._cells, self._label
        places, count = self._places, len(self._latents)
        twin = self._twin.architecture
        with torch.no_grad():
            made = twin.samples(*self._wanted(label))
            points, manifold = made[:count], made[count:]
            among = Batch(points[:PULLED], None if self._labels is None else self._labels[:PULLED])
            logits = twin.judge(places, self._all(label, len(places)), among)
        pulls = twin.pull(points[: len(self._opponents.real)], self._opponents)
        return FieldReady(
            step,
            self.scene,
            _array(points),
            region,
            None if logits is None else _array(logits).reshape(cells),
            _array(manifold).reshape(*self._mesh_shape, 2) if len(manifold) else None,
            None if pulls is None else _array(pulls),
            label,
            time.perf_counter() - began,
        )

    def _wanted(self, label: int) -> tuple[Tensor, Tensor | None]:
        """Return the latents of the points, then those of the grid, and what class is wanted of each."""
        latents = torch.cat([self._latents, self._mesh])
        if self._labels is None:
            return latents, None
        return latents, torch.cat([self._labels, torch.full((len(self._mesh),), label)])

    def _all(self, label: int, count: int) -> Tensor | None:
        return None if self._labels is None else torch.full((count,), label)


class _Twin:
    """An architecture that shares nothing with the one it is made from but what never changes."""

    def __init__(self, architecture: Architecture) -> None:
        networks = architecture.networks()
        copies = {name: copy.deepcopy(network) for name, network in networks.items()}
        self.architecture = copy.copy(architecture)
        self.architecture._modules = dict(copies)
        self.architecture._buffers = {
            name: None if b is None else b.detach().cpu().clone() for name, b in architecture._buffers.items()
        }
        self.architecture._log, self.architecture.held = {}, {}
        self.architecture.device, self.architecture.recording = torch.device("cpu"), False
        self._copies: list[Tensor] = []
        self._trained: list[Tensor] = []
        for name, network in networks.items():
            own = copies[name].to("cpu").requires_grad_(False)
            self._copies += [p.data for p in own.parameters()] + list(own.buffers())
            self._trained += [p.data for p in network.parameters()] + list(network.buffers())
        self.architecture.eval()

    @torch.no_grad()
    def follow(self) -> None:
        """Take over the weights."""
        torch._foreach_copy_(self._copies, self._trained)


def _mesh(architecture: Architecture, generator: torch.Generator) -> tuple[Tensor, tuple[int, int]]:
    """Return latents on a grid [rows · columns, L] through the middle of what is drawn, and its shape.

    Along the first two numbers of a latent; along one where there is but one.
    """
    drawn = architecture.draw_latents(2048, generator)
    if drawn is None or drawn.ndim != 2:
        return torch.empty(0), (0, 0)
    drawn = drawn.float().cpu()
    low, middle, high = (drawn.quantile(share, 0) for share in (_TAILS, 0.5, 1 - _TAILS))
    way = torch.linspace(0, 1, LINES)
    if drawn.shape[1] == 1:
        line = torch.linspace(0, 1, LINES * 8)
        return low + line[:, None] * (high - low), (1, len(line))
    mesh = middle.repeat(LINES * LINES, 1)
    across = torch.cartesian_prod(way, way)
    mesh[:, :2] = low[:2] + across * (high - low)[:2]
    return mesh, (LINES, LINES)


def _opponents(data: LoadedData, labels: Tensor | None, count: int, generator: torch.Generator) -> Batch:
    """Return as many real points as pulls are told of, of the same classes."""
    count = min(PULLED, count, len(data))
    # Samples may be judged in packs of 2, 4, 8: what is left over of those is left out.
    count -= count % 8 if count >= 8 else 0
    if labels is None or data.labels is None:
        return Batch(data.values[torch.randperm(len(data), generator=generator)[:count]])
    wanted = labels[:count]
    found = torch.zeros(count, dtype=torch.int64)
    for label in sorted(set(wanted.tolist())):
        there = (data.labels == label).nonzero().flatten()
        places = wanted == label
        if len(there):
            found[places] = there[torch.randint(len(there), (int(places.sum()),), generator=generator)]
    return Batch(data.values[found], wanted)


def _scene(
    data: LoadedData,
    architecture: Architecture,
    labels: Tensor | None,
    latents: Tensor,
    generator: torch.Generator,
) -> PointScene:
    spec = cast(PointSpec, data.spec)
    shown = torch.randperm(len(data), generator=generator)[:REAL]
    return PointScene(
        _array(data.values[shown]),
        np.array(spec.centres, np.float32).reshape(-1, 2),
        spec.sigma,
        tuple(spec.classes) if architecture.classes else (),
        None if data.labels is None else data.labels[shown].numpy(),
        None if labels is None else labels.numpy(),
        latents.shape[1] if latents.ndim == 2 else 0,
    )


def _home(real: NDArray[Any]) -> Region:
    low, high = real.min(0), real.max(0)
    middle, reach = (low + high) / 2, float((high - low).max()) * (0.5 + _ROOM) or 1.0
    x, y = (float(value) for value in middle)
    return x - reach, x + reach, y - reach, y + reach


def _array(values: Tensor) -> NDArray[Any]:
    return values.detach().float().cpu().numpy().copy()
