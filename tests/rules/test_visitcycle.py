"""The cycle's days, how often a customer is visited, and on which weekdays."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlcrm.rules.visitcycle import Cycle, monday_of, week_of, weekday_of_batch, weekdays_of_visits, weeks_apart
from xlcrm.settings import Settings

MONDAY = dt.date(2018, 1, 8)
MON, TUE, WED, THU, FRI, SAT, SUN = range(7)
WORKING = (MON, TUE, WED, THU, FRI)


def test_ten_working_days_are_two_weeks() -> None:
    cycle = Cycle.of(Settings())
    assert cycle == Cycle(2, WORKING)
    days = cycle.days(MONDAY, 2)
    assert len(days) == 20
    assert days[0] == MONDAY
    assert days[-1] == dt.date(2018, 2, 2)
    assert not [day for day in days if day.weekday() > FRI]


@pytest.mark.parametrize("ahead", range(7))
def test_whole_cycles_from_the_first_working_day_on(ahead: int) -> None:
    from_day = MONDAY + dt.timedelta(days=ahead)
    days = Cycle.of(Settings()).days(from_day, 1)
    assert len(days) == 10
    assert days[0] == (from_day if ahead <= FRI else dt.date(2018, 1, 15))
    assert sorted(day.weekday() for day in days) == sorted([*WORKING, *WORKING])


def test_the_batches_say_the_working_days() -> None:
    assert Cycle.of(Settings(batches=("mon", "wed", "sat"), cycle_days=3)) == Cycle(1, (MON, WED, SAT))
    assert Cycle.of(Settings(batches=("mon", "wed", "sat"), cycle_days=4)) == Cycle(2, (MON, WED, SAT))
    assert Cycle.of(Settings(), [SAT]).weekdays == (*WORKING, SAT)
    assert Cycle.of(Settings(batches=())).weekdays == WORKING


def test_a_batch_that_is_no_weekday_has_the_one_of_its_place() -> None:
    settings = Settings(batches=("North", "South"))
    assert [weekday_of_batch(batch, settings) for batch in ("North", "South", "sun", "East")] == [MON, TUE, SUN, None]


def test_weeks_are_counted_from_monday_to_sunday() -> None:
    assert week_of(MONDAY) == week_of(MONDAY + dt.timedelta(days=6)) == week_of(MONDAY - dt.timedelta(days=1)) + 1
    assert week_of(dt.date(1970, 1, 5)) == 0
    assert monday_of(dt.date(2018, 1, 14)) == MONDAY


@pytest.mark.parametrize(
    ("interval", "weeks", "expected"),
    [(1, 2, 1), (7, 2, 1), (13, 2, 1), (14, 2, 2), (27, 2, 2), (28, 2, 4), (42, 2, 6), (70, 2, 8), (365, 2, 48), (14, 4, 2), (21, 4, 2), (28, 3, 3), (14, 3, 1)],
)  # fmt: skip
def test_visits_are_in_step_with_the_cycle(interval: int, weeks: int, expected: int) -> None:
    assert weeks_apart(interval, weeks) == expected


@given(st.integers(7, 3650), st.integers(1, 6))
def test_a_visit_never_comes_later_than_the_interval(interval: int, weeks: int) -> None:
    apart = weeks_apart(interval, weeks)
    assert 7 * apart <= interval
    assert apart % weeks == 0 or weeks % apart == 0


@pytest.mark.parametrize(
    ("own", "interval", "expected"),
    [
        (MON, 7, {MON}), (MON, 14, {MON}), (MON, 4, {MON, THU}), (TUE, 4, {TUE, FRI}), (WED, 4, {WED, FRI}), (THU, 4, {THU, MON}),
        (FRI, 6, {FRI, MON}), (MON, 3, {MON, WED, FRI}), (WED, 2, {MON, WED, THU, FRI}), (WED, 1, set(WORKING)),
    ],
)  # fmt: skip
def test_fixed_weekdays_are_spread_over_the_week(own: int, interval: int, expected: set[int]) -> None:
    found = weekdays_of_visits(own, interval, WORKING)
    assert found[0] == own
    assert set(found) == expected
    assert len(found) == len(expected)


@given(st.sampled_from(WORKING), st.integers(1, 7))
def test_no_other_days_would_be_spread_better(own: int, interval: int) -> None:
    from itertools import combinations

    def longest(days: tuple[int, ...]) -> int:
        ordered = sorted(days)
        return max(b - a for a, b in pairwise([*ordered, ordered[0] + 7]))

    found = weekdays_of_visits(own, interval, WORKING)
    others = combinations([day for day in WORKING if day != own], len(found) - 1)
    assert longest(found) == min(longest((own, *chosen)) for chosen in others)
