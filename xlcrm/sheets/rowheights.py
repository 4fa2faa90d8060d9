"""How high the rows of result tables with sentences have to be: no program grows the rows of a file that it opens.

The tables of a sheet stand side by side, so a row is as high as its longest sentence in any of them. A height that the user gave a row
himself stays.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping

import polars as pl

from xlcrm.sheets.parts import Workbook
from xlcrm.sheets.sheetxml import SheetXml
from xlcrm.sheets.tableparts import Table
from xlcrm.sheets.tablerows import typed
from xlcrm.sheets.tablewriter import columns_by_id
from xlcrm.sheets.textfit import width_px
from xlcrm.sheets.xmlbits import attributes
from xlcrm.tables.schema import TableSpec
from xlcrm.texts import Language

ROW_PX, LINE_PX, EDGES_PX = 24, 18, 6
POINTS = 0.75
"""Of a pixel."""
_DIGIT_PX = 7
_PADDING_PX = 16
_WORD_PX = 30
"""About what a line leaves empty at its end, where the next word finds no room."""
_SQUARE_PX = 14
"""The same of Chinese, which breaks anywhere and is as wide in every font."""
_WIDER = 1.1
"""Other programs have other fonts, some a tenth wider."""
_ROW_WITH_HEIGHT = re.compile(rb'<row r="[0-9]+"[^>]*\sht="[^>]*>')
_HEIGHT = re.compile(rb'\s(?:ht|customHeight)="[^"]*"')


def fit_rows(workbook: Workbook, written: Iterable[tuple[Table, TableSpec, pl.DataFrame]], language: Language) -> None:
    """Gives the rows of these tables the height that their sentences take; tables without any say nothing of it."""
    by_part: dict[str, list[tuple[Table, TableSpec, pl.DataFrame]]] = {}
    for table, spec, frame in written:
        by_part.setdefault(table.sheet.part, []).append((table, spec, frame))
    for part, tables in by_part.items():
        with_sentences = [each for each in tables if any(column.sentences for column in each[1].columns)]
        if not with_sentences:
            continue
        sheet = SheetXml.parse(workbook.package.read(part), part, workbook.package.file)
        widths = _column_widths(sheet.head)
        lines: dict[int, int] = {}
        for table, spec, frame in with_sentences:
            for number, count in _lines(table, spec, frame, widths, language).items():
                lines[number] = max(count, lines.get(number, 1))
        bottom = max(table.body.bottom for table, _, _ in tables)
        workbook.package.replace(part, [sheet.head.encode(), *_with_heights(sheet, lines, bottom), sheet.tail.encode()])


def lines_of(text: str | None, column_px: float) -> int:
    """How many lines a sentence takes in a column of that width."""
    wider, left_empty = (_WIDER, _WORD_PX) if (text or "").isascii() else (1.0, _SQUARE_PX)
    needed, room = width_px(text or "") * wider, column_px - _PADDING_PX
    return 1 if needed <= room else math.ceil(needed / max(room - left_empty, left_empty))


def _lines(table: Table, spec: TableSpec, frame: pl.DataFrame, widths: Mapping[int, float], language: Language) -> dict[int, int]:
    """Lines by row number."""
    found = dict.fromkeys(range(table.body.top, table.body.bottom + 1), 1)
    for name, number in columns_by_id(table, spec).items():
        if name not in spec.by_id or not spec.by_id[name].sentences or name not in frame.columns:
            continue
        shown, _ = typed(frame[name], spec.by_id[name], language)
        known = {each: lines_of(each, widths.get(number, 64)) for each in shown.unique()}
        for row, each in enumerate(shown, start=table.body.top):
            found[row] = max(found.get(row, 1), known[each])
    return found


def _column_widths(head: str) -> dict[int, float]:
    """Pixels by column."""
    given = [attributes(each) for each in re.findall(r"<col\b[^>]*/>", head)]
    return {
        number: float(each["width"]) * _DIGIT_PX for each in given if "width" in each
        for number in range(int(each["min"]), min(int(each["max"]), int(each["min"]) + 100) + 1)
    }  # fmt: skip


def _with_heights(sheet: SheetXml, lines: Mapping[int, int], bottom: int) -> Iterable[bytes]:
    """The sheet's rows; those of a longer table beside those with sentences, down to `bottom`, have no height of their own."""
    everything = sheet.index()
    index = everything.between(min(lines), max(lines))
    yield everything.before(min(lines))
    for place, number in enumerate(index.numbers):
        row = index.data[index.starts[place] : index.place(place + 1)]
        end = row.index(b">")
        tag = row[:end]
        if number not in lines or b' customHeight="1"' in tag:
            yield row
            continue
        slash = b"/" if tag.endswith(b"/") else b""
        height = (EDGES_PX + LINE_PX * lines[number]) * POINTS
        yield _HEIGHT.sub(b"", tag.removesuffix(b"/")) + f' ht="{height:g}"'.encode() + slash + row[end:]
    if bottom > max(lines):
        beside = everything.between(max(lines) + 1, bottom)
        yield _ROW_WITH_HEIGHT.sub(_without_height, beside.data[beside.first : beside.end])
    yield everything.after(max(bottom, *lines))


def _without_height(tag: re.Match[bytes]) -> bytes:
    return tag[0] if b' customHeight="1"' in tag[0] else _HEIGHT.sub(b"", tag[0])
