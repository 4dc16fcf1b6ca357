"""The commands that steer a run that another process trains, by files in its folder.

Each waits a while for the run to say what became of it, and prints that.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from ganstudio.api import InputError, StudioError

Record = Mapping[str, Any]
Reply = Callable[[Record], str | None]
"""Returns what to print when a record of the run's events is the answer, else ``None``."""

_SECONDS, _POLL_SECONDS = 5.0, 0.05
_WRITING_SECONDS = 30.0
"""A checkpoint is waited for so long: a large one on a slow disk takes its time."""

_RUN = click.argument("run")


@click.command("set")
@_RUN
@click.argument("assignments", nargs=-1, required=True, metavar="PATH=VALUE…")
def set_(run: str, assignments: tuple[str, ...]) -> None:
    """Change live settings of a run that is being trained; they act at its next step.

    For example: ganstudio set RUN training.ema_decay=0.99 optimizers.generator.learning_rate=1e-4
    """
    from ganstudio.experiment import parse_assignment

    change(run, [parse_assignment(text) for text in assignments])


def change(run: str, wishes: Iterable[tuple[str, Any]]) -> None:
    """Change live settings of a run that is being trained, each by its path, and print what became of it."""
    steered = Steered(run)
    refused = []
    for path, value in wishes:
        answer = steered.ask({"command": "set", "path": path, "value": value}, _changed(path))
        if answer.startswith(_REFUSED):
            refused.append(answer.removeprefix(_REFUSED))
        else:
            click.echo(answer)
    if refused:
        raise InputError("\n".join(refused))


@click.command()
@_RUN
def pause(run: str) -> None:
    """Hold a run that is being trained, before its next step."""
    steered = Steered(run)
    if steered.paused:
        click.echo(f"{steered.name} is paused already.")
        return
    click.echo(steered.ask({"command": "pause"}, _event("Paused", "Paused after step {step}.")))


@click.command("continue")
@_RUN
def continue_(run: str) -> None:
    """Let a paused run go on. To go on with one that nobody trains, use resume."""
    steered = Steered(run)
    if not steered.paused:
        click.echo(f"{steered.name} is not paused.")
        return
    click.echo(steered.ask({"command": "resume"}, _event("Resumed", "Going on from step {step}.")))


@click.command()
@_RUN
@click.option("--abort", is_flag=True, help="Keep no checkpoint of where it is.")
def stop(run: str, abort: bool) -> None:
    """End a run that is being trained after the step that is under way, with a checkpoint."""
    said = _event("Finished", "Ended at step {step}, with a checkpoint.")
    if abort:
        said = _event("Finished", "Ended at step {step}, without a checkpoint.")
    command = {"command": "abort" if abort else "stop"}
    click.echo(Steered(run).ask(command, said, _WRITING_SECONDS))


@click.command()
@_RUN
def checkpoint(run: str) -> None:
    """Keep a checkpoint of a run that is being trained, after the step that is under way."""
    click.echo(Steered(run).ask({"command": "checkpoint"}, _kept, _WRITING_SECONDS))


class Steered:
    """A run that another process trains."""

    def __init__(self, text: str) -> None:
        from ganstudio.runs import lock
        from ganstudio.runs.folder import RunFolder

        self._run = RunFolder.open(run_path(text))
        self.name = self._run.name
        if not lock.is_held(self._run.path):
            raise InputError(
                f"{self.name} is not being trained now ({self._run.state}), so nothing can be changed in it. "
                f"Go on with it by `ganstudio resume {self._run.path}`."
            )

    @property
    def paused(self) -> bool:
        """Whether it holds between two steps, as far as its events say."""
        paused = False
        for record in self._run.events():
            match record.get("event"):
                case "Paused":
                    paused = True
                case "Resumed" | "Started" | "Restarted":
                    paused = False
        return paused

    def ask(self, command: Record, reply: Reply, seconds: float = _SECONDS) -> str:
        """Send a command and return what became of it; raises ``StudioError`` when nothing is said of it."""
        from ganstudio.runs import control

        after = _Following(self._run.path / "events.jsonl")
        control.send(self._run.path, command)
        for record in after.records(seconds):
            answer = reply(record)
            if answer is not None:
                return answer
        raise StudioError(
            f"{self.name} has not answered within {seconds:.0f} seconds: it is being made ready, or a step "
            "takes longer. What was asked for is done when it gets to it."
        )


class _Following:
    """The records that come into a file of lines from now on."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._read = path.stat().st_size if path.exists() else 0

    def records(self, seconds: float) -> Iterator[Record]:
        """Yield each record as it comes, for so long."""
        import time

        ends = time.monotonic() + seconds
        while True:
            yield from self._new()
            if time.monotonic() > ends:
                return
            time.sleep(_POLL_SECONDS)

    def _new(self) -> Iterator[Record]:
        from ganstudio.runs.lines import decode

        try:
            with self._path.open("rb") as file:
                if file.seek(0, 2) < self._read:
                    # It was made anew, by a run that goes on from an earlier step.
                    self._read = 0
                file.seek(self._read)
                lines = file.read().splitlines(keepends=True)
        except OSError:
            return
        for line in lines:
            if not line.endswith(b"\n"):
                return
            self._read += len(line)
            record = decode(line)
            if record is not None:
                yield record


def run_path(text: str) -> Path:
    """Return the folder of a run: a path, or the name of a run in the library."""
    from ganstudio import places

    path = Path(text)
    if not path.exists() and len(path.parts) == 1 and (places.runs() / text).is_dir():
        return places.runs() / text
    return path


_REFUSED = "refused: "


def _changed(path: str) -> Reply:
    """Return what tells of a changed setting, or of its refusal."""

    def reply(record: Record) -> str | None:
        if record.get("path") != path:
            return None
        match record.get("event"):
            case "SettingChanged":
                before, now, step = (record.get(key) for key in ("before", "value", "step"))
                return f"{path} is {now} from the step after {step} on; it was {before}."
            case "SettingRefused":
                return f"{_REFUSED}{record.get('reason')}"
        return None

    return reply


def _event(kind: str, sentence: str) -> Reply:
    return lambda record: sentence.format(**record) if record.get("event") == kind else None


def _kept(record: Record) -> str | None:
    if record.get("event") == "CheckpointSaved" and "asked for" in str(record.get("reason")).split(", "):
        return f"The state of step {record.get('step')} is kept in {record.get('path')}."
    return str(record.get("message")) if record.get("event") == "Warned" else None


COMMANDS = (set_, pause, continue_, stop, checkpoint)
