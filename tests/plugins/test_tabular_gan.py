import re

import pytest
import torch

from ganstudio.api import Fixed, InputError, LoadedData, Metric, TableColumn, TableSpec
from ganstudio.testing.toys import specs, toy_data
from ganstudio.training.live import RefusedEdit
from ganstudio.training.settings import TrainingSettings
from ganstudio.training.trainer import Trainer
from ganstudio_plugins.losses import Hinge, NonSaturating, RelativisticPairing, Wasserstein
from ganstudio_plugins.regularizers import R1, R2, GradientPenalty
from ganstudio_plugins.table_classifier import TableClassifier
from ganstudio_plugins.table_conditions import named_category, parted
from ganstudio_plugins.table_generated import LoanTable
from ganstudio_plugins.table_metrics import LearnedFromSamples, TableMarginals
from ganstudio_plugins.tabular_gan import TabularGAN

SMALL = {"width": 16, "latent_dim": 4, "rows_at_hand": 200, "dropout": 0.0}


@pytest.fixture(scope="module")
def loans() -> LoadedData:
    return LoanTable(LoanTable.Settings(count=500, modes=3)).load(lambda what, share=None: None)


def toy() -> LoadedData:
    return toy_data(specs((TableSpec,))[0])


def trainer(data: LoadedData, steps: int = 3, loss=None, regularizers=(), start=None, **settings) -> Trainer:
    gan = TabularGAN(
        TabularGAN.Settings(**{**SMALL, **settings}), loss or RelativisticPairing(), regularizers
    )
    training = TrainingSettings(steps=steps, batch_size=32, report_every=1, ema_decay=0.9, threads=1)
    return Trainer(gan, data, gan.default_optimizers, training, start_from=start)


def run(made: Trainer) -> Trainer:
    for _event in made.run():
        pass
    return made


def rows_of(made: Trainer, count: int = 64, **asked) -> torch.Tensor:
    gan = made.architecture.eval()
    latents = gan.draw_latents(count, torch.Generator().manual_seed(1))
    with torch.no_grad():
        return gan.generate_with(latents, **asked) if asked else gan.generate(latents)


@pytest.mark.parametrize(
    ("loss", "regularizers", "settings"),
    [
        (Wasserstein(), (GradientPenalty(),), {"packing": 8}),
        (NonSaturating(), (), {"minibatch": "standard deviation"}),
        (Hinge(), (), {"spectral_norm": True, "n_critic": 2}),
        (RelativisticPairing(), (R1(), R2()), {"latents": "uniform", "instance_noise": 0.1}),
        (Wasserstein(), (), {"unrolled_steps": 1, "n_generator": 2}),
    ],
    ids=["as published", "minibatch", "hinge", "relativistic", "unrolled"],
)
def test_it_goes_with_what_other_gans_go_with(loss, regularizers, settings, loans):
    made = run(trainer(loans, 2, loss, regularizers, **settings))
    assert made.step == 2
    assert all(torch.isfinite(p).all() for p in made.architecture.parameters())


def test_its_rows_are_rows_of_the_table(loans):
    rows = rows_of(run(trainer(loans)), 200)
    assert rows.shape == (200, len(loans.spec.columns))
    for place, column in enumerate(loans.spec.columns):
        codes = rows[:, place]
        if column.categorical:
            assert set(codes.tolist()) <= set(range(len(column.categories)))
        else:
            assert column.missing or not codes.isnan().any()


def test_the_same_latents_give_the_same_rows(loans):
    made = run(trainer(loans))
    assert torch.equal(rows_of(made).nan_to_num(), rows_of(made).nan_to_num())


def test_a_category_that_is_asked_for_is_made_in_every_row(loans):
    made = run(trainer(loans))
    names = [column.name for column in loans.spec.columns]
    rows = rows_of(made, column="region", category="islands")
    cells = loans.spec.columns[names.index("region")].cells(rows[:, names.index("region")].numpy())
    assert set(cells) == {"islands"}
    with pytest.raises(InputError, match="Column region has no category 'moon'"):
        rows_of(made, column="region", category="moon")
    with pytest.raises(InputError, match="No category of 'age' can be asked for"):
        rows_of(made, column="age", category="30")


def test_a_training_that_goes_on_ends_with_the_same_weights(loans):
    straight = run(trainer(loans, 6))
    half = trainer(loans, 6)
    events = half.run()
    while half.step < 3:
        next(events)
    state = half.state()
    events.close()
    resumed = run(trainer(loans, 6, start=state))
    weights = zip(straight.architecture.parameters(), resumed.architecture.parameters(), strict=True)
    assert all(torch.equal(one, other) for one, other in weights)


def test_rows_of_the_data_are_not_among_what_is_exported(loans):
    made = run(trainer(loans, 1))
    assert not any(tensor.shape[:1] == (200,) for tensor in made.architecture.state_dict().values())


