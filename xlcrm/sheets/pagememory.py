"""What the last run painted on a page sheet of a closed file, by its record (`pagerecord.py`), and what the user has done there since."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from xlcrm.sheets.pagerecord import MARK, Painted, Place
from xlcrm.sheets.sheetcells import CellReader, string_text
from xlcrm.sheets.sheetxml import SheetXml
from xlcrm.sheets.stylebook import StyleBook
from xlcrm.sheets.xmlbits import column_number, unescape_cell

_CELL = re.compile(r'<c r="([A-Z]+)([0-9]+)"([^>]*?)(?:/>|>(.*?)</c>)', re.DOTALL)
_ROW = re.compile(r"<row\b([^>]*?)/?>")
_STYLE = re.compile(r'\ss="([0-9]+)"')


@dataclass(slots=True)
class OldCell:
    """A cell as it stands: its style id, its other attributes and what is in it."""

    style: str
    attributes: str
    inner: str

    @property
    def filled(self) -> bool:
        """Whether there is a value or a formula."""
        return "<v" in self.inner or "<f" in self.inner or "<is" in self.inner


@dataclass(slots=True)
class OldLine:
    """One painted row of a page sheet, as it stands now."""

    row: int
    cells: dict[int, OldCell]
    painted: dict[int, Painted]
    attributes: str


@dataclass(slots=True)
class PageMemory:
    """One page sheet before it is painted anew. extra: rows that no run painted, with their attributes and cells."""

    columns: int
    lines: dict[Place, OldLine] = field(default_factory=dict)
    extra: dict[int, tuple[str, dict[int, OldCell]]] = field(default_factory=dict)
    last_row: int = 0


def read_memory(sheet: SheetXml, reader: CellReader, family: str) -> PageMemory | None:
    """What a run painted on this sheet; None when none ever did."""
    rows = list(_rows(sheet))
    if not rows:
        return None
    mark = _find_mark(rows, reader)
    if mark is None:
        return None
    place, fields = mark
    memory = PageMemory(int(fields[2]))
    styles = [(name, code) for name, _, code in (entry.partition("~") for entry in fields[3:])]
    for number, attributes, cells in rows:
        cells.pop(place, None)
        record = cells.pop(place - 1, None)
        parts = text_of(record, reader).split("\t") if record is not None else []
        if len(parts) == 3 and parts[0].isdigit():
            memory.lines[(family, parts[2], int(parts[0]))] = OldLine(number, cells, dict(_codes(parts[1], styles)), attributes)
            memory.last_row = max(memory.last_row, number)
        elif any(cell.filled for cell in cells.values()):
            memory.extra[number] = (attributes, cells)
    return memory


def _find_mark(rows: list[tuple[int, str, dict[int, OldCell]]], reader: CellReader) -> tuple[int, list[str]] | None:
    for _, _, cells in rows[:3]:
        for column, cell in sorted(cells.items(), reverse=True):
            fields = text_of(cell, reader).split("\t")
            if fields[0] == MARK and len(fields) >= 3 and fields[2].isdigit():
                return column, fields
    return None


def _codes(written: str, styles: list[tuple[str, str]]) -> Iterator[tuple[int, Painted]]:
    for match in re.finditer(r"(\d+):(\d+)(e?)(l?)", written):
        if int(match[2]) < len(styles):
            yield int(match[1]), Painted(styles[int(match[2])], bool(match[3]), bool(match[4]))


def _rows(sheet: SheetXml) -> Iterator[tuple[int, str, dict[int, OldCell]]]:
    for numbers, texts in sheet.index().chunks():
        for number, text in zip(numbers, texts.to_list(), strict=True):
            tag = _ROW.match(text)
            attributes = re.sub(r'\s(?:r|spans)="[^"]*"', "", tag[1]).rstrip() if tag else ""
            cells = {}
            for match in _CELL.finditer(text):
                style = _STYLE.search(match[3])
                rest = match[3].replace(style[0], "") if style else match[3]
                cells[column_number(match[1])] = OldCell(style[1] if style else "0", rest, match[4] or "")
            yield number, attributes, cells


def text_of(cell: OldCell, reader: CellReader) -> str:
    """What a cell shows, as text."""
    if "<is" in cell.inner:
        return string_text(cell.inner)
    value = re.search(r"<v[^>]*>([^<]*)</v>", cell.inner)
    if value is None:
        return ""
    if 't="s"' in cell.attributes:
        place = int(value[1])
        return reader.shared[place] if place < reader.shared.len() else ""
    return unescape_cell(value[1])


def restyled(line: OldLine, column: int, styles: StyleBook) -> str | None:
    """The style id that the user gave to a painted cell (0-based column), or None when it is still ours."""
    painted, cell = line.painted.get(column), line.cells.get(column + 1)
    if painted is None or cell is None:
        return None
    return None if styles.same_look(cell.style, styles.style_id(*painted.style)) else cell.style
