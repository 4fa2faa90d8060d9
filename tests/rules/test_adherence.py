"""What became of the visit plan."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rules.handmade import table
from xlcrm.rules.adherence import Visit, adherence_table, by_route, by_week, days_of_visits, fulfilled, so_far, total
from xlcrm.rules.visitcycle import monday_of
from xlcrm.tables import columns as c
from xlcrm.texts import text

MONDAY = dt.date(2018, 1, 8)


def on(ahead: int) -> dt.date:
    return MONDAY + dt.timedelta(days=ahead)


def made(plan: list[int], visited: list[int]) -> list[int | None]:
    found = fulfilled([(on(ahead), "a") for ahead in plan], {"a": [on(ahead) for ahead in visited]})
    return [None if each is None else (each - MONDAY).days for each in found]


@pytest.mark.parametrize(
    ("plan", "visited", "expected"),
    [
        ([1], [1], [1]), ([1], [0], [0]), ([1], [6], [6]), ([1], [7], [None]), ([1], [-1], [None]), ([1], [], [None]),
        ([1], [0, 1, 2], [1]),  # its own day before any other
        ([0, 7], [4], [4, None]),  # late, not early for the next week
        ([0, 7], [4, 9], [4, 9]),
        ([0, 3], [1], [1, None]), ([0, 3], [3], [None, 3]), ([0, 3], [1, 3], [1, 3]), ([0, 3], [1, 2], [1, 2]),  # twice a week
        ([0, 3], [0, 3, 4], [0, 3]),
    ],
)  # fmt: skip
def test_a_visit_in_the_same_week_does_it(plan: list[int], visited: list[int], expected: list[int | None]) -> None:
    assert made(plan, visited) == expected


def test_another_customers_visit_does_nothing() -> None:
    assert fulfilled([(MONDAY, "a"), (MONDAY, "b")], {"b": [MONDAY]}) == [None, MONDAY]


@given(st.lists(st.integers(0, 27), max_size=8, unique=True), st.lists(st.integers(0, 27), max_size=8, unique=True).map(sorted))
def test_a_days_visits_do_one_planned_visit_and_none_is_wasted(plan: list[int], visited: list[int]) -> None:
    found = made(plan, visited)
    done = [each for each in found if each is not None]
    assert len(set(done)) == len(done)
    assert set(done) <= set(visited)
    assert all(each is None or monday_of(on(each)) == monday_of(on(planned)) for planned, each in zip(plan, found, strict=True))
    for week in range(4):
        planned, there = (sum(7 * week <= each < 7 * week + 7 for each in days) for days in (plan, visited))
        assert sum(7 * week <= each < 7 * week + 7 for each in done) == min(planned, there)
    assert all(each == planned for planned, each in zip(plan, found, strict=True) if planned in visited)


def test_visits_and_return_visits_count_in_either_language() -> None:
    rows = [
        {c.CUSTOMER_CODE: "a", c.DATE: on(ahead), c.KIND: kind}
        for ahead, kind in enumerate((text("choices.visit", "en"), "回访", text("choices.call", "en"), "return_visit", "拜访", None))
    ]
    rows += [{c.CUSTOMER_CODE: "a", c.DATE: on(0), c.KIND: "visit"}, {c.CUSTOMER_CODE: None, c.DATE: on(0), c.KIND: "visit"}]
    rows += [{c.CUSTOMER_CODE: "a", c.DATE: on(6), c.KIND: "visit", c.FOLLOW_UP_ID: "PB-1"}]
    assert days_of_visits(table("follow_ups", rows)) == {"a": [on(0), on(1), on(3), on(4)]}


VISITS = [
    Visit(on(0), "2", "a", on(0)), Visit(on(0), "2", "b", on(3)), Visit(on(1), "10", "d"), Visit(on(2), None, "e"), Visit(on(9), "2", "c"),
    Visit(on(10), "2", "f", on(7)),
]  # fmt: skip


def test_counted_is_what_was_planned_until_the_day_and_what_was_made_early() -> None:
    assert [visit.code for visit in so_far(VISITS, on(2))] == ["a", "b", "d", "e", "f"]


def test_by_route_and_by_week() -> None:
    routes = by_route(VISITS, ["2", "10"])
    assert list(routes) == ["2", "10", None]
    assert (routes["2"].planned, routes["2"].done, routes["2"].on_day, routes["2"].coverage, routes["2"].adherence) == (4, 3, 1, 0.75, 0.25)
    assert {monday: it.planned for monday, it in by_week(VISITS).items()} == {on(0): 4, on(7): 2}
    assert total([]).coverage is total([]).adherence is None


def test_the_table_has_a_row_a_route_and_the_total() -> None:
    frame = adherence_table(VISITS, ["2", "10"], "Total", pl.DataFrame())
    assert frame.rows() == [
        ("2", 4, 3, 1, 0.75, 0.25), ("10", 1, 0, 0, 0.0, 0.0), (None, 1, 0, 0, 0.0, 0.0), ("Total", 6, 3, 1, 0.5, 1 / 6),
    ]  # fmt: skip
    empty = adherence_table([], [], "Total", pl.DataFrame())
    assert empty.height == 0
    assert empty.schema == frame.schema
