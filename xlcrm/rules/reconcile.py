"""Reconciliation: on every route the seven states add up to the customers (grading.md, section 3)."""

from __future__ import annotations

import narwhals as nw

from xlcrm.rules.frames import Frame
from xlcrm.tables import columns as c

SUM, OK = "sum", "ok"


def reconciliation(summary: Frame, listed: Frame) -> Frame:
    """route, batch, customers, a count a state, sum (of the states), ok.

    summary: `summary.route_summary` (its counts). listed: route and customers as counted straight from the tables, without any
    rule in between; a route that only one of the two knows does not add up.
    """
    nowhere = "\x00"

    def named(frame: Frame) -> Frame:
        return frame.with_columns(nw.when(nw.col(c.ROUTE).is_null()).then(nw.lit(nowhere)).otherwise(nw.col(c.ROUTE)).alias(c.ROUTE))

    counts = named(summary).select(c.ROUTE, c.BATCH, *c.STATES)
    joined = named(listed).select(c.ROUTE, c.CUSTOMERS).join(counts, on=c.ROUTE, how="left")
    total = nw.sum_horizontal(*(nw.when(nw.col(state).is_null()).then(nw.lit(0)).otherwise(nw.col(state)) for state in c.STATES))
    summed = joined.with_columns(total.alias(SUM)).sort(c.ROUTE)
    null = nw.lit(None).cast(nw.String)
    return summed.select(
        nw.when(nw.col(c.ROUTE) == nowhere).then(null).otherwise(nw.col(c.ROUTE)).alias(c.ROUTE),
        c.BATCH, c.CUSTOMERS, *c.STATES, SUM, (nw.col(SUM) == nw.col(c.CUSTOMERS)).alias(OK),
    )  # fmt: skip


def listed_customers(everyone: Frame) -> Frame:
    """route and customers: how many different codes each route holds, counted from the tables."""
    counted = everyone.group_by(c.ROUTE).agg(nw.col(c.CUSTOMER_CODE).n_unique().alias(c.CUSTOMERS))
    return counted.with_columns(nw.col(c.CUSTOMERS).cast(nw.Int64))
