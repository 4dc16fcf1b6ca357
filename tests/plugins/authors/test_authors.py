"""The promise to authors: each of these files was written from plugins/README.md alone, and all of it works.

Each is loaded as a plugin file, trained, gone on with, previewed, exported and checked.
"""

import ast
import importlib
import re
from dataclasses import dataclass
from pathlib import Path

import pytest
import torch

from ganstudio import api
from ganstudio.runs.folder import RunFolder
from ganstudio.testing import check
from tests.commands import ROOT, ganstudio

FOLDER = Path(__file__).parent
README = (ROOT / "plugins" / "README.md").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Author:
    """What one author wrote, and the experiment they trained it with."""

    module: str
    experiment: str
    given: dict[str, tuple[int, ...]]
    """What the exported program takes, but for the number of samples."""
    made: tuple[int, ...]

    @property
    def file(self) -> Path:
        return FOLDER / f"{self.module}.py"


AUTHORS = {
    "a GAN with a new loss": Author(
        "divergence_gan",
        """
        [data]
        kind = "Ring"
        count = 1000
        [architecture]
        kind = "DivergenceGAN"
        width = 16
        """,
        {"latents": (4,)},
        (2,),
    ),
    "a conditional architecture with a new regularizer": Author(
        "modulated_gan",
        """
        [data]
        kind = "Digits"
        [architecture]
        kind = "ModulatedGAN"
        width = 8
        [regularizers.Consistency]
        weight = 5.0
        """,
        {"latents": (100,), "labels": ()},
        (1, 28, 28),
    ),
    "a source of spectrograms": Author(
        "tone_spectrograms",
        """
        [data]
        kind = "ToneSpectrograms"
        count = 128
        [architecture]
        kind = "ConvGAN"
        width = 8
        """,
        {"latents": (100,)},
        (1, 32, 32),
    ),
    "a translation by two generators": Author(
        "disco_gan",
        """
        [data]
        kind = "DigitDomains"
        [architecture]
        kind = "DiscoGAN"
        width = 4
        """,
        {"images": (1, 32, 32)},
        (1, 32, 32),
    ),
}
TRAINING = """
[training]
steps = 4
batch_size = 8
report_every = 1
preview_every = 2
preview_count = 6
"""
each_author = pytest.mark.parametrize("author", AUTHORS.values(), ids=AUTHORS)


def lines(text: str) -> str:
    return "\n".join(line.strip() for line in text.splitlines())


@each_author
def test_it_trains_goes_on_previews_and_exports(author: Author, tmp_path: Path) -> None:
    experiment, place = tmp_path / "mine.toml", tmp_path / "run"
    experiment.write_text(lines(f'name = "mine"\n{author.experiment}\n{TRAINING}'))
    plugin = ("--plugin", author.file, "--trust")

    trained = ganstudio(*plugin, "train", experiment, "--device", "cpu", "--run-dir", place)
    assert trained.exit_code == 0, trained.output
    resumed = ganstudio(*plugin, "resume", place, "--steps", "6")
    assert resumed.exit_code == 0, resumed.output

    run = RunFolder.open(place)
    assert run.state == "finished"
    steps = [record["step"] for record in run.metrics() if "values" in record]
    assert steps[-1] == 6
    assert {f"{step:09d}" for step in (2, 4, 6)} <= {
        number for path in (place / "samples").rglob("*.*") for number in re.findall(r"\d{9}", path.name)
    }

    exported = ganstudio(*plugin, "export", place, "--what", "weights", "--what", "TorchProgram")
    assert exported.exit_code == 0, exported.output
    assert (place / "exports" / "model-card.md").is_file()
    program = torch.export.load(place / "exports" / "TorchProgram.pt2").module()
    given = {
        name: torch.zeros(3, *shape, dtype=torch.int64 if name == "labels" else torch.float32)
        for name, shape in author.given.items()
    }
    assert program(**given).shape == (3, *author.made)


@each_author
@pytest.mark.slow
def test_it_passes_the_check(author: Author) -> None:
    module = importlib.import_module(f"tests.plugins.authors.{author.module}")
    report = check(module)
    assert [f"{finding.check}: {finding.sentence}" for finding in report.findings if not finding.ok] == []
    assert len(report.findings) > 5


@each_author
def test_it_needs_nothing_that_the_reference_does_not_name(author: Author) -> None:
    tree = ast.parse(author.file.read_text(encoding="utf-8"))
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    plain = [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
    assert {node.module for node in imports if "ganstudio" in str(node.module)} == {"ganstudio.api"}
    modules = {str(node.module).partition(".")[0] for node in imports} | {
        name.partition(".")[0] for name in plain
    }
    assert modules <= {"ganstudio", "torch", "typing", "collections", "math"}
    names = {alias.name for node in imports if node.module == "ganstudio.api" for alias in node.names}
    assert names <= set(api.__all__)
    unnamed = {name for name in names if not re.search(rf"\b{name}\b", README)}
    assert unnamed == set()


@each_author
def test_it_fits_on_a_few_screens(author: Author) -> None:
    assert len(author.file.read_text(encoding="utf-8").splitlines()) <= 120


def test_the_spectrograms_show_the_kinds_of_sound() -> None:
    from tests.plugins.authors.tone_spectrograms import ToneSpectrograms

    loaded = ToneSpectrograms(ToneSpectrograms.Settings(count=64, noise=0.0)).load(lambda what, share: None)
    assert loaded.values.shape == (64, 1, 32, 32)
    bright = (loaded.values[:, 0] > 200).float()
    rows = bright.sum((1, 2)) / 32
    sine, square = rows[0::4].mean(), rows[1::4].mean()
    # A square wave has overtones; a chirp moves through the frequencies.
    assert square > sine > 0
    centre = (bright * torch.arange(32.0)[:, None]).sum(1) / bright.sum(1).clamp_min(1)
    moves = (centre[:, 24:30].mean(1) - centre[:, 2:8].mean(1)).abs()
    assert moves[3::4].mean() > 2 * moves[0::4].mean()
