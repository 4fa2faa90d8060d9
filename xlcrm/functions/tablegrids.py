"""A table as a formula gives it, heads and rows -> its typed frame, by the check that workbooks and imports go through."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from operator import itemgetter

import polars as pl

from xlcrm.functions import tidy
from xlcrm.functions.catalog import Cell, Grid
from xlcrm.functions.cells import is_blank, texts
from xlcrm.functions.faults import Fault, fault_text
from xlcrm.functions.given import Given
from xlcrm.problems import Problem
from xlcrm.settings import Settings, default_settings
from xlcrm.tables import columns as c
from xlcrm.tables.addresses import column_letters
from xlcrm.tables.catalog import TABLES
from xlcrm.tables.check import DTYPES, Checked, TextTable, check
from xlcrm.tables.cleaning import clean_code
from xlcrm.tables.quarters import purchase_quarter
from xlcrm.tables.schema import TableSpec, header_key
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
_LETTERS_OF_QUARTER = len("2017Q1")
"""A period is a quarter or a month, which has one more (`2017-01`)."""
_FIGURES = "figures"
"""Stands among the texts of a table for its figures, which need no check."""
_WASTE = 4
"""A table of up to that many times the columns that are wanted is taken apart whole."""


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
        return Known(_with_quarters(known.frame), known.rows, known.left_out, known.problems)
    return known


def _with_quarters(purchases: pl.DataFrame) -> pl.DataFrame:
    """The quarter of each purchase, by its date or period, else as it was given."""
    periods = purchases[c.PERIOD]
    if purchases[c.DATE].null_count() == purchases.height and periods.str.len_bytes().max() == _LETTERS_OF_QUARTER:
        quarters = periods if not periods.null_count() else pl.select(pl.coalesce(periods, purchases[c.QUARTER])).to_series()
        return purchases.with_columns(quarters.alias(c.QUARTER))
    return purchases.with_columns(pl.coalesce(purchase_quarter(), c.QUARTER).alias(c.QUARTER))


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
    rows = _until_blank(grid[1:])
    columns = _columns(rows, places, len(grid[0]))
    blank = [_blank(spec, name, len(rows)) for name in wanted if name not in places]
    sure = {name: values for name, column in columns.items() if (values := tidy.values_of(spec.by_id[name], column, settings)) is not None}
    if len(sure) == len(columns) and _complete(spec, sure):
        frame = pl.DataFrame([*(values.alias(name) for name, values in sure.items()), *blank])
        return Known(frame, pl.int_range(1, len(rows) + 1, eager=True))
    checked = _checked(spec, columns, sure, places, settings)
    kept = checked.rows - 1
    figures = [values.gather(kept).alias(name) for name, values in sure.items() if values.dtype != pl.String]
    left_out, problems = _left_out(spec, checked.left_out, checked.problems, settings.language)
    frame = checked.frame.drop(_FIGURES).with_columns(*figures, *(values.head(len(kept)) for values in blank))
    return Known(frame, checked.rows, left_out, problems)


def _checked(
    spec: TableSpec, columns: Mapping[str, Sequence[Cell]], sure: Mapping[str, pl.Series], places: Mapping[str, int], settings: Settings
) -> Checked:
    """The columns of text by the check of imports, those that are sure as their own text; of the figures only whether a row has one."""
    figures = [values.is_not_null().alias(name) for name, values in sure.items() if values.dtype != pl.String]
    written = pl.DataFrame([
        *((sure[name] if name in sure else texts(cells)).alias(name) for name, cells in columns.items()
          if name not in sure or sure[name].dtype == pl.String),
        pl.DataFrame(figures).select(pl.when(pl.any_horizontal(pl.all())).then(pl.lit("1")).alias(_FIGURES)).to_series()
        if figures else pl.Series(_FIGURES, [None], dtype=pl.String).new_from_index(0, len(next(iter(columns.values())))),
    ])  # fmt: skip
    letters = {name: column_letters(place + 1) for name, place in places.items()}
    return check(spec, TextTable(written, "", "", pl.int_range(1, written.height + 1, eager=True), letters), settings)


def _until_blank(rows: Grid) -> Grid:
    """The rows without the blank ones below the last that is not."""
    end = len(rows)
    while end and all(cell is None or cell == "" for cell in rows[end - 1]):
        end -= 1
    return rows if end == len(rows) else rows[:end]


def _columns(rows: Grid, places: Mapping[str, int], width: int) -> dict[str, list[Cell]]:
    """The cells of each column. width: cells of a row."""
    if len(places) * _WASTE >= width and set(map(len, rows)) == {width}:
        # Row by row, as the cells lie in memory, and then every so many of them.
        cells = list(chain.from_iterable(rows))
        return {name: cells[place::width] for name, place in places.items()}
    return {name: list(map(itemgetter(place), rows)) for name, place in places.items()}


def _blank(spec: TableSpec, name: str, count: int) -> pl.Series:
    return pl.Series(name, [None], dtype=DTYPES[spec.by_id[name].kind]).new_from_index(0, count)


def _complete(spec: TableSpec, sure: Mapping[str, pl.Series]) -> bool:
    """Whether no row is blank and none lacks what it must have."""
    gaps = {name: values.null_count() for name, values in sure.items()}
    return 0 in gaps.values() and not any(count for name, count in gaps.items() if spec.by_id[name].required)


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
