"""Who buys by his own rhythm, when next; who makes most of the amount; rates per quarter."""

from __future__ import annotations

import datetime as dt
import itertools
from statistics import median
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules.handmade import table
from tests.rules.standing import DAY, ago, bought, on_days, purchases, row
from xlcrm.rules.activity import ACTIVITY_COLUMNS, Rhythm, activity
from xlcrm.rules.kpis import KPI_COLUMNS, kpis
from xlcrm.rules.pareto import PARETO_COLUMNS, pareto
from xlcrm.tables import columns as c


def test_the_cycle_is_the_median_gap_and_the_next_purchase_one_cycle_after_the_last() -> None:
    found = activity(on_days({"1": [100, 93, 79, 72, 10]}), DAY)
    assert found.columns == list(ACTIVITY_COLUMNS)
    own = row(found, "1")
    assert (own[c.CYCLE_DAYS], own[c.CYCLE_OF], own[c.FREQUENCY]) == (10.5, "own", 5)  # gaps 7, 14, 7, 62
    assert (own[c.FIRST_DATE], own[c.LAST_DATE], own[c.NEXT_PURCHASE]) == (ago(100), ago(10), DAY + dt.timedelta(days=1))


@pytest.mark.parametrize(("since", "state"), [(20, "active"), (21, "dormant")])
def test_dormant_after_two_own_cycles(since: int, state: str) -> None:
    assert row(activity(on_days({"1": [since + 20, since + 10, since]}), DAY), "1")[c.ACTIVITY] == state


def test_the_threshold_is_the_callers_and_neighbouring_days_make_nobody_dormant() -> None:
    often = on_days({"1": [7, 6, 5]})
    assert row(activity(often, DAY), "1")[c.ACTIVITY] == "active"
    assert row(activity(often, DAY, Rhythm(least_days=4)), "1")[c.ACTIVITY] == "dormant"
    assert row(activity(often, DAY, Rhythm(least_days=4, dormant_cycles=5)), "1")[c.ACTIVITY] == "active"


def test_who_bought_once_is_measured_by_the_others() -> None:
    found = activity(on_days({"1": [50], "2": [30, 10], "3": [40, 10], "4": [100, 10], "5": [5, 5]}), DAY)
    assert (row(found, "1")[c.CYCLE_DAYS], row(found, "1")[c.CYCLE_OF], row(found, "1")[c.ACTIVITY]) == (30, "peers", "active")
    assert row(found, "5")[c.CYCLE_OF] == "peers", "two rows of one day are one purchase"
    alone = row(activity(on_days({"1": [50]}), DAY), "1")
    assert (alone[c.CYCLE_DAYS], alone[c.CYCLE_OF]) == (91, "nobody")


@settings(max_examples=8, deadline=None)
@given(st.dictionaries(st.sampled_from("123"), st.sets(st.integers(0, 200), min_size=2, max_size=9), min_size=1))
def test_cycles_are_medians_of_gaps(case: dict[str, set[int]]) -> None:
    found = activity(on_days(case), DAY)
    for code, days in case.items():
        ordered = sorted(days)
        gaps = [later - earlier for earlier, later in itertools.pairwise(ordered)]
        assert row(found, code)[c.CYCLE_DAYS] == median(gaps)


def shares(amounts: dict[str, float], **options: Any) -> pl.DataFrame:
    found = pareto(purchases([bought(code, ago(1), money) for code, money in amounts.items()]), DAY, **options)
    assert found.customers.columns == list(PARETO_COLUMNS)
    return found.customers


def test_class_a_is_the_fewest_customers_who_make_four_fifths() -> None:
    found = shares({"1": 50, "2": 30, "3": 15, "4": 5})
    assert found.select(c.CUSTOMER_CODE, c.ABC_CLASS).rows() == [("1", "A"), ("2", "A"), ("3", "B"), ("4", "C")]
    assert found[c.CUMULATIVE_SHARE].to_list() == pytest.approx([0.5, 0.8, 0.95, 1.0])
    assert shares({"1": 50, "2": 29.99, "3": 15, "4": 5})[c.ABC_CLASS].to_list()[:3] == ["A", "A", "A"]


