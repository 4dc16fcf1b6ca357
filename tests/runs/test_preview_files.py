from pathlib import Path

import numpy as np
import pytest

from ganstudio.api.events import PreviewReady
from ganstudio.runs import pictures, preview_files
from ganstudio.runs.folder import RunFolder
from ganstudio.runs.history import find_previews
from ganstudio.runs.recorder import Recorder


@pytest.mark.parametrize(
    ("step", "source", "first", "name"),
    [
        (12_400, "fixed", True, "000012400.png"),
        (0, "samples", True, "000000000.png"),
        (7, "Other points", False, "000000007-other-points.png"),
        (12_345_678_901, "reconstructions", False, "12345678901-reconstructions.png"),
    ],
)
def test_what_a_picture_is_called_is_found_again(
    tmp_path: Path, step: int, source: str, first: bool, name: str
) -> None:
    kind = preview_files.kind_of(source, first)
    path = preview_files.picture(tmp_path, step, kind)
    assert path == tmp_path / "samples" / name
    path.parent.mkdir()
    path.touch()
    preview_files.real(tmp_path).touch()
    ((found, (kept,)),) = find_previews(path.parent).items()
    assert (found, kept.step, kept.path) == (kind, step, path)


def test_a_preview_of_a_training_comes_back_from_the_disk_as_it_was(run: RunFolder) -> None:
    array = np.random.default_rng(0).integers(0, 256, (6, 3, 4, 3)).astype(np.uint8)
    preview = PreviewReady(20, "images", array, "Pairs", False, 2, ("in", "out"), kept=True)
    with Recorder(run) as recorder:
        recorder.record(preview)
    path = preview_files.picture(run.path, 20, preview_files.kind_of("Pairs", first=False))
    found = pictures.read(path)
    assert (found.kind, found.columns, found.captions) == ("images", 2, ("in", "out"))
    assert np.array_equal(found.array, array)
