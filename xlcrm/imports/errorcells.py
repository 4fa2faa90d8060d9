"""Cells of an .xlsx that the reader gives as blank though something stands there: error values, and formulas nobody calculated.

A figure that is `#REF!` must not pass for "nothing bought", so these cells get their text back: the error, or the formula
with its `=`. Both are then bad where a figure, a code or a date is wanted.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from pathlib import Path

import polars as pl

from xlcrm.imports.packages import column_number
from xlcrm.imports.textsheet import TextSheet, column_letter

_MAIN = "{*}"
_ADDRESS = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT_RELATION = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"


def with_hidden_text(path: Path, sheets: list[TextSheet]) -> list[TextSheet]:
    """The sheets with those texts filled in."""
    with zipfile.ZipFile(path) as package:
        parts = _sheet_parts(package)
        return [_filled(sheet, _hidden_text(package, parts[sheet.name])) if sheet.name in parts else sheet for sheet in sheets]


def _filled(sheet: TextSheet, texts: dict[tuple[int, int], str]) -> TextSheet:
    if not texts:
        return sheet
    height = max([sheet.frame.height, *(row + 1 for row, _ in texts)])
    width = max([sheet.frame.width, *(column + 1 for _, column in texts)])
    columns = []
    for index in range(width):
        values = sheet.frame.to_series(index).to_list() if index < sheet.frame.width else []
        values += [None] * (height - len(values))
        for (row, column), text in texts.items():
            if column == index and values[row] is None:
                values[row] = text
        columns.append(pl.Series(column_letter(index), values, dtype=pl.String))
    return TextSheet(sheet.file, sheet.name, pl.DataFrame(columns), sheet.merged, sheet.hidden, sheet.decimal_comma)


def _sheet_parts(package: zipfile.ZipFile) -> dict[str, str]:
    """Sheet name -> name of its part; empty where the workbook is put together in an unusual way."""
    from defusedxml.ElementTree import fromstring

    names = package.namelist()
    book = "xl/workbook.xml"
    rels = "xl/_rels/workbook.xml.rels"
    if book not in names or rels not in names:
        return {}
    targets = {rel.get("Id"): rel.get("Target", "") for rel in fromstring(package.read(rels))}
    found: dict[str, str] = {}
    for sheet in fromstring(package.read(book)).iterfind(f"{_MAIN}sheets/{_MAIN}sheet"):
        target = targets.get(sheet.get(_RELATION) or sheet.get(_STRICT_RELATION), "")
        part = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join("xl", target))
        if part in names:
            found[sheet.get("name", "")] = part
    return found


def _hidden_text(package: zipfile.ZipFile, part: str) -> dict[tuple[int, int], str]:
    """(row, column), both from 0 -> text. Only cells that say where they stand."""
    from defusedxml.ElementTree import iterparse

    texts: dict[tuple[int, int], str] = {}
    with package.open(part) as stream:
        for _, element in iterparse(stream, forbid_dtd=True):
            if not element.tag.endswith("}c"):
                continue
            value, formula = element.find(f"{_MAIN}v"), element.find(f"{_MAIN}f")
            written = (value.text or "") if value is not None else ""
            address = _ADDRESS.fullmatch(element.get("r", ""))
            if address and element.get("t") == "e":
                text = written or "#ERROR"
            elif address and formula is not None and not written and element.get("t") != "str":
                text = f"={formula.text or ''}"
            else:
                element.clear()
                continue
            texts[int(address.group(2)) - 1, column_number(address.group(1).encode()) - 1] = text
            element.clear()
    return texts
