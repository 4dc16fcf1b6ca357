import sys

import pytest
import torch

from ganstudio.api import InputError
from ganstudio_plugins.table_data import TableFile
from ganstudio_plugins.table_generated import LoanTable
from tests import tables

CELLS = {"size": [f"{n % 13 + n / 4:.2f}" for n in range(40)], "kind": ["a", "b", "a", "c"] * 10}


def load(path, **settings):
    return TableFile(TableFile.Settings(file=path, held_out=0.0, **settings)).load(
        lambda what, share=None: None
    )


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"], ids=["comma", "semicolon", "tab", "bar"])
def test_every_usual_table_is_read(delimiter, tmp_path):
    data = load(tables.write(tmp_path / "t.csv", CELLS, delimiter))
    assert [column.cells(data.values[:, i].numpy()) for i, column in enumerate(data.spec.columns)] == [
        *CELLS.values()
    ]
    assert (data.notes, data.unreadable) == ([], [])


def test_quoted_cells_may_hold_what_stands_between_them(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("name,x\n" + '"a, b",1\n"c\nd",2\n' * 10, encoding="utf-8")
    assert load(path).spec.columns[0].categories == ("a, b", "c\nd")


@pytest.mark.parametrize(
    ("encoding", "told"),
    [
        ("utf-8", ""),
        ("utf-8-sig", ""),
        ("utf-16", "t.csv is read as UTF-16."),
        ("utf-16-le", "t.csv is read as UTF-16-LE."),
        ("utf-32", "t.csv is read as UTF-32."),
        ("cp1252", "t.csv is not UTF-8 and is read as Windows-1252"),
    ],
)
def test_letters_are_read_however_they_are_written_and_that_is_told(encoding, told, tmp_path):
    path = tmp_path / "t.csv"
    path.write_bytes(("größe;art\n" + "1,5;weiß\n2,5;grün\n" * 10).encode(encoding))
    data = load(path)
    assert [column.name for column in data.spec.columns] == ["größe", "art"]
    assert data.spec.columns[1].categories == ("grün", "weiß")
    assert (data.notes[0].startswith(told) and len(data.notes) == 2) if told else len(data.notes) == 1


def test_a_mark_that_is_missing_loses_one_row_and_is_told(tmp_path):
    path = tmp_path / "t.csv"
    rows = [f"{n / 4},a" for n in range(40)] + ['1,"b'] + [f"{n / 4},a" for n in range(60)]
    path.write_text("\n".join(["x,k", *rows]), encoding="utf-8")
    data = load(path)
    assert len(data) == 40
    assert data.unreadable == [
        ("line 42", "a cell in quotation marks goes on for 61 lines, so a mark is missing")
    ]


def test_a_comma_within_quoted_cells_is_not_what_stands_between_them(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("name;x\n" + '"a, b, c";1,5\n"d,\ne, f";2,5\n' * 10, encoding="utf-8")
    assert [column.name for column in load(path).spec.columns] == ["name", "x"]


def test_without_a_header_columns_are_called_by_their_place(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("a,1.5\n" * 12, encoding="utf-8")
    data = load(path)
    assert [column.name for column in data.spec.columns] == ["column 1", "column 2"]
    assert "holds numbers" in data.notes[0]
    assert len(data) == 12


def test_lines_with_other_numbers_of_cells_are_left_out_and_named(tmp_path):
    path = tables.write(tmp_path / "t.csv", CELLS)
    path.write_text(path.read_text() + "1,2,3\n\nalone\n")
    data = load(path)
    assert data.unreadable == [
        ("line 42", "it has 3 cells, not 2"),
        ("line 44", "it has 1 cell, not 2"),
    ]
    assert "2 rows are left out of t.csv: line 42, it has 3 cells, not 2." in data.notes


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("empty.csv", b"", "is empty. A table has a line with the names"),
        ("one.csv", b"a,b\n", "The table has 0 rows"),
        ("no.parquet", b"PAR1 not", "cannot be read as Parquet"),
        ("book.csv", b"PK\x03\x04 rest", "is an Excel workbook.* Save the table as CSV"),
        ("picture.csv", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "holds bytes that no text has"),
        ("cut.csv", "a,b\n".encode("utf-16") + b"\0", "begins as UTF-16 and does not go on so"),
    ],
    ids=["empty", "header alone", "torn", "Excel", "picture", "cut UTF-16"],
)
def test_what_is_no_table_is_refused_with_a_sentence(name, content, sentence, tmp_path):
    if name.endswith(".parquet"):
        pytest.importorskip("pyarrow")
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=sentence):
        load(tmp_path / name)


def test_a_missing_file_is_told(tmp_path):
    with pytest.raises(InputError, match="does not exist"):
        load(tmp_path / "gone.csv")
    with pytest.raises(InputError, match="No file is chosen"):
        load(None)


def test_parquet_is_read_like_text(tmp_path):
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    table = pyarrow.table(
        {"size": [float(cell) for cell in CELLS["size"]], "kind": CELLS["kind"], "list": [[1]] * 40}
    )
    parquet.write_table(table, tmp_path / "t.parquet")
    (tmp_path / "t.parquet").rename(tmp_path / "t.data")
    data = load(tmp_path / "t.data")
    of_text = load(tables.write(tmp_path / "t.csv", CELLS))
    torch.testing.assert_close(data.values, of_text.values)
    assert data.notes == ["Column list holds lists or tables within a cell and is left out."]


def test_without_pyarrow_parquet_is_refused_with_what_helps(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    (tmp_path / "t.parquet").touch()
    with pytest.raises(InputError, match=r"pip install 'ganstudio\[tables\]'"):
        load(tmp_path / "t.parquet")


def test_the_table_that_is_made_up_has_columns_of_every_kind():
    data = LoanTable(LoanTable.Settings(count=2000, modes=4)).load(lambda what, share=None: None)
    columns = {column.name: column for column in data.spec.columns}
    assert {column.holds for column in columns.values()} == {"text", "numbers", "whole numbers", "dates"}
    assert columns["balance"].missing > 0.03
    assert 0 < min(columns["region"].shares) < 0.04
    assert data.spec.target == "repaid"
    assert (len(data), len(data.held_out[0])) == (1600, 400)