@pytest.mark.parametrize("kind", [0, 1], ids=["numbers alone", "categories alone"])
def test_tables_of_one_kind_of_column_are_learned_too(kind):
    data = toy()
    spec = TableSpec(data.spec.columns[kind : kind + 1])
    made = run(trainer(LoadedData(spec, data.values[:, kind : kind + 1].contiguous())))
    assert rows_of(made).shape == (64, 1)


def test_other_conditioning_is_refused_with_a_reason(loans):
    settings = TabularGAN.Settings(conditioning="projection")
    assert "Set Conditioning to none." in TabularGAN.refuses(settings, loans.spec)


def test_it_learns_modes_and_what_goes_together():
    data = toy()
    made = run(trainer(data, 250, RelativisticPairing(), (R1(R1.Settings(gamma=0.05)),), width=32))
    rows = rows_of(made, 600)
    first = rows[:, 1] == 0
    assert 0.25 < float(first.float().mean()) < 0.65
    # The first category goes with the mode at -1, the others with that at 1.
    assert float(rows[first, 0].median()) < -0.5
    assert float(rows[~first, 0].median()) > 0.5


# --- Scores ----------------------------------------------------------------------------------------


def shuffled(rows: torch.Tensor) -> torch.Tensor:
    """Return rows whose columns have nothing to do with each other."""
    chance = torch.Generator().manual_seed(0)
    return torch.stack([column[torch.randperm(len(rows), generator=chance)] for column in rows.T], 1)


@pytest.mark.parametrize("metric", [TableMarginals, LearnedFromSamples], ids=["columns", "target"])
def test_scores_are_of_tables_alone(metric: type[Metric], loans):
    assert metric.suits(loans.spec)
    assert LearnedFromSamples.suits(TableSpec(loans.spec.columns)) is False


def test_shuffled_columns_are_alike_one_by_one_and_not_in_pairs(loans):
    like, apart = (TableMarginals().score(rows, loans) for rows in (loans.values, shuffled(loans.values)))
    assert like["columns/pairs"] == 0
    assert apart["columns/pairs"] > 0.05
    assert apart["columns/categorical"] == apart["columns/largest_gap"] == pytest.approx(0)


def test_a_classifier_that_learned_the_wrong_target_is_told_by_the_gap():
    data = toy()
    wrong = data.values.clone()
    wrong[:, 1] = (wrong[:, 1] + 1) % 3
    metric = LearnedFromSamples()
    assert metric.score(data.values, data)["TSTR_gap"] == 0
    assert metric.score(wrong, data)["TSTR_gap"] > 0.3


def test_a_classifier_is_the_same_each_time_and_leaves_chance_alone():
    data = toy()
    before = torch.get_rng_state()
    first, second = (TableClassifier(data.spec, data.values).accuracy(data.values) for _ in range(2))
    assert first == second
    assert torch.equal(before, torch.get_rng_state())


def test_without_held_out_rows_nothing_is_said_of_a_classifier(loans):
    assert LearnedFromSamples().score(loans.values, LoadedData(loans.spec, loans.values)) == {}


def test_rows_of_one_category_are_shown_and_what_is_trained_stays_the_same(loans):
    plain, asked = (run(trainer(loans, 2, asked=text)) for text in ("", "job=care"))
    weights = [list(made.architecture.parameters()) for made in (plain, asked)]
    assert all(torch.equal(a, b) for a, b in zip(*weights, strict=True))
    latents = asked.architecture.draw_latents(50, torch.Generator().manual_seed(1))
    with torch.no_grad():
        rows = asked.architecture.eval().preview(Fixed(latents, torch.zeros(0))).values
    place = [column.name for column in loans.spec.columns].index("job")
    column = loans.spec.columns[place]
    assert set(column.cells(rows[:, place].numpy())) == {"care"}


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ("job=cook", "Column job has no category 'cook'. It has: care, craft"),
        ("age=30", "No category of 'age' can be asked for. Columns with categories: education"),
        ("care", "No category of 'care' can be asked for"),
    ],
    ids=["category", "number", "no column"],
)
def test_a_category_that_is_not_there_is_refused_before_and_while_it_trains(asked, sentence, loans):
    assert sentence in str(TabularGAN.refuses(TabularGAN.Settings(asked=asked), loans.spec))
    made = run(trainer(loans, 1))
    with pytest.raises(RefusedEdit, match=re.escape(sentence)):
        made.live.change("architecture.asked", asked)
    assert made.architecture.settings.asked == ""
    made.live.change("architecture.asked", "job=care")


def test_names_may_hold_what_stands_before_a_category():
    columns = [TableColumn(name, "categorical", categories=("a", "b=c")) for name in ("x", "x=y")]
    assert parted("x=y=b=c", columns) == ("x", "y=b=c")
    assert parted("x=y=a", columns[1:]) == ("x=y", "a")
    assert named_category(columns, "x", "b=c") == (0, 1)
