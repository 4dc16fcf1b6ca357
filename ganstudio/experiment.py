"""Experiment: the user's whole choice, to and from TOML.

It knows the shape of a choice, not which plugins there are: names and values are checked against them by
``ganstudio.resolve``. Nothing here loads torch.
"""

import difflib
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import tomli_w

from ganstudio.api.errors import InputError

Values = Mapping[str, Any]


@dataclass(frozen=True)
class Problem:
    """One thing wrong with an experiment: the setting it is about, and a whole sentence."""

    path: str
    sentence: str


class ExperimentError(InputError):
    """An experiment cannot be run as it stands; ``problems`` has one sentence for each thing wrong."""

    def __init__(self, problems: Iterable[Problem], where: str = "") -> None:
        self.problems = list(problems)
        lines = [problem.sentence for problem in self.problems]
        super().__init__("\n".join(f"{where}: {line}" if where else line for line in lines))


@dataclass(frozen=True)
class Choice:
    """A plugin class by its name, and the settings that differ from its defaults (or all of them)."""

    kind: str
    settings: Values = field(default_factory=dict)


@dataclass(frozen=True)
class Experiment:
    """All that decides what is trained and how; together with the code and the machine, the weights."""

    data: Choice
    architecture: Choice
    name: str = "experiment"
    about: str = ""
    loss: Choice | None = None
    regularizers: Mapping[str, Values] = field(default_factory=dict)
    augmentations: Mapping[str, Values] = field(default_factory=dict)
    optimizers: Mapping[str, Values] = field(default_factory=dict)
    """For each network by name, what differs from the architecture's own."""
    training: Values = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Return the experiment as the table that a file holds; empty parts are left out."""
        table: dict[str, Any] = {
            "name": self.name,
            "about": self.about,
            "data": {"kind": self.data.kind, **self.data.settings},
            "architecture": {"kind": self.architecture.kind, **self.architecture.settings},
            "loss": {"kind": self.loss.kind, **self.loss.settings} if self.loss else {},
            # A regularizer without settings of its own is still there: its empty table says so.
            "regularizers": {kind: dict(values) for kind, values in self.regularizers.items()},
            "augmentations": {kind: dict(values) for kind, values in self.augmentations.items()},
            "optimizers": {name: dict(values) for name, values in self.optimizers.items()},
            "training": dict(self.training),
        }
        return {key: value for key, value in table.items() if value not in ({}, "")}

    @classmethod
    def from_dict(cls, table: Values) -> "Experiment":
        """Read the table of a file; raises ``ExperimentError`` naming every key that is wrong.

        The card of a preset, its table ``preset``, is no part of the choice.
        """
        table = {key: value for key, value in table.items() if key != "preset"}
        problems = [*_unknown_parts(table), *_misshapen_parts(table)]
        if problems:
            raise ExperimentError(problems)
        loss = table.get("loss")
        return cls(
            name=table.get("name", "experiment"),
            about=table.get("about", ""),
            data=_choice(table["data"]),
            architecture=_choice(table["architecture"]),
            loss=_choice(loss) if loss else None,
            regularizers={kind: dict(values) for kind, values in table.get("regularizers", {}).items()},
            augmentations={kind: dict(values) for kind, values in table.get("augmentations", {}).items()},
            optimizers={name: dict(values) for name, values in table.get("optimizers", {}).items()},
            training=dict(table.get("training", {})),
        )

    def to_toml(self) -> str:
        """Return the text of an experiment file."""
        return tomli_w.dumps(self.to_dict())

    def with_value(self, path: str, value: Any) -> "Experiment":
        """Return a copy in which ``path`` (such as ``architecture.inner.width``) has another value.

        Choosing another ``kind`` of a part forgets the settings of the one before. Raises
        ``ExperimentError`` for a path that cannot be one.
        """
        table = self.to_dict()
        parts = path.split(".")
        if parts[0] not in _PARTS or not all(parts):
            raise ExperimentError([Problem(path, unknown_name(path, parts[0], _PARTS))])
        if parts[-1] == "kind" and len(parts) == 2 and table.get(parts[0], {}).get("kind") != value:
            table[parts[0]] = {"kind": value}
            return Experiment.from_dict(table)
        branch = table
        for part in parts[:-1]:
            inner = branch.get(part, {})
            # Empty text is no value: what is named within brings it about.
            inner = {} if inner == "" else inner
            if not isinstance(inner, Mapping):
                raise ExperimentError([Problem(path, f"{path} is not a setting: {part} is a value.")])
            # A copy: the tables within are still those of this experiment.
            branch[part] = dict(inner)
            branch = branch[part]
        branch[parts[-1]] = value
        return Experiment.from_dict(table)

    def renamed(self, name: str) -> "Experiment":
        """Return a copy under another name."""
        return replace(self, name=name)


def settings_of(experiment: Experiment) -> dict[str, Any]:
    """Return every setting by its path, without name and description.

    A part without settings of its own, such as a regularizer, stands there as true.
    """
    return flattened({k: part for k, part in experiment.to_dict().items() if isinstance(part, Mapping)})


def flattened(tables: Mapping[str, Values]) -> dict[str, Any]:
    """Return what is in tables by its path; an empty table stands there as true."""
    found: dict[str, Any] = {}
    for part, values in tables.items():
        _flatten(part, values, found)
    return found


def _flatten(prefix: str, values: Values, found: dict[str, Any]) -> None:
    if not values:
        found[prefix] = True
    for name, value in values.items():
        path = f"{prefix}.{name}"
        if isinstance(value, Mapping):
            _flatten(path, value, found)
        else:
            found[path] = value


_PARTS = (
    "name",
    "about",
    "data",
    "architecture",
    "loss",
    "regularizers",
    "augmentations",
    "optimizers",
    "training",
)
_TEXTS = ("name", "about")
_TABLES_OF_TABLES = ("regularizers", "augmentations", "optimizers")


def load_experiment(path: Path) -> Experiment:
    """Read an experiment file; raises ``InputError`` with the file's name in each sentence."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path} cannot be read: {error}.") from error
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{path} is not valid TOML: {error}.") from error
    try:
        return Experiment.from_dict(table)
    except ExperimentError as error:
        raise ExperimentError(error.problems, where=str(path)) from error


