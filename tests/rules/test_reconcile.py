"""Reconciliation finds what does not add up: grading.md, section 3."""

from __future__ import annotations

from collections import Counter

import narwhals as nw
import polars as pl

from tests.rules.handmade import by, customers
from xlcrm.rules.reconcile import listed_customers, reconciliation
from xlcrm.tables import columns as c


def summary(**counts: int) -> nw.DataFrame[pl.DataFrame]:
    rows = [{c.ROUTE: route, c.BATCH: "mon", **dict.fromkeys(c.STATES, 0), c.KEPT: kept} for route, kept in counts.items()]
    return nw.from_native(pl.DataFrame(rows), eager_only=True)


def test_a_route_with_more_or_fewer_states_than_customers_does_not_add_up() -> None:
    rows = by(reconciliation(summary(a=2, b=3), Counter({"a": 2, "b": 2})).to_native(), c.ROUTE)
    assert (rows["a"]["ok"], rows["b"]["ok"]) == (True, False)


def test_a_route_that_only_one_of_the_two_knows_does_not_add_up() -> None:
    rows = by(reconciliation(summary(a=1, b=2), Counter({"a": 1, None: 4})).to_native(), c.ROUTE)
    assert {route: (row[c.CUSTOMERS], row["sum"], row["ok"]) for route, row in rows.items()} == {
        None: (4, 0, False), "a": (1, 1, True), "b": (0, 2, False),
    }  # fmt: skip


def test_customers_are_listed_once_on_the_first_of_their_routes() -> None:
    listed = customers([("1", "3"), ("1", "2"), ("2", None), ("2", "5"), ("3", "5"), ("3", None), ("4", None), (None, "6")])  # type: ignore[list-item]  # a blank code
    assert listed_customers(nw.from_native(listed, eager_only=True), ["4", "9"]) == {"2": 1, "5": 2, None: 2}
