"""A table of the workbook whose cell asks: on this host a function can see its workbook."""

from __future__ import annotations

from typing import TYPE_CHECKING

import xlwings as xw

from xlcrm.functions.catalog import Grid
from xlcrm.tables.catalog import TABLES

if TYPE_CHECKING:
    from xlwings.main import Table

_SHEETS: dict[tuple[str, str], str] = {}
"""(workbook, table) -> the sheet on which it was found: looking through all sheets asks Excel a hundred times for each cell."""


def table_of_caller(table_id: str) -> Grid:
    """The table with its heads, or no rows where the workbook does not have it.

    Excel does not know that the cell depends on the table, so it calculates it again only when the formula's own arguments change.
    Raises LookupError where Excel does not let the function look: the cell then asks for the table as an argument.
    """
    try:
        return table_of(xw.Book.caller(), table_id)
    except Exception as error:  # Excel is busy, or another process; COM has many words for it
        raise LookupError(table_id) from error


def table_of(book: xw.Book, table_id: str) -> Grid:
    """The table of an open workbook with its heads."""
    wanted = TABLES[table_id].excel_name.casefold()
    key = (book.name, wanted)
    known = _SHEETS.get(key)
    found = _on_sheet(book, known, wanted) if known is not None else None
    if found is None:
        found = next((table for sheet in book.sheets if (table := _on_sheet(book, sheet.name, wanted)) is not None), None)
    if found is None:
        return []
    _SHEETS[key] = found.range.sheet.name
    # Errors as their text, as where the formula names the table: a figure that is #REF! must not pass for a blank.
    rows: Grid = found.range.options(ndim=2, err_to_str=True).value
    return rows


def _on_sheet(book: xw.Book, sheet_name: str, wanted: str) -> Table | None:
    """The table of that name on that sheet; None where the sheet or the table is gone."""
    try:
        return next((table for table in book.sheets[sheet_name].tables if table.name.casefold() == wanted), None)
    except Exception:  # each platform has its own error for a sheet that was renamed
        return None
