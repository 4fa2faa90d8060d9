"""Customers won, kept and lost per quarter (features S42, S43).

Active in a quarter is who bought in it. Of a quarter: `active_start` is who was active in the quarter before, `active_end` who is in this
one, `lost` who was and is not, `new` who is and was not, `returned` those of the new who had bought in some earlier quarter. Then
churn = lost / active_start and retention = (active_end - new) / active_start, which add up to 1 (P. Farris and others, Marketing Metrics,
2010, chapter 5); activity rate = active_end / customers known by the quarter's end.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

import narwhals as nw

from xlcrm.rules.frames import collected, lazy, tuples
from xlcrm.rules.purchasedays import DAY, dated, purchase_days
from xlcrm.rules.quarters import quarter_days
from xlcrm.tables import columns as c
from xlcrm.tables.choices import SURVEY_KINDS

ACTIVE_START, ACTIVE_END, RETURNED, CUSTOMERS_KNOWN = "active_start", "active_end", "returned", "customers_known"
CHURN, RETENTION, ACTIVITY_RATE = "churn", "retention", "activity_rate"
KPIS = (CUSTOMERS_KNOWN, ACTIVE_START, ACTIVE_END, c.NEW, RETURNED, c.LOST, CHURN, RETENTION, ACTIVITY_RATE)
KPI_COLUMNS = (c.QUARTER, c.KPI, c.VALUE)
CSAT, NPS = SURVEY_KINDS[:2]
VOICE_KPIS = (CSAT, NPS)
"""What customers say, of quarters with answers, see `surveys.voice`: the share of satisfied ones, and the score in points."""
SHARES = (CHURN, RETENTION, ACTIVITY_RATE, CSAT)
"""The kpis from 0 to 1; all others but NPS count customers."""


def kpis(purchases: Any, as_of: dt.date, customers: Any = None) -> Any:
    """KPI_COLUMNS, oldest quarter first, in the order of KPIS; value: a float, of SHARES from 0 to 1.

    From the first quarter with a purchase to that of the day, quarters without any included. The first one has nothing before it, and of a
    quarter that is not over nobody can say yet who is lost: there `lost`, churn and retention are left out, and of the first one `new` too.
    purchases: see `purchasedays.dated`. customers: Customers, whose rows count as known from `opened_on`, else from the first purchase,
    else always. A native frame like `purchases` (in memory).
    """
    rows = collected(purchase_days(dated(purchases, as_of)))
    moment = nw.col(DAY).cast(nw.Datetime("ms"))
    marked = rows.select(c.CUSTOMER_CODE, (moment.dt.year() * 4 + (moment.dt.month() - 1) // 3).cast(nw.Int64).alias("place"))
    counted = marked.unique(["place", c.CUSTOMER_CODE])
    buyers: dict[int, set[str]] = {}
    for code, place in tuples(counted.select(c.CUSTOMER_CODE, "place")):
        buyers.setdefault(place, set()).add(code)
    found = _values(buyers, as_of, _known_from(customers, buyers)) if buyers else []
    schema = {c.QUARTER: nw.String(), c.KPI: nw.String(), c.VALUE: nw.Float64()}
    data = {name: [row[place] for row in found] for place, name in enumerate(KPI_COLUMNS)}
    return nw.from_dict(data, schema=schema, backend=rows.implementation).to_native()


def _place(day: dt.date) -> int:
    """The quarter's number since the year 0."""
    return day.year * 4 + (day.month - 1) // 3


def _known_from(customers: Any, buyers: Mapping[int, Iterable[str]]) -> dict[str, int]:
    """The quarter (its number) from which each customer counts as known."""
    firsts: dict[str, int] = {}
    for place in sorted(buyers):
        for code in buyers[place]:
            firsts.setdefault(code, place)
    if customers is not None:
        frame = lazy(customers)
        opened = nw.col(c.OPENED_ON) if c.OPENED_ON in frame.collect_schema().names() else nw.lit(None, nw.Date()).alias(c.OPENED_ON)
        for code, day in tuples(collected(frame.select(c.CUSTOMER_CODE, opened).filter(~nw.col(c.CUSTOMER_CODE).is_null()))):
            since = 0 if day is None else _place(day)
            # Whoever bought before the day of his file was known before it.
            firsts[code] = firsts.get(code, since) if day is None else min(firsts.get(code, since), since)
    return firsts


def _values(buyers: Mapping[int, set[str]], as_of: dt.date, known_from: Mapping[str, int]) -> list[tuple[str, str, float]]:
    first, last = min(buyers), _place(as_of)
    added: dict[int, int] = {}
    for place in known_from.values():
        added[max(place, first)] = added.get(max(place, first), 0) + 1
    rows: list[tuple[str, str, float]] = []
    known, ever, before = 0, set[str](), set[str]()
    for place in range(first, last + 1):
        quarter, now = f"{place // 4}Q{place % 4 + 1}", buyers.get(place, set())
        known += added.get(place, 0)
        came, lost = now - before, before - now
        values: dict[str, float] = {CUSTOMERS_KNOWN: known, ACTIVE_END: len(now), ACTIVITY_RATE: len(now) / known if known else 0.0}
        if place > first:
            values |= {ACTIVE_START: len(before), c.NEW: len(came), RETURNED: len(came & ever)}
            if quarter_days(quarter)[1] <= as_of:
                values[c.LOST] = len(lost)
                if before:
                    values |= {CHURN: len(lost) / len(before), RETENTION: (len(now) - len(came)) / len(before)}
        rows += [(quarter, kpi, float(values[kpi])) for kpi in KPIS if kpi in values]
        ever |= now
        before = now
    return rows
