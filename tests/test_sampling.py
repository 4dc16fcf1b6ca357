from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from ganstudio.api import InputError, StudioError
from ganstudio.experiment import Experiment
from ganstudio.registry import Registry
from ganstudio.runs.folder import RunFolder
from ganstudio.sampling import draw_samples, write_samples
from tests import experiments
from tests.commands import ganstudio
from tests.installing import InstallPlugin
from tests.trained import trained


@pytest.fixture(scope="module")
def registry() -> Registry:
    return Registry.load()


@pytest.fixture(scope="module")
def digits(registry: Registry, tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    return trained(experiments.digits(), registry, tmp_path_factory.mktemp("runs") / "digits")


def pixels(path: Path) -> np.ndarray:
    with Image.open(path) as picture:
        return np.asarray(picture)


def test_a_grid_is_written_into_the_run(digits: RunFolder, registry: Registry) -> None:
    path = write_samples(digits.path, registry, count=9, seed=3, out=None)
    assert path == digits.path / "exports" / "samples-000000003-seed3.png"
    height, width = pixels(path).shape[:2]
    assert 3 * 28 <= height < 4 * 28
    assert 3 * 28 <= width < 4 * 28


def test_a_seed_gives_the_same_bytes_and_another_others(
    digits: RunFolder, registry: Registry, tmp_path: Path
) -> None:
    first, again, other = (
        write_samples(digits.path, registry, 4, seed, tmp_path / f"{name}.png").read_bytes()
        for name, seed in (("first", 1), ("again", 1), ("other", 2))
    )
    assert first == again
    assert first != other


def test_the_first_samples_do_not_depend_on_how_many_there_are(digits: RunFolder, registry: Registry) -> None:
    checkpoint, _damaged = digits.latest_checkpoint()
    many = draw_samples(digits, checkpoint, registry, 300, seed=1)
    assert many.shape == (300, 28, 28, 1)
    assert (many[:256] == draw_samples(digits, checkpoint, registry, 256, seed=1)).all()


def test_samples_are_of_the_averaged_weights(digits: RunFolder, registry: Registry) -> None:
    checkpoint, _damaged = digits.latest_checkpoint()
    averaged = draw_samples(digits, checkpoint, registry, 4, seed=1)
    for name, tensor in checkpoint.averages.items():
        assert not torch.equal(tensor, checkpoint.weights[name])
        checkpoint.averages[name] = checkpoint.weights[name]
    assert (averaged != draw_samples(digits, checkpoint, registry, 4, seed=1)).any()


def test_a_network_with_noise_of_its_own_gives_the_same_samples(
    install_plugin: InstallPlugin, tmp_path: Path
) -> None:
    install_plugin(
        "noisy",
        """
        import torch
        from torch import nn
        from ganstudio.api import GAN, ImageSpec, hookimpl

        class Noise(nn.Module):
            def forward(self, images):
                return (images + torch.randn_like(images)).clamp(-1, 1)

        class Noisy(GAN):
            "Noisy."
            accepts = (ImageSpec,)
            def build_generator(self, data):
                return nn.Sequential(nn.Linear(100, 784), nn.Unflatten(1, data.shape), Noise())
            def build_discriminator(self, data):
                return nn.Sequential(nn.Flatten(), nn.Linear(784, 1))

        @hookimpl
        def ganstudio_architectures():
            return [Noisy]
        """,
    )
    registry = Registry.load()
    experiment = experiments.digits().with_value("architecture.kind", "Noisy")
    run = trained(experiment, registry, tmp_path / "run")
    checkpoint, _damaged = run.latest_checkpoint()
    first, again = (draw_samples(run, checkpoint, registry, 4, seed=1) for _ in range(2))
    assert (first == again).all()


def test_a_damaged_checkpoint_is_passed_over_for_the_one_before(
    digits: RunFolder, registry: Registry, tmp_path: Path
) -> None:
    run = trained(experiments.digits(), registry, tmp_path / "run")
    whole = run.checkpoints()[0]
    damaged = whole.with_name("000000009")
    damaged.mkdir()
    assert write_samples(run.path, registry, 4, 0, None).name == "samples-000000003-seed0.png"
    whole.joinpath("weights.safetensors").unlink()
    with pytest.raises(InputError, match="holds no checkpoint to sample from") as caught:
        write_samples(run.path, registry, 4, 0, None)
    assert "000000009 is not whole" in str(caught.value)
    assert "weights.safetensors" in str(caught.value)


def test_points_make_no_grid(registry: Registry, tmp_path: Path) -> None:
    run = trained(experiments.ring(steps=1), registry, tmp_path / "run")
    with pytest.raises(InputError, match="makes points, not images"):
        write_samples(run.path, registry, 4, 0, None)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda path: None, "There is no folder"),
        (lambda path: path.mkdir(), "is no run: it has no experiment.toml"),
        (lambda path: path.write_text("x"), "is a file; a run is a folder"),
    ],
    ids=["nothing", "an empty folder", "a file"],
)
def test_what_is_no_run_is_refused(
    make: Callable[[Path], None], said: str, registry: Registry, tmp_path: Path
) -> None:
    make(tmp_path / "place")
    with pytest.raises(InputError, match=said):
        write_samples(tmp_path / "place", registry, 4, 0, None)


