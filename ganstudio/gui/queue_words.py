"""Queue words: what the entries of the queue are called and what became of them. Plain text, no Qt."""

from collections.abc import Sequence
from dataclasses import dataclass

from ganstudio.catalogue import Catalogue, Entry, find
from ganstudio.gui import words
from ganstudio.queueing import AGAIN
from ganstudio.queueing import Entry as Queued

_STATES = {
    "waiting": ("waiting", "quiet", ""),
    "running": ("training", "accent", "train"),
    "done": ("done", "good", "check"),
    "stopped": ("stopped", "watch", "stop"),
    "failed": ("failed", "bad", "warning"),
    "refused": ("not started", "bad", "warning"),
    "interrupted": ("interrupted", "watch", "warning"),
}
"""For each state the word, the token of its colour, and the icon before it."""


@dataclass(frozen=True)
class QueueRow:
    """One entry as it is shown. ``share``: what is done of it, 0..1; ``None`` where nothing is under way."""

    key: str
    name: str
    line: str
    """What it is, in a few words."""
    state: str
    token: str
    icon: str = ""
    sentence: str = ""
    share: float | None = None
    steps: int | None = None
    waits: bool = False
    again: bool = False
    """Whether it can be tried again."""
    goes_on: bool = False
    """Whether its run can be gone on with."""
    opens: bool = False
    """Whether it became a run that can be looked at."""
    removable: bool = True

    @property
    def spoken(self) -> str:
        """All of it for those who hear the window."""
        return ", ".join(filter(None, (self.name, self.state, self.line, self.sentence)))


def row(entry: Queued, catalogue: Catalogue, progress: tuple[int, int] | None = None) -> QueueRow:
    """Return how an entry is shown; ``progress``: steps done and in all, of the one being trained."""
    word, token, icon = _STATES[entry.state]
    running = entry.state == "running"
    share = None
    if running:
        share = progress[0] / progress[1] if progress and progress[1] else 0.0
        word = f"{words.step(progress[0])} of {words.grouped(progress[1])}" if progress else "getting ready"
    return QueueRow(
        key=entry.key,
        name=entry.name,
        line=describe(entry, catalogue),
        state=word,
        token=token,
        icon=icon,
        sentence=entry.sentence,
        share=share,
        steps=entry.total,
        waits=entry.state == "waiting",
        again=entry.state in AGAIN,
        goes_on=entry.resumable,
        opens=entry.run is not None and entry.run.is_dir(),
        removable=not running,
    )


def describe(entry: Queued, catalogue: Catalogue) -> str:
    """Return what an entry is: ``DCGAN on MNIST digits · 2 500 steps``, or what it goes on with."""
    steps = f"{words.grouped(entry.total)} steps" if entry.total else ""
    if entry.kind == "resume":
        return " · ".join(filter(None, ("goes on", f"{steps} in all" if steps else "to its last step")))
    assert entry.experiment is not None
    what = _title(catalogue.architectures, entry.experiment.architecture.kind)
    data = _title(catalogue.data, entry.experiment.data.kind)
    origin = ""
    if entry.kind == "branch" and entry.path is not None:
        at = f" at {words.step(entry.step)}" if entry.step is not None else ""
        origin = f"branch of {entry.path.name}{at}"
    return " · ".join(filter(None, (f"{what} on {data}", steps, origin)))


def summary(entries: Sequence[Queued]) -> str:
    """Return the queue in a line: ``3 waiting, 1 done, 1 failed``."""
    if not entries:
        return "Nothing is in the queue."
    counts: dict[str, int] = {}
    for entry in entries:
        word = _STATES[entry.state][0]
        counts[word] = counts.get(word, 0) + 1
    order = ("training", *(word for word, _token, _icon in _STATES.values() if word != "training"))
    return ", ".join(f"{counts[word]} {word}" for word in order if word in counts)


def _title(entries: tuple[Entry, ...], kind: str) -> str:
    entry = find(entries, kind)
    return entry.title if entry else kind
