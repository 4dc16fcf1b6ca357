"""Plugins loaded anew by the real session: between runs, and never under one."""

from pathlib import Path

import pytest

from ganstudio import places
from ganstudio.catalogue import PluginState, find
from ganstudio.discovery.trust import Trust
from tests import experiments
from tests.session.conftest import Watched
from tests.session.test_session import ENDLESS

LOSS = """
from ganstudio.api import AdversarialLoss, hookimpl

class {name}(AdversarialLoss):
    "A loss for tests (unpublished)."
    title = "{title}"
    def discriminator_loss(self, real_logits, fake_logits):
        return (fake_logits - real_logits).mean()
    def generator_loss(self, fake_logits, real_logits):
        return -fake_logits.mean()

@hookimpl
def ganstudio_losses():
    return [{name}]
"""


def save(title: str, name: str = "OwnLoss", agree: bool = True) -> Path:
    return save_text(LOSS.format(title=title, name=name), agree)


def save_text(text: str, agree: bool = True) -> Path:
    path = places.plugins() / "own.py"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    if agree:
        Trust(places.trust()).agree(path)
    return path


def titles(watched: Watched) -> list[str]:
    losses = watched.session.catalogue.losses
    return [entry.title for entry in losses if entry.kind == "OwnLoss"]


def state(watched: Watched) -> PluginState:
    return next(plugin for plugin in watched.session.catalogue.plugins if plugin.name == "own")


def reload(watched: Watched) -> None:
    with watched.qtbot.waitSignal(watched.session.catalogueChanged, timeout=60_000):
        watched.session.reload_plugins()
    watched.qtbot.wait(1)


def test_what_a_file_says_now_is_in_the_catalogue(watched: Watched) -> None:
    assert titles(watched) == []
    save("First")
    reload(watched)
    assert titles(watched) == ["First"]
    save("Second")
    reload(watched)
    assert titles(watched) == ["Second"]


def test_a_file_that_fails_now_stays_as_it_was_and_is_stale(watched: Watched) -> None:
    save("First")
    reload(watched)
    save_text("1 / 0")
    reload(watched)
    assert titles(watched) == ["First"]
    assert (state(watched).state, state(watched).brings) == ("stale", ("First",))
    save("Mended")
    reload(watched)
    assert (titles(watched), state(watched).state) == (["Mended"], "loaded")


def test_a_file_nobody_agreed_to_is_listed_and_not_run(watched: Watched, tmp_path: Path) -> None:
    save_text(f"open({str(tmp_path / 'ran')!r}, 'w')", agree=False)
    reload(watched)
    assert state(watched).state == "untrusted"
    assert not (tmp_path / "ran").exists()


def test_a_run_keeps_its_code_and_the_reload_comes_at_its_end(watched: Watched) -> None:
    save("First")
    reload(watched)
    said: list[str] = []
    watched.session.reloadingChanged.connect(said.append)
    watched.train(experiments.ring(steps=ENDLESS).with_value("loss.kind", "OwnLoss"))
    watched.until_state("running")
    save("Second")
    for _ in range(3):
        watched.session.reload_plugins()
    watched.qtbot.wait(300)
    assert titles(watched) == ["First"]
    assert watched.session.state == "running"
    assert said == ["waiting"]
    watched.session.stop(save=False)
    watched.until(lambda: titles(watched) == ["Second"])
    watched.until(lambda: said[-1] == "")
    assert said == ["waiting", "reloading", ""]
    assert watched.session.state == "finished"


@pytest.mark.allow_log_warnings
def test_the_next_run_has_the_new_code(watched: Watched) -> None:
    save_text(LOSS.format(title="Own", name="OwnLoss").replace("fake_logits.mean()", "broken"))
    reload(watched)
    watched.train(experiments.ring(steps=5).with_value("loss.kind", "OwnLoss"))
    watched.until_state("failed")
    watched.until_free()
    save("Own")
    reload(watched)
    watched.train(experiments.ring(steps=5).with_value("loss.kind", "OwnLoss"))
    watched.until_state("finished")
    watched.until_free()


def test_another_run_asked_for_meanwhile_comes_after_the_reload(watched: Watched) -> None:
    save("Own")
    watched.session.reload_plugins()
    watched.train(experiments.ring(steps=5).with_value("loss.kind", "OwnLoss"))
    watched.until_state("finished")
    watched.until_free()
    assert watched.problems == []


def test_data_is_looked_at_with_the_new_plugins(watched: Watched) -> None:
    before = watched.session.data_look.registry
    save("Own")
    reload(watched)
    registry = watched.session.data_look.registry
    assert registry is not before
    assert registry is not None
    assert registry.get("loss", "OwnLoss") is not None


def test_before_plugins_are_loaded_nothing_is_loaded_anew(unloaded: Watched) -> None:
    unloaded.session.reload_plugins()
    unloaded.qtbot.wait(50)
    assert not unloaded.session.ready
    assert find(unloaded.session.catalogue.losses, "OwnLoss") is None


@pytest.mark.allow_log_warnings
def test_where_all_of_it_fails_the_plugins_stay(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_registry: object) -> None:
        raise OSError("no such disk")

    catalogue, registry = watched.session.catalogue, watched.session.data_look.registry
    monkeypatch.setattr(type(registry), "reload", fail)
    with watched.qtbot.waitSignal(watched.session.reloadFailed, timeout=60_000) as told:
        watched.session.reload_plugins()
    assert "no such disk" in told.args[0]
    assert watched.session.catalogue is catalogue
    assert watched.session.data_look.registry is registry
