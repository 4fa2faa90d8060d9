"""The effect of visits as of a day: routes visited lately against routes not yet visited, from the tables of a workbook."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import polars as pl

from xlcrm.settings import Settings
from xlcrm.tables import columns as c
from xlcrm.tables.catalog import TABLES
from xlcrm.tables.check import DTYPES
from xlcrm.tables.choices import visit_names
from xlcrm.texts import Language, text

if TYPE_CHECKING:
    from xlcrm.models.visit_effect import VisitEffect

MEASURES = (c.AMOUNT, c.QUANTITY)


def visit_table(frames: Mapping[str, pl.DataFrame], settings: Settings, as_of: dt.date) -> dict[str, pl.DataFrame]:
    """The table `visit_effect`: a row for the amount and one for the quantity, each with its note; see `models.visit_effect`.

    frames: customers, purchases, follow_ups; a column that the user took away holds nothing. Without customers on a route the table is
    empty: there is nothing to visit.
    """
    from xlcrm.models.visit_effect import PACE_DAYS, outcomes, visit_effect

    spec = TABLES["visit_effect"]
    schema = {name: DTYPES[spec.by_id[name].kind] for name in spec.held_ids}
    customers = _with(frames["customers"], "customers", (c.CUSTOMER_CODE, c.ROUTE)).select(c.CUSTOMER_CODE, c.ROUTE).drop_nulls()
    follow_ups = _with(frames["follow_ups"], "follow_ups", (c.CUSTOMER_CODE, c.DATE, c.KIND))
    if customers.is_empty():
        return {"visit_effect": pl.DataFrame(schema=schema)}
    start, visited = comparable_days(customers, follow_ups, as_of, settings.visit_interval_days)
    # A code that stands twice is on the least of its routes, as on the route sheets.
    routes = dict(customers.sort(c.ROUTE, descending=True).iter_rows())
    dated = _with(frames["purchases"], "purchases", (c.CUSTOMER_CODE, c.DATE, *MEASURES)).drop_nulls(c.DATE)
    looked_at = dated.filter(pl.col(c.DATE).is_between(start - dt.timedelta(days=PACE_DAYS), as_of))
    rows: list[tuple[object, ...]] = []
    for measure in MEASURES:
        found = visit_effect(outcomes(dated, start, as_of, measure), routes, visited)
        row = _row(measure, found, start, as_of, looked_at[measure].count() > 0, settings.language)
        repeated = any(row[-1] == earlier[-1] for earlier in rows)  # what must hold is the same for both, and said once
        rows.append((*row[:-1], None) if repeated else row)
    return {"visit_effect": pl.DataFrame(rows, schema=schema, orient="row")}


def _with(frame: pl.DataFrame, table_id: str, columns: Sequence[str]) -> pl.DataFrame:
    absent = [pl.lit(None, DTYPES[TABLES[table_id].by_id[name].kind]).alias(name) for name in columns if name not in frame.columns]
    return frame.with_columns(absent) if absent else frame


def comparable_days(customers: pl.DataFrame, follow_ups: pl.DataFrame, as_of: dt.date, interval_days: int) -> tuple[dt.date, set[str]]:
    """The first day of the comparison and the routes visited from then on.

    Of all spans up to `as_of` that are no longer than a visit interval the one that parts the routes most evenly into visited and not
    yet visited, the longest of those that do so alike. Only visits decide it, never what was bought. customers: code and route.
    """
    from xlcrm.models.visit_effect import visited_routes

    kinds = visit_names()
    earliest = as_of - dt.timedelta(days=interval_days - 1)
    lately = follow_ups.filter(pl.col(c.DATE).is_between(earliest, as_of) & pl.col(c.KIND).is_in(kinds))
    routes = customers[c.ROUTE].n_unique()
    best, widest = (earliest, visited_routes(customers, lately, earliest, as_of, kinds)), routes
    for day in (earliest + dt.timedelta(days=later) for later in range(interval_days)):
        visited = visited_routes(customers, lately, day, as_of, kinds)
        apart = abs(2 * len(visited) - routes)
        if apart < widest:
            best, widest = (day, visited), apart
    return best


def _row(measure: str, found: VisitEffect, start: dt.date, as_of: dt.date, known: bool, language: Language) -> tuple[object, ...]:
    """One row in the order of the table; shares of 1, where the model says percent."""
    problem = found.problem if known else "no_days"
    said = [text(f"visiteffect.{problem}", language)] if problem else []
    if found.effect is not None and known:
        said.append(text("visiteffect.assumptions", language))
    shares = [None if value is None or not known else value / 100 for value in (found.effect, found.low, found.high)]
    counts = (found.visited_routes, found.other_routes, found.visited_customers, found.other_customers)
    return (measure, start, as_of, *counts, *shares, found.p if known else None, " ".join(said))
