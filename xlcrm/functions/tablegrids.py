"""A table as a formula gives it, heads and rows -> its typed frame, by the check that workbooks and imports go through."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter

import polars as pl

from xlcrm.functions.catalog import Cell, Grid
from xlcrm.functions.cells import is_blank, numbers, texts
from xlcrm.functions.faults import Fault, fault_text
from xlcrm.functions.given import Given
from xlcrm.problems import Problem
from xlcrm.settings import Settings, default_settings
from xlcrm.tables import columns as c
from xlcrm.tables.addresses import column_letters
from xlcrm.tables.catalog import TABLES
from xlcrm.tables.check import DTYPES, TextTable, check
from xlcrm.tables.cleaning import clean_code
from xlcrm.tables.quarters import purchase_quarter
from xlcrm.tables.schema import SCALE, ColumnSpec, TableSpec, header_key
from xlcrm.tables.settings_table import settings_from_rows
from xlcrm.texts import Language

NEEDED: Mapping[str, tuple[str, ...]] = {
    "customers": (c.CUSTOMER_CODE,),
    "grades": (c.CUSTOMER_CODE, c.QUARTER, c.GRADE),
    "purchases": (c.CUSTOMER_CODE,),
    "follow_ups": (c.CUSTOMER_CODE, c.DATE),
    "routes": (c.ROUTE,),
    "grade_rules": (c.BUSINESS_TYPE, c.SIZE),
    "settings": (c.SETTING, c.VALUE),
}
"""Columns without which a table says nothing; any other that is not there counts as all blank."""


@dataclass(frozen=True, slots=True)
class Known:
    """A table that was read. rows: number of each row of `frame` inside the table, the first below the heads is 1.

    left_out: customer code -> the text of the problem that kept one of its rows out; such a customer's figures are not certain.
    problems: all rows that were left out, as texts.
    """

    frame: pl.DataFrame
    rows: pl.Series
    left_out: Mapping[str, str] = field(default_factory=dict)
    problems: Sequence[str] = ()


def read(given: Given, name: str, wanted: Sequence[str], settings: Settings) -> Known:
    """The table that an argument gives, or that the host's workbook holds; only the wanted columns.

    Raises Fault where there is none, a needed column is missing, or two heads mean one column.
    """
    table_id = given.holds(name)
    known = table_of_grid(TABLES[table_id], given.grid(name), wanted, settings)
    if known.problems and c.CUSTOMER_CODE not in TABLES[table_id].by_id:
        # A rule or a route that cannot be read concerns every customer, so no answer would be certain.
        raise Fault("table_row", what=known.problems[0])
    if table_id == "purchases" and c.QUARTER in wanted:
        frame = known.frame.with_columns(pl.coalesce(purchase_quarter(), c.QUARTER).alias(c.QUARTER))
        return Known(frame, known.rows, known.left_out, known.problems)
    return known


def empty(table_id: str, wanted: Sequence[str]) -> pl.DataFrame:
    """A table without rows."""
    spec = TABLES[table_id]
    return pl.DataFrame(schema={name: DTYPES[spec.by_id[name].kind] for name in wanted})


def read_routes(given: Given, named: pl.Series, settings: Settings) -> pl.DataFrame:
    """The Routes table, or where there is none the routes that are named: the number of a route is its place in the cycle."""
    wanted = (c.ROUTE, c.BATCH, c.ACCOUNT_MANAGER, c.POSITION)
    if given.grid_or_none("route_table") is not None:
        return read(given, "route_table", wanted, settings).frame
    routes = named.drop_nulls().unique(maintain_order=True).alias(c.ROUTE).to_frame()
    return pl.concat([empty("routes", wanted), routes], how="diagonal")


def settings_of(given: Given) -> Settings:
    """The settings that stand in the Settings table, in the language of the answer; without that table those of a new workbook."""
    grid = given.grid_or_none("settings")
    if grid is None:
        return default_settings(given.language)
    places = _places(TABLES["settings"], grid[0], (c.SETTING, c.VALUE), given.language)
    if len(places) < 2:
        raise _lacking(TABLES["settings"], next(name for name in (c.SETTING, c.VALUE) if name not in places), given.language)
    columns = [texts([row[places[name]] for row in grid[1:]]).fill_null("").to_list() for name in (c.SETTING, c.VALUE)]
    settings, problems = settings_from_rows(list(zip(*columns, strict=True)), sheet="", language=given.language)
    for problem in problems:
        if problem.code != "setting_unknown":  # a row that the user added for himself stops nothing
            raise Fault("setting", what=problem.message(given.language))
    return settings.model_copy(update={"language": given.language})


def table_of_grid(spec: TableSpec, grid: Grid, wanted: Sequence[str], settings: Settings) -> Known:
    """The wanted columns of a table, typed. grid: heads in the first row, in either language or by an alias."""
    places = _places(spec, grid[0], wanted, settings.language)
    for name in NEEDED[spec.id]:
        if name not in places:
            raise _lacking(spec, name, settings.language)
    rows = grid[1:]
    columns = {name: list(map(itemgetter(place), rows)) for name, place in places.items()}
    figures = {name: cleaned for name, column in columns.items() if (cleaned := _all_numbers(spec.by_id[name], column)) is not None}
    written = pl.DataFrame([texts(column).alias(name) for name, column in columns.items() if name not in figures])
    letters = {name: column_letters(place + 1) for name, place in places.items()}
    checked = check(spec, TextTable(written, "", "", pl.int_range(1, len(rows) + 1, eager=True), letters), settings)
    kept = checked.rows - 1
    typed = [values.gather(kept).alias(name) for name, values in figures.items()]
    blank = [pl.lit(None, dtype=DTYPES[spec.by_id[name].kind]).alias(name) for name in wanted if name not in places]
    left_out, problems = _left_out(spec, checked.left_out, checked.problems, settings.language)
    return Known(checked.frame.with_columns(*typed, *blank), checked.rows, left_out, problems)


def _all_numbers(column: ColumnSpec, column_cells: Sequence[Cell]) -> pl.Series | None:
    """Quantities and money of which every cell is a number, as sheets mostly have them: there is nothing to check."""
    if column.kind not in SCALE or not set(map(type, column_cells)) <= {float, int, type(None)}:
        return None
    cleaned = numbers(column_cells, column.kind)
    return None if cleaned.bad.any() else cleaned.values


def _lacking(spec: TableSpec, name: str, language: Language) -> Fault:
    column = spec.by_id[name].label(language)
    return Fault("table_column", table=spec.label(language), column=column, whole=f"{spec.excel_name}[#All]")


def _places(spec: TableSpec, heads: Sequence[Cell], wanted: Sequence[str], language: Language) -> dict[str, int]:
    """Column id -> its place in the grid."""
    found: dict[str, int] = {}
    for place, head in enumerate(heads):
        column = spec.by_header.get(header_key(str(head))) if not is_blank(head) else None
        if column is None or column.id not in wanted:
            continue
        if column.id in found:
            first, label = str(heads[found[column.id]]), column.label(language)
            raise Fault("table_twice", table=spec.label(language), column=label, first=first, second=str(head))
        found[column.id] = place
    return found


def _left_out(spec: TableSpec, rows: pl.DataFrame, problems: Sequence[Problem], language: Language) -> tuple[dict[str, str], list[str]]:
    """The texts of the rows that were left out, by customer code and in the order of the rows."""
    if not rows.height:
        return {}, []
    first: dict[int, str] = {}
    for problem in problems:
        if problem.row_text:
            row = int(problem.cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
            first.setdefault(row, fault_text("left_out", language, table=spec.label(language), row=row, what=problem.message(language)))
    named = [first[row] for row in sorted(first)]
    if c.CUSTOMER_CODE not in rows.columns:
        return {}, named
    by_code: dict[str, str] = {}
    for code, what in zip(clean_code(rows[c.CUSTOMER_CODE]).values, named, strict=True):
        if code is not None:
            by_code.setdefault(code, what)
    return by_code, named
