"""Who still buys by his own rhythm, and when the next purchase is expected (features S43, S45).

A customer's cycle is the median of the days between two purchase days that follow each other. Who bought on one day alone has no cycle of
his own and is measured by his peers: the median of all customers' own cycles, and where nobody has one, a quarter. Dormant is whose last
purchase lies further back than `dormant_cycles` cycles, and further than `least_days` (two orders on neighbouring days make nobody dormant
on the fourth). The next purchase is expected one cycle after the last; a day before `as_of` says that it is overdue.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import narwhals as nw

from xlcrm.rules.frames import Frame, collected
from xlcrm.rules.purchasedays import DAY_NUMBER, as_dates, dated, day_numbers, number_of, purchase_days
from xlcrm.tables import columns as c

ACTIVE, DORMANT = "active", "dormant"
OWN, PEERS, NOBODY = "own", "peers", "nobody"
"""Whose cycle it is; `nobody`: a quarter, since there is no customer with a cycle."""
ACTIVITY_COLUMNS = (
    c.CUSTOMER_CODE, c.FIRST_DATE, c.LAST_DATE, c.RECENCY_DAYS, c.FREQUENCY, c.CYCLE_DAYS, c.CYCLE_OF, c.ACTIVITY, c.NEXT_PURCHASE,
)  # fmt: skip
FIRST_NUMBER, LAST_NUMBER = "first_number", "last_number"
GAPS = "gaps"
"""How many gaps between purchase days a customer has: one less than purchase days."""
CYCLES_SINCE = "cycles_since"
"""Days since the last purchase, in cycles."""


@dataclass(frozen=True, slots=True)
class Rhythm:
    """What is dormant. dormant_cycles: cycles without a purchase. least_days, quarter_days: days."""

    dormant_cycles: float = 2.0
    least_days: int = 7
    quarter_days: int = 91


USUAL = Rhythm()


def activity(purchases: Any, as_of: dt.date, rhythm: Rhythm = USUAL) -> Any:
    """ACTIVITY_COLUMNS of everyone who bought up to the day, by code: a native frame of the engine of the purchases (in memory).

    cycle_days: days, may end in a half. activity: `active` or `dormant`. purchases: see `purchasedays.dated`.
    """
    found = cycles(dated(purchases, as_of), as_of, rhythm)
    later = (nw.col(LAST_NUMBER) + ((nw.col(c.CYCLE_DAYS) + 0.5) // 1).cast(nw.Int64)).alias("next_number")
    shown = as_dates(found.with_columns(later), **{c.FIRST_DATE: FIRST_NUMBER, c.LAST_DATE: LAST_NUMBER, c.NEXT_PURCHASE: "next_number"})
    return shown.select(*ACTIVITY_COLUMNS).to_native()


def cycles(rows: Frame, as_of: dt.date, rhythm: Rhythm = USUAL) -> nw.DataFrame[Any]:
    """customer_code, first_number, last_number (day numbers), frequency (purchase days), gaps, cycle_days, cycle_of, recency_days,
    cycles_since, activity; by code.

    rows: of `purchasedays.dated`, up to `as_of`.
    """  # fmt: skip
    days = day_numbers(collected(purchase_days(rows))).sort(c.CUSTOMER_CODE, DAY_NUMBER)
    spans = days.group_by(c.CUSTOMER_CODE).agg(
        nw.col(DAY_NUMBER).min().alias(FIRST_NUMBER), nw.col(DAY_NUMBER).max().alias(LAST_NUMBER), nw.len().alias(c.FREQUENCY)
    )
    own = _median_gaps(days)
    known = spans.join(own, on=c.CUSTOMER_CODE, how="left").sort(c.CUSTOMER_CODE)
    peers, whose = (float(own.get_column(c.CYCLE_DAYS).median()), PEERS) if len(own) else (float(rhythm.quarter_days), NOBODY)
    alone = nw.col(c.CYCLE_DAYS).is_null()
    known = known.with_columns(
        nw.when(alone).then(nw.lit(whose)).otherwise(nw.lit(OWN)).alias(c.CYCLE_OF),
        nw.when(alone).then(nw.lit(peers)).otherwise(nw.col(c.CYCLE_DAYS)).alias(c.CYCLE_DAYS),
        (number_of(as_of) - nw.col(LAST_NUMBER)).cast(nw.Int64).alias(c.RECENCY_DAYS), nw.col(c.FREQUENCY).cast(nw.Int64),
        (nw.col(c.FREQUENCY).cast(nw.Int64) - 1).alias(GAPS),
    )  # fmt: skip
    dormant = (nw.col(c.RECENCY_DAYS) > nw.col(c.CYCLE_DAYS) * rhythm.dormant_cycles) & (nw.col(c.RECENCY_DAYS) > rhythm.least_days)
    return known.with_columns(
        (nw.col(c.RECENCY_DAYS) / nw.col(c.CYCLE_DAYS)).alias(CYCLES_SINCE),
        nw.when(dormant).then(nw.lit(DORMANT)).otherwise(nw.lit(ACTIVE)).alias(c.ACTIVITY),
    )


def _median_gaps(days: nw.DataFrame[Any]) -> nw.DataFrame[Any]:
    """customer_code, cycle_days (float). days: each customer's days, in order.

    Engines take a median of groups differently, some only nearly: here it is the middle one, or the mean of both, of the sorted gaps.
    """
    before = days.with_columns(
        nw.col(c.CUSTOMER_CODE).shift(1).alias("customer_before"), nw.col(DAY_NUMBER).shift(1).alias("number_before")
    )
    same = before.filter(~nw.col("customer_before").is_null() & (nw.col("customer_before") == nw.col(c.CUSTOMER_CODE)))
    gaps = same.select(c.CUSTOMER_CODE, (nw.col(DAY_NUMBER) - nw.col("number_before")).cast(nw.Int64).alias("gap"))
    gaps = gaps.sort(c.CUSTOMER_CODE, "gap").with_row_index("place")
    groups = gaps.group_by(c.CUSTOMER_CODE).agg(nw.col("place").min(), nw.len().alias("count"))
    groups = groups.with_columns(nw.col("place").cast(nw.Int64), nw.col("count").cast(nw.Int64))
    sorted_gaps = gaps.get_column("gap")
    middles = [
        sorted_gaps[groups.select((nw.col("place") + (nw.col("count") - less) // 2).alias("at")).get_column("at").to_list()].to_list()
        for less in (1, 0)
    ]
    medians = [(low + high) / 2 for low, high in zip(*middles, strict=True)]
    return groups.select(c.CUSTOMER_CODE).with_columns(nw.new_series(c.CYCLE_DAYS, medians, nw.Float64(), backend=groups.implementation))
