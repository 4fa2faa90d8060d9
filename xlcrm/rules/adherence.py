"""What became of the visit plan: which planned visit was made, and whether on its day.

A planned visit is done by a visit or return visit of that customer in the same week, Monday to Sunday. A day's visits do at most one
planned visit: first the one planned for that very day, then, in the order of the days, the first one of the week that is still open.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import narwhals as nw

from xlcrm.rules.followups import contacts
from xlcrm.rules.frames import collected, tuples
from xlcrm.rules.visitcycle import monday_of
from xlcrm.tables import columns as c
from xlcrm.tables.choices import visit_names
from xlcrm.tables.results import ADHERENCE

_DTYPES = {
    c.ROUTE: nw.String(), c.PLANNED: nw.Int64(), c.DONE: nw.Int64(), c.ON_DAY: nw.Int64(), c.COVERAGE: nw.Float64(),
    c.ADHERENCE: nw.Float64(),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Visit:
    """A planned visit and the day on which it was made; None while it is open."""

    date: dt.date
    route: str | None
    code: str
    done_on: dt.date | None = None


@dataclass(slots=True)
class Counted:
    """How many visits were planned, done, done on their day."""

    planned: int = 0
    done: int = 0
    on_day: int = 0

    def add(self, visit: Visit) -> None:
        """Counts one planned visit."""
        self.planned += 1
        self.done += visit.done_on is not None
        self.on_day += visit.done_on == visit.date

    @property
    def coverage(self) -> float | None:
        """The share that was done; None where nothing was planned."""
        return self.done / self.planned if self.planned else None

    @property
    def adherence(self) -> float | None:
        """The share that was done on the planned day; None where nothing was planned."""
        return self.on_day / self.planned if self.planned else None


def days_of_visits(follow_ups: Any) -> dict[str, list[dt.date]]:
    """The days on which each customer was visited, in their order; a task of the Playbook is no visit."""
    visits = contacts(follow_ups).filter(nw.col(c.KIND).is_in(visit_names())).select(c.CUSTOMER_CODE, c.DATE)
    days: dict[str, set[dt.date]] = defaultdict(set)
    for code, day in tuples(collected(visits)):
        if code is not None and day is not None:
            days[code].add(day)
    return {code: sorted(found) for code, found in days.items()}


def fulfilled(plan: Sequence[tuple[dt.date, str]], visited: Mapping[str, Sequence[dt.date]]) -> list[dt.date | None]:
    """For each planned visit (day and code) the day on which it was made, in the order of the plan."""
    open_visits: dict[tuple[str, dt.date], list[int]] = defaultdict(list)
    for number in sorted(range(len(plan)), key=lambda number: plan[number][0]):
        day, code = plan[number]
        open_visits[code, monday_of(day)].append(number)
    weeks: dict[tuple[str, dt.date], list[dt.date]] = defaultdict(list)
    for code in {code for _, code in plan}:
        for day in visited.get(code, ()):
            weeks[code, monday_of(day)].append(day)
    done: list[dt.date | None] = [None] * len(plan)
    for key, numbers in open_visits.items():
        made = weeks.get(key, [])
        for number in numbers:
            if plan[number][0] in made:
                done[number] = plan[number][0]
        left = [day for day in made if day not in {plan[number][0] for number in numbers}]
        still_open = [number for number in numbers if done[number] is None]
        for number, day in zip(still_open, left, strict=False):
            done[number] = day
    return done


def so_far(visits: Iterable[Visit], as_of: dt.date) -> list[Visit]:
    """The visits that count on a day: those planned until then, and later ones that were made already."""
    return [visit for visit in visits if visit.date <= as_of or visit.done_on is not None]


def by_route(visits: Iterable[Visit], routes: Iterable[str]) -> dict[str | None, Counted]:
    """The counts of each route, in that order, routes that are not named there last."""
    found: dict[str | None, Counted] = defaultdict(Counted)
    for visit in visits:
        found[visit.route].add(visit)
    order = {route: place for place, route in enumerate(routes)}
    return dict(sorted(found.items(), key=lambda item: (item[0] is None, order.get(item[0] or "", len(order)), item[0] or "")))


def by_week(visits: Iterable[Visit]) -> dict[dt.date, Counted]:
    """The counts of each week by its Monday, the latest last."""
    found: dict[dt.date, Counted] = defaultdict(Counted)
    for visit in visits:
        found[monday_of(visit.date)].add(visit)
    return dict(sorted(found.items()))


def total(visits: Iterable[Visit]) -> Counted:
    """All of them together."""
    counted = Counted()
    for visit in visits:
        counted.add(visit)
    return counted


def adherence_table(visits: Sequence[Visit], routes: Iterable[str], total_name: str, like: Any) -> Any:
    """The table `adherence` as a native frame of the same kind as `like`: one row a route, then all of them under that name."""
    rows = [*by_route(visits, routes).items(), *([(total_name, total(visits))] if visits else [])]
    figures = [(route, it.planned, it.done, it.on_day, it.coverage, it.adherence) for route, it in rows]
    columns = zip(*figures, strict=True) if figures else ([] for _ in ADHERENCE.column_ids)
    data = {name: list(values) for name, values in zip(ADHERENCE.column_ids, columns, strict=True)}
    return nw.from_dict(data, schema=_DTYPES, backend=nw.from_native(like, eager_only=True).implementation).to_native()
