"""Why this grade: every line of the explanation, from either frame library."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

from xlcrm.rules.why import MOST_ROWS, ROW, WhyLine, why
from xlcrm.settings import GradeGrammar, Settings
from xlcrm.tables import columns as c

SETTINGS = Settings(language="en")
CUSTOMERS = pl.DataFrame({c.CUSTOMER_CODE: ["1", "2"], c.CUSTOMER_NAME: ["Maple", None]})


def grades(*rows: tuple[str, str, str, str | None]) -> pl.DataFrame:
    names = [c.CUSTOMER_CODE, c.QUARTER, c.GRADE, c.SOURCE]
    return pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")


def purchases(*rows: tuple[str, str, int | None, int | None], day: dt.date | None = None) -> pl.DataFrame:
    schema = {c.CUSTOMER_CODE: pl.String, c.QUARTER: pl.String, c.QUANTITY: pl.Int64, c.AMOUNT: pl.Int64}
    return pl.DataFrame(rows, schema=schema, orient="row").with_columns(pl.lit(day).cast(pl.Date).alias(c.DATE))


def found(lines: list[WhyLine]) -> dict[str, list[str | int | float]]:
    by_label: dict[str, list[str | int | float]] = {}
    for line in lines:
        by_label.setdefault(line.label.removeprefix("functions.reason_"), []).append(line.value)
    return by_label


def test_nobody_is_explained_by_nothing() -> None:
    assert why("9", CUSTOMERS, grades(), purchases(), SETTINGS, "2017Q4") == []


def test_without_grade_and_purchases_the_earlier_quarter_still_speaks() -> None:
    lines = found(why("2", CUSTOMERS, grades(("2", "2017Q3", "CS2", None)), purchases(("2", "2017Q3", 5000, None)), SETTINGS, "2017Q4"))
    assert lines["customer"] == ["2"]
    assert (lines["grade"], lines["purchases"]) == (["no grade"], ["no purchase record in this quarter"])
    assert (lines["earlier_quarter"], lines["earlier_grade"], lines["state"]) == (["2017Q3"], ["CS2"], ["CS2× Lost"])
    assert lines["earlier_quantity"] == [5.0]
    assert "earlier_amount" not in lines
    assert "rule" not in lines
    assert "next" not in lines


def test_any_quarter_may_be_compared() -> None:
    held = grades(("1", "2017Q4", "CS1", None), ("1", "2016Q1", "CS3", None))
    assert found(why("1", CUSTOMERS, held, purchases(), SETTINGS, "2017Q4", previous="2016Q1"))["state"] == ["CS1↑ Promoted"]


def test_percentile_cuts_are_named() -> None:
    lines = found(why("1", CUSTOMERS, grades(("1", "2017Q4", "CS2", "percentiles")), purchases(("1", "2017Q4", 1, 1)), SETTINGS, "2017Q4"))
    assert lines["rule"] == ["by quantity inside the type, cut at 33.3 %, 66.7 % of its customers"]
    assert lines["next"] == ["nobody of this type stands in a better tier"]


def test_grade_rules_ask_without_types_too() -> None:
    rules = pl.DataFrame({c.BUSINESS_TYPE: ["X", "X"], c.SIZE: ["A", "B"], c.MIN_QUANTITY: [9000, 5000], c.MIN_AMOUNT: [None, 250]})
    untyped = Settings(language="zh", grammar=GradeGrammar(sizes=("A", "B"), sub_levels=(), typed=False))
    held = grades(("1", "2017Q4", "B", "minimums"))
    lines = found(why("1", CUSTOMERS, held, purchases(("1", "2017Q4", 6000, 300)), untyped, "2017Q4", rules))
    assert (lines["rule_quantity"], lines["rule_amount"]) == ([5.0], [2.5])
    without = found(why("1", CUSTOMERS, held, purchases(("1", "2017Q4", 6000, 300)), untyped, "2017Q4"))
    assert "rule_quantity" not in without


def test_many_purchases_are_listed_up_to_a_limit_and_counted() -> None:
    bought = purchases(*[("1", "2017Q4", 1000, 100)] * (MOST_ROWS + 3), day=dt.date(2017, 10, 1)).with_row_index(ROW, 1)
    held = grades(("1", "2017Q4", "CS1", "export.csv")).with_columns(pl.lit(7).alias(ROW))
    lines = found(why("1", CUSTOMERS, held, bought, SETTINGS, "2017Q4"))
    assert lines["grade_row"] == ["Grades row 7 · CS1 · source export.csv"]
    assert lines["purchases"] == [MOST_ROWS + 3]
    assert lines["purchase_row"][0] == "Purchases row 1 · 2017-10-01 · 1 · 1.00"
    assert lines["purchase_row"][MOST_ROWS:] == ["and 3 more rows"]


def test_two_grades_of_one_quarter_are_both_named() -> None:
    held = grades(("1", "2017Q4", "CS2", None), ("1", "2017Q4", "CS1", None))
    lines = found(why("1", CUSTOMERS, held, purchases(), SETTINGS, "2017Q4"))
    assert (lines["grade"], lines["grade_row"]) == (["CS1"], ["CS2", "CS1"])


def test_a_line_reads_as_a_sentence_in_both_languages() -> None:
    line = WhyLine("functions.reason_quantity", 1234.5)
    assert (line.line("en"), line.line("zh")) == ("Quantity: 1,234.5", "购进量：1,234.5")


def test_pandas_explains_the_same() -> None:
    pytest.importorskip("pandas")
    held = grades(("1", "2017Q4", "CS1", "a"), ("2", "2017Q4", "CS2", None), ("1", "2017Q3", "CS2", None))
    bought = purchases(("1", "2017Q4", 5000, 100), ("2", "2017Q4", 2000, 50), ("1", "2017Q3", 1000, 50), day=dt.date(2017, 10, 1))
    polars = why("2", CUSTOMERS, held, bought, SETTINGS, "2017Q4")
    pandas = why("2", CUSTOMERS.to_pandas(), held.to_pandas(), bought.to_pandas(), SETTINGS, "2017Q4")
    assert [(line.label, line.value) for line in pandas] == [(line.label, line.value) for line in polars]
