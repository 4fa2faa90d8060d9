"""HTML tables and SpreadsheetML 2003, which many systems hand out under the name .xls -> grids of text."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import TypeVar
from xml.etree.ElementTree import Element, ParseError

from xlcrm.imports.encodings import decode
from xlcrm.imports.textsheet import TextSheet, frame_of_rows
from xlcrm.problems import CannotDo, Problem

_Entry = TypeVar("_Entry")
_SPREADSHEET = "{urn:schemas-microsoft-com:office:spreadsheet}"
_MOST_ROWS = 1_048_576
_MOST_COLUMNS = 16_384
_MOST_CELLS = 4_000_000


class _Tables(HTMLParser):
    """Collects the text of the cells of every outermost table."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[list[list[str]]] = []
        self._depth = 0
        self._cell: list[str] | None = None
        self._span = 1

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self._depth += 1
            if self._depth == 1:
                self.tables.append([])
        elif self._depth == 1 and tag == "tr":
            self._close_cell()
            self.tables[-1].append([])
        elif self._depth == 1 and tag in ("td", "th"):
            self._close_cell()
            if not self.tables[-1]:
                self.tables[-1].append([])
            self._cell = []
            span = dict(attrs).get("colspan") or "1"
            self._span = min(int(span), 100) if span.isdigit() else 1
        elif tag == "br" and self._cell is not None:
            self._cell.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th", "tr") and self._depth == 1:
            self._close_cell()
        elif tag == "table" and self._depth:
            if self._depth == 1:
                self._close_cell()
            self._depth -= 1

    def handle_data(self, data: str) -> None:
        if self._cell is not None:
            self._cell.append(data)

    def _close_cell(self) -> None:
        if self._cell is not None:
            self.tables[-1][-1] += ["".join(self._cell).strip(), *[""] * (self._span - 1)]
            self._cell = None


def read_html(data: bytes, file: str) -> list[TextSheet]:
    """Every table of a page as a sheet. Raises CannotDo when there is none."""
    parser = _Tables()
    parser.feed(decode(data, file))
    parser.close()
    tables = [table for table in parser.tables if any(any(row) for row in table)]
    if not tables:
        raise CannotDo(Problem("not_a_table_file", file=file, details={"what": "an HTML page without a table"}))
    names = [""] if len(tables) == 1 else [f"table {number}" for number in range(1, len(tables) + 1)]
    return [TextSheet(file, name, frame_of_rows(table)) for name, table in zip(names, tables, strict=True)]


def read_spreadsheetml(data: bytes, file: str) -> list[TextSheet]:
    """Excel's XML of 2003. Raises CannotDo for broken XML and for entities."""
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    try:
        root = fromstring(data, forbid_dtd=True)
    except DefusedXmlException:
        raise CannotDo(Problem("workbook_entities", file=file, details={"part": file})) from None
    except (ParseError, ValueError, LookupError) as error:
        raise CannotDo(Problem("workbook_damaged", file=file, details={"reason": str(error)})) from None
    sheets = root.findall(f"{_SPREADSHEET}Worksheet")
    if not sheets:
        raise CannotDo(Problem("not_a_table_file", file=file, details={"what": "XML without a worksheet"}))
    return [TextSheet(file, sheet.get(f"{_SPREADSHEET}Name", ""), frame_of_rows(_rows(sheet, file))) for sheet in sheets]


def _rows(sheet: Element, file: str) -> list[list[str]]:
    rows: list[list[str]] = []
    widest = 1
    for row in sheet.iter(f"{_SPREADSHEET}Row"):
        _fill(rows, _index(row, file, _MOST_ROWS), [])
        cells: list[str] = []
        for cell in row.findall(f"{_SPREADSHEET}Cell"):
            _fill(cells, _index(cell, file, _MOST_COLUMNS), "")
            content = cell.find(f"{_SPREADSHEET}Data")
            cells.append("" if content is None else "".join(content.itertext()))
            across = cell.get(f"{_SPREADSHEET}MergeAcross", "0")
            _fill(cells, len(cells) + min(int(across) if across.isdigit() else 0, _MOST_COLUMNS) + 1, "")
        rows.append(cells)
        widest = max(widest, len(cells))
        if widest * len(rows) > _MOST_CELLS:
            raise CannotDo(Problem("workbook_explodes", file=file, details={"what": f"{len(rows)} x {widest} cells"}))
    return rows


def _index(element: Element, file: str, most: int) -> int:
    """The place (from 1) that a row or cell claims; 0 where it just follows the one before."""
    written = element.get(f"{_SPREADSHEET}Index", "0")
    if not written.isdigit() or int(written) > most:
        raise CannotDo(Problem("workbook_damaged", file=file, details={"reason": f"Index={written}"}))
    return int(written)


def _fill(entries: list[_Entry], index: int, blank: _Entry) -> None:
    entries += [blank] * (index - 1 - len(entries))
