"""Does in an openpyxl workbook what the actions say that xlwings sends back to its Office.js client; refuses any that it does not know."""

from __future__ import annotations

import copy
import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.formula.translate import Translator
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.workbook import Workbook
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.table import Table, TableColumn, TableFormula
from openpyxl.worksheet.worksheet import Worksheet

Action = Mapping[str, Any]

_NEWER_FUNCTIONS = re.compile(r"(?<!_xlfn\.)\b(MAXIFS|MINIFS|IFS|TEXTJOIN|CONCAT)\(")
_DAY = re.compile(r"\d{4}-\d\d-\d\d(?: \d\d:\d\d:\d\d)?")
_MONTH = re.compile(r"(\d{4})-(\d{1,2})|(\d{1,2})/(\d{4})")
_FRACTION_OR_DAY = re.compile(r"(\d{1,2})\s*[/-]\s*(\d{1,2})")
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
_SIDES = ("left", "right", "top", "bottom")
_STROKES = {"continuous": None, "dot": "dotted", "dash": "dashed", "double": "double"}


class UnknownAction(Exception):
    """xlwings asked for something that this stand-in for Excel cannot do."""


class Applier:
    """Applies actions in their order, as the client does. done: how many of each kind there were. alerts: messages that were shown."""

    def __init__(self, book: Workbook) -> None:
        self.book = book
        self.done: Counter[str] = Counter()
        self.alerts: list[str] = []
        self._unfiltered: set[str] = set()

    def apply(self, actions: Sequence[Action]) -> None:
        """Raises UnknownAction at the first one that is not known."""
        for action in actions:
            method = getattr(self, f"_{re.sub('(?=[A-Z])', '_', action['func']).lower()}", None)
            if method is None:
                raise UnknownAction(action["func"])
            method(action)
            self.done[action["func"]] += 1

    # -- where

    def _sheet(self, action: Action) -> Worksheet:
        return self.book.worksheets[action["sheet_position"]]

    def _cells(self, action: Action) -> Iterator[tuple[int, int, Cell]]:
        sheet = self._sheet(action)
        for row in range(action["row_count"]):
            for column in range(action["column_count"]):
                cell = sheet.cell(action["start_row"] + row + 1, action["start_column"] + column + 1)
                if not isinstance(cell, MergedCell):
                    yield row, column, cell

    def _bounds(self, action: Action) -> tuple[int, int, int, int]:
        left, top = action["start_column"] + 1, action["start_row"] + 1
        return left, top, left + action["column_count"] - 1, top + action["row_count"] - 1

    def _table(self, action: Action) -> Table:
        return list(self._sheet(action).tables.values())[action["args"][0]]

    # -- cells

    def _set_values(self, action: Action) -> None:
        values = action["values"]
        assert len(values) == action["row_count"], "rows do not match the range"
        assert all(len(row) == action["column_count"] for row in values), "columns do not match the range"
        for row, column, cell in self._cells(action):
            if values[row][column] is not None:  # null leaves a cell alone
                type_into(cell, values[row][column])

    def _set_formula(self, action: Action) -> None:
        values = action["values"]
        origin: str | None = None
        for row, column, cell in self._cells(action):
            if isinstance(values, str):
                origin = origin or cell.coordinate
                type_into(cell, Translator(values, origin).translate_formula(cell.coordinate) if values.startswith("=") else values)
            else:
                type_into(cell, values[row][column])
        if isinstance(values, str):
            self._note_calculated_column(action, values)

    def _note_calculated_column(self, action: Action, formula: str) -> None:
        """A formula down a column of a table becomes the column's own, as in Excel."""
        left, top, _, bottom = self._bounds(action)
        for table in self._sheet(action).tables.values():
            first, head, last, end = range_boundaries(table.ref)
            if first <= left <= last and head < top and bottom <= end:
                column = table.tableColumns[left - first]
                column.calculatedColumnFormula = column.calculatedColumnFormula or TableFormula(attr_text=_filed(formula)[1:])

    def _range_clear_contents(self, action: Action) -> None:
        for _, _, cell in self._cells(action):
            cell.value = None

    def _range_clear(self, action: Action) -> None:
        for _, _, cell in self._cells(action):
            cell.value, cell.style, cell.hyperlink = None, "Normal", None

    def _range_clear_formats(self, action: Action) -> None:
        for _, _, cell in self._cells(action):
            cell.style = "Normal"

    def _add_hyperlink(self, action: Action) -> None:
        address, shown, tip = (str(part) for part in action["args"])
        for _, _, cell in self._cells(action):
            type_into(cell, shown)
            inside = address.startswith("#")
            cell.hyperlink = Hyperlink(
                ref=cell.coordinate, target=None if inside else address, location=address[1:] if inside else None, tooltip=tip
            )

    # -- looks

    def _set_number_format(self, action: Action) -> None:
        for _, _, cell in self._cells(action):
            cell.number_format = action["args"][0]

    def _set_range_color(self, action: Action) -> None:
        color = action["args"][0]
        for _, _, cell in self._cells(action):
            cell.fill = PatternFill("solid", fgColor=color.lstrip("#")) if color else PatternFill()

    def _set_font_property(self, action: Action) -> None:
        attribute, value = action["args"]
        for _, _, cell in self._cells(action):
            font = copy.copy(cell.font)
            setattr(font, attribute, "FF" + value.lstrip("#") if attribute == "color" else value)
            cell.font = Font(name=font.name, size=font.size, bold=font.bold, italic=font.italic, color=font.color)

    def _set_border_property(self, action: Action) -> None:
        """One property of one edge of the range, or of the lines within it."""
        which, attribute, value = action["args"]
        for row, column, cell in self._cells(action):
            sides = {name: copy.copy(getattr(cell.border, name)) for name in _SIDES}
            for name in _touched(which, row, column, action["row_count"], action["column_count"]):
                style, color = sides[name].style, sides[name].color
                if attribute == "weight":
                    style = value
                elif attribute == "color":
                    color = value.lstrip("#").upper()
                elif value is None:
                    style = None
                else:
                    style = _STROKES[value] or style or "thin"
                sides[name] = Side(style=style, color=color)
            cell.border = Border(**sides)

    def _set_wrap_text(self, action: Action) -> None:
        self._align(action, wrap_text=action["args"][0])

    def _set_horizontal_alignment(self, action: Action) -> None:
        self._align(action, horizontal=action["args"][0].lower())

    def _set_vertical_alignment(self, action: Action) -> None:
        self._align(action, vertical=action["args"][0].lower())

    def _align(self, action: Action, **changed: object) -> None:
        for _, _, cell in self._cells(action):
            alignment: Alignment = copy.copy(cell.alignment)
            for name, value in changed.items():
                setattr(alignment, name, value)
            cell.alignment = alignment

    def _copy_from_range(self, action: Action) -> None:
        place, address, kind = action["args"][:3]
        if kind != "formats":
            raise UnknownAction(f"copyFromRange {kind}")
        source = self.book.worksheets[place]
        left, top, right, bottom = range_boundaries(address.replace("$", ""))
        height, width = bottom - top + 1, right - left + 1
        assert action["row_count"] % height == 0, "Excel repeats a source only in a multiple of its size"
        assert action["column_count"] % width == 0, "Excel repeats a source only in a multiple of its size"
        looks = [[copy.copy(source.cell(top + row, left + column)._style) for column in range(width)] for row in range(height)]
        sheet = self._sheet(action)
        for row in range(action["row_count"]):
            for column in range(action["column_count"]):
                cell = sheet.cell(action["start_row"] + row + 1, action["start_column"] + column + 1)
                cell._style = copy.copy(looks[row % height][column % width])

    def _range_merge(self, action: Action) -> None:
        left, top, right, bottom = self._bounds(action)
        self._sheet(action).merge_cells(start_row=top, start_column=left, end_row=bottom, end_column=right)

    def _range_unmerge(self, action: Action) -> None:
        left, top, right, bottom = self._bounds(action)
        sheet = self._sheet(action)
        for area in list(sheet.merged_cells.ranges):
            if area.min_col <= right and left <= area.max_col and area.min_row <= bottom and top <= area.max_row:
                sheet.unmerge_cells(area.coord)

    def _set_column_width(self, action: Action) -> None:
        left, _, right, _ = self._bounds(action)
        for column in range(left, right + 1):
            self._sheet(action).column_dimensions[get_column_letter(column)].width = (action["args"][0] / 0.75 - 5) / 7

    def _set_row_height(self, action: Action) -> None:
        _, top, _, bottom = self._bounds(action)
        for row in range(top, bottom + 1):
            self._sheet(action).row_dimensions[row].height = action["args"][0]

    def _set_column_hidden(self, action: Action) -> None:
        left, _, right, _ = self._bounds(action)
        for column in range(left, right + 1):
            self._sheet(action).column_dimensions[get_column_letter(column)].hidden = action["args"][0]

    def _set_row_hidden(self, action: Action) -> None:
        _, top, _, bottom = self._bounds(action)
        for row in range(top, bottom + 1):
            self._sheet(action).row_dimensions[row].hidden = action["args"][0]

    # -- rows that move

    def _range_insert(self, action: Action) -> None:
        if action["args"][0] != "down":
            raise UnknownAction("rangeInsert right")
        left, top, right, bottom = self._bounds(action)
        self._shift(self._sheet(action), left, top, right, bottom - top + 1)

    def _range_delete(self, action: Action) -> None:
        if action["args"][0] != "up":
            raise UnknownAction("rangeDelete left")
        left, top, right, bottom = self._bounds(action)
        sheet = self._sheet(action)
        for area in list(sheet.merged_cells.ranges):
            if left <= area.min_col and area.max_col <= right and top <= area.min_row and area.max_row <= bottom:
                sheet.unmerge_cells(area.coord)
        for row in range(top, bottom + 1):
            for column in range(left, min(right, sheet.max_column) + 1):
                sheet._cells.pop((row, column), None)
        self._shift(sheet, left, bottom + 1, right, top - bottom - 1)

    def _shift(self, sheet: Worksheet, left: int, top: int, right: int, by: int) -> None:
        """Moves the cells of these columns from `top` on; tables and merged cells go along."""
        last_row, last_column = max(sheet.max_row, top), min(right, max(sheet.max_column, left))
        if sheet.max_row >= top:
            sheet.move_range(f"{get_column_letter(left)}{top}:{get_column_letter(last_column)}{last_row}", rows=by, translate=True)
        for area in list(sheet.merged_cells.ranges):
            if area.min_row >= top and left <= area.min_col and area.max_col <= right:
                area.shift(row_shift=by)
        for table in sheet.tables.values():
            first, head, last, end = range_boundaries(table.ref)
            if not (left <= first and last <= right):
                continue
            if head >= top:
                _set_ref(table, first, head + by, last, end + by)
            elif (by > 0 and top <= end) or (by < 0 and head < top + by and top - 1 <= end):
                _set_ref(table, first, head, last, end + by)  # cells came or went within it

    # -- tables

    def _resize_table(self, action: Action) -> None:
        table = self._table(action)
        sheet = self._sheet(action)
        left, head, right, bottom = range_boundaries(action["args"][1].replace("$", ""))
        first, old_head, last, end = range_boundaries(table.ref)
        assert (left, head) == (first, old_head), "a table keeps its head"
        assert bottom > head, "a table keeps one row of data"
        for column in range(last + 1, right + 1):
            name = str(sheet.cell(head, column).value)
            table.tableColumns.append(TableColumn(id=max(each.id for each in table.tableColumns) + 1, name=name))
        for column in table.tableColumns:  # calculated columns reach down into new rows
            formula = column.calculatedColumnFormula
            if formula is not None:
                number = left + table.tableColumns.index(column)
                for row in range(end + 1, bottom + 1):
                    sheet.cell(row, number).value = "=" + (formula.attr_text or "")
        _set_ref(table, left, head, right, bottom)

    def _table_sort(self, action: Action) -> None:
        _, keys, ascending = action["args"]
        table, sheet = self._table(action), self._sheet(action)
        assert sheet.title + table.displayName in self._unfiltered or table.autoFilter is None, "a filter keeps rows from moving"
        left, head, right, bottom = range_boundaries(table.ref)
        rows = range(head + 1, bottom + 1 - (table.totalsRowCount or 0))
        if len(keys) != 1 or ascending != [True]:
            raise UnknownAction("tableSort by several columns")
        order = sorted(rows, key=lambda row: sheet.cell(row, left + keys[0] - 1).value)
        before = {row: [(cell.value, cell.data_type, copy.copy(cell._style)) for cell in sheet[row][left - 1 : right]] for row in rows}
        for row, origin in zip(rows, order, strict=True):
            for column, (value, kind, style) in enumerate(before[origin], start=left):
                cell = sheet.cell(row, column)
                if kind == "f":
                    value = Translator(value, f"{get_column_letter(column)}{origin}").translate_formula(cell.coordinate)
                cell.value, cell._style = value, style
                if kind == "s":
                    cell.data_type = kind

    def _show_autofilter_table(self, action: Action) -> None:
        key = self._sheet(action).title + self._table(action).displayName
        (self._unfiltered.discard if action["args"][1] else self._unfiltered.add)(key)

    # -- sheets, names, the program

    def _add_sheet(self, action: Action) -> None:
        position, name = action["args"]
        self.book.create_sheet(name, position)

    def _copy_sheet(self, action: Action) -> None:
        where, target, name = action["args"]
        source = self._sheet(action)
        made = self.book.copy_worksheet(source)
        made.title, made.sheet_state = name, source.sheet_state
        made.page_setup, made.page_margins = copy.copy(source.page_setup), copy.copy(source.page_margins)
        made.freeze_panes, made.print_title_rows = source.freeze_panes, source.print_title_rows
        self._place(made, target + (where == "After"))

    def _place(self, sheet: Worksheet, position: int) -> None:
        self.book._sheets.remove(sheet)
        self.book._sheets.insert(position, sheet)

    def _set_sheet_position(self, action: Action) -> None:
        self._place(self._sheet(action), action["args"][0])

    def _set_sheet_name(self, action: Action) -> None:
        self._sheet(action).title = action["args"][0]

    def _set_sheet_visibility(self, action: Action) -> None:
        self._sheet(action).sheet_state = {"Visible": "visible", "Hidden": "hidden"}[action["args"][0]]

    def _set_show_gridlines(self, action: Action) -> None:
        self._sheet(action).sheet_view.showGridLines = action["args"][0]

    def _sheet_delete(self, action: Action) -> None:
        self.book.remove(self._sheet(action))

    def _set_print_area(self, action: Action) -> None:
        self._sheet(action).print_area = action["args"][0]

    def _names_add(self, action: Action) -> None:
        name, refers_to = action["args"]
        target = self.book if action["sheet_position"] is None else self._sheet(action)
        assert name not in target.defined_names, f"the name {name} is there already"
        target.defined_names[name] = DefinedName(name, attr_text=refers_to.removeprefix("="))

    def _name_delete(self, action: Action) -> None:
        _, _, name, _, of_book, sheet = action["args"]
        del (self.book if of_book else self.book.worksheets[sheet]).defined_names[name]

    def _set_name_refers_to(self, action: Action) -> None:
        name, of_book, sheet, refers_to = action["args"]
        (self.book if of_book else self.book.worksheets[sheet]).defined_names[name].attr_text = refers_to.removeprefix("=")

    def _activate_sheet(self, action: Action) -> None:
        self.book.active = action["args"][0]

    def _range_select(self, action: Action) -> None:
        return

    def _alert(self, action: Action) -> None:
        self.alerts.append(action["args"][0])


