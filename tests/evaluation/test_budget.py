from ganstudio.evaluation.budget import FIRST_GUESS, Budget


def test_a_short_training_never_has_a_first_look() -> None:
    assert not Budget().fits(FIRST_GUESS / 0.05 - 1, 0.05)
    assert Budget().fits(FIRST_GUESS / 0.05, 0.05)


def test_looks_stay_within_their_share_of_the_time() -> None:
    budget = Budget()
    for second in range(1000):
        if budget.fits(second, 0.05):
            budget.take(1.5)
            assert budget.spent <= 0.05 * second
    assert budget.spent > 0.9 * 0.05 * 1000


def test_what_is_paid_once_is_not_expected_again() -> None:
    budget = Budget()
    budget.take(10, once=9)
    assert budget.expected == 1
    assert not budget.fits(200, 0.05)
    assert budget.fits(220, 0.05)


def test_no_share_means_no_look() -> None:
    assert not Budget(guess=0).fits(1e9, 0)
