"""The dialog that exports a run: what it offers, what it writes, and how it fails."""

import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from ganstudio.catalogue import Catalogue
from ganstudio.gui.panels import export_run_dialog
from ganstudio.gui.panels.export_run_dialog import ExportRunDialog
from ganstudio.registry import Registry
from tests.exporting.conftest import CASES, trained


@pytest.fixture(scope="module")
def registry() -> Registry:
    return Registry.load()


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory, registry: Registry) -> Path:
    return trained(CASES["points"], tmp_path_factory.mktemp("exported") / "run", registry)


@pytest.fixture
def dialog(qtbot: QtBot, run: Path, registry: Registry) -> ExportRunDialog:
    from ganstudio.schema import describe
    from ganstudio.training.settings import TrainingSettings

    made = ExportRunDialog(run, registry, registry.catalogue(describe(TrainingSettings)))
    qtbot.addWidget(made)
    made.show()
    return made


def test_writes_what_is_ticked_and_says_where(qtbot: QtBot, dialog: ExportRunDialog, tmp_path: Path) -> None:
    dialog.folder.set_value(str(tmp_path / "out"))
    assert dialog.whats() == ("settings", "curves", "weights")
    with qtbot.waitSignal(dialog.exported, timeout=30_000) as written:
        dialog.export.click()
        assert dialog.export.text() == "Give up"
    names = ["settings.toml", "curves.csv", "weights.safetensors", "weights-raw.safetensors", "model-card.md"]
    assert [path.name for path in written.args[0]] == names
    assert dialog.written.isVisible()
    assert not dialog.progress.isVisible()
    with qtbot.waitSignal(dialog.showAsked) as shown:
        dialog.written.acted.emit()
    assert shown.args == [tmp_path / "out"]


def test_offers_what_plugins_export(qtbot: QtBot, dialog: ExportRunDialog, tmp_path: Path) -> None:
    assert dialog.boxes["TorchProgram"].text() == "PyTorch program"
    for what, box in dialog.boxes.items():
        box.setChecked(what == "TorchProgram")
    dialog.folder.set_value(str(tmp_path / "out"))
    with qtbot.waitSignal(dialog.exported, timeout=60_000):
        dialog.export.click()
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["TorchProgram.pt2"]


def test_copies_the_command_line(dialog: ExportRunDialog) -> None:
    assert dialog.command.text().startswith("ganstudio train ring")
    dialog.copy.click()
    assert QGuiApplication.clipboard().text() == dialog.command.text()


def test_nothing_ticked_writes_nothing(dialog: ExportRunDialog) -> None:
    for box in dialog.boxes.values():
        box.setChecked(False)
    assert not dialog.export.isEnabled()
    dialog.boxes["curves"].setChecked(True)
    assert dialog.export.isEnabled()


def test_says_why_it_failed(qtbot: QtBot, dialog: ExportRunDialog, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    dialog.folder.set_value(str(tmp_path / "file" / "out"))
    dialog.export.click()
    qtbot.waitUntil(dialog.problem.isVisible, timeout=30_000)
    assert "is a file, not a folder" in dialog.problem.text.text()
    assert dialog.export.text() == "Export"


def test_offers_tensorboard_only_where_it_is_installed(
    qtbot: QtBot, run: Path, registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export_run_dialog, "_has_tensorboard", lambda: False)
    made = ExportRunDialog(run, registry, Catalogue())
    qtbot.addWidget(made)
    box = made.boxes["tensorboard"]
    assert not box.isEnabled()
    assert "pip install 'ganstudio[tensorboard]'" in box.accessibleDescription()


def test_waits_for_the_plugins(qtbot: QtBot, run: Path) -> None:
    made = ExportRunDialog(run, None, Catalogue())
    qtbot.addWidget(made)
    assert not made.export.isEnabled()
    assert made.command.text().endswith("experiment.toml")


def test_closing_gives_up_what_is_being_written(dialog: ExportRunDialog, tmp_path: Path) -> None:
    dialog.folder.set_value(str(tmp_path / "out"))
    dialog.export.click()
    dialog.close_button.click()
    assert not dialog.isVisible()


def test_importing_it_loads_no_torch() -> None:
    from tests import commands

    code = "import ganstudio.gui.panels.export_run_dialog, ganstudio.gui.queue_tab, sys;"
    code += "print('torch' in sys.modules)"
    assert commands.python(code).stdout.strip() == "False"
    assert "torch" in sys.modules
