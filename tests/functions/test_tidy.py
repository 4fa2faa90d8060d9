"""What a column gives at a glance is what cleaning gives of its text; a table that is read so is the table that the check reads."""

from __future__ import annotations

from unittest.mock import patch

import polars as pl
import pytest
from hypothesis import given
from hypothesis import settings as how
from hypothesis import strategies as some
from polars.testing import assert_frame_equal

from xlcrm.functions import cells, tablegrids, tidy
from xlcrm.functions.catalog import Grid
from xlcrm.functions.tablegrids import Known, table_of_grid
from xlcrm.settings import GradeGrammar, default_settings
from xlcrm.tables import cleaning
from xlcrm.tables import columns as c
from xlcrm.tables.catalog import TABLES
from xlcrm.tables.cleaning import Cleaned
from xlcrm.tables.periods import parse_period, parse_quarter

SETTINGS = default_settings("en")
NUMBERS = (
    some.floats() | some.integers(-(10**17), 10**17) | some.decimals(-(10**10), 10**10, places=2).map(float) | some.integers(-9, 99)
    | some.sampled_from([0.005, 0.0005, 1.0005, 2.675, -0.0, 1e9, 10_000.0, 73_050, 43_040.5, 20_170_105])
)  # fmt: skip
CODES = some.sampled_from(["001", "A1", "1.0", "2.7E+08", "'7", "１", "x-1", "", " 1", "####", "1e5", 7, 7.0])
GRADES = some.sampled_from(["CS1", "CB12", "cs1", "CS1 ", "ＣＳ1", "酒1", "x", "", "0", "-", 0, "CS", "#N/A"])
QUARTERS = some.sampled_from(["2017Q4", "2017q4", "2017-01", "2017年一季度", "2017-13", "-", "", "n/a", "2017-01-05", 2017.0, "201701"])
DAYS = some.sampled_from([43040.0, 43041, 43042.5, 9_999.0, 73_051, "2017-10-02", "x", "", 20_170_105.0, float("nan"), True])
GRAMMARS = [GradeGrammar(), GradeGrammar(typed=False, sizes=("A", "0", "B")), GradeGrammar(business_types=("CS",), sub_levels=())]


def some_blank(values: some.SearchStrategy[object]) -> some.SearchStrategy[list[object]]:
    """Columns of such cells: mostly of a few different ones, some of them blank."""
    return some.lists(values | some.none(), min_size=1, max_size=4).flatmap(lambda few: some.lists(some.sampled_from(few), max_size=15))


def check_same(found: pl.Series | None, wanted: Cleaned) -> None:
    if found is not None:
        assert found.dtype == wanted.values.dtype
        assert (found.to_list(), False) == (wanted.values.to_list(), wanted.bad.any())


@given(some_blank(NUMBERS), some.sampled_from([100, 1000]))
def test_numbers(column: list[object], scale: int) -> None:
    check_same(tidy.numbers(column, scale), cleaning.clean_number(cells.texts(column), scale))


@given(some_blank(CODES) | some_blank(NUMBERS))
def test_codes(column: list[object]) -> None:
    check_same(tidy.codes(column), cleaning.clean_code(cells.texts(column)))


@given(some_blank(GRADES), some.sampled_from(GRAMMARS))
def test_grades(column: list[object], grammar: GradeGrammar) -> None:
    check_same(tidy.grades(column, grammar), cleaning.clean_grade(cells.texts(column), grammar))


@given(some_blank(QUARTERS))
def test_quarters_and_periods(column: list[object]) -> None:
    check_same(tidy.words(column, parse_quarter), cleaning.clean_quarter(cells.texts(column)))
    check_same(tidy.words(column, parse_period), cleaning.clean_period(cells.texts(column)))


@given(some_blank(DAYS | NUMBERS))
def test_days(column: list[object]) -> None:
    check_same(tidy.days(column), cleaning.clean_date(cells.texts(column)))


@pytest.mark.parametrize(
    ("name", "column"),
    [
        (c.CUSTOMER_CODE, ["001", "A2", None]), (c.CUSTOMER_CODE, [1001.0, 7, None]), (c.QUARTER, ["2017Q4", None, ""]), (c.PERIOD, ["2017-01", "2017Q1"]),
        (c.QUANTITY, [1, 2.5, None]), (c.AMOUNT, [414.67, 0.1 + 0.2]), (c.DATE, [43040.0, 43041, None]), (c.DATE, [None, None]),
    ],
)  # fmt: skip
def test_what_stands_plainly_is_seen_at_a_glance(name: str, column: list[object]) -> None:
    assert tidy.values_of(TABLES["purchases"].by_id[name], column, SETTINGS) is not None


