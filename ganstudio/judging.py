"""Judging: the scores of a data set, made of what the plugins offer. It knows nothing of who asks for them.

A training and the command line make them here alike, so that both give the same figures.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import cast

from ganstudio.api import FeatureExtractor, FeatureMetric, InputError, LoadedData, Metric
from ganstudio.api.folders import caches_folder
from ganstudio.evaluation.dear_scores import DearScores
from ganstudio.evaluation.feature_scores import Cache, FeatureScores
from ganstudio.evaluation.scores import Scores
from ganstudio.evaluation.translations import held_out_inputs, second_domain
from ganstudio.experiment import unknown_name
from ganstudio.registry import Registry
from ganstudio.resolve import metrics_for
from ganstudio.resuming import data_fingerprint


def scores_for(registry: Registry, data: LoadedData, seed: int, count: int) -> Scores | None:
    """Return the scores of a training, or ``None`` where no metric means anything for its data."""
    cheap = [metric for metric in metrics_for(registry, data) if not metric.dear]
    by_features = feature_scores_for(registry, data, seed, count) if extractors_for(registry, data) else None
    dear = [*([by_features] if by_features else []), *dear_scores_for(registry, data, seed)]
    return Scores(cheap, data, seed, dear) if cheap or dear else None


def dear_scores_for(
    registry: Registry, data: LoadedData, seed: int, wanted: Sequence[str] = ()
) -> list[DearScores]:
    """Return scores of metrics that cost seconds and need no features; ``wanted`` as below."""
    return [
        DearScores(metric, data, seed)
        for metric in metrics_for(registry, data)
        if metric.dear and is_wanted(metric, wanted)
    ]


def feature_scores_for(
    registry: Registry,
    data: LoadedData,
    seed: int,
    count: int,
    extractor: str = "",
    wanted: Sequence[str] = (),
) -> FeatureScores | None:
    """Return scores in the features of an extractor, or ``None`` where no metric of features fits the data.

    ``extractor``: its class name or short name; the first that suits the data, unless it is named.
    ``wanted``: names of figures or of metrics; all, unless some are named. Of two domains, translations of
    what is held out of the first are held against the second. Raises ``InputError`` when there is no such
    extractor for the data.
    """
    inputs = held_out_inputs(data)
    second = second_domain(data) if inputs is not None else None
    data, inputs = (data, None) if second is None else (second, inputs)
    classes = cast("Iterable[type[FeatureMetric]]", registry.classes["metric"].values())
    suited = [cls() for cls in classes if issubclass(cls, FeatureMetric) and cls.suits(data.spec)]
    metrics = [metric for metric in suited if is_wanted(metric, wanted)]
    if not metrics:
        return None
    made_ready = _extractor(registry, data, extractor)()
    return FeatureScores(metrics, made_ready, data, _cache_of(data), seed, count, inputs)


def lender_of(registry: Registry, data: LoadedData) -> Callable[[str], FeatureExtractor]:
    """Return what gives the feature extractors that a loss can use, each made ready once for what is made."""
    made = data.made()
    cache = _cache_of(made)

    @lru_cache
    def ready(short: str) -> FeatureExtractor:
        cls = registry.extractors()[short]
        extractor = cls()
        extractor.prepare(made, cache(cls.__name__), _untold)
        return extractor

    return ready


def _untold(what: str, share: float | None = None) -> None:
    """Take a report of what is made ready: a training that goes on has nowhere to tell it."""


def is_wanted(metric: Metric, wanted: Sequence[str]) -> bool:
    """Say whether a metric gives a figure, or has a class, of these names; whether large or small letters."""
    return not wanted or bool(_small(wanted) & _small([type(metric).__name__, *metric.figures]))


def extractors_for(registry: Registry, data: LoadedData) -> list[type[FeatureExtractor]]:
    """Return the extractors that can be used on the data, or on its second domain, the one to take first."""
    classes = cast("Iterable[type[FeatureExtractor]]", registry.classes["extractor"].values())
    spec = (second_domain(data) or data).spec
    return [cls for cls in classes if cls.suits(spec)]


def _extractor(registry: Registry, data: LoadedData, name: str) -> type[FeatureExtractor]:
    suited = extractors_for(registry, data)
    if not suited:
        raise InputError(f"There is no feature extractor for {data.spec.describe()}.")
    named = {known: cls for cls in suited for known in (cls.__name__, cls.short)}
    if name and name not in named:
        there = sorted({cls.short for cls in suited})
        raise InputError(unknown_name("--extractor", name, there) + _why_missing(registry, name))
    return named[name] if name else suited[0]


def _why_missing(registry: Registry, name: str) -> str:
    """Return what is missing for an extractor that is there and cannot be used, or nothing."""
    classes = cast("Iterable[type[FeatureExtractor]]", registry.classes["extractor"].values())
    needs = [cls.needs() for cls in classes if name in (cls.__name__, cls.short)]
    return f" {needs[0]}" if needs and needs[0] else ""


def _cache_of(data: LoadedData) -> Cache:
    @lru_cache
    def folder(kind: str) -> Path:
        # Asked for only when an extractor is made ready: to read a large data set whole takes a while.
        return caches_folder() / "extractors" / f"{kind}-{data_fingerprint(data)[:16]}"

    return folder


def _small(names: Iterable[str]) -> set[str]:
    return {name.casefold() for name in names}
