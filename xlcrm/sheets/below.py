"""What stands below a table that grows: it moves down, as in Excel, or the write is refused where that could break something."""

from __future__ import annotations

import re

from xlcrm.problems import CannotDo, Problem
from xlcrm.sheets.parts import Workbook
from xlcrm.sheets.sheetxml import SheetXml, moved_down
from xlcrm.sheets.tableparts import Table
from xlcrm.sheets.xmlbits import MAX_ROWS, Area, column_number

_FILLED = re.compile(rb'<c r="([A-Z]+)([0-9]+)"[^>/]*>')
_FORMULA = re.compile(rb"<f\b[^>]*>([^<]+)</f>")


def shift_below(workbook: Workbook, sheet: SheetXml, table: Table, others: list[Table], height: int) -> tuple[SheetXml, int]:
    """Makes room for a table of that many rows. Returns the sheet, and by how many rows what stands below was moved.

    Rows below move when the table would run into something in its own columns; a row of totals always stays right below the table.
    Raises CannotDo when another table, or a formula anywhere, depends on the place of what would have to move.
    """
    body = table.body
    by = height - body.height
    if by == 0 or (not table.totals_rows and (by < 0 or not _would_hit(sheet, table, body.bottom + by))):
        return sheet, 0
    file, part = workbook.package.file, table.sheet.name
    details = {"table": table.name, "rows": by}
    if any(other.area.bottom > body.bottom for other in others):
        raise CannotDo(Problem("no_room_below_table", file=file, sheet=part, details=details))
    if _is_referred_to(workbook, sheet, table):
        raise CannotDo(Problem("no_room_below_table", file=file, sheet=part, details=details))
    index = sheet.index()
    below = index.after(body.bottom)
    if index.numbers and index.numbers[-1] + by > MAX_ROWS:
        raise CannotDo(Problem("no_room_below_table", file=file, sheet=part, details=details))
    sheet.rows = index.before(body.bottom + min(by, 0) + 1) + moved_down(below, by)

    def moved(area: Area) -> Area | None:
        return Area(area.left, area.top + by, area.right, area.bottom + by) if area.top > body.bottom else area

    sheet.move_ranges(moved)
    sheet.move_references(moved)
    return sheet, by


def _would_hit(sheet: SheetXml, table: Table, new_bottom: int) -> bool:
    """Whether something stands in the table's columns down to its new last row, or right below that."""
    index = sheet.index().between(table.body.bottom + 1, new_bottom + 1)
    if not index.numbers:
        return False
    for match in _FILLED.finditer(index.data, index.starts[0], index.place(len(index.numbers))):
        if table.area.left <= column_number(match[1].decode()) <= table.area.right:
            return True
    return False


def _is_referred_to(workbook: Workbook, sheet: SheetXml, table: Table) -> bool:
    """Whether a formula or a name points at rows below the table by their address."""
    quoted = table.sheet.name.replace("'", "''")
    mark = re.compile(
        rf"(?:'{re.escape(quoted)}'|\b{re.escape(table.sheet.name)})!\$?[A-Z]{{0,3}}\$?([0-9]*)(?::\$?[A-Z]{{0,3}}\$?([0-9]*))?",
        re.IGNORECASE,
    )
    bottom = table.body.bottom

    def below(text: str) -> bool:
        return any(max((int(number) for number in match.groups() if number), default=0) > bottom for match in mark.finditer(text))

    if any(below(name.refers_to) for name in workbook.names):
        return True
    for other in workbook.sheets:
        if other is table.sheet or not other.part or not workbook.package.has(other.part):
            continue
        data = workbook.package.read(other.part)
        if table.sheet.name.encode() in data and any(below(found.decode()) for found in _FORMULA.findall(data)):
            return True
    own = re.compile(r"(?<![A-Za-z0-9_.!\[])\$?[A-Z]{1,3}\$?([0-9]+)(?![A-Za-z0-9_(\]])")
    return any(any(int(match[1]) > bottom for match in own.finditer(found.decode())) for found in _FORMULA.findall(sheet.rows))
