"""The print set-up, columns and view of a page sheet, from a page's definition."""

from __future__ import annotations

import re
from collections.abc import Sequence

from xlcrm.sheets.elements import element, with_element
from xlcrm.sheets.pagerecord import RECORD_COLUMNS
from xlcrm.sheets.pages import Page
from xlcrm.sheets.sheetxml import SheetXml
from xlcrm.sheets.styles import TOKENS
from xlcrm.sheets.xmlbits import attributes, escape, with_attribute

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_INCH_MM = 25.4
_A4 = "9"
_FOOTER = "&8&K" + TOKENS["ink-3"]
_MAX_FOOTER = 255


def new_sheet_xml() -> bytes:
    """A sheet with nothing on it."""
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="{MAIN}"><sheetPr/><dimension ref="A1"/>'
        '<sheetFormatPr defaultRowHeight="18"/><sheetData></sheetData></worksheet>'
    ).encode()


def set_up(page: Page, sheet: SheetXml, head_rows: int, breaks: Sequence[int], fresh: bool) -> None:
    """Sets breaks; on a sheet that is painted for the first time also tab, view, columns, margins, paper, footer."""
    if fresh:
        sheet.head = with_element(sheet.head, "sheetPr", _properties(page, element(sheet.head, "sheetPr")))
        sheet.head = with_element(sheet.head, "sheetViews", _view(head_rows))
        sheet.head = with_element(sheet.head, "cols", _columns(page, element(sheet.head, "cols")))
        left, right, top, bottom, footer = (f"{size / _INCH_MM:.4f}" for size in page.margins_mm)
        margins = f'<pageMargins left="{left}" right="{right}" top="{top}" bottom="{bottom}" header="{footer}" footer="{footer}"/>'
        way = "landscape" if page.landscape else "portrait"
        setup = f'<pageSetup paperSize="{_A4}" orientation="{way}" fitToWidth="1" fitToHeight="{int(page.one_page)}"/>'
        for name, written in (
            ("printOptions", '<printOptions horizontalCentered="1"/>'),
            ("pageMargins", margins),
            ("pageSetup", setup),
            ("headerFooter", _footer(page)),
        ):
            sheet.tail = with_element(sheet.tail, name, written)
    else:  # what quarters, printed when: the footer says what the page shows, so it is the run's
        sheet.tail = with_element(sheet.tail, "headerFooter", _footer(page))
    marks = "".join(f'<brk id="{row}" max="16383" man="1"/>' for row in breaks)
    written = f'<rowBreaks count="{len(breaks)}" manualBreakCount="{len(breaks)}">{marks}</rowBreaks>' if breaks else ""
    sheet.tail = with_element(sheet.tail, "rowBreaks", written)


def _properties(page: Page, old: str) -> str:
    """The tab's colour and the fit to the page; what else stands there stays."""
    inner = re.search(r">(.*)</sheetPr>", old, re.DOTALL)
    kept = re.sub(r"<(tabColor|pageSetUpPr)\b[^>]*?(/>|>.*?</\1>)", "", inner[1], flags=re.DOTALL) if inner else ""
    start = (re.match(r"<sheetPr\b[^>]*?(?=/?>)", old) or ["<sheetPr"])[0]
    return f'{start}><tabColor rgb="FF{TOKENS[page.tab]}"/>{kept}<pageSetUpPr fitToPage="1"/></sheetPr>'


def _view(head_rows: int) -> str:
    first = f"A{head_rows + 1}"
    pane = f'<pane ySplit="{head_rows}" topLeftCell="{first}" activePane="bottomLeft" state="frozen"/>' if head_rows else ""
    where = ' pane="bottomLeft"' if head_rows else ""
    return (
        '<sheetViews><sheetView showGridLines="0" showRowColHeaders="0" workbookViewId="0">'
        f'{pane}<selection{where} activeCell="{first}" sqref="{first}"/></sheetView></sheetViews>'
    )


def _columns(page: Page, old: str) -> str:
    """The page's columns, the hidden ones of the record, and the user's further right."""
    count = len(page.column_widths_px)
    written = [
        f'<col min="{number}" max="{number}" width="{max(width - 5, 0) / 7:.5f}" customWidth="1"/>'
        for number, width in enumerate(page.column_widths_px, 1)
    ]
    record = count + RECORD_COLUMNS
    written.append(f'<col min="{count + 1}" max="{record}" width="9" hidden="1" customWidth="1"/>')
    for each in re.findall(r"<col\b[^>]*/>", old):
        given = attributes(each)
        if int(given["min"]) > record:
            written.append(each)
        elif int(given["max"]) > record:
            written.append(with_attribute(each, "min", str(record + 1)))
    return f"<cols>{''.join(written)}</cols>"


def _footer(page: Page) -> str:
    def part(side: str, text: str) -> str:
        if not text:
            return ""
        written = text.replace("&", "&&").replace("{page}", "&P").replace("{pages}", "&N")
        return side + _FOOTER + written

    whole = part("&L", page.footer_left) + part("&R", page.footer_right)
    if len(whole) > _MAX_FOOTER:
        spare = len(whole) - _MAX_FOOTER
        whole = part("&L", page.footer_left[: max(len(page.footer_left) - spare - 1, 0)]) + part("&R", page.footer_right)
    return f"<headerFooter><oddFooter>{escape(whole)}</oddFooter></headerFooter>" if whole else ""
