import pytest

from ganstudio.experiment import Choice, Experiment
from ganstudio.gui.steering import Steering

RUNNING = Experiment(
    data=Choice("Digits"),
    architecture=Choice("ConvGAN", {"n_critic": 1}),
    loss=Choice("Hinge", {"margin": 1.0}),
    regularizers={"R1": {"gamma": 1.0}},
    optimizers={"generator": {"learning_rate": 1e-3}},
    training={"ema_decay": 0.99},
)
PATHS = ["architecture.n_critic", "loss.margin", "regularizers.R1.gamma", "training.ema_decay"]
PATHS += ["optimizers.generator.learning_rate"]


@pytest.fixture
def steering() -> Steering:
    made = Steering()
    made.begin(RUNNING)
    return made


@pytest.mark.parametrize("path", PATHS)
def test_the_same_choice_steers(steering: Steering, path: str) -> None:
    assert steering.steers(path, RUNNING)


@pytest.mark.parametrize(
    ("path", "other"),
    [
        ("architecture.n_critic", RUNNING.with_value("architecture.kind", "MLPGAN")),
        ("optimizers.generator.learning_rate", RUNNING.with_value("architecture.kind", "MLPGAN")),
        ("loss.margin", RUNNING.with_value("loss.kind", "LeastSquares")),
        ("regularizers.R2.gamma", RUNNING.with_value("regularizers.R2.gamma", 1.0)),
        ("optimizers.critic.learning_rate", RUNNING),
        ("training.ema_decay", None),
    ],
    ids=["architecture", "optimizer", "loss", "regularizer", "network", "nothing"],
)
def test_another_choice_does_not(steering: Steering, path: str, other: Experiment | None) -> None:
    assert not steering.steers(path, other)


def test_nothing_steers_without_a_run() -> None:
    assert not Steering().steers("training.ema_decay", RUNNING)


def test_what_holds_follows_the_answers(steering: Steering) -> None:
    path = "optimizers.generator.learning_rate"
    steering.sent(path)
    assert steering.answered(path, 5e-4)
    assert steering.held(path) == 5e-4


def test_only_the_last_answer_counts(steering: Steering) -> None:
    for _ in range(3):
        steering.sent("training.ema_decay")
    answers = [steering.answered("training.ema_decay", value) for value in (0.5, 0.6, 0.7)]
    assert answers == [False, False, True]


def test_a_refusal_leaves_what_holds(steering: Steering) -> None:
    steering.sent("training.ema_decay")
    assert steering.answered("training.ema_decay")
    assert steering.held("training.ema_decay") == 0.99


def test_a_new_run_awaits_nothing(steering: Steering) -> None:
    steering.sent("training.ema_decay")
    steering.begin(RUNNING)
    assert steering.answered("training.ema_decay", 0.5)
