"""TensorBoard's own reader finds every point and every kept sample."""

import sys
from pathlib import Path

import pytest

from ganstudio.api import InputError
from ganstudio.exporting.tensorboard import write_tensorboard
from ganstudio.runs.history import read_history


def quiet(what: str, share: float | None) -> None:
    pass


def test_says_what_to_install_where_it_is_missing(
    ring: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "torch.utils.tensorboard", None)
    with pytest.raises(InputError, match=r"pip install 'ganstudio\[tensorboard\]'"):
        write_tensorboard(ring, tmp_path / "events", quiet)
    assert not (tmp_path / "events").exists()


class TestWritten:
    @pytest.fixture(autouse=True)
    def _installed(self) -> None:
        pytest.importorskip("tensorboard", reason="needs the extra tensorboard")

    @pytest.mark.filterwarnings("ignore::DeprecationWarning")
    @pytest.mark.parametrize("case", ["points", "images"])
    def test_everything_is_there(self, case: str, runs: dict[str, Path], tmp_path: Path) -> None:
        from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

        written = write_tensorboard(runs[case], tmp_path / "events", quiet)
        found = EventAccumulator(str(written), {"scalars": 0, "images": 0})
        found.Reload()
        history = read_history(runs[case])
        assert set(found.Tags()["scalars"]) == set(history.curves)
        for name, curve in history.curves.items():
            scalars = found.Scalars(name)
            assert [point.step for point in scalars] == curve.steps.tolist()
            assert [point.value for point in scalars] == pytest.approx(curve.values.tolist(), rel=1e-6)
        reports = found.Scalars("loss/generator")
        seconds = history.curves["loss/generator"].seconds
        assert reports[-1].wall_time - reports[0].wall_time == pytest.approx(
            seconds[-1] - seconds[0], abs=1e-3
        )
        samples = found.Images("samples")
        assert [sample.step for sample in samples] == [kept.step for kept in history.previews[""]]
        assert samples[0].encoded_image_string == history.previews[""][0].path.read_bytes()

    def test_replaces_its_own_and_nothing_else(self, ring: Path, tmp_path: Path) -> None:
        out = write_tensorboard(ring, tmp_path / "events", quiet)
        write_tensorboard(ring, out, quiet)
        assert len(list(out.iterdir())) == 1
        (out / "mine.txt").write_text("keep")
        with pytest.raises(InputError, match="holds other things"):
            write_tensorboard(ring, out, quiet)
        assert (out / "mine.txt").exists()

    def test_a_preview_that_is_no_picture_is_left_out(self, ring: Path, tmp_path: Path) -> None:
        next((ring / "samples").glob("0*.png")).write_bytes(b"no picture")
        assert write_tensorboard(ring, tmp_path / "events", quiet).is_dir()
