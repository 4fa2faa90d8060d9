"""What a card says besides tables: open tasks, the cheapest way up, the sparkline."""

from __future__ import annotations

import datetime as dt

import pytest

from xlcrm.rules.card import Contact, Task, cheapest_way_up, open_tasks, sparkline
from xlcrm.tables import columns as c

DAY = dt.date(2018, 1, 10)


def contact(day: int, what: str = "", on: int | None = None, is_task: bool = False) -> Contact:
    return Contact(dt.date(2018, 1, day), "visit", "", what, dt.date(2018, 1, on) if on else None, is_task)


@pytest.mark.parametrize(
    ("contacts", "open_ones"),
    [
        ([contact(1, "call", 5)], ["call"]),
        ([contact(4), contact(1, "call", 5)], ["call"]),  # a contact before its day leaves it open
        ([contact(5), contact(1, "call", 5)], []),
        ([contact(1, "call", 5), contact(1)], ["call"]),  # the same day is not later
        ([contact(2), contact(1, "call")], []),  # without a day any later contact does
        ([contact(1, "call")], ["call"]),
        ([contact(9, "b", 20), contact(8, "a", 9)], ["b"]),
        ([contact(3, "b", 20), contact(1, "a", 9)], ["a", "b"]),
        ([contact(11), contact(1, "call", 5)], ["call"]),  # what comes after the day is not known yet
        ([contact(6), contact(5, "ask", 9, is_task=True)], []),  # a task is done by any contact since
        ([contact(5, "ask", 9, is_task=True)], ["ask"]),
        ([contact(6, "ask", 9, is_task=True), contact(1, "call", 5)], ["call", "ask"]),  # a task is no contact
    ],
)
def test_what_is_open(contacts: list[Contact], open_ones: list[str]) -> None:
    assert [task.what for task in open_tasks(contacts, DAY)] == open_ones


def test_a_task_is_overdue_from_the_day_after() -> None:
    assert open_tasks([contact(1, "call", 10)], DAY) == [Task(dt.date(2018, 1, 1), "call", DAY, False)]
    assert open_tasks([contact(1, "call", 9)], DAY)[0].overdue


def test_the_cheapest_way_up_is_the_smaller_share_of_a_minimum() -> None:
    line = {c.GAP_QUANTITY: 107_000, c.NEXT_MIN_QUANTITY: 422_000, c.GAP_AMOUNT: 6_000, c.NEXT_MIN_AMOUNT: 82_200}
    assert cheapest_way_up(line) == (c.GAP_AMOUNT, 6_000)
    assert cheapest_way_up({**line, c.GAP_AMOUNT: 0}) == (c.GAP_QUANTITY, 107_000)
    assert cheapest_way_up({**line, c.GAP_AMOUNT: 0, c.GAP_QUANTITY: 0}) is None
    assert cheapest_way_up({}) is None


@pytest.mark.parametrize(
    ("values", "drawn"),
    [([], ""), ([None, None], "  "), ([0, 0], "▁▁"), ([0, 7, None, 3], "▁█ ▄"), ([-5, 10], "▁█"), ([100, 100], "██")],
)
def test_a_sparkline_has_one_block_a_quarter(values: list[int | None], drawn: str) -> None:
    assert sparkline(values) == drawn
