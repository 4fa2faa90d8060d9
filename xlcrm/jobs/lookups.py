"""The values of the workbook's own lookup formulas, for the file to show before any program recalculates it.

The formulas stand in `tables/catalog.py`; a viewer that cannot calculate (a phone, a preview) shows these values.
"""

from __future__ import annotations

import polars as pl

from xlcrm.jobs.followup_effects import without_tasks
from xlcrm.jobs.searchtexts import with_search
from xlcrm.tables import columns as c
from xlcrm.tables.catalog import TABLES
from xlcrm.tables.quarters import purchase_quarter

Frames = dict[str, pl.DataFrame]

_OF_CUSTOMER = {c.CUSTOMER_NAME: c.CUSTOMER_NAME, c.GRADE: c.SHOWN}
"""What other tables look up of a customer, and the column of Customers that holds it."""
SHOWN_IN = {
    "customers": ("follow_ups", "purchases", "grades"),
    "routes": ("customers",),
    "purchases": ("customers",),
    "follow_ups": ("customers",),
}
"""Which tables look up values of which."""


def _with(frame: pl.DataFrame, found: pl.DataFrame, on: str, **columns: str) -> pl.DataFrame:
    """`frame` with `columns` (own name = name in `found`) looked up by `on`; the first match counts, as in MATCH."""
    unique = found.filter(pl.col(on).is_not_null()).unique(subset=on, keep="first", maintain_order=True)
    picked = unique.select(on, *(pl.col(theirs).alias(own) for own, theirs in columns.items()))
    kept = frame.drop([own for own in columns if own in frame.columns])
    return kept.join(picked, on=on, how="left", maintain_order="left")


def fill(frames: Frames, current_quarter: str) -> Frames:
    """All tables with the values of their lookup columns, in the order of the given frames."""
    customers = frames["customers"]
    filled = dict(frames)
    if "routes" in frames:
        customers = _with(customers, frames["routes"], c.ROUTE, **{c.BATCH: c.BATCH, c.ACCOUNT_MANAGER: c.ACCOUNT_MANAGER})
    if "purchases" in frames:
        purchases = frames["purchases"].with_columns(purchase_quarter())
        filled["purchases"] = purchases
        in_quarter = purchases.filter(pl.col(c.QUARTER) == current_quarter)
        sums = in_quarter.group_by(c.CUSTOMER_CODE).agg(pl.col(c.QUANTITY).sum(), pl.col(c.AMOUNT).sum())
        last = purchases.group_by(c.CUSTOMER_CODE).agg(pl.col(c.DATE).max().alias(c.LAST_PURCHASE))
        customers = _with(customers, sums, c.CUSTOMER_CODE, **{c.QUANTITY: c.QUANTITY, c.AMOUNT: c.AMOUNT})
        customers = customers.with_columns(pl.col(c.QUANTITY).fill_null(0), pl.col(c.AMOUNT).fill_null(0))
        customers = _with(customers, last, c.CUSTOMER_CODE, **{c.LAST_PURCHASE: c.LAST_PURCHASE})
    if "follow_ups" in frames:
        last = without_tasks(frames["follow_ups"]).group_by(c.CUSTOMER_CODE).agg(pl.col(c.DATE).max().alias(c.LAST_FOLLOW_UP))
        customers = _with(customers, last, c.CUSTOMER_CODE, **{c.LAST_FOLLOW_UP: c.LAST_FOLLOW_UP})
    customers = with_search(customers)
    filled["customers"] = customers
    return {table_id: of_customers(table_id, frame, customers) for table_id, frame in filled.items()}


def of_customers(table_id: str, frame: pl.DataFrame, customers: pl.DataFrame) -> pl.DataFrame:
    """A table with what its formulas look up of each row's customer."""
    wanted = {own: theirs for own, theirs in _OF_CUSTOMER.items() if _is_formula(table_id, own) and theirs in customers.columns}
    if not wanted:
        return frame
    # A table without a row may not know yet that its codes are text.
    return _with(frame.cast({c.CUSTOMER_CODE: pl.String}), customers, c.CUSTOMER_CODE, **wanted)


def _is_formula(table_id: str, column: str) -> bool:
    spec = TABLES[table_id].by_id.get(column)
    return table_id != "customers" and spec is not None and spec.filled_by == "formula"
