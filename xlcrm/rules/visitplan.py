"""The visit plan (feature M7): which customers are visited on which day of the coming cycles.

A customer's grade says how often, its route on which weekday. What stands in the last plan stays, as long as route and frequency are the
same and the days are not too long; `visitbalance.py` decides where there is a choice. The order inside a day is decided in `tours.py`.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import narwhals as nw

from xlcrm.rules.frames import tuples
from xlcrm.rules.grades import latest_sizes
from xlcrm.rules.quarters import quarter_of_day
from xlcrm.rules.routes import RouteBatches, route_batches, route_places
from xlcrm.rules.visitbalance import Stop, balanced
from xlcrm.rules.visitcycle import Cycle, week_of, weekday_of_batch, weekdays_of_visits, weeks_apart
from xlcrm.settings import Settings
from xlcrm.tables import columns as c

_MOST_ROUNDS = 8
_PLACE = (c.CUSTOMER_CODE, c.ROUTE, c.VISIT_ORDER, c.OWNER)


class Planned(NamedTuple):
    """One planned visit of the table as it stands."""

    date: dt.date
    route: str | None
    code: str


def _by_date(visit: Planned) -> tuple[dt.date, str]:
    return visit.date, visit.code


@dataclass(frozen=True, slots=True)
class PlannedDay:
    """One person's visits of a day, by code, in no order yet."""

    date: dt.date
    person: str
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class VisitPlan:
    """days: in their order. stops: everybody who is visited at all, by code. unrouted: the customers that no route visits.

    placed: routes without a day of their own, and the weekday that they were given.
    """

    cycle: Cycle
    first_day: dt.date
    last_day: dt.date
    days: Sequence[PlannedDay]
    stops: Mapping[str, Stop]
    unrouted: Sequence[str]
    placed: Mapping[str, int] = field(default_factory=dict)

    def minutes(self, day: PlannedDay) -> int:
        """How long the visits of a day take, without the way."""
        return sum(self.stops[code].minutes for code in day.codes)


def visit_plan(
    customers: Any, routes: Any, grades: Any, settings: Settings, from_day: dt.date, cycles: int = 1, last: Iterable[Planned] = ()
) -> VisitPlan:
    """The plan of so many cycles, from the first working day on the day or after it.

    Frames are typed tables; of a customer that stands twice the first row counts. last: the plan as it stands, past days too. The plan
    of a plan is that plan: the same tables give the same days again.
    """
    batches = route_batches(routes, settings)
    more = {weekday for batch in batches.batch.values() if (weekday := weekday_of_batch(batch, settings)) is not None}
    cycle = Cycle.of(settings, more)
    first, days = cycle.first_day(from_day), cycle.days(from_day, cycles)
    last = sorted(last, key=_by_date)
    people, unrouted = _people(customers, batches)
    slots, placed, phase = _slots(people, batches, routes, cycle, settings, first, last)
    sizes = _sizes(grades, settings, from_day)
    stops = {person.code: _stop(person, slots[person.route], sizes.get(person.code), cycle, settings) for person in people}
    earlier = [visit for visit in last if visit.date < first and visit.code in stops]
    coming = [visit for visit in last if visit.date >= first and visit.code in stops]
    planned: list[Planned] = []
    for _ in range(_MOST_ROUNDS):
        # Of customers that are visited less often than the plan reaches, it says nothing: it is made from what it says, until it stays.
        held = _held(stops, coming, earlier, phase)
        found = balanced(stops.values(), cycle.weeks, held, _covered(coming, stops, phase))
        planned = _visits(stops.values(), found, days, phase)
        if planned == coming:
            break
        coming = planned
    return VisitPlan(cycle, first, days[-1], _by_day(planned, stops), stops, unrouted, placed)


# --- Who is visited, how often, for how long.


class _Person(NamedTuple):
    """A customer on a route, and who visits it."""

    code: str
    route: str
    order: int
    visitor: str


def _people(customers: Any, batches: RouteBatches) -> tuple[list[_Person], list[str]]:
    """The customers on a route in the order of their visits, and the codes of those on none."""
    frame = nw.from_native(customers, eager_only=True)
    found, unrouted, seen = [], [], set()
    present = [name for name in _PLACE if name in frame.columns]
    for row in tuples(frame.select(present)):
        values = dict(zip(present, row, strict=True))
        code, route = values[c.CUSTOMER_CODE], values.get(c.ROUTE)
        if code is None or code in seen:
            continue
        seen.add(code)
        if route is None:
            unrouted.append(code)
        else:
            visitor = values.get(c.OWNER) or batches.manager.get(route) or ""
            found.append(_Person(code, route, values.get(c.VISIT_ORDER) or 0, visitor))
    return sorted(found, key=lambda person: (person.order, person.code)), sorted(unrouted)


def _stop(person: _Person, slot: tuple[int, int], size: str | None, cycle: Cycle, settings: Settings) -> Stop:
    interval, (weekday, home) = settings.visit_interval_of_size(size), slot
    weekdays = weekdays_of_visits(weekday, interval, cycle.weekdays)
    minutes, period = settings.visit_minutes_of_size(size), weeks_apart(interval, cycle.weeks)
    return Stop(person.code, person.visitor, person.route, minutes, weekdays, period, home, person.order)


def _sizes(grades: Any, settings: Settings, day: dt.date) -> dict[str, str]:
    """The size of each customer's latest grade, of no later quarter than the day's; none are needed where all sizes are alike."""
    if not settings.size_interval_days and not settings.size_visit_minutes:
        return {}
    return latest_sizes(grades, settings.grammar, quarter_of_day(day))


# --- When the routes are visited.


