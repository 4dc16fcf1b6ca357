"""A GAN for tables: categorical and continuous columns together (CTGAN)."""

import math
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar, cast

import torch
from torch import Tensor, nn
from torch.nn import functional

from ganstudio import api
from ganstudio.api import (
    GAN,
    Batch,
    DataSpec,
    Fixed,
    Group,
    InputError,
    Live,
    Optimizer,
    PointSpec,
    Preview,
    Range,
    Shown,
    TableSpec,
    Update,
)
from ganstudio_plugins.table_codec import Rows, TableCodec
from ganstudio_plugins.table_conditions import Asked, TableConditions, named_category, parted

_RATES = Optimizer(learning_rate=2e-4, beta1=0.5, beta2=0.9, weight_decay=1e-6)


class TabularGAN(GAN):
    """Conditional GAN for tables of mixed columns (CTGAN: Xu et al., 2019, arXiv:1907.00503)."""

    title = "Tabular GAN"
    accepts = (TableSpec,)
    default_loss = "Wasserstein"
    default_optimizers: ClassVar = {"generator": _RATES, "discriminator": _RATES}

    class Settings(GAN.Settings):
        """Sizes of the two networks, and how rows are drawn."""

        latent_dim: Annotated[int, Range(1, 1024, log=True), "Numbers that each row is made from"] = 128
        packing: Annotated[
            int,
            Range(1, 20),
            Group("Diversity"),
            "Rows judged together as one (Lin et al., 2018, arXiv:1712.04086), 10 in the paper; divides the "
            "batch",
        ] = 1
        width: Annotated[int, Range(8, 4096, log=True), "Neurons of each hidden layer"] = 256
        layers: Annotated[int, Range(1, 8), "Hidden layers of each network"] = 2
        dropout: Annotated[
            float, Range(0.0, 0.9), "Share of the discriminator's neurons that is left out at each step"
        ] = 0.5
        temperature: Annotated[
            float,
            Range(0.05, 5.0, log=True),
            Live,
            "How soft the choice of a category is while training (Gumbel softmax: Jang et al., 2017, "
            "arXiv:1611.01144)",
        ] = 0.2
        condition_weight: Annotated[
            float, Range(0.0, 100.0), Live, "Weight of making the category that is asked for"
        ] = 1.0
        rows_at_hand: Annotated[
            int,
            Range(100, 1_000_000, log=True),
            "Rows among which those with rare categories are looked for; at each step some are exchanged",
        ] = 20_000
        asked: Annotated[
            str,
            Shown(),
            Group("Looking at it"),
            "Show rows of one category alone, such as job=care; empty shows all, as the data has them",
        ] = ""

    settings: "TabularGAN.Settings"
    rows: Tensor
    """The rows at hand, [room, C]; the sum of the ``pulls`` of each; how many were ``taken`` in so far."""
    pulls: Tensor
    taken: int

    @classmethod
    def refuses(cls, settings: api.Settings, data: DataSpec) -> str | None:
        """Return why it cannot be trained on ``data``; categories of all columns are its own conditions."""
        if getattr(settings, "conditioning", "none") != "none":
            return (
                f"{cls.title} asks for categories of every column by itself, so other conditioning has no "
                "place in it. Set Conditioning to none."
            )
        asked = getattr(settings, "asked", "")
        if asked and isinstance(data, TableSpec):
            try:
                named_category(data.columns, *parted(asked, data.columns))
            except InputError as error:
                return f"Asked is set to {asked!r}. {error}"
        return super().refuses(settings, data)

    @property
    def generator_inputs(self) -> int:
        """Numbers the generator is given for each row: the latents, and the category that is asked for."""
        return self.settings.latent_dim + self._conditions.width

    def build_generator(self, data: DataSpec) -> nn.Module:
        """Return latents and condition [N, generator_inputs] → rows before their activations [N, width]."""
        layers: list[nn.Module] = []
        given = self.generator_inputs
        for _layer in range(self.settings.layers):
            layers.append(_Residual(given, self.settings.width))
            given += self.settings.width
        return nn.Sequential(*layers, nn.Linear(given, self._codec.width))

    def build_discriminator(self, data: DataSpec) -> nn.Module:
        """Return rows with their conditions [N, D] → logits [N, 1]."""
        assert isinstance(data, PointSpec), "build() says so"
        given, layers = data.dimensions, []
        for _layer in range(self.settings.layers):
            layers += [
                nn.Linear(given, self.settings.width),
                nn.LeakyReLU(0.2),
                nn.Dropout(self.settings.dropout),
            ]
            given = self.settings.width
        return nn.Sequential(*layers, nn.Linear(given, 1))

    def build(self, data: DataSpec) -> None:
        """Make both networks; to the discriminator a row with its condition is a row of numbers."""
        assert isinstance(data, TableSpec), "refuses() saw to it"
        self._codec = TableCodec(data, self.device)
        self._conditions = TableConditions(data, self.device)
        super().build(PointSpec(self._codec.width + self._conditions.width))
        shape = self.settings.rows_at_hand, len(data.columns)
        # No buffers: rows of the data are no part of what is exported.
        self.rows = torch.zeros(shape, device=self.device)
        self.pulls = torch.zeros(shape[0], device=self.device)
        self.taken = 0

    # --- The step ----------------------------------------------------------------------------------

    def training_step(self, batches: Iterator[Batch]) -> Iterator[Update]:
        """Yield the updates of the GAN's step, on real rows that are drawn by what is asked for."""
        yield from super().training_step(self._drawn(batches))

    def generator_loss(self, batch: Batch, fake: Tensor) -> Tensor:
        """Return the adversarial loss, and that of making the category that was asked for (section 4.3)."""
        loss = super().generator_loss(batch, fake)
        if not self._conditions.width:
            return loss
        missed = self._missed(self._asked)
        self.log("loss/condition", missed)
        return loss + self.settings.condition_weight * missed

    def _drawn(self, batches: Iterator[Batch]) -> Iterator[Batch]:
        """Yield batches of real rows with their conditions behind them, [B, width + width of a condition]."""
        while True:
            rows = self._with_rare(self._exchanged(batches))
            encoded = self._codec.joined(self._codec.encode(rows))
            if self._conditions.width:
                self._asked = self._conditions.of_rows(rows)
                encoded = torch.cat([encoded, self._conditions.one_hot(self._asked)], 1)
            yield Batch(encoded)

    def _exchanged(self, batches: Iterator[Batch]) -> int:
        """Put a batch of the data among the rows at hand, at first as many as there is room for.

        Return how many rows the batch has.
        """
        room = len(self.rows)
        while True:
            batch = next(batches).rows
            start = self.taken % room
            place = torch.arange(start, start + len(batch), device=self.device) % room
            self.rows[place[-room:]] = batch[-room:]
            self.pulls[place[-room:]] = self._conditions.pulls(batch[-room:]).sum(1)
            self.taken += len(batch)
            if self.taken >= room:
                return len(batch)

    def _with_rare(self, count: int) -> Tensor:
        """Draw ``count`` of the rows at hand, those with rare categories more often (section 4.3)."""
        if not self._conditions.width:
            return self.rows[torch.randint(len(self.rows), (count,), device=self.device)]
        edges = self.pulls.cumsum(0)
        drawn = torch.rand(count, device=self.device) * edges[-1]
        return self.rows[torch.searchsorted(edges, drawn).clamp_max(len(self.rows) - 1)]

    def _fakes(self, batch: Batch) -> Tensor:
        """Make as many soft rows as the batch has, asked for the same, with their conditions behind them."""
        latents = super().draw_latents(len(batch.real))
        condition = batch.real[:, self._codec.width :]
        self._made = cast(Tensor, self.generator(torch.cat([latents, condition], 1)))
        offsets, chances = self._taken_apart(self._made)
        soft = [functional.gumbel_softmax(block, self.settings.temperature) for block in chances]
        return torch.cat([offsets.tanh(), *soft, condition], 1)

    def _missed(self, asked: Asked) -> Tensor:
        """Return the cross-entropy of the categories asked for under those the generator made last."""
        made = self._made[:, self._codec.offsets :]
        columns = self._conditions.columns
        starts, sizes = self._codec.blocks.starts[columns], self._conditions.blocks.sizes
        # Each row's own block, as wide as the widest: [B, K].
        within = torch.arange(max(self._conditions.blocks.widths), device=self.device)
        inside = within < sizes[asked.column][:, None]
        index = (starts[asked.column][:, None] + within).clamp_max(made.shape[1] - 1)
        logits = made.gather(1, index).masked_fill(~inside, -math.inf)
        return functional.cross_entropy(logits, asked.category)

    def _taken_apart(self, made: Tensor) -> tuple[Tensor, tuple[Tensor, ...]]:
        """Return offsets before tanh [N, A], and for each column the logits of its modes or categories."""
        offsets, chances = made.tensor_split([self._codec.offsets], 1)
        return offsets, torch.split(chances, list(self._codec.blocks.widths), 1)

    # --- Making samples ----------------------------------------------------------------------------

    def draw_latents(self, count: int, generator: torch.Generator | None = None) -> Tensor:
        """Draw ``count`` latents, [count, latent_dim + 2 + columns].

        Behind what the generator is given stand numbers, standard normal, by which the condition and the
        category of each column are chosen: the same latents give the same rows.
        """
        device = self.device if generator is None else generator.device
        choosing = torch.randn(count, 2 + len(self._codec.columns), device=device, generator=generator)
        return torch.cat([super().draw_latents(count, generator), choosing.to(self.device)], 1)

    def generate(self, latents: Tensor, labels: Tensor | None = None) -> Tensor:
        """Return rows ``float32`` [N, C], of categories as often as the data has them."""
        asked = None
        if self._conditions.width:
            asked = self._conditions.as_often(_uniform(latents[:, self._choosing][:, :2]))
        return self._rows(latents, asked)

    def generate_with(self, latents: Tensor, column: str, category: str) -> Tensor:
        """Return rows [N, C] that have a category; raises ``InputError`` where there is no such."""
        place, number = named_category(self._codec.columns, column, category)
        count = len(latents), latents.device
        asked = Asked(*(torch.full(count[:1], value, device=count[1]) for value in (place, number)))
        return self._rows(latents, asked)

    def preview(self, fixed: Fixed) -> Preview:
        """Return rows at the fixed latents, of the category that is asked for where one is."""
        assert fixed.latents is not None, "it draws latents"
        asked = self.settings.asked
        if not asked:
            return Preview(self.generate(fixed.latents))
        return Preview(self.generate_with(fixed.latents, *parted(asked, self._codec.columns)))

    @property
    def _choosing(self) -> slice:
        """Where, in latents, the numbers are by which things are chosen."""
        return slice(self.settings.latent_dim, None)

    def _rows(self, latents: Tensor, asked: Asked | None) -> Tensor:
        given, chosen = latents[:, : self.settings.latent_dim], _uniform(latents[:, self._choosing][:, 2:])
        if asked is not None:
            given = torch.cat([given, self._conditions.one_hot(asked)], 1)
        offsets, chances = self._taken_apart(self.generator(given))
        drawn = [_draw(block, chosen[:, place : place + 1]) for place, block in enumerate(chances)]
        choices = torch.stack(drawn, 1)
        if asked is not None:
            choices = choices.scatter(
                1, self._conditions.columns[asked.column][:, None], asked.category[:, None]
            )
        return self._codec.decode(Rows(choices, offsets.float().tanh()))

    def checkpoint_state(self) -> Mapping[str, Any]:
        """Return the rows at hand, so that a training goes on with the same."""
        return {"rows": self.rows, "pulls": self.pulls, "taken": self.taken}

    def load_checkpoint_state(self, state: Mapping[str, Any]) -> None:
        """Take back the rows at hand; where another number is wanted now, they are gathered anew."""
        if state["rows"].shape == self.rows.shape:
            self.rows, self.pulls, self.taken = state["rows"], state["pulls"], state["taken"]


class _Residual(nn.Module):
    """Appends to what it is given what a layer makes of it: [N, F] → [N, F + width]."""

    def __init__(self, given: int, width: int) -> None:
        super().__init__()
        self.layer = nn.Sequential(nn.Linear(given, width), nn.BatchNorm1d(width), nn.ReLU())

    def forward(self, given: Tensor) -> Tensor:
        """Return what the layer makes, and behind it what it was given."""
        return torch.cat([self.layer(given), given], 1)


def _uniform(normal: Tensor) -> Tensor:
    """Return standard normal numbers as numbers that are even in 0..1."""
    return cast(Tensor, torch.special.ndtr(normal))


def _draw(logits: Tensor, shares: Tensor) -> Tensor:
    """Return a choice [N] by the softmax of logits [N, K], for numbers [N, 1] that are even in 0..1."""
    below = logits.float().softmax(1).cumsum(1) <= shares
    choices: Tensor = below.sum(1).clamp_max(logits.shape[1] - 1)
    return choices
