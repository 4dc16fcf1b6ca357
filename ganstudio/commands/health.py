"""The commands of health: what is wrong with a run, and applying what may help."""

import json
import shlex
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ganstudio.api import InputError
from ganstudio.commands import common, steering
from ganstudio.commands.steering import run_path

if TYPE_CHECKING:
    from ganstudio.api.conditions import Condition, Remedy
    from ganstudio.remedying import Trouble
    from ganstudio.requests import Branch, Request


@click.command()
@click.argument("run")
@click.option("--json", "as_json", is_flag=True, help="As JSON, for other programs.")
def health(run: str, as_json: bool) -> None:
    """Show what is wrong with a run, the gravest first, what was, and numbered remedies.

    `ganstudio remedy RUN N` applies one of these.
    """
    from ganstudio.remedying import troubles_of

    path = run_path(run)
    holding, over = troubles_of(path)
    if as_json:
        click.echo(json.dumps(_table(holding, over), indent=2, ensure_ascii=False))
        return
    click.echo(_heading(path.name, holding))
    number = 1
    for trouble in holding:
        _show(trouble, number)
        number += len(trouble.condition.remedies)
    if over:
        click.echo("\nOver:")
    for trouble in over:
        _show_past(trouble)


@click.command()
@click.argument("run")
@click.argument("number", type=click.IntRange(1), default=1)
@click.option("--print", "only_print", is_flag=True, help="Print the command that does the same, and end.")
@click.option("--device", help="Of a branch: a key from `ganstudio devices` [default: the run's own].")
@click.option("--run-dir", type=click.Path(path_type=Path), help="Write the branch into exactly this folder.")
def remedy(run: str, number: int, only_print: bool, device: str | None, run_dir: Path | None) -> None:
    """Apply a remedy that `ganstudio health RUN` shows: by default the first of the gravest condition.

    A live one is applied to the run if it is being trained now. Any other begins a new run from the newest
    checkpoint before the trouble, or anew where there is none or the remedy says so.
    """
    from ganstudio.remedying import live_edits, request_for
    from ganstudio.runs import lock

    path = run_path(run)
    condition, chosen = _chosen(path, number)
    live = chosen.way == "live" and lock.is_held(path)
    request = None if live else request_for(path, condition, chosen)
    click.echo(f"{condition.name}: {chosen.title}", err=True)
    click.echo(_command(run, request, chosen.changes), err=not only_print)
    if only_print:
        return
    if request is None:
        steering.change(run, live_edits(chosen))
    else:
        _begin(request, device, run_dir)


def _begin(request: "Branch | Request", device: str | None, run_dir: Path | None) -> None:
    """Train what a remedy asks for."""
    from ganstudio import launch

    request = replace(request, run_dir=run_dir)
    if device:
        request = replace(request, device=device)
    registry = common.registry()
    common.train(
        lambda controls, progress: launch.prepare(request, registry, controls, progress),
        "there is no new run",
    )


def _chosen(path: Path, number: int) -> "tuple[Condition, Remedy]":
    """Return the remedy of a number, with what it is to help against."""
    from ganstudio.remedying import troubles_of

    holding, _over = troubles_of(path)
    offered = [(each.condition, remedy) for each in holding for remedy in each.condition.remedies]
    if not holding:
        raise InputError(f"Nothing is wrong with {path.name}, as far as is known, so there is no remedy.")
    if not offered:
        raise InputError(f"{_heading(path.name, holding)} There is no remedy for it but to look closer.")
    if number > len(offered):
        raise InputError(f"{path.name} has {len(offered)} remedies; `ganstudio health {path}` shows them.")
    return offered[number - 1]


def _command(run: str, request: "Branch | Request | None", changes: Mapping[str, Any]) -> str:
    """Return the command that does what a remedy does."""
    from ganstudio.requests import Branch

    wishes = [f"{path}={_value(value)}" for path, value in changes.items()]
    if request is None:
        return shlex.join(["ganstudio", "set", run, *wishes])
    start = (
        ["branch", f"{run}@{request.step}"] if isinstance(request, Branch) else ["train", str(run_path(run))]
    )
    return shlex.join(["ganstudio", *start, *[word for wish in wishes for word in ("--set", wish)]])


def _value(value: Any) -> str:
    """Return a value as TOML has it, which ``--set`` reads."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{name} = {_value(inner)}" for name, inner in value.items()) + "}"
    return "" if value is None else json.dumps(value, ensure_ascii=False)


# --- What is shown -----------------------------------------------------------------------------------


def _heading(name: str, holding: "list[Trouble]") -> str:
    if not holding:
        return f"Nothing is wrong with {name}, as far as is known."
    return f"Wrong with {name}: {', '.join(each.condition.name for each in holding)}."


def _show(trouble: "Trouble", number: int) -> None:
    condition = trouble.condition
    click.echo(f"\n{condition.name} ({condition.level}, since step {condition.since})")
    click.echo(f"  {condition.sentence}")
    click.echo(f"  {condition.explanation}")
    if condition.evidence:
        figures = ", ".join(f"{name} {value:.3g}" for name, value in condition.evidence.items())
        click.echo(f"  Evidence: {figures}")
    for place, each in enumerate(condition.remedies, number):
        click.echo(f"  {place}. {each.title} ({each.way}). {each.why}".rstrip())


def _show_past(trouble: "Trouble") -> None:
    condition = trouble.condition
    click.echo(f"  {condition.name}, steps {condition.since} to {trouble.until}: {condition.sentence}")


def _table(holding: "list[Trouble]", over: "list[Trouble]") -> list[dict[str, Any]]:
    from ganstudio.api.events import plain

    table, number = [], 1
    for trouble in [*holding, *over]:
        values = plain(trouble)
        for remedy in values["condition"]["remedies"] if trouble.until is None else ():
            remedy["number"] = number
            number += 1
        table.append({"holds": trouble.until is None, **values})
    return table


COMMANDS = (health, remedy)
