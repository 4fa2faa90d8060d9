"""Buyers, quantity and amount quarter by quarter."""

from __future__ import annotations

import polars as pl

from xlcrm.rules.trend import QuarterTotals, quarter_trend, values_of
from xlcrm.tables import columns as c

SCHEMA = {c.CUSTOMER_CODE: pl.String, c.QUARTER: pl.String, c.QUANTITY: pl.Int64, c.AMOUNT: pl.Int64}


def bought(*rows: tuple[str, str, int | None, int | None]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=SCHEMA, orient="row")


def test_quarters_from_the_first_with_purchases_and_none_left_out() -> None:
    rows = bought(("1", "2017Q1", 1000, 500), ("2", "2017Q1", 2000, 700), ("1", "2017Q1", 500, 100), ("1", "2017Q4", 3000, 900))
    nothing = [QuarterTotals(quarter, None, None, None) for quarter in ("2017Q2", "2017Q3")]
    found = quarter_trend(rows, "2017Q4")
    assert found == [QuarterTotals("2017Q1", 2, 3500, 1300), *nothing, QuarterTotals("2017Q4", 1, 3000, 900)]
    assert values_of(found, "buyers") == [2, None, None, 1]


def test_who_returned_everything_is_no_buyer_and_what_no_row_names_is_unknown() -> None:
    rows = bought(("1", "2017Q4", 1000, None), ("1", "2017Q4", -1000, None), ("2", "2017Q4", 4000, None))
    assert quarter_trend(rows, "2017Q4") == [QuarterTotals("2017Q4", 1, 4000, None)]


def test_at_most_so_many_quarters_and_the_current_one_without_purchases() -> None:
    rows = bought(*(("1", f"{2010 + number // 4}Q{number % 4 + 1}", 1000, 1) for number in range(20)))
    assert [totals.quarter for totals in quarter_trend(rows, "2014Q4", 3)] == ["2014Q2", "2014Q3", "2014Q4"]
    assert len(quarter_trend(rows, "2014Q4")) == 8
    assert quarter_trend(rows, "2020Q1") == [QuarterTotals("2020Q1", None, None, None)]
    assert quarter_trend(bought(), "2020Q1") == [QuarterTotals("2020Q1", None, None, None)]
