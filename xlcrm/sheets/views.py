"""From a comparison of two quarters to what stands on the printed sheets and in the result tables.

Each view is defined once here and painted twice: as a sheet of the workbook and as pages of the PDF.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING

import polars as pl

from xlcrm.problems import CannotDo, Problem
from xlcrm.settings import Settings
from xlcrm.sheets import pagewords as words
from xlcrm.sheets import places
from xlcrm.sheets.changerows import ChangeRows, ordered_changes
from xlcrm.sheets.charts import chart_tables
from xlcrm.sheets.minimumspage import left_out, minimums_page
from xlcrm.sheets.pages import Page
from xlcrm.sheets.routesheet import route_pages, routes_of
from xlcrm.sheets.statisticspage import statistics_pages
from xlcrm.tables import columns as c
from xlcrm.tables.catalog import TABLES
from xlcrm.texts import text

if TYPE_CHECKING:
    from xlcrm.rules.comparison import Comparison

NO_NAMES: Mapping[str, str] = {}


def pages(comparison: Comparison, settings: Settings, *, printed_on: dt.date, type_names: Mapping[str, str] = NO_NAMES) -> list[Page]:
    """All printed pages: one a route in the order of the routes, the change statistics, the minimums.

    type_names: what the letters of a grade stand for (`CS` -> `Convenience`); a type without a name shows its letters.
    """
    current, previous = comparison.current, comparison.previous
    taken = {places.sheet_name(sheet_id, settings.language).casefold() for sheet_id in places.SHEET_IDS} | {places.STYLES_SHEET.casefold()}
    reconciled = {row[c.ROUTE]: bool(row["ok"]) for row in comparison.reconciliation.iter_rows(named=True)}
    lines = comparison.visit_lines
    sheet_names = {route: words.sheet_name_of(words.route_title(route, settings.language), taken) for route in routes_of(lines)}
    found = route_pages(lines, settings, current, previous, printed_on, sheet_names, reconciled)
    names = names_of(comparison)
    rows = ChangeRows(ordered_changes(comparison.changes, comparison.statistics, settings), names, settings.language)
    spare_name = words.sheet_name_of(text("print.reconciliation_sheet", settings.language), taken)
    found += statistics_pages(
        comparison.statistics, comparison.reconciliation, rows, type_names, settings, current, previous, printed_on, spare_name
    )
    outside = left_out(comparison.visit_lines)
    found.append(minimums_page(comparison.minimums, names, type_names, outside, settings, current, previous, printed_on))
    return found


def names_of(comparison: Comparison) -> dict[str, str]:
    """Customer code -> name."""
    pairs = comparison.visit_lines.select(c.CUSTOMER_CODE, c.CUSTOMER_NAME).iter_rows()
    return {str(code): str(name) for code, name in pairs if name is not None}


def refuse_unreconciled(comparison: Comparison, settings: Settings) -> None:
    """Raises CannotDo naming the first route whose states do not add up to its customers, and by how much."""
    for row in comparison.reconciliation.iter_rows(named=True):
        if row["ok"]:
            continue
        route = row[c.ROUTE]
        label = str(route) if route is not None else text("print.recon_no_route", settings.language)
        counted = sum(int(row[state] or 0) for state in c.STATES)
        customers = int(row[c.CUSTOMERS])
        details = {"customers": customers, "sum": counted, "difference": counted - customers}
        raise CannotDo(Problem("not_reconciled", value=label, details=details))


def result_tables(comparison: Comparison, settings: Settings, type_names: Mapping[str, str] = NO_NAMES) -> dict[str, pl.DataFrame]:
    """The result tables that stand as tables in the workbook, those behind the charts too; rows in their order there."""
    frames = {
        "grade_changes": ordered_changes(comparison.changes, comparison.statistics, settings),
        "gaps": comparison.gaps,
        "route_summary": comparison.route_summary,
    }
    tables = {}
    for table_id, frame in frames.items():
        tables[table_id] = frame.select([name for name in TABLES[table_id].column_ids if name in frame.columns])
    return {**tables, **chart_tables(comparison, settings, type_names)}
