"""An open workbook as a macro sees it through xlwings: sheets, tables and names of the snapshot, and the few ways to write to it.

On Lite and the server a workbook is read once, before the macro runs; what is written is queued and done after it. So everything
here is read from the snapshot, and rows and columns are the snapshot's, whatever was written since.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from xlcrm.sheets.livevalues import LiveValue, set_value
from xlcrm.sheets.xmlbits import Area

if TYPE_CHECKING:
    import xlwings

Row = Sequence[object]
PX_TO_POINTS = 0.75


@dataclass(frozen=True, slots=True)
class LiveTable:
    """One Excel table: the sheet it stands on, its range with heads and totals, its heads."""

    name: str
    sheet: str
    area: Area
    headers: tuple[str, ...]
    has_totals: bool

    @property
    def body(self) -> Area:
        """The data rows."""
        return Area(self.area.left, self.area.top + 1, self.area.right, self.area.bottom - self.has_totals)


class LiveBook:
    """The open workbook."""

    def __init__(self, book: xlwings.Book) -> None:
        self.book = book
        self.remote = book.app.engine.type == "remote"
        self._sheets: dict[str, xlwings.Sheet] = {}
        self.written: dict[tuple[str, int, int], LiveValue] | None = None
        """Sheet, row and column of each cell that was written -> its value, from when somebody asks for it by setting a dict here."""

    @property
    def name(self) -> str:
        """The workbook's name."""
        return str(self.book.name)

    @cached_property
    def sheet_names(self) -> list[str]:
        """All sheets from left to right, hidden ones too."""
        return [sheet.name for sheet in self.book.sheets]

    @cached_property
    def tables(self) -> dict[str, LiveTable]:
        """Every table by its name in lower case, wherever it stands."""
        found = {}
        for sheet in self.book.sheets:
            for table in sheet.tables:
                area = _area_of(table.range) if table.range is not None else None
                if area is None or table.header_row_range is None:
                    continue
                heads = self.rows(sheet.name, Area(area.left, area.top, area.right, area.top))[0]
                headers = tuple("" if head is None else str(head) for head in heads)
                found[table.name.casefold()] = LiveTable(table.name, sheet.name, area, headers, bool(table.show_totals))
        return found

    @cached_property
    def names(self) -> dict[str, tuple[str, Area]]:
        """Defined names of the whole workbook that point to a range, with its sheet."""
        found = {}
        for name in self.book.names:
            place = re.fullmatch(r"=?('(?:[^']|'')+'|[^'!]+)!([$A-Z0-9:]+)", name.refers_to or "")
            area = Area.parse(place[2]) if place else None
            if place is not None and area is not None and "!" not in name.name:
                found[name.name] = (_unquoted(place[1]), area)
        return {name: place for name, place in found.items() if place[0] in self.sheet_names}

    def place(self, name: str) -> tuple[str, Area] | None:
        """Where a defined name points to; None where there is no such name, or it is no range."""
        return self._places.get(name.casefold())

    @cached_property
    def _places(self) -> dict[str, tuple[str, Area]]:
        return {name.casefold(): place for name, place in self.names.items()}

    # -- reading

    def rows(self, sheet: str, area: Area) -> list[Row]:
        """The values of a range, row by row; whatever lies outside the used cells is blank."""
        if self.remote:
            return [_cut(row, area) for row in self._raw(sheet, area.top, area.bottom)]
        cells = self.sheet(sheet).range((area.top, area.left), (area.bottom, area.right))
        # Errors as their text, as a workbook's file and the other hosts have them.
        values: list[Row] = cells.options(ndim=2, err_to_str=True).value
        return values

    def _raw(self, sheet: str, top: int, bottom: int) -> list[Row]:
        # The engine's own reading copies and hashes the whole sheet for every range; the snapshot's rows are there already.
        values = self._values.get(sheet, [])  # nothing stands on a sheet that was added just now
        rows = values[top - 1 : bottom]
        return rows + [()] * (bottom - top + 1 - len(rows))

    @cached_property
    def _values(self) -> Mapping[str, list[Row]]:
        api: Mapping[str, Any] = self.book.impl.api
        return {sheet["name"]: sheet["values"] for sheet in api["sheets"]}

    def columns(self, sheet: str, area: Area, wanted: Sequence[int]) -> dict[int, list[object]]:
        """Some columns of a range by their number on the sheet."""
        if not self.remote:
            rows = self.rows(sheet, area)
            return {number: [row[number - area.left] for row in rows] for number in wanted}
        rows = self._raw(sheet, area.top, area.bottom)
        width = min(map(len, rows), default=0)
        return {
            number: [row[number - 1] for row in rows]
            if number <= width
            else [row[number - 1] if number <= len(row) else None for row in rows]
            for number in wanted
        }

    def used(self, sheet: str) -> Area:
        """The used cells of a sheet, from A1 on; one cell on an empty sheet."""
        if self.remote:
            values = self._values[sheet]
            return Area(1, 1, max(max(map(len, values), default=0), 1), max(len(values), 1))
        last = self.sheet(sheet).used_range.last_cell
        return Area(1, 1, last.column, last.row)

    # -- writing

    def sheet(self, name: str) -> xlwings.Sheet:
        """A sheet by name."""
        if name not in self._sheets:
            self._sheets[name] = self.book.sheets[name]
        return self._sheets[name]

    def sheets_changed(self) -> None:
        """Says that sheets came, went or were renamed: xlwings knows a sheet by its place, so all are found anew."""
        self._sheets.clear()

    def range(self, sheet: str, area: Area) -> xlwings.Range:
        """A range to write to."""
        return self.sheet(sheet).range((area.top, area.left), (area.bottom, area.right))

    def write(self, sheet: str, top: int, left: int, rows: Sequence[Sequence[LiveValue]]) -> None:
        """Sets the values of a block of cells. Text stays text."""
        if not rows or not rows[0]:
            return
        if self.written is not None:
            self.written |= {(sheet, top + down, left + right): value for down, row in enumerate(rows) for right, value in enumerate(row)}
        values = [[set_value(value) for value in row] for row in rows]
        cells = self.range(sheet, Area(left, top, left + len(rows[0]) - 1, top + len(rows) - 1))
        if self.remote:
            cells.raw_value = values
        else:
            cells.value = values

    def copy_formats(self, source: tuple[str, Area], sheet: str, area: Area) -> None:
        """Gives a range the formats of another one, repeated where it is larger."""
        cells, pattern = self.range(sheet, area), self.range(*source)
        if self.remote:
            cells.copy_from(pattern, copy_type="formats")
        else:
            pattern.copy()
            cells.paste("formats")


def _cut(row: Row, area: Area) -> Row:
    cells = row[area.left - 1 : area.right]
    missing = area.right - area.left + 1 - len(cells)
    return [*cells, *[None] * missing] if missing else cells


def _area_of(cells: xlwings.Range) -> Area:
    height, width = cells.shape
    return Area(cells.column, cells.row, cells.column + width - 1, cells.row + height - 1)


def _unquoted(name: str) -> str:
    return name[1:-1].replace("''", "'") if name.startswith("'") else name
