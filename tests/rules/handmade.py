"""Small typed tables, written by hand, and what the rules make of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import polars as pl

from xlcrm.rules.comparison import Comparison, compare
from xlcrm.settings import Settings
from xlcrm.tables import columns as c
from xlcrm.tables.catalog import TABLES
from xlcrm.tables.schema import ColumnKind as K

NOW, BEFORE = "2017Q2", "2017Q1"
AS_OF = dt.date(2017, 7, 1)
DTYPES = {K.DATE: pl.Date, K.COUNT: pl.Int64, K.QUANTITY: pl.Int64, K.MONEY: pl.Int64, K.SHARE: pl.Float64}

NOTHING: Mapping[str, Any] = MappingProxyType({})
Grades = Mapping[str, str | None]
Bought = Mapping[str, tuple[float | None, float | None]]
"""customer_code -> quantity in units, amount in currency units."""


def table(table_id: str, rows: Iterable[Mapping[str, Any]]) -> pl.DataFrame:
    """A typed frame of that table; what a row does not name is null."""
    schema = {column.id: DTYPES.get(column.kind, pl.String) for column in TABLES[table_id].columns}
    return pl.DataFrame([{name: row.get(name) for name in schema} for row in rows], schema=schema)


def customers(places: Mapping[str, str | None] | Sequence[tuple[str, str | None]]) -> pl.DataFrame:
    """customer_code -> route, in the order of the visits."""
    pairs = places.items() if isinstance(places, Mapping) else places
    return table(
        "customers", [{c.CUSTOMER_CODE: code, c.ROUTE: route, c.VISIT_ORDER: place} for place, (code, route) in enumerate(pairs, 1)]
    )


def grades(*quarters: tuple[str, Grades]) -> pl.DataFrame:
    return table(
        "grades",
        [{c.CUSTOMER_CODE: code, c.QUARTER: quarter, c.GRADE: grade} for quarter, held in quarters for code, grade in held.items()],
    )


def purchases(*quarters: tuple[str, Bought]) -> pl.DataFrame:
    """One row a customer and quarter."""
    return table("purchases", [purchase(code, quarter, *figures) for quarter, bought in quarters for code, figures in bought.items()])


def purchase(code: str, quarter: str, units: float | None, money: float | None, product: str | None = None) -> dict[str, Any]:
    return {
        c.CUSTOMER_CODE: code, c.QUARTER: quarter, c.QUANTITY: None if units is None else round(units * 1000),
        c.AMOUNT: None if money is None else round(money * 100), c.PRODUCT_CODE: product,
    }  # fmt: skip


def routes(*rows: Mapping[str, Any]) -> pl.DataFrame:
    """Without rows: routes 1 to 10, without a batch of their own."""
    return table("routes", rows or [{c.ROUTE: str(number)} for number in range(1, 11)])


def compared(
    now: Grades = NOTHING, before: Grades = NOTHING, bought: Bought = NOTHING, bought_before: Bought = NOTHING, *, on_routes: Any = None,
    routes_table: pl.DataFrame | None = None, purchases_table: pl.DataFrame | None = None, grades_table: pl.DataFrame | None = None,
    follow_ups: Iterable[Mapping[str, Any]] = (), settings: Settings | None = None, current: str = NOW, previous: str = BEFORE,
) -> Comparison:  # fmt: skip
    """Everything that `compare` finds. Without `on_routes` everybody is on route 1."""
    everybody = sorted({*now, *before, *bought, *bought_before})
    return compare(
        customers=customers(dict.fromkeys(everybody, "1") if on_routes is None else on_routes),
        routes=routes() if routes_table is None else routes_table,
        grades=grades((BEFORE, before), (NOW, now)) if grades_table is None else grades_table,
        purchases=purchases((BEFORE, bought_before), (NOW, bought)) if purchases_table is None else purchases_table,
        follow_ups=table("follow_ups", follow_ups), settings=settings or Settings(), current=current, previous=previous, as_of=AS_OF,
    )  # fmt: skip


def by(frame: pl.DataFrame, key: str = c.CUSTOMER_CODE) -> dict[Any, dict[str, Any]]:
    """The rows by that column; a key that stands twice is a failure."""
    rows = {row[key]: row for row in frame.iter_rows(named=True)}
    assert len(rows) == frame.height, frame
    return rows


def codes(problems: Iterable[Any]) -> list[str]:
    return [problem.code for problem in problems]
