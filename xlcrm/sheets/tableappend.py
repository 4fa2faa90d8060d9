"""Rows put below an Excel table of a closed workbook: where nothing is in their way, what stands above is not written anew."""

from __future__ import annotations

import re

import polars as pl

from xlcrm.sheets.cellwriter import CellColumn, rows_xml
from xlcrm.sheets.parts import Workbook
from xlcrm.sheets.sheetxml import SheetXml
from xlcrm.sheets.tableparts import Table
from xlcrm.sheets.tablerows import typed
from xlcrm.sheets.tablewriter import columns_by_id, formula_xml
from xlcrm.sheets.tailedits import grow_names, grow_ranges
from xlcrm.sheets.xmlbits import MAX_ROWS, Area, attributes, column_number
from xlcrm.tables.schema import TableSpec
from xlcrm.texts import Language

_CELL = re.compile(r'<c r="([A-Z]+)\d+"([^>]*?)(?:/>|>(.*?)</c>)', re.DOTALL)
_OWN_TO_A_ROW = re.compile(r'\s(?:r|spans|hidden|collapsed)="[^"]*"')


def append_rows(workbook: Workbook, table: Table, spec: TableSpec, frame: pl.DataFrame, language: Language) -> bool:
    """Puts the rows below the table, looking like its last one; the table, its formats and names grow over them.

    False, with nothing changed, where that is not as simple: the table is empty or ends in a blank row, it has a row of totals,
    something stands below it, or it lacks a column of the frame.
    """
    package, body = workbook.package, table.body
    named = columns_by_id(table, spec)
    filled = [name for name in frame.columns if frame[name].null_count() < frame.height]
    if table.totals_rows or body.bottom + frame.height > MAX_ROWS or not named.keys() >= set(filled):
        return False
    sheet = SheetXml.parse(package.read(table.sheet.part), table.sheet.part, package.file)
    index = sheet.index()
    if not index.numbers or index.numbers[-1] != body.bottom:
        return False
    last = next(index.between(body.bottom, body.bottom).texts())
    cells = {column_number(letters): (attrs, inner) for letters, attrs, inner in _CELL.findall(last)}
    if not any(inner and "<f" not in inner for number, (_, inner) in cells.items() if body.left <= number <= body.right):
        return False
    numbers = pl.int_range(body.bottom + 1, body.bottom + frame.height + 1, eager=True)
    names = {number: name for name, number in named.items() if name in frame.columns}
    columns = []
    for number, column in enumerate(table.columns, start=body.left):
        style = attributes(f"<c{cells[number][0]}>").get("s", "") if number in cells else ""
        values, scale = typed(frame[names[number]], spec.by_id.get(names[number]), language) if number in names else (None, 1)
        columns.append(CellColumn(number, values, f' s="{style}"' if style else "", None, formula_xml(column, number), scale))
    tag = re.match(r"<row\b([^>]*?)\s*/?>", last)
    rows = rows_xml(numbers, _OWN_TO_A_ROW.sub("", tag[1]) if tag else "", columns, workbook.date1904)
    before = index.before(body.bottom + 1)
    table.resize(body.height + frame.height)
    grow_ranges(sheet, body, table.body)
    grow_names(workbook, table.sheet, body, table.body)
    area = sheet.area()
    if area is not None:
        sheet.set_area(Area(area.left, area.top, max(area.right, table.area.right), max(area.bottom, table.area.bottom)))
    package.replace(table.sheet.part, [sheet.head.encode(), before, *rows, sheet.tail.encode()])
    package.replace(table.part, table.xml.encode())
    workbook.drop_calculation_chain()
    workbook.recalculate_on_load()
    return True
