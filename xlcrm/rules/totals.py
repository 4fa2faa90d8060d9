"""Purchases summed per customer and quarter. A customer without a row has no purchase record; a recorded zero is a row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import narwhals as nw

from xlcrm.rules.frames import Frame, lazy, of_quarters, where_null
from xlcrm.tables import columns as c

PURCHASES_COUNT = "purchases_count"


def quarter_totals(purchases: Any, quarters: Sequence[str] = ()) -> Frame:
    """Columns customer_code, quarter, quantity (thousandths), amount (cents), purchases_count (rows).

    purchases: customer_code, quarter, quantity, amount. quarters: only these; none means all. Returns count as negative.
    Where no row of a customer names an amount (a file of quantities only), its amount is null, not 0; so for the quantity.
    """
    rows = lazy(purchases).filter(~nw.col(c.CUSTOMER_CODE).is_null() & ~nw.col(c.QUARTER).is_null())
    if quarters:
        rows = of_quarters(rows, *quarters)
    measures = (c.QUANTITY, c.AMOUNT)
    summed = rows.group_by(c.CUSTOMER_CODE, c.QUARTER).agg(
        *(nw.col(name).sum().alias(name) for name in measures),
        *(nw.col(name).count().alias(f"known_{name}") for name in measures),
        nw.len().alias(PURCHASES_COUNT),
    )
    # The sum of nothing is 0 on some engines and null on others; DuckDB widens a sum to 128 bits.
    whole = summed.with_columns(*(where_null(name, 0).cast(nw.Int64) for name in measures))
    known = (nw.when(nw.col(f"known_{name}") > 0).then(nw.col(name)).alias(name) for name in measures)
    return whole.select(c.CUSTOMER_CODE, c.QUARTER, *known, nw.col(PURCHASES_COUNT).cast(nw.Int64))


def totals_of(totals: Frame, quarter: str, prefix: str = "") -> Frame:
    """The totals of one quarter: customer_code, and quantity, amount, purchases_count under `prefix`."""
    return totals.filter(nw.col(c.QUARTER) == quarter).select(
        c.CUSTOMER_CODE, *(nw.col(name).alias(prefix + name) for name in (c.QUANTITY, c.AMOUNT, PURCHASES_COUNT))
    )
