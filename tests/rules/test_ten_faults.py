"""The right answer where hand-made formulas go wrong: grading.md, section 8, one test a fault."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from tests.rules.handmade import BEFORE, NOW, by, codes, compared, purchase, table
from xlcrm.tables import columns as c


def state(before: str | None, now: str | None) -> str:
    found = compared({"1": now}, {"1": before}, on_routes={"1": "1"}).changes
    return str(by(found)["1"][c.STATE])


def test_1_a_code_is_text_in_every_table_so_leading_zeros_join() -> None:
    row = by(compared({"00123": "CS1"}, {"00123": "CS2"}, {"00123": (5.0, 5.0)}, on_routes={"00123": "1", "123": "1"}).visit_lines)
    assert (row["00123"][c.STATE], row["00123"][c.QUANTITY]) == ("up", 5_000)
    assert (row["123"][c.STATE], row["123"][c.QUANTITY]) == ("ungraded", None)


def test_2_a_customer_whose_grade_is_not_found_stays_in_the_counts() -> None:
    found = compared({"1": "CS1"}, {"2": "CS1"}, on_routes={"1": "1", "2": "1", "3": "1"})
    row = by(found.reconciliation, c.ROUTE)["1"]
    assert (row[c.NEW], row[c.LOST], row[c.UNGRADED], row[c.CUSTOMERS], row["ok"]) == (1, 1, 1, 3, True)


@pytest.mark.parametrize("blank", [None, "0", ""])
def test_3_a_blank_or_zero_grade_is_no_grade_on_either_side(blank: str | None) -> None:
    assert state(blank, "CS2") == "new"
    assert state("CS2", blank) == "lost"


def test_4_a_trailing_space_changes_nothing_and_the_customer_is_counted() -> None:
    found = compared({"1": "CS3 "}, {"1": "CS3"})
    assert found.statistics.select(c.GRADE, "mon_kept", "total_kept", "total_up").rows() == [("CS3", 1, 1, 0)]


def test_5_a_type_change_is_not_kept() -> None:
    found = compared({"1": "CB1"}, {"1": "CS1"})
    assert found.statistics.select("total_kept", c.TYPE_CHANGED).rows() == [(0, 1)]


def test_6_a_sub_level_is_not_compared_with_a_size() -> None:
    assert state("CZ1", "CZ12") == "kept"
    assert state("CZ2", "CZ12") == "up"


def test_7_each_of_the_three_totals_is_its_own() -> None:
    now = {"1": "CS1", "2": "CS1", "3": "CS1", "4": "CS2", "5": "CS2", "6": "CS2", "7": "CS2"}
    before = {"1": "CS2", "2": "CS1", "3": "CS1", "4": "CS1", "5": "CS1", "6": "CS1", "7": "CS2"}
    rows = compared(now, before).statistics.select(c.GRADE, "total_up", "total_kept", "total_down").rows()
    assert rows == [("CS1", 1, 2, 0), ("CS2", 0, 1, 3)]


def test_8_the_first_customer_counts_in_every_row() -> None:
    found = compared(
        {"1": "CS2", "2": "CS1", "3": "CS2"}, {"1": "CS2", "2": "CS1", "3": "CS2"}, {"1": (1.0, 1.0), "3": (2.0, 2.0), "2": (9.0, 9.0)}
    )
    assert found.statistics.select(c.GRADE, "total_kept").rows() == [("CS1", 1), ("CS2", 2)]
    assert by(found.minimums, c.GRADE)["CS2"][c.QUANTITY_HOLDERS] == "1"


def test_9_codes_of_eighteen_digits_that_differ_in_the_last_are_two_customers() -> None:
    one, other = "123456789012345678", "123456789012345679"
    rows = by(compared({one: "CS1", other: "CS3"}, {one: "CS1", other: "CS1"}, {one: (7.0, 7.0)}).visit_lines)
    assert (rows[one][c.STATE], rows[other][c.STATE]) == ("kept", "down")
    assert (rows[one][c.QUANTITY], rows[other][c.QUANTITY]) == (7_000, None)


def test_10_a_customer_on_two_routes_counts_once_and_is_named() -> None:
    rows = [purchase("1", NOW, 5, 5), purchase("1", BEFORE, 4, 4)]
    listed: Any = [("1", "4"), ("1", "2"), ("2", "2"), ("2", "2")]
    found = compared({"1": "CS1", "2": "CS1"}, {"1": "CS1", "2": "CS1"}, on_routes=listed, purchases_table=table("purchases", rows))
    assert found.statistics.get_column("total_kept").to_list() == [2]
    assert {route: row[c.CUSTOMERS] for route, row in by(found.reconciliation, c.ROUTE).items()} == {"2": 2}
    assert found.route_summary.get_column(c.QUANTITY).to_list() == [5_000]
    assert found.visit_lines.select(pl.col(c.CUSTOMER_CODE).n_unique() == pl.len()).item()
    assert codes(found.problems)[:3] == ["customer_on_two_routes", "repeated_key", "repeated_key"]