def test_what_is_no_plain_cell_is_not_guessed() -> None:
    error = {"type": "Error", "basicValue": "#REF!"}
    assert tidy.words(["CS1", error], str) is None
    assert tidy.codes(["CS1", error]) is None
    assert tidy.numbers([1.0, True], 100) is None
    assert tidy.numbers([1.0, 0.005], 100) is None
    assert tidy.words([f"A{number}" for number in range(1000)], str) is None


def read_both_ways(table_id: str, grid: Grid, wanted: tuple[str, ...]) -> tuple[Known, Known]:
    short = table_of_grid(TABLES[table_id], grid, wanted, SETTINGS)
    with patch.object(tidy, "values_of", return_value=None):
        return short, table_of_grid(TABLES[table_id], grid, wanted, SETTINGS)


def check_both_ways(table_id: str, grid: Grid, wanted: tuple[str, ...]) -> None:
    short, long = read_both_ways(table_id, grid, wanted)
    assert_frame_equal(short.frame.select(wanted), long.frame.select(wanted))
    assert short.rows.to_list() == long.rows.to_list()
    assert (short.left_out, list(short.problems)) == (long.left_out, list(long.problems))


GOOD = (some.sampled_from(["001", "002"]), some.just("2017Q4"), some.sampled_from(["CS1", "CB2"]))


@how(deadline=None)
@given(
    some.lists(
        some.tuples(*(good | good | good | bad | some.none() for good, bad in zip(GOOD, (CODES, QUARTERS, GRADES), strict=True))),
        max_size=6,
    )
)
def test_a_table_of_grades(rows: list[tuple[object, ...]]) -> None:
    grid = [["Code", "Note", "Quarter", "Grade"], *([code, "x", quarter, grade] for code, quarter, grade in rows)]
    check_both_ways("grades", grid, (c.CUSTOMER_CODE, c.QUARTER, c.GRADE))


@how(deadline=None)
@given(
    some.lists(
        some.tuples(
            CODES | GOOD[0] | GOOD[0] | some.none(), some.just(43040.0) | DAYS | some.none(), NUMBERS | some.none() | some.just("x")
        ),
        max_size=6,
    )
)
def test_a_table_of_purchases(rows: list[tuple[object, ...]]) -> None:
    check_both_ways("purchases", [["Code", "Date", "Quantity"], *map(list, rows)], (c.CUSTOMER_CODE, c.DATE, c.PERIOD, c.QUANTITY))


@how(deadline=None)
@given(
    some.lists(
        some.tuples(some.sampled_from(["CS", "CB", None]), some.sampled_from(["1", "2", 1.0, None]), some.none() | some.integers(0, 9)),
        max_size=5,
    )
)
def test_a_table_of_rules_in_which_a_row_may_hold_nothing_but_a_figure(rows: list[tuple[object, ...]]) -> None:
    check_both_ways("grade_rules", [["Type code", "Size", "Min. quantity"], *map(list, rows)], (c.BUSINESS_TYPE, c.SIZE, c.MIN_QUANTITY))


def test_blank_rows_below_a_table_cost_nothing() -> None:
    grid = [["Code", "Quarter", "Grade"], ["001", "2017Q4", "CS1"], [None, "", None], ["002", "2017Q4", "CS1"], ["", None, None]]
    assert table_of_grid(TABLES["grades"], grid, (c.CUSTOMER_CODE, c.QUARTER, c.GRADE), SETTINGS).rows.to_list() == [1, 3]
    with patch.object(tablegrids, "check", side_effect=AssertionError("checked")):
        below = table_of_grid(TABLES["grades"], [*grid[:2], *grid[4:] * 3], (c.CUSTOMER_CODE, c.QUARTER, c.GRADE), SETTINGS)
    assert (below.rows.to_list(), below.problems) == ([1], ())


def test_a_wide_table_gives_the_columns_that_are_wanted() -> None:
    heads = [f"Own {number}" for number in range(30)]
    grid = [[*heads, "Code", "Quarter", "Grade"], [*heads, "001", "2017Q4", "CS1"], [*heads, "002", "2017Q4", "CS2"]]
    assert table_of_grid(TABLES["grades"], grid, (c.CUSTOMER_CODE, c.QUARTER, c.GRADE), SETTINGS).frame[c.GRADE].to_list() == ["CS1", "CS2"]
