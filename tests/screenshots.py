"""``python -m tests.screenshots FOLDER [PRESET]``: pictures of the window in its states, from real training.

A run of the preset to its end, a pause, a branch beside it, a collapse that is named and mended, a failure, a
broken plugin; in both themes. ``health`` in place of a preset makes those of the collapse alone.
``QT_SCALE_FACTOR=2`` makes them twice as large.
"""

import os
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["GANSTUDIO_HOME"] = tempfile.mkdtemp()

from ganstudio.branching import branch_experiment
from ganstudio.gui import theme
from ganstudio.runs.history import read_history
from tests.driving import Driver

BROKEN = "import package_that_is_not_here\n"
MORE_STEPS = 1200


def main(folder: Path, preset: str = "mnist-dcgan") -> None:
    """Make every picture."""
    folder.mkdir(parents=True, exist_ok=True)
    _install_broken_plugin()
    driver = Driver()
    driver.window.resize(1280, 800)
    driver.open()
    if preset == "health":
        _collapse(driver, folder)
        driver.close()
        return
    driver.window.tabs.show_page("Plugins")
    _picture(driver, folder, "plugins")
    driver.window.tabs.show_page("Data")
    driver.wait(lambda: driver.window.tabs.data().page.report is not None, 60)
    _picture(driver, folder, "data")
    driver.window.tabs.show_page("Live")
    _picture(driver, folder, "rest")
    _train(driver, folder, preset)
    _branch(driver, folder)
    _collapse(driver, folder)
    _fail(driver, folder)
    driver.close()


def _train(driver: Driver, folder: Path, preset: str) -> None:
    driver.window.experiment.set_experiment(driver.preset(preset))
    driver.window.train()
    driver.wait(lambda: driver.session.state == "running", 60)
    driver.spin(6)
    driver.session.edit("optimizers.generator.learning_rate", 1e-3)
    driver.spin(3)
    _picture(driver, folder, "training")
    driver.session.pause()
    driver.wait(lambda: driver.session.state == "paused", 10)
    _picture(driver, folder, "paused")
    driver.session.edit("optimizers.generator.learning_rate", 2e-3)
    driver.session.resume()
    driver.wait(lambda: driver.session.state == "finished", 600)
    driver.spin(1)
    _picture(driver, folder, "trained")


def _branch(driver: Driver, folder: Path) -> None:
    """Go on with other rates in a run of its own, and hold both side by side."""
    run = driver.session.run_path
    assert run is not None
    history = read_history(run)
    step = history.checkpoints[0].step
    experiment = branch_experiment(run, step)
    for name, rates in experiment.optimizers.items():
        path = f"optimizers.{name}.learning_rate"
        experiment = experiment.with_value(path, rates["learning_rate"] / 4)
    experiment = experiment.with_value("training.steps", step + MORE_STEPS)
    driver.session.branch(run, step, experiment.renamed("a quarter of the rates"))
    driver.wait(lambda: driver.session.state == "running", 60)
    driver.wait(lambda: driver.session.state == "finished", 600)
    assert driver.session.run_path is not None
    driver.window.journeys.compare([run, driver.session.run_path])
    driver.spin(3)
    _picture(driver, folder, "compare")
    driver.window.tabs.show_page("Runs")
    driver.spin(3)
    _picture(driver, folder, "runs")


def _collapse(driver: Driver, folder: Path) -> None:
    """Let a ring collapse, and press the first remedy of what is found."""
    experiment = driver.preset("ring").with_value("optimizers.generator.learning_rate", 0.05)
    driver.window.experiment.set_experiment(experiment)
    driver.window.train()
    panel = driver.window.health.panel
    driver.wait(lambda: panel.level() == "bad", 240)
    driver.session.stop()
    driver.wait(lambda: driver.session.state == "finished", 60)
    driver.window.health.show()
    _picture(driver, folder, "collapse")
    panel.detail.remedies[0].button.click()
    driver.wait(lambda: driver.session.state == "running", 60)
    driver.wait(lambda: driver.session.state == "finished", 600)
    driver.spin(2)
    _picture(driver, folder, "mended")


def _fail(driver: Driver, folder: Path) -> None:
    experiment = driver.preset("ring").with_value("optimizers.generator.learning_rate", 1.0)
    experiment = experiment.with_value("optimizers.discriminator.learning_rate", 1.0)
    experiment = experiment.with_value("optimizers.generator.kind", "SGD")
    experiment = experiment.with_value("optimizers.discriminator.kind", "SGD")
    experiment = experiment.with_value("loss.kind", "LeastSquares")
    driver.window.experiment.set_experiment(experiment)
    driver.window.train()
    driver.wait(lambda: driver.session.state in ("failed", "finished"), 60)
    driver.spin(1)
    _picture(driver, folder, "failed")


def _picture(driver: Driver, folder: Path, name: str) -> None:
    for look in ("dark", "light"):
        theme.apply(driver.app, look)
        driver.spin(0.5)
        driver.window.grab().save(str(folder / f"{name}-{look}.png"))


def _install_broken_plugin() -> None:
    site = Path(tempfile.mkdtemp())
    site.joinpath("broken_gan.py").write_text(BROKEN)
    info = site / "broken_gan-0.3.dist-info"
    info.mkdir()
    info.joinpath("METADATA").write_text("Metadata-Version: 2.1\nName: broken-gan\nVersion: 0.3\n")
    info.joinpath("entry_points.txt").write_text("[ganstudio]\nbroken = broken_gan\n")
    sys.path.insert(0, str(site))


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