def test_who_gave_all_back_is_in_c_and_shares_add_up_without_him() -> None:
    found = shares({"1": 10, "2": 10, "3": -5, "4": 0})
    assert found[c.CUSTOMER_CODE].to_list() == ["1", "2", "4", "3"], "of equal amounts the smaller code first"
    assert found[c.ABC_CLASS].to_list() == ["A", "A", "C", "C"]
    assert found[c.SHARE].to_list() == [0.5, 0.5, 0, 0]
    nothing = pareto(purchases([bought("1", ago(1), -5)]), DAY)
    assert (nothing.total, nothing.a_customers, nothing.customers[c.ABC_CLASS].to_list()) == (0, 0, ["C"])


def test_the_window_and_the_cuts_are_the_callers() -> None:
    table = purchases([bought("1", ago(40), 100), bought("2", ago(5), 10)])
    assert pareto(table, DAY, window_days=30).customers[c.CUSTOMER_CODE].to_list() == ["2"]
    assert shares({"1": 50, "2": 30, "3": 15, "4": 5}, a_percent=50, b_percent=80)[c.ABC_CLASS].to_list() == ["A", "B", "C", "C"]


QUARTER_DAYS = {1: dt.date(2017, 2, 1), 2: dt.date(2017, 5, 1), 3: dt.date(2017, 8, 1), 4: dt.date(2017, 11, 1)}


def rates(quarters: dict[str, list[int]], as_of: dt.date = dt.date(2017, 12, 31), **options: Any) -> dict[tuple[str, str], float]:
    rows = [bought(code, QUARTER_DAYS[number]) for code, many in quarters.items() for number in many]
    found = kpis(purchases(rows), as_of, **options)
    assert found.columns == list(KPI_COLUMNS)
    return {(quarter, kpi): value for quarter, kpi, value in found.iter_rows()}


def test_churn_retention_and_activity_of_a_quarter() -> None:
    found = rates({"1": [1, 2], "2": [1, 2], "3": [1], "4": [1], "5": [2], "6": [1, 3]})
    assert {kpi: found["2017Q2", kpi] for kpi in ("active_start", "active_end", "new", "returned", "lost")} == {
        "active_start": 5, "active_end": 3, "new": 1, "returned": 0, "lost": 3,
    }  # fmt: skip
    assert (found["2017Q2", "churn"], found["2017Q2", "retention"], found["2017Q2", "activity_rate"]) == (3 / 5, 2 / 5, 3 / 6)
    assert (found["2017Q3", "new"], found["2017Q3", "returned"], found["2017Q3", "churn"]) == (1, 1, 1.0)
    assert (found["2017Q4", "churn"], found["2017Q4", "activity_rate"]) == (1.0, 0.0), "a quarter without a purchase is one too"


def test_nobody_is_lost_in_a_quarter_that_is_not_over_nor_new_in_the_first() -> None:
    found = rates({"1": [1, 2], "2": [1]}, as_of=dt.date(2017, 6, 29))
    assert ("2017Q1", "new") not in found
    assert ("2017Q1", "churn") not in found
    assert ("2017Q2", "churn") not in found
    assert found["2017Q2", "active_end"] == 1
    assert ("2017Q2", "churn") in rates({"1": [1, 2], "2": [1]}, as_of=dt.date(2017, 6, 30))


def test_a_listed_customer_is_known_from_his_day_on() -> None:
    listed = table("customers", [{c.CUSTOMER_CODE: "8"}, {c.CUSTOMER_CODE: "9", c.OPENED_ON: dt.date(2017, 4, 2)}, {c.CUSTOMER_CODE: "1"}])
    found = rates({"1": [1, 2]}, as_of=DAY, customers=listed)
    assert [found[quarter, "customers_known"] for quarter in ("2017Q1", "2017Q2")] == [2, 3]
    assert found["2017Q2", "activity_rate"] == 1 / 3


@settings(max_examples=8, deadline=None)
@given(st.dictionaries(st.sampled_from("12345"), st.lists(st.integers(1, 4), max_size=4), min_size=1))
def test_churn_and_retention_are_one(case: dict[str, list[int]]) -> None:
    found = rates(case)
    for quarter, kpi in found:
        if kpi == "churn":
            assert found[quarter, "churn"] + found[quarter, "retention"] == pytest.approx(1)
            assert found[quarter, "active_start"] - found[quarter, "lost"] + found[quarter, "new"] == found[quarter, "active_end"]


def test_no_purchase_no_rates() -> None:
    assert kpis(purchases([]), DAY).is_empty()
    assert activity(purchases([]), DAY).is_empty()
    assert pareto(purchases([]), DAY).customers.is_empty()
