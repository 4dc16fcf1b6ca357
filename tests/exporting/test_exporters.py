"""Exporters of plugins: what they are given, where what they write goes, and what becomes of failures."""

from pathlib import Path
from typing import Any

import pytest
import torch

from ganstudio.api import Exporter, InputError, Report, StudioError, TrainedRun
from ganstudio.exporting.export import export
from ganstudio.exporting.weights import find_checkpoint
from ganstudio.registry import Registry
from ganstudio.runs.folder import RunFolder


class Facts(Exporter):
    """Writes what it is given."""

    title = "Facts"
    suffix = ".txt"

    def export(self, run: TrainedRun, path: Path, report: Report) -> None:
        report("Writing", 0.5)
        weights = next(run.architecture.parameters())
        lines = [run.step, run.experiment["data"]["kind"], run.data.describe(), weights.requires_grad]
        path.write_text("\n".join(map(str, [*lines, run.architecture.training])))


class Folder(Exporter):
    """Fills a folder."""

    def export(self, run: TrainedRun, path: Path, report: Report) -> None:
        (path / "one.txt").write_text("1")
        (path / "two.txt").write_text("2")


class Refuses(Facts):
    @classmethod
    def refuses(cls, run: TrainedRun) -> str | None:
        return "These are points. Train on images."


class RefusesBadly(Facts):
    @classmethod
    def refuses(cls, run: TrainedRun) -> str | None:
        raise KeyError("no")


class Raises(Facts):
    def export(self, run: TrainedRun, path: Path, report: Report) -> None:
        path.write_text("half")
        raise ValueError("nothing works")


class Exits(Facts):
    def export(self, run: TrainedRun, path: Path, report: Report) -> None:
        raise SystemExit(3)


class Needs(Facts):
    def export(self, run: TrainedRun, path: Path, report: Report) -> None:
        import onnx_that_is_not_there.helper  # type: ignore[import-not-found] # noqa: F401


class WritesNothing(Facts):
    def export(self, run: TrainedRun, path: Path, report: Report) -> None:
        pass


class CatchesAll(Facts):
    def export(self, run: TrainedRun, path: Path, report: Report) -> None:
        for _ in range(3):
            try:
                report("Writing", None)
            except Exception:
                path.write_text("did not stop")


ALL = (Facts, Folder, Refuses, RefusesBadly, Raises, Exits, Needs, WritesNothing, CatchesAll)


@pytest.fixture
def with_exporters(registry: Registry, monkeypatch: pytest.MonkeyPatch) -> Registry:
    exporters = {**registry.classes["exporter"], **{cls.__name__: cls for cls in ALL}}
    monkeypatch.setitem(registry.classes, "exporter", exporters)
    return registry


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def test_an_exporter_is_given_the_run_with_its_averaged_weights(
    ring: Path, with_exporters: Registry, tmp_path: Path
) -> None:
    (file,) = export(ring, with_exporters, ["Facts"], tmp_path / "out")
    assert file == tmp_path / "out" / "Facts.txt"
    assert file.read_text().splitlines() == ["6", "Ring", "2-D points", "False", "False"]


def test_the_weights_are_the_averages(
    ring: Path, with_exporters: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[dict[str, Any]] = []
    monkeypatch.setattr(
        Facts, "export", lambda self, run, path, report: (
            seen.append(run.architecture.networks()["generator"].state_dict()), path.write_text("x")
        ),
    )  # fmt: skip
    export(ring, with_exporters, ["Facts"], tmp_path)
    averages = find_checkpoint(RunFolder.open(ring)).averages
    assert averages
    for name, tensor in seen[0].items():
        assert torch.equal(tensor, averages[f"generator.{name}"])


def test_a_folder_takes_the_place_of_the_one_before(
    ring: Path, with_exporters: Registry, tmp_path: Path
) -> None:
    for _ in range(2):
        (folder,) = export(ring, with_exporters, ["Folder"], tmp_path)
    assert folder == tmp_path / "Folder"
    assert names(folder) == ["one.txt", "two.txt"]
    assert names(tmp_path) == ["Folder", "ring"]


@pytest.mark.allow_log_warnings
@pytest.mark.parametrize(
    ("cls", "error", "said"),
    [
        (Refuses, InputError, "These are points. Train on images."),
        (RefusesBadly, StudioError, ", in refuses: KeyError: 'no'"),
        (Raises, StudioError, f"Facts could not be written. {__file__} line "),
        (Exits, StudioError, "SystemExit: 3"),
        (Needs, InputError, "needs the package onnx_that_is_not_there, which is not installed: pip install"),
        (WritesNothing, StudioError, "Facts wrote nothing"),
    ],
    ids=["refuses", "raises in refuses", "raises", "exits", "needs a package", "writes nothing"],
)
def test_a_failure_is_a_sentence_and_leaves_nothing_behind(
    ring: Path,
    with_exporters: Registry,
    tmp_path: Path,
    cls: type[Exporter],
    error: type[Exception],
    said: str,
) -> None:
    out = tmp_path / "out"
    with pytest.raises(error) as raised:
        export(ring, with_exporters, [cls.__name__], out)
    assert said in str(raised.value)
    assert names(out) == []


def test_giving_up_cannot_be_caught_by_a_plugin(ring: Path, with_exporters: Registry, tmp_path: Path) -> None:
    def progress(what: str, share: float | None) -> None:
        if what == "Writing":
            raise StudioError("The export was given up.")

    with pytest.raises(StudioError, match="given up"):
        export(ring, with_exporters, ["CatchesAll"], tmp_path / "out", progress)
    assert names(tmp_path / "out") == []


def test_an_unknown_name_is_refused_with_those_there_are(ring: Path, with_exporters: Registry) -> None:
    with pytest.raises(InputError, match=r"no export called 'model'; there is settings, .*TorchProgram, Fac"):
        export(ring, with_exporters, ["model"])
