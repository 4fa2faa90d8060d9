"""Change statistics: grading.md, section 4."""

from __future__ import annotations

from tests.rules.handmade import compared, routes
from xlcrm.settings import Settings
from xlcrm.tables import columns as c

GRADES_NOW = {"1": "CS1", "2": "CS1", "3": "CS2", "4": "CB1", "5": "CS1", "6": "CS3", "7": "CS2"}
GRADES_BEFORE = {"1": "CS2", "2": "CS1", "3": "CS1", "4": "CS1", "6": "CS3", "7": "CS3", "8": "CS3"}
ON_ROUTES = {"1": "1", "2": "6", "3": "2", "4": "1", "5": "7", "6": "10", "7": "11", "8": "1"}


def test_rows_are_type_and_current_grade_best_first_and_columns_batches_totals_new_changed() -> None:
    rows = compared(GRADES_NOW, GRADES_BEFORE, on_routes=ON_ROUTES).statistics
    assert rows.columns == [
        c.BUSINESS_TYPE, c.SIZE, c.GRADE, *(f"{day}_{state}" for day in ("mon", "tue", "wed", "thu", "fri") for state in ("up", "kept", "down")),
        "total_up", "total_kept", "total_down", "new", "type_changed",
    ]  # fmt: skip
    assert rows.get_column(c.GRADE).to_list() == ["CB1", "CS1", "CS2", "CS3"]


def counts(grade: str, **options: object) -> dict[str, int]:
    rows = compared(GRADES_NOW, GRADES_BEFORE, on_routes=ON_ROUTES, **options).statistics  # type: ignore[arg-type]  # as compared takes them
    (row,) = rows.filter(rows[c.GRADE] == grade).iter_rows(named=True)
    return {name: value for name, value in row.items() if value and name not in (c.BUSINESS_TYPE, c.SIZE, c.GRADE)}


def test_a_customer_counts_in_its_batch_and_in_the_total() -> None:
    assert counts("CS1") == {"mon_up": 1, "mon_kept": 1, "total_up": 1, "total_kept": 1, "new": 1}


def test_new_and_type_changed_count_apart_from_the_three() -> None:
    assert counts("CB1") == {"type_changed": 1}


def test_lost_customers_have_no_row_of_their_earlier_grade() -> None:
    assert counts("CS3") == {"fri_kept": 1, "total_kept": 1}


def test_a_customer_on_a_route_that_routes_does_not_hold_counts_in_the_totals_only() -> None:
    assert counts("CS2") == {"tue_down": 1, "total_up": 1, "total_down": 1}


def test_batches_are_a_setting() -> None:
    settings = Settings(batches=("early", "late"))
    table = routes({c.ROUTE: "1", c.BATCH: "Late"}, {c.ROUTE: "6", c.BATCH: "early"})
    assert counts("CS1", settings=settings, routes_table=table) == {"late_up": 1, "early_kept": 1, "total_up": 1, "total_kept": 1, "new": 1}
