"""Data reports by hand: what the data page is tested with, without reading any data."""

from dataclasses import replace

import numpy as np

from ganstudio.api.table_columns import TableColumn
from ganstudio.api.table_treatments import TREATMENTS, FoundColumn
from ganstudio.data_report import DataReport, Looked


def images(count: int, shade: int) -> Looked:
    return Looked(np.full((count, 8, 8, 1), shade, np.uint8), (0,) * count)


def points(count: int, label: int = 0) -> Looked:
    array = np.random.default_rng(label).normal(size=(count, 2)).astype(np.float32)
    return Looked(array, (label,) * count)


IMAGES = DataReport(
    source="Digits",
    kind="images",
    spec={"kind": "images"},
    described="8 × 8 grey images",
    count=5000,
    shape=(1, 8, 8),
    low=0.0,
    high=255.0,
    mean=(33.3,),
    spread=(78.6,),
    memory=320_000,
    examples=images(20, 40),
    of_class={0: images(5, 90), 1: images(5, 160)},
    classes=(("zero", 4000), ("one", 1000)),
    seconds=0.12,
)
COPIED = replace(IMAGES, copies=12, copied=images(4, 220), notes=("3 images in grey became RGB.",))
POINTS = replace(
    IMAGES,
    source="Ring",
    kind="points",
    described="2-D points",
    shape=(2,),
    mean=(0.0, 0.0),
    spread=(0.7, 0.7),
    low=-1.04,
    high=1.0,
    examples=points(60),
    of_class={0: points(30), 1: points(30, 1)},
    classes=(("0", 2500), ("1", 2500)),
    centres=((1.0, 0.0), (-1.0, 0.0)),
)

_NO_DATE = ("continuous", "categorical", "leave out")
ROWS = replace(
    IMAGES,
    source="Table",
    kind="tables",
    described="rows of 1 categorical and 2 continuous columns",
    spec={"kind": "tables", "target": "kind"},
    shape=(3,),
    examples=Looked(np.zeros((20, 3), np.float32)),
    of_class={},
    classes=(("a", 4000), ("b", 1000)),
    groups="categories",
    notes=("The file is large.", "Column note has 5000 different texts and is left out."),
    columns=("size", "born", "kind", "note"),
    table=(
        TableColumn("size", "continuous", missing=0.002),
        TableColumn("born", "continuous", "dates", form="%Y-%m-%d"),
        TableColumn("kind", "categorical", "text", ("a", "b"), (4000, 1000)),
    ),
    found=(
        FoundColumn("size", "numbers", 0.002, 1234, "continuous", "continuous", _NO_DATE),
        FoundColumn("born", "dates", 0.0, 900, "date", "date", TREATMENTS),
        FoundColumn("kind", "text", 0.0, 2, "categorical", "categorical", TREATMENTS[1::2]),
        FoundColumn(
            "note",
            "text",
            0.25,
            5000,
            "leave out",
            "leave out",
            TREATMENTS[1::2],
            ("Column note has 5000 different texts and is left out.",),
        ),
    ),
)
