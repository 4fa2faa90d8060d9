"""The visit cycle: its weeks and working days, how often a customer is visited in it, and on which weekdays.

Weeks begin on a Monday and are counted from 1970-01-05 on. A weekday is a number, 0 is Monday.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

from xlcrm.settings import Settings

_FIRST_MONDAY = dt.date(1970, 1, 5)
_WEEK = 7
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WORKING_WEEK = (0, 1, 2, 3, 4)
_CYCLES_APART = (24, 12, 8, 6, 4, 3, 2, 1)
"""How many cycles may lie between two visits: together they come round after 24."""


def week_of(day: dt.date) -> int:
    """The number of the week that a day lies in."""
    return (day - _FIRST_MONDAY).days // _WEEK


def monday_of(day: dt.date) -> dt.date:
    """The Monday of the week that a day lies in."""
    return day - dt.timedelta(days=day.weekday())


def weekday_of_batch(batch: str, settings: Settings) -> int | None:
    """The weekday of a batch. One that is named otherwise than after a weekday is on the weekday of its place: the first on Monday.

    None for a text that is neither a weekday nor a batch.
    """
    if batch in _WEEKDAYS:
        return _WEEKDAYS.index(batch)
    return settings.batches.index(batch) % _WEEK if batch in settings.batches else None


@dataclass(frozen=True, slots=True)
class Cycle:
    """weeks: how many whole weeks it takes. weekdays: on which days of a week people are visited."""

    weeks: int
    weekdays: tuple[int, ...]

    @classmethod
    def of(cls, settings: Settings, more_weekdays: Collection[int] = ()) -> Cycle:
        """The cycle that the settings say: as many weeks as its working days need. more_weekdays: those of routes beside the batches."""
        own = {weekday for batch in settings.batches if (weekday := weekday_of_batch(batch, settings)) is not None}
        return cls(max(1, -(-settings.cycle_days // max(1, len(own)))), tuple(sorted(own | set(more_weekdays))) or _WORKING_WEEK)

    def first_day(self, day: dt.date) -> dt.date:
        """The first working day on the day or after it."""
        return next(each for each in (day + dt.timedelta(days=ahead) for ahead in range(_WEEK)) if each.weekday() in self.weekdays)

    def days(self, from_day: dt.date, cycles: int) -> list[dt.date]:
        """The working days of so many whole cycles, from the first one on the day or after it."""
        first = self.first_day(from_day)
        span = (first + dt.timedelta(days=ahead) for ahead in range(_WEEK * self.weeks * cycles))
        return [day for day in span if day.weekday() in self.weekdays]


def weeks_apart(interval_days: int, weeks: int) -> int:
    """How many weeks lie between two visits of a customer, never more days than its interval, and always in step with the cycle.

    1 where the interval is shorter than a week; a divisor of the cycle's weeks, or a multiple of them.
    """
    most = max(1, interval_days // _WEEK)
    if most < weeks:
        return next(step for step in range(most, 0, -1) if weeks % step == 0)
    return weeks * next(cycles for cycles in _CYCLES_APART if cycles * weeks <= most)


@lru_cache(maxsize=256)
def weekdays_of_visits(own: int, interval_days: int, weekdays: tuple[int, ...]) -> tuple[int, ...]:
    """The fixed weekdays of a customer whose route is visited on `own`: that day, and where the interval is shorter than a week others.

    Of all sets of days the one with the shortest longest pause, over the weekend too, then the second longest; of equal ones the one whose
    days follow soonest on the own day. With Monday to Friday and two visits a week: Mon+Thu, Tue+Fri, Wed+Fri, Thu+Mon, Fri+Mon.
    """
    visits = min(len(weekdays), -(-_WEEK // interval_days))
    others = sorted((day for day in weekdays if day != own), key=lambda day: (day - own) % _WEEK)
    sets = [(own, *chosen) for chosen in combinations(others, visits - 1)]
    return min(sets, key=lambda days: (_pauses(days), sets.index(days)))


def _pauses(weekdays: tuple[int, ...]) -> list[int]:
    """The days between one visit and the next, the longest first."""
    days = sorted(weekdays)
    return sorted((later - day for day, later in zip(days, [*days[1:], days[0] + _WEEK], strict=True)), reverse=True)
