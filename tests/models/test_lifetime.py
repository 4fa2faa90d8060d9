"""The models of repeat buying against what their authors published, and against their own laws."""

from __future__ import annotations

import datetime as dt
import itertools

import numpy as np
import polars as pl
import pytest

from xlcrm.models.buying import Buying, buying
from xlcrm.models.lifetime import Fit, alive, expected_amount, expected_purchases, fit_bgnbd, fit_gamma_gamma
from xlcrm.models.worth import WEEKS_OF_YEAR, Assumptions, simple_value, worth

CALIBRATION_ENDS = dt.date(1997, 9, 30)


@pytest.fixture(scope="module")
def known(cdnow: pl.DataFrame) -> Buying:
    return buying(cdnow, CALIBRATION_ENDS)


@pytest.fixture(scope="module")
def bgnbd(known: Buying) -> Fit:
    return fit_bgnbd(known)


def test_bgnbd_of_cdnow_as_fader_hardie_lee_2005(bgnbd: Fit) -> None:
    assert bgnbd.problem == ""
    assert bgnbd.customers == 2357
    assert bgnbd.parameters == pytest.approx({"r": 0.243, "alpha": 4.414, "a": 0.793, "b": 2.426}, abs=0.01)
    assert bgnbd.log_likelihood == pytest.approx(-9582.4, abs=0.05)


def test_gamma_gamma_of_cdnow_as_fader_hardie_2013(known: Buying) -> None:
    fit = fit_gamma_gamma(known)
    assert fit.problem == ""
    assert fit.customers == 946
    assert fit.parameters == pytest.approx({"p": 6.25, "q": 3.74, "v": 15.44}, abs=0.01)


def test_expected_purchases_of_the_papers_customer(known: Buying, bgnbd: Fit) -> None:
    """x = 2, t_x = 30.43, T = 38.86: 1.226 purchases in the next 39 weeks (Fader, Hardie, Lee: spreadsheet of the paper)."""
    one = known.codes.index("0001")
    assert expected_purchases(bgnbd, known, 39)[one] == pytest.approx(1.226, abs=0.005)


def test_all_customers_together_buy_as_often_as_they_did_later(cdnow: pl.DataFrame, known: Buying, bgnbd: Fit) -> None:
    later = cdnow.filter((pl.col("date") > CALIBRATION_ENDS) & (pl.col("date") <= CALIBRATION_ENDS + dt.timedelta(weeks=39)))
    bought = later.select("customer_code", "date").unique().height
    repeats = known.repeats.sum()
    assert repeats + expected_purchases(bgnbd, known, 39).sum() == pytest.approx(repeats + bought, rel=0.06)


def test_whoever_bought_once_counts_as_active_and_silence_makes_it_less_likely(known: Buying, bgnbd: Fit) -> None:
    probability = alive(bgnbd, known)
    assert (probability[known.repeats == 0] == 1).all()
    assert ((probability > 0) & (probability <= 1)).all()
    lately, long_ago = (Buying(["x"], *(np.array([value]) for value in (4.0, last, 38.0, 20.0, 20.0))) for last in (37.0, 12.0))
    assert alive(bgnbd, lately)[0] > alive(bgnbd, long_ago)[0]


def test_purchases_ahead_grow_with_time_from_none(known: Buying, bgnbd: Fit) -> None:
    counts = [expected_purchases(bgnbd, known, weeks) for weeks in (0, 1, 10, 52)]
    assert np.allclose(counts[0], 0)
    for less, more in itertools.pairwise(counts):
        assert (more >= less).all()


def test_the_expected_amount_lies_between_the_customers_own_and_everybodys(known: Buying) -> None:
    fit = fit_gamma_gamma(known)
    amounts = expected_amount(fit, known)
    p, q, v = (fit.parameters[name] for name in "pqv")
    everybody = p * v / (q - 1)
    again = known.repeats > 0
    low, high = np.minimum(known.amount, everybody), np.maximum(known.amount, everybody)
    assert ((amounts >= low - 1e-9) & (amounts <= high + 1e-9))[again].all()
    assert amounts[~again] == pytest.approx(everybody)


def test_too_few_customers_are_said_not_fitted() -> None:
    few = Buying(list("abc"), *(np.array([1.0, 2.0, 0.0]) for _ in range(5)))
    assert fit_bgnbd(few).problem == fit_gamma_gamma(few).problem == "too_few"
    found = worth(few)
    assert np.isnan(found.expected_value).all()
    assert not np.isnan(found.simple).any()


def test_a_fit_that_runs_away_is_said() -> None:
    """All customers alike: no spread between them, so the parameters of that spread have no finite best value."""
    n = 40
    alike = Buying([str(i) for i in range(n)], np.full(n, 5.0), np.full(n, 50.0), np.full(n, 51.0), np.full(n, 10.0), np.full(n, 10.0))
    assert fit_bgnbd(alike).problem
    assert np.isnan(worth(alike).expected_value).all()


def test_purchases_of_a_day_are_one_and_a_return_is_none() -> None:
    day = dt.date(2017, 1, 1)
    rows = [
        ("a", day, 500),
        ("a", day, 500),
        ("a", day + dt.timedelta(weeks=1), 2000),
        ("a", day + dt.timedelta(weeks=2), -2000),
        ("b", None, 900),
    ]
    known = buying(pl.DataFrame(rows, schema=["customer_code", "date", "amount"], orient="row"), day + dt.timedelta(weeks=4))
    assert known.codes == ["a"]
    assert [known.repeats[0], known.last[0], known.known[0], known.amount[0], known.all_amount[0]] == [1, 1, 4, 20, 15]


def test_purchases_after_the_day_are_not_known(cdnow: pl.DataFrame) -> None:
    early = buying(cdnow, dt.date(1997, 3, 31))
    assert early.repeats.sum() < buying(cdnow, CALIBRATION_ENDS).repeats.sum()
    assert (early.last <= early.known).all()


def test_simple_value_by_hand() -> None:
    """10 purchases of 20 in two years: 5 a year, of which 30 % stay, for 3 years."""
    known = Buying(["a"], *(np.array([value]) for value in (9.0, 100.0, 2 * WEEKS_OF_YEAR, 20.0, 20.0)))
    assert simple_value(known, Assumptions(years=3, margin=0.3))[0] == pytest.approx(20 * 5 * 0.3 * 3)


def test_discount_and_margin_only_shrink_the_value(known: Buying) -> None:
    plain, dear = worth(known, Assumptions(discount=0.0)), worth(known, Assumptions(discount=0.5, margin=0.5))
    assert plain.expected_value.sum() == pytest.approx((plain.expected_purchases * plain.expected_value / plain.expected_purchases).sum())
    assert (dear.expected_value < plain.expected_value * 0.5).all()
    assert np.allclose(dear.expected_purchases, plain.expected_purchases)
