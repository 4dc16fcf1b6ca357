"""A table that is made up: loan applications, with columns of every kind. It reads no file."""

from typing import Annotated

import numpy as np
from numpy.typing import NDArray

from ganstudio.api import Column, Range, RawTable, Report, TableSource

_EDUCATION = ("school", "training", "college", "university")
_JOBS = ("craft", "trade", "office", "care", "engineering", "retired")
_REGIONS = ("north", "south", "east", "west", "islands")
_PURPOSES = ("car", "home", "debts", "education", "wedding")


class LoanTable(TableSource):
    """Loan applications, made up: correlated columns, several modes, rare categories, dates, empty cells."""

    title = "Loan applications, made up"

    class Settings(TableSource.Settings):
        """Size of the table."""

        target: Annotated[
            str,
            Column,
            "The column that is to be told from the others: scores compare how well that is learned from "
            "samples and from real rows; empty takes none",
        ] = "repaid"
        count: Annotated[int, Range(100, 1_000_000, log=True), "Rows of the table"] = 10_000

    settings: "LoanTable.Settings"

    def read(self, report: Report) -> RawTable:
        """Make the rows up; they depend on the settings alone."""
        report("Making the table up", None)
        columns = _columns(self.settings.count, np.random.default_rng(0))
        return RawTable(list(columns), list(columns.values()))


def _columns(count: int, chance: np.random.Generator) -> dict[str, list[str]]:
    retired = chance.random(count) < 0.18
    age = np.where(retired, chance.normal(70, 5, count), chance.gamma(5.0, 3.2, count) + 19).clip(18, 92)
    education = _drawn(
        chance, _skewed((age - 45)[:, None] * np.array([0.02, 0.01, -0.01, -0.02]), [30, 36, 22, 12])
    )
    wanted = education[:, None] * np.array([-0.7, -0.2, 0.5, 0.0, 1.1, 0.0])
    job = np.where(retired, 5, _drawn(chance, _skewed(wanted, [26, 25, 22, 15, 12, 0])))
    region = _drawn(chance, _skewed(np.zeros((count, 5)), [38, 30, 18, 12, 2]))
    # Full time, half time, and none for those who retired.
    part_time = chance.random(count) < np.where(job == 3, 0.5, 0.2)
    hours = np.where(
        retired, 0, np.where(part_time, chance.normal(20, 3, count), chance.normal(39, 2, count))
    )
    pay = (
        np.array([13, 14, 17, 15, 27, 11])[job]
        * (1 + 0.14 * education)
        * np.exp(chance.normal(0, 0.25, count))
    )
    income = np.where(retired, pay * 1.6, pay * hours / 12) * 12 / 10
    owns = chance.random(count) < 1 / (1 + np.exp(-(age - 48) / 9 - (income - 45) / 40))
    purpose = _drawn(
        chance, _skewed(np.where(owns, 1.0, -1.0)[:, None] * [0.1, 0.8, -0.4, -0.5, 0], [30, 25, 25, 14, 6])
    )
    amount = np.exp(chance.normal(np.array([9.2, 10.9, 8.9, 9.4, 8.4])[purpose], 0.35)) * (0.6 + income / 90)
    term = np.array([12, 24, 36, 60, 120])[
        _drawn(chance, _skewed((np.log(amount) - 9.5)[:, None] * np.arange(-2, 3), [10, 22, 34, 24, 10]))
    ]
    balance = np.where(
        chance.random(count) < 0.25, chance.normal(0.2, 0.05, count), chance.lognormal(1.0, 0.9, count)
    )
    balance = balance * (1 + owns) * (income / 40)
    late = chance.poisson(np.where(balance < 1.5, 1.3, 0.25)).clip(0, 6)
    asked = chance.integers(0, 1461, count) + 120 * (purpose == 0)
    load = amount / term * 12 / (1000 * income.clip(5))
    score = (
        0.3
        - 1.1 * late
        + 0.9 * owns
        + 0.5 * np.log1p(balance)
        - 3.0 * load
        + 0.35 * education
        - 0.8 * (region == 4)
    )
    repaid = chance.random(count) < 1 / (1 + np.exp(-1.4 * score))
    known = chance.random(count) >= 0.06
    return {
        "age": _whole(age),
        "education": _named(_EDUCATION, education),
        "job": _named(_JOBS, job),
        "region": _named(_REGIONS, region),
        "hours": _whole(hours.clip(0, 60)),
        "income": [f"{value:.2f}" for value in income.clip(4) * 1000],
        "home": ["owned" if own else "rented" for own in owns],
        "balance": [
            f"{value:.2f}" if is_known else "" for value, is_known in zip(balance * 1000, known, strict=True)
        ],
        "late": _whole(late),
        "purpose": _named(_PURPOSES, purpose),
        "amount": _whole(amount.round(-2)),
        "months": _whole(term),
        "asked": [str(np.datetime64("2021-01-01") + int(days)) for days in asked],
        "repaid": ["yes" if paid else "no" for paid in repaid],
    }


def _skewed(leaning: NDArray[np.float64], base: list[float]) -> NDArray[np.float64]:
    """Return chances [N, K]: ``base`` times what each row leans to."""
    chances = np.array(base) * np.exp(leaning)
    shares: NDArray[np.float64] = chances / chances.sum(1, keepdims=True)
    return shares


def _drawn(chance: np.random.Generator, chances: NDArray[np.float64]) -> NDArray[np.int64]:
    """Draw a number by the chances of each row."""
    below = chances.cumsum(1) < chance.random((len(chances), 1))
    drawn: NDArray[np.int64] = below.sum(1).clip(0, chances.shape[1] - 1)
    return drawn


def _whole(values: NDArray[np.float64]) -> list[str]:
    return [str(int(value)) for value in np.rint(values)]


def _named(names: tuple[str, ...], places: NDArray[np.int64]) -> list[str]:
    return [names[place] for place in places]
