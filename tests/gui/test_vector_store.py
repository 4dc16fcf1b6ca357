import numpy as np
import pytest

from ganstudio.api.events import VectorRecord
from ganstudio.gui.vector_store import MOST, VectorStore

NAME = "layer_grad_norm/generator"


def record(step: int, *values: float, labels: tuple[str, ...] = ()) -> VectorRecord:
    return VectorRecord(step, {NAME: values or (float(step),)}, {NAME: labels} if labels else {})


def steps(store: VectorStore) -> list[int]:
    table = store.table(NAME, 10_000)
    return [] if table is None else table.steps.tolist()


@pytest.mark.parametrize(
    ("step", "nearest"), [(None, 300), (0, 100), (149, 100), (151, 200), (900, 300)], ids=str
)
def test_the_figures_of_a_step_are_those_nearest_to_it(step: int | None, nearest: int):
    store = VectorStore()
    for each in (100, 200, 300):
        store.add(record(each))
    found = store.at(NAME, step)
    assert found is not None
    assert (found[0], found[1].tolist()) == (nearest, [nearest])


def test_of_a_long_run_an_even_part_is_kept_with_both_ends():
    store = VectorStore()
    for step in range(20_000):
        store.add(record(step))
    kept = store._steps[NAME]
    assert MOST / 2 < len(kept) <= MOST
    assert (kept[0], kept[-1]) == (0, 19_999)
    assert len(set(np.diff(kept[:-1]).tolist())) == 1


def test_a_run_that_goes_back_forgets_what_came_after():
    store = VectorStore()
    for step in (10, 20, 30, 20):
        store.add(record(step))
    assert steps(store) == [10, 20]
    store.cut(15)
    assert steps(store) == [10]
    store.cut(5)
    assert NAME not in store
    assert store.names == []


def test_the_past_comes_before_what_is_there_and_takes_nothing_of_it():
    store = VectorStore()
    store.add(record(30, 3.0))
    store.add_past([record(10, 1.0, labels=("first",)), record(20, 2.0), record(30, 9.0), record(40, 9.0)])
    assert steps(store) == [10, 20, 30]
    table = store.table(NAME, 10)
    assert table is not None
    assert table.values.tolist() == [[1.0, 2.0, 3.0]]
    assert table.labels == ("first",)


def test_a_table_has_at_most_so_many_columns_evenly_along_the_steps():
    store = VectorStore()
    for step in [*range(0, 100), 1000]:
        store.add(record(step, float(step), 1.0, labels=("0", "blocks.1.weight")))
    table = store.table(NAME, 11)
    assert table is not None
    assert table.steps.tolist() == [0, 99, 99, 99, 99, 99, 1000, 1000, 1000, 1000, 1000]
    assert table.edges == (0, 1000)
    assert table.values.shape == (2, 11)
    assert table.labels == ("layer 0", "blocks.1.weight")
