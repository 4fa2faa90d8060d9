"""Who is due on a day, as a table for a terminal: by route in the order of the cycle, inside a route the overdue first."""

from __future__ import annotations

import datetime as dt
import itertools
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from xlcrm.jobs.results import read_records
from xlcrm.jobs.store import Store, today
from xlcrm.problems import CannotDo, Problem
from xlcrm.tables import columns as c
from xlcrm.tables.periods import parse_date
from xlcrm.tables.width import aligned, shortened
from xlcrm.texts import Language, text

_WIDEST = {c.CUSTOMER_NAME: 32, c.REASON_TEXT: 60}
_RIGHT = (c.DAYS_OVERDUE,)
_SHOWN = (c.CUSTOMER_CODE, c.CUSTOMER_NAME, c.DUE_ON, c.DAYS_OVERDUE, c.REASON_TEXT)
_HEADS = {c.CUSTOMER_CODE: "code", c.CUSTOMER_NAME: "name", c.DUE_ON: "due_on", c.DAYS_OVERDUE: "days", c.REASON_TEXT: "why"}

Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class DueList:
    """frame: the `due` table. routes: the routes in the order of the cycle. visit_order: of each customer that has one."""

    frame: pl.DataFrame
    as_of: dt.date
    routes: Sequence[str]
    visit_order: Mapping[str, int]

    def customers_by_route(self) -> Iterator[tuple[str | None, list[Rows]]]:
        """Each route with somebody due, and its customers' rows: those with something overdue first, then in the order of the visits."""
        by_code: dict[str, list[Mapping[str, Any]]] = {}
        for row in self.frame.iter_rows(named=True):
            by_code.setdefault(row[c.CUSTOMER_CODE], []).append(row)
        by_route: dict[str | None, list[Rows]] = {}
        for rows in by_code.values():
            by_route.setdefault(rows[0][c.ROUTE], []).append(rows)

        def place(rows: Rows) -> tuple[bool, bool, int, str]:
            code = rows[0][c.CUSTOMER_CODE]
            order = self.visit_order.get(code)
            return not any(row[c.DAYS_OVERDUE] for row in rows), order is None, order or 0, code

        for route in (*self.routes, None):
            if route in by_route:
                yield route, sorted(by_route[route], key=place)

    def summary(self, language: Language) -> list[str]:
        """How many are due and overdue, and how often each reason holds."""
        codes = self.frame[c.CUSTOMER_CODE].n_unique()
        if not codes:
            return [text("due.nobody", language, day=self.as_of)]
        overdue = self.frame.filter(pl.col(c.DAYS_OVERDUE) > 0)[c.CUSTOMER_CODE].n_unique()
        reasons = Counter(self.frame[c.REASON].to_list())
        counts = " · ".join(f"{text(f'due.reason_{reason}', language)} {count}" for reason, count in reasons.items())
        return [text("due.head", language, day=self.as_of, customers=codes, overdue=overdue), text("due.counts", language, counts=counts)]

    def lines(self, language: Language) -> list[str]:
        """The table for a terminal: a customer's further reasons stand below its first, its code and name only once."""
        lines = self.summary(language)
        routes = list(self.customers_by_route())
        if not routes:
            return lines
        heads = {name: text(f"due.{_HEADS[name]}", language) for name in _SHOWN}
        blocks = [(route, len(customers), [cells for rows in customers for cells in _cells(rows)]) for route, customers in routes]
        everything = [heads, *(cells for _, _, block in blocks for cells in block)]
        right = [place for place, name in enumerate(_SHOWN) if name in _RIGHT]
        head, *table = aligned([[cells[name] for name in _SHOWN] for cells in everything], right)
        following = iter(table)
        for route, customers, block in blocks:
            named = text("due.route", language, route=route, customers=customers)
            lines += ["", named if route is not None else text("due.no_route", language, customers=customers), head]
            lines += itertools.islice(following, len(block))
        return lines


def _cells(rows: Rows) -> Iterator[dict[str, str]]:
    """One customer's rows as text."""
    for number, row in enumerate(rows):
        cells = {name: "" if row[name] is None else " ".join(str(row[name]).split()) for name in _SHOWN}
        cells = {name: shortened(value, _WIDEST[name]) if name in _WIDEST else value for name, value in cells.items()}
        if not row[c.DAYS_OVERDUE]:
            cells[c.DAYS_OVERDUE] = ""
        yield cells | ({c.CUSTOMER_CODE: "", c.CUSTOMER_NAME: ""} if number else {})


def due_list(store: Store, as_of: dt.date | None = None, week: bool = False) -> DueList:
    """Who is due on that day (today, if none is given), from the tables as they stand; nothing is written.

    week: also what falls due in the seven days after it.
    """
    from xlcrm.rules.due import WEEK_DAYS, due
    from xlcrm.rules.routes import route_batches, routes_in_order

    as_of = as_of or today()
    frames, settings = read_records(store), store.settings()
    frame = due(
        frames["customers"], frames["follow_ups"], frames["grades"], frames["purchases"], settings, as_of,
        consents=store.read("consents").frame if store.has("consents") else None,
        until=as_of + dt.timedelta(days=WEEK_DAYS) if week else None,
    )  # fmt: skip
    routes = routes_in_order(frame, route_batches(frames["routes"], settings).position)
    placed = frames["customers"].drop_nulls([c.CUSTOMER_CODE, c.VISIT_ORDER]).unique(c.CUSTOMER_CODE, keep="first", maintain_order=True)
    return DueList(frame, as_of, routes, dict(placed.select(c.CUSTOMER_CODE, c.VISIT_ORDER).iter_rows()))


def day(written: str | None) -> dt.date | None:
    """The day that a user wrote; None where none is given. Raises CannotDo where it can be read in two ways or none."""
    if written is None:
        return None
    found = parse_date(written)
    if found is None:
        raise CannotDo(Problem("no_such_day", value=written))
    return found
