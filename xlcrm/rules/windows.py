"""The last stretch of time against the one before: purchases of each customer in both."""

from __future__ import annotations

import datetime as dt
from typing import Any

import narwhals as nw

from xlcrm.rules.frames import Frame, collected, where_null
from xlcrm.rules.purchasedays import DAY, dated, not_after, purchase_days
from xlcrm.tables import columns as c

WINDOW_DAYS = 91
"""A quarter."""
AMOUNT_NOW, AMOUNT_BEFORE = "amount_now", "amount_before"
DAYS_NOW, DAYS_BEFORE = "days_now", "days_before"
AMOUNT_CHANGE = "amount_change"


def both_windows(purchases: Any, as_of: dt.date, window_days: int = WINDOW_DAYS) -> nw.DataFrame[Any]:
    """customer_code, amount_now, amount_before (cents, net), days_now, days_before (purchase days), amount_change; by code.

    Now is the last `window_days` days up to `as_of`, that day included; before, as many days before those. amount_change: a share, -0.4 is
    40 % less; null where there was nothing, or less, before. Who has a row in neither is not there. purchases: see `purchasedays.dated`.
    """
    start, border = (as_of - dt.timedelta(days=count * window_days) for count in (2, 1))
    rows = dated(purchases, as_of, start)
    amounts = _split(rows, border, nw.col(c.AMOUNT), (AMOUNT_NOW, AMOUNT_BEFORE))
    days = _split(purchase_days(rows), border, nw.lit(1), (DAYS_NOW, DAYS_BEFORE))
    found = collected(amounts).join(collected(days), on=c.CUSTOMER_CODE, how="left")
    found = found.with_columns(*(where_null(name, 0).cast(nw.Int64) for name in (AMOUNT_NOW, AMOUNT_BEFORE, DAYS_NOW, DAYS_BEFORE)))
    return found.with_columns(change(AMOUNT_NOW, AMOUNT_BEFORE).alias(AMOUNT_CHANGE)).sort(c.CUSTOMER_CODE)


def change(now: str, before: str) -> nw.Expr:
    """(now - before) / before, null where before is not above nothing."""
    base = nw.when(nw.col(before) > 0).then(nw.col(before))
    return (nw.col(now) - nw.col(before)) / base


def _split(rows: Frame, border: dt.date, value: nw.Expr, names: tuple[str, str]) -> Frame:
    """customer_code and the sums of `value` after the border, and up to it."""
    late = ~not_after(DAY, border)
    nothing = nw.lit(0)
    marked = rows.select(
        c.CUSTOMER_CODE, nw.when(late).then(value).otherwise(nothing).alias(names[0]),
        nw.when(late).then(nothing).otherwise(value).alias(names[1]),
    )  # fmt: skip
    return marked.group_by(c.CUSTOMER_CODE).agg(*(nw.col(name).sum() for name in names))
