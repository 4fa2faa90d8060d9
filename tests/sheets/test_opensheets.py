"""What a macro sees of its user's open workbook: where an export stands, which customers are meant."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils import get_column_letter, range_boundaries

from tests.hosts.office import payload
from tests.hosts.remote import RemoteBook, open_book
from xlcrm.jobs.recording import save
from xlcrm.rules.ledger import Told
from xlcrm.sheets import opensheets, places
from xlcrm.sheets.changes import WorkbookChanges
from xlcrm.sheets.filestore import FileStore
from xlcrm.tables import columns as c
from xlcrm.tables.catalog import TABLES

CODES = ("0001", "0002")


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A workbook of its own with a sheet on which two codes stand beside other cells."""
    path = tmp_path / "book.xlsx"
    FileStore.create(path, "en")
    workbook = openpyxl.load_workbook(path)
    sheet = workbook.create_sheet("Mine")
    sheet.append(["0001", "x"])
    sheet.append(["y", "0002"])
    workbook.save(path)
    return path


def test_the_selection_is_that_of_the_own_workbook_though_another_came_in_since(book: Path) -> None:
    first = open_book(payload(book, active="Mine", selection="A1"))
    second = open_book(payload(book, active="Mine", selection="B2"))
    assert opensheets.selected_codes(first, CODES) == ["0001"]
    assert opensheets.selected_codes(second, CODES) == ["0002"]
    first.close()
    second.close()


def test_nothing_selected_means_no_customer(book: Path) -> None:
    opened = open_book(payload(book, active="Mine", selection=""))
    assert opensheets.selected_codes(opened, CODES) == []
    opened.close()


def test_beside_a_code_that_no_customer_has_no_other_cell_counts_as_one(book: Path) -> None:
    workbook = openpyxl.load_workbook(book)
    sheet = next(sheet for sheet in workbook.worksheets if "Purchases" in sheet.tables)
    top = int("".join(filter(str.isdigit, sheet.tables["Purchases"].ref.partition(":")[0])))
    heads, columns = [cell.value for cell in sheet[top]], TABLES["purchases"].by_id
    sheet.cell(top + 1, heads.index(columns[c.CUSTOMER_CODE].en) + 1, "9999")
    sheet.cell(top + 1, heads.index(columns[c.PRODUCT_CODE].en) + 1, "0001")
    workbook.save(book)
    opened = open_book(payload(book, active=sheet.title, selection=f"A{top + 1}"))
    assert opensheets.selected_codes(opened, CODES) == []
    opened.close()


def with_sheets(book: Path, *names: str) -> None:
    workbook = openpyxl.load_workbook(book)
    for name in names:
        workbook.create_sheet(name).append(["route", "customer_code"])
    workbook.save(book)


def test_a_sheet_whose_name_only_begins_alike_is_no_export(book: Path) -> None:
    with_sheets(book, "Import 2", "import3", "Important", "✓ Import 9")
    opened = open_book(payload(book))
    assert [name for name, _ in opensheets.import_sheets(opened)] == ["Import 2", "import3"]
    opened.close()


def test_a_moved_sheet_is_marked_as_done_beside_one_of_the_same_name_from_last_time(book: Path) -> None:
    with_sheets(book, "Import 2", "✓ Import 2")
    RemoteBook(book).run(opensheets.clear_import_sheets)
    names = openpyxl.load_workbook(book).sheetnames
    assert "✓ Import 2 (2)" in names
    assert "Import 2" not in names


def test_an_error_in_a_pasted_cell_is_no_blank(book: Path) -> None:
    with_sheets(book, "Import 2")
    sent = payload(book)
    moved = next(sheet for sheet in sent["sheets"] if sheet["name"] == "Import 2")
    moved["values"] = [["route", "#REF!"]]
    opened = open_book(sent)
    assert opensheets.import_sheets(opened) == [("Import 2", [["route", "#REF!"]])]
    opened.close()


