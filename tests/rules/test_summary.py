"""Route summary and visit lines: grading.md, section 7."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
import pytest

from tests.rules.handmade import AS_OF, by, compared, customers, routes, table
from xlcrm.rules.comparison import compare
from xlcrm.rules.quarters import parse_quarter, previous_quarter, quarters_back
from xlcrm.settings import Settings
from xlcrm.tables import columns as c

NOW_HELD = {"1": "CS1", "2": "CS2", "3": "CB1"}
BEFORE_HELD = {"1": "CS1", "2": "CS1", "3": "CS1"}
BOUGHT = {"1": (10.0, 100.0), "2": (9.5, 95.0), "3": (1.0, 1.01)}
BOUGHT_BEFORE = {"1": (8.0, 0.0), "2": (2.25, 0.0)}


def summary(**options: Any) -> dict[str | None, dict[str, Any]]:
    options = {"on_routes": {"1": "1", "2": "1", "3": "2", "4": "2", "5": None}, **options}
    return by(compared(NOW_HELD, BEFORE_HELD, BOUGHT, BOUGHT_BEFORE, **options).route_summary, c.ROUTE)


def test_each_route_has_its_customers_and_states_and_a_null_route_those_on_none() -> None:
    rows = summary()
    assert {route: (row[c.BATCH], row[c.CUSTOMERS]) for route, row in rows.items()} == {None: (None, 1), "1": ("mon", 2), "2": ("tue", 2)}
    assert {state: rows["1"][state] for state in c.STATES if rows["1"][state]} == {"kept": 1, "down": 1}
    assert {state: rows["2"][state] for state in c.STATES if rows["2"][state]} == {"type_changed": 1, "ungraded": 1}


def test_totals_averages_and_their_change() -> None:
    row = summary()["1"]
    assert (row[c.QUANTITY], row[c.AMOUNT]) == (19_500, 19_500)
    assert (row[c.AVERAGE_QUANTITY], row[c.AVERAGE_AMOUNT]) == (9_750, 9_750)
    assert row[c.QUANTITY_CHANGE] == pytest.approx(19.5 / 10.25 - 1)
    assert row[c.AMOUNT_CHANGE] is None  # nothing to compare with


def test_averages_are_per_customer_and_rounded_half_up() -> None:
    row = summary()["2"]
    assert (row[c.AMOUNT], row[c.AVERAGE_AMOUNT]) == (101, 51)


def test_customers_per_tier() -> None:
    assert summary()["1"][c.TIERS] == "1: 1 · 2: 1 · 3: 0"


def follow_up(code: str, days_ago: int, number: str = "F1", action: str | None = None) -> dict[str, Any]:
    return {c.CUSTOMER_CODE: code, c.DATE: AS_OF - dt.timedelta(days=days_ago), c.FOLLOW_UP_ID: number, c.NEXT_ACTION: action}


@pytest.mark.parametrize(
    ("ages", "due", "overdue"), [((13, 0), 0, 0), ((14, 13), 1, 0), ((15, 14), 2, 1), ((15,), 2, 1), ((), 2, 0)]
)  # fmt: skip
def test_visits_due_and_overdue(ages: tuple[int, ...], due: int, overdue: int) -> None:
    row = summary(follow_ups=[follow_up(code, age) for code, age in zip("12", ages, strict=False)])["1"]
    assert (row[c.DUE], row[c.OVERDUE]) == (due, overdue)


def test_the_top_gaps_are_the_smallest_shares_that_are_still_missing() -> None:
    held = {"1": "CS1", **dict.fromkeys("23456", "CS2")}
    bought = {"1": (100.0, 100.0), "2": (95.0, 95.0), "3": (99.0, 92.0), "4": (97.0, 97.0), "5": (89.0, 100.0), "6": (100.0, 100.0)}
    row = by(compared(held, {}, bought).route_summary, c.ROUTE)["1"]
    assert row[c.TOP_GAPS] == "4 → CS1; 2 → CS1; 3 → CS1"


def lines(**options: Any) -> dict[str, dict[str, Any]]:
    return by(compared(NOW_HELD, BEFORE_HELD, BOUGHT, BOUGHT_BEFORE, **options).visit_lines)


def test_visit_lines_come_by_route_number_then_visit_order_those_on_no_route_last() -> None:
    on_routes = [("5", "10"), ("4", "2"), ("1", None), ("3", "2"), ("2", "x")]
    assert list(lines(on_routes=on_routes)) == ["4", "3", "5", "2", "1"]


def test_a_visit_line_holds_both_quarters_and_the_change() -> None:
    row = lines()["2"]
    assert (row[c.QUANTITY], row[c.PREVIOUS_QUANTITY], row[c.AMOUNT], row[c.PREVIOUS_AMOUNT]) == (9_500, 2_250, 9_500, 0)
    assert row[c.CHANGE] == pytest.approx(9.5 / 2.25 - 1)
    assert lines()["3"][c.CHANGE] is None


def test_the_last_follow_up_is_the_latest_row_of_the_latest_day() -> None:
    made = [
        follow_up("1", 9, "F3", "old"),
        follow_up("1", 2, "F1", "first"),
        follow_up("1", 2, "F2", "second"),
        follow_up("1", 2, None, "unnumbered"),
    ]  # type: ignore[arg-type]  # a blank number
    for order in (made, made[::-1]):
        row = lines(follow_ups=order)["1"]
        assert (row[c.LAST_FOLLOW_UP], row[c.NEXT_ACTION]) == (AS_OF - dt.timedelta(days=2), "second")


def test_the_routes_account_manager_counts_before_the_customers_owner() -> None:
    listed = customers({"1": "1", "2": "2"}).with_columns(pl.Series(c.OWNER, ["Owner", "Other"]))
    managers = routes({c.ROUTE: "1", c.ACCOUNT_MANAGER: "Lee"}, {c.ROUTE: "2"})
    nothing = (table(name, []) for name in ("grades", "purchases", "follow_ups"))
    found = compare(listed, managers, *nothing, settings=Settings(), current="2017Q2", previous="2017Q1", as_of=AS_OF)
    assert found.visit_lines.get_column(c.ACCOUNT_MANAGER).to_list() == ["Lee", "Other"]


def test_quarters_count_back_over_years() -> None:
    assert (previous_quarter("2017Q1"), previous_quarter("2017Q4"), quarters_back("2017Q2", 6), quarters_back("2016Q4", -1)) == (
        "2016Q4", "2017Q3", "2015Q4", "2017Q1",
    )  # fmt: skip
    assert parse_quarter("2010年一季度") == "2010Q1"
