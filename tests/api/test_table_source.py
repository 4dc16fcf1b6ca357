import json

import pytest
import torch
from pydantic import ValidationError

from ganstudio.api import InputError, TableSpec
from ganstudio.api.data import spec_from_dict, spec_kind, spec_to_dict
from ganstudio.resuming import data_fingerprint
from tests import tables

CELLS = {"size": [str(n % 13 + n / 4) for n in range(40)], "kind": ["a", "b", "a", "c"] * 10}


def test_a_table_is_numbers_with_what_they_stand_for():
    data = tables.load(CELLS, target="kind")
    assert data.values.dtype == torch.float32
    assert tuple(data.values.shape) == (40, 2)
    assert [(column.name, column.kind) for column in data.spec.columns] == [
        ("size", "continuous"),
        ("kind", "categorical"),
    ]
    assert data.spec.columns[1].counts == (20, 10, 10)
    assert (data.spec.target_column, data.columns) == (1, ("size", "kind"))
    assert abs(float(data.values[:, 0].mean())) < 1e-5


def test_rows_are_held_out_once_and_for_all():
    first, second = (tables.load(CELLS, held_out=0.25) for _ in range(2))
    assert (len(first), len(first.held_out[0])) == (30, 10)
    assert torch.equal(first.held_out[0].values, second.held_out[0].values)
    assert first.spec == first.held_out[0].spec


def test_what_numbers_stand_for_is_kept_with_the_weights():
    spec = tables.load(CELLS, target="kind").spec
    assert spec_from_dict(json.loads(json.dumps(spec_to_dict(spec)))) == spec
    assert spec_kind(TableSpec) == "tables"
    assert spec.describe() == "rows of 1 categorical and 1 continuous columns"


def test_a_table_in_other_units_is_other_data():
    thousands = {**CELLS, "size": [f"{float(cell) * 1000}" for cell in CELLS["size"]]}
    one, other = tables.load(CELLS), tables.load(thousands)
    torch.testing.assert_close(one.values, other.values)
    assert data_fingerprint(one) != data_fingerprint(other)


def test_treatments_are_obeyed_and_told():
    data = tables.load(CELLS, treat="kind=leave out; size=categorical")
    assert [column.name for column in data.spec.columns] == ["size"]
    assert data.spec.columns[0].categorical
    assert "Column kind is left out, as asked." in data.notes


@pytest.mark.parametrize("treat", ["size", "size=roughly", "=date"])
def test_what_is_no_treatment_is_refused_before_any_data_is_read(treat):
    with pytest.raises(ValidationError, match="is to be a column and its treatment"):
        tables.Given.Settings(treat=treat)


@pytest.mark.parametrize(
    ("cells", "settings", "sentence"),
    [
        (
            CELLS,
            {"treat": "colour=date"},
            "Treat names a column 'colour' that is not there. There are: size, kind.",
        ),
        (CELLS, {"target": "colour"}, "There is no column 'colour' to be the target"),
        ({"x": ["1", "2"]}, {}, "The table has 2 rows that can be read, and 10 are the least"),
        ({"x": [""] * 12}, {}, "No column of the table can be learned. Column x is empty"),
    ],
    ids=["treated", "target", "rows", "nothing"],
)
def test_what_cannot_be_learned_is_refused_with_a_sentence(cells, settings, sentence):
    with pytest.raises(InputError) as refused:
        tables.load(cells, **settings)
    assert sentence in str(refused.value)


def test_the_target_is_what_a_classifier_names_even_where_it_is_a_number():
    assert tables.load(CELLS, target="size").spec.columns[0].categorical


def test_every_column_gets_a_name_of_its_own():
    source = tables.Given(tables.Given.Settings())
    raw = tables.RawTable(["a", "a", ""], [["x", "y"] * 8] * 3)
    source.read = lambda report: raw
    data = source.load(lambda what, share=None: None)
    assert [column.name for column in data.spec.columns] == ["a", "a 2", "column 3"]
    assert len(data.notes) == 2
