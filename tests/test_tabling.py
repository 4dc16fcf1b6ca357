import csv
import re
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import numpy as np
import pytest

from ganstudio import inspection, launch
from ganstudio.api import InputError
from ganstudio.experiment import Choice
from ganstudio.registry import Registry
from ganstudio.runs import pictures
from ganstudio.runs.folder import RunFolder
from ganstudio.sampling import write_samples
from ganstudio.session.thumbnails import read_thumbnail
from ganstudio.tabling import write_rows
from ganstudio.training.controls import Controls
from ganstudio_plugins.table_data import TableFile
from tests import tables
from tests.commands import ganstudio


@pytest.fixture(scope="module")
def registry() -> Registry:
    return Registry.load()


@pytest.fixture(scope="module")
def run(registry: Registry, tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    place = tmp_path_factory.mktemp("runs") / "loans"
    request = launch.Request(tables.loans(), "cpu", place)
    prepared = launch.prepare(request, registry, Controls(), lambda what, share: None)
    for _event in launch.train(prepared):
        pass
    return RunFolder.open(place)


def lines(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def test_rows_are_written_as_the_table_was(run, registry, tmp_path):
    path = write_samples(run.path, registry, 300, 3, tmp_path / "rows.csv")
    head, *rows = lines(path)
    assert head[:4] == ["age", "education", "job", "region"]
    assert len(rows) == 300
    assert {row[13] for row in rows} <= {"yes", "no"}
    assert all(len(row[12]) == 10 and row[12][4] == "-" for row in rows)


def test_the_same_seed_gives_the_same_rows(run, registry, tmp_path):
    first, second, other = (
        write_samples(run.path, registry, 40, seed, tmp_path / f"{name}.csv").read_bytes()
        for seed, name in ((1, "a"), (1, "b"), (2, "c"))
    )
    assert first == second != other


def test_many_rows_are_made_in_parts(run, registry, tmp_path, monkeypatch):
    monkeypatch.setattr("ganstudio.tabling.AT_ONCE", 64)
    assert len(lines(write_samples(run.path, registry, 150, 0, tmp_path / "rows.tsv"))) == 151


def test_a_category_can_be_asked_for(run, registry, tmp_path):
    path = write_samples(run.path, registry, 30, 0, tmp_path / "rows.csv", "job=care")
    assert {row[2] for row in lines(path)[1:]} == {"care"}
    with pytest.raises(InputError, match="is to name a column and a category"):
        write_samples(run.path, registry, 30, 0, None, "care")


def test_parquet_has_types(run, registry, tmp_path):
    pytest.importorskip("pyarrow")
    from pyarrow import parquet

    table = parquet.read_table(write_samples(run.path, registry, 50, 0, tmp_path / "rows.parquet"))
    assert {str(table.schema.field(name).type) for name in ("age", "late", "months")} == {"int64"}
    assert str(table.schema.field("asked").type) == "date32[day]"
    assert table.num_rows == 50


def test_what_parquet_gives_it_gets_back(tmp_path):
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    given = {
        "whole": pyarrow.array([*range(20, 50), None], pyarrow.int64()),
        "part": pyarrow.array([n / 4 for n in range(31)], pyarrow.float64()),
        "truth": pyarrow.array([*[True, False] * 15, None], pyarrow.bool_()),
        "kind": pyarrow.array(["a", "b", "c"] * 10 + [None], pyarrow.string()),
        "day": pyarrow.array([date(2024, 3, n) for n in range(1, 32)], pyarrow.date32()),
        "time": pyarrow.array([datetime(2024, 3, n, 12, 30) for n in range(1, 32)], pyarrow.timestamp("s")),
    }
    parquet.write_table(pyarrow.table(given), tmp_path / "given.parquet")
    data = TableFile(TableFile.Settings(file=tmp_path / "given.parquet", held_out=0.0)).load(
        lambda what, share=None: None
    )
    write_rows(tmp_path / "back.parquet", data.spec.columns, [data.values.numpy()])
    back = parquet.read_table(tmp_path / "back.parquet")
    assert back.schema.names == list(given)
    assert [str(field.type) for field in back.schema][2:5] == ["bool", "string", "date32[day]"]
    assert back.to_pydict() == {name: values.to_pylist() for name, values in given.items()}


def test_cells_come_back_in_the_form_of_the_file(registry, tmp_path):
    source = tmp_path / "given.csv"
    rows = [f"{n % 3}=x;{n},5;1.0{n:02},25 €;{1 + n % 28}.2.2024;{n or 'NA'}" for n in range(60)]
    source.write_text("\n".join(["kind = a;comma;money;day;whole", *rows]), encoding="utf-16")
    loans = tables.loans(steps=1)
    experiment = replace(loans, data=Choice("TableFile", {"file": str(source), "modes": 2}))
    request = launch.Request(experiment, "cpu", tmp_path / "run")
    for _event in launch.train(launch.prepare(request, registry, Controls(), lambda what, share: None)):
        pass
    done = ganstudio(
        "sample", tmp_path / "run", "--label", "kind = a=1=x", "--out", tmp_path / "rows.csv", "--count", "90"
    )
    assert done.exit_code == 0, done.output
    head, *made = lines(tmp_path / "rows.csv")
    assert head == ["kind = a", "comma", "money", "day", "whole"]
    forms = ["1=x", r"\d+,\d", r"1\.0\d\d,\d\d €", r"[12]?\d\.2\.2024", r"\d*"]
    for row in made:
        assert all(re.fullmatch(form, cell) for form, cell in zip(forms, row, strict=True)), row


def test_other_files_are_refused_and_leave_nothing_behind(run, registry, tmp_path):
    with pytest.raises(InputError, match=r"as \.csv, \.tsv or \.parquet, not as rows\.png"):
        write_samples(run.path, registry, 5, 0, tmp_path / "rows.png")
    assert list(tmp_path.iterdir()) == []


def test_the_command_writes_rows(run, tmp_path):
    done = ganstudio("sample", str(run.path), "--count", "20", "--out", str(tmp_path / "rows.csv"))
    assert done.exit_code == 0, done.output
    assert len(lines(tmp_path / "rows.csv")) == 21


def test_kept_previews_are_read_again(run):
    kept = pictures.read(run.path / "samples" / "000000002.png")
    real = pictures.read(run.path / "samples" / "real.png")
    assert (kept.kind, kept.array.shape, kept.array.dtype) == ("table", (1000, 14), np.float32)
    assert kept.table == real.table
    assert kept.table[1].categories == ("college", "school", "training", "university")


def test_a_torn_table_is_the_picture_of_its_columns(run, tmp_path):
    source = run.path / "samples" / "000000002.png"
    (tmp_path / source.name).write_bytes(source.read_bytes())
    (tmp_path / "000000002.npz").write_bytes(source.with_suffix(".npz").read_bytes()[:500])
    found = pictures.read(tmp_path / source.name)
    assert (found.kind, len(found.array), found.array.shape[3]) == ("images", 1, 3)


def test_a_run_has_a_small_picture(run):
    assert read_thumbnail(run.path / "samples" / "000000002.png").pixels.ndim == 3


def test_a_look_says_what_every_column_is(registry):
    report = inspection.inspect(tables.loans(), registry, lambda what, share=None: None)
    assert (report.kind, report.groups, report.held_out) == ("tables", "categories", 80)
    assert [name for name, _count in report.classes] == ["no", "yes"]
    assert [column.name for column in report.table][:2] == ["age", "education"]
    assert report.not_finite == 0
    assert report.of_class[1].array.shape[1] == 14
