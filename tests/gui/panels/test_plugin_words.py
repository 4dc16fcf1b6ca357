from dataclasses import replace

import pytest

from ganstudio.catalogue import PluginState
from ganstudio.gui import icons
from ganstudio.gui.panels import plugin_words
from tests.gui import plugin_states as states


def test_every_state_has_a_word_a_shape_and_a_colour_of_its_own_or_a_different_shape() -> None:
    looks = list(plugin_words.LOOKS.values())
    assert len({look.word for look in looks}) == len(looks)
    assert len({look.icon for look in looks}) == len(looks)
    assert {look.icon for look in looks} <= set(icons.names())


def test_what_there_is_to_look_at_comes_first_then_ones_own() -> None:
    names = [plugin.name for plugin in plugin_words.in_order(states.EVERY)]
    assert set(names[:4]) == {"broken", "late", "new", "other"}
    assert names[4:] == ["own", "once", "digits", "off"]


@pytest.mark.parametrize(
    ("plugin", "words"),
    [
        (states.LOADED, "It brings Digits."),
        (states.FAILED, "It failed to load. It needs the package x."),
        (states.STALE, "The version that was loaded before stays in use."),
        (states.UNTRUSTED, "does not run until you have read it"),
        (states.CHANGED, "What it brought before stays in use: Other GAN."),
        (states.DISABLED, "It was disabled."),
        (replace(states.LOADED, brings=()), "It brings nothing."),
    ],
    ids=["loaded", "failed", "stale", "untrusted", "changed", "disabled", "empty"],
)
def test_each_state_reads_as_sentences(plugin: PluginState, words: str) -> None:
    assert words in plugin_words.sentence(plugin)


def test_sources_are_told_in_short() -> None:
    sources = [plugin_words.short_source(plugin) for plugin in states.EVERY]
    assert sources[:3] == ["built in", "mine", "own file: own.py"]
    assert sources[-1] == "this session: once.py"


def test_the_summary_counts_every_state() -> None:
    assert plugin_words.summary([states.LOADED, states.LOADED, states.FAILED]) == "2 loaded, 1 failed"
    assert plugin_words.summary([]) == "No plugins were found."


def test_a_report_holds_what_somebody_else_needs() -> None:
    report = plugin_words.report(replace(states.STALE, printed="hello\n", notes=("It is slow.",)))
    for part in (
        "late (stale), GAN Studio",
        "ValueError",
        "/plugins/late.py",
        "Traceback: no",
        "hello",
        "slow",
    ):
        assert part in report


@pytest.mark.parametrize(
    ("wrong", "to_agree", "text"),
    [
        (0, 0, "Plugins"),
        (2, 0, "Plugins (2 failed)"),
        (0, 1, "Plugins (1 to look at)"),
        (1, 1, "Plugins (2 to look at)"),
    ],
)
def test_the_tab_says_what_there_is_to_look_at(wrong: int, to_agree: int, text: str) -> None:
    assert plugin_words.tab_text(wrong, to_agree) == text
