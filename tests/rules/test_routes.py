"""Batches: grading.md, section 4. Routes one to ten in a two-week cycle."""

from __future__ import annotations

import narwhals as nw
import polars as pl
import pytest

from tests.rules.handmade import compared, routes
from xlcrm.rules.routes import batch_id, route_batches, route_places
from xlcrm.settings import Settings
from xlcrm.tables import columns as c


def test_ten_routes_share_five_days() -> None:
    assert route_batches(routes(), Settings()).batch == {
        "1": "mon", "6": "mon", "2": "tue", "7": "tue", "3": "wed", "8": "wed", "4": "thu", "9": "thu", "5": "fri", "10": "fri",
    }  # fmt: skip


def test_a_routes_own_batch_counts_before_its_position_and_that_before_its_number() -> None:
    table = routes(
        {c.ROUTE: "1", c.BATCH: "周五", c.POSITION: 2}, {c.ROUTE: "2", c.POSITION: 8, c.ACCOUNT_MANAGER: "Lee"}, {c.ROUTE: "north", c.POSITION: 4},
        {c.ROUTE: "3"}, {c.ROUTE: "south"}, {c.ROUTE: "0"}, {c.ROUTE: None, c.POSITION: 1},
    )  # fmt: skip
    found = route_batches(table, Settings())
    assert found.batch == {"1": "fri", "2": "wed", "north": "thu", "3": "wed"}
    assert found.manager == {"2": "Lee"}


@pytest.mark.parametrize("written", ["mon", "Mon", " MONDAY ", "周一", "星期一", "礼拜一", "週一", "Ｍｏｎ"])
def test_a_day_by_any_of_its_names(written: str) -> None:
    assert batch_id(written, Settings()) == "mon"


@pytest.mark.parametrize(
    ("written", "batches", "expected"),
    [
        ("Monday", ("周一", "周二"), "周一"),  # the day's name in the workbook's own words
        ("EARLY", ("Early", "Late"), "Early"),
        ("星期天", ("mon",), "sun"),
        (" Group 7 ", ("mon",), "Group 7"),
    ],
)  # fmt: skip
def test_other_names_of_batches(written: str, batches: tuple[str, ...], expected: str) -> None:
    assert batch_id(written, Settings(batches=batches)) == expected


def test_a_route_without_a_batch_counts_in_the_totals_only_and_is_named() -> None:
    held = {"1": "CS1", "2": "CS1", "3": "CS1", "4": "CS1"}
    places = {"1": "1", "2": "Harbour", "3": "Hill", "4": None}
    found = compared(
        held, {**held, "3": "CS2"}, on_routes=places, routes_table=routes({c.ROUTE: "1"}, {c.ROUTE: "Hill", c.BATCH: "Sunday"})
    )
    (row,) = found.statistics.iter_rows(named=True)
    assert (row["mon_kept"], row["total_kept"], row["total_up"]) == (1, 3, 1)
    (problem,) = [problem for problem in found.problems if problem.code == "routes_without_batch"]
    assert (problem.value, problem.details["count"]) == ("Harbour, Hill", 2)
    assert "Harbour, Hill" in problem.line("en")


def test_routes_stand_in_the_order_of_the_cycle_those_without_a_place_last_by_number() -> None:
    frame = nw.from_native(pl.DataFrame({c.ROUTE: ["10", "2", "east", "1", None, "west"]}), eager_only=True)
    assert list(route_places(frame, {})) == ["1", "2", "10", "east", "west"]
    assert list(route_places(frame, {"west": 1, "10": 2})) == ["west", "10", "1", "2", "east"]
