"""Settings of a run for others: as a TOML file, and as the shortest command line that asks for the same.

It knows what the plugins offer as plain data, and loads none of them: no torch, no Qt.
"""

import json
import os
import re
import shlex
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import tomli_w

from ganstudio.catalogue import Catalogue, Entry, FieldSpec, find, usual_loss
from ganstudio.experiment import Experiment, parse_value
from ganstudio.field_spec import filled
from ganstudio.runs.folder import EXPERIMENT, RunFolder

Table = dict[str, Any]
Assignment = tuple[str, Any]
"""A path and a value, as ``--set`` takes them."""

_MOST = 40
"""A command with more assignments than these says less than the file does."""


def settings_text(run: RunFolder) -> str:
    """Return the experiment of a run as TOML, with the live changes made to it as remarks at its end."""
    remarks = [
        f"#   step {record['step']}: {record['path']} = {toml(record['value'])}"
        f" (it was {toml(record.get('before'))})"
        for record in run.events()
        if record.get("event") == "SettingChanged" and "path" in record and "value" in record
    ]
    text = run.experiment.to_toml()
    if not remarks:
        return text
    heading = "# Changed while it trained; the settings above are those it began with:"
    return "\n".join([text.rstrip("\n"), "", heading, *remarks]) + "\n"


def command_line(experiment: Experiment, catalogue: Catalogue, file: Path | None = None) -> str:
    """Return the command that trains the same experiment, as it is typed into a shell.

    It is ``ganstudio train PRESET`` with what differs from the preset that is nearest, or, where no preset
    is near, ``ganstudio train FILE``, ``file`` being where the experiment stands in full.
    """
    return quoted(arguments(experiment, catalogue, file))


def run_command_line(run: RunFolder, catalogue: Catalogue) -> str:
    """Return the command that trains the experiment of a run anew."""
    return command_line(run.experiment, catalogue, run.path / EXPERIMENT)


def arguments(experiment: Experiment, catalogue: Catalogue, file: Path | None = None) -> list[str]:
    """Return the words of :func:`command_line`, as a program is given them."""
    wanted = completed(experiment, catalogue)
    best: tuple[str, list[Assignment]] | None = None
    for preset in catalogue.presets if wanted is not None else ():
        base = completed(Experiment.from_dict(preset), catalogue)
        if base is None or wanted is None or not _comparable(base, wanted):
            continue
        differing = list(_assignments(base, wanted, catalogue))
        if best is None or len(differing) < len(best[1]):
            best = str(preset["name"]), differing
    if best is None or (file is not None and len(best[1]) > _MOST):
        return ["ganstudio", "train", str(file or "experiment.toml")]
    words = ["ganstudio", "train", best[0]]
    for path, value in best[1]:
        words += ["--set", f"{path}={spelled(value)}"]
    return words


def quoted(words: Iterable[str]) -> str:
    """Return words as a shell of this system reads them."""
    return subprocess.list2cmdline(list(words)) if os.name == "nt" else shlex.join(words)


def completed(experiment: Experiment, catalogue: Catalogue) -> Table | None:
    """Return the table of an experiment with every setting spelled out, as a run holds it.

    ``None`` where a plugin that it names is not there.
    """
    table = experiment.to_dict()
    architecture = find(catalogue.architectures, experiment.architecture.kind)
    data = find(catalogue.data, experiment.data.kind)
    if architecture is None or data is None:
        return None
    table["data"] = _filled(table["data"], data.fields)
    table["architecture"] = _filled(table["architecture"], architecture.fields)
    table["training"] = _filled(table.get("training", {}), catalogue.training)
    optimizer = {field.name: field.default for field in catalogue.optimizer}
    given = table.get("optimizers", {})
    table["optimizers"] = {
        name: {**optimizer, **own, **given.get(name, {})} for name, own in architecture.optimizers.items()
    }
    return _with_adversary(table, architecture, catalogue)


