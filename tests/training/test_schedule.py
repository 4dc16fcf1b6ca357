import pytest

from ganstudio.training.schedule import factor


@pytest.mark.parametrize(
    ("name", "at"),
    [
        ("constant", {0.0: 1.0, 0.5: 1.0, 1.0: 1.0}),
        ("linear", {0.0: 1.0, 0.25: 0.75, 1.0: 0.0}),
        ("cosine", {0.0: 1.0, 0.5: 0.5, 1.0: 0.0}),
    ],
)
def test_falls_from_one(name: str, at: dict[float, float]) -> None:
    for share, expected in at.items():
        assert factor(name, share) == pytest.approx(expected, abs=1e-12)
