"""Lost customers worth winning back, with the likely causes and a plan (feature S20).

Lost is who bought nothing for `gone_cycles` of his own cycles and for `gone_days` days. The causes are read off what happened around the
last purchase: a complaint within a window before or after it; no contact at all in that time (where contacts are recorded at all); an
amount that had already fallen by `amount_drop` in the last window up to it, against the window before; a single purchase day. Where nothing
of this is found the cause is not known, and the plan is to ask.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import narwhals as nw

from xlcrm.rules.activity import LAST_NUMBER, cycles
from xlcrm.rules.contactfigures import complaint_names, contact_rows
from xlcrm.rules.frames import collected, records, tuples
from xlcrm.rules.purchasedays import DAY_NUMBER, as_dates, dated, day_numbers, number_of
from xlcrm.rules.warnings import USUAL, YEAR_DAYS, Thresholds, is_gone
from xlcrm.tables import columns as c
from xlcrm.texts import Language, text

COMPLAINT, NO_CONTACT, SHRINKING, BOUGHT_ONCE, UNKNOWN = CAUSES = ("complaint", "no_contact", "shrinking", "bought_once", "unknown")
"""The causes, the one to act on first before the others."""
WIN_BACK_COLUMNS = (c.CUSTOMER_CODE, c.LAST_DATE, c.RECENCY_DAYS, c.AMOUNT, c.CAUSES, c.REASONS, c.ACTION)


def win_back(
    purchases: Any, follow_ups: Any, as_of: dt.date, *, thresholds: Thresholds = USUAL, capacity: int | None = None,
    language: Language = "en",
) -> Any:  # fmt: skip
    """WIN_BACK_COLUMNS, those who bought most first: a native frame of the engine of the purchases (in memory).

    amount: cents, net, of the year up to the last purchase. causes: ids, with commas. reasons: the causes in words. action: the
    plan for the first of them, in words. capacity: no more rows than that. purchases: see `purchasedays.dated`.
    """
    rows = dated(purchases, as_of)
    lost = cycles(rows, as_of, thresholds.rhythm).filter(is_gone(thresholds))
    amounts = _amounts(rows, lost, thresholds.window_days)
    meetings: dict[str, list[tuple[int, bool]]] = {}
    complaint = complaint_names()
    for code, day, kind in contact_rows(follow_ups, as_of):
        meetings.setdefault(code, []).append((number_of(day), (kind or "").casefold() in complaint))
    found = []
    for row in records(lost.select(c.CUSTOMER_CODE, LAST_NUMBER, c.RECENCY_DAYS, c.FREQUENCY)):
        code = row[c.CUSTOMER_CODE]
        year, late, early = amounts.get(code, (0, 0, 0))
        around = [complained for day, complained in meetings.get(code, ()) if abs(day - row[LAST_NUMBER]) <= thresholds.window_days]
        causes = _causes(row, around, bool(meetings), early > 0 and late <= early * (1 - thresholds.amount_drop))
        found.append((code, row[LAST_NUMBER], row[c.RECENCY_DAYS], year, *_words(causes, language)))
    found.sort(key=lambda each: (-each[3], each[0]))
    kept = found if capacity is None else found[: max(capacity, 0)]
    names = (c.CUSTOMER_CODE, LAST_NUMBER, c.RECENCY_DAYS, c.AMOUNT, c.CAUSES, c.REASONS, c.ACTION)
    whole = (LAST_NUMBER, c.RECENCY_DAYS, c.AMOUNT)
    values = zip(*kept, strict=True) if kept else ([] for _ in names)
    data = {name: list(each) for name, each in zip(names, values, strict=True)}
    frame = nw.from_dict(data, schema={name: nw.Int64() if name in whole else nw.String() for name in names}, backend=lost.implementation)
    return as_dates(frame, **{c.LAST_DATE: LAST_NUMBER}).select(*WIN_BACK_COLUMNS).to_native()


def _amounts(rows: Any, lost: nw.DataFrame[Any], window_days: int) -> Mapping[str, Sequence[int]]:
    """Of each lost customer the net amounts of the year, of the last window and of the window before, all up to the last purchase."""
    own = rows.filter(nw.col(c.CUSTOMER_CODE).is_in(lost.get_column(c.CUSTOMER_CODE).to_list()))
    dated_rows = day_numbers(collected(own)).join(lost.select(c.CUSTOMER_CODE, LAST_NUMBER), on=c.CUSTOMER_CODE, how="inner")
    back = nw.col(LAST_NUMBER) - nw.col(DAY_NUMBER)
    spans = {"year": (0, YEAR_DAYS), "late": (0, window_days), "early": (window_days, 2 * window_days)}
    parts = dated_rows.select(
        c.CUSTOMER_CODE,
        *(
            nw.when((back >= low) & (back < high) & ~nw.col(c.AMOUNT).is_null()).then(nw.col(c.AMOUNT)).otherwise(nw.lit(0)).alias(name)
            for name, (low, high) in spans.items()
        ),
    )
    sums = parts.group_by(c.CUSTOMER_CODE).agg(*(nw.col(name).sum() for name in spans))
    return {code: figures for code, *figures in tuples(sums.select(c.CUSTOMER_CODE, *spans))}


def _causes(row: Mapping[str, Any], around: Iterable[bool], recorded: bool, shrank: bool) -> list[str]:
    meetings = list(around)
    held = {COMPLAINT: any(meetings), NO_CONTACT: recorded and not meetings, SHRINKING: shrank, BOUGHT_ONCE: row[c.FREQUENCY] == 1}
    return [cause for cause in CAUSES if held.get(cause)] or [UNKNOWN]


def _words(causes: Sequence[str], language: Language) -> tuple[str, str, str]:
    reasons = "; ".join(text(f"lifecycle.cause_{cause}", language) for cause in causes)
    return ",".join(causes), reasons, text(f"lifecycle.plan_{causes[0]}", language)
