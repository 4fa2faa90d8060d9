"""What was done, per day and per month, by author: the daily summary and the month-end analysis (features S5, S36).

Every follow-up counts once, under its day and author. A task that the Playbook made counts as such and as nothing else: it is no contact
and no agreement. An agreement is a contact that names a next date. It is kept by any later contact with the customer on that date or after
it, as the due list sees it; a contact before it leaves it open, and how late it was kept is not asked.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import narwhals as nw

from xlcrm.rules.comparable import text_key
from xlcrm.rules.followups import TASK_MARK
from xlcrm.rules.frames import collected, lazy, tuples
from xlcrm.tables import columns as c
from xlcrm.tables.choices import choice_names
from xlcrm.tables.results import DAILY_SUMMARY, MONTH_SUMMARY
from xlcrm.tables.schema import ColumnKind as K
from xlcrm.tables.schema import TableSpec

COLUMN_OF_KIND = {
    "visit": c.VISITS, "call": c.CALLS, "message": c.MESSAGES, "return_visit": c.RETURN_VISITS, "complaint": c.COMPLAINTS,
    "order": c.ORDERS, "note": c.NOTES,
}  # fmt: skip
"""The column in which each kind is counted."""
COUNTED = (*COLUMN_OF_KIND.values(), c.OTHER, c.TASKS)
"""Columns that add up to all follow-ups."""
_DTYPES = {K.DATE: nw.Date(), K.TEXT: nw.String(), K.COUNT: nw.Int64(), K.SHARE: nw.Float64()}


@dataclass(frozen=True, slots=True)
class _Row:
    """One follow-up. author: as it is written. column: where it is counted."""

    code: str | None
    date: dt.date | None
    author: str | None
    column: str
    next_on: dt.date | None

    @property
    def is_contact(self) -> bool:
        return self.column != c.TASKS


@dataclass(slots=True)
class _Group:
    """What is counted of the follow-ups of an author in a time."""

    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(COUNTED, 0))
    customers: set[str] = field(default_factory=set)
    days: set[dt.date] = field(default_factory=set)
    agreements: list[_Row] = field(default_factory=list)

    def add(self, row: _Row) -> None:
        self.counts[row.column] += 1
        if not row.is_contact:
            return
        if row.code is not None:
            self.customers.add(row.code)
        if row.date is not None:
            self.days.add(row.date)
        if row.next_on is not None:
            self.agreements.append(row)

    def figures(self) -> dict[str, Any]:
        """The columns that both tables have."""
        total = {c.FOLLOW_UPS: sum(self.counts.values()), c.CUSTOMERS: len(self.customers), c.AGREED: len(self.agreements)}
        return {**self.counts, **total}


def daily_summary(follow_ups: Any) -> Any:
    """One row a day and author, the newest day first: a native frame like `follow_ups` with the columns of `daily_summary`."""
    groups = _grouped(_rows(follow_ups), lambda row: row.date)
    made = [{c.DATE: day, c.AUTHOR: author, **group.figures()} for (day, author), group in _newest_first(groups)]
    return _frame(DAILY_SUMMARY, made, follow_ups)


def month_summary(follow_ups: Any, customers: Any, routes: Any, as_of: dt.date) -> Any:
    """One row a month and author, the newest month first: a native frame like `follow_ups` with the columns of `month_summary`.

    as_of: agreements for a later day have not come due, and contacts after it keep none. `reached` is null for an author who has no
    customers, `kept_agreements` where none has come due.
    """
    rows = _rows(follow_ups)
    owned, last = _owned(customers, routes), _last_contacts(rows, as_of)
    made = []
    for (month, author), group in _newest_first(_grouped(rows, lambda row: None if row.date is None else f"{row.date:%Y-%m}")):
        own = owned.get(text_key(author), frozenset()) if author is not None else frozenset()
        due = [row for row in group.agreements if row.next_on is not None and row.next_on <= as_of]
        shares = {
            c.REACHED: _share(len(own & group.customers), len(own)),
            c.KEPT_AGREEMENTS: _share(sum(_is_kept(row, last) for row in due), len(due)),
        }
        made.append({c.PERIOD: month, c.AUTHOR: author, **group.figures(), c.DAYS: len(group.days), **shares})
    return _frame(MONTH_SUMMARY, made, follow_ups)


def _is_kept(agreement: _Row, last: Mapping[str, dt.date]) -> bool:
    """Whether the customer was contacted again since, on the agreed day or after it; all days are known to be there."""
    contacted = last.get(agreement.code) if agreement.code is not None else None
    if contacted is None or agreement.date is None or agreement.next_on is None:
        return False
    return contacted > agreement.date and contacted >= agreement.next_on


def _rows(follow_ups: Any) -> list[_Row]:
    names = {name: kind for kind in COLUMN_OF_KIND for name in choice_names(kind)}
    wanted = lazy(follow_ups).select(c.CUSTOMER_CODE, c.DATE, c.AUTHOR, c.KIND, c.NEXT_ACTION_ON, c.FOLLOW_UP_ID)

    def column(kind: str | None, made: str | None) -> str:
        return c.TASKS if made is not None and made.startswith(TASK_MARK) else COLUMN_OF_KIND.get(names.get(kind or "", ""), c.OTHER)

    rows = tuples(collected(wanted))
    return [_Row(code, date, author, column(kind, made), next_on) for code, date, author, kind, next_on, made in rows]


def _grouped(rows: Iterable[_Row], time_of: Callable[[_Row], Any]) -> dict[tuple[Any, str | None], _Group]:
    groups: dict[tuple[Any, str | None], _Group] = {}
    for row in rows:
        groups.setdefault((time_of(row), row.author), _Group()).add(row)
    return groups


def _newest_first(groups: Mapping[tuple[Any, str | None], _Group]) -> list[tuple[tuple[Any, str | None], _Group]]:
    """By time, the newest first and those without one last, then by author, those without one last."""
    by_author = sorted(groups.items(), key=lambda entry: (entry[0][1] is None, entry[0][1] or ""))
    return sorted(by_author, key=lambda entry: (entry[0][0] is not None, str(entry[0][0])), reverse=True)


def _owned(customers: Any, routes: Any) -> dict[str, frozenset[str]]:
    """The codes of each person's customers, by the name in one form: whose they are, else whose their route is."""
    managers = {route: manager for route, manager in tuples(collected(lazy(routes).select(c.ROUTE, c.ACCOUNT_MANAGER))) if manager}
    owned: dict[str, set[str]] = {}
    key_of = cache(text_key)  # a few people, many customers
    for code, owner, route in tuples(collected(lazy(customers).select(c.CUSTOMER_CODE, c.OWNER, c.ROUTE))):
        person = key_of(owner or managers.get(route))
        if code is not None and person:
            owned.setdefault(person, set()).add(code)
    return {person: frozenset(codes) for person, codes in owned.items()}


def _last_contacts(rows: Iterable[_Row], as_of: dt.date) -> dict[str, dt.date]:
    """The day of each customer's last contact until the day."""
    last: dict[str, dt.date] = {}
    for row in rows:
        if row.is_contact and row.code is not None and row.date is not None and row.date <= as_of:
            last[row.code] = max(row.date, last.get(row.code, row.date))
    return last


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _frame(spec: TableSpec, rows: list[dict[str, Any]], like: Any) -> Any:
    schema = {column.id: _DTYPES[column.kind] for column in spec.columns}
    backend = nw.from_native(like, pass_through=False).implementation
    return nw.from_dict({name: [row[name] for row in rows] for name in schema}, schema=schema, backend=backend).to_native()
