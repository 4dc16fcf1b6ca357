"""The catalogue: what the plugins offer, as plain data.

It is made by the registry and read by forms and command lines. It knows nothing of the classes behind it,
so it may be kept in a file and shown before torch is loaded.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from ganstudio.field_spec import FieldSpec as FieldSpec
from ganstudio.field_spec import spec_from_dict

FORMAT = 4


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
    """Where it is from, as runs remember it: ``package: module``, or ``file: my_gan.py``."""
    version: str
    """Of the package; of a file or folder, the first twelve digits of its hash."""
    brings: tuple[str, ...] = ()
    failed: str = ""
    traceback: str = ""
    seconds: float = 0.0
    """What importing it and asking its hooks took, or so far where it was not waited for."""
    kind: str = "package"
    """``package``: installed; ``file``: in the plugin folder; ``session``: named for this session alone."""
    path: str = ""
    """Of a file or folder; empty for a package."""
    state: str = ""
    """``loaded``, ``failed``, ``disabled``; ``untrusted``: nobody has agreed to it; ``changed``: not to what
    it is now; ``stale``: it fails now, and what it was before is still in use. By itself, ``failed`` where
    there is a sentence, else ``loaded``.
    """
    pip: str = ""
    """The command that installs what it lacks; empty where it lacks nothing that can be installed."""
    digest: str = ""
    """SHA-256 of a file or folder, in hexadecimal digits: what is agreed to."""
    notes: tuple[str, ...] = ()
    """Sentences on what is not as it should be though it does not stop the plugin, and on what to do."""
    printed: str = ""
    """What it printed while it was loaded, which stands nowhere else."""

    def __post_init__(self) -> None:
        if not self.state:
            object.__setattr__(self, "state", "failed" if self.failed else "loaded")

    @property
    def works(self) -> bool:
        """Whether what it brings can be used: it is loaded, or what it was before is still in use."""
        return self.state in ("loaded", "stale") or bool(self.brings)


@dataclass(frozen=True)
class Catalogue:
    """Everything there is to choose from. Each tuple is in the order to show."""

    data: tuple[Entry, ...] = ()
    architectures: tuple[Entry, ...] = ()
    losses: tuple[Entry, ...] = ()
    regularizers: tuple[Entry, ...] = ()
    augmentations: tuple[Entry, ...] = ()
    metrics: tuple[Entry, ...] = ()
    extractors: tuple[Entry, ...] = ()
    health: tuple[Entry, ...] = ()
    panels: tuple[Entry, ...] = ()
    exporters: tuple[Entry, ...] = ()
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
                optimizer=tuple(spec_from_dict(v) for v in values["optimizer"]),
                training=tuple(spec_from_dict(v) for v in values["training"]),
                presets=tuple(values["presets"]),
                plugins=tuple(_plugin(v) for v in values["plugins"]),
            )
        except (KeyError, TypeError) as error:
            raise ValueError(f"not a catalogue of this version: {error}") from error


_ENTRIES = (
    *("data", "architectures", "losses", "regularizers", "augmentations", "metrics"),
    *("extractors", "health", "panels", "exporters"),
)


def find(entries: tuple[Entry, ...], kind: str) -> Entry | None:
    """Return the entry with this class name, or ``None``."""
    return next((entry for entry in entries if entry.kind == kind), None)


def usual_loss(losses: tuple[Entry, ...], architecture: Entry | None) -> str:
    """Return the loss an architecture is trained with where none is chosen; empty where there is none."""
    usual = find(losses, architecture.default_loss) if architecture else None
    return usual.kind if usual else losses[0].kind if losses else ""


def _plugin(values: dict[str, Any]) -> PluginState:
    return PluginState(**{**values, "brings": tuple(values["brings"]), "notes": tuple(values["notes"])})


def _entry(values: dict[str, Any]) -> Entry:
    tuples = {f.name: tuple(values[f.name]) for f in fields(Entry) if f.name == "data_kinds"}
    return Entry(**{**values, **tuples, "fields": tuple(spec_from_dict(v) for v in values["fields"])})