def test_a_page_whose_sheet_the_user_hid_stays_hidden(book: Path) -> None:
    """Excel refuses to bring a hidden sheet to the front."""
    workbook = openpyxl.load_workbook(book)
    page = next(iter(workbook.defined_names[places.page_name("minimums")].destinations))[0]
    workbook[page].sheet_state = "hidden"
    workbook.save(book)
    remote = RemoteBook(book)
    remote.run(lambda opened: opensheets.show_sheet_of_page(opened, "minimums"))
    assert remote.actions == []
    remote.run(lambda opened: opensheets.show_sheet_of_page(opened, "change_statistics"))
    assert [action["func"] for action in remote.actions] == ["activateSheet"]


@pytest.mark.parametrize("points_to", ["#REF!", "Import!#REF!"])
def test_the_place_to_paste_is_found_after_its_rows_were_deleted(points_to: str, book: Path) -> None:
    """Deleting rows, or moving cut cells there, takes a name's place away."""
    workbook = openpyxl.load_workbook(book)
    workbook.defined_names[places.IMPORT_PASTE].attr_text = points_to
    workbook["Import"].cell(places.IMPORT_ROW, 1, "route")
    workbook.save(book)
    opened = open_book(payload(book))
    [(name, rows)] = opensheets.import_sheets(opened)
    assert (name, rows[places.IMPORT_ROW - 1][0]) == ("Import", "route")
    opened.close()


def test_a_sheet_named_import_of_another_workbook_is_left_alone(book: Path) -> None:
    workbook = openpyxl.load_workbook(book)
    del workbook.defined_names[places.IMPORT_PASTE]
    workbook["Import"].cell(places.IMPORT_ROW, 1, "route")
    workbook.save(book)
    opened = open_book(payload(book))
    assert opensheets.import_sheets(opened) == []
    opened.close()


def test_on_the_card_sheet_a_hit_that_is_selected_counts_and_else_what_is_searched(book: Path) -> None:
    """A hit names its code before two blanks; what a formula made of a search counts where the text is no code."""
    workbook = openpyxl.load_workbook(book)
    card = workbook["Customer card"]
    find, code = (
        workbook.defined_names[name].attr_text.rpartition("!")[2].replace("$", "") for name in (places.CARD_FIND, places.CARD_CODE)
    )
    card[find], card[code] = "0001  One", "0002"
    card["P11"] = "0002  Two"
    card["A11"] = "0001"
    workbook.save(book)
    for selection, expected in ((find, ["0001"]), ("P11", ["0002"]), ("P10:P11", ["0002"]), ("A11", ["0001"]), ("P30", ["0001"])):
        assert opensheets.selected_codes(open_book(payload(book, active="Customer card", selection=selection)), CODES) == expected
    assert opensheets.selected_codes(open_book(payload(book, active="Mine", selection="B2")), CODES) == ["0002"]
    assert opensheets.selected_codes(open_book(payload(book, active="Mine", selection="D9")), CODES) == ["0001"]
    card[find] = "tw"
    workbook.save(book)
    assert opensheets.selected_codes(open_book(payload(book, active="Customer card", selection="A1")), CODES) == ["0002"]
    card[find] = None
    workbook.save(book)
    assert opensheets.selected_codes(open_book(payload(book, active="Customer card", selection="A1")), CODES) == []


@pytest.mark.parametrize(("column", "rows", "run"), [(c.JOB_ID, 1, "J0001"), (c.JOB_ID, 2, "J0002"), (c.ENTRY, 1, ""), (c.JOB_ID, 0, "")])
def test_a_run_is_meant_where_its_number_is_selected_and_nowhere_else(book: Path, column: str, rows: int, run: str) -> None:
    for number in (1, 2):
        save(FileStore.open(book), "import", WorkbookChanges(), told=[Told("Customers", str(number), "Name", "a", "b")])
    sheet = openpyxl.load_workbook(book)[places.sheet_name("audit", "en")]
    left, top, _, _ = range_boundaries(sheet.tables["Audit"].ref)
    cell = f"{get_column_letter(left + TABLES['audit'].column_ids.index(column))}{top + rows}"
    for front, selection, meant in ((sheet.title, cell, run), (sheet.title, f"B{top + 1}:M{top + 1}", ""), ("Mine", "A1", "")):
        opened = open_book(payload(book, active=front, selection=selection))
        assert opensheets.selected_run(opened) == meant
        opened.close()