def test_weights_of_another_size_are_refused_in_a_sentence(registry: Registry, tmp_path: Path) -> None:
    run = trained(experiments.digits(), registry, tmp_path / "run")
    file = run.path / "experiment.toml"
    file.write_text(file.read_text().replace("width = 8", "width = 9"))
    with pytest.raises(StudioError, match=r"do not fit MLP GAN as it is now\. Its plugin has changed since"):
        write_samples(run.path, registry, 4, 0, None)


def test_an_output_that_cannot_be_written_is_refused(
    digits: RunFolder, registry: Registry, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(InputError, match="is a file, not a folder"):
        write_samples(digits.path, registry, 4, 0, tmp_path / "file" / "grid.png")


# --- How samples look ------------------------------------------------------------------------------


def test_a_setting_of_how_samples_look_is_changed_for_them_alone(registry: Registry, tmp_path: Path) -> None:
    style = {"kind": "StyleGAN2", "width": 4, "most": 8, "latent_dim": 8, "layers": 1}
    experiment = Experiment.from_dict({**experiments.digits().to_dict(), "architecture": style})
    run = trained(experiment, registry, tmp_path / "run")

    def sampled(*arguments: str) -> np.ndarray:
        out = tmp_path / "grid.png"
        result = ganstudio("sample", run.path, "--count", "4", "--out", out, *arguments)
        assert result.exit_code == 0, result.output
        return pixels(out)

    usual = sampled()
    assert (usual == sampled("--set", "truncation=1")).all()
    alike = sampled("--set", "architecture.truncation=0")
    assert (alike[:28, :28] == alike[-28:, -28:]).all()
    assert (usual[:28, :28] != usual[-28:, -28:]).any()
    assert RunFolder.open(run.path).experiment == run.experiment


@pytest.mark.allow_log_warnings
def test_a_setting_of_the_networks_is_no_look_of_samples(digits: RunFolder) -> None:
    result = ganstudio("sample", digits.path, "--set", "width=9")
    assert result.exit_code == 2
    assert "--set width: this is no setting that changes samples alone; there are none." in result.stderr


# --- Classes ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def conditional(registry: Registry, tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    experiment = experiments.digits().with_value("architecture.conditioning", "concatenated")
    return trained(experiment, registry, tmp_path_factory.mktemp("runs") / "conditional")


def test_every_class_has_its_turn_in_a_column_of_its_own(conditional: RunFolder, registry: Registry) -> None:
    path = write_samples(conditional.path, registry, count=20, seed=3, out=None)
    assert path.name == "samples-000000003-seed3.png"
    assert pixels(path).shape == (2 * 28 + 1, 10 * 28 + 9)


def test_samples_are_all_of_the_class_that_is_asked_for(conditional: RunFolder, registry: Registry) -> None:
    checkpoint, _damaged = conditional.latest_checkpoint()
    in_turn = draw_samples(conditional, checkpoint, registry, 20, seed=1)
    of = {name: draw_samples(conditional, checkpoint, registry, 20, 1, name) for name in ("0", "7")}
    # The same latents: those of a 7's turn are the same samples, and no other is.
    for label, samples in of.items():
        same = [(a == b).all() for a, b in zip(in_turn, samples, strict=True)]
        assert same == [str(place % 10) == label for place in range(20)]


def test_the_classes_of_300_samples_do_not_start_anew_with_each_part(
    conditional: RunFolder, registry: Registry
) -> None:
    checkpoint, _damaged = conditional.latest_checkpoint()
    in_turn = draw_samples(conditional, checkpoint, registry, 300, seed=1)
    sevens = draw_samples(conditional, checkpoint, registry, 300, 1, "7")
    same = [place for place in range(250, 300) if (in_turn[place] == sevens[place]).all()]
    assert same == [257, 267, 277, 287, 297]


def test_a_class_is_asked_for_on_the_command_line(conditional: RunFolder) -> None:
    result = ganstudio("sample", conditional.path, "--count", "9", "--label", "7")
    assert result.exit_code == 0
    path = Path(result.stdout.strip())
    assert path.name == "samples-000000003-seed0-7.png"
    assert pixels(path).shape == (3 * 28 + 2, 3 * 28 + 2)


@pytest.mark.allow_log_warnings
def test_a_class_that_is_not_there_is_a_sentence_with_the_nearest(conditional: RunFolder) -> None:
    result = ganstudio("sample", conditional.path, "--label", "77")
    assert result.exit_code == 2
    assert "--label: there is no '77' here; did you mean 7?" in result.stderr


def test_a_class_of_a_run_that_learned_none_is_refused(digits: RunFolder, registry: Registry) -> None:
    with pytest.raises(InputError, match=r"did not learn classes, .* leave --label out\.$"):
        write_samples(digits.path, registry, 4, 0, None, "7")
