"""What tests of translating share: small runs that can translate, and images of every kind."""

from pathlib import Path

import numpy as np
from PIL import Image

from ganstudio.experiment import Choice, Experiment
from tests.commands import ganstudio

SIDE = 16
_SMALL = {"halvings": 2, "width": 4, "discriminator_width": 4, "discriminator_layers": 1}
CYCLEGAN = Experiment(
    Choice("DigitDomains", {"side": SIDE}),
    Choice("CycleGAN", {"generator": "U-Net", **_SMALL}),
    name="small domains",
    training={"steps": 4, "batch_size": 2, "preview_count": 3, "ema_decay": 0.5},
)
PIX2PIX = Experiment(
    Choice("DigitPairs", {"side": SIDE}),
    Choice("Pix2Pix", _SMALL),
    name="small pairs",
    training={"steps": 2, "batch_size": 2, "preview_count": 3},
)


def make_run(path: Path, experiment: Experiment = CYCLEGAN, *steps: int) -> Path:
    """Train a small run into the folder ``path``, with a checkpoint at each of ``steps``, and return it."""
    file = path.with_name(f"{path.name}.toml")
    path.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(experiment.to_toml())
    first, *later = steps or (4,)
    _run("train", file, "--run-dir", path, "--device", "cpu", "--steps", str(first))
    for step in later:
        _run("resume", path, "--steps", str(step))
    return path


def _run(*arguments: str | Path) -> None:
    result = ganstudio(*arguments)
    assert result.exit_code == 0, result.output


def pixels(width: int = SIDE, height: int = SIDE, channels: int = 3, seed: int = 0) -> np.ndarray:
    """Return smooth ``uint8`` pixels [H, W, C], none of whose edges is like another."""
    rng = np.random.default_rng(seed)
    coarse = Image.fromarray(rng.integers(0, 255, (5, 4, channels), dtype=np.uint8).squeeze())
    whole = np.asarray(coarse.resize((width, height), Image.Resampling.BICUBIC))
    return np.array(whole.reshape(height, width, channels))


def picture(path: Path, width: int = SIDE, height: int = SIDE, mode: str = "RGB", **save: object) -> Path:
    """Write an image of a mode and return its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(pixels(width, height)).convert(mode).save(path, **save)  # type: ignore[arg-type]
    return path
