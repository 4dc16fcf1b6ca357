"""Evaluating: the scores of a run's checkpoint, computed as its training computes them.

At the same step, count and seed the figures are those of the training. It trains nothing; of the run it only
adds a line to ``evaluations.jsonl``. It knows nothing of how the figures are shown.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

import torch

from ganstudio.api import Architecture, InputError, LoadedData, Metric
from ganstudio.api.events import ScoreRecord
from ganstudio.evaluation.dear_scores import DearScores
from ganstudio.evaluation.feature_scores import FeatureScores
from ganstudio.evaluation.scores import Scores
from ganstudio.exporting.weights import fill, find_checkpoint, fitting, weights_of
from ganstudio.judging import dear_scores_for, feature_scores_for
from ganstudio.preparing import Progress, load
from ganstudio.registry import Registry
from ganstudio.resolve import metrics_for
from ganstudio.resuming import data_fingerprint, resolve_again
from ganstudio.runs.checkpoint import Checkpoint
from ganstudio.runs.folder import RunFolder
from ganstudio.runs.lines import LineWriter
from ganstudio.training.device import choose, prepare_thread, to_device
from ganstudio.training.state import components

FILE = "evaluations.jsonl"


@dataclass(frozen=True)
class Evaluation:
    """What was found of a checkpoint, and how."""

    run: str
    record: ScoreRecord
    seed: int
    count: int
    extractor: str = ""
    """The short name of the extractor; empty where no score of features was taken."""
    notes: tuple[str, ...] = ()

    def plain(self) -> dict[str, Any]:
        """Return it as JSON can hold it."""
        record = self.record
        return {
            "run": self.run,
            "step": record.step,
            "seed": self.seed,
            "count": self.count,
            "extractor": self.extractor,
            "scores": dict(record.values),
            "intervals": {name: list(pair) for name, pair in record.intervals.items()},
            "floors": dict(record.floors),
            "lower": list(record.lower),
            "took": round(record.seconds, 3),
            "notes": list(self.notes),
        }


def evaluate(
    path: Path,
    registry: Registry,
    progress: Progress,
    step: int | None = None,
    wanted: Sequence[str] = (),
    count: int | None = None,
    extractor: str = "",
    seed: int | None = None,
) -> Evaluation:
    """Score the averaged weights of a checkpoint, the newest unless ``step`` says which, and note it.

    ``wanted``: names of figures, such as FID, or of metrics, in large or small letters; all, unless some are
    named. ``count``: samples of scores in a feature space, as in the run's training unless given; so is
    ``seed``. Raises ``InputError`` when there is no such run, checkpoint, metric or extractor.
    """
    run = RunFolder.open(path)
    checkpoint = find_checkpoint(run, step)
    resolved = resolve_again(run, run.experiment_at(checkpoint.step), registry)
    training = resolved.training
    count, seed = count or training.score_count, training.seed if seed is None else seed
    data = load(resolved, progress)
    scores = _scores(registry, data, wanted, count, seed, extractor)
    device = choose(run.provenance.get("device") or "auto")
    prepare_thread(training.threads)
    architecture = _filled(resolved.architecture, data, checkpoint, device)
    with torch.no_grad():
        record = _record(scores, architecture, checkpoint.step, progress)
    record = _only(record, wanted, registry)
    by_features = scores.by_features
    notes = _notes(run, data, by_features)
    found = Evaluation(
        run.name, record, seed, count, by_features.extractor.short if by_features else "", notes
    )
    _note(run, found)
    return found


@dataclass(frozen=True)
class _All:
    """What scores a checkpoint: as at a preview, and as time allows."""

    cheap: Scores
    dear: Sequence[DearScores]
    by_features: FeatureScores | None


def _scores(
    registry: Registry, data: LoadedData, wanted: Sequence[str], count: int, seed: int, extractor: str
) -> _All:
    by_features = feature_scores_for(registry, data, seed, count, extractor, wanted)
    metrics = metrics_for(registry, data)
    if not by_features and not metrics:
        asked = f" called {', '.join(wanted)}" if wanted else ""
        raise InputError(f"There is no metric{asked} for {data.spec.describe()}.")
    # One that costs little may keep its names to itself, so all of these are asked.
    cheap = [metric for metric in metrics if not metric.dear]
    return _All(Scores(cheap, data, seed), dear_scores_for(registry, data, seed, wanted), by_features)


def _filled(
    architecture: Architecture, data: LoadedData, checkpoint: Checkpoint, device: torch.device
) -> Architecture:
    """Build the networks as a training does, on averaged weights where there are any."""
    architecture.device = device
    architecture.build(data.spec)
    architecture.step = max(checkpoint.step - 1, 0)
    networks = architecture.networks()
    for network in networks.values():
        to_device(network, device)
    fill(architecture, weights_of(checkpoint), checkpoint.path)
    with fitting(architecture, checkpoint.path):
        for path, part in components(architecture).items():
            part.load_checkpoint_state(checkpoint.rest.get("components", {}).get(path, {}))
    return architecture.eval()


def _record(scores: _All, architecture: Architecture, step: int, progress: Progress) -> ScoreRecord:
    """Return one record of all scores."""
    began = time.perf_counter()
    progress("Drawing samples", None)
    values = dict(scores.cheap(architecture))
    lower = tuple(name for name in values if scores.cheap.better[name] == "lower")
    record = ScoreRecord(step, values, time.perf_counter() - began, lower)
    observers: list[DearScores | FeatureScores] = [
        *scores.dear,
        *([scores.by_features] if scores.by_features else []),
    ]
    for observer in observers:
        further = observer.record(architecture, step, progress)
        record = _joined(record, further) if further else record
    return record


def _joined(first: ScoreRecord, second: ScoreRecord) -> ScoreRecord:
    return ScoreRecord(
        first.step,
        {**first.values, **second.values},
        first.seconds + second.seconds,
        first.lower + second.lower,
        {**first.intervals, **second.intervals},
        {**first.floors, **second.floors},
    )


def _only(record: ScoreRecord, wanted: Sequence[str], registry: Registry) -> ScoreRecord:
    """Return the record with the figures that were asked for; raises ``InputError`` where one is missing."""
    if not wanted:
        return record
    short = {name: name.removeprefix("score/").split(" (")[0].casefold() for name in record.values}
    asked = {one: _figures_of(one, registry) for one in wanted}
    missing = [one for one, figures in asked.items() if not figures & set(short.values())]
    if missing:
        there = ", ".join(name.removeprefix("score/").split(" (")[0] for name in record.values) or "none"
        raise InputError(f"No score of this run is called {missing[0]!r}; there is {there}.")
    kept = set().union(*asked.values())
    return replace(record, values={n: v for n, v in record.values.items() if short[n] in kept})


def _figures_of(name: str, registry: Registry) -> set[str]:
    """Return the figures meant by the name of a figure or of a metric, in small letters."""
    metrics = cast("Mapping[str, type[Metric]]", registry.classes["metric"])
    meant = [
        figure
        for kind, cls in metrics.items()
        if kind.casefold() == name.casefold()
        for figure in cls.figures
    ]
    return {figure.casefold() for figure in (name, *meant)}


def _notes(run: RunFolder, data: LoadedData, dear: FeatureScores | None) -> tuple[str, ...]:
    notes = []
    kept = run.provenance.get("data_fingerprint")
    if kept and kept != data_fingerprint(data):
        notes.append("The data is not what the run was trained on, so the scores are of other data.")
    accuracy = getattr(dear.extractor, "accuracy", None) if dear else None
    if accuracy is not None:
        notes.append(f"The extractor is right about {accuracy:.1%} of the images it was not trained on.")
    return tuple(notes)


def _note(run: RunFolder, found: Evaluation) -> None:
    """Add a line to the evaluations of the run."""
    writer = LineWriter(run.path / FILE)
    try:
        writer.append({"time": time.strftime("%Y-%m-%dT%H:%M:%S%z"), **found.plain()})
    finally:
        writer.close()
