"""How often each customer was in contact with us, bought after it, complained, and what he said: the last days against those before."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from typing import Any

import narwhals as nw

from xlcrm.rules.followups import contacts
from xlcrm.rules.frames import collected, lazy, tuples
from xlcrm.rules.purchasedays import DAY, dated, not_after, purchase_days
from xlcrm.tables import columns as c
from xlcrm.tables.choices import choice_names

CONTACTS_NOW, CONTACTS_BEFORE = "contacts_now", "contacts_before"
ANSWERED_NOW, ANSWERED_BEFORE = "answered_now", "answered_before"
"""Contacts after which something was bought in time."""
JUDGED_NOW, JUDGED_BEFORE = "judged_now", "judged_before"
"""Contacts of which it is known whether something was bought: their time is over."""
COMPLAINTS_NOW, COMPLAINTS_BEFORE = "complaints_now", "complaints_before"
SCORE_NOW, SCORE_BEFORE = "score_now", "score_before"
NEGATIVE = "negative"
"""Of feedback: 1 where it counts as a complaint, else 0; a frame may lack it."""
_COUNTS = (
    CONTACTS_NOW, CONTACTS_BEFORE, ANSWERED_NOW, ANSWERED_BEFORE, JUDGED_NOW, JUDGED_BEFORE, COMPLAINTS_NOW, COMPLAINTS_BEFORE,
)  # fmt: skip


def contact_figures(
    follow_ups: Any, purchases: Any, as_of: dt.date, window_days: int, response_days: int, feedback: Any, backend: Any
) -> nw.DataFrame[Any]:
    """customer_code, the counts named above, score_now and score_before (means, null without feedback); who has none is not there.
    Negative feedback counts as a complaint.

    Now is the last `window_days` days up to `as_of`, before as many before those. A purchase on the day of the contact or within
    `response_days` after it is an answer; only purchases of a day count, since a total of a month does not say when.
    backend: the engine of the result.
    """
    found: dict[str, dict[str, int]] = {}
    scores: dict[str, dict[str, list[float]]] = {}
    border = as_of - dt.timedelta(days=window_days)
    start = border - dt.timedelta(days=window_days)
    rows = contact_rows(follow_ups, as_of, start)
    bought = _days_of(purchases, as_of, start) if rows else {}
    complaint = complaint_names()
    for code, day, kind in rows:
        counts = found.setdefault(code, dict.fromkeys(_COUNTS, 0))
        when = 0 if day > border else 1
        counts[(CONTACTS_NOW, CONTACTS_BEFORE)[when]] += 1
        if (kind or "").casefold() in complaint:
            counts[(COMPLAINTS_NOW, COMPLAINTS_BEFORE)[when]] += 1
        until = day + dt.timedelta(days=response_days)
        if until <= as_of and code in bought:
            counts[(JUDGED_NOW, JUDGED_BEFORE)[when]] += 1
            place = bisect_left(bought[code], day)
            if place < len(bought[code]) and bought[code][place] <= until:
                counts[(ANSWERED_NOW, ANSWERED_BEFORE)[when]] += 1
    for code, day, score, negative in _feedback_rows(feedback, as_of, start):
        if negative:
            counts = found.setdefault(code, dict.fromkeys(_COUNTS, 0))
            counts[COMPLAINTS_NOW if day > border else COMPLAINTS_BEFORE] += 1
        if score is not None:
            scores.setdefault(code, {SCORE_NOW: [], SCORE_BEFORE: []})[SCORE_NOW if day > border else SCORE_BEFORE].append(score)
    codes = sorted({*found, *scores})
    data: dict[str, list[Any]] = {c.CUSTOMER_CODE: codes}
    data |= {name: [found[code][name] if code in found else 0 for code in codes] for name in _COUNTS}
    for name in (SCORE_NOW, SCORE_BEFORE):
        given = [scores[code][name] if code in scores else [] for code in codes]
        data[name] = [sum(each) / len(each) if each else None for each in given]
    schema: dict[str, Any] = {
        c.CUSTOMER_CODE: nw.String(),
        **dict.fromkeys(_COUNTS, nw.Int64()),
        SCORE_NOW: nw.Float64(),
        SCORE_BEFORE: nw.Float64(),
    }
    return nw.from_dict(data, schema=schema, backend=backend)


def contact_rows(follow_ups: Any, as_of: dt.date, after: dt.date | None = None) -> list[tuple[str, dt.date, str | None]]:
    """(customer_code, day, kind) of the contacts up to the day; tasks are none. after: those of this day or before are left out."""
    rows = contacts(follow_ups).filter(~nw.col(c.CUSTOMER_CODE).is_null() & ~nw.col(c.DATE).is_null()).filter(not_after(c.DATE, as_of))
    if after is not None:
        rows = rows.filter(~not_after(c.DATE, after))
    return tuples(collected(rows.select(c.CUSTOMER_CODE, c.DATE, c.KIND)))


def complaint_names() -> frozenset[str]:
    """The kind complaint as either language and its id write it, folded to one case."""
    return frozenset(name.casefold() for name in choice_names("complaint"))


def _days_of(purchases: Any, as_of: dt.date, after: dt.date) -> dict[str, list[dt.date]]:
    """The purchase days of each customer, in order, of purchases with a date."""
    rows = dated(purchases, as_of, after)
    days: dict[str, list[dt.date]] = {}
    for code, day in tuples(collected(purchase_days(rows.filter(~nw.col(c.DATE).is_null())).select(c.CUSTOMER_CODE, DAY))):
        days.setdefault(code, []).append(day)
    return {code: sorted(found) for code, found in days.items()}


def _feedback_rows(feedback: Any, as_of: dt.date, after: dt.date) -> list[tuple[str, dt.date, float | None, int]]:
    if feedback is None:
        return []
    rows = lazy(feedback).filter(~nw.col(c.CUSTOMER_CODE).is_null() & ~nw.col(c.DATE).is_null())
    rows = rows.filter(not_after(c.DATE, as_of)).filter(~not_after(c.DATE, after))
    negative = nw.col(NEGATIVE) if NEGATIVE in rows.collect_schema().names() else nw.lit(0).alias(NEGATIVE)
    return tuples(collected(rows.select(c.CUSTOMER_CODE, c.DATE, c.SCORE, negative)))
