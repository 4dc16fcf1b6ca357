import torch
from torch import Tensor

from ganstudio_plugins.stylegan_looking import TRUNCATIONS, mixing_grid, truncation_rows

LAYERS = 4


def show(styles: Tensor) -> Tensor:
    """An image of one row for each layer, in the colour of its style."""
    each = styles if styles.ndim == 3 else styles[:, None].expand(-1, LAYERS, -1)
    return each[:, None, :, :1].expand(-1, 1, LAYERS, LAYERS)


def test_each_row_gives_the_coarse_layers_and_each_column_the_fine_ones() -> None:
    styles = torch.tensor([1.0, 2.0, 3.0, 4.0])[:, None]
    grid = mixing_grid(show, styles, boundary=1, layers=LAYERS)
    colours = grid.values[:, 0, :, 0].view(3, 3, LAYERS)
    assert grid.columns == 3
    assert len(grid.captions) == 3
    assert colours[0, :, 0].tolist() == [0, 3, 4]
    assert colours[:, 0, 0].tolist() == [0, 1, 2]
    assert colours[1, 1].tolist() == [1, 3, 3, 3]
    assert colours[2, 1].tolist() == [2, 3, 3, 3]
    assert colours[1, 2].tolist() == [1, 4, 4, 4]


def test_the_boundary_moves_layers_from_the_columns_to_the_rows() -> None:
    styles = torch.tensor([1.0, 2.0])[:, None]
    for boundary in range(LAYERS + 3):
        cell = mixing_grid(show, styles, boundary, LAYERS).values[3, 0, :, 0]
        assert (cell == 1).sum() == min(boundary, LAYERS)


def test_a_single_style_is_mixed_with_itself() -> None:
    assert len(mixing_grid(show, torch.ones(1, 1), 1, LAYERS).values) == 4


def test_rows_lead_from_the_mean_to_each_style() -> None:
    styles = torch.tensor([[1.0], [-2.0]])
    rows = truncation_rows(show, lambda given, psi: given * psi, styles)
    assert rows.columns == len(TRUNCATIONS) == len(rows.captions)
    assert rows.values[:, 0, 0, 0].tolist() == [psi * s for s in (1.0, -2.0) for psi in TRUNCATIONS]
