"""A page on its sheet of a template, as a run would paint it: with the record, so that the next run replaces the page alone."""

from __future__ import annotations

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from xlcrm.sheets.livelayout import laid_out
from xlcrm.sheets.livememory import LiveNotes
from xlcrm.sheets.pagerecord import RECORD_COLUMNS
from xlcrm.sheets.pages import Page
from xlcrm.sheets.template_book import put, px_height, px_width


def paint(sheet: Worksheet, page: Page) -> None:
    """Values, looks, merged cells, sizes, the hidden record, the print area; no link but the way back, for nothing leads anywhere yet."""
    layout = laid_out(page, LiveNotes((), set()))
    merged = {(area.top, area.left): area for area in layout.merges}
    for row, values in enumerate(layout.values, 1):
        px_height(sheet, row, layout.heights[row - 1])
        for column, value in enumerate(values, 1):
            look, area = layout.looks.get((row, column - 1)), merged.get((row, column))
            if look is None:
                if value is not None:
                    sheet.cell(row, column, value)
                continue
            if area is not None and area.bottom == area.top:
                put(sheet, row, column, value, look[0], span=area.right - area.left + 1, number_format=look[1])
            elif area is not None:
                for down in range(area.top, area.bottom + 1):
                    for right in range(area.left, area.right + 1):
                        put(sheet, down, right, None, look[0], number_format=look[1])
                sheet.cell(row, column).value = value
                sheet.merge_cells(start_row=area.top, end_row=area.bottom, start_column=area.left, end_column=area.right)
            elif type(sheet.cell(row, column)).__name__ != "MergedCell" and sheet.cell(row, column).style != look[0]:
                put(sheet, row, column, value, look[0], number_format=look[1])
    for (row, column), value in layout.beside.items():
        put(sheet, row, column + 1, value, layout.looks[row, column][0])
        cell = sheet.cell(row, column + 1)
        link = Hyperlink(cell.coordinate, location=layout.links[row, column][0])
        sheet._hyperlinks.append(link)
        cell._hyperlink = link
    columns = len(page.column_widths_px)
    for column, pixels in enumerate(page.column_widths_px, 1):
        px_width(sheet, column, pixels)
    for column in range(columns + 1, columns + RECORD_COLUMNS + 1):
        px_width(sheet, column, 63)
        sheet.column_dimensions[get_column_letter(column)].hidden = True
    sheet.print_area = f"A1:{get_column_letter(columns)}{layout.rows}"
