"""Which customers make most of the amount (feature S46): shares in falling order, and the classes A, B, C.

V. Pareto's 80/20 rule as H. Dickie made it of stock, "ABC Inventory Analysis Shoots for Dollars", 1951. Class A is the fewest customers who
together make `a_percent` of the amount, class B those who bring it to `b_percent`, class C all others. Who returned as much as he bought,
or more, is in C with a share of 0. Of equal amounts the smaller code comes first.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import narwhals as nw

from xlcrm.rules.frames import collected, where_null
from xlcrm.rules.purchasedays import dated
from xlcrm.tables import columns as c

PARETO_COLUMNS = (c.RANK, c.CUSTOMER_CODE, c.AMOUNT, c.SHARE, c.CUMULATIVE_SHARE, c.ABC_CLASS)


@dataclass(frozen=True, slots=True)
class Pareto:
    """customers: native frame, PARETO_COLUMNS, the largest first; amounts in cents, shares from 0 to 1.

    total: cents, of those above nothing. a_customers: how many are in class A.
    """

    customers: Any
    total: int
    a_customers: int


def pareto(
    purchases: Any, as_of: dt.date, window_days: int | None = None, a_percent: float = 80.0, b_percent: float = 95.0
) -> Pareto:  # fmt: skip
    """Shares of everyone with purchases in the window. purchases: see `purchasedays.dated`. window_days: see `rfm.rfm`."""
    after = None if window_days is None else as_of - dt.timedelta(days=window_days)
    rows = dated(purchases, as_of, after)
    sums = collected(rows.group_by(c.CUSTOMER_CODE).agg(nw.col(c.AMOUNT).sum()))
    sums = sums.with_columns(where_null(c.AMOUNT, 0).cast(nw.Int64))
    ordered = sums.sort(c.AMOUNT, c.CUSTOMER_CODE, descending=[True, False]).with_row_index("place")
    counted = nw.when(nw.col(c.AMOUNT) > 0).then(nw.col(c.AMOUNT)).otherwise(nw.lit(0)).cast(nw.Int64)
    ordered = ordered.with_columns(counted.alias("counted")).with_columns(nw.col("counted").cum_sum().alias("reached"))
    total = int(ordered.get_column("counted").sum()) if len(ordered) else 0
    # Whole numbers of cents are compared, so that a share of exactly 80 % is one.
    before = (nw.col("reached") - nw.col("counted")) * 100.0
    is_a, is_b = ((nw.col("counted") > 0) & (before < percent * total) for percent in (a_percent, b_percent))
    found = ordered.with_columns(
        (nw.col("place").cast(nw.Int64) + 1).alias(c.RANK),
        (nw.col("counted") / max(total, 1)).alias(c.SHARE), (nw.col("reached") / max(total, 1)).alias(c.CUMULATIVE_SHARE),
        nw.when(is_a).then(nw.lit("A")).otherwise(nw.when(is_b).then(nw.lit("B")).otherwise(nw.lit("C"))).alias(c.ABC_CLASS),
    )  # fmt: skip
    a_customers = len(found.filter(nw.col(c.ABC_CLASS) == "A"))
    return Pareto(found.select(*PARETO_COLUMNS).to_native(), total, a_customers)
