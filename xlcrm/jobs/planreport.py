"""What is said of a visit plan: how it came out, what moved against the last one, and what became of it so far."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from xlcrm.rules.adherence import Counted, Visit, by_route, by_week, total
from xlcrm.rules.tours import Order
from xlcrm.tables.width import aligned, shortened
from xlcrm.texts import Language, text

_MOST_NAMED = 10
_WIDEST_NAME = 32
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Move(NamedTuple):
    """A customer whose visit is on another day than in the last plan."""

    code: str
    name: str
    was: dt.date
    now: dt.date


@dataclass(frozen=True, slots=True)
class PlanReport:
    """What a plan came to. days: working days with visits, counted for each person who visits; minutes: of those days, without the way.

    had_plan: whether the last plan reached into this one; moves, come, gone compare the two where both reach. unrouted: the codes of
    customers on no route. placed: routes without a visit day, and the weekday (0 is Monday) they were given. orders: days by what they
    were put in order. without_routing: coordinates are there, but the package that uses them is not. calendar: the file that was written,
    or with calendar_fault, why it is not in its place.
    """

    first_day: dt.date
    last_day: dt.date
    days: int
    visits: int
    customers: int
    least_minutes: int
    most_minutes: int
    had_plan: bool
    moves: Sequence[Move]
    come: int
    gone: int
    unrouted: Sequence[str]
    placed: Mapping[str, int]
    orders: Mapping[Order, int]
    without_routing: bool
    calendar: Path | None = None
    calendar_fault: str = ""

    def lines(self, language: Language) -> list[str]:
        """For a terminal or a message box."""
        between = text("plan.between", language)
        lines = [
            text("plan.head", language, first=self.first_day, last=self.last_day, days=self.days, visits=self.visits,
                 customers=self.customers),
            text("plan.minutes_even", language, least=self.least_minutes) if self.least_minutes == self.most_minutes
            else text("plan.minutes", language, least=self.least_minutes, most=self.most_minutes),
            text("plan.orders", language, orders=between.join(
                text(f"plan.order_{order}", language, days=days) for order, days in sorted(self.orders.items())
            )),
        ]  # fmt: skip
        if self.without_routing:
            lines.append(text("plan.without_routing", language))
        if not self.had_plan:
            lines.append(text("plan.first", language))
        elif not (self.moves or self.come or self.gone):
            lines.append(text("plan.unchanged", language))
        else:
            lines.append(text("plan.changes", language, moved=len(self.moves), come=self.come, gone=self.gone))
            lines += [
                "  " + text("plan.move", language, code=move.code, name=shortened(move.name, _WIDEST_NAME), was=move.was, now=move.now)
                for move in self.moves[:_MOST_NAMED]
            ]
            if len(self.moves) > _MOST_NAMED:
                lines.append("  " + text("plan.more", language, more=len(self.moves) - _MOST_NAMED))
        for route, weekday in self.placed.items():
            lines.append(text("plan.placed", language, route=route, day=text(f"choices.{_WEEKDAYS[weekday]}", language)))
        if self.unrouted:
            codes = between.join(self.unrouted[:_MOST_NAMED]) + ("…" if len(self.unrouted) > _MOST_NAMED else "")
            lines.append(text("plan.unrouted", language, customers=len(self.unrouted), codes=codes))
        if self.calendar is not None and self.calendar_fault:
            lines.append(text("plan.calendar_fault", language, path=self.calendar, reason=self.calendar_fault))
        elif self.calendar is not None:
            lines.append(text("plan.calendar", language, path=self.calendar))
        return lines


@dataclass(frozen=True, slots=True)
class PlanStatus:
    """visits: those that count on the day. routes: in the order of the cycle. planned: how many the whole plan has."""

    as_of: dt.date
    visits: Sequence[Visit]
    routes: Sequence[str]
    planned: int

    def lines(self, language: Language) -> list[str]:
        """Two small tables for a terminal, by route and by week."""
        if not self.planned:
            return [text("plan.no_plan", language)]
        counted = total(self.visits)
        lines = [
            text("plan.status", language, day=self.as_of, planned=counted.planned, done=counted.done, on_day=counted.on_day,
                 coverage=_share(counted.coverage), adherence=_share(counted.adherence)),
        ]  # fmt: skip
        if not self.visits:
            return lines
        routes = [(route or text("plan.no_route", language), it) for route, it in by_route(self.visits, self.routes).items()]
        weeks = [(str(monday), it) for monday, it in by_week(self.visits).items()]
        for head, rows in (("plan.route", routes), ("plan.week", weeks)):
            lines += ["", *_table(text(head, language), rows, language)]
        return lines


def _share(share: float | None) -> str:
    return "–" if share is None else f"{share:.0%}"


def _table(head: str, rows: Sequence[tuple[str, Counted]], language: Language) -> list[str]:
    heads = [head, *(text(f"plan.{name}", language) for name in ("planned", "done", "on_day", "coverage", "adherence"))]
    cells = [
        [name, str(it.planned), str(it.done), str(it.on_day), _share(it.coverage), _share(it.adherence)] for name, it in rows
    ]  # fmt: skip
    return aligned([heads, *cells], right=range(1, len(heads)))
