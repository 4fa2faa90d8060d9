"""Who is due as of a day, and why (features S31 and S36): visits, agreements, birthdays, silence, high spenders.

Contacts after the day, and purchases of later quarters, are not known yet: a list of an earlier day is the list as it was then.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import narwhals as nw

from xlcrm.rules.consent import Consents
from xlcrm.rules.followups import contacts, last_follow_ups, tasks
from xlcrm.rules.frames import collected, lazy, of_quarters, tuples
from xlcrm.rules.grades import latest_sizes
from xlcrm.rules.quarters import quarter_days, quarter_of_day
from xlcrm.rules.totals import quarter_totals
from xlcrm.settings import Settings
from xlcrm.tables import columns as c
from xlcrm.tables.choices import visit_names
from xlcrm.tables.results import DUE
from xlcrm.texts import text

NEXT_ACTION, BIRTHDAY, HIGH_SPEND, VISIT, NO_CONTACT = REASONS = ("next_action", "birthday", "high_spend", "visit", "no_contact")
"""The reasons, the most urgent first: a promise, a day that does not come back, the best customers, the cycle, silence."""
PRIORITY = {reason: place for place, reason in enumerate(REASONS, start=1)}

_GREETINGS = (BIRTHDAY, HIGH_SPEND)
"""Reasons that are care, not the contract's business: they need nobody's consent, but stop where it was withdrawn."""
GROUPS = ("overdue", "today", "week", "later")
"""When something is due, the most pressing first."""
WEEK_DAYS = 7
_SPENDING_QUARTERS = 2
_DTYPES = {
    c.CUSTOMER_CODE: nw.String(), c.REASON: nw.String(), c.DUE_ON: nw.Date(), c.DAYS_OVERDUE: nw.Int64(), c.PRIORITY: nw.Int64(),
    c.GROUP: nw.String(), c.ROUTE: nw.String(), c.CUSTOMER_NAME: nw.String(), c.REASON_TEXT: nw.String(), c.CONTACT: nw.String(),
    c.PHONE: nw.String(), c.LAST_FOLLOW_UP: nw.Date(),
}  # fmt: skip


class _Reason(NamedTuple):
    """One reason of one customer."""

    reason: str
    due_on: dt.date
    words: str


class _Agreement(NamedTuple):
    """What is to be done and when: agreed with the customer on the day `made_on`, or a task that the Playbook made then."""

    on: dt.date
    what: str | None
    made_on: dt.date
    is_task: bool = False

    def is_open(self, contacted: dt.date | None) -> bool:
        """Whether it is still to be done after that last contact.

        Any later contact on its day or after it keeps an agreement; one before it leaves it open. A task is to be done by its day: any
        contact after the day it was made does it, and so does one on its day.
        """
        if contacted is None:
            return True
        if self.is_task:
            return contacted <= self.made_on and contacted < self.on
        return contacted <= self.made_on or contacted < self.on


@dataclass(frozen=True)
class _Known:
    """What is known of all customers on the day, by code."""

    visited: Mapping[str, dt.date]
    contacted: Mapping[str, dt.date]
    agreed: Mapping[str, list[_Agreement]]
    """The latest agreement, and every task of the Playbook."""
    sizes: Mapping[str, str]
    high_spenders: frozenset[str]


def due(
    customers: Any, follow_ups: Any, grades: Any, purchases: Any, settings: Settings, as_of: dt.date, *, consents: Any = None,
    until: dt.date | None = None,
) -> Any:  # fmt: skip
    """One row a customer and reason, a native frame like `customers` with the columns of the `due` table.

    Ordered by priority, day, code. Frames are typed tables, `purchases` with its quarter filled. Of a customer that stands twice in
    Customers the first row counts. `days_overdue` is 0 for what is due on the day or, as a birthday, soon after it.
    consents: the typed Consents table, where there is one: nobody is greeted who withdrew the purpose contact, nobody is called on who
    was erased. until: also what falls due from the day after `as_of` to that day, as far as it is known on `as_of`.
    """
    listed = nw.from_native(customers, eager_only=True)
    known = _known(follow_ups, grades, purchases, settings, as_of)
    until = as_of if until is None else max(until, as_of)
    agreed_to = Consents.of(consents) if consents is not None else Consents({})
    ungreeted, erased = agreed_to.not_to_be_greeted(as_of), agreed_to.erased(as_of)
    rows: list[tuple[Any, ...]] = []
    seen: set[str] = set()
    columns = (c.CUSTOMER_CODE, c.CUSTOMER_NAME, c.ROUTE, c.CONTACT, c.PHONE, c.BIRTHDAY, c.OPENED_ON)
    for code, name, route, contact, phone, birthday, opened_on in tuples(listed.select(*columns)):
        if code is None or code in seen:
            continue
        seen.add(code)
        if code in erased:
            continue
        for found in _reasons(code, birthday, opened_on, known, settings, as_of, until):
            if found.reason in _GREETINGS and code in ungreeted:
                continue
            overdue = max(0, (as_of - found.due_on).days)
            group, last = group_of(found.due_on, as_of), known.contacted.get(code)
            rows.append(
                (code, found.reason, found.due_on, overdue, PRIORITY[found.reason], group, route, name, found.words, contact, phone, last)
            )
    rows.sort(key=lambda row: (row[4], row[2], row[0]))
    values = zip(*rows, strict=True) if rows else ([] for _ in DUE.column_ids)
    data = {name: list(each) for name, each in zip(DUE.column_ids, values, strict=True)}
    return nw.from_dict(data, schema=_DTYPES, backend=listed.implementation).to_native()


def group_of(due_on: dt.date, as_of: dt.date) -> str:
    """`overdue`, `today`, `week` for what falls due within the seven days after the day, else `later`."""
    ahead = (due_on - as_of).days
    return "overdue" if ahead < 0 else "today" if ahead == 0 else "week" if ahead <= WEEK_DAYS else "later"


def _reasons(
    code: str, birthday: dt.date | None, opened_on: dt.date | None, known: _Known, settings: Settings, as_of: dt.date, until: dt.date
) -> Iterator[_Reason]:
    """Every reason that holds for a customer on the day, or will hold by `until` if nothing is done."""
    language = settings.language
    visited, contacted = known.visited.get(code), known.contacted.get(code)
    agreed = [each for each in known.agreed.get(code, ()) if each.on <= until and each.is_open(contacted)]
    if agreed:
        first = min(agreed, key=lambda each: (each.on, each.is_task, each.what or ""))
        entry = "due.task" if first.is_task else "due.next_action"
        words = text(entry, language, what=first.what) if first.what else text("due.next_action_blank", language)
        yield _Reason(NEXT_ACTION, first.on, words)
    if birthday is not None:
        coming = next_birthday(birthday, as_of)
        if (coming - as_of).days <= max(settings.birthday_days, (until - as_of).days):
            yield _Reason(BIRTHDAY, coming, text("due.birthday", language))
    first_day, last_day = quarter_days(quarter_of_day(as_of))
    if code in known.high_spenders and (visited is None or visited < first_day):
        yield _Reason(HIGH_SPEND, last_day, text("due.high_spend", language))
    interval = settings.visit_interval_of_size(known.sizes.get(code))
    visit_on = _counted_from(visited or opened_on, interval, as_of)
    if visit_on <= until:
        words = text("due.visit", language, days=interval, last=visited) if visited else text("due.visit_never", language, days=interval)
        yield _Reason(VISIT, visit_on, words)
    contact_on = _counted_from(contacted or opened_on, settings.no_contact_days, as_of)
    if contact_on <= until:
        words = text("due.no_contact", language, last=contacted) if contacted else text("due.no_contact_never", language)
        yield _Reason(NO_CONTACT, contact_on, words)


def _counted_from(start: dt.date | None, days: int, as_of: dt.date) -> dt.date:
    """That many days after `start`; where nothing is known to count from, the day itself."""
    return as_of if start is None else start + dt.timedelta(days=days)


def next_birthday(birthday: dt.date, as_of: dt.date) -> dt.date:
    """The next birthday, today's too; of 29 February it is the 28th in a year without one."""

    def in_year(year: int) -> dt.date:
        return dt.date(year, birthday.month, min(birthday.day, calendar.monthrange(year, birthday.month)[1]))

    coming = in_year(as_of.year)
    return coming if coming >= as_of else in_year(as_of.year + 1)


