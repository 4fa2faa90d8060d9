"""What holds for every column: one answer a row, rows are independent of their order, and the same as the rule says."""

from __future__ import annotations

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as some

from tests.functions.calls import answers, column, spilled
from tests.rules import plain
from xlcrm.functions import FUNCTIONS, call
from xlcrm.texts import LANGUAGES

GRADE = some.sampled_from(["CS1", "CS2", "CS3", "CB1", "CB12", "CB2", "", "CS12"])
PAIRS = some.lists(some.tuples(GRADE, GRADE), min_size=1, max_size=25)
ANYTHING = some.one_of(
    some.none(), some.text(max_size=6), some.floats(), some.integers(), some.booleans(), some.datetimes(),
    some.sampled_from(["CS1", "2017Q4", "#N/A", "Code", "Quarter", "Grade", "Quantity", "Settings", {"type": "Error", "basicValue": "#REF!"}]),
)  # fmt: skip
GRIDS = (
    some.integers(1, 3).flatmap(lambda width: some.lists(some.lists(ANYTHING, min_size=width, max_size=width), max_size=4)) | some.none()
)


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


@settings(deadline=None, max_examples=600)
@given(some.sampled_from(sorted(FUNCTIONS)), some.data(), some.sampled_from(LANGUAGES))
def test_no_function_ever_raises_or_answers_with_nothing(name: str, data: some.DataObject, language: str) -> None:
    function = FUNCTIONS[name]
    grids = [data.draw(GRIDS) for _ in function.arguments]
    answer = call(function, grids, language)  # type: ignore[arg-type]  # one of LANGUAGES
    assert answer
    assert len({len(row) for row in answer}) == 1
    for row in answer:
        for cell in row:
            assert isinstance(cell, str | int | float)
            assert cell == cell
            assert "xlcrm met something unexpected" not in str(cell), (name, grids, cell)
            assert "xlcrm 遇到意外情况" not in str(cell), (name, grids, cell)


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
