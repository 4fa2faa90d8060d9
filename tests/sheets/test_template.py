"""The templates: the same bytes every time, sound for Excel, and with formulas that give right answers."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils import get_column_letter, range_boundaries

from xlcrm.settings import default_settings
from xlcrm.sheets import places, routesheet
from xlcrm.sheets.styles import FONTS, STYLES, TOKENS
from xlcrm.sheets.template import template_bytes, template_name
from xlcrm.sheets.template_build import build, dictionary_rows
from xlcrm.sheets.template_home import STEP_TARGETS, TILES
from xlcrm.tables.catalog import TABLES
from xlcrm.texts import LANGUAGES, Language, text

PROJECT = Path(__file__).resolve().parents[2]


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture(scope="module", params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> Language:
    return request.param  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def shipped(language: Language) -> bytes:
    return template_bytes(language)


@pytest.fixture(scope="module")
def book(shipped: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(shipped))


def test_the_shipped_template_is_what_the_code_builds(language: Language, shipped: bytes) -> None:
    fresh = parts(build(language))
    old = parts(shipped)
    assert [name for name in fresh if fresh[name] != old.get(name)] == [], "run: python -m xlcrm.sheets.template"
    assert list(fresh) == list(old)
    assert (PROJECT / "templates" / template_name(language)).read_bytes() == shipped


def test_two_builds_in_other_processes_are_the_same_bytes(language: Language) -> None:
    script = f"import sys; from xlcrm.sheets.template_build import build; sys.stdout.buffer.write(build({language!r}))"
    built = [
        subprocess.run([sys.executable, "-c", script], capture_output=True, check=True, env={**os.environ, "PYTHONHASHSEED": seed}).stdout
        for seed in ("1", "2")
    ]
    assert built[0] == built[1] != b""


def test_it_says_that_excel_made_it_and_holds_no_clock_time(shipped: bytes) -> None:
    found = parts(shipped)
    assert b"<Application>Microsoft Excel</Application>" in found["docProps/app.xml"]
    assert set(re.findall(rb"20\d\d-\d\d-\d\dT[^<]*", found["docProps/core.xml"])) == {b"2026-01-01T00:00:00Z"}
    with zipfile.ZipFile(io.BytesIO(shipped)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(2026, 1, 1, 0, 0, 0)}


def test_sheets_stand_in_their_order_under_names_of_the_language(book: openpyxl.Workbook, language: Language) -> None:
    names = [places.sheet_name(sheet_id, language) for sheet_id in places.SHEET_IDS]
    assert book.sheetnames == [*names, places.ROUTE_PATTERN, places.STYLES_SHEET]
    assert all(len(name) <= 31 for name in names)
    assert book[places.STYLES_SHEET].sheet_state == "veryHidden"
    assert all(book[name].sheet_state == "visible" for name in names)


def test_every_table_is_there_and_its_heads_are_the_names_of_its_columns(book: openpyxl.Workbook, language: Language) -> None:
    found = {}
    for sheet in book.worksheets:
        for table in sheet.tables.values():
            name = table.displayName
            left, top, right, bottom = range_boundaries(table.ref)
            heads = [sheet.cell(top, column).value for column in range(left, right + 1)]
            assert heads == [column.name for column in table.tableColumns], name
            assert len({str(head).casefold() for head in heads}) == len(heads), name
            assert table.autoFilter is not None
            assert table.autoFilter.ref == table.ref
            assert bottom > top
            found[name] = heads
    painted = {TABLES[table_id].excel_name for table_id in places.PAGE_SHEETS if table_id in TABLES}
    assert set(found) == {table.excel_name for table in TABLES.values()} - painted
    for table in TABLES.values():
        if table.excel_name in found:
            assert found[table.excel_name] == [column.label(language) for column in table.columns]


def test_table_numbers_and_names_are_unique_in_the_package(shipped: bytes) -> None:
    roots = [
        re.search(rb'<table id="(\d+)"[^>]*displayName="([^"]*)"', part) for name, part in parts(shipped).items() if "/tables/" in name
    ]
    assert all(roots)
    ids, names = ([found[group] for found in roots if found] for group in (1, 2))
    assert len(set(ids)) == len(ids) == len(set(names))


def test_a_formula_column_has_its_formula_in_the_table_and_in_its_first_row(book: openpyxl.Workbook, language: Language) -> None:
    checked = 0
    for spec in TABLES.values():
        for sheet in book.worksheets:
            if spec.excel_name not in sheet.tables:
                continue
            table = sheet.tables[spec.excel_name]
            left, top, _, _ = range_boundaries(table.ref)
            for offset, column in enumerate(spec.columns):
                formula = table.tableColumns[offset].calculatedColumnFormula
                if column.filled_by != "formula":
                    assert formula is None
                    continue
                assert formula is not None
                assert "{" not in formula.attr_text
                assert sheet.cell(top + 1, left + offset).value == "=" + formula.attr_text
                assert not re.search(r"(?<!_xlfn\.)\bMAXIFS\(", formula.attr_text)
                checked += 1
    assert checked >= 12


def test_every_style_can_be_found_by_its_name(book: openpyxl.Workbook, language: Language) -> None:
    sheet = book[places.STYLES_SHEET]
    assert [sheet.cell(row, 1).value for row in range(1, sheet.max_row + 1)] == list(STYLES)
    for row, (name, spec) in enumerate(STYLES.items(), start=1):
        cell = sheet.cell(row, 1)
        assert cell.style == name
        assert (cell.font.name, cell.font.size, bool(cell.font.bold)) == (FONTS[language], spec.size, spec.bold)
        assert cell.font.color.rgb == "FF" + TOKENS[spec.color]
        assert cell.number_format == spec.number_format
        assert (cell.fill.fgColor.rgb == "FF" + TOKENS[spec.fill]) if spec.fill else cell.fill.fill_type is None


def test_new_rows_in_excel_get_the_table_style(shipped: bytes, book: openpyxl.Workbook) -> None:
    styles = parts(shipped)["xl/styles.xml"].decode()
    assert '<tableStyle name="crm.table"' in styles
    looks = int(re.findall(r'<dxfs count="(\d+)"', styles)[0])
    used = [int(number) for part in parts(shipped).values() for number in re.findall(rb'dxfId="(\d+)"', part)]
    assert used
    assert max(used) < looks
    assert {table.tableStyleInfo.name for sheet in book.worksheets for table in sheet.tables.values() if table.tableStyleInfo} == {
        "crm.table"
    }


def test_dropdowns_refuse_with_a_friendly_text_that_excel_can_hold(book: openpyxl.Workbook, language: Language) -> None:
    seen = set()
    for sheet in book.worksheets:
        for validation in sheet.data_validations.dataValidation:
            if sheet.title == places.sheet_name("card", language):  # the search offers its hits and takes anything
                assert not validation.showErrorMessage
                continue
            assert validation.showErrorMessage
            assert 0 < len(validation.errorTitle) <= 32
            assert 0 < len(validation.error) <= 225
            assert not validation.formula1.startswith("=")
            assert len(validation.formula1) <= 255
            seen.add(validation.formula1)
    lists = {places.LIST_CUSTOMER_CODES, places.LIST_ROUTES, places.LIST_PRODUCTS, places.LIST_QUARTERS}
    assert lists <= seen
    assert lists <= set(book.defined_names)
    kinds = ",".join(text(f"choices.{kind}", language) for kind in TABLES["follow_ups"].by_id["kind"].choices)
    assert f'"{kinds}"' in seen


def test_defined_names_lead_to_cells_of_sheets_that_exist(book: openpyxl.Workbook) -> None:
    for name, defined in book.defined_names.items():
        if name.startswith((places.HOME_PREFIX, places.SHEET_PREFIX, places.PAGE_PREFIX)):
            sheet, cell = defined.attr_text.rsplit("!", 1)
            assert sheet.strip("'") in book.sheetnames
            assert re.fullmatch(r"\$[A-Z]+\$\d+", cell)
    assert {places.page_name(page) for page in places.PAGE_SHEETS} <= set(book.defined_names)


def test_every_sheet_leads_home_and_home_leads_to_sheets(book: openpyxl.Workbook, language: Language) -> None:
    link = re.compile(r'=HYPERLINK\("#([\w.]+)","[^"]+"\)')
    home = places.sheet_name("home", language)
    targets = [found[1] for row in book[home].iter_rows() for cell in row if (found := link.fullmatch(str(cell.value)))]
    assert len(targets) == 1 + len(STEP_TARGETS) + len(TILES)  # the card of overdue visits, the steps, the tiles
    assert all(target in book.defined_names for target in targets)
    for name in book.sheetnames:
        if name == places.sheet_name("dashboard", language):  # beside the printed page, as on every page that a run paints
            assert book[name]["R1"].hyperlink.location == places.SHEET_PREFIX + "home"
        elif name not in (home, places.ROUTE_PATTERN, places.STYLES_SHEET):
            # Beside the printed card stands the search.
            first = {places.sheet_name("import", language): "A1", places.sheet_name("card", language): "P1"}.get(name, "B1")
            assert link.fullmatch(str(book[name][first].value)), name


def test_two_wide_tables_print_a_page_wide_each(book: openpyxl.Workbook, language: Language) -> None:
    sheet = book[places.sheet_name("follow_up_summary", language)]
    (mark,) = sheet.col_breaks.brk
    second = TABLES["daily_summary"].label(language)
    assert sheet.cell(places.HEADER_ROW - 1, mark.id + 1).value == second  # the break stands before the second table's first column
    assert sheet.cell(places.HEADER_ROW, mark.id).value is None
    widths = [sheet.column_dimensions[get_column_letter(column)].width for column in range(1, sheet.max_column + 1)]
    before, after = sum(widths[: mark.id]), sum(widths[mark.id :])
    assert before < after < before + widths[mark.id]  # what fills pages instead of heeding a break comes to the same


def test_only_what_compares_two_quarters_names_them(book: openpyxl.Workbook, language: Language) -> None:
    for sheet_id, names_them in (("gaps", True), ("customers", True), ("duplicates", False), ("handovers", False), ("kpis", False)):
        cells = book[places.sheet_name(sheet_id, language)][2]
        assert any(places.PREVIOUS_QUARTER in str(cell.value) for cell in cells) is names_them, sheet_id


def test_sheets_are_ready_to_print_and_heads_stay_in_view(book: openpyxl.Workbook, language: Language) -> None:
    for sheet_id in places.SHEET_IDS:
        sheet = book[places.sheet_name(sheet_id, language)]
        assert sheet.page_setup.paperSize == 9 or str(sheet.page_setup.paperSize) == "9"
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.page_setup.fitToWidth in ((2,) if sheet_id == "follow_up_summary" else (None, 1))
        assert "&P" in str(sheet.oddFooter.right.text)
        if places.tables_of_sheet(sheet_id) and sheet_id != "charts":
            assert sheet.print_title_rows == "$5:$5"
            assert sheet.freeze_panes == ("D6" if sheet_id == "customers" else "A6")
    customers = book[places.sheet_name("customers", language)]
    state = TABLES["customers"].column_ids.index("state")
    assert customers.column_dimensions[customers.cell(5, 2 + state).column_letter].hidden


def test_looks_follow_values_on_the_grade_columns(book: openpyxl.Workbook, language: Language) -> None:
    for sheet_id in ("customers", "follow_ups", "grade_changes"):
        sheet = book[places.sheet_name(sheet_id, language)]
        rules = [rule for cells in sheet.conditional_formatting for rule in cells.rules]
        formulas = [rule.formula[0] for rule in rules]
        assert any(formula.startswith("RIGHT(") and formula.endswith('="↑"') for formula in formulas), sheet_id
        assert any(formula.startswith("RIGHT(") and formula.endswith('="↓"') for formula in formulas), sheet_id
        assert all(rule.stopIfTrue for rule in rules)


def test_the_dictionary_and_the_settings_stand_there_from_the_start(book: openpyxl.Workbook, language: Language) -> None:
    rows = dictionary_rows(language)
    assert len(rows) == sum(len(table.columns) for table in TABLES.values())
    assert all(row[6] for row in rows), "a column without a meaning"
    sheet = book[places.sheet_name("dictionary", language)]
    assert sheet.cell(6, 2).value == TABLES["customers"].label(language)
    values = {row[0].value: row[1].value for row in book[places.sheet_name("settings", language)].iter_rows(6, 19, 2, 3)}
    assert values[text("settings.language", language)] == language
    assert values[text("settings.routes_count", language)] == str(default_settings(language).routes_count)


def test_an_export_is_pasted_at_its_own_column_letters(book: openpyxl.Workbook, language: Language) -> None:
    target = book.defined_names[places.IMPORT_PASTE].attr_text
    assert target == f"'{places.sheet_name('import', language)}'!$A${places.IMPORT_ROW}"


def test_the_route_pattern_has_the_print_set_up_of_a_route_sheet_and_nothing_on_it(book: openpyxl.Workbook) -> None:
    sheet = book[places.ROUTE_PATTERN]
    assert sheet.sheet_state == "veryHidden"
    assert sheet.print_title_rows == f"$1:${routesheet.HEAD_ROWS}"
    assert (sheet.page_setup.orientation, sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == ("landscape", 1, 0)
    assert [cell.value for row in sheet.iter_rows() for cell in row if cell.value] == []
