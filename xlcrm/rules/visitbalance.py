"""In which week each customer is visited: days of like length, and as little moved as possible.

A customer's weekday is fixed by its route. Free is only the week: of customers that are visited every second cycle or less often, in
which cycle; of the others, where a day is too long, another week in which a route of the same person is visited on that weekday.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

TOLERANCE_PERCENT = 15
"""A day may be longer than the mean of its weekday by this share, or by the longest visit where that is more."""


@dataclass(frozen=True, slots=True)
class Stop:
    """A customer to be visited. person: who visits. weekdays: the fixed days, the route's own first.

    period: weeks between two visits. home: the route's week in the cycle. order: its place in the given order of its route's visits.
    """

    code: str
    person: str
    route: str
    minutes: int
    weekdays: tuple[int, ...]
    period: int
    home: int
    order: int

    @property
    def may_move(self) -> bool:
        """Whether there is a choice of weeks at all."""
        return self.period > 1


@dataclass(slots=True)
class _Day:
    """The weeks of one person's weekday: how long each is, and how long it may be."""

    weeks: int
    homes: frozenset[int]
    loads: list[int]
    limit: int = 0

    def add(self, stop: Stop, offset: int, sign: int = 1) -> None:
        for week in range(offset, len(self.loads), stop.period):
            self.loads[week] += sign * stop.minutes

    def used(self) -> list[int]:
        """The weeks in which a route of this weekday is visited, or one that is visited every week."""
        return [week for week in range(len(self.loads)) if week % self.weeks in self.homes]

    def set_limit(self, longest: int) -> None:
        used = self.used()
        total = sum(self.loads[week] for week in used)
        over = max(total * TOLERANCE_PERCENT // 100, longest * len(used))
        self.limit = -(-(total + over) // len(used))

    def too_long(self, stop: Stop, offset: int) -> bool:
        """Whether any of the stop's days is longer than it may be."""
        return any(self.loads[week] > self.limit for week in range(offset, len(self.loads), stop.period))

    def gain(self, stop: Stop, old: int, new: int) -> int:
        """By how many minutes all the days that are too long get shorter when the stop moves."""
        size, gained = len(self.loads), 0
        for start, sign in ((old, -1), (new, 1)):
            for week in range(start, size, stop.period):
                load = self.loads[week]
                gained += max(0, load - self.limit) - max(0, load + sign * stop.minutes - self.limit)
        return gained


def balanced(
    stops: Iterable[Stop], weeks: int, held: Mapping[str, int], covered: Mapping[tuple[str, int], Collection[int]]
) -> dict[str, int]:
    """The week of each customer: the first one in which it is visited, counted from the cycle's first week, below its period.

    weeks: of the cycle. held: the week that a customer has had so far. covered: by person and weekday, the weeks that the last plan
    covers: who is not in it though it may be visited less often than once a cycle is not put into these as long as there are others.
    """
    groups: dict[tuple[str, int], list[Stop]] = defaultdict(list)
    for stop in stops:
        for weekday in stop.weekdays:
            groups[stop.person, weekday].append(stop)
    found: dict[str, int] = {}
    for (person, weekday), members in groups.items():
        homes = frozenset(stop.home for stop in members if stop.weekdays[0] == weekday) or frozenset(range(weeks))
        found |= _of_weekday(members, homes, weeks, held, covered.get((person, weekday), ()))
    return found


def _of_weekday(
    members: Sequence[Stop], homes: frozenset[int], weeks: int, held: Mapping[str, int], covered: Collection[int]
) -> dict[str, int]:
    day = _Day(weeks, homes, [0] * math.lcm(weeks, *(stop.period for stop in members)))
    free = sorted((stop for stop in members if stop.may_move), key=lambda stop: (-stop.minutes, stop.order, stop.code))
    choices = {stop.code: _choices(stop, weeks, homes, () if stop.code in held else covered) for stop in free}
    found: dict[str, int] = {stop.code: 0 for stop in members if not stop.may_move}
    found |= {stop.code: held[stop.code] for stop in free if held.get(stop.code) in choices[stop.code]}
    # Who had a week keeps it; then those who have one choice; then the others where most room is left.
    for stop in members:
        if stop.code in found:
            day.add(stop, found[stop.code])
    for stop in sorted(free, key=lambda stop: stop.period):
        if stop.code not in found:
            at_home = [week for week in choices[stop.code] if _is_home(stop, week, weeks)]
            found[stop.code] = min(at_home or choices[stop.code], key=lambda week: (_load(day, stop, week), week))
            day.add(stop, found[stop.code])
    day.set_limit(max(stop.minutes for stop in members))
    _shorten(day, free, choices, found, frozenset(held))
    return found


def _choices(stop: Stop, weeks: int, homes: Collection[int], covered: Collection[int]) -> list[int]:
    """The weeks that a customer may have."""
    step = min(stop.period, weeks)
    allowed = {home % step for home in homes}
    choices = [week for week in range(stop.period) if week % step in allowed]
    hidden = {week % stop.period for week in covered} if stop.period > weeks else set()
    return [week for week in choices if week not in hidden] or choices


def _load(day: _Day, stop: Stop, offset: int) -> int:
    return sum(day.loads[week] for week in range(offset, len(day.loads), stop.period))


def _shorten(day: _Day, free: Sequence[Stop], choices: Mapping[str, list[int]], found: dict[str, int], held: Collection[str]) -> None:
    """Moves one customer after another out of days that are too long, as long as that makes them shorter together.

    First the move that helps most; of equal ones a newcomer's, one that stays in the route's week, and the customer latest in its route.
    """
    while any(day.loads[week] > day.limit for week in day.used()):
        moves = [
            (-gain, stop.code in held, not _is_home(stop, week, day.weeks), -stop.order, stop.code, week, stop)
            for stop in free
            if day.too_long(stop, found[stop.code])
            for week in choices[stop.code]
            if week != found[stop.code] and (gain := day.gain(stop, found[stop.code], week)) > 0
        ]
        if not moves:
            return
        *_, week, stop = min(moves, key=lambda move: move[:-1])
        day.add(stop, found[stop.code], -1)
        day.add(stop, week)
        found[stop.code] = week


def _is_home(stop: Stop, week: int, weeks: int) -> bool:
    """Whether that is a week in which the stop's route is visited."""
    step = min(stop.period, weeks)
    return week % step == stop.home % step
