"""Events: what leaves a training, as frozen records of plain values.

They cross threads and are written to the run folder, so they hold numbers, text and arrays that nobody
changes; no tensor, no widget, no lock. The one exception, :class:`CheckpointReady`, never leaves the thread
that trains: the recorder writes it and passes on :class:`CheckpointSaved`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from typing import TYPE_CHECKING, Any

from ganstudio.api.conditions import Condition
from ganstudio.api.table_columns import TableColumn

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Event:
    """Base of all events. ``step``: how many steps were done when it happened."""

    step: int


@dataclass(frozen=True)
class Preparing(Event):
    """Something is made ready. ``share`` is what is done of it, 0..1, or ``None`` when unknown."""

    what: str
    share: float | None = None


@dataclass(frozen=True)
class Started(Event):
    """The first step was made and the clock starts."""

    run: str
    """The name of the run's folder."""
    total_steps: int
    device: str
    networks: Mapping[str, int]
    """Parameters of each network."""
    notes: tuple[str, ...] = ()
    modes: int = 0
    """How many modes the data has, where they are known."""
    replay: tuple[tuple[int, str, Any], ...] = ()
    """Changes that will be made again: after which step, of which setting, to which value."""
    classes: tuple[str, ...] = ()
    """What the classes are called that samples are made of in turn, for a variant that makes classes."""


@dataclass(frozen=True)
class Restarted(Started):
    """A run that had ended or was killed goes on after ``step``, from the checkpoint of that step.

    Whatever was recorded of later steps does not count any more: they are made anew.
    """

    changes: int = 0
    """How many changes of live settings count: those made until then."""


@dataclass(frozen=True)
class StepRecord(Event):
    """Means over the steps since the report before. ``seconds``: training time, pauses left out."""

    seconds: float
    images_seen: int
    values: Mapping[str, float]
    """Named as paths: ``loss/generator``, ``logits/real``, ``grad_norm/discriminator``."""


@dataclass(frozen=True)
class ScoreRecord(Event):
    """What the metrics said of samples of the averaged weights at this step."""

    values: Mapping[str, float]
    seconds: float = 0.0
    lower: tuple[str, ...] = ()
    """Those that are better the lower they are; the others are the higher the better."""
    intervals: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    """Where each lies with 95 % confidence, as far as that is known."""
    floors: Mapping[str, float] = field(default_factory=dict)
    """What real samples against other real samples score: the best that can be hoped for."""


@dataclass(frozen=True)
class VectorRecord(Event):
    """Figures of which many belong together, as they were at this step.

    Such as one for each layer (``layer_grad_norm/discriminator``), for each latent dimension
    (``kl/latents``), or for each sample of a batch (``logits/real``).
    """

    values: Mapping[str, tuple[float, ...]]
    labels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """What each figure stands for, where that has a name; told once, with the first record."""


@dataclass(frozen=True)
class HealthChanged(Event):
    """A health rule finds something else than before. ``condition``: nothing once all is well again.

    So does each rule say when a run starts, so that it is known which of them watch it.
    """

    rule: str
    """The class name of the rule."""
    title: str
    """What people call the rule."""
    condition: Condition | None = None
    before: str = ""
    """The name of the condition that this takes the place of, if one."""


@dataclass(frozen=True)
class PreviewReady(Event):
    """Samples. ``array``: images ``uint8`` [N, H, W, C], points ``float32`` [N, D], or rows of a table
    ``float32`` [N, C].
    """

    kind: str
    """``images``, ``points`` or ``table``."""
    array: "NDArray[Any]"
    source: str = "fixed"
    """``fixed`` (same latents every time), ``real`` (from the data, once at the start), or the name that a
    variant with several kinds of previews gives this one."""
    first: bool = True
    """Whether it is the one to begin with, of those made at this step."""
    columns: int = 0
    """How many stand side by side; 0 leaves it to who shows them."""
    captions: tuple[str, ...] = ()
    """Words above each column."""
    kept: bool = False
    """Whether the run folder keeps it; previews made for the window alone are not kept."""
    seconds: float = 0.0
    """What it cost to make."""
    table: tuple[TableColumn, ...] = ()
    """Of a table, what its numbers stand for."""


@dataclass(frozen=True)
class PointScene:
    """What stays the same of a run on points in the plane, for as long as it is watched.

    ``real`` float32 [R, 2]: some real points; ``real_labels`` int64 [R] where there are classes.
    ``centres`` float32 [M, 2] and ``sigma``: of the modes, where they are known; else M is 0.
    ``classes``: names of those that can be asked for, none for a run without a condition.
    ``labels`` int64 [N]: of what class each generated point is, where there are such.
    """

    real: "NDArray[Any]"
    centres: "NDArray[Any]"
    sigma: float = 0.0
    classes: tuple[str, ...] = ()
    real_labels: "NDArray[Any] | None" = None
    labels: "NDArray[Any] | None" = None
    latent_dim: int = 0
    """Numbers of a latent; with more than two, ``manifold`` is a slice through the middle."""


