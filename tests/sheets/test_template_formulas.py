"""The workbook's own formulas, recalculated by LibreOffice: right answers in both languages, no error value."""

from __future__ import annotations

import datetime as dt
import io
import subprocess
from pathlib import Path

import openpyxl
import pytest
from openpyxl.workbook import Workbook

from tests.sheets.filling import fill_table
from xlcrm.sheets import places
from xlcrm.sheets.template import template_bytes
from xlcrm.sheets.template_formulas import escaped_label, excel_formula
from xlcrm.tables.catalog import TABLES
from xlcrm.texts import LANGUAGES, Language, text

# Codes that a spreadsheet takes for the same number: leading zeros, and 18 digits that differ in the last one.
LONG, LONG_TWIN = "330100201700000011", "330100201700000012"
CODES = ("012", "12", LONG, LONG_TWIN, "0012")


def set_named(book: Workbook, name: str, value: object) -> None:
    sheet, cell = book.defined_names[name].attr_text.rsplit("!", 1)
    book[sheet.strip("'")][cell.replace("$", "")].value = value


def filled(language: Language) -> Workbook:
    book = openpyxl.load_workbook(io.BytesIO(template_bytes(language)))
    customers = [
        {"customer_code": code, "customer_name": f"N{number}", "route": "1" if number % 2 else "2", "shown": f"CS{number % 3 + 1}↑"}
        for number, code in enumerate(CODES)
    ]
    fill_table(book, "customers", customers, language)
    fill_table(
        book,
        "routes",
        [{"route": "1", "batch": "A", "account_manager": "Ann"}, {"route": "2", "batch": "B", "account_manager": "Bo"}],
        language,
    )
    purchases = [
        {"customer_code": "012", "date": dt.date(2017, 10, 1), "quantity": 1, "amount": 1.25},
        {"customer_code": "12", "period": "2017-11", "quantity": 10, "amount": 10.5},
        {"customer_code": LONG, "period": "2017Q4", "quantity": 100, "amount": 100},
        {"customer_code": LONG_TWIN, "date": dt.date(2017, 12, 31), "quantity": 1000, "amount": 1000},
        {"customer_code": LONG_TWIN, "date": dt.date(2018, 1, 1), "quantity": 9, "amount": 9},
        {"customer_code": "012", "date": dt.date(2017, 12, 1), "quantity": -3, "amount": -0.75},
        {"customer_code": "nobody", "period": "2017-09", "quantity": 5, "amount": 5},
    ]
    fill_table(book, "purchases", purchases, language)
    follow_ups = [
        {"date": dt.date(2017, 12, 4), "customer_code": LONG, "follow_up_id": "F1"},
        {"date": dt.date(2017, 12, 20), "customer_code": LONG, "follow_up_id": "F2"},
        {"date": dt.date(2017, 12, 22), "customer_code": LONG_TWIN, "follow_up_id": "F3"},
        {"date": dt.date(2017, 12, 25), "customer_code": LONG, "follow_up_id": "PB-1"},  # a task: nothing that happened
    ]
    fill_table(book, "follow_ups", follow_ups, language)
    fill_table(book, "grades", [{"customer_code": LONG_TWIN, "quarter": "2017Q4", "grade": "CS1"}], language)
    set_named(book, places.CURRENT_QUARTER, "2017Q4")
    settings = book[places.sheet_name("settings", language)]
    for row in settings.iter_rows(min_row=6, max_row=30, min_col=2, max_col=3):
        if row[0].value == text("settings.change_marked_percent", language):
            row[1].value = "35"
    book[places.sheet_name("home", language)]["Z1"] = f"={places.CHANGE_MARKED}"
    return book


def recalculated(book: Workbook, folder: Path, soffice: str) -> Workbook:
    """The workbook as LibreOffice calculates it: the file holds no cached value of a table's formula."""
    source = folder / "filled.xlsx"
    book.save(source)
    profile = (folder / "profile").as_uri()
    subprocess.run(
        [soffice, f"-env:UserInstallation={profile}", "--headless", "--convert-to", "xlsx", "--outdir", str(folder / "out"), str(source)],
        check=True,
        capture_output=True,
        timeout=180,
    )
    return openpyxl.load_workbook(folder / "out" / "filled.xlsx", data_only=True)