def _known(follow_ups: Any, grades: Any, purchases: Any, settings: Settings, as_of: dt.date) -> _Known:
    # pandas has no days of its own: there a day is a moment, and is compared with moments only.
    so_far = lazy(follow_ups).filter(nw.col(c.DATE).cast(nw.Datetime("ms")) <= dt.datetime.combine(as_of, dt.time()))
    with_day = so_far.filter(~nw.col(c.NEXT_ACTION_ON).is_null() & ~nw.col(c.CUSTOMER_CODE).is_null())
    so_far = contacts(so_far)
    agreed: dict[str, list[_Agreement]] = {}
    latest = last_follow_ups(with_day).select(c.CUSTOMER_CODE, c.LAST_FOLLOW_UP, c.NEXT_ACTION, c.NEXT_ACTION_ON)
    for code, made_on, what, on in tuples(collected(latest)):
        agreed.setdefault(code, []).append(_Agreement(on, what, made_on))
    asked = tasks(with_day).select(c.CUSTOMER_CODE, c.DATE, c.NEXT_ACTION, c.NEXT_ACTION_ON)
    for code, made_on, what, on in tuples(collected(asked)):
        agreed.setdefault(code, []).append(_Agreement(on, what, made_on, is_task=True))
    this_quarter = quarter_of_day(as_of)
    return _Known(
        visited=_last_days(so_far.filter(nw.col(c.KIND).is_in(visit_names()))),
        contacted=_last_days(so_far),
        agreed=agreed,
        sizes=latest_sizes(grades, settings.grammar, this_quarter) if settings.size_interval_days else {},
        high_spenders=_high_spenders(purchases, settings, this_quarter),
    )


