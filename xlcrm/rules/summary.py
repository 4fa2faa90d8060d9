"""Route summary: one row a route (grading.md, section 7)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import narwhals as nw

from xlcrm.rules.frames import NOWHERE, Frame, count_where, mapped, null_where, tuples, where_null
from xlcrm.rules.routes import route_places
from xlcrm.settings import Settings
from xlcrm.tables import columns as c

PREVIOUS = "previous_"


def route_counts(changes: Frame) -> Frame:
    """route, batch, customers and one count a state. Customers on no route stand under a null route, so the sum is everyone."""
    ones = changes.with_columns(**{f"is_{state}": count_where(nw.col(c.STATE) == state) for state in c.STATES})
    counted = ones.group_by(c.ROUTE, c.BATCH).agg(
        nw.len().alias(c.CUSTOMERS), *(nw.col(f"is_{state}").sum().alias(state) for state in c.STATES)
    )
    return counted.with_columns(*(nw.col(name).cast(nw.Int64) for name in (c.CUSTOMERS, *c.STATES)))


def route_totals(changes: Frame, now: Frame, before: Frame) -> Frame:
    """route, and quantity, amount, previous_quantity, previous_amount of its customers; nothing recorded counts as 0."""
    on_route = changes.select(c.CUSTOMER_CODE, c.ROUTE)
    joined = on_route.join(now, on=c.CUSTOMER_CODE, how="left").join(before, on=c.CUSTOMER_CODE, how="left")
    names = (c.QUANTITY, c.AMOUNT, c.PREVIOUS_QUANTITY, c.PREVIOUS_AMOUNT)
    zeroed = joined.with_columns(*(where_null(name, 0).cast(nw.Int64) for name in names))
    summed = zeroed.group_by(c.ROUTE).agg(*(nw.col(name).sum().alias(name) for name in names))
    return summed.with_columns(*(nw.col(name).cast(nw.Int64) for name in names))


def share_of_change(now: str, before: str) -> nw.Expr:
    """How much more than before, as a share (0.1 is 10 % more); null where before there was nothing or less."""
    earlier = nw.col(before).cast(nw.Float64)
    change = (nw.col(now).cast(nw.Float64) - earlier) / earlier
    return nw.when(nw.col(before) > 0).then(change)


def average(total: str) -> nw.Expr:
    """The total over the customers of the route, in whole parts (cents, thousandths), rounded half up."""
    count = nw.col(c.CUSTOMERS)
    return ((nw.col(total) * 2 + count) // (count * 2)).cast(nw.Int64)


def route_summary(changes: Frame, now: Frame, before: Frame) -> Frame:
    """route, batch, customers, a count a state, quantity, amount, averages a customer, changes against the compared quarter.

    changes: `changes.grade_changes` with batch. now: customer_code, quantity, amount; before: customer_code, previous_quantity,
    previous_amount. Ordered by route (as text), the customers on no route first.
    """
    named = changes.with_columns(where_null(c.ROUTE, NOWHERE))
    joined = route_counts(named).join(route_totals(named, now, before), on=c.ROUTE, how="left")
    full = joined.with_columns(
        average(c.QUANTITY).alias(c.AVERAGE_QUANTITY), average(c.AMOUNT).alias(c.AVERAGE_AMOUNT),
        share_of_change(c.QUANTITY, c.PREVIOUS_QUANTITY).alias(c.QUANTITY_CHANGE),
        share_of_change(c.AMOUNT, c.PREVIOUS_AMOUNT).alias(c.AMOUNT_CHANGE),
    )  # fmt: skip
    return full.sort(c.ROUTE).select(
        null_where(c.ROUTE, NOWHERE), c.BATCH, c.CUSTOMERS, *c.STATES,
        c.QUANTITY, c.AMOUNT, c.AVERAGE_QUANTITY, c.AVERAGE_AMOUNT, c.QUANTITY_CHANGE, c.AMOUNT_CHANGE,
    )  # fmt: skip


def customers_per_size(summary: nw.DataFrame[Any], lines: nw.DataFrame[Any], settings: Settings) -> nw.Series[Any]:
    """For each route of the summary how many customers hold each size: `1: 12 · 2: 30`. lines: route and size, one row a customer."""
    found: dict[str | None, Counter[str]] = {}
    for route, size in tuples(lines.select(c.ROUTE, c.SIZE)):
        found.setdefault(route, Counter())[size] += 1
    shown = []
    for (route,) in tuples(summary.select(c.ROUTE)):
        counts = found.get(route, Counter())
        shown.append(" · ".join(f"{size}: {counts[size]}" for size in settings.grammar.sizes))
    return nw.new_series(c.TIERS, shown, nw.String(), backend=summary.implementation)


def by_route(frame: nw.DataFrame[Any], positions: Mapping[str, int]) -> nw.DataFrame[Any]:
    """Routes by their place in the cycle; customers on no route last."""
    placed = frame.with_columns(mapped(c.ROUTE, route_places(frame, positions), like=0).alias("_route"))
    return placed.sort("_route", nulls_last=True).drop("_route")