@pytest.fixture(scope="module", params=LANGUAGES)
def calculated(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, soffice: str) -> tuple[Workbook, Language]:
    language: Language = request.param
    return recalculated(filled(language), tmp_path_factory.mktemp(language), soffice), language


def column(calculated: tuple[Workbook, Language], table_id: str, column_id: str, rows: int) -> list[object]:
    book, language = calculated
    sheet = book[places.sheet_name(table_id, language)]
    place = places.FIRST_COLUMN + TABLES[table_id].column_ids.index(column_id)
    return [sheet.cell(row, place).value or None for row in range(places.HEADER_ROW + 1, places.HEADER_ROW + 1 + rows)]


def test_no_cell_shows_an_error(calculated: tuple[Workbook, Language]) -> None:
    errors = [
        f"{sheet.title}!{cell.coordinate}: {cell.value}"
        for sheet in calculated[0].worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "e" or (isinstance(cell.value, str) and cell.value.startswith(("#N", "#V", "#R", "#D", "Err:")))
    ]
    assert errors == []


def test_purchases_of_the_quarter_add_up_under_exactly_their_code(calculated: tuple[Workbook, Language]) -> None:
    assert column(calculated, "customers", "quantity", 5) == [-2, 10, 100, 1000, None]
    assert column(calculated, "customers", "amount", 5) == [0.5, 10.5, 100, 1000, None]


def test_last_dates_are_those_of_the_code(calculated: tuple[Workbook, Language]) -> None:
    purchases = [value.date() if isinstance(value, dt.datetime) else value for value in column(calculated, "customers", "last_purchase", 5)]
    assert purchases == [dt.date(2017, 12, 1), None, None, dt.date(2018, 1, 1), None]
    follow_ups = [
        value.date() if isinstance(value, dt.datetime) else value for value in column(calculated, "customers", "last_follow_up", 5)
    ]
    assert follow_ups == [None, None, dt.date(2017, 12, 20), dt.date(2017, 12, 22), None]


def test_batch_and_manager_come_from_the_route(calculated: tuple[Workbook, Language]) -> None:
    assert column(calculated, "customers", "batch", 5) == ["B", "A", "B", "A", "B"]
    assert column(calculated, "customers", "account_manager", 5) == ["Bo", "Ann", "Bo", "Ann", "Bo"]


def test_name_and_grade_come_from_the_customer(calculated: tuple[Workbook, Language]) -> None:
    assert column(calculated, "purchases", "customer_name", 7) == ["N0", "N1", "N2", "N3", "N3", "N0", None]
    assert column(calculated, "follow_ups", "grade", 3) == ["CS3↑", "CS3↑", "CS1↑"]
    assert column(calculated, "grades", "customer_name", 1) == ["N3"]


def test_the_quarter_follows_from_date_month_or_quarter(calculated: tuple[Workbook, Language]) -> None:
    assert column(calculated, "purchases", "quarter", 7) == ["2017Q4", "2017Q4", "2017Q4", "2017Q4", "2018Q1", "2017Q4", "2017Q3"]


def test_home_counts_rows_and_the_links_show_their_words(calculated: tuple[Workbook, Language]) -> None:
    book, language = calculated
    home = book[places.sheet_name("home", language)]
    shown = {
        str(cell.value).removesuffix("  ›"): home.cell(cell.row + 1, cell.column).value
        for row in home.iter_rows()
        for cell in row
        if str(cell.value).endswith("  ›")
    }
    counts = [shown[places.sheet_name(sheet_id, language)] for sheet_id in ("customers", "purchases", "follow_ups")]
    assert counts == [5, 7, 4]


def test_the_settings_table_decides_from_where_a_change_is_marked(calculated: tuple[Workbook, Language]) -> None:
    book, language = calculated
    assert book[places.sheet_name("home", language)]["Z1"].value == pytest.approx(0.35)


def test_labels_are_escaped_inside_references() -> None:
    assert escaped_label("Min. [net] #1 'x'") == "Min. '[net'] '#1 ''x''"


def test_formulas_use_the_labels_of_the_language() -> None:
    table = TABLES["customers"]
    quantity = table.by_id["quantity"]
    assert "Purchases[Quantity]" in excel_formula(table, quantity, "en")
    assert "Purchases[购进量]" in excel_formula(table, quantity, "zh")
    assert excel_formula(table, quantity, "en").endswith("crm.current_quarter)")
