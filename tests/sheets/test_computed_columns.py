"""Computed columns refuse typing and are locked, input cells are open: in the template, and after imports, closed quarters and log entries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from openpyxl.cell import MergedCell
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table
from openpyxl.worksheet.worksheet import Worksheet

from tests.hosts.sample_books import CUSTOMERS, SAMPLE_DAY, sample_book
from tests.support_libreoffice import convert
from xlcrm.imports.textsheet import TextSheet, frame_of_rows
from xlcrm.jobs.due import due_list
from xlcrm.jobs.importing import import_sheets
from xlcrm.jobs.logging_followup import FollowUp, log_follow_up
from xlcrm.jobs.quarter import close_quarter
from xlcrm.sheets import places
from xlcrm.sheets.filestore import FileStore
from xlcrm.sheets.styles import STYLES
from xlcrm.sheets.template_tables import is_input
from xlcrm.tables.catalog import TABLES
from xlcrm.tables.schema import TableSpec
from xlcrm.texts import LANGUAGES, Language, text

SPECS = {spec.excel_name: spec for spec in TABLES.values()}
NEVER_TRUE = ("FALSE", "0")
"""As we write it, and as LibreOffice writes it again."""


def refusals(sheet: Worksheet) -> list[DataValidation]:
    return [each for each in sheet.data_validations.dataValidation if each.type == "custom" and each.formula1 in NEVER_TRUE]


def refused_areas(sheet: Worksheet) -> list[tuple[int, int, int, int]]:
    return [range_boundaries(str(area)) for each in refusals(sheet) for area in each.sqref.ranges]


def tables(book: openpyxl.Workbook) -> Iterator[tuple[Worksheet, Table, TableSpec]]:
    for sheet in book.worksheets:
        for table in sheet.tables.values():
            yield sheet, table, SPECS[table.displayName]


def holds_everywhere(path: Path, language: Language) -> dict[str, int]:
    """Each cell of every table is refused and locked, or open, as its column says; the rows of each table."""
    rows = {}
    for sheet, table, spec in tables(openpyxl.load_workbook(path)):
        left, top, right, bottom = range_boundaries(table.ref)
        areas = refused_areas(sheet)
        rows[spec.id] = bottom - top
        for position in range(left, right + 1):
            column = next((each for each in spec.columns if each.label(language) == sheet.cell(top, position).value), None)
            if column is None:  # a column that an import brought is the user's
                continue
            for row in range(top, bottom + 1):
                where = f"{sheet.title}!{get_column_letter(position)}{row}"
                refused = any(area[0] <= position <= area[2] and area[1] <= row <= area[3] for area in areas)
                assert refused == (row > top and column.filled_by != "user"), where
                if row > top:
                    assert sheet.cell(row, position).protection.locked != is_input(spec, column), where
    return rows


@pytest.fixture(scope="module", params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> Language:
    return request.param  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def lived_in(language: Language, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workbook after two imports, two closed quarters and two log entries."""
    book = sample_book(tmp_path_factory.mktemp("computed"), language)
    codes = FileStore.open(book).read("customers").frame["customer_code"].to_list()
    more = [["customer_code", "customer_name", "route", "business_type"], *([f"9{n:03}", f"New {n}", "2", "CS"] for n in range(30))]
    import_sheets(FileStore.open(book), book.name, [TextSheet(book.name, "more", frame_of_rows(more))])
    for number, code in enumerate(codes[:2]):
        log_follow_up(FileStore.open(book), FollowUp(code, "visit", "shelf filled", date=f"2018-01-0{number + 2}"), SAMPLE_DAY)
    close_quarter(FileStore.open(book), "2017Q3", "2017Q2", as_of=SAMPLE_DAY)
    due_list(FileStore.open(book), SAMPLE_DAY + dt.timedelta(days=1))
    return book


def test_in_the_template_every_computed_column_refuses_and_every_input_is_open(language: Language, tmp_path: Path) -> None:
    FileStore.create(tmp_path / "new.xlsx", language)
    assert set(holds_everywhere(tmp_path / "new.xlsx", language)) > {"customers", "follow_ups", "purchases", "grade_changes", "gaps"}


def test_they_still_do_once_the_tables_have_grown(lived_in: Path, language: Language) -> None:
    rows = holds_everywhere(lived_in, language)
    assert rows["customers"] == CUSTOMERS + 30
    assert rows["follow_ups"] == 2
    assert min(rows["grade_changes"], rows["gaps"]) > 10