def _last_days(rows: nw.LazyFrame[Any]) -> dict[str, dt.date]:
    """The latest date of each customer."""
    latest = rows.filter(~nw.col(c.CUSTOMER_CODE).is_null()).group_by(c.CUSTOMER_CODE).agg(nw.col(c.DATE).max())
    return dict(tuples(collected(latest.select(c.CUSTOMER_CODE, c.DATE))))


def _high_spenders(purchases: Any, settings: Settings, this_quarter: str) -> frozenset[str]:
    """The customers of the largest amounts of the latest two quarters that have purchases; a tie at the cut is in.

    How many: the nearest whole number to the share of those who bought for more than nothing, half upwards.
    """
    bought = lazy(purchases).filter(nw.col(c.QUARTER) <= this_quarter)
    named = collected(bought.select(c.QUARTER).unique(c.QUARTER)).get_column(c.QUARTER).to_list()
    quarters = sorted(named)[-_SPENDING_QUARTERS:]
    if not quarters:
        return frozenset()
    amounts: dict[str, int] = {}
    for code, amount in tuples(collected(quarter_totals(of_quarters(bought, *quarters)).select(c.CUSTOMER_CODE, c.AMOUNT))):
        amounts[code] = amounts.get(code, 0) + (amount or 0)
    spent = sorted((amount for amount in amounts.values() if amount > 0), reverse=True)
    count = int(len(spent) * settings.high_spend_percent / 100 + 0.5)
    return frozenset(code for code, amount in amounts.items() if count and amount >= spent[count - 1])
