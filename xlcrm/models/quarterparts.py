"""The part of a quarter seen so far, and the same part of earlier quarters: what was bought in it, lately, and after it."""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass
from typing import Any

import narwhals as nw
import numpy as np
import numpy.typing as npt

from xlcrm.models.buying import Numbers
from xlcrm.rules.frames import collected, tuples
from xlcrm.rules.purchasedays import DAY, dated, number_of
from xlcrm.rules.quarters import quarter_days, quarter_of_day
from xlcrm.tables import columns as c

LOOK_BACK_DAYS = 182
"""The pace of a customer is that of so many days."""
KNOWN_DAYS = 365
"""Who bought nothing for longer is not looked at."""
MEASURES = (c.QUANTITY, c.AMOUNT)


@dataclass(frozen=True, slots=True)
class Bought:
    """Everything bought up to a day. codes: customers by code. owners, days: of each sum, place in `codes` and day number.

    sums: by measure (quantity in thousandths, amount in cents). first: the first day of the data's first month.
    """

    codes: tuple[str, ...]
    owners: npt.NDArray[np.int64]
    days: npt.NDArray[np.int64]
    sums: dict[str, Numbers]
    first: dt.date | None


@dataclass(frozen=True, slots=True)
class Part:
    """A quarter as of a day, one figure a customer and measure (thousandths, cents).

    known: whether the customer bought within KNOWN_DAYS. seen: bought in the quarter so far. at_pace: what the quarter's rest would bring
    at the pace of the last LOOK_BACK_DAYS; at_pace_seen: at the quarter's own. rest: what it did bring, as far as it is known.
    """

    quarter: str
    known: npt.NDArray[np.bool_]
    seen: dict[str, Numbers]
    at_pace: dict[str, Numbers]
    at_pace_seen: dict[str, Numbers]
    rest: dict[str, Numbers]


def bought(purchases: Any, until: dt.date) -> Bought:
    """Sums by customer and day. purchases: see `purchasedays.dated`; a row of a month lies in its middle; later rows are not known."""
    rows = dated(purchases, until)
    sums = collected(rows.group_by(c.CUSTOMER_CODE, DAY).agg(*(nw.col(name).sum() for name in MEASURES)))
    found = [row for row in tuples(sums.select(c.CUSTOMER_CODE, DAY, *MEASURES)) if row[0] is not None]
    codes = sorted({row[0] for row in found})
    places = {code: place for place, code in enumerate(codes)}
    owners = np.array([places[row[0]] for row in found], dtype=np.int64)
    days = np.array([number_of(row[1]) for row in found], dtype=np.int64)
    figures = {name: np.array([row[number] or 0 for row in found], dtype=np.float64) for number, name in enumerate(MEASURES, 2)}
    first = min((row[1] for row in found), default=None)
    return Bought(tuple(codes), owners, days, figures, None if first is None else first.replace(day=1))


def same_day_of(quarter: str, day: dt.date) -> dt.date:
    """The day of another quarter: the same month of it and day of the month; a month's last day is the other month's last."""
    year, month = int(quarter[:4]), 3 * int(quarter[5]) - 2 + (day.month - 1) % 3
    last, own_last = calendar.monthrange(year, month)[1], calendar.monthrange(day.year, day.month)[1]
    return dt.date(year, month, last if day.day == own_last else min(day.day, last))


def earlier_quarters(known: Bought, quarter: str, at_most: int = 8) -> list[str]:
    """The quarters before `quarter` that the data holds from their first day, the latest first."""
    found: list[str] = []
    start = quarter_days(quarter)[0]
    while known.first is not None and len(found) < at_most:
        earlier = quarter_of_day(start - dt.timedelta(days=1))
        start = quarter_days(earlier)[0]
        if start < known.first:
            break
        found.append(earlier)
    return found


def part(known: Bought, day: dt.date) -> Part:
    """The quarter in which `day` lies, as of that day (which is over)."""
    quarter = quarter_of_day(day)
    start, end = quarter_days(quarter)
    first = known.first or start
    pace_days = max(1, min(LOOK_BACK_DAYS, (day - first).days + 1))
    seen_days, rest_days = (day - start).days + 1, (end - day).days

    def sums(measure: str, after: dt.date, until: dt.date) -> Numbers:
        inside = (known.days > number_of(after)) & (known.days <= number_of(until))
        return np.bincount(known.owners[inside], known.sums[measure][inside], minlength=len(known.codes)).astype(np.float64)

    before = start - dt.timedelta(days=1)
    seen = {name: sums(name, before, day) for name in MEASURES}
    late = {name: sums(name, day - dt.timedelta(days=pace_days), day) for name in MEASURES}
    lately = (known.days > number_of(day) - KNOWN_DAYS) & (known.days <= number_of(day))
    return Part(
        quarter,
        np.bincount(known.owners[lately], minlength=len(known.codes)) > 0,
        seen,
        {name: np.maximum(figures, 0) * rest_days / pace_days for name, figures in late.items()},
        {name: np.maximum(figures, 0) * rest_days / seen_days for name, figures in seen.items()},
        {name: sums(name, day, end) for name in MEASURES},
    )
