import sys
from collections.abc import Callable
from types import ModuleType

import pytest

import ganstudio.failures
from ganstudio.api import InputError, StudioError
from ganstudio.failures import describe_failure, plugin_place
from tests.installing import InstallPlugin

pytestmark = pytest.mark.allow_log_warnings


def caught(call: Callable[[], object]) -> Exception:
    """Return what ``call`` raises, with the frames from here on, as the studio sees it."""
    try:
        call()
    except Exception as error:
        # The frame of this very function is a test's, not a plugin's.
        error.__traceback__ = error.__traceback__.tb_next
        return error
    raise AssertionError("it was to raise")


@pytest.fixture
def plugin(install_plugin: InstallPlugin) -> tuple[ModuleType, str]:
    installed = install_plugin(
        "failing",
        """
        import json

        def directly():
            raise KeyError("mine")

        def deeply():
            json.loads("{")

        def silently():
            raise RuntimeError

        def at_length():
            raise ValueError("first line\\nsecond line")

        def through(call):
            call()
        """,
    )
    __import__("failing")
    return sys.modules["failing"], str(installed.module)


@pytest.mark.parametrize("kind", [StudioError, InputError])
def test_a_sentence_is_told_as_it_is(kind: type[StudioError]) -> None:
    message, details = describe_failure(kind("What is wrong, where, and what to do."))
    assert message == "What is wrong, where, and what to do."
    assert kind.__name__ in details


@pytest.mark.parametrize(
    ("function", "line", "said"),
    [
        ("directly", 5, "KeyError: 'mine'"),
        (
            "deeply",
            8,
            "JSONDecodeError: Expecting property name enclosed in double quotes: line 1 column 2 (char 1)",
        ),
        ("silently", 11, "RuntimeError"),
        ("at_length", 14, "ValueError: first line"),
    ],
)
def test_a_plugins_file_and_line_come_first(
    function: str, line: int, said: str, plugin: tuple[ModuleType, str]
) -> None:
    module, file = plugin
    message, details = describe_failure(caught(getattr(module, function)))
    assert message == f"{file} line {line}, in {function}: {said}"
    assert "Traceback (most recent call last)" in details


def test_the_deepest_line_of_a_plugin_counts(plugin: tuple[ModuleType, str]) -> None:
    module, file = plugin
    assert plugin_place(caught(lambda: module.through(module.directly))).startswith(f"{file} line 5,")


def test_a_failure_of_the_studio_itself_names_no_plugin() -> None:
    error = caught(lambda: ganstudio.failures.Path(3))
    error.__traceback__ = error.__traceback__.tb_next
    message, _details = describe_failure(error)
    assert message.startswith("TypeError: ")


def test_a_library_of_the_studios_own_is_no_plugin() -> None:
    import click

    def call() -> None:
        click.Context(click.Command("x")).invoke(lambda: 1 / 0)

    error = caught(call)
    frames = error.__traceback__.tb_next
    assert "click" in frames.tb_frame.f_code.co_filename
    # Without the frames of this test there is only click's own.
    frames.tb_next = None
    error.__traceback__ = frames
    assert plugin_place(error) == ""


def test_running_out_of_memory_says_what_helps() -> None:
    message, _details = describe_failure(MemoryError("9 GiB were asked for."))
    assert message == (
        "The device ran out of memory: 9 GiB were asked for. "
        "Half the batch size needs about half the memory; a smaller width helps too."
    )


def test_the_traceback_goes_to_the_log(allow_log_warnings: list) -> None:
    describe_failure(caught(lambda: [][1]))
    (record,) = allow_log_warnings
    assert record.levelname == "ERROR"
    assert "IndexError: list index out of range" in record.getMessage()
