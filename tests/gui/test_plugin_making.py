"""New plugins from the window: written from real templates, and agreed to at once."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from ganstudio import places, templates
from ganstudio.catalogue import Entry
from ganstudio.discovery.trust import Trust
from ganstudio.experiment import Experiment
from ganstudio.gui.panels.plugin_new_dialog import KINDS
from ganstudio.gui.plugin_making import PluginMaking, with_entry
from tests.gui.catalogues import CATALOGUE, DIGITS


@pytest.fixture
def making(qtbot: QtBot) -> PluginMaking:
    window = QWidget()
    qtbot.addWidget(window)
    return PluginMaking(window)


def test_the_dialog_offers_what_there_are_templates_for() -> None:
    assert set(KINDS) == set(templates.KINDS)


def test_a_file_is_written_and_agreed_to(qtbot: QtBot, making: PluginMaking) -> None:
    making.ask()
    assert making.dialog is not None
    making.dialog.name.setText("Spiky GAN")
    with qtbot.waitSignal(making.written) as written:
        making.dialog.write.click()
    path = places.plugins() / "spiky_gan.py"
    assert written.args == [str(path)]
    assert Trust(places.trust()).state(path) == "trusted"
    assert making.dialog is None


def test_a_name_that_is_taken_is_refused_in_the_dialog(making: PluginMaking) -> None:
    places.plugins().mkdir(parents=True)
    mine = places.plugins() / "my_gan.py"
    mine.write_text("mine = 1\n")
    making.ask()
    dialog = making.dialog
    assert dialog is not None
    dialog.write.click()
    assert "my_gan" in dialog.problem.text.text()
    assert dialog.isVisible()
    assert mine.read_text() == "mine = 1\n"
    assert Trust(places.trust()).state(mine) == "new"
    dialog.reject()


def test_a_package_is_written_where_one_says_and_not_agreed_to(
    qtbot: QtBot, making: PluginMaking, tmp_path: Path
) -> None:
    making.ask()
    assert making.dialog is not None
    making.dialog.package.click()
    making.dialog.folder.set_value(str(tmp_path))
    with qtbot.waitSignal(making.packaged) as packaged:
        making.dialog.write.click()
    folder = Path(packaged.args[0])
    assert folder.parent == tmp_path
    assert (folder / "pyproject.toml").exists()
    assert not list(places.plugins().glob("*"))


# --- Choosing it in the form -----------------------------------------------------------------------

LOSS = Entry("Spiky", "Spiky", "Mine.", "file: own.py")
TICK = Entry("Smooth", "Smooth", "Mine.", "file: own.py")


def test_a_loss_and_a_regularizer_are_added_to_what_is_chosen() -> None:
    catalogue = replace(
        CATALOGUE, losses=(*CATALOGUE.losses, LOSS), regularizers=(*CATALOGUE.regularizers, TICK)
    )
    before = Experiment.from_dict(DIGITS)
    chosen = with_entry(before, "loss", LOSS, catalogue)
    chosen = with_entry(chosen, "regularizers", TICK, catalogue)
    assert chosen.loss is not None
    assert chosen.loss.kind == "Spiky"
    assert set(chosen.regularizers) == {"R1", "Smooth"}
    assert chosen.architecture == before.architecture
    assert chosen.optimizers == before.optimizers


def test_an_architecture_keeps_data_that_suits_it() -> None:
    own = Entry("Own", "Own", "Mine.", "file: own.py", data_kinds=("images",))
    chosen = with_entry(Experiment.from_dict(DIGITS), "architecture", own, CATALOGUE)
    assert (chosen.architecture.kind, chosen.data.kind) == ("Own", "Digits")
    assert chosen.optimizers == {}
