"""What stands on the sheets that a run paints, read from the file with no more than that takes: openpyxl needs a second a workbook."""

from __future__ import annotations

import datetime as dt
import posixpath
import re
import zipfile
from pathlib import Path
from typing import Any

from openpyxl.utils import get_column_letter
from openpyxl.xml.functions import fromstring
from python_calamine import CalamineWorkbook

from xlcrm.sheets import places

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_FORMULA_CELL = re.compile(rb'<c r="([A-Z]+[0-9]+)"[^>]*>\s*<f[ >/]')
_HIDDEN_COLUMNS = re.compile(rb"<col [^>]*>")


def pages(book: Path) -> dict[str, dict[str, Any]]:
    """Values by cell and by page: no formulas, no blanks, no hidden columns, which hold what a painter remembers."""
    with zipfile.ZipFile(book) as package:
        marks, parts = _marked(package)
        values = CalamineWorkbook.from_path(str(book))
        return {
            page: _shown(package.read(parts[sheet]), values.get_sheet_by_name(sheet).to_python(skip_empty_area=False))
            for page, sheet in marks.items()
        }


def _marked(package: zipfile.ZipFile) -> tuple[dict[str, str], dict[str, str]]:
    """The sheet of each page; the part of each sheet."""
    workbook = fromstring(package.read("xl/workbook.xml"))
    links = {link.get("Id"): link.get("Target") for link in fromstring(package.read("xl/_rels/workbook.xml.rels"))}
    parts = {
        sheet.get("name"): posixpath.normpath(posixpath.join("/xl", links[sheet.get(_LINK)])).lstrip("/")
        for sheet in workbook.iter(f"{_MAIN}sheet")
    }
    marks = {
        name.get("name"): name.text.rpartition("!")[0].strip("'").replace("''", "'")
        for name in workbook.iter(f"{_MAIN}definedName")
        if name.get("name").casefold().startswith(places.PAGE_PREFIX)
    }
    return marks, parts


def _shown(xml: bytes, rows: list[list[Any]]) -> dict[str, Any]:
    formulas = {found.decode() for found in _FORMULA_CELL.findall(xml)}
    hidden: set[int] = set()
    for column in _HIDDEN_COLUMNS.findall(xml):
        if re.search(rb' hidden="(?:1|true)"', column):
            first, last = (int(re.search(rb' %s="([0-9]+)"' % end, column)[1]) for end in (b"min", b"max"))  # type: ignore[index]  # both are required
            hidden |= set(range(first, last + 1))
    letters = [get_column_letter(number) for number in range(1, max(map(len, rows), default=0) + 1)]
    return {
        cell: plain(value)
        for number, row in enumerate(rows, start=1)
        for letter, (place, value) in zip(letters, enumerate(row, start=1), strict=False)
        if value != "" and place not in hidden and (cell := f"{letter}{number}") not in formulas
    }


def plain(value: object) -> object:
    """A value without what programs write differently: 12 and 12.0, a day and its midnight, the last digits of a float."""
    if isinstance(value, dt.datetime):
        return value.date() if value.time() == dt.time() else value
    if isinstance(value, float):
        return int(value) if value.is_integer() else round(value, 9)
    return value