def test_what_is_refused_is_said_plainly_and_for_good(language: Language, tmp_path: Path) -> None:
    FileStore.create(tmp_path / "new.xlsx", language)
    book = openpyxl.load_workbook(tmp_path / "new.xlsx")
    for sheet, _, spec in tables(book):
        found = refusals(sheet)
        assert bool(found) == any(column.filled_by != "user" for each in SPECS.values() for column in each.columns if any(
            table.displayName == each.excel_name for table in sheet.tables.values()
        )), spec.id  # fmt: skip
        for each in found:
            assert each.showErrorMessage
            assert each.errorStyle in (None, "stop")
            assert not each.showInputMessage, "a box that opens at every click"
            assert each.errorTitle == text("sheets.computed_title", language)
            assert each.error in {text("sheets.computed_column", language), text("sheets.computed_table", language)}
    assert max(len(text(f"sheets.computed_{name}", language)) for name in ("column", "table")) <= 225


def test_no_cell_has_two_validations(language: Language, tmp_path: Path) -> None:
    """The dropdown of an input would be lost under a refusal."""
    FileStore.create(tmp_path / "new.xlsx", language)
    for sheet in openpyxl.load_workbook(tmp_path / "new.xlsx").worksheets:
        areas = [range_boundaries(str(area)) for each in sheet.data_validations.dataValidation for area in each.sqref.ranges]
        for number, (left, top, right, bottom) in enumerate(areas):
            for other in areas[:number]:
                apart = left > other[2] or right < other[0] or top > other[3] or bottom < other[1]
                assert apart, (sheet.title, areas[number], other)


def test_below_a_computed_table_a_note_or_a_sum_can_be_typed_below_customers_a_new_row(lived_in: Path) -> None:
    for sheet, table, spec in tables(openpyxl.load_workbook(lived_in)):
        left, _, right, bottom = range_boundaries(table.ref)
        below = any(area[0] <= right and area[2] >= left and area[1] <= bottom + 1 <= area[3] for area in refused_areas(sheet))
        if spec.kind == "result":
            assert not below, table.displayName
        elif spec.id in ("customers", "follow_ups", "purchases"):
            assert below, table.displayName


def test_a_new_row_by_log_is_open_where_people_type(lived_in: Path, language: Language) -> None:
    sheet = openpyxl.load_workbook(lived_in)[places.sheet_name("follow_ups", language)]
    (table,) = sheet.tables.values()
    left, top, _, bottom = range_boundaries(table.ref)
    last = {column.id: sheet.cell(bottom, left + place).protection.locked for place, column in enumerate(TABLES["follow_ups"].columns)}
    assert bottom - top == 2
    assert (last["note"], last["next_action_on"], last["customer_name"], last["link_key"]) == (False, False, True, True)


def test_inputs_outside_of_tables_are_open_and_nothing_else(language: Language, tmp_path: Path) -> None:
    FileStore.create(tmp_path / "new.xlsx", language)
    book = openpyxl.load_workbook(tmp_path / "new.xlsx")
    home = book[places.sheet_name("home", language)]
    chosen = [
        book.defined_names[name].attr_text.rpartition("!")[2].replace("$", "") for name in (places.CURRENT_QUARTER, places.PREVIOUS_QUARTER)
    ]
    assert [home[cell].protection.locked for cell in chosen] == [False, False]
    open_styles = {name for name, style in STYLES.items() if not style.locked}
    assert open_styles == {"crm.input", "crm.input.left", "crm.write", "crm.route.write"}
    for row in home.iter_rows():
        for cell in row:
            if not isinstance(cell, MergedCell):
                assert cell.protection.locked != (cell.style in open_styles), cell.coordinate
    assert not any(sheet.protection.sheet for sheet in book.worksheets)


def test_libreoffice_keeps_the_refusals_of_a_workbook_that_was_worked_in(
    soffice: str, lived_in: Path, language: Language, tmp_path: Path
) -> None:
    (kept,) = convert(soffice, [lived_in], tmp_path / "kept")
    assert holds_everywhere(kept, language) == holds_everywhere(lived_in, language)
    ours, theirs = openpyxl.load_workbook(lived_in), openpyxl.load_workbook(kept)
    for sheet in ours.worksheets:
        assert [each.error for each in refusals(theirs[sheet.title])] == [each.error for each in refusals(sheet)], sheet.title
