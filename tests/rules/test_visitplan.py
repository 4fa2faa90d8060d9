"""The visit plan: how often, on which days, balanced, and the same again."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import settings as checked
from hypothesis import strategies as st

from tests.rules.handmade import grades, routes, table
from xlcrm.rules.visitbalance import TOLERANCE_PERCENT
from xlcrm.rules.visitplan import Planned, VisitPlan, visit_plan
from xlcrm.settings import Settings
from xlcrm.tables import columns as c

MONDAY = dt.date(2018, 1, 8)
QUARTER = "2017Q4"
SIZED = Settings(size_interval_days=(7, 14, 28), size_visit_minutes=(30, 20, 15))
ROUTES = routes(*({c.ROUTE: str(number), c.POSITION: number} for number in range(1, 11)))
People = Mapping[str, tuple[str | None, int]]
"""code -> route, size."""


def plan_of(
    people: People, from_day: dt.date = MONDAY, cycles: int = 1, last: Sequence[Planned] = (), *, settings: Settings = SIZED,
    routes_table: pl.DataFrame = ROUTES, **more: Mapping[str, Any],
) -> VisitPlan:  # fmt: skip
    rows = [
        {c.CUSTOMER_CODE: code, c.ROUTE: route, c.VISIT_ORDER: place, **more.get(code, {})}
        for place, (code, (route, _)) in enumerate(people.items(), 1)
    ]
    held = grades((QUARTER, {code: f"CS{size}" for code, (_, size) in people.items()}))
    return visit_plan(table("customers", rows), routes_table, held, settings, from_day, cycles, last)


def visits(plan: VisitPlan) -> list[Planned]:
    return sorted(
        (Planned(day.date, plan.stops[code].route, code) for day in plan.days for code in day.codes), key=lambda it: (it.date, it.code)
    )


def dates(plan: VisitPlan) -> dict[str, list[dt.date]]:
    found = defaultdict(list)
    for visit in visits(plan):
        found[visit.code].append(visit.date)
    return dict(found)


def day(week: int, weekday: int) -> dt.date:
    return MONDAY + dt.timedelta(weeks=week, days=weekday)


def test_ten_routes_in_two_weeks() -> None:
    people: People = {f"{number:03}": (str(number), 2) for number in range(1, 11)}
    assert dates(plan_of(people)) == {f"{number:03}": [day((number - 1) // 5, (number - 1) % 5)] for number in range(1, 11)}


def test_the_grade_says_how_often() -> None:
    people: People = {"weekly": ("7", 1), "each cycle": ("7", 2), "every other": ("7", 3)}
    found = dates(plan_of(people, cycles=4))
    assert found["weekly"] == [day(week, 1) for week in range(8)]
    assert found["each cycle"] == [day(week, 1) for week in (1, 3, 5, 7)]
    assert found["every other"] in ([day(1, 1), day(5, 1)], [day(3, 1), day(7, 1)])


def test_more_than_once_a_week_is_on_fixed_weekdays() -> None:
    found = dates(plan_of({"a": ("1", 1)}, cycles=2, settings=Settings(size_interval_days=(4,))))
    assert found["a"] == [day(week, weekday) for week in range(4) for weekday in (0, 3)]


def test_every_other_cycle_is_divided_over_both() -> None:
    people: People = {f"{number:03}": ("1", 3) for number in range(20)}
    assert set(Counter(visit.date for visit in visits(plan_of(people, cycles=2))).values()) == {10}


def test_a_route_that_is_too_long_gives_to_the_other_week_of_its_weekday() -> None:
    people: People = {f"a{number:03}": ("1", 2) for number in range(40)} | {f"b{number:03}": ("6", 2) for number in range(10)}
    plan = plan_of(people)
    minutes = {each.date: plan.minutes(each) for each in plan.days}
    assert set(minutes) == {day(0, 0), day(1, 0)}
    assert max(minutes.values()) <= 500 * (100 + TOLERANCE_PERCENT) / 100
    moved = [code for code, on in dates(plan).items() if code.startswith("a") and on == [day(1, 0)]]
    assert moved == [f"a{number:03}" for number in range(40 - len(moved), 40)], "the last ones of the route"
    assert len(moved) == 12, "no more than needed"


def test_no_week_without_a_route_of_that_weekday_is_used() -> None:
    people: People = {f"a{number:03}": ("1", 2) for number in range(40)} | {"b": ("2", 2)}
    assert {on for code, days in dates(plan_of(people)).items() if code != "b" for on in days} == {day(0, 0)}


def test_two_people_have_days_of_their_own() -> None:
    shared = routes({c.ROUTE: "1", c.POSITION: 1, c.ACCOUNT_MANAGER: "Ana"}, {c.ROUTE: "6", c.POSITION: 6, c.ACCOUNT_MANAGER: "Ben"})
    people: People = {f"a{number:03}": ("1", 2) for number in range(30)} | {"b1": ("6", 2), "b2": ("6", 2)}
    plan = plan_of(people, routes_table=shared, b2={c.OWNER: "Ana"})
    assert [(each.date, each.person, len(each.codes)) for each in plan.days] == [
        (day(0, 0), "Ana", 17), (day(1, 0), "Ana", 14), (day(1, 0), "Ben", 1),
    ]  # fmt: skip


def test_a_plan_from_the_middle_of_a_week_has_every_visit_once() -> None:
    people: People = {f"{number:03}": (str(number), 2) for number in range(1, 11)}
    found = dates(plan_of(people, day(0, 2)))
    assert {code: len(on) for code, on in found.items()} == dict.fromkeys(people, 1)
    assert found["003"] == [day(0, 2)]
    assert found["001"] == [day(2, 0)]
    assert found["006"] == [day(1, 0)]


def test_the_next_plan_goes_on_in_the_weeks_of_the_last() -> None:
    people: People = {f"{number:03}": (str(number), 2) for number in range(1, 11)}
    first = visits(plan_of(people))
    assert dates(plan_of(people, day(1, 0), last=first))["006"] == [day(1, 0)], "the second week stays the second"
    assert dates(plan_of(people, day(2, 0), last=first)) == dates(plan_of(people, day(2, 0)))
    assert dates(plan_of(people, day(3, 0), last=first))["001"] == [day(4, 0)]


def test_a_customer_keeps_its_week_until_route_or_frequency_changes() -> None:
    people: dict[str, tuple[str | None, int]] = {f"a{number:03}": ("1", 2) for number in range(40)}
    people |= {f"b{number:03}": ("6", 2) for number in range(10)}
    last = visits(plan_of(people))
    fewer = {code: place for code, place in people.items() if not "a020" <= code < "a028"}
    again = dates(plan_of(fewer, last=last))
    assert all(again[visit.code] == [visit.date] for visit in last if visit.code in fewer), "a new plan would be another, but nobody moves"
    assert dates(plan_of(fewer | {"a039": ("2", 2)}, last=last))["a039"] == [day(0, 1)]
    weekly = visits(plan_of({"x": ("1", 1), "y": ("6", 2)}))
    assert dates(plan_of({"x": ("1", 2), "y": ("6", 2)}, last=weekly))["x"] == [day(0, 0)], "its route's week, not the latest one"


def test_routes_without_a_day_get_the_quietest_and_keep_it() -> None:
    named = routes({c.ROUTE: "1", c.POSITION: 1}, {c.ROUTE: "North"}, {c.ROUTE: "South", c.BATCH: "周五"})
    people: People = {"a": ("1", 2), "n": ("North", 2), "s": ("South", 2), "u": ("unknown", 2)}
    plan = plan_of(people, routes_table=named)
    assert dates(plan) == {"a": [day(0, 0)], "s": [day(0, 4)], "n": [day(1, 0)], "u": [day(0, 1)]}
    assert plan.placed == {"North": 0, "unknown": 1}
    more = people | {f"more {number}": ("1", 2) for number in range(9)}
    again = dates(plan_of(more, routes_table=named, last=visits(plan)))
    assert {code: again[code] for code in people} == dates(plan)


def test_who_is_on_no_route_is_not_planned() -> None:
    plan = plan_of({"a": ("1", 2), "b": (None, 1)})
    assert set(dates(plan)) == {"a"}
    assert list(plan.unrouted) == ["b"]


def test_nobody_to_visit_is_an_empty_plan() -> None:
    assert plan_of({"b": (None, 1)}).days == []


def test_without_sizes_of_their_own_all_are_alike() -> None:
    plan = plan_of({"a": ("1", 1), "b": ("1", 3)}, settings=Settings(visit_interval_days=7, visit_minutes=25))
    assert [plan.minutes(each) for each in plan.days] == [50, 50]


def test_a_grade_of_a_later_quarter_is_not_known_yet() -> None:
    frame = table("customers", [{c.CUSTOMER_CODE: "a", c.ROUTE: "1"}])
    held = grades((QUARTER, {"a": "CS2"}), ("2018Q2", {"a": "CS1"}))
    assert len(visit_plan(frame, ROUTES, held, SIZED, MONDAY).days) == 1
    assert len(visit_plan(frame, ROUTES, held, SIZED, dt.date(2018, 4, 2)).days) == 2


def test_a_customer_that_stands_twice_is_planned_once() -> None:
    frame = table("customers", [{c.CUSTOMER_CODE: "a", c.ROUTE: "1"}, {c.CUSTOMER_CODE: "a", c.ROUTE: "2"}, {c.ROUTE: "3"}])
    plan = visit_plan(frame, ROUTES, grades(), SIZED, MONDAY)
    assert dates(plan) == {"a": [day(0, 0)]}


# --- What holds of every plan.

CODES = st.integers(0, 99).map("{:03}".format)
PLACES = st.tuples(st.sampled_from([str(number) for number in range(1, 11)]), st.sampled_from((1, 2, 3)))
PEOPLE = st.dictionaries(CODES, PLACES, min_size=1, max_size=60)
BUNCHED = st.dictionaries(
    CODES, st.tuples(st.sampled_from(("1", "1", "1", "6", "2")), st.sampled_from((1, 2, 2, 3))), min_size=1, max_size=60
)
STARTS = st.integers(0, 40).map(lambda ahead: MONDAY + dt.timedelta(days=ahead))
INTERVALS = (7, 14, 28)


@given(PEOPLE | BUNCHED, STARTS, st.integers(1, 4))
@checked(max_examples=60)
def test_everybody_is_visited_as_often_as_the_grade_says_and_on_one_weekday(people: People, start: dt.date, cycles: int) -> None:
    plan = plan_of(people, start, cycles)
    found = dates(plan)
    for code, (route, size) in people.items():
        on, interval = found.get(code, []), INTERVALS[size - 1]
        assert {each.weekday() for each in on} <= {(int(route or 0) - 1) % 5}
        assert all((later - each).days == interval for each, later in pairwise(on))
        wanted = 14 * cycles / interval
        assert int(wanted) <= len(on) <= -(-wanted // 1)


@given(PEOPLE | BUNCHED, STARTS, st.integers(1, 3))
@checked(max_examples=60)
def test_the_plan_of_a_plan_is_that_plan(people: People, start: dt.date, cycles: int) -> None:
    first = visits(plan_of(people, start, cycles))
    assert visits(plan_of(people, start, cycles)) == first
    assert visits(plan_of(people, start, cycles, first)) == first


@given(PEOPLE | BUNCHED, STARTS, st.integers(1, 14))
@checked(max_examples=60)
def test_planning_on_later_moves_nobody(people: People, start: dt.date, later: int) -> None:
    first = visits(plan_of(people, start, 3))
    after = start + dt.timedelta(days=later)
    again = plan_of(people, after, 1, first)
    both = {(visit.date, visit.code) for visit in first if again.first_day <= visit.date <= again.last_day}
    assert {(visit.date, visit.code) for visit in visits(again)} == both


@given(PEOPLE | BUNCHED, CODES, PLACES)
@checked(max_examples=80)
def test_a_new_customer_moves_at_most_two_others(people: People, code: str, place: tuple[str, int]) -> None:
    before = {other: where for other, where in people.items() if other != code}
    if not before:
        return
    first = visits(plan_of(before, cycles=2))
    again = dates(plan_of(before | {code: place}, cycles=2, last=first))
    was = defaultdict(list)
    for visit in first:
        was[visit.code].append(visit.date)
    assert sum(again.get(other, []) != was.get(other, []) for other in before) <= 2


@given(PEOPLE | BUNCHED)
@checked(max_examples=60)
def test_days_of_a_weekday_are_of_like_length(people: People) -> None:
    """Of routes that are visited in both weeks: within the tolerance, or the longest visit, where not everybody is bound."""
    plan = plan_of(people, cycles=2)
    loads: dict[int, dict[dt.date, int]] = defaultdict(dict)
    for each in plan.days:
        loads[each.date.weekday()][each.date] = plan.minutes(each)
    for weekday, of_day in loads.items():
        on_it = [stop for stop in plan.stops.values() if stop.weekdays[0] == weekday]
        if len({stop.home for stop in on_it}) < 2:
            continue
        mean = sum(of_day.values()) / 4
        most = mean + max(mean * TOLERANCE_PERCENT / 100, max(stop.minutes for stop in on_it)) + 1
        assert max(of_day.values()) <= most, (weekday, of_day)


@pytest.mark.parametrize("intervals", [(3, 5, 10), (21, 42, 365), (7, 28, 56)])
def test_other_frequencies_hold_too(intervals: tuple[int, int, int]) -> None:
    settings = Settings(size_interval_days=intervals)
    people: People = {f"{number:03}": (str(number % 10 + 1), number % 3 + 1) for number in range(90)}
    first = plan_of(people, cycles=6, settings=settings)
    for code, on in dates(first).items():
        interval = intervals[people[code][1] - 1]
        assert all((later - each).days <= max(interval, 5) for each, later in pairwise(on))
    assert visits(plan_of(people, cycles=6, last=visits(first), settings=settings)) == visits(first)
    shorter = visits(plan_of(people, cycles=1, last=visits(first), settings=settings))
    assert shorter == [visit for visit in visits(first) if visit.date <= day(1, 4)]


def test_pandas_frames_give_the_same_plan() -> None:
    people: People = {f"{number:03}": (str(number % 10 + 1) if number % 7 else None, number % 3 + 1) for number in range(40)}
    rows = [
        {c.CUSTOMER_CODE: code, c.ROUTE: route, c.VISIT_ORDER: None if place % 3 else place}
        for place, (code, (route, _)) in enumerate(people.items())
    ]
    held = grades((QUARTER, {code: f"CS{size}" for code, (_, size) in people.items()}))
    frames = (table("customers", rows), ROUTES, held)
    plan, same = (visit_plan(*given, SIZED, MONDAY, 2) for given in (frames, [frame.to_pandas() for frame in frames]))
    assert same == plan
