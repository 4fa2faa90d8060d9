"""The probability of leaving on a day: what it is learned from, and that nothing later is looked at."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

from xlcrm.models.chances import chances, fitting_days
from xlcrm.models.leaving import events, fit_leaving, probability, signs


def test_it_learns_from_quarters_whose_following_quarter_is_over(cdnow: pl.DataFrame) -> None:
    known = events(cdnow)
    assert fitting_days(known, dt.date(1997, 9, 30)) == [dt.date(1997, 3, 31), dt.date(1997, 6, 30)]
    assert fitting_days(known, dt.date(1997, 9, 28)) == [dt.date(1997, 3, 31)]
    assert fitting_days(known, dt.date(1999, 12, 31))[0] == dt.date(1997, 12, 31)
    assert fitting_days({}, dt.date(1999, 12, 31)) == []


def test_what_comes_after_the_day_changes_nothing(cdnow: pl.DataFrame) -> None:
    day = dt.date(1997, 9, 30)
    known_then = events(cdnow.filter(pl.col("date") <= day))
    assert chances(events(cdnow), day).by_code == chances(known_then, day).by_code


def test_it_is_the_fitted_model_of_everyone_who_bought_within_a_year(cdnow: pl.DataFrame) -> None:
    known, day = events(cdnow), dt.date(1998, 3, 31)
    codes, rows = signs(known, day)
    found = chances(known, day)
    assert found.problem == ""
    by_model = probability(fit_leaving(known, fitting_days(known, day)), rows)
    assert found.by_code == pytest.approx(dict(zip(codes, by_model, strict=True)))
    assert all(0 < chance < 1 for chance in found.by_code.values())


@pytest.mark.parametrize("day", [dt.date(1997, 1, 31), dt.date(1997, 5, 1)])
def test_too_little_of_the_past_is_said(cdnow: pl.DataFrame, day: dt.date) -> None:
    assert (chances(events(cdnow), day).problem, chances(events(cdnow), day).by_code) == ("too_few", {})


def test_too_few_customers_are_said(cdnow: pl.DataFrame) -> None:
    few = events(cdnow.filter(pl.col("customer_code") < "0012"))
    assert chances(few, dt.date(1998, 3, 31)).problem == "too_few"
