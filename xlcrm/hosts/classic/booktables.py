"""A table of the workbook whose cell asks: on this host a function can see its workbook."""

from __future__ import annotations

import xlwings as xw

from xlcrm.functions.catalog import Grid
from xlcrm.tables.catalog import TABLES


def table_of_caller(table_id: str) -> Grid:
    """The table with its heads, or no rows where the workbook does not have it.

    Excel does not know that the cell depends on the table, so it calculates it again only when the formula's own arguments change.
    """
    return table_of(xw.Book.caller(), table_id)


def table_of(book: xw.Book, table_id: str) -> Grid:
    """The table of an open workbook with its heads."""
    wanted = TABLES[table_id].excel_name.casefold()
    for sheet in book.sheets:
        for table in sheet.tables:
            if table.name.casefold() == wanted:
                rows: Grid = table.range.options(ndim=2).value
                return rows
    return []
