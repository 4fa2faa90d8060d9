"""LibreOffice as the client of the server: sends the open workbook, does what comes back, shows the result.

Runs under the Python that has LibreOffice's bridge (`python3-uno`), hence with nothing but the standard library:
`libreoffice_client.py SOFFICE JOBS.json` does one job after another, each with `workbook`, `script` (its address on the server), `front`
and `selection`, and writes beside the workbook `state.json` (what `fakeExcel.saved()` gives, see fake_books.py), `said.json`, `errors.json`
(cells of any sheet that show an error) and `shown.pdf`: all pages if the job says `print_all`, else those of the sheets that were touched
and of those that the job names in `print`.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections import defaultdict
from pathlib import Path
from typing import Any

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.lang import Locale
from com.sun.star.sheet.CellDeleteMode import UP
from com.sun.star.sheet.CellInsertMode import DOWN
from com.sun.star.table import BorderLine2, CellAddress, TableSortField

DOT = "_dot_"
"""What stands for a dot in a name that is added here: the program keeps such names of a file, and its bridge refuses to make one."""
EPOCH = dt.datetime(1899, 12, 30)
DAY = re.compile(r"\d{4}-\d\d-\d\d(?: \d\d:\d\d:\d\d)?")
NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
AREA = re.compile(r"\$(?:'((?:[^']|'')+)'|([^'.]+))\.(\$[A-Z]+\$[0-9]+(?::\$[A-Z]+\$[0-9]+)?)")
DATE_FORMAT, TEXT_FORMAT, DAYS, FORMULA_CELLS, ERRORS, EVERYTHING = 2, 256, 2, 16, 4, 1023
NOT_AVAILABLE = "#N/A"
VALUE_FLAGS = 1 | 2 | 4 | 16
MOVING_SHEETS = ("addSheet", "copySheet", "setSheetName", "setSheetPosition", "sheetDelete")
POINT_TO_MM100 = 2540 / 72
START_SECONDS = 90
LOOKS = (
    "CellStyle", "NumberFormat", "CellBackColor", "IsCellBackgroundTransparent", "CharColor", "CharWeight", "CharPosture", "CharHeight",
    "CharFontName", "HoriJustify", "VertJustify", "IsTextWrapped", "ParaIndent", "TopBorder2", "BottomBorder2", "LeftBorder2", "RightBorder2",
)  # fmt: skip


def option(name: str, value: object) -> Any:
    made = PropertyValue()
    made.Name, made.Value = name, value
    return made


def letters(number: int) -> str:
    """1 is A."""
    found = ""
    while number:
        number, rest = divmod(number - 1, 26)
        found = chr(65 + rest) + found
    return found


def address(area: Any) -> str:
    first, last = f"{letters(area.StartColumn + 1)}{area.StartRow + 1}", f"{letters(area.EndColumn + 1)}{area.EndRow + 1}"
    return first if first == last else f"{first}:{last}"


def taken_as(value: Any, in_text_cell: bool) -> str | float | None:
    """What stands in a cell after a value was typed into it; None where that depends on more, as of days and formulas."""
    if value is None or not isinstance(value, str):
        return None if value is None else float(value)
    if value.startswith("'"):
        return value[1:]
    if in_text_cell:
        return value
    if value.startswith("=") or DAY.fullmatch(value):
        return None
    return float(value) if NUMBER.fullmatch(value) else value


class Office:
    """A LibreOffice of its own, with a profile of its own; ended with the block."""

    def __init__(self, soffice: str) -> None:
        self.profile = tempfile.TemporaryDirectory(prefix="xlcrm-client-")
        pipe = f"xlcrm{Path(self.profile.name).name.replace('-', '')}"
        self.process = subprocess.Popen(
            [soffice, f"-env:UserInstallation={Path(self.profile.name).as_uri()}", "--headless", "--norestore", "--nologo", f"--accept=pipe,name={pipe};urp;"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        context = uno.getComponentContext()
        resolver = context.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", context)
        until = time.monotonic() + START_SECONDS
        while True:
            try:
                there = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
                break
            except Exception:  # not listening yet
                if time.monotonic() > until or self.process.poll() not in (None, 0, 81):
                    raise
                time.sleep(0.2)
        self.desktop = there.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", there)

    def open(self, path: Path) -> Any:
        return self.desktop.loadComponentFromURL(path.as_uri(), "_blank", 0, (option("Hidden", True),))

    def __enter__(self) -> Office:
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self.desktop.terminate()
            self.process.wait(20)
        except Exception:  # it must be gone whatever happens
            self.process.kill()
            self.process.wait()
        self.profile.cleanup()


class Client:
    """Payload out of a document, actions into it."""

    def __init__(self, document: Any) -> None:
        self.document = document
        self.said: list[str] = []
        self.looks: dict[tuple[int, str, int, int], Any] = {}
        self.known_tables: dict[int, list[tuple[str, Any]]] = {}  # forgotten where sheets come, go or move
        self.order: tuple[str, ...] = ()  # the sheets' names; forgotten likewise
        self.touched: set[str] = set()
        self.text_formats: dict[int, bool] = {}

    # -- out

    def sheets(self) -> list[Any]:
        return [self.document.Sheets.getByIndex(number) for number in range(self.document.Sheets.Count)]

    def used(self, sheet: Any) -> Any:
        cursor = sheet.createCursor()
        cursor.gotoEndOfUsedArea(False)
        return sheet.getCellRangeByPosition(0, 0, cursor.RangeAddress.EndColumn, cursor.RangeAddress.EndRow)

    def tables(self) -> dict[int, list[tuple[str, Any]]]:
        """By a sheet's position. The bridge takes milliseconds a table: asked for all sheets at once."""
        ranges, found = self.document.DatabaseRanges, defaultdict(list)
        for name in ranges.ElementNames:
            if not name.startswith("__"):
                area = ranges.getByName(name).DataArea
                found[area.Sheet].append((name, area))
        return found

    def hidden(self, sheet: Any) -> list[int]:
        """Positions of the used columns that nobody sees."""
        used = self.used(sheet)
        seen = {column for area in used.queryVisibleCells().RangeAddresses for column in range(area.StartColumn, area.EndColumn + 1)}
        return [column for column in range(used.RangeAddress.EndColumn + 1) if column not in seen]

    def values(self, sheet: Any) -> tuple[list[list[Any]], set[tuple[int, int]]]:
        """The values of a sheet, and which of its cells are days."""
        rows = [list(row) for row in self.used(sheet).getDataArray()]
        days = {
            (row, column)
            for area in sheet.queryContentCells(DAYS).RangeAddresses
            for row in range(area.StartRow, area.EndRow + 1)
            for column in range(area.StartColumn, area.EndColumn + 1)
        }
        return rows, days

    def payload(self, front: str, selection: str) -> dict[str, Any]:
        tables = self.tables()
        sheets = [self._sheet(sheet, tables[number]) for number, sheet in enumerate(self.sheets())]
        place = next((number for number, sheet in enumerate(sheets) if sheet["name"] == front), 0)
        book = {"name": self.document.Title, "active_sheet_index": place, "selection": selection, "calculation": "Automatic"}
        return {"client": "Office.js", "version": "LibreOffice", "book": book, "names": self._names(), "sheets": sheets}

    def _sheet(self, sheet: Any, tables: list[tuple[str, Any]]) -> dict[str, Any]:
        rows, days = self.values(sheet)
        # Like Excel's client, which looks at cells with values, not at formatted ones.
        height = max((row + 1 for row, line in enumerate(rows) if any(value != "" for value in line)), default=1)
        width = max((column + 1 for line in rows for column, value in enumerate(line) if value != ""), default=1)
        rows = [line[:width] for line in rows[:height]]
        for row, column in days:
            moment = EPOCH + dt.timedelta(days=rows[row][column])
            rows[row][column] = moment.isoformat(timespec="milliseconds") + "Z"
        areas = sheet.getPrintAreas()
        return {
            "name": sheet.Name, "visibility": "Visible" if sheet.IsVisible else "Hidden", "show_gridlines": True,
            "print_area": address(areas[0]) if areas else None, "notes": [], "notes_supported": True,
            "used_range_address": f"A1:{letters(width)}{len(rows)}", "used_range_row_count": len(rows), "used_range_column_count": width,
            "values": rows, "pictures": [], "shapes": [], "charts": [], "pivot_tables": [],
            "tables": [self._table(name, area, rows) for name, area in tables],
        }  # fmt: skip

    def _table(self, name: str, area: Any, rows: list[list[Any]]) -> dict[str, Any]:
        left, right = letters(area.StartColumn + 1), letters(area.EndColumn + 1)
        return {
            "name": name, "range_address": address(area), "row_count": area.EndRow - area.StartRow + 1, "column_count": area.EndColumn - area.StartColumn + 1,
            "columns": rows[area.StartRow][area.StartColumn : area.EndColumn + 1], "header_row_range_address": f"{left}{area.StartRow + 1}:{right}{area.StartRow + 1}",
            "data_body_range_address": f"{left}{area.StartRow + 2}:{right}{area.EndRow + 1}", "total_row_range_address": None, "show_headers": True,
            "show_totals": False, "table_style": "", "show_autofilter": True, "show_table_style_first_column": False,
            "show_table_style_last_column": False, "show_table_style_row_stripes": False, "show_table_style_column_stripes": False,
        }  # fmt: skip

    def _names(self) -> list[dict[str, Any]]:
        places = {name: number for number, name in enumerate(self.document.Sheets.ElementNames)}
        ranges, found = self.document.NamedRanges, []
        for name in ranges.ElementNames:
            area = AREA.fullmatch(ranges.getByName(name).Content)
            if area is not None:
                sheet = (area[1] or area[2]).replace("''", "'")
                found.append({"name": name.replace(DOT, "."), "refers_to": f"='{sheet}'!{area[3]}", "type": "Range", "sheet_index": places[sheet],
                              "address": area[3].replace("$", ""), "scope_sheet_name": None, "scope_sheet_index": None, "book_scope": True})  # fmt: skip
        return found

    def state(self) -> dict[str, Any]:
        """What stands in the document now."""
        sheets, tables_on = [], self.tables()
        for number, sheet in enumerate(self.sheets()):
            rows, days = self.values(sheet)
            formulas = {
                (row, column)
                for area in sheet.queryContentCells(FORMULA_CELLS).RangeAddresses
                for row in range(area.StartRow, area.EndRow + 1)
                for column in range(area.StartColumn, area.EndColumn + 1)
            }
            cells = [
                [row, column, value, "=NA()" if (row, column) in formulas else None, "yyyy-mm-dd" if (row, column) in days else "General"]
                for row, line in enumerate(rows)
                for column, value in enumerate(line)
                if value != "" or (row, column) in formulas
            ]
            tables = [{"name": name, "ref": address(area)} for name, area in tables_on[number]]
            visibility = "Visible" if sheet.IsVisible else "Hidden"
            sheets.append(
                {"name": sheet.Name, "visibility": visibility, "names": [], "cells": cells, "tables": tables, "hidden": self.hidden(sheet)}
            )
        names = [{"name": entry["name"], "formula": entry["refers_to"]} for entry in self._names()]
        return {"front": sheets[0]["name"], "names": names, "sheets": sheets}

    def errors(self) -> list[str]:
        """Cells of any sheet, printed or not, that show an error; that there is nothing (#N/A) is none."""
        return [
            f"{sheet.Name}!{letters(column + 1)}{row + 1} {shown}"
            for sheet in self.sheets()
            for area in sheet.queryFormulaCells(ERRORS).RangeAddresses
            for row in range(area.StartRow, area.EndRow + 1)
            for column in range(area.StartColumn, area.EndColumn + 1)
            if (shown := sheet.getCellByPosition(column, row).String) != NOT_AVAILABLE
        ]

    def print_only(self, names: set[str]) -> None:
        """What is printed from now on: pages of these sheets. Sheets without a print area are not printed where others have one."""
        for sheet in self.sheets():
            if sheet.Name not in names:
                sheet.setPrintAreas(())

    # -- in

    def apply(self, actions: list[dict[str, Any]]) -> None:
        for action in actions:
            self.order = self.order or self.document.Sheets.ElementNames
            if action["sheet_position"] is not None and action["sheet_position"] < len(self.order):
                self.touched.add(self.order[action["sheet_position"]])
            if action["func"] in MOVING_SHEETS:
                self.known_tables, self.order = {}, ()
            getattr(self, f"do_{re.sub('(?=[A-Z])', '_', action['func']).lower()}")(action)

    def sheet(self, action: dict[str, Any]) -> Any:
        return self.document.Sheets.getByIndex(action["sheet_position"])

    def cells(self, action: dict[str, Any]) -> Any:
        left, top = action["start_column"], action["start_row"]
        return self.sheet(action).getCellRangeByPosition(left, top, left + action["column_count"] - 1, top + action["row_count"] - 1)

    def table(self, action: dict[str, Any]) -> Any:
        if not self.known_tables:
            self.known_tables = self.tables()
        return self.document.DatabaseRanges.getByName(self.known_tables[action["sheet_position"]][action["args"][0]][0])

    def format(self, code: str) -> int:
        formats, locale = self.document.NumberFormats, Locale("en", "US", "")
        key = formats.queryKey(code, locale, False)
        return int(formats.addNew(code, locale) if key == -1 else key)

    def is_text(self, cell: Any) -> bool:
        key = cell.NumberFormat
        if key not in self.text_formats:
            self.text_formats[key] = bool(self.document.NumberFormats.getByKey(key).Type & TEXT_FORMAT)
        return self.text_formats[key]

    def text_cells(self, cells: Any) -> set[tuple[int, int]]:
        """Those of a range that take everything as a text, by row and column within it; asked once for all that look alike."""
        corner, looks = cells.RangeAddress, cells.getUniqueCellFormatRanges()
        return {
            (row - corner.StartRow, column - corner.StartColumn)
            for alike in (looks.getByIndex(number) for number in range(looks.Count))
            if self.is_text(alike)
            for area in alike.RangeAddresses
            for row in range(area.StartRow, area.EndRow + 1)
            for column in range(area.StartColumn, area.EndColumn + 1)
        }

    def type_into(self, cell: Any, value: Any) -> None:
        """What Excel makes of a value that is set."""
        if value is None:
            return
        if not isinstance(value, str):
            cell.Value = float(value)
        elif value.startswith("'"):
            cell.String = value[1:]
        elif self.is_text(cell):
            cell.String = value
        elif value.startswith("="):
            # The API takes formulas with semicolons; its parser of Excel's own grammar loses references to tables.
            cell.Formula = "".join(part if quoted % 2 else part.replace(",", ";") for quoted, part in enumerate(re.split('(".*?")', value)))
        elif DAY.fullmatch(value):
            cell.Value = (dt.datetime.fromisoformat(value) - EPOCH).total_seconds() / 86_400
            if not self.document.NumberFormats.getByKey(cell.NumberFormat).Type & DATE_FORMAT:
                cell.NumberFormat = self.format("YYYY-MM-DD")
        elif NUMBER.fullmatch(value):
            cell.Value = float(value)
        else:
            cell.String = value

    def do_set_values(self, action: dict[str, Any]) -> None:
        cells, rows = self.cells(action), action["values"]
        simple = all(value is not None and not (isinstance(value, str) and (value[:1] in "='" or DAY.fullmatch(value) or NUMBER.fullmatch(value)))
                     for row in rows for value in row if value != "")  # fmt: skip
        if simple:
            cells.setDataArray(tuple(tuple(float(value) if isinstance(value, bool) else value for value in row) for row in rows))
            return
        texts = self.text_cells(cells)
        for down, row in enumerate(rows):
            run: list[Any] = []  # values that need no look at their cell, set in one call
            for across, value in enumerate([*row, None]):
                at_once = taken_as(value, (down, across) in texts)
                if at_once is not None:
                    run.append(at_once)
                    continue
                if run:
                    cells.getCellRangeByPosition(across - len(run), down, across - 1, down).setDataArray((tuple(run),))
                    run = []
                if value is not None:
                    self.type_into(cells.getCellByPosition(across, down), value)

    def do_set_formula(self, action: dict[str, Any]) -> None:
        cells, formula = self.cells(action), action["values"]
        for down in range(action["row_count"]):
            for across in range(action["column_count"]):
                cell = cells.getCellByPosition(across, down)
                self.type_into(cell, formula if isinstance(formula, str) else formula[down][across])

    def do_range_clear(self, action: dict[str, Any]) -> None:
        self.cells(action).clearContents(EVERYTHING)

    def do_range_clear_contents(self, action: dict[str, Any]) -> None:
        self.cells(action).clearContents(VALUE_FLAGS)

    def do_range_clear_formats(self, action: dict[str, Any]) -> None:
        self.cells(action).clearContents(EVERYTHING & ~VALUE_FLAGS)

    def do_add_hyperlink(self, action: dict[str, Any]) -> None:
        # The link itself is left out: in LibreOffice it would turn a number into a text.
        self.type_into(self.cells(action).getCellByPosition(0, 0), action["args"][1])

    def look(self, number: int, source: Any, across: int, down: int) -> Any:
        """How a cell looks; asked once for cells of a hidden sheet, which no run changes."""
        if self.document.Sheets.getByIndex(number).IsVisible:
            return source.getCellByPosition(across, down).getPropertyValues(LOOKS)
        key = (number, source.AbsoluteName, across, down)
        if key not in self.looks:
            self.looks[key] = source.getCellByPosition(across, down).getPropertyValues(LOOKS)
        return self.looks[key]

    def do_copy_from_range(self, action: dict[str, Any]) -> None:
        number, ref, kind = action["args"][:3]
        if kind != "formats":
            raise NotImplementedError(kind)
        source, target = self.document.Sheets.getByIndex(number).getCellRangeByName(ref.replace("$", "")), self.cells(action)
        size = source.RangeAddress
        height, width = size.EndRow - size.StartRow + 1, size.EndColumn - size.StartColumn + 1
        for down in range(height):
            for across in range(width):
                look = self.look(number, source, across, down)
                if height == width == 1:
                    target.setPropertyValues(LOOKS, look)
                elif height == 1 and width == action["column_count"]:
                    target.getCellRangeByPosition(across, 0, across, action["row_count"] - 1).setPropertyValues(LOOKS, look)
                else:
                    for row in range(down, action["row_count"], height):
                        for column in range(across, action["column_count"], width):
                            target.getCellByPosition(column, row).setPropertyValues(LOOKS, look)

    def do_set_number_format(self, action: dict[str, Any]) -> None:
        self.cells(action).NumberFormat = self.format(action["args"][0])

    def do_set_range_color(self, action: dict[str, Any]) -> None:
        self.cells(action).CellBackColor = int(action["args"][0].lstrip("#"), 16) if action["args"][0] else -1

    def do_set_font_property(self, action: dict[str, Any]) -> None:
        (name, value), cells = action["args"], self.cells(action)
        if name == "bold":
            cells.CharWeight = 150.0 if value else 100.0
        elif name == "color":
            cells.CharColor = int(value.lstrip("#"), 16)
        elif name == "size":
            cells.CharHeight = float(value)
        elif name == "name":
            cells.CharFontName = value

    def do_set_border_property(self, action: dict[str, Any]) -> None:
        side, name, value = action["args"]
        cells, line = self.cells(action), BorderLine2()
        attribute = f"{side.capitalize()}Border2"
        before = getattr(cells, attribute)
        line.OuterLineWidth = line.LineWidth = (
            {"thin": 26, "medium": 53, "thick": 88}.get(value, 26) if name == "weight" else before.LineWidth or 26
        )
        line.Color = int(value.lstrip("#"), 16) if name == "color" else before.Color
        setattr(cells, attribute, line)

    def do_set_wrap_text(self, action: dict[str, Any]) -> None:
        self.cells(action).IsTextWrapped = bool(action["args"][0])

    def do_set_horizontal_alignment(self, action: dict[str, Any]) -> None:
        self.cells(action).HoriJustify = uno.Enum(
            "com.sun.star.table.CellHoriJustify", {"General": "STANDARD"}.get(action["args"][0], action["args"][0].upper())
        )

    def do_set_vertical_alignment(self, action: dict[str, Any]) -> None:
        self.cells(action).VertJustify = {"Top": 1, "Center": 2, "Bottom": 3}[action["args"][0]]

    def do_range_merge(self, action: dict[str, Any]) -> None:
        self.cells(action).merge(True)

    def do_range_unmerge(self, action: dict[str, Any]) -> None:
        self.cells(action).merge(False)

    def do_set_column_width(self, action: dict[str, Any]) -> None:
        self.cells(action).Columns.Width = round(action["args"][0] * POINT_TO_MM100)

    def do_set_row_height(self, action: dict[str, Any]) -> None:
        self.cells(action).Rows.Height = round(action["args"][0] * POINT_TO_MM100)

    def do_set_column_hidden(self, action: dict[str, Any]) -> None:
        self.cells(action).Columns.IsVisible = not action["args"][0]

    def do_set_row_hidden(self, action: dict[str, Any]) -> None:
        self.cells(action).Rows.IsVisible = not action["args"][0]

    def do_range_insert(self, action: dict[str, Any]) -> None:
        self.sheet(action).insertCells(self.cells(action).RangeAddress, DOWN)

    def do_range_delete(self, action: dict[str, Any]) -> None:
        self.sheet(action).removeRange(self.cells(action).RangeAddress, UP)

    def do_resize_table(self, action: dict[str, Any]) -> None:
        self.table(action).setDataArea(self.sheet(action).getCellRangeByName(action["args"][1].replace("$", "")).RangeAddress)

    def do_table_sort(self, action: dict[str, Any]) -> None:
        area, field = self.table(action).DataArea, TableSortField()
        field.Field, field.IsAscending = action["args"][1][0] - 1, True
        body = self.sheet(action).getCellRangeByPosition(area.StartColumn, area.StartRow + 1, area.EndColumn, area.EndRow)
        body.sort((option("SortFields", uno.Any("[]com.sun.star.table.TableSortField", (field,))), option("BindFormatsToContent", True)))

    def do_show_autofilter_table(self, action: dict[str, Any]) -> None:
        self.table(action).AutoFilter = bool(action["args"][1])

    def do_add_sheet(self, action: dict[str, Any]) -> None:
        self.document.Sheets.insertNewByName(action["args"][1], action["args"][0])

    def do_copy_sheet(self, action: dict[str, Any]) -> None:
        where, beside, name = action["args"]
        self.document.Sheets.copyByName(self.sheet(action).Name, name, beside + (where == "After"))

    def do_set_sheet_name(self, action: dict[str, Any]) -> None:
        self.sheet(action).Name = action["args"][0]

    def do_set_sheet_position(self, action: dict[str, Any]) -> None:
        before, after = action["sheet_position"], action["args"][0]
        self.document.Sheets.moveByName(self.sheet(action).Name, after + (after > before))

    def do_set_sheet_visibility(self, action: dict[str, Any]) -> None:
        self.sheet(action).IsVisible = action["args"][0] == "Visible"

    def do_set_show_gridlines(self, action: dict[str, Any]) -> None:
        """Belongs to a window, of which there is none."""

    do_activate_sheet = do_range_select = do_set_show_gridlines

    def do_sheet_delete(self, action: dict[str, Any]) -> None:
        self.document.Sheets.removeByName(self.sheet(action).Name)

    def do_set_print_area(self, action: dict[str, Any]) -> None:
        self.sheet(action).setPrintAreas((self.sheet(action).getCellRangeByName(action["args"][0].replace("$", "")).RangeAddress,))

    def do_names_add(self, action: dict[str, Any]) -> None:
        name, refers = action["args"]
        owner = self.document if action["sheet_position"] is None else self.sheet(action)
        owner.NamedRanges.addNewByName(name.replace(".", DOT), self._content(refers), CellAddress(), 0)

    def do_set_name_refers_to(self, action: dict[str, Any]) -> None:
        name, of_book, number, refers = action["args"]
        owner = self.document if of_book else self.document.Sheets.getByIndex(number)
        owner.NamedRanges.getByName(self._as_there(name, owner.NamedRanges)).setContent(self._content(refers))

    def do_name_delete(self, action: dict[str, Any]) -> None:
        _, _, name, _, of_book, number = action["args"]
        ranges = (self.document if of_book else self.document.Sheets.getByIndex(number)).NamedRanges
        ranges.removeByName(self._as_there(name, ranges))

    @staticmethod
    def _as_there(name: str, ranges: Any) -> str:
        return name if ranges.hasByName(name) else name.replace(".", DOT)

    @staticmethod
    def _content(refers: str) -> str:
        sheet, _, cells = refers.removeprefix("=").rpartition("!")
        return f"${sheet}.{cells}"

    def do_run_macro(self, action: dict[str, Any]) -> None:
        self.said = action["args"]


def post(where: str, body: object) -> dict[str, Any]:
    request = urllib.request.Request(where, json.dumps(body).encode(), {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=120) as answer:
            found: dict[str, Any] = json.loads(answer.read())
    except urllib.error.HTTPError as error:
        raise SystemExit(f"{error.code}: {error.read().decode()}") from None
    return found


def main() -> None:
    soffice, jobs = sys.argv[1:]
    with Office(soffice) as office:
        for job in json.loads(Path(jobs).read_text(encoding="utf-8")):
            workbook = Path(job["workbook"])
            document = office.open(workbook)
            client = Client(document)
            client.apply(post(job["script"], client.payload(job["front"], job["selection"]))["actions"])
            document.calculateAll()
            workbook.with_name("said.json").write_text(json.dumps(client.said), encoding="utf-8")
            workbook.with_name("state.json").write_text(json.dumps(client.state()), encoding="utf-8")
            workbook.with_name("errors.json").write_text(json.dumps(client.errors()), encoding="utf-8")
            if not job["print_all"]:
                client.print_only({*client.touched, *job["print"]})
            document.storeToURL(workbook.with_name("shown.pdf").as_uri(), (option("FilterName", "calc_pdf_Export"),))
            document.close(True)


if __name__ == "__main__":
    main()
