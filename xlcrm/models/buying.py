"""What the models of repeat buying need of a customer's purchases: how often again, when last, how long known, how much."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import narwhals as nw
import numpy as np
import numpy.typing as npt

from xlcrm.rules.frames import collected, lazy, tuples
from xlcrm.tables import columns as c
from xlcrm.tables.schema import SCALE, ColumnKind

Numbers = npt.NDArray[np.float64]
DAYS_OF_WEEK = 7
CENTS = SCALE[ColumnKind.MONEY]


@dataclass(frozen=True, slots=True)
class Buying:
    """One place a customer, in the order of `codes`; arrays of the same length. Times in weeks, amounts in currency units.

    repeats: days with a purchase after the first one (x). last: from the first to the last purchase (t_x). known: from the first
    purchase to the day of the analysis (T). amount: mean amount of a repeat day, 0 without one (Fader's z-bar leaves the first
    purchase out). all_amount: mean amount of a day with a purchase, the first one too.
    """

    codes: list[str]
    repeats: Numbers
    last: Numbers
    known: Numbers
    amount: Numbers
    all_amount: Numbers

    def __len__(self) -> int:
        return len(self.codes)


def buying(purchases: Any, as_of: dt.date) -> Buying:
    """Repeat buying of every customer up to a day.

    purchases: a typed table with customer_code, date, amount (cents). Rows without a day are left out: a total of a month has no
    purchases to count. All rows of a customer and day are one purchase; a day with a return is one only if more was bought than given back.
    """
    rows = lazy(purchases).filter(~nw.col(c.CUSTOMER_CODE).is_null() & ~nw.col(c.DATE).is_null())
    # pandas has no days of its own: there a day is a moment, and is compared with moments only.
    rows = rows.filter(nw.col(c.DATE).cast(nw.Datetime("ms")) <= dt.datetime.combine(as_of, dt.time()))
    days = rows.group_by(c.CUSTOMER_CODE, c.DATE).agg(nw.col(c.AMOUNT).sum(), nw.col(c.AMOUNT).min().alias("smallest"))
    days = days.filter((nw.col(c.AMOUNT) > 0) | (nw.col("smallest") >= 0))
    by_customer: dict[str, list[tuple[dt.date, int]]] = {}
    for code, day, cents in tuples(collected(days.select(c.CUSTOMER_CODE, c.DATE, c.AMOUNT))):
        by_customer.setdefault(code, []).append((day, cents))
    codes = sorted(by_customer)
    table = np.zeros((5, len(codes)))
    for place, code in enumerate(codes):
        found = sorted(by_customer[code])
        first, amounts = found[0][0], [cents / CENTS for _, cents in found]
        again = amounts[1:]
        table[:, place] = (
            len(again), (found[-1][0] - first).days / DAYS_OF_WEEK, (as_of - first).days / DAYS_OF_WEEK,
            sum(again) / len(again) if again else 0.0, sum(amounts) / len(amounts),
        )  # fmt: skip
    return Buying(codes, *table)