def parse_assignment(text: str) -> tuple[str, Any]:
    """Split ``path=value`` as ``--set`` takes it; raises ``InputError`` when there is no ``=``."""
    path, equals, value = text.partition("=")
    if not equals or not path.strip():
        raise InputError(f"--set {text}: write it as path=value, for example training.steps=2000.")
    return path.strip(), parse_value(value.strip())


def parse_value(text: str) -> Any:
    """Read one value as TOML would; what is no TOML value is taken as text."""
    try:
        table = tomllib.loads(f"value = {text}")
    except tomllib.TOMLDecodeError:
        return text
    return table["value"] if len(table) == 1 else text


def unknown_name(path: str, name: str, known: Iterable[str]) -> str:
    """Return the sentence for a name that does not exist, with the nearest that does."""
    known = list(known)
    folded = {one.casefold(): one for one in known}
    near = [folded[one] for one in difflib.get_close_matches(name.casefold(), folded, n=1, cutoff=0.5)]
    hint = (
        f"did you mean {near[0]}?" if near else f"there is {', '.join(known)}." if known else "there is none."
    )
    return f"{path}: there is no {name!r} here; {hint}"


def slug(name: str) -> str:
    """Return ``name`` as a folder can be called: words of letters and digits, with hyphens."""
    return re.sub(r"[^\w]+", "-", name).strip("-").lower()[:60] or "experiment"


def _choice(table: Values) -> Choice:
    return Choice(table["kind"], {key: value for key, value in table.items() if key != "kind"})


def _unknown_parts(table: Values) -> list[Problem]:
    return [Problem(key, unknown_name(key, key, _PARTS)) for key in table if key not in _PARTS]


def _misshapen_parts(table: Values) -> list[Problem]:
    problems = [
        Problem(key, f"{key}: this must be text, not {table[key]!r}.")
        for key in _TEXTS
        if not isinstance(table.get(key, ""), str)
    ]
    for key in ("data", "architecture", "loss"):
        part = table.get(key, {} if key == "loss" else None)
        if part and not isinstance(part, Mapping):
            problems.append(Problem(key, f"{key}: write a table with a kind, not {part!r}."))
        elif (key != "loss" or part) and not isinstance((part or {}).get("kind"), str):
            problems.append(Problem(f"{key}.kind", f'{key}: say which kind, as in [{key}] kind = "…".'))
    for key in (*_TABLES_OF_TABLES, "training"):
        part = table.get(key, {})
        inner = part.values() if isinstance(part, Mapping) and key != "training" else ()
        if not isinstance(part, Mapping) or not all(isinstance(value, Mapping) for value in inner):
            example = f"[{key}]" if key == "training" else f"[{key}.name]"
            problems.append(Problem(key, f"{key}: write its settings as tables, as in {example}."))
    return problems