def _slots(
    people: Sequence[_Person], batches: RouteBatches, routes: Any, cycle: Cycle, settings: Settings, first: dt.date, last: Sequence[Planned]
) -> tuple[dict[str, tuple[int, int]], dict[str, int], int]:
    """Weekday and week of each route; those that had to be given a weekday; and which week of the calendar is a cycle's first."""
    numbers = Counter(person.route for person in people)
    named = nw.from_native(routes, eager_only=True).select(c.ROUTE)
    order = route_places(named, batches.position)
    in_order = sorted(numbers, key=lambda route: (order.get(route, len(order)), route))
    weekdays = {route: weekday_of_batch(batch, settings) for route, batch in batches.batch.items() if route in numbers}
    fixed = {route: weekday for route, weekday in weekdays.items() if weekday is not None}
    weeks = {route: week for route in numbers if (week := _week_of_place(route, batches, cycle, settings)) is not None}
    phase = _phase({route: (fixed[route], weeks[route]) for route in fixed if route in weeks}, cycle, first, last)
    slots: dict[str, tuple[int, int]] = {}
    customers: Counter[tuple[int, int]] = Counter()
    placed: dict[str, int] = {}
    for route in sorted(in_order, key=lambda route: (route not in fixed, route not in weeks)):
        # A route without a day or a week of its own has the one that it had, else the one with the fewest customers.
        choices = [
            (weekday, week)
            for weekday in ((fixed[route],) if route in fixed else cycle.weekdays)
            for week in ((weeks[route],) if route in weeks and route in fixed else range(cycle.weeks))
        ]
        own = last if len(choices) > 1 else ()
        had = Counter((visit.date.weekday(), (week_of(visit.date) - phase) % cycle.weeks) for visit in own if visit.route == route)
        slots[route] = min(choices, key=lambda slot: (-had[slot], customers[slot], slot))
        customers[slots[route]] += numbers[route]
        if route not in fixed:
            placed[route] = slots[route][0]
    return slots, placed, phase


def _week_of_place(route: str, batches: RouteBatches, cycle: Cycle, settings: Settings) -> int | None:
    """The week of the cycle in which a route is visited: of ten routes 1 to 5 in the first, 6 to 10 in the second."""
    place = batches.position.get(route, int(route) if route.isdecimal() else 0)
    return (place - 1) // max(1, len(settings.batches)) % cycle.weeks if place >= 1 else None


def _phase(slots: Mapping[str, tuple[int, int]], cycle: Cycle, first: dt.date, last: Sequence[Planned]) -> int:
    """Which weeks of the calendar are a cycle's first: as most of the last plan has it, else the first week of this plan is one."""
    recent = [visit for visit in last if visit.date >= first] or [
        visit for visit in last if visit.date >= last[-1].date - dt.timedelta(weeks=2 * cycle.weeks)
    ]
    visited: dict[str, set[int]] = defaultdict(set)
    for visit in recent:
        visited[visit.code].add(week_of(visit.date))
    votes: Counter[int] = Counter()
    for date, route, code in recent:
        weekday, home = slots.get(route or "", (None, 0))
        again = any(week_of(date) + apart in visited[code] for apart in range(1 - cycle.weeks, cycle.weeks) if apart)
        if weekday == date.weekday() and not again:  # who comes oftener than once a cycle says nothing of its weeks
            votes[(week_of(date) - home) % cycle.weeks] += 1
    return min(votes, key=lambda phase: (-votes[phase], phase)) if votes else week_of(first) % cycle.weeks


# --- What the last plan says.


def _held(stops: Mapping[str, Stop], coming: Iterable[Planned], earlier: Iterable[Planned], phase: int) -> dict[str, int]:
    """The week that each customer has in the last plan; who has none there, or another route or frequency now, is left out."""
    latest: dict[str, list[Planned]] = {}
    for visits in (earlier, coming):
        own: dict[str, list[Planned]] = defaultdict(list)
        for visit in visits:
            own[visit.code].append(visit)
        latest |= own
    held = {}
    for code, visits in latest.items():
        stop, newest = stops[code], visits[-1]
        same_day = newest.route == stop.route and newest.date.weekday() in stop.weekdays
        was_oftener = len(visits) > 1 and week_of(newest.date) - week_of(visits[-2].date) < stop.period
        if stop.may_move and same_day and not was_oftener:
            held[code] = (week_of(newest.date) - phase) % stop.period
    return held


def _covered(coming: Sequence[Planned], stops: Mapping[str, Stop], phase: int) -> dict[tuple[str, int], Collection[int]]:
    covered: dict[tuple[str, int], set[int]] = defaultdict(set)
    for date, _, code in coming:
        covered[stops[code].person, date.weekday()].add(week_of(date) - phase)
    return dict(covered)


# --- The days.


def _visits(stops: Iterable[Stop], found: Mapping[str, int], days: Sequence[dt.date], phase: int) -> list[Planned]:
    of_weekday: dict[int, list[dt.date]] = defaultdict(list)
    for day in days:
        of_weekday[day.weekday()].append(day)
    visits = (
        Planned(day, stop.route, stop.code)
        for stop in stops
        for weekday in stop.weekdays
        for day in of_weekday[weekday]
        if (week_of(day) - phase) % stop.period == found[stop.code]
    )
    return sorted(visits, key=_by_date)


def _by_day(planned: Iterable[Planned], stops: Mapping[str, Stop]) -> list[PlannedDay]:
    days: dict[tuple[dt.date, str], list[str]] = defaultdict(list)
    for visit in planned:
        days[visit.date, stops[visit.code].person].append(visit.code)
    return [PlannedDay(date, person, tuple(codes)) for (date, person), codes in sorted(days.items())]
