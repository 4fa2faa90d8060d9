"""What holds for every column: one answer a row, rows are independent of their order, and the same as the rule says."""

from __future__ import annotations

import unicodedata

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as some

from tests.functions.calls import answers, column, spilled
from tests.rules import plain
from xlcrm.functions import FUNCTIONS, call
from xlcrm.functions.catalog import Argument, Grid
from xlcrm.tables.catalog import TABLES

GRADE = some.sampled_from(["CS1", "CS2", "CS3", "CB1", "CB12", "CB2", "", "CS12"])
PAIRS = some.lists(some.tuples(GRADE, GRADE), min_size=1, max_size=25)
ANYTHING = some.one_of(
    some.none(), some.text(max_size=6), some.floats(), some.integers(), some.booleans(), some.datetimes(),
    some.sampled_from(["CS1", "2017Q4", "#N/A", "Code", "Quarter", "Grade", "Quantity", "Settings", {"type": "Error", "basicValue": "#REF!"}]),
)  # fmt: skip
LIKELY = some.sampled_from(["CS1", "CS3", "CB2", "2017Q4", "2017Q3", "001", "1", 1.0, 43040.0, "12.50", 100, "CS", "2017-10-01"])


def grids(argument: Argument) -> some.SearchStrategy[Grid | None]:
    """What a formula might give for an argument, right or wrong: for a table mostly its heads with rows of anything below."""
    any_grid = some.integers(1, 3).flatmap(lambda width: some.lists(some.lists(ANYTHING, min_size=width, max_size=width), max_size=4))
    if argument.shape != "table":
        return any_grid | some.lists(some.lists(LIKELY, min_size=1, max_size=1), min_size=1, max_size=4) | some.none()
    heads = [column.en for column in TABLES[argument.holds].columns]
    rows = some.lists(some.lists(LIKELY | ANYTHING, min_size=len(heads), max_size=len(heads)), max_size=5)
    return some.one_of(rows.map(lambda below: [heads, *below]), rows.map(lambda below: [heads, *below]), any_grid, some.none())


@settings(deadline=None)
@given(PAIRS)
def test_a_change_is_what_the_plain_rule_says(pairs: list[tuple[str, str]]) -> None:
    now, before = zip(*pairs, strict=True)
    wanted = [plain.shown(current or None, previous or None) if current or previous else "" for current, previous in pairs]
    assert answers("grade_change", column(*now), column(*before)) == wanted


@settings(deadline=None)
@given(PAIRS, some.randoms())
def test_the_order_of_the_rows_changes_nothing(pairs: list[tuple[str, str]], chance: object) -> None:
    order = list(range(len(pairs)))
    chance.shuffle(order)  # type: ignore[attr-defined]  # a Random
    there = answers("state", *(column(*side) for side in zip(*pairs, strict=True)))
    here = answers("state", *(column(*side) for side in zip(*[pairs[place] for place in order], strict=True)))
    assert here == [there[place] for place in order]
    counts = [
        spilled("change_stats", column("1"), *(column(*side) for side in zip(*rows, strict=True)))
        for rows in (pairs, [pairs[place] for place in order])
    ]
    assert counts[0] == counts[1]


@settings(deadline=None)
@given(
    some.lists(
        some.tuples(some.sampled_from(["CS1", "CS2", "CS3", ""]), some.none() | some.integers(0, 900), some.none() | some.integers(0, 900)),
        min_size=1,
    )
)
def test_minimums_are_what_the_plain_rule_says(rows: list[tuple[str, int | None, int | None]]) -> None:
    held = {str(number): grade for number, (grade, _, _) in enumerate(rows) if grade}
    totals = {
        str(number): (quantity, amount) for number, (_, quantity, amount) in enumerate(rows) if quantity is not None or amount is not None
    }
    found = spilled("minimums", *(column(*side) for side in zip(*rows, strict=True)))
    wanted = plain.minimums(held, totals)
    if held:
        shown = {str(row[2]): tuple(None if cell == "" else cell for cell in row[3:]) for row in found[1:]}
        assert shown == wanted
    else:
        assert found == [["No customer has a grade here"]]


def shaped(argument: Argument, rows: int) -> some.SearchStrategy[Grid | None]:
    """What a formula that is written rightly gives, over cells of any kind."""
    if argument.holds == "settings":
        return some.none()
    if argument.shape == "table":
        columns = TABLES[argument.holds].columns
        cell = some.one_of(LIKELY, LIKELY, LIKELY, ANYTHING)
        row = some.lists(cell, min_size=len(columns), max_size=len(columns))
        return some.lists(row, max_size=6).map(lambda below: [[column.zh for column in columns], *below])
    if argument.shape == "value":
        return some.sampled_from(["2017Q4", None] if argument.holds == "quarter" else ["001", "1", 1.0]).map(lambda cell: [[cell]])
    return some.lists((LIKELY | ANYTHING).map(lambda cell: [cell]), min_size=rows, max_size=rows)


def check_answer(answer: Grid, asked: object) -> None:
    assert answer
    assert len({len(row) for row in answer}) == 1
    for row in answer:
        for cell in row:
            assert isinstance(cell, str | int | float)
            assert cell == cell, asked
            # A sign without a name yet, or of a private font, is a sign; one that does something unseen is not.
            assert not {unicodedata.category(sign) for sign in str(cell)} & {"Cc", "Cf"}, asked
            assert "xlcrm met something unexpected" not in str(cell), (asked, cell)


@settings(deadline=None, max_examples=60)
@given(some.sampled_from(sorted(FUNCTIONS)), some.data())
def test_no_function_ever_raises_or_answers_with_nothing(name: str, data: some.DataObject) -> None:
    function = FUNCTIONS[name]
    asked = [data.draw(grids(argument)) for argument in function.arguments]
    check_answer(call(function, asked, "en"), (name, asked))


@settings(deadline=None, max_examples=80)
@given(some.sampled_from(sorted(FUNCTIONS)), some.integers(1, 5), some.data())
def test_no_cell_keeps_a_well_written_formula_from_its_answer(name: str, rows: int, data: some.DataObject) -> None:
    function = FUNCTIONS[name]
    asked = [data.draw(shaped(argument, rows)) for argument in function.arguments]
    answer = call(function, asked, "en")
    check_answer(answer, (name, asked))
    if function.result == "column" and len(answer) != rows:
        assert len(answer) == 1, (name, asked)


@settings(deadline=None)
@given(some.lists(some.text(max_size=8) | some.floats(allow_nan=False) | some.none(), min_size=1, max_size=30))
def test_one_answer_a_row(values: list[object]) -> None:
    for name in ("clean_code", "clean_number", "quarter"):
        assert len(spilled(name, column(*values))) == len(values)


def test_ten_thousand_rows_spill_ten_thousand_rows() -> None:
    grades = (["CS1", "CS2", None, "x"] * 2500)[:10_000]
    found = answers("grade_change", column(*grades), column(*reversed(grades)))
    assert len(found) == 10_000
    assert pl.Series(found).unique().len() <= 16
