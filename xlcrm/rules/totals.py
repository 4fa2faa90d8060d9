"""Purchases summed per customer and quarter. A customer without a row has no purchase record; a recorded zero is a row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import narwhals as nw

from xlcrm.rules.frames import Frame, lazy
from xlcrm.tables import columns as c

PURCHASES_COUNT = "purchases_count"


def quarter_totals(purchases: Any, quarters: Sequence[str] = ()) -> Frame:
    """Columns customer_code, quarter, quantity (thousandths), amount (cents), purchases_count (rows).

    purchases: customer_code, quarter, quantity, amount. quarters: only these; none means all. Returns count as negative.
    """
    rows = lazy(purchases)
    if quarters:
        wanted = nw.col(c.QUARTER) == quarters[0]
        for quarter in quarters[1:]:
            wanted = wanted | (nw.col(c.QUARTER) == quarter)
        rows = rows.filter(wanted)
    summed = rows.group_by(c.CUSTOMER_CODE, c.QUARTER).agg(
        nw.col(c.QUANTITY).sum(), nw.col(c.AMOUNT).sum(), nw.len().alias(PURCHASES_COUNT)
    )
    # DuckDB widens a sum to 128 bits.
    return summed.with_columns(
        nw.col(c.QUANTITY).cast(nw.Int64), nw.col(c.AMOUNT).cast(nw.Int64), nw.col(PURCHASES_COUNT).cast(nw.Int64)
    )


def totals_of(totals: Frame, quarter: str, prefix: str = "") -> Frame:
    """The totals of one quarter: customer_code, and quantity, amount, purchases_count under `prefix`."""
    return totals.filter(nw.col(c.QUARTER) == quarter).select(
        c.CUSTOMER_CODE, *(nw.col(name).alias(prefix + name) for name in (c.QUANTITY, c.AMOUNT, PURCHASES_COUNT))
    )
