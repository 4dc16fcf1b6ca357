"""The catalogue: what the plugins offer, as plain data.

It is made by the registry and read by forms and command lines. It knows nothing of the classes behind it,
so it may be kept in a file and shown before torch is loaded.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

FORMAT = 2


@dataclass(frozen=True)
class FieldSpec:
    """One setting. ``kind`` is ``int``, ``float``, ``bool``, ``text``, ``path`` or ``choice``."""

    name: str
    title: str
    kind: str
    default: Any
    help: str = ""
    low: float | None = None
    high: float | None = None
    log: bool = False
    unit: str = ""
    live: bool = False
    choices: tuple[str, ...] = ()
    group: str = ""
    """The group of the form it stands in; empty at the top."""

    def range_text(self) -> str:
        """Return what is allowed, in words, to end a sentence with."""
        if self.kind == "choice":
            return "one of " + ", ".join(self.choices)
        if self.kind == "bool":
            return "true or false"
        noun = {"int": "a whole number", "float": "a number", "path": "a path"}.get(self.kind, "text")
        if self.low is None:
            return noun
        return f"{noun} from {_short(self.low)} to {_short(self.high)}"


@dataclass(frozen=True)
class Entry:
    """One thing to choose: an architecture, a loss, a regularizer, an augmentation, data or a metric."""

    kind: str
    """The class name: its name in files."""
    title: str
    summary: str
    plugin: str
    help: str = ""
    fields: tuple[FieldSpec, ...] = ()
    data_kinds: tuple[str, ...] = ()
    """The kinds of data an architecture or an augmentation accepts, or the one that a source gives."""
    adversarial: bool = False
    instant: bool = False
    """Whether a data source takes so little time that it may be read unasked."""
    optimizers: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Of an architecture: for each network, the optimizer settings it starts from."""
    default_loss: str = ""
    """Of an architecture: the class name of the loss it starts from; empty: the first there is."""


@dataclass(frozen=True)
class PluginState:
    """One plugin as it was found: ``failed`` holds a sentence, ``traceback`` what is behind it."""

    name: str
    source: str
    version: str
    brings: tuple[str, ...] = ()
    failed: str = ""
    traceback: str = ""
    seconds: float = 0.0


@dataclass(frozen=True)
class Catalogue:
    """Everything there is to choose from. Each tuple is in the order to show."""

    data: tuple[Entry, ...] = ()
    architectures: tuple[Entry, ...] = ()
    losses: tuple[Entry, ...] = ()
    regularizers: tuple[Entry, ...] = ()
    augmentations: tuple[Entry, ...] = ()
    metrics: tuple[Entry, ...] = ()
    optimizer: tuple[FieldSpec, ...] = ()
    training: tuple[FieldSpec, ...] = ()
    presets: tuple[Mapping[str, Any], ...] = ()
    """Experiments as tables; the card ``preset`` holds ``group``, ``promise``, ``minutes``, ``source``."""
    plugins: tuple[PluginState, ...] = ()

    def to_json(self) -> str:
        """Return the catalogue as text."""
        return json.dumps({"format": FORMAT, **asdict(self)}, indent=1)

    @classmethod
    def from_json(cls, text: str) -> "Catalogue":
        """Read what :meth:`to_json` wrote; raises ``ValueError`` for anything else."""
        values = json.loads(text)
        if not isinstance(values, dict) or values.pop("format", None) != FORMAT:
            raise ValueError("not a catalogue of this version")
        try:
            return cls(
                **{name: tuple(_entry(v) for v in values[name]) for name in _ENTRIES},
                optimizer=tuple(_field(v) for v in values["optimizer"]),
                training=tuple(_field(v) for v in values["training"]),
                presets=tuple(values["presets"]),
                plugins=tuple(_plugin(v) for v in values["plugins"]),
            )
        except (KeyError, TypeError) as error:
            raise ValueError(f"not a catalogue of this version: {error}") from error


_ENTRIES = ("data", "architectures", "losses", "regularizers", "augmentations", "metrics")


def find(entries: tuple[Entry, ...], kind: str) -> Entry | None:
    """Return the entry with this class name, or ``None``."""
    return next((entry for entry in entries if entry.kind == kind), None)


def usual_loss(losses: tuple[Entry, ...], architecture: Entry | None) -> str:
    """Return the loss an architecture is trained with where none is chosen; empty where there is none."""
    usual = find(losses, architecture.default_loss) if architecture else None
    return usual.kind if usual else losses[0].kind if losses else ""


def _field(values: dict[str, Any]) -> FieldSpec:
    return FieldSpec(**{**values, "choices": tuple(values["choices"])})


def _plugin(values: dict[str, Any]) -> PluginState:
    return PluginState(**{**values, "brings": tuple(values["brings"])})


def _entry(values: dict[str, Any]) -> Entry:
    tuples = {f.name: tuple(values[f.name]) for f in fields(Entry) if f.name == "data_kinds"}
    return Entry(**{**values, **tuples, "fields": tuple(_field(v) for v in values["fields"])})


def _short(number: float | None) -> str:
    return (
        "" if number is None else f"{number:g}" if abs(number) < 1e6 else f"{number:,.0f}".replace(",", " ")
    )
