"""Closing a quarter: sheets that come and go, names of business types, customers' computed columns."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook

from xlcrm.jobs.importing import import_files
from xlcrm.jobs.quarter import close_quarter
from xlcrm.sheets.filestore import FileStore
from xlcrm.tables import columns as c

ROUTES = "route,customer_code,customer_name,business_type\n1,01,One,Shop\n2,02,Two,Shop\n10,03,Three,Bar\n"
GRADES = "customer_code,2017Q1,2017Q2\n01,CS2,CS1\n02,CS1,CS1\n03,CF1,CF2\n"


@pytest.fixture
def book(tmp_path: Path) -> Path:
    book = tmp_path / "book.xlsx"
    FileStore.create(book, "en")
    for name, content in (("routes.csv", ROUTES), ("grades.csv", GRADES)):
        (tmp_path / name).write_text(content, encoding="utf-8")
    import_files(FileStore.open(book), [tmp_path / "routes.csv", tmp_path / "grades.csv"])
    close_quarter(FileStore.open(book), "2017Q2")
    return book


def test_each_route_has_its_sheet_and_a_route_that_goes_takes_its_sheet_along(book: Path, tmp_path: Path) -> None:
    assert {"route:1", "route:2", "route:10"} <= set(FileStore.open(book).page_ids())
    (tmp_path / "moved.csv").write_text("route,customer_code\n1,02\n", encoding="utf-8")
    import_files(FileStore.open(book), [tmp_path / "moved.csv"])
    close_quarter(FileStore.open(book), "2017Q2")
    pages = set(FileStore.open(book).page_ids())
    assert "route:2" not in pages
    assert {"route:1", "route:10"} <= pages


def test_business_types_are_named_after_their_holders(book: Path) -> None:
    types = FileStore.open(book).read("business_types").frame
    assert dict(types.select(c.BUSINESS_TYPE, c.BUSINESS_TYPE_NAME).iter_rows()) == {"CF": "Bar", "CS": "Shop"}


def test_the_customers_table_holds_grade_and_state(book: Path) -> None:
    customers = FileStore.open(book).read("customers").frame
    assert customers.select(c.CUSTOMER_CODE, c.SHOWN, c.PREVIOUS_GRADE, c.STATE).rows() == [
        ("01", "CS1↑", "CS2", "up"), ("02", "CS1", "CS1", "kept"), ("03", "CF2↓", "CF1", "down"),
    ]  # fmt: skip


def test_a_second_run_writes_the_same_tables(book: Path) -> None:
    before = {table: FileStore.open(book).read(table).frame for table in ("customers", "grades", "grade_changes", "gaps", "route_summary")}
    close_quarter(FileStore.open(book), "2017Q2")
    for table, frame in before.items():
        assert FileStore.open(book).read(table).frame.equals(frame), table


def test_routes_are_summarised_in_the_order_of_their_numbers(book: Path) -> None:
    assert FileStore.open(book).read("route_summary").frame.get_column(c.ROUTE).to_list() == ["1", "2", "10"]


def test_home_says_what_is_still_missing_and_nothing_that_is_there(book: Path, tmp_path: Path) -> None:
    def note() -> object:
        home = load_workbook(book)
        sheet, cell = next(iter(home.defined_names["crm.home.step_1_note"].destinations))
        return home[sheet][cell.replace("$", "")].value

    assert note() == "still missing: Purchases"
    (tmp_path / "purchases.csv").write_text("customer_code,date,quantity,amount\n01,2017-05-01,1,2.00\n", encoding="utf-8")
    import_files(FileStore.open(book), [tmp_path / "purchases.csv"])
    close_quarter(FileStore.open(book), "2017Q2")
    assert note() == "3 customers"
