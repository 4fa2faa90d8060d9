"""Grades of a quarter that is not over: right more often than the last grade, intervals that hold as often as they say."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from tests.rules.handmade import customers, table
from xlcrm.models.nowcast import LEVEL, NOWCAST_COLUMNS, interval, nowcast
from xlcrm.models.nowcast_check import NowcastJudged, judged, judged_quarter
from xlcrm.models.quarterparts import bought, earlier_quarters, part, same_day_of
from xlcrm.rules.quarters import quarter_of_day
from xlcrm.settings import GradeGrammar, Settings

DAY = dt.date(2017, 11, 30)


@pytest.fixture(scope="module")
def journey(shared_data: Path) -> Sequence[Any]:
    """customers, purchases by month, grades, no rules, no names of types: Complete Journey, routes 1-5."""
    folder = shared_data / "completejourney_r1-5"
    rows = pl.read_csv(folder / "purchases_month.csv", infer_schema=False)
    figures = [
        (pl.col(name).cast(pl.Float64) * scale).round().cast(pl.Int64).alias(name) for name, scale in (("quantity", 1000), ("amount", 100))
    ]
    grades = pl.read_csv(folder / "grades.csv", infer_schema=False).unpivot(
        index="customer_code", variable_name="quarter", value_name="grade"
    )
    purchases = rows.select("customer_code", pl.lit(None, pl.Date).alias("date"), pl.col("month").alias("period"), *figures)
    codes = pl.read_csv(folder / "routes.csv", infer_schema=False).get_column("customer_code").to_list()
    return customers(dict.fromkeys(codes, "1")), purchases, grades, table("grade_rules", []), table("business_types", [])


@pytest.fixture(scope="module")
def one_month(journey: Sequence[Any]) -> list[NowcastJudged]:
    return judged(*journey, Settings(), dt.date(2018, 1, 31))


@pytest.fixture(scope="module")
def two_months(journey: Sequence[Any]) -> list[NowcastJudged]:
    return judged(*journey, Settings(), dt.date(2018, 2, 28))


def test_on_complete_journey_it_beats_the_grade_before_quarter_by_quarter(
    one_month: list[NowcastJudged], two_months: list[NowcastJudged]
) -> None:
    for found, at_least in ((one_month, 0.66), (two_months, 0.79)):
        assert [each.quarter for each in found] == ["2017Q2", "2017Q3", "2017Q4"]
        assert all(each.hit_share > at_least > each.previous_share for each in found)
        assert all(each.customers > 900 for each in found)


def test_on_complete_journey_its_interval_holds_as_often_as_it_says(
    one_month: list[NowcastJudged], two_months: list[NowcastJudged]
) -> None:
    for each in (*one_month, *two_months):
        assert each.covered_share >= LEVEL
        assert each.covered_share == pytest.approx(each.said_covered_share, abs=0.02)
        assert each.hit_share == pytest.approx(each.said_share, abs=0.06)


def test_the_second_month_narrows_the_interval(one_month: list[NowcastJudged], two_months: list[NowcastJudged]) -> None:
    assert all(later.sizes < earlier.sizes - 0.3 for earlier, later in zip(one_month, two_months, strict=True))


def test_nothing_after_the_day_and_no_grade_of_the_quarter_is_looked_at(journey: Sequence[Any]) -> None:
    people, purchases, grades, *rest = journey
    known = purchases.filter(pl.col("period") <= "2017-11"), grades.filter(pl.col("quarter") < "2017Q4")
    now = nowcast(*journey, Settings(), DAY)
    assert now.rows.equals(nowcast(people, *known, *rest, Settings(), DAY).rows)
    assert tuple(now.rows.columns) == NOWCAST_COLUMNS
    assert now.learned_from == ("2017Q3", "2017Q2", "2017Q1")
    assert (now.rule, now.by, now.problem) == ("shares", "quantity", "")


def test_the_probabilities_of_a_row_fit_together(journey: Sequence[Any]) -> None:
    rows = nowcast(*journey, Settings(), DAY).rows
    assert rows.get_column("interval_probability").min() >= LEVEL - 1e-9
    assert (rows.get_column("probability") <= rows.get_column("interval_probability") + 1e-9).all()
    assert (rows.get_column("expected_quantity") >= rows.get_column("seen_quantity")).all()
    before = rows.filter(pl.col("previous_grade").is_not_null())
    kept = 1 - before.get_column("better_probability") - before.get_column("worse_probability")
    same = before.get_column("grade") == before.get_column("previous_grade")
    assert np.allclose(kept.filter(same).to_numpy(), before.get_column("probability").filter(same).to_numpy())


def steady(months: Sequence[str], many: int = 60) -> pl.DataFrame:
    """Customer 1 buys 1 unit a month, customer 2 two, and so on: nothing is uncertain."""
    rows = [
        {"customer_code": str(who), "period": month, "quantity": who * 1000, "amount": who * 500}
        for month in months
        for who in range(1, many + 1)
    ]
    return table("purchases", rows)


MONTHS = [f"2017-{number:02d}" for number in range(1, 8)]
PEOPLE = customers({str(who): "1" for who in range(1, 61)})
HELD = table("grades", [{"customer_code": str(who), "quarter": "2017Q2", "grade": "CS2"} for who in range(1, 61)])
NO_RULES, NO_TYPES = table("grade_rules", []), table("business_types", [])


def test_by_minimums_who_is_steady_gets_the_grade_of_three_months_alike() -> None:
    rules = table(
        "grade_rules",
        [{"business_type": "CS", "size": "1", "min_quantity": 151_500}, {"business_type": "CS", "size": "2", "min_amount": 3_150 * 10}],
    )
    found = nowcast(PEOPLE, steady(MONTHS), HELD, rules, NO_TYPES, Settings(grades_from="minimums"), dt.date(2017, 7, 31)).rows
    by_code = {row["customer_code"]: row for row in found.iter_rows(named=True)}
    assert {code: row["grade"] for code, row in by_code.items()} == {
        str(who): "CS1" if who * 3000 >= 151_500 else "CS2" if who * 1500 >= 31_500 else "CS3" for who in range(1, 61)
    }
    assert by_code["60"]["expected_quantity"] == pytest.approx(180_000, rel=0.015)
    assert (by_code["60"]["seen_quantity"], by_code["60"]["probability"], by_code["60"]["better_probability"]) == (60_000, 1.0, 1.0)


def test_by_percentiles_the_cuts_lie_among_those_who_will_buy() -> None:
    found = nowcast(PEOPLE, steady(MONTHS), HELD, NO_RULES, NO_TYPES, Settings(grades_from="percentiles"), dt.date(2017, 7, 31)).rows
    assert {row["customer_code"]: row["grade"] for row in found.iter_rows(named=True)} == {
        str(who): "CS1" if who > 40 else "CS2" if who > 20 else "CS3" for who in range(1, 61)
    }


def test_who_bought_nothing_for_long_is_foretold_nothing_or_left_out() -> None:
    gone = pl.concat([steady(MONTHS), table("purchases", [{"customer_code": "61", "period": "2016-07", "quantity": 1, "amount": 1}])])
    held = pl.concat([HELD, table("grades", [{"customer_code": "61", "quarter": "2016Q3", "grade": "CS2"}])])
    people = customers({str(who): "1" for who in range(1, 62)})
    found = nowcast(people, gone, held, NO_RULES, NO_TYPES, Settings(), dt.date(2017, 7, 31)).rows
    assert found.height == 60


def test_a_quarter_that_is_over_is_as_it_was() -> None:
    held = HELD.with_columns(pl.lit("2017Q1").alias("quarter"))
    found = nowcast(PEOPLE, steady(MONTHS[:6]), held, NO_RULES, NO_TYPES, Settings(grades_from="percentiles"), dt.date(2017, 6, 30)).rows
    assert found.filter(pl.col("seen_quantity") != pl.col("expected_quantity")).height == 0
    assert found.get_column("interval_probability").to_list() == [1.0] * 60


def test_too_little_to_learn_from_is_said() -> None:
    found = nowcast(PEOPLE, steady(MONTHS[6:]), HELD, NO_RULES, NO_TYPES, Settings(), dt.date(2017, 7, 31))
    assert (found.problem, found.rows.height, found.learned_from) == ("too_few", 0, ())


def test_without_types_everybody_competes_with_everybody() -> None:
    held = table("grades", [{"customer_code": str(who), "quarter": "2017Q2", "grade": "B"} for who in range(1, 61)])
    settings = Settings(grammar=GradeGrammar(sizes=("A", "B", "C"), sub_levels=(), typed=False), grades_from="percentiles")
    found = nowcast(PEOPLE, steady(MONTHS), held, NO_RULES, NO_TYPES, settings, dt.date(2017, 7, 31)).rows
    assert sorted(found.get_column("grade").to_list()) == ["A"] * 20 + ["B"] * 20 + ["C"] * 20


def test_a_measure_that_repeats_the_grades_is_found() -> None:
    """Amounts fall as quantities rise, and the grades go by the amount."""
    rows = steady(MONTHS).with_columns((100_000 - pl.col("quantity")).alias("amount"))
    held = table("grades", [{"customer_code": str(who), "quarter": "2017Q2", "grade": f"CS{1 + (who - 1) // 20}"} for who in range(1, 61)])
    found = nowcast(PEOPLE, rows, held, NO_RULES, NO_TYPES, Settings(), dt.date(2017, 7, 31))
    assert found.by == "amount"
    assert found.rows.filter(pl.col("customer_code") == "1").get_column("grade").to_list() == ["CS1"]


def test_nobody_is_judged_where_no_grade_is_known() -> None:
    assert judged_quarter(PEOPLE, steady(MONTHS), HELD, NO_RULES, NO_TYPES, Settings(), dt.date(2017, 7, 31)) is None


def test_the_interval_grows_to_the_likelier_side_and_stays_in_one_piece() -> None:
    assert interval(np.array([0.05, 0.6, 0.3, 0.05])) == (1, 2)
    assert interval(np.array([0.5, 0.05, 0.45])) == (0, 2)
    assert interval(np.array([0.95, 0.05, 0.0])) == (0, 0)


def test_the_same_day_of_another_quarter() -> None:
    assert same_day_of("2017Q1", dt.date(2017, 5, 31)) == dt.date(2017, 2, 28)
    assert same_day_of("2017Q2", dt.date(2017, 1, 31)) == dt.date(2017, 4, 30)
    assert same_day_of("2016Q4", dt.date(2017, 3, 15)) == dt.date(2016, 12, 15)
    assert quarter_of_day(dt.date(2017, 12, 31)) == "2017Q4"


def test_parts_of_a_quarter_by_hand() -> None:
    days = [(dt.date(2017, 1, 10), 4000), (dt.date(2017, 4, 2), 6000), (dt.date(2017, 4, 20), -1000), (dt.date(2017, 5, 9), 3000)]
    rows = table("purchases", [{"customer_code": "a", "date": day, "quantity": units, "amount": 0} for day, units in days])
    known = bought(rows, dt.date(2017, 6, 30))
    found = part(known, dt.date(2017, 4, 30))
    assert (found.seen["quantity"][0], found.rest["quantity"][0]) == (5000, 3000)
    assert found.at_pace["quantity"][0] == pytest.approx(9000 * 61 / 120)
    assert found.at_pace_seen["quantity"][0] == pytest.approx(5000 * 61 / 30)
    assert earlier_quarters(known, "2017Q2") == ["2017Q1"]
