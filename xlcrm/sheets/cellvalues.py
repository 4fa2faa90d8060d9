"""Single cells of a closed sheet, by address: read, or given a new value in their own style."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

from xlcrm.sheets.sheetcells import CellReader, scan
from xlcrm.sheets.sheetxml import SheetXml
from xlcrm.sheets.xmlbits import Area, column_number, day_number, escape_cell
from xlcrm.tables.addresses import column_letters

Value = str | int | float | dt.date | None
_FORMULA = re.compile(r"<f\b(?:[^>]*/>|[^>]*>.*?</f>)", re.DOTALL)
_CELL = r'<c r="{address}"(?:[^>/]*/>|[^>]*>.*?</c>)'


def cell_text(sheet: SheetXml, area: Area, reader: CellReader) -> str:
    """What the first cell of a range shows, as text."""
    scanned = scan(sheet.index().between(area.top, area.top), reader, {area.left: False}, None)
    texts = scanned.texts[area.left]
    return (texts[0] or "") if texts.len() else ""


def set_cells(sheet: SheetXml, cells: Sequence[tuple[Area, Value, bool]], date1904: bool) -> None:
    """Gives the first cell of each range a value; its style stays, a formula goes, or, where that is said, shows the value from now on."""
    by_row: dict[int, list[tuple[Area, Value, bool]]] = {}
    for cell in cells:
        by_row.setdefault(cell[0].top, []).append(cell)
    index = sheet.index()
    pieces, done = [], index.first
    for number, of_row in sorted(by_row.items()):
        line = index.between(number, number)
        if line.numbers:
            start, end = line.starts[0], line.place(1)
            text = index.data[start:end].decode()
        else:
            start = end = index.first + len(index.before(number))
            text = f'<row r="{number}"></row>'
        if re.match(r"<row\b[^>]*/>", text):
            text = re.sub(r"^(<row\b[^>]*?)\s*/>", r"\1></row>", text)
        for area, value, keeps_formula in of_row:
            text = _with_cell(text, area, value, date1904, keeps_formula)
        pieces += [index.data[done:start], text.encode()]
        done = end
    sheet.rows = b"".join([*pieces, index.data[done : index.end]])


def _with_cell(text: str, area: Area, value: Value, date1904: bool, keeps_formula: bool) -> str:
    """A row's XML with the value in one cell."""
    address = f"{column_letters(area.left)}{area.top}"
    found = re.search(_CELL.format(address=address), text, re.DOTALL)
    if found:
        style = re.search(r'^<c r="[^"]*"[^>]*?\ss="(\d+)"', found[0])
        formula = _FORMULA.search(found[0]) if keeps_formula else None
        new = cell_xml(address, style[1] if style else "", value, date1904, formula[0] if formula else "")
        return text[: found.start()] + new + text[found.end() :]
    if value is None:
        return text
    place = text.rindex("</row>")
    for other in re.finditer(r'<c r="([A-Z]+)\d+"', text):
        if column_number(other[1]) > area.left:
            place = other.start()
            break
    return re.sub(r'\sspans="[^"]*"', "", text[:place] + cell_xml(address, "", value, date1904) + text[place:], count=1)


def cell_xml(address: str, style: str, value: Value, date1904: bool = False, formula: str = "") -> str:
    """One cell. Text is written as text, whatever it begins with. formula: an `<f>` element that shows the value."""
    start = f'<c r="{address}"' + (f' s="{style}"' if style else "")
    if isinstance(value, dt.date):
        number = day_number(value, date1904)
        value = value.isoformat() if number is None else number
    if formula and (value is None or isinstance(value, str)):
        return f'{start} t="str">{formula}<v>{escape_cell(value or "")}</v></c>'
    if value is None or value == "":
        return start + "/>"
    if isinstance(value, bool):
        return f'{start} t="b">{formula}<v>{int(value)}</v></c>'
    if isinstance(value, str):
        space = ' xml:space="preserve"' if value != value.strip() or "\n" in value else ""
        return f'{start} t="inlineStr"><is><t{space}>{escape_cell(value)}</t></is></c>'
    if isinstance(value, float) and value != value:
        return start + "/>"
    return f"{start}>{formula}<v>{value}</v></c>"