@dataclass(frozen=True)
class FieldReady(Event):
    """The game as it stands, of a run on points in the plane; for who watches, and never recorded.

    It is of the weights that are trained, not of averages. Points that are not finite may be among them.
    """

    scene: PointScene
    points: "NDArray[Any]"
    """Generated, float32 [N, 2]; the same latents every time."""
    region: tuple[float, float, float, float]
    """Left, right, bottom and top of ``logits``."""
    logits: "NDArray[Any] | None" = None
    """The discriminator's raw logits, float32 [rows, columns], the top row first; of the class ``label``."""
    manifold: "NDArray[Any] | None" = None
    """What becomes of a grid of latents of that class, float32 [rows, columns, 2]."""
    pulls: "NDArray[Any] | None" = None
    """Where the generator's loss draws the first points, float32 [K, 2], K ≤ N: −∂loss / ∂point."""
    label: int = 0
    seconds: float = 0.0
    """What it cost to make, beside the training."""


@dataclass(frozen=True)
class WatchRefused(Event):
    """There is nothing to watch of this run; the sentence says why. Never recorded."""

    reason: str


@dataclass(frozen=True)
class SteppedAlone(Event):
    """In the step that led here one network moved alone; the updates of the others were not applied."""

    network: str


@dataclass(frozen=True)
class PreviewPassed(Event):
    """In place of a preview that the run folder keeps: a newer one came before anybody saw its samples."""

    source: str
    first: bool = True


@dataclass(frozen=True)
class SettingChanged(Event):
    """A live setting has a new value, which holds from the next step on."""

    path: str
    value: Any
    before: Any
    again: bool = False
    """Whether it was made before already, after a checkpoint that the run then went on from."""


@dataclass(frozen=True)
class SettingRefused(Event):
    """A live setting could not be changed; the sentence says why."""

    path: str
    reason: str
    again: bool = False
    """Whether it was made before already, after a checkpoint that the run then went on from."""


@dataclass(frozen=True)
class Paused(Event):
    """Training holds between two steps."""


@dataclass(frozen=True)
class Resumed(Event):
    """Training goes on."""


@dataclass(frozen=True)
class Held(Event):
    """The disk refuses what is to be written, so training holds; it goes on by itself once it can.

    ``message`` says why and what helps. It is not recorded, for want of a disk that takes it.
    """

    message: str


@dataclass(frozen=True)
class Released(Event):
    """All that waited is written, and training goes on. ``message``: why it was held."""

    message: str = ""


BRANCHED, BEST, KEPT = "branch", "best", "kept"
"""Reasons of checkpoints that outlast newer ones: a branch began with it, its score is the best so far, or it
is one of every so many steps. A checkpoint may have several reasons, with commas between them."""


def lasting_reasons(reason: str) -> list[str]:
    """Return those of the reasons that make a checkpoint outlast newer ones."""
    return [one for one in reason.split(", ") if one in (BRANCHED, BEST, KEPT)]


@dataclass(frozen=True)
class CheckpointReady(Event):
    """The whole training state, for the recorder alone. ``state`` is a ``TrainingState``."""

    state: Any = field(repr=False)
    reason: str = "end"
    keep: int = 0
    """How many of the newest checkpoints stay, this one among them; 0: all."""
    background: bool = False
    """Whether the training goes on meanwhile, and even when it cannot be written."""
    awaited: bool = False
    """Whether nothing else happens until it is written."""


@dataclass(frozen=True)
class CheckpointSaved(Event):
    """A checkpoint is on disk, whole and with its manifest."""

    path: str
    size: int
    reason: str


@dataclass(frozen=True)
class Warned(Event):
    """Something the user should know, though training goes on."""

    message: str


@dataclass(frozen=True)
class Finished(Event):
    """Training ended well: ``done`` (all steps), ``stopped`` (asked to) or ``aborted`` (nothing saved)."""

    reason: str
    seconds: float


@dataclass(frozen=True)
class Failed(Event):
    """Training ended badly. ``message``: what to read first; ``details``: the traceback behind it.

    ``path``: the setting the message is about, if one; ``saved``: what was kept.
    """

    message: str
    details: str = ""
    path: str = ""
    saved: str = ""


def plain(value: Any) -> Any:
    """Return ``value`` as JSON can hold it: arrays by shape, mappings, tuples and records as such."""
    # Loaded here, so that the window is on screen before numpy is.
    import numpy as np

    if isinstance(value, np.ndarray):
        return f"array{list(value.shape)}"
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [plain(v) for v in value]
    if is_dataclass(value) and not isinstance(value, type):
        return {each.name: plain(getattr(value, each.name)) for each in fields(value)}
    return value
