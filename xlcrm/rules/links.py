"""Do the links between tables hold? Codes that lead nowhere, keys that stand twice, customers on two routes."""

from __future__ import annotations

from collections.abc import Sequence

import narwhals as nw
from narwhals.typing import IntoDataFrameT

from xlcrm.tables import columns as c


def repeated_keys(frame: IntoDataFrameT, key: Sequence[str]) -> IntoDataFrameT:
    """Keys that stand more than once: `key` (parts joined by a space) and `count`, ordered by key."""
    rows = nw.from_native(frame, eager_only=True)
    joined = nw.concat_str(*[nw.col(part).cast(nw.String) for part in key], separator=" ")
    counted = rows.select(joined.alias("key")).drop_nulls("key").group_by("key").agg(nw.len().alias("count"))
    return counted.filter(nw.col("count") > 1).sort("key").to_native()


def dangling_codes(frame: IntoDataFrameT, target: IntoDataFrameT, column: str) -> IntoDataFrameT:
    """Values of `column` in `frame` that `target` does not hold: `column` and `rows` (how many rows name it)."""
    rows = nw.from_native(frame, eager_only=True).select(column).drop_nulls(column)
    known = nw.from_native(target, eager_only=True).select(column).drop_nulls(column).unique(column)
    missing = rows.join(known, on=column, how="anti")
    return missing.group_by(column).agg(nw.len().alias("rows")).sort(column).to_native()


def route_conflicts(customers: IntoDataFrameT) -> IntoDataFrameT:
    """Customers that stand on more than one route: `customer_code` and `routes`, the first and the last of them."""
    rows = nw.from_native(customers, eager_only=True).select(c.CUSTOMER_CODE, c.ROUTE).drop_nulls()
    per_customer = rows.group_by(c.CUSTOMER_CODE).agg(nw.col(c.ROUTE).min().alias("first"), nw.col(c.ROUTE).max().alias("last"))
    conflicts = per_customer.filter(nw.col("first") != nw.col("last")).sort(c.CUSTOMER_CODE)
    return conflicts.select(c.CUSTOMER_CODE, nw.concat_str("first", "last", separator=", ").alias("routes")).to_native()
