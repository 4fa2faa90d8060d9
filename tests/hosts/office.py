"""An .xlsx file as the JSON that the Office.js client of xlwings sends: what a macro on Lite or the server sees of a workbook."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.workbook import Workbook
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.table import Table
from openpyxl.worksheet.worksheet import Worksheet
from python_calamine import CalamineWorkbook

from tests.hosts import openbooks

VERSION = "0.37.8"
"""What the client says of itself; with `client` Office.js the engine does not compare it."""
_VISIBILITY = {"visible": "Visible", "hidden": "Hidden", "veryHidden": "VeryHidden"}

_RANGE = re.compile(r"('(?:[^']|'')+'|[^'!]+)!(\$[A-Z]+\$[0-9]+(?::\$[A-Z]+\$[0-9]+)?)")

Rows = Sequence[Sequence[object]]


def payload(path: Path, include: Collection[str] | None = None, active: str | None = None, selection: str = "A1") -> dict[str, Any]:
    """The workbook as the client sends it; cells that a formula fills hold what the file shows for them.

    include: names of the sheets whose values go along (all, if None). active: the sheet in front. selection: the selected cells of it.
    """
    return payload_of(openbooks.load(path), cell_values(path), path.name, include, active, selection)


def payload_of(
    book: Workbook, values: Mapping[str, Rows], name: str, include: Collection[str] | None = None, active: str | None = None,
    selection: str = "A1",
) -> dict[str, Any]:  # fmt: skip
    """The same from a workbook that is open in openpyxl and the values of its sheets by name."""
    places = {sheet.title: number for number, sheet in enumerate(book.worksheets)}
    front = active if active is not None else str(book.active.title) if book.active is not None else book.worksheets[0].title
    return {
        "client": "Office.js",
        "version": VERSION,
        "book": {"name": name, "active_sheet_index": places[front], "selection": selection, "calculation": "Automatic"},
        "names": [*_names(book, places)],
        "sheets": [
            _sheet(sheet, values.get(sheet.title, ()), left_out=include is not None and sheet.title not in include)
            for sheet in book.worksheets
        ],
    }


def cell_values(path: Path) -> dict[str, Rows]:
    """The values of every sheet as a program last calculated them, from A1 on."""
    book = CalamineWorkbook.from_path(str(path))
    return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}


def sent(value: object) -> object:
    """A cell's value as JSON: blank is the empty text, a day is an ISO text, a whole number has no point."""
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        return value.isoformat(timespec="milliseconds") + "Z"
    if isinstance(value, dt.date):
        return f"{value.isoformat()}T00:00:00.000Z"
    if isinstance(value, dt.time):
        return f"1899-12-30T{value.isoformat()}.000Z"
    if isinstance(value, dt.timedelta):
        return value.total_seconds() / 86_400
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return int(value)
    return value


def _names(book: Workbook, places: Mapping[str, int]) -> list[dict[str, Any]]:
    found = [_name(name, places, None) for name in book.defined_names.values()]
    for sheet in book.worksheets:
        # The print area and titles are no names for Office.js.
        found += [_name(name, places, sheet) for name in sheet.defined_names.values() if not name.name.startswith("_xlnm.")]
    return found


def _name(name: DefinedName, places: Mapping[str, int], scope: Worksheet | None) -> dict[str, Any]:
    found = _RANGE.fullmatch(name.attr_text or "")
    sheet = found[1].strip("'").replace("''", "'") if found else ""
    target = (sheet, found[2]) if found and sheet in places else None
    return {
        "name": name.name,
        "refers_to": "=" + (name.attr_text or ""),
        "type": "Range" if target else "Formula",
        "sheet_index": places[target[0]] if target else None,
        "address": target[1].replace("$", "") if target else None,
        "scope_sheet_name": scope.title if scope is not None else None,
        "scope_sheet_index": places[scope.title] if scope is not None else None,
        "book_scope": scope is None,
    }


def _sheet(sheet: Worksheet, values: Rows, left_out: bool) -> dict[str, Any]:
    rows = [] if left_out else [[sent(value) for value in row] for row in values]
    while rows and all(value == "" for value in rows[-1]):
        rows.pop()
    width = max((place + 1 for row in rows for place, value in enumerate(row) if value != ""), default=0)
    rows = [[*row[:width], *[""] * (width - len(row))] for row in rows]
    printed = str(sheet.print_area).rpartition("!")[2].replace("$", "") if sheet.print_area else None
    return {
        "name": sheet.title,
        "visibility": _VISIBILITY[sheet.sheet_state],
        "show_gridlines": sheet.sheet_view.showGridLines is not False,
        "print_area": printed,
        "notes": [{"address": cell.coordinate} for row in sheet.iter_rows() for cell in row if cell.comment] if not left_out else [],
        "notes_supported": True,
        "used_range_address": f"A1:{get_column_letter(width)}{len(rows)}" if rows else None,
        "used_range_row_count": len(rows),
        "used_range_column_count": width,
        "values": rows or [[]],
        "pictures": [],
        "shapes": [],
        "charts": [],
        "tables": [] if left_out else [_table(table) for table in sheet.tables.values()],
        "pivot_tables": [],
    }


def _table(table: Table) -> dict[str, Any]:
    left, top, right, bottom = range_boundaries(table.ref)
    heads, totals = (table.headerRowCount or 0) > 0, bool(table.totalsRowCount)
    look = table.tableStyleInfo

    def address(first: int, last: int) -> str:
        one, other = f"{get_column_letter(left)}{first}", f"{get_column_letter(right)}{last}"
        return one if one == other else f"{one}:{other}"

    return {
        "name": table.displayName,
        "range_address": address(top, bottom),
        "row_count": bottom - top + 1,
        "column_count": right - left + 1,
        "columns": [column.name for column in table.tableColumns],
        "header_row_range_address": address(top, top) if heads else None,
        "data_body_range_address": address(top + heads, bottom - totals),
        "total_row_range_address": address(bottom, bottom) if totals else None,
        "show_headers": heads,
        "show_totals": totals,
        "table_style": look.name if look else "",
        "show_autofilter": table.autoFilter is not None,
        "show_table_style_first_column": bool(look and look.showFirstColumn),
        "show_table_style_last_column": bool(look and look.showLastColumn),
        "show_table_style_row_stripes": bool(look and look.showRowStripes),
        "show_table_style_column_stripes": bool(look and look.showColumnStripes),
    }