def _touched(which: str, row: int, column: int, rows: int, columns: int) -> list[str]:
    """The sides of one cell of a range that an edge of the range, or a line within it, runs along."""
    first_or_last = {"edge_left": column == 0, "edge_right": column == columns - 1, "edge_top": row == 0, "edge_bottom": row == rows - 1}
    if which in first_or_last:
        return [which.removeprefix("edge_")] if first_or_last[which] else []
    if which == "inside_vertical":
        return [name for name, inside in (("left", column > 0), ("right", column < columns - 1)) if inside]
    if which == "inside_horizontal":
        return [name for name, inside in (("top", row > 0), ("bottom", row < rows - 1)) if inside]
    raise UnknownAction(f"setBorderProperty {which}")


def type_into(cell: Cell, value: object) -> None:
    """Gives a cell what Excel makes of a value that is set: texts that look like something else become that, unless protected."""
    cell.value = None
    cell.data_type = "n"
    if value == "":
        return
    if not isinstance(value, str):
        cell.value = value
        return
    if value.startswith("'"):
        _set_text(cell, value[1:])
        cell.quotePrefix = True
    elif cell.number_format == "@":
        _set_text(cell, value)
    elif value[0] in "=+-@" and len(value) > 1 and not _NUMBER.fullmatch(value):
        cell.value = _filed("=" + value.lstrip("="))
    elif _NUMBER.fullmatch(value):
        cell.value = float(value)
    elif _DAY.fullmatch(value):
        moment = dt.datetime.fromisoformat(value)
        look = cell.number_format
        cell.value = moment
        cell.number_format = "yyyy-mm-dd" if look == "General" else look
    elif found := _MONTH.fullmatch(value):
        cell.value = dt.datetime(int(found[1] or found[4]), int(found[2] or found[3]), 1)
    elif (found := _FRACTION_OR_DAY.fullmatch(value)) and 1 <= int(found[1]) <= 12 and 1 <= int(found[2]) <= 31:
        cell.value = dt.datetime(2026, int(found[1]), min(int(found[2]), 28))
    elif value.casefold() in ("true", "false"):
        cell.value = value.casefold() == "true"
    else:
        _set_text(cell, value)


def _set_text(cell: Cell, text: str) -> None:
    cell.value = text
    cell.data_type = "s"


def _filed(formula: str) -> str:
    """A formula as a file holds it: functions newer than 2007 carry a prefix."""
    return _NEWER_FUNCTIONS.sub(r"_xlfn.\1(", formula)


def _set_ref(table: Table, left: int, top: int, right: int, bottom: int) -> None:
    table.ref = f"{get_column_letter(left)}{top}:{get_column_letter(right)}{bottom}"
    if table.autoFilter is not None:
        table.autoFilter.ref = f"{get_column_letter(left)}{top}:{get_column_letter(right)}{bottom - (table.totalsRowCount or 0)}"
