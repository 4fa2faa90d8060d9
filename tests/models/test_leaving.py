"""The probability of leaving: judged on quarters that it has not seen, against recency alone, and by hand."""

from __future__ import annotations

import datetime as dt
import random
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlcrm.models.leaving import AHEAD_DAYS, SIGNS, auc, events, fit_leaving, judged, left, probability, quarter_ends, signs

Q = quarter_ends(dt.date(1997, 1, 1), dt.date(1998, 3, 31))


def test_it_ranks_cdnow_better_than_recency_alone_fitted_to_1997_09_30_judged_after_it(cdnow: pl.DataFrame) -> None:
    found = judged(events(cdnow), [dt.date(1997, 3, 31), dt.date(1997, 6, 30)], dt.date(1997, 9, 30))
    assert found is not None
    assert (found.customers, found.left) == (2357, 1955)
    assert found.auc > found.recency_auc + 0.005
    assert found.auc == pytest.approx(0.793, abs=0.01)


def test_its_probabilities_are_what_happens_on_cdnow(cdnow: pl.DataFrame) -> None:
    found = judged(events(cdnow), [dt.date(1997, 3, 31), dt.date(1997, 6, 30)], dt.date(1997, 9, 30))
    assert found is not None
    assert all(abs(said - happened) < 0.06 for _, said, happened in found.bins)


@pytest.mark.parametrize(("fitted", "on"), [(1, 1), (2, 2)])
def test_it_ranks_complete_journey_better_than_recency_alone_quarter_by_quarter(shared_data: Path, fitted: int, on: int) -> None:
    rows = pl.read_csv(shared_data / "completejourney_r1-5" / "purchases_month.csv", infer_schema=False)
    cents = (pl.col("amount").cast(pl.Float64) * 100).round().cast(pl.Int64)
    known = events(
        rows.select("customer_code", pl.lit(None, pl.Date).alias("date"), pl.col("month").alias("period"), cents.alias("amount"))
    )
    ends = quarter_ends(dt.date(2017, 1, 1), dt.date(2017, 12, 31))
    found = judged(known, ends[:fitted], ends[on])
    assert found is not None
    assert found.auc > found.recency_auc + 0.05


def test_whoever_bought_once_long_ago_is_likelier_gone_than_lately(cdnow: pl.DataFrame) -> None:
    """Where P(alive) of BG/NBD says 1 for both."""
    known = events(cdnow)
    model = fit_leaving(known, Q[:2])
    codes, rows = signs({"lately": [(dt.date(1997, 9, 20), 20.0)], "long ago": [(dt.date(1997, 2, 1), 20.0)]}, Q[2])
    by_code = dict(zip(codes, probability(model, rows), strict=True))
    assert by_code["long ago"] > by_code["lately"]


def test_nothing_after_the_day_is_looked_at(cdnow: pl.DataFrame) -> None:
    day = dt.date(1997, 9, 30)
    all_of_it, so_far = events(cdnow), events(cdnow.filter(pl.col("date") <= day))
    (codes, rows), (codes_then, rows_then) = signs(all_of_it, day), signs(so_far, day)
    assert codes == codes_then
    assert np.array_equal(rows, rows_then)


def test_too_few_of_either_kind_are_said() -> None:
    known = {str(i): [(dt.date(2017, 1, 1), 10.0), (dt.date(2017, 4, 2), 10.0)] for i in range(50)}
    assert fit_leaving(known, [dt.date(2017, 3, 31)]).problem == "too_few"
    assert judged(known, [dt.date(2017, 3, 31)], dt.date(2017, 6, 30)) is None
    assert fit_leaving({}, []).problem == "too_few"


def test_a_months_total_is_a_purchase_in_its_middle_and_a_quarters_is_none() -> None:
    rows = pl.DataFrame(
        {
            "customer_code": ["a", "a", "a", None],
            "date": [None, dt.date(2017, 3, 1), None, dt.date(2017, 3, 1)],
            "period": ["2017-02", None, "2017Q1", None],
            "amount": [500, 700, 900, 1],
        },
        schema_overrides={"date": pl.Date},
    )
    assert events(rows) == {"a": [(dt.date(2017, 2, 15), 5.0), (dt.date(2017, 3, 1), 7.0)]}


def test_signs_by_hand() -> None:
    day = dt.date(2017, 6, 30)
    found = [(day - dt.timedelta(days=100), 30.0), (day - dt.timedelta(days=40), 10.0), (day - dt.timedelta(days=20), 20.0)]
    _, rows = signs({"a": found}, day)
    expected = [20, 3, 20 / 40, np.expm1(0.0), 0, 20, 100, 31 / 31 - 1, 2]
    assert np.expm1(rows[0][:7]) == pytest.approx(expected[:7])
    assert rows[0][7] == pytest.approx(np.log1p(30) - np.log1p(30))
    assert np.expm1(rows[0][8]) == pytest.approx(2)
    assert len(rows[0]) == len(SIGNS)


def test_left_is_nothing_within_the_quarter_ahead() -> None:
    day = dt.date(2017, 6, 30)
    known = {
        "last day": [(day + dt.timedelta(days=AHEAD_DAYS), 1.0)],
        "day after": [(day + dt.timedelta(days=AHEAD_DAYS + 1), 1.0)],
        "same day": [(day, 1.0)],
    }
    assert left(known, known, day).tolist() == [0, 1, 1]


@given(
    st.lists(st.tuples(st.integers(0, 5), st.booleans()), min_size=2, max_size=40).filter(lambda rows: len({left for _, left in rows}) == 2)
)
def test_auc_is_the_share_of_pairs_in_the_right_order(rows: list[tuple[int, bool]]) -> None:
    went, stayed = ([score for score, is_left in rows if is_left is kind] for kind in (True, False))
    pairs = [(a > b) + (a == b) / 2 for a in went for b in stayed]
    score, label = (np.array(column, dtype=np.float64) for column in zip(*rows, strict=True))
    assert auc(score, label) == pytest.approx(sum(pairs) / len(pairs))


def test_a_sign_that_tells_all_apart_still_gives_finite_weights() -> None:
    day, dice = dt.date(2017, 3, 31), random.Random(7)
    stays = {f"s{i}": [(day - dt.timedelta(days=dice.randint(1, 20)), 10.0), (day + dt.timedelta(days=9), 10.0)] for i in range(60)}
    goes = {f"g{i}": [(day - dt.timedelta(days=dice.randint(60, 80)), 10.0)] for i in range(60)}
    model = fit_leaving({**stays, **goes}, [day])
    assert model.problem == ""
    assert np.abs(model.weights).max() < 20
