"""Small files for the import tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import openpyxl

Rows = Sequence[Sequence[object]]


def workbook(path: Path, sheets: Mapping[str, Rows], merged: Sequence[str] = ()) -> Path:
    """A workbook of those sheets; `merged` ranges go to the first one."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    for cells in merged:
        book.worksheets[0].merge_cells(cells)
    book.save(path)
    return path


def text(path: Path, lines: Sequence[str], encoding: str = "utf-8") -> Path:
    """A text file of those lines."""
    path.write_bytes("".join(f"{line}\n" for line in lines).encode(encoding))
    return path
