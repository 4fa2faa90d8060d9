"""What makes host tests quick says the same as openpyxl's own reading."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook

from tests.hosts import openbooks
from tests.hosts.sample_books import SITUATIONS, copied, prepare, sample_book
from tests.hosts.shownpages import pages, plain
from xlcrm.sheets import places
from xlcrm.texts import LANGUAGES

LOOKS = ("number_format", "font", "fill", "border", "alignment", "protection")


@pytest.fixture(scope="module", params=LANGUAGES)
def book(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """With typed rows: openpyxl wrote it; without: the house did."""
    made = sample_book(tmp_path_factory.mktemp("sample"), request.param)
    return prepare(made, SITUATIONS["today"]).book if request.param == "zh" else made


def test_pages_are_what_openpyxl_reads(book: Path) -> None:
    workbook = openpyxl.load_workbook(book)
    marks = {name: mark for name, mark in workbook.defined_names.items() if name.casefold().startswith(places.PAGE_PREFIX)}
    assert len(marks) > 5
    assert pages(book) == {name: shown(workbook[next(iter(mark.destinations))[0]]) for name, mark in marks.items()}


def shown(sheet: Any) -> dict[str, Any]:
    """Plain values by cell: no formulas, no blanks, no hidden columns."""
    hidden = set()
    for letter, look in sheet.column_dimensions.items():
        if look.hidden:
            hidden |= {get_column_letter(number) for number in range(look.min or 0, (look.max or 0) + 1)} or {letter}
    return {
        cell.coordinate: plain(cell.value)
        for row in sheet.iter_rows()
        for cell in row
        if cell.value not in (None, "") and cell.data_type != "f" and cell.column_letter not in hidden
    }


def test_a_page_that_differs_in_one_cell_is_seen(book: Path, tmp_path: Path) -> None:
    other = copied(book, tmp_path)
    workbook = openbooks.load(other)
    name, before = next((name, page) for name, page in pages(book).items() if len(page) > 20)
    sheet = workbook[next(iter(workbook.defined_names[name].destinations))[0]]
    cell = list(before)[10]
    sheet[cell].value = "another"
    workbook.save(other)
    after = pages(other)[name]
    assert [each for each in before.keys() | after.keys() if before.get(each) != after.get(each)] == [cell]


def test_columns_and_rows_without_a_size_can_be_hidden_in_a_workbook_opened_again(book: Path, tmp_path: Path) -> None:
    openbooks.load(book)
    workbook = openbooks.load(book)
    sheet = workbook.worksheets[1]
    sheet.column_dimensions["CZ"].hidden = sheet.row_dimensions[999].hidden = True
    workbook.save(tmp_path / "hidden.xlsx")
    after = openpyxl.load_workbook(tmp_path / "hidden.xlsx").worksheets[1]
    assert after.column_dimensions["CZ"].hidden
    assert after.row_dimensions[999].hidden


def test_a_workbook_opened_again_is_the_one_that_openpyxl_opens(book: Path, tmp_path: Path) -> None:
    openbooks.load(book).active.title = "changed by somebody else"
    openbooks.load(book).save(tmp_path / "again.xlsx")
    openpyxl.load_workbook(book).save(tmp_path / "plainly.xlsx")
    assert contents(openpyxl.load_workbook(tmp_path / "again.xlsx")) == contents(openpyxl.load_workbook(tmp_path / "plainly.xlsx"))


def contents(workbook: Workbook) -> dict[str, object]:
    """Cells with their looks, tables, names, widths and what is merged."""
    looks: dict[tuple[int, ...], tuple[str, ...]] = {}

    def look(cell: Any) -> tuple[str, ...]:
        """Asked once for cells of one style."""
        key = tuple(cell._style)
        if key not in looks:
            looks[key] = tuple(repr(getattr(cell, name)) for name in LOOKS)
        return looks[key]

    return {
        "names": {name: entry.attr_text for name, entry in workbook.defined_names.items()},
        "sheets": [
            (
                sheet.title,
                sheet.sheet_state,
                sheet.print_area,
                {name: (table.ref, [column.name for column in table.tableColumns]) for name, table in dict.items(sheet.tables)},
                {letter: (size.width, size.hidden) for letter, size in sheet.column_dimensions.items()},
                sorted(str(area) for area in sheet.merged_cells.ranges),
                len(sheet._charts),
                [(str(area.sqref), [rule.type for rule in area.rules]) for area in sheet.conditional_formatting],
                [(str(rule.sqref), rule.type, rule.formula1) for rule in sheet.data_validations.dataValidation],
            )
            for sheet in workbook.worksheets
        ],
        "cells": {
            (sheet.title, cell.coordinate): (cell.value, cell.data_type, bool(cell.comment), look(cell))
            for sheet in workbook.worksheets
            for row in sheet.iter_rows()
            for cell in row
            if cell.has_style or cell.value is not None
        },
    }
