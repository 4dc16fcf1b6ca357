import numpy as np
import pytest
import torch

from ganstudio.api import InputError
from ganstudio.experiment import Experiment
from ganstudio.registry import Registry
from ganstudio.remaking import Remaker
from ganstudio.runs import pictures, preview_files
from ganstudio.runs.folder import RunFolder
from tests import experiments, tables
from tests.trained import trained

STYLE = {"width": 4, "most": 8, "latent_dim": 8, "layers": 1}


@pytest.fixture(scope="module")
def registry() -> Registry:
    return Registry.load()


@pytest.fixture(scope="module")
def style(registry: Registry, tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    experiment = Experiment.from_dict(
        {**experiments.digits().to_dict(), "architecture": {"kind": "StyleGAN2", **STYLE}}
    )
    return trained(experiment, registry, tmp_path_factory.mktemp("runs") / "style")


def test_without_other_values_they_are_the_previews_that_the_run_kept(style, registry):
    made = Remaker.open(style.path, registry).previews({})
    assert [(each.source, each.first, each.step) for each in made] == [
        ("samples", True, 3),
        ("style mixing", False, 3),
        ("truncation", False, 3),
    ]
    for each in made:
        kept = pictures.read(
            preview_files.picture(style.path, 3, preview_files.kind_of(each.source, each.first))
        )
        assert (each.array == kept.array).all(), each.source
        assert (each.columns, each.captions) == (kept.columns, kept.captions)


def test_a_value_holds_until_the_next_and_changes_what_it_is_for(style, registry):
    remaker = Remaker.open(style.path, registry)
    before, mixed, back = (remaker.previews({"boundary": value}) for value in (4, 1, 4))
    changed = {
        one.source for one, other in zip(before, mixed, strict=True) if (one.array != other.array).any()
    }
    assert changed == {"style mixing"}
    assert all((one.array == other.array).all() for one, other in zip(before, back, strict=True))


def test_a_training_beside_it_keeps_its_random_numbers(style, registry):
    torch.manual_seed(0)
    alone = torch.rand(4)
    torch.manual_seed(0)
    Remaker.open(style.path, registry).previews({"truncation": 0.5})
    assert torch.equal(torch.rand(4), alone)


def test_what_a_setting_does_not_take_is_refused(style, registry):
    with pytest.raises(InputError, match=r"architecture\.truncation"):
        Remaker.open(style.path, registry).previews({"truncation": 9.0})


def test_rows_come_with_what_their_columns_are(registry, tmp_path):
    run = trained(tables.loans(steps=2), registry, tmp_path / "loans")
    (made,) = Remaker.open(run.path, registry).previews({})
    kept = pictures.read(preview_files.picture(run.path, 2))
    assert (made.kind, made.table) == ("table", kept.table)
    np.testing.assert_array_equal(made.array, kept.array)


def test_a_run_without_a_checkpoint_has_nothing_to_show(style, registry, tmp_path):
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "experiment.toml").write_bytes((style.path / "experiment.toml").read_bytes())
    with pytest.raises(InputError, match="no checkpoint"):
        Remaker.open(tmp_path / "run", registry)
