import torch

from ganstudio.api import TableColumn, TableSpec
from ganstudio_plugins.table_codec import Rows, TableCodec
from ganstudio_plugins.table_conditions import Asked, TableConditions

MODES = ((-2.0, 0.1, 0.25), (0.0, 0.5, 0.75))
SPEC = TableSpec(
    (
        TableColumn("x", "continuous", modes=MODES, missing=0.1, low=-9, high=9),
        TableColumn("kind", "categorical", "text", ("a", "b", "c"), (89, 10, 1)),
        TableColumn("same", "categorical", "text", ("only",), (100,)),
        TableColumn("y", "continuous"),
        TableColumn("flag", "categorical", "text", ("no", "yes"), (50, 50)),
    )
)
CODEC, CONDITIONS = TableCodec(SPEC), TableConditions(SPEC)


def rows(count: int = 500) -> torch.Tensor:
    chance = torch.Generator().manual_seed(0)
    x = torch.where(torch.rand(count, generator=chance) < 0.25, -2.0, 0.0)
    x = x + 0.05 * torch.randn(count, generator=chance)
    x[::7] = torch.nan
    kind = torch.multinomial(torch.tensor([0.89, 0.1, 0.01]), count, True, generator=chance)
    flag = torch.randint(2, (count,), generator=chance)
    # What lies further from its mode is clipped, as in the paper.
    y = torch.randn(count, generator=chance).clamp(-3.9, 3.9)
    return torch.stack([x, kind, torch.zeros(count), y, flag], 1)


def test_rows_come_back_from_their_code():
    real = rows()
    again = CODEC.decode(CODEC.encode(real))
    torch.testing.assert_close(again, real, equal_nan=True, rtol=1e-4, atol=1e-4)


def test_a_generators_row_is_offsets_and_a_one_for_each_column():
    encoded = CODEC.encode(rows())
    made = CODEC.joined(encoded)
    assert made.shape[1] == CODEC.width == 2 + 3 + 3 + 1 + 1 + 2
    assert (made[:, 2:].sum(1) == len(SPEC.columns)).all()
    assert (made[:, :2].abs() <= 1).all()


def test_an_empty_cell_is_a_mode_of_its_own():
    encoded = CODEC.encode(rows())
    assert (encoded.choices[::7, 0] == 2).all()
    assert CODEC.decode(Rows(encoded.choices, encoded.offsets.fill_(0.5)))[::7, 0].isnan().all()


def test_the_mode_of_a_value_is_the_likely_one():
    near = torch.zeros(200, 5)
    near[:, 0] = -2.0
    assert (CODEC.encode(near).choices[:, 0] == 0).float().mean() > 0.95


def test_a_table_of_categories_alone_has_a_code_too():
    spec = TableSpec(SPEC.columns[1:3])
    codec, some = TableCodec(spec), rows()[:, 1:3]
    assert torch.equal(codec.decode(codec.encode(some)), some)


def test_conditions_are_drawn_as_often_as_they_occur():
    shares = torch.rand(40_000, 2, generator=torch.Generator().manual_seed(0))
    asked = CONDITIONS.as_often(shares)
    assert abs(float((asked.column == 0).float().mean()) - 0.5) < 0.01
    of_kind = torch.bincount(asked.category[asked.column == 0], minlength=3) / (asked.column == 0).sum()
    torch.testing.assert_close(of_kind, torch.tensor([0.89, 0.10, 0.01]), atol=0.01, rtol=0)


def test_rows_are_drawn_by_the_logarithm_of_their_frequency():
    real = rows(20_000)
    torch.manual_seed(0)
    drawn = real[torch.multinomial(CONDITIONS.pulls(real).sum(1), 40_000, True)]
    asked = CONDITIONS.of_rows(drawn)
    assert abs(float((asked.column == 0).float().mean()) - 0.5) < 0.02
    of_kind = torch.bincount(asked.category[asked.column == 0], minlength=3).float()
    wanted = torch.tensor([90.0, 11.0, 2.0]).log()
    torch.testing.assert_close(of_kind / of_kind.sum(), wanted / wanted.sum(), atol=0.03, rtol=0)
    columns = CONDITIONS.columns[asked.column]
    assert torch.equal(drawn.gather(1, columns[:, None])[:, 0].long(), asked.category)


def test_a_condition_is_a_single_one():
    code = CONDITIONS.one_hot(Asked(torch.tensor([0, 1]), torch.tensor([2, 1])))
    assert code.tolist() == [[0, 0, 1, 0, 0], [0, 0, 0, 0, 1]]
