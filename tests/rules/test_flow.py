"""Who came from where: every customer in one cell, rows and total equal to what was counted the plain way."""

from __future__ import annotations

from collections import Counter
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.sample_comparison import sample_comparison
from xlcrm.rules.changes import grade_changes
from xlcrm.rules.flow import NO_GRADE, distribution, flow, with_flow
from xlcrm.rules.grades import graded
from xlcrm.settings import GradeGrammar
from xlcrm.tables import columns as c

GRAMMAR = GradeGrammar()
CODES = ("CS1", "CS2", "CS21", "CS3", "CB1", "CB3", None)


def changes_of(pairs: list[tuple[str | None, str | None]]) -> Any:
    """The changes of customers with these grades in the earlier quarter and in this one."""
    customers = pl.DataFrame({c.CUSTOMER_CODE: [f"{number:03}" for number in range(len(pairs))]}, schema={c.CUSTOMER_CODE: pl.String})
    customers = customers.with_columns(pl.lit("1").alias(c.ROUTE))
    rows = [
        (f"{number:03}", quarter, grade)
        for number, pair in enumerate(pairs) for quarter, grade in zip(("2017Q3", "2017Q4"), pair, strict=True) if grade
    ]  # fmt: skip
    grades = pl.DataFrame(rows, schema=dict.fromkeys((c.CUSTOMER_CODE, c.QUARTER, c.GRADE), pl.String), orient="row")
    return grade_changes(customers, graded(grades, GRAMMAR), "2017Q4", "2017Q3").collect().to_native()


def test_cells_rows_and_total_of_the_sample() -> None:
    found = flow(sample_comparison().changes, GRAMMAR)
    assert found.cells == {
        ("1", "3"): 1, ("1", c.TYPE_CHANGED): 1, ("2", "1"): 2, ("2", "2"): 1, ("2", NO_GRADE): 1, ("3", "1"): 1, ("3", "3"): 2,
        (NO_GRADE, "2"): 1, (NO_GRADE, NO_GRADE): 1,
    }  # fmt: skip
    assert [found.row_sum(row) for row in found.rows] == [2, 4, 3, 2]
    assert [found.column_sum(column) for column in found.columns] == [3, 2, 3, 1, 2]
    assert found.total == 11


@given(st.lists(st.tuples(st.sampled_from(CODES), st.sampled_from(CODES)), max_size=30))
def test_a_row_is_its_size_and_all_rows_are_everybody(pairs: list[tuple[str | None, str | None]]) -> None:
    found = flow(changes_of(pairs), GRAMMAR)
    before = Counter(earlier[2] if earlier else NO_GRADE for earlier, _ in pairs)
    assert {row: found.row_sum(row) for row in found.rows if found.row_sum(row)} == before
    assert found.total == len(pairs) == sum(found.column_sum(column) for column in found.columns)
    changed = [now for earlier, now in pairs if earlier and now and earlier[:2] != now[:2]]
    assert found.column_sum(c.TYPE_CHANGED) == len(changed)
    for earlier, now in pairs:
        to = NO_GRADE if now is None else c.TYPE_CHANGED if earlier and earlier[:2] != now[:2] else now[2]
        assert found.cells[earlier[2] if earlier else NO_GRADE, to] >= 1


def test_no_column_of_the_changes_is_lost() -> None:
    changes = sample_comparison().changes
    assert with_flow(changes, GRAMMAR).collect().columns == [*changes.columns, c.FLOW_FROM, c.FLOW_TO]


@given(st.lists(st.tuples(st.sampled_from(CODES), st.sampled_from(CODES)), max_size=30))
def test_the_distribution_counts_who_has_a_grade_now(pairs: list[tuple[str | None, str | None]]) -> None:
    found = distribution(changes_of(pairs), GRAMMAR)
    counted = Counter((now[:2], int(now[2])) for _, now in pairs if now)
    assert {(name, size): count for name, sizes in found for size, count in enumerate(sizes, 1) if count} == counted
    totals = [sum(sizes) for _, sizes in found]
    assert totals == sorted(totals, reverse=True)


@pytest.mark.parametrize("grammar", [GradeGrammar(sizes=("A", "B", "C", "D", "E"), typed=False, sub_levels=())])
def test_grades_without_a_type(grammar: GradeGrammar) -> None:
    changes = pl.DataFrame({c.GRADE: ["A", "E", None], c.PREVIOUS_GRADE: ["B", None, "C"], c.STATE: [c.UP, c.NEW, c.LOST]})
    found = flow(changes, grammar)
    assert found.cells == {("B", "A"): 1, ("C", NO_GRADE): 1, (NO_GRADE, "E"): 1}
    assert distribution(changes, grammar) == [("", (1, 0, 0, 0, 1))]