def _with_adversary(table: Table, architecture: Entry, catalogue: Catalogue) -> Table | None:
    """Spell out the loss, the regularizers and the augmentations."""
    if not architecture.adversarial:
        return table
    loss = table.get("loss") or {"kind": usual_loss(catalogue.losses, architecture)}
    found = find(catalogue.losses, loss["kind"])
    if found is None:
        return None
    table["loss"] = _filled(loss, found.fields)
    for part, entries in (
        *(("regularizers", catalogue.regularizers), ("augmentations", catalogue.augmentations)),
    ):
        chosen = {}
        for kind, values in table.get(part, {}).items():
            entry = find(entries, kind)
            if entry is None:
                return None
            chosen[kind] = _filled(values, entry.fields)
        table[part] = chosen
    return table


def _filled(values: Mapping[str, Any], fields: Iterable[FieldSpec]) -> Table:
    """Return settings with the defaults of what is not named; no value at all stays away, as in TOML."""
    return {name: value for name, value in filled(fields, values).items() if value != ""}


def _comparable(base: Table, wanted: Table) -> bool:
    return all(base[part]["kind"] == wanted[part]["kind"] for part in ("data", "architecture"))


def _assignments(base: Table, wanted: Table, catalogue: Catalogue) -> Iterator[Assignment]:
    """Give what is to be set, in this order, for ``base`` to become ``wanted``."""
    for name in ("name", "about"):
        if base.get(name, "") != wanted.get(name, ""):
            yield name, wanted.get(name, "")
    for part in ("data", "architecture"):
        yield from _changed(part, base[part], wanted[part])
    yield from _loss(base.get("loss"), wanted.get("loss"), catalogue)
    for part, entries in (
        *(("regularizers", catalogue.regularizers), ("augmentations", catalogue.augmentations)),
    ):
        yield from _ticked(part, base.get(part, {}), wanted.get(part, {}), entries)
    for network, values in wanted["optimizers"].items():
        yield from _changed(f"optimizers.{network}", base["optimizers"].get(network, {}), values)
    yield from _changed("training", base["training"], wanted["training"])


def _changed(prefix: str, base: Mapping[str, Any], wanted: Mapping[str, Any]) -> Iterator[Assignment]:
    for name in (*wanted, *(name for name in base if name not in wanted)):
        path, before, after = f"{prefix}.{name}", base.get(name, ""), wanted.get(name, "")
        if isinstance(before, Mapping) and isinstance(after, Mapping) and _same_kind(before, after):
            yield from _changed(path, before, after)
        elif name not in base or before != after:
            yield path, after


def _same_kind(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Say whether nested settings can be changed one by one: those of another kind replace all at once."""
    return bool(before.get("kind") == after.get("kind"))


def _loss(base: Table | None, wanted: Table | None, catalogue: Catalogue) -> Iterator[Assignment]:
    if wanted is None:
        return
    if base is None or base["kind"] != wanted["kind"]:
        # Another kind forgets the settings of the one before.
        yield "loss.kind", wanted["kind"]
        entry = find(catalogue.losses, wanted["kind"])
        base = _filled({"kind": wanted["kind"]}, entry.fields if entry else ())
    yield from _changed("loss", base, wanted)


def _ticked(part: str, base: Table, wanted: Table, entries: tuple[Entry, ...]) -> Iterator[Assignment]:
    """Give what changes the regularizers or augmentations; sums are taken in their order, so it counts."""
    kept = list(wanted)[: len(base)]
    if list(base) != kept:
        yield part, {}
        base = {}
    for kind, values in wanted.items():
        if kind in base:
            yield from _changed(f"{part}.{kind}", base[kind], values)
            continue
        entry = find(entries, kind)
        differing = list(_changed(f"{part}.{kind}", _filled({}, entry.fields if entry else ()), values))
        yield from differing or [(f"{part}.{kind}", {})]


def spelled(value: Any) -> str:
    """Return a value as it stands behind ``--set path=``: plain text as it is, where that is read back so."""
    if isinstance(value, str) and value == value.strip():
        read = parse_value(value)
        if isinstance(read, str) and read == value:
            return value
    return toml(value)


def toml(value: Any) -> str:
    """Return a value as TOML has it, on one line; nothing at all as an empty text."""
    if value is None:
        return '""'
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_key(str(k))} = {toml(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(toml(each) for each in value) + "]"
    return tomli_w.dumps({"v": value}).partition("=")[2].strip()


def _key(name: str) -> str:
    """Return a key as TOML has it: as it is, where it is made of letters, digits and hyphens."""
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else json.dumps(name)
