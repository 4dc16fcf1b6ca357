"""The model card of exported weights, in Markdown: what they are, of what, how good, and how to use them.

It says what the run folder says, and reads nothing else. The example of use in it runs as it stands.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from ganstudio.apart import OwnRandomness
from ganstudio.api.data import DataSpec, PairedSpec
from ganstudio.api.metric import FeatureMetric, Metric
from ganstudio.catalogue import Catalogue, Entry, find
from ganstudio.experiment import Choice, Experiment
from ganstudio.exporting.settings import toml
from ganstudio.registry import Registry
from ganstudio.runs.checkpoint import Checkpoint
from ganstudio.runs.folder import RunFolder
from ganstudio.runs.history import History

USED = "weights.safetensors"
_COUNT = re.compile(r" \(.+, (\d+)\)$")
"""What stands behind the name of a score of features: extractor and count."""

_EXAMPLE = """import torch

from ganstudio.exporting.weights import load

architecture = load("{file}")  # beside this card; networks in evaluation mode, on the CPU
{use}
"""
_SAMPLES = """latents = architecture.draw_latents(16, torch.Generator().manual_seed(0))
{labels}with torch.no_grad():
    samples = architecture.samples(latents{argument})  # {shape}
print(tuple(samples.shape), samples.min().item(), samples.max().item())"""
_LABELS = "labels = torch.arange(16) % {classes}  # {names}\n"
_NETWORKS = "print({name: type(network).__name__ for name, network in architecture.networks().items()})"


def model_card(
    run: RunFolder, checkpoint: Checkpoint, history: History, registry: Registry, catalogue: Catalogue
) -> str:
    """Return the card of a checkpoint's weights as Markdown."""
    experiment = run.experiment
    parts = [
        f"# {experiment.name}",
        experiment.about,
        *_what(run, checkpoint, experiment, catalogue),
        *_use(checkpoint, experiment, registry),
        *_training(checkpoint, history, experiment, catalogue),
        *_scores(checkpoint, history, registry),
        *_settings(experiment, history),
        *_provenance(run),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _what(
    run: RunFolder, checkpoint: Checkpoint, experiment: Experiment, catalogue: Catalogue
) -> Iterable[str]:
    sizes: dict[str, int] = {}
    for name, tensor in checkpoint.weights.items():
        network = name.partition(".")[0]
        sizes[network] = sizes.get(network, 0) + tensor.numel()
    averaged = sorted({name.partition(".")[0] for name in checkpoint.averages})
    of = f"the moving average of the weights of {' and '.join(averaged)}, and " if averaged else ""
    yield "## What it is"
    yield (
        f"Weights of the run `{run.name}` after {checkpoint.step} steps. `{USED}` holds {of}"
        f"{'all else as' if averaged else 'the weights as'} it was at that step; `weights-raw.safetensors` "
        "holds the weights that were being trained. Tensors are named `network.parameter`."
        if averaged
        else f"Weights of the run `{run.name}` after {checkpoint.step} steps, in `{USED}`. No moving average "
        "was kept. Tensors are named `network.parameter`."
    )
    rows = [
        ("Architecture", *_named(catalogue.architectures, experiment.architecture)),
        ("Data", *_named(catalogue.data, experiment.data)),
        ("Samples", checkpoint.spec.describe(), _classes(checkpoint.spec)),
    ]
    if experiment.loss:
        rows.append(("Loss", *_named(catalogue.losses, experiment.loss)))
    for title, entries, chosen in (
        ("Regularizer", catalogue.regularizers, experiment.regularizers),
        ("Augmentation", catalogue.augmentations, experiment.augmentations),
    ):
        rows += [(title, *_named(entries, Choice(kind))) for kind in chosen]
    yield _table(("", "name", "description"), rows)
    yield _table(("network", "numbers"), [(f"`{name}`", f"{count:,}") for name, count in sizes.items()])


def _use(checkpoint: Checkpoint, experiment: Experiment, registry: Registry) -> Iterable[str]:
    from ganstudio.resolve import resolve

    architecture = resolve(experiment, registry).architecture
    with OwnRandomness():
        architecture.build(checkpoint.spec)
    use = _NETWORKS
    if architecture.draw_latents(1) is not None:
        names = getattr(checkpoint.spec, "classes", ()) if architecture.classes else ()
        labels = _LABELS.format(classes=len(names), names=_short(names)) if names else ""
        points = not hasattr(checkpoint.spec, "channels")
        shape = "[16, dimensions]" if points else "[16, channels, height, width], values in [-1, 1]"
        use = _SAMPLES.format(labels=labels, argument=", labels" if names else "", shape=shape)
    yield "## How to use it"
    yield "With GAN Studio installed, and the plugins named below:"
    yield f"```python\n{_EXAMPLE.format(file=USED, use=use)}```"
    yield (
        "Without it, `safetensors.torch.load_file` gives the tensors by name; the metadata of the file holds "
        "the experiment as TOML."
    )


def _training(
    checkpoint: Checkpoint, history: History, experiment: Experiment, catalogue: Catalogue
) -> Iterable[str]:
    time = timedelta(seconds=round(checkpoint.seconds))
    yield "## How it was trained"
    yield (
        f"{checkpoint.step} steps of {history.total_steps or 'an unknown number'}, "
        f"{checkpoint.images_seen:,} samples seen, {time} (hours:minutes:seconds) on "
        f"{history.device or 'an unknown device'}. The run is {history.state}."
    )
    if history.parent is not None:
        yield f"It was branched from the run `{history.parent.run}` at step {history.parent.step}."


def _scores(checkpoint: Checkpoint, history: History, registry: Registry) -> Iterable[str]:
    rows = []
    for name, curve in history.curves.items():
        until = int(sum(step <= checkpoint.step for step in curve.steps))
        if not name.startswith("score/") or not until:
            continue
        seen = curve.values[:until]
        rows.append(
            (
                name.removeprefix("score/"),
                f"{seen[-1]:.6g}",
                str(int(curve.steps[until - 1])),
                f"{seen.min():.6g} to {seen.max():.6g}",
                _sample_count(name.removeprefix("score/"), checkpoint.spec, registry),
            )
        )
    if rows:
        yield "## Scores"
        yield "Of samples of the averaged weights, where there are any, at latents drawn with the run's seed."
        yield _table(("score", "value", "at step", "range until then", "samples"), rows)


def _sample_count(name: str, spec: DataSpec, registry: Registry) -> str:
    """Return of how many samples a score is; where the metric is not known, of how many each may be."""
    if by_features := _COUNT.search(name):
        return by_features[1]
    if isinstance(spec, PairedSpec):
        return "all held out"
    metrics = [cls for cls in registry.classes["metric"].values() if issubclass(cls, Metric)]
    suited = [cls for cls in metrics if cls.suits(spec) and not issubclass(cls, FeatureMetric)]
    named = [cls for cls in suited if name in cls.figures]
    able = named or [cls for cls in suited if not cls.figures]
    if len({cls.count for cls in able}) == 1:
        return f"{able[0].count}"
    return ", ".join(f"{cls.title or cls.__name__}: {cls.count}" for cls in able)


def _settings(experiment: Experiment, history: History) -> Iterable[str]:
    yield "## Settings"
    yield f"```toml\n{experiment.to_toml()}```"
    if history.changes:
        yield "Changed while it trained:"
        rows = [(str(c.step), f"`{c.path}`", toml(c.before), toml(c.value)) for c in history.changes]
        yield _table(("after step", "setting", "before", "value"), rows)


def _provenance(run: RunFolder) -> Iterable[str]:
    known = run.provenance
    machine = known.get("machine", {})
    rows = [
        ("begun", known.get("time", "")),
        ("seed", known.get("seed", "")),
        ("device", known.get("device_name") or known.get("device", "")),
        ("processor", machine.get("cpu", "")),
        ("system", f"{machine.get('system', '')} {machine.get('architecture', '')}".strip()),
        ("fingerprint of the data", known.get("data_fingerprint", "")),
        ("versions", _listed(known.get("versions", {}))),
        ("plugins", _listed(known.get("plugins", {}))),
    ]
    yield "## Provenance"
    yield _table(("", ""), [(name, str(value)) for name, value in rows if value not in ("", None)])


def _named(entries: tuple[Entry, ...], choice: Choice) -> tuple[str, str]:
    entry = find(entries, choice.kind)
    return (f"{entry.title} (`{entry.kind}`)", entry.summary) if entry else (f"`{choice.kind}`", "")


def _classes(spec: DataSpec) -> str:
    names = getattr(spec, "classes", ())
    return f"{len(names)} classes: {_short(names)}" if names else ""


def _short(names: Iterable[str], most: int = 10) -> str:
    names = list(names)
    return ", ".join(names[:most]) + (", …" if len(names) > most else "")


def _listed(values: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} {value}" for name, value in values.items())


def _table(header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [header, tuple("---" for _ in header), *rows]
    return "\n".join("| " + " | ".join(_cell(cell) for cell in line) + " |" for line in lines)


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())
