import json

import pytest

from ganstudio.catalogue import Catalogue, Entry, FieldSpec, PluginState, find

CATALOGUE = Catalogue(
    architectures=(
        Entry(
            "Mine",
            "My GAN",
            "It is mine.",
            "mine: mine",
            fields=(
                FieldSpec("width", "width", "int", 8, "Sizes", 1, 64, True, "px", True),
                FieldSpec("mode", "mode", "choice", "a", choices=("a", "b")),
            ),
            data_kinds=("images", "points"),
            adversarial=True,
            optimizers={"net": {"learning_rate": 0.1}},
        ),
    ),
    augmentations=(Entry("Mine", "My change", "It is mine.", "mine: mine", data_kinds=("images",)),),
    optimizer=(FieldSpec("beta1", "beta1", "float", 0.5, low=0.0, high=0.9),),
    training=(FieldSpec("steps", "steps", "int", 5),),
    presets=({"name": "one", "data": {"kind": "Ring"}, "preset": {"group": "2-D", "minutes": 2.0}},),
    plugins=(PluginState("mine", "mine: mine", "1.0", ("My GAN",), "It failed.", "Traceback", 0.5),),
)


def test_survives_being_written_as_text() -> None:
    assert Catalogue.from_json(CATALOGUE.to_json()) == CATALOGUE
    assert Catalogue.from_json(Catalogue().to_json()) == Catalogue()


def damaged(**changes: object) -> str:
    return json.dumps({**json.loads(CATALOGUE.to_json()), **changes})


@pytest.mark.parametrize(
    "text",
    [
        *("", "[]", "null", "3", "{}", CATALOGUE.to_json()[:-20]),
        damaged(format=0),
        damaged(format="1"),
        damaged(architectures=[{"kind": "Half"}]),
        damaged(architectures=7),
        damaged(optimizer=[{}]),
        damaged(plugins=[{"name": "x", "unknown": 1, "brings": []}]),
        damaged(training=None),
        damaged(data=["text"]),
    ],
)
def test_anything_else_is_a_value_error(text: str) -> None:
    with pytest.raises(ValueError):
        Catalogue.from_json(text)


def test_entries_are_found_by_their_class_name() -> None:
    assert find(CATALOGUE.architectures, "Mine") is CATALOGUE.architectures[0]
    assert find(CATALOGUE.architectures, "mine") is None


@pytest.mark.parametrize(
    ("field", "words"),
    [
        (FieldSpec("a", "a", "int", 1, low=1, high=100_000_000), "a whole number from 1 to 100 000 000"),
        (FieldSpec("a", "a", "float", 1, low=1e-7, high=0.99999), "a number from 1e-07 to 0.99999"),
        (FieldSpec("a", "a", "float", 1), "a number"),
        (FieldSpec("a", "a", "bool", True), "true or false"),
        (FieldSpec("a", "a", "choice", "x", choices=("x", "y")), "one of x, y"),
        (FieldSpec("a", "a", "path", ""), "a path"),
        (FieldSpec("a", "a", "text", ""), "text"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_a_field_allows_is_told_in_words(field: FieldSpec, words: str) -> None:
    assert field.range_text() == words
