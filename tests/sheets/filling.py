"""Fills a template's tables through openpyxl, as a person would by typing: for tests of formulas and looks."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence

from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.workbook import Workbook

from xlcrm.tables.catalog import TABLES
from xlcrm.texts import Language


def fill_table(book: Workbook, table_id: str, rows: Sequence[Mapping[str, object]], language: Language) -> None:
    """Writes rows (column id -> value as a person sees it) over a table's first row and on; formulas are repeated."""
    spec = TABLES[table_id]
    sheet = next(sheet for sheet in book.worksheets if spec.excel_name in sheet.tables)
    table = sheet.tables[spec.excel_name]
    left, top, right, _ = range_boundaries(table.ref)
    first = [sheet.cell(top + 1, column) for column in range(left, right + 1)]
    formulas = [cell.value if isinstance(cell.value, str) and cell.value.startswith("=") else None for cell in first]
    for number, row in enumerate(rows, start=top + 1):
        for offset, column in enumerate(spec.columns):
            cell = sheet.cell(number, left + offset)
            cell._style = copy.copy(first[offset]._style)
            cell.value = formulas[offset] or row.get(column.id)
    table.ref = f"{get_column_letter(left)}{top}:{get_column_letter(right)}{top + max(len(rows), 1)}"
    assert table.autoFilter is not None
    table.autoFilter.ref = table.ref


def headers(book: Workbook, table_id: str, language: Language) -> list[str]:
    """The heads as they stand in the cells."""
    spec = TABLES[table_id]
    sheet = next(sheet for sheet in book.worksheets if spec.excel_name in sheet.tables)
    left, top, right, _ = range_boundaries(sheet.tables[spec.excel_name].ref)
    return [str(sheet.cell(top, column).value) for column in range(left, right + 1)]
