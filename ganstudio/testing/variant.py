"""Variant: an architecture class under check, and what was made of it so far. It judges nothing."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any, cast

import torch

from ganstudio.api import (
    Architecture,
    DataSpec,
    LoadedData,
    Regularizer,
    Settings,
)
from ganstudio.testing import common, trainings, where
from ganstudio.testing.engine import Wrong
from ganstudio.testing.stand_ins import PlainFeatures, UsualLoss
from ganstudio.testing.toys import specs, toy_data
from ganstudio.testing.watching import Seen, trained_parameters, watch

STEPS, BATCH = 3, 4
LATE = 10_000_000
"""A step by which whatever begins later has begun."""


class Variant:
    """An architecture class under check, with what was made of it so far."""

    def __init__(
        self,
        cls: type[Architecture],
        data: LoadedData | None = None,
        settings: Mapping[str, Any] | None = None,
    ) -> None:
        self.cls = cls
        self._data = data
        self._settings = dict(settings or {})

    @cached_property
    def settings(self) -> Settings:
        """The settings it is checked with: its defaults, with what the caller changed."""
        return self.cls.Settings(**self._settings)

    @cached_property
    def data(self) -> LoadedData:
        """The data that it is checked on: the first toy that it does not refuse, unless one was given."""
        if self._data is not None:
            return self._data
        reasons = []
        for spec in specs(self.cls.accepts):
            reason = self.refusal(spec)
            if reason is None:
                return toy_data(spec)
            reasons.append(reason)
        if not reasons:
            raise Wrong(
                f"{self.cls.__name__}.accepts names no kind of data that there is toy data of. Set it to "
                "kinds "
                "such as (ImageSpec,), or pass data= to the check."
            )
        raise Wrong(
            f"{self.cls.__name__} refuses all toy data. Of the first it says: {reasons[0]}",
            where.of_method(self.cls, "refuses"),
        )

    def refusal(self, spec: DataSpec, settings: Settings | None = None) -> str | None:
        """Return why it refuses such data, a sentence, or ``None``."""
        reason: Any = self.cls.refuses(settings or self.settings, spec)
        if reason is not None and not (isinstance(reason, str) and reason.strip()):
            raise Wrong(
                f"{self.cls.__name__}.refuses is to return a sentence, or None; for {spec.describe()} it "
                f"returns {reason!r}.",
                where.of_method(self.cls, "refuses"),
            )
        return reason

    def made(self, regularizers: tuple[Regularizer, ...] = (), **changes: Any) -> Architecture:
        """Return a new architecture, unbuilt, with a loss where it takes one; ``changes``: other settings."""
        settings = self.cls.Settings(**{**self._settings, **changes})
        if self.cls.adversarial:
            made: Architecture = cast(Any, self.cls)(settings, UsualLoss(), regularizers, ())
        else:
            made = cast(Architecture, common.made(self.cls, settings))
        made.lend_extractors(lambda short: PlainFeatures())
        return made

    def built(
        self, spec: DataSpec | None = None, regularizers: tuple[Regularizer, ...] = (), **changes: Any
    ) -> Architecture:
        """Return a new architecture with its networks, of the same weights each time."""
        architecture = self.made(regularizers, **changes)
        torch.manual_seed(0)
        architecture.build(spec or self.data.spec)
        return architecture

    @cached_property
    def architecture(self) -> Architecture:
        """The one that is walked and looked at."""
        return self.built()

    @cached_property
    def seen(self) -> Seen:
        """What some steps of it looked like."""
        seen = watch(self.architecture, self.data, STEPS, BATCH)
        named = {network for name in seen.updates for network in name.split("+")}
        waiting = [
            name for name, own in trained_parameters(self.architecture).items() if own and name not in named
        ]
        if seen.updates and seen.finite and waiting:
            # Some variants begin to train a network after a while.
            seen.take_in(watch(self.built(), self.data, STEPS, BATCH, first=LATE))
        return seen

    @cached_property
    def trained(self) -> trainings.Trained:
        """The same, trained by the studio."""
        return trainings.train(self.made(), self.data)
