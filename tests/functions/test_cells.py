"""The short ways of a whole column give what the rule gives cell by cell."""

from __future__ import annotations

import datetime as dt

import polars as pl
from hypothesis import given
from hypothesis import strategies as some

from xlcrm.functions import cells
from xlcrm.settings import default_settings
from xlcrm.tables import cleaning
from xlcrm.tables.celltext import cell_text
from xlcrm.tables.schema import ColumnKind

NUMBERS = (
    some.floats(allow_nan=False, allow_infinity=False)
    | some.integers(-(10**17), 10**17)
    | some.decimals(-(10**9), 10**9, places=4).map(float)
)
CELLS = (
    NUMBERS
    | some.text(max_size=8)
    | some.none()
    | some.booleans()
    | some.dates().map(lambda day: dt.datetime(day.year, day.month, day.day))
)


@given(some.lists(CELLS, max_size=20))
def test_texts_are_the_text_of_each_cell(column: list[object]) -> None:
    wanted = [None if cell is None else cell_text(float(cell) if type(cell) is int else cell) for cell in column]
    assert cells.texts(column).to_list() == wanted


@given(some.lists(NUMBERS | some.none(), max_size=20), some.sampled_from([ColumnKind.QUANTITY, ColumnKind.MONEY]))
def test_numbers_that_came_as_numbers_are_what_their_text_says(column: list[object], kind: ColumnKind) -> None:
    short = cells.numbers(column, kind)
    wanted = cleaning.clean_number(cells.texts(column), cells.SCALE[kind])
    assert (short.values.to_list(), short.bad.to_list()) == (wanted.values.to_list(), wanted.bad.to_list())


@given(some.lists(some.sampled_from(["CS1", "cs1 ", "ＣＳ1", "x", "", None, 0, 0.0, "0", True, 1, "#N/A"]), max_size=20))
def test_grades_are_read_the_same_alone_and_in_a_column(column: list[object]) -> None:
    grammar = default_settings("en").grammar
    together = cells.grades(column, grammar)
    alone = [cells.grades([cell], grammar) for cell in column]
    assert together.values.to_list() == [one.values[0] for one in alone]
    assert together.bad.to_list() == [one.bad[0] for one in alone]


@given(some.lists(some.tuples(some.sampled_from("abc"), some.integers(0, 3), some.sampled_from([None, "x"])), min_size=1, max_size=30))
def test_rows_that_are_alike_are_asked_once_and_answered_each(rows: list[tuple[object, ...]]) -> None:
    asked: list[tuple[object, ...]] = []

    def answer(columns: list[object]) -> list[str]:
        asked.extend(zip(*columns, strict=True))  # type: ignore[call-overload]  # columns of any values
        return [repr(row) for row in asked]

    assert cells.by_distinct(list(zip(*rows, strict=True)), answer) == [repr(row) for row in rows]  # type: ignore[arg-type]  # as above
    assert len(asked) == len(set(rows))


@given(some.lists(some.text(alphabet="0123456789abcE+.# -", max_size=6) | some.none(), max_size=20))
def test_a_column_of_codes_is_cleaned_as_each_code_alone(column: list[str | None]) -> None:
    together = cleaning.clean_code(pl.Series(column, dtype=pl.String))
    alone = [cleaning.clean_code(pl.Series([code, "x y"], dtype=pl.String)) for code in column]
    assert together.values.to_list() == [one.values[0] for one in alone]
    assert together.bad.to_list() == [one.bad[0] for one in alone]
