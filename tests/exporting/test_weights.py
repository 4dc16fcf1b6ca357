"""Weights and their card: complete, loadable, and the card's example runs as it stands."""

import re
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from ganstudio.api import InputError, StudioError
from ganstudio.exporting.export import export
from ganstudio.exporting.weights import find_checkpoint, load
from ganstudio.registry import Registry
from ganstudio.runs.folder import RunFolder
from ganstudio.sampling import draw_samples
from ganstudio.training.previews import to_array
from tests import commands

CASES = ("points", "images", "conditional", "vae")


def exported(path: Path, registry: Registry, out: Path) -> Path:
    export(path, registry, ["weights"], out)
    return out


def test_the_example_on_each_card_runs(runs: dict[str, Path], registry: Registry, tmp_path: Path) -> None:
    script = ["import os"]
    for case in CASES:
        out = exported(runs[case], registry, tmp_path / f"aus gabe {case}")
        card = (out / "model-card.md").read_text(encoding="utf-8")
        (code,) = re.findall(r"```python\n(.*?)```", card, re.DOTALL)
        script += [f"os.chdir({str(out)!r})", code]
    done = commands.python("\n".join(script), PYTHONWARNINGS="error")
    shapes = [line.rpartition(") ")[0] + ")" for line in done.stdout.splitlines()]
    assert shapes == ["(16, 2)", *["(16, 1, 28, 28)"] * 3]


@pytest.mark.parametrize("case", CASES)
def test_they_make_the_samples_of_the_run(
    case: str, runs: dict[str, Path], registry: Registry, tmp_path: Path
) -> None:
    run = RunFolder.open(runs[case])
    wanted = draw_samples(run, find_checkpoint(run), registry, 10, seed=3)
    architecture = load(exported(runs[case], registry, tmp_path) / "weights.safetensors", registry)
    torch.manual_seed(3)
    latents = architecture.draw_latents(10, torch.Generator().manual_seed(3))
    assert latents is not None
    labels = torch.arange(10) % 10 if case == "conditional" else None
    with torch.no_grad():
        made = to_array(architecture.samples(latents, labels))[1]
    assert (made == wanted).all()
    assert not any(weight.requires_grad for weight in architecture.parameters())


def test_averages_are_in_one_file_and_what_was_trained_in_the_other(
    runs: dict[str, Path], registry: Registry, tmp_path: Path
) -> None:
    checkpoint = find_checkpoint(RunFolder.open(runs["points"]))
    out = exported(runs["points"], registry, tmp_path)
    averaged = load_file(out / "weights.safetensors")
    raw = load_file(out / "weights-raw.safetensors")
    assert set(averaged) == set(raw) == set(checkpoint.weights)
    for name, tensor in checkpoint.weights.items():
        assert torch.equal(raw[name], tensor)
        assert torch.equal(averaged[name], checkpoint.averages.get(name, tensor))
    assert any(not torch.equal(averaged[name], raw[name]) for name in raw)


def test_the_card_says_what_the_run_says(runs: dict[str, Path], registry: Registry, tmp_path: Path) -> None:
    run = RunFolder.open(runs["points"])
    card = (exported(runs["points"], registry, tmp_path) / "model-card.md").read_text(encoding="utf-8")
    assert card.startswith("# small ring\n")
    assert "arXiv:2501.05441" in card
    assert "6 steps of 6, 192 samples seen" in card
    assert re.search(r"\| modes \| \d \| 6 \| .* \| 2500 \|", card)
    assert run.experiment.to_toml() in card
    assert "| 2 | `optimizers.generator.learning_rate` | 0.001 | 0.0005 |" in card
    assert str(run.provenance["data_fingerprint"]) in card
    assert "moving average of the weights of generator" in card


def test_an_earlier_checkpoint_can_be_asked_for(ring: Path, registry: Registry, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no checkpoint of step 4; there is 6\."):
        export(ring, registry, ["weights"], tmp_path, step=4)
    export(ring, registry, ["weights"], tmp_path, step=6)


def test_a_run_without_a_checkpoint_is_refused(ring: Path, registry: Registry) -> None:
    for folder in (ring / "checkpoints").iterdir():
        (folder / "manifest.json").unlink()
    with pytest.raises(InputError, match="holds no checkpoint to take weights from"):
        export(ring, registry, ["weights"])
    assert not (ring / "exports").exists()


def test_other_files_are_refused(tmp_path: Path, registry: Registry) -> None:
    with pytest.raises(InputError, match="cannot be read as a file of weights"):
        load(tmp_path / "nothing.safetensors", registry)
    (tmp_path / "text.safetensors").write_text("hello")
    with pytest.raises(InputError, match="cannot be read as a file of weights"):
        load(tmp_path / "text.safetensors", registry)
    save_file({"a": torch.zeros(2)}, tmp_path / "foreign.safetensors")
    with pytest.raises(InputError, match="no file of weights that this version"):
        load(tmp_path / "foreign.safetensors", registry)


def test_weights_that_do_not_fit_are_named(runs: dict[str, Path], registry: Registry, tmp_path: Path) -> None:
    from safetensors import safe_open

    out = exported(runs["points"], registry, tmp_path) / "weights.safetensors"
    with safe_open(out, "pt") as opened:
        metadata = opened.metadata()
    save_file({"generator.a": torch.zeros(2)}, out, metadata)
    with pytest.raises(StudioError, match="do not fit"):
        load(out, registry)
