"""The exported program makes the run's samples in an interpreter that knows nothing of the studio."""

# ruff: noqa: F811 - fixtures that are imported
import json
from pathlib import Path

import pytest
import torch

from ganstudio.api import InputError
from ganstudio.exporting.export import export
from ganstudio.exporting.weights import load
from ganstudio.registry import Registry
from tests.commands import python
from tests.exporting.conftest import catalogue, registry, runs  # noqa: F401 - the runs to export

USE = """
import json, sys
import torch

class Without:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("ganstudio", "ganstudio_plugins"):
            raise ImportError(f"{name} is not to be needed")

sys.meta_path.insert(0, Without())
for case, folder in json.loads(sys.argv[1] if len(sys.argv) > 1 else CASES).items():
    program = torch.export.load(f"{folder}/TorchProgram.pt2").module()
    given = torch.load(f"{folder}/given.pt")
    made = program(**given)
    wanted = torch.load(f"{folder}/wanted.pt")
    torch.testing.assert_close(made, wanted)
    one = program(**{name: tensor[:1] for name, tensor in given.items()})
    torch.testing.assert_close(one, wanted[:1], rtol=1e-4, atol=1e-5)
    print(case, tuple(made.shape))
"""


def test_it_makes_the_same_samples_without_the_studio(
    runs: dict[str, Path], registry: Registry, tmp_path: Path
) -> None:
    folders = {}
    for case, run in runs.items():
        out = tmp_path / case
        export(run, registry, ["TorchProgram", "weights"], out)
        architecture = load(out / "weights.safetensors", registry)
        given = {"latents": architecture.draw_latents(5, torch.Generator().manual_seed(1))}
        if architecture.classes:
            given["labels"] = torch.arange(5)
        with torch.no_grad():
            wanted = architecture.samples(given["latents"], given.get("labels"))  # type: ignore[arg-type]
        torch.save(given, out / "given.pt")
        torch.save(wanted, out / "wanted.pt")
        folders[case] = str(out)
    done = python(f"CASES = {json.dumps(folders)!r}\n{USE}")
    assert done.stdout.splitlines() == [
        "points (5, 2)",
        *(f"{case} (5, 1, 28, 28)" for case in ("images", "conditional", "vae")),
    ]


def test_it_holds_what_it_makes_samples_with_and_no_more(
    runs: dict[str, Path], registry: Registry, tmp_path: Path
) -> None:
    export(runs["points"], registry, ["TorchProgram"], tmp_path)
    extra = {"README.txt": ""}
    program = torch.export.load(tmp_path / "TorchProgram.pt2", extra_files=extra)
    names = set(program.state_dict)
    assert names
    assert not {name for name in names if "discriminator" in name}
    assert "latents: float32 [N, " in extra["README.txt"]


@pytest.mark.parametrize("case", ["neither"])
def test_what_makes_nothing_by_itself_is_refused(
    case: str,
    runs: dict[str, Path],
    registry: Registry,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    vae = registry.classes["architecture"]["MLPVAE"]
    monkeypatch.setattr(vae, "draw_latents", lambda self, count, generator=None: None)
    with pytest.raises(InputError, match="neither generates from latents nor translates"):
        export(runs["vae"], registry, ["TorchProgram"], tmp_path / "out")
    assert not (tmp_path / "out").exists()
