"""A workbook file into the Excel in memory of `fake_excel/`, and what stands in that afterwards back into a file."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.table import Table, TableColumn

from tests.hosts import openbooks
from tests.hosts.office import cell_values

SCRIPTS = sorted(Path(__file__).with_name("fake_excel").glob("*.js"))
_EPOCH = dt.datetime(1899, 12, 30)
_VISIBILITY = {"visible": "Visible", "hidden": "Hidden", "veryHidden": "VeryHidden"}


def script() -> str:
    """What a browser runs instead of office.js."""
    return "\n".join(part.read_text(encoding="utf-8") for part in SCRIPTS)


def opened(path: Path) -> dict[str, Any]:
    """The file as `fakeExcel.open` takes it: each cell with its value, its formula and its number format."""
    workbook, values = openbooks.load(path), cell_values(path)
    return {
        "name": path.name,
        "front": workbook.active.title if workbook.active is not None else workbook.sheetnames[0],
        "names": _names(workbook),
        "sheets": [
            {
                "name": sheet.title,
                "visibility": _VISIBILITY[sheet.sheet_state],
                "showGridlines": sheet.sheet_view.showGridLines is not False,
                "printArea": str(sheet.print_area).rpartition("!")[2].replace("$", "") if sheet.print_area else None,
                "names": _names(sheet),
                "cells": _cells(sheet, values[sheet.title]),
                "tables": [
                    {
                        "name": table.displayName,
                        "ref": table.ref,
                        "style": table.tableStyleInfo.name if table.tableStyleInfo else "",
                        "filter": table.autoFilter is not None,
                        "stripes": bool(table.tableStyleInfo and table.tableStyleInfo.showRowStripes),
                        "totals": bool(table.totalsRowCount),
                    }
                    for table in sheet.tables.values()
                ],
            }
            for sheet in workbook.worksheets
        ],
    }


def _names(owner: Any) -> list[dict[str, str]]:
    return [
        {"name": name, "formula": f"={entry.attr_text}"} for name, entry in owner.defined_names.items() if not name.startswith("_xlnm.")
    ]


def _cells(sheet: Any, values: Any) -> list[list[object]]:
    cells = []
    for row in sheet.iter_rows():
        for cell in row:
            formula = cell.value if cell.data_type == "f" else None
            # What a program last calculated for a formula; a value else.
            value = cell.value if formula is None else _at(values, cell.row, cell.column)
            if value is None and formula is None and cell.number_format == "General":
                continue
            cells.append([cell.row - 1, cell.column - 1, _number(value), formula if formula is None else str(formula), cell.number_format])
    return cells


def _at(values: Any, row: int, column: int) -> object:
    return values[row - 1][column - 1] if row <= len(values) and column <= len(values[row - 1]) else None


def _number(value: object) -> object:
    """As Excel holds it: a day is a number, a blank the empty text."""
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        return (value - _EPOCH).total_seconds() / 86_400
    if isinstance(value, dt.date):
        return (value - _EPOCH.date()).days
    if isinstance(value, dt.time):
        return (value.hour * 3600 + value.minute * 60 + value.second) / 86_400
    return value


def saved(original: Path, state: dict[str, Any], target: Path) -> Path:
    """The original file with the cells, tables, sheets and names of `fakeExcel.saved()`."""
    workbook = openbooks.load(original)
    order = [sheet["name"] for sheet in state["sheets"]]
    for gone in set(workbook.sheetnames) - set(order):
        del workbook[gone]
    for name in order:
        if name not in workbook.sheetnames:
            workbook.create_sheet(name)
    workbook._sheets.sort(key=lambda sheet: order.index(sheet.title))
    workbook.active = order.index(state["front"])
    _name(workbook, state["names"])
    for held in state["sheets"]:
        sheet = workbook[held["name"]]
        sheet.sheet_state = {shown: state for state, shown in _VISIBILITY.items()}[held["visibility"]]
        _name(sheet, held["names"])
        for area in list(sheet.merged_cells.ranges):
            sheet.unmerge_cells(area.coord)
        for row in sheet.iter_rows():
            for cell in row:
                cell.value = cell.hyperlink = None  # a link would stand in a blank cell as its value
        for row, column, value, formula, look in held["cells"]:
            cell = sheet.cell(row + 1, column + 1)
            cell.number_format = look
            if formula is not None:
                cell.value = formula
            elif isinstance(value, str) and value:
                cell.value, cell.data_type = value, "s"
            elif value != "":
                cell.value = value
        for column in held["hidden"]:
            sheet.column_dimensions[get_column_letter(column + 1)].hidden = True
        for table in held["tables"]:
            _table(sheet, table["name"], table["ref"])
    workbook.save(target)
    return target


def _name(owner: Any, names: list[dict[str, str]]) -> None:
    for name in [name for name in owner.defined_names if not name.startswith("_xlnm.")]:
        del owner.defined_names[name]
    for entry in names:
        owner.defined_names[entry["name"]] = DefinedName(entry["name"], attr_text=entry["formula"].removeprefix("="))


def _table(sheet: Any, name: str, ref: str) -> None:
    left, top, right, _ = range_boundaries(ref)
    if name not in sheet.tables:
        sheet.add_table(Table(displayName=name, ref=ref))
        return
    table = sheet.tables[name]
    table.ref = ref
    if table.autoFilter is not None:
        table.autoFilter.ref = ref
    for column in range(left + len(table.tableColumns), right + 1):
        table.tableColumns.append(TableColumn(id=column - left + 1, name=str(sheet.cell(top, column).value)))
