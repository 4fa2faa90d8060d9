"""The store of an open workbook, over xlwings' remote engine and a stand-in for Excel: the same results as the file store's."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from openpyxl.cell import Cell
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.workbook import Workbook
from openpyxl.worksheet.table import Table
from openpyxl.worksheet.worksheet import Worksheet
from polars.testing import assert_frame_equal

from benchmarks.data import frames
from tests.hosts.office import payload
from tests.hosts.remote import RemoteBook, open_book
from tests.hosts.sample_books import OF_THE_MOMENT
from xlcrm.jobs.importing import import_files
from xlcrm.jobs.quarter import close_quarter
from xlcrm.jobs.store import Store
from xlcrm.problems import CannotDo, HalfDone
from xlcrm.sheets import places
from xlcrm.sheets.changes import WorkbookChanges
from xlcrm.sheets.filestore import FileStore
from xlcrm.sheets.livegrid import LiveBook
from xlcrm.sheets.livestore import LiveStore
from xlcrm.sheets.livevalues import column_texts, is_taken_for_something_else, set_value, stands, typed_text
from xlcrm.sheets.pages import Page, PageBlock, PageCell, PageLine
from xlcrm.tables.catalog import TABLES

WORKBOOKS = Path(__file__).resolve().parents[2] / "workbooks"
DAY = dt.date(2018, 1, 5)
ROW_OF_FIRST_CUSTOMER = places.HEADER_ROW + 1


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "book.xlsx"
    FileStore.create(path, "en")
    return path


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """36 customers on three routes, four quarters of grades and purchases; nothing computed yet."""
    path = tmp_path_factory.mktemp("filled") / "book.xlsx"
    made = frames(36, purchases_each=1, routes=3)
    tables = {
        "customers": made.customers, "routes": made.routes, "grades": made.grades, "purchases": made.purchases.drop("quarter"),
        "follow_ups": made.follow_ups,
    }  # fmt: skip
    FileStore.create(path, "en").save(WorkbookChanges(tables=tables))
    return path


@pytest.fixture(scope="module")
def closed(filled: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with its third quarter closed by the file store."""
    path = tmp_path_factory.mktemp("closed") / "book.xlsx"
    shutil.copy(filled, path)
    close_quarter(FileStore.open(path), "2017Q3", as_of=DAY)
    return path


def live(path: Path, job: Callable[[LiveStore], object]) -> RemoteBook:
    """Does a job over the live store, as Excel would let it."""
    remote = RemoteBook(path)
    remote.run(lambda opened: job(LiveStore(opened)))
    return remote


def store(path: Path) -> LiveStore:
    return LiveStore(open_book(payload(path)))


def save(path: Path, frame: pl.DataFrame, table: str = "customers") -> RemoteBook:
    return live(path, lambda opened: opened.save(WorkbookChanges(tables={table: frame})))


def edit(path: Path, change: Callable[[Workbook], object]) -> None:
    """Changes the file as a user does in Excel."""
    workbook = openpyxl.load_workbook(path)
    change(workbook)
    workbook.save(path)


def table_of(workbook: Workbook, table_id: str) -> tuple[Worksheet, Table]:
    name = TABLES[table_id].excel_name
    sheet = next(sheet for sheet in workbook.worksheets if name in sheet.tables)
    return sheet, sheet.tables[name]


def column_of(workbook: Workbook, table_id: str, header: str) -> list[object]:
    """The cells of one column of a table, as they stand in the file."""
    sheet, table = table_of(workbook, table_id)
    left, top, right, bottom = range_boundaries(table.ref)
    number = next(column for column in range(left, right + 1) if sheet.cell(top, column).value == header)
    return [sheet.cell(row, number).value for row in range(top + 1, bottom + 1)]


def add_own_column(path: Path, header: str, cells: Sequence[object]) -> None:
    """A column of the user's at the right end of Customers."""

    def change(workbook: Workbook) -> None:
        sheet, table = table_of(workbook, "customers")
        left, top, right, bottom = range_boundaries(table.ref)
        for row, value in enumerate([header, *cells], start=top):
            sheet.cell(row, right + 1).value = value
        column = openpyxl.worksheet.table.TableColumn(id=900, name=header)
        table.tableColumns.append(column)
        table.ref = f"{get_column_letter(left)}{top}:{get_column_letter(right + 1)}{bottom}"
        assert table.autoFilter is not None
        table.autoFilter.ref = table.ref

    edit(path, change)


def page_texts(workbook: Workbook) -> dict[str, list[list[object]]]:
    """What stands on the sheet of every page, without the hidden record; numbers rounded as a file of openpyxl's rounds them."""
    found = {}
    for name, target in workbook.defined_names.items():
        if not name.startswith(places.PAGE_PREFIX):
            continue
        sheet = workbook[str(target.attr_text).rpartition("!")[0].strip("'").replace("''", "'")]
        rows = [[_plain(value) for value in row] for row in sheet.iter_rows(values_only=True)]
        mark = next((place for place, value in enumerate(rows[0]) if str(value).startswith("crm.page\t")), 0) if rows else 0
        if mark:
            rows = [row[: mark - 1] + row[mark + 1 :] for row in rows]
        while rows and not any(value is not None for value in rows[-1]):
            rows.pop()
        found[name] = rows
    return found


def page_shapes(workbook: Workbook) -> dict[str, tuple[object, ...]]:
    """Merged cells, links, and how each printed cell and row looks, on the sheet of every page."""
    found = {}
    for name, target in workbook.defined_names.items():
        if name.startswith(places.PAGE_PREFIX):
            sheet = workbook[str(target.attr_text).rpartition("!")[0].strip("'").replace("''", "'")]
            if not sheet.print_area:  # the template's own, before any run
                continue
            _, _, right, bottom = range_boundaries(str(sheet.print_area).rpartition("!")[2].replace("$", ""))
            cells = [cell for row in sheet.iter_rows(max_row=bottom, max_col=right) for cell in row]
            found[name] = (
                sorted(area.coord for area in sheet.merged_cells.ranges),
                sorted((cell.coordinate, _target(cell), cell.hyperlink.tooltip or "") for cell in cells if cell.hyperlink),
                {cell.coordinate: (cell.style, cell.number_format) for cell in cells},
                [sheet.row_dimensions[row].height for row in range(1, bottom + 1)],
            )
    return found


def _target(cell: Cell) -> str:
    """Where a link leads; with or without the name of its own sheet is the same place."""
    own = "'" + cell.parent.title.replace("'", "''") + "'!"
    return str(cell.hyperlink.location).removeprefix(own)


def _plain(value: object) -> object:
    return None if value == "" else float(f"{value:.9g}") if isinstance(value, float) else value


def home_texts(workbook: Workbook) -> dict[str, object]:
    sheet = workbook.worksheets[0]
    return {cell.coordinate: _plain(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None}


def assert_same(one: Path, other: Path) -> None:
    """Both workbooks hold the same frames in every table, the same texts on every page and on Home, the same settings."""
    first, second = FileStore.open(one), FileStore.open(other)
    assert first.settings() == second.settings()
    for table_id in TABLES:
        assert first.has(table_id) == second.has(table_id)
        if first.has(table_id):
            ours, theirs = (store.read(table_id).frame for store in (first, second))
            if table_id == "audit":  # of a run its moment and its seal are its own
                ours, theirs = ours.drop(OF_THE_MOMENT), theirs.drop(OF_THE_MOMENT)
            assert_frame_equal(ours, theirs, abs_tol=1e-6)
    books = openpyxl.load_workbook(one), openpyxl.load_workbook(other)
    ours, theirs = page_texts(books[0]), page_texts(books[1])
    assert set(ours) == set(theirs)
    for page, rows in ours.items():
        width = max(map(len, [*rows, *theirs[page]]), default=0)
        padded = [[[*row, *[None] * (width - len(row))] for row in each] for each in (rows, theirs[page])]
        assert padded[0] == padded[1], page
    shapes = page_shapes(books[0]), page_shapes(books[1])
    assert set(shapes[0]) == set(shapes[1])
    for page, shape in shapes[0].items():
        for one_thing, other_thing in zip(shape, shapes[1][page], strict=True):
            assert one_thing == other_thing, page
    assert home_texts(books[0]) == home_texts(books[1])


def both(start: Path, tmp_path: Path, *jobs: Callable[[Store], object]) -> tuple[Path, Path, RemoteBook]:
    """The jobs one after the other over each store, from the same workbook."""
    one, other = tmp_path / "file.xlsx", tmp_path / "live.xlsx"
    shutil.copy(start, one)
    shutil.copy(start, other)
    for job in jobs:
        job(FileStore.open(one))
        remote = live(other, job)
    return one, other, remote


# -- reading


@pytest.mark.parametrize("path", sorted(WORKBOOKS.glob("*/*.xlsx")), ids=lambda path: path.parent.name)
def test_a_sample_workbook_reads_the_same_open_and_closed(path: Path) -> None:
    opened, closed_file = store(path), FileStore.open(path)
    assert opened.settings() == closed_file.settings()
    assert set(opened.page_ids()) == set(closed_file.page_ids())
    assert opened.language == closed_file.language
    tables = [table_id for table_id in TABLES if closed_file.has(table_id)]
    assert [table_id for table_id in TABLES if opened.has(table_id)] == tables
    for table_id in tables:
        ours, theirs = opened.read(table_id), closed_file.read(table_id)
        assert_frame_equal(ours.frame, theirs.frame)
        assert ours.problems == theirs.problems
        assert ours.rows.to_list() == theirs.rows.to_list()


def test_a_missing_table_is_refused(book: Path) -> None:
    with pytest.raises(CannotDo) as refused:
        store(book).read("minimums")
    assert refused.value.problem.code == "table_missing"


def test_a_setting_that_is_not_allowed_is_named_by_its_cell(book: Path) -> None:
    def change(workbook: Workbook) -> None:
        sheet, table = table_of(workbook, "settings")
        left, top, _, _ = range_boundaries(table.ref)
        sheet.cell(top + 3, left + 1).value = "many"

    edit(book, change)
    with pytest.raises(CannotDo) as refused:
        store(book).settings()
    assert refused.value.problem.code == "setting_invalid"
    assert refused.value.problem.cell == "C8"


@pytest.mark.parametrize(
    ("values", "as_date", "texts"),
    [
        (["a", "", "b"], False, ["a", None, "b"]),
        ([1, 2.5, ""], False, ["1", "2.5", None]),
        ([1, 2, 3], False, ["1", "2", "3"]),
        ([1e15, 1, None], False, ["1.00000000000000E+15", "1", None]),
        (["2017-01-31T00:00:00.000Z", ""], False, ["2017-01-31", None]),
        (["2017-01-31T10:30:00.000Z", "x"], False, ["2017-01-31 10:30:00", "x"]),
        (["1899-12-31T00:00:00.000Z"], False, ["1900-01-01"]),
        ([42766, "2017-02-01T00:00:00.000Z"], True, ["2017-01-31", "2017-02-01"]),
        ([True, False, "#N/A"], False, ["TRUE", "FALSE", "#N/A"]),
        ([dt.datetime(2017, 1, 31), 0.1 + 0.2], False, ["2017-01-31", "0.30000000000000004"]),
    ],
)
def test_cells_become_the_text_that_they_mean(values: list[object], as_date: bool, texts: list[str | None]) -> None:
    assert column_texts(values, as_date).to_list() == texts


# -- writing tables


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1", "-5", "@SUM(A1)", "'quoted", "0012", "360102198001011234", "1/2", "24 / 83", "2017-01", "2017年1月", "12%", "$5", "TRUE", "May 5", "1E5", "10:30", "５", "#N/A", "\t=HYPERLINK(A1)", " @SUM(A)", "\r+A1", "False "],
)  # fmt: skip
def test_a_text_that_looks_like_something_else_is_protected(text: str) -> None:
    assert is_taken_for_something_else(text)
    assert set_value(text) == "'" + text


@pytest.mark.parametrize(
    "text", ["Harbor Depot", "CS1↑", "CB1  130 / 325", "11 Hill St", "客户 1号店", "–", "12-22 call → 01-08 display", "A. O'Hara & Sons"]
)
def test_a_plain_text_is_set_as_it_is(text: str) -> None:
    assert typed_text(text) == text


def test_what_is_set_reads_back_as_what_it_was(book: Path) -> None:
    """Formulas, digits and days in text columns stay text; numbers, days and long codes come back exactly."""
    frame = pl.DataFrame(
        {
            "customer_code": ["000123456789012345", "=1+1", "-5", "7"],
            "customer_name": ["A & B <x>", "+cmd|' /C calc'!A0", "客户 “一”", "1/2"],
            "contact": ["@home", "'tis", "2017-01", "TRUE"],
            "visit_order": [1, None, 20, 3],
            "opened_on": [dt.date(2017, 1, 31), dt.date(1900, 1, 1), None, dt.date(2024, 2, 29)],
        }
    )
    save(book, frame)
    found = FileStore.open(book).read("customers").frame.select(frame.columns)
    expected = frame.with_columns(pl.col("contact").replace("'tis", "tis"))  # what any reading makes of a leading apostrophe
    assert_frame_equal(found, expected)
    workbook = openpyxl.load_workbook(book)
    assert column_of(workbook, "customers", "Contact") == ["@home", "'tis", "2017-01", "TRUE"]
    sheet, _ = table_of(workbook, "customers")
    own = {column.label("en") for column in TABLES["customers"].columns if column.filled_by == "formula"}
    formulas = {
        str(cell.column_letter) for row in sheet.iter_rows() for cell in row if cell.data_type == "f" and cell.row > places.HEADER_ROW
    }
    heads = {str(sheet[f"{letter}{places.HEADER_ROW}"].value) for letter in formulas}
    assert heads == own, "the only formulas are the workbook's own, and new rows have them"


def test_the_same_tables_again_write_nothing(closed: Path, tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    shutil.copy(closed, path)
    tables = {
        table_id: FileStore.open(path).read(table_id).frame for table_id in ("customers", "purchases", "grades", "grade_changes", "gaps")
    }
    remote = live(path, lambda opened: opened.save(WorkbookChanges(tables=tables)))
    assert remote.actions == []


def test_one_changed_cell_is_one_small_write(closed: Path, tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    shutil.copy(closed, path)
    customers = FileStore.open(path).read("customers").frame
    names = customers["customer_name"].to_list()
    names[5] = "Renamed"
    remote = save(path, customers.with_columns(pl.Series("customer_name", names)))
    assert [(action["func"], action["values"]) for action in remote.actions] == [("setValues", [["Renamed"]])]


def test_a_shorter_table_leaves_nothing_behind_and_keeps_one_row(filled: Path, tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    shutil.copy(filled, path)
    customers = FileStore.open(path).read("customers").frame
    save(path, customers.head(3))
    assert_frame_equal(FileStore.open(path).read("customers").frame, customers.head(3))
    save(path, customers.head(0))
    workbook = openpyxl.load_workbook(path)
    _, table = table_of(workbook, "customers")
    assert range_boundaries(table.ref)[3] == ROW_OF_FIRST_CUSTOMER
    assert column_of(workbook, "customers", "Code") == [None]
    assert FileStore.open(path).read("customers").frame.is_empty()


def test_a_users_columns_follow_their_rows_with_their_formulas(filled: Path, tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    shutil.copy(filled, path)
    customers = FileStore.open(path).read("customers").frame
    codes = customers["customer_code"].to_list()
    formulas = [f"=B{ROW_OF_FIRST_CUSTOMER + place}" for place in range(len(codes))]
    add_own_column(path, "Mine", formulas)
    add_own_column(path, "Remark", [f"about {code}" for code in codes])
    new = pl.DataFrame({"customer_code": ["999"], "customer_name": ["New"]})
    changed = pl.concat([customers.tail(5).reverse(), new, customers.head(20)], how="diagonal")
    save(path, changed)
    workbook = openpyxl.load_workbook(path)
    now = column_of(workbook, "customers", "Code")
    assert now == changed["customer_code"].to_list()
    expected = [None if code == "999" else f"about {code}" for code in now]
    assert column_of(workbook, "customers", "Remark") == expected
    own = [f"=B{ROW_OF_FIRST_CUSTOMER + place}" if code != "999" else None for place, code in enumerate(now)]
    assert column_of(workbook, "customers", "Mine") == own, "a formula goes along and points to its new row"
    assert_frame_equal(FileStore.open(path).read("customers").frame.select(customers.columns), changed.select(customers.columns))


def test_a_cell_that_cannot_be_read_stays_as_it_is(filled: Path, tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    shutil.copy(filled, path)
    spec = TABLES["customers"]
    place = spec.column_ids.index("visit_order")

    def spoil(workbook: Workbook) -> None:
        sheet, table = table_of(workbook, "customers")
        left, top, _, _ = range_boundaries(table.ref)
        sheet.cell(top + 4, left + place).value = "somewhere"

    edit(path, spoil)
    opened = store(path).read("customers")
    assert [(problem.code, problem.value) for problem in opened.problems] == [("not_a_count", "somewhere")]
    customers = opened.frame
    spoiled = customers["customer_code"][3]
    other = customers.with_columns(pl.col("visit_order") + 100)
    save(path, other)
    workbook = openpyxl.load_workbook(path)
    orders = dict(zip(column_of(workbook, "customers", "Code"), column_of(workbook, "customers", "Visit order"), strict=True))
    assert orders[spoiled] == "somewhere"
    assert [value for code, value in orders.items() if code != spoiled] == other.filter(pl.col("customer_code") != spoiled)[
        "visit_order"
    ].to_list()
    save(path, other.reverse())
    workbook = openpyxl.load_workbook(path)
    orders = dict(zip(column_of(workbook, "customers", "Code"), column_of(workbook, "customers", "Visit order"), strict=True))
    assert list(orders) == other.reverse()["customer_code"].to_list()
    assert orders[spoiled] == "somewhere", "also when its row moves"


def test_a_row_that_cannot_be_read_stays(filled: Path, tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    shutil.copy(filled, path)

    def spoil(workbook: Workbook) -> None:
        sheet, table = table_of(workbook, "grades")
        left, top, right, _ = range_boundaries(table.ref)
        grade = next(column for column in range(left, right + 1) if sheet.cell(top, column).value == "Grade")
        sheet.cell(top + 2, grade).value = "??"

    edit(path, spoil)
    one, other, _ = both(
        path, tmp_path, lambda opened: opened.save(WorkbookChanges(tables={"grades": opened.read("grades").frame.tail(10)}))
    )
    assert "??" in column_of(openpyxl.load_workbook(other), "grades", "Grade")
    assert_same(one, other)


def test_an_unknown_column_of_an_import_is_added(book: Path) -> None:
    frame = pl.DataFrame({"customer_code": ["1", "2"], "Loyalty": ["gold", "=2+2"]})
    save(book, frame)
    assert FileStore.open(book).read("customers").frame.select("customer_code", "Loyalty").equals(frame)
    assert column_of(openpyxl.load_workbook(book), "customers", "Loyalty") == ["gold", "=2+2"]


def test_no_room_for_a_column_is_refused_before_anything_is_asked_for(book: Path) -> None:
    def block(workbook: Workbook) -> None:
        sheet, table = table_of(workbook, "customers")
        _, top, right, _ = range_boundaries(table.ref)
        sheet.cell(top + 1, right + 1).value = "mine"

    edit(book, block)
    opened = open_book(payload(book))
    with pytest.raises(CannotDo) as refused:
        LiveStore(opened).save(WorkbookChanges(tables={"customers": pl.DataFrame({"customer_code": ["1"], "Loyalty": ["gold"]})}))
    assert refused.value.problem.code == "no_room_for_column"
    assert opened.json()["actions"] == []


def test_what_stands_below_a_table_is_pushed_down(book: Path) -> None:
    below = ROW_OF_FIRST_CUSTOMER + 4

    def write_below(workbook: Workbook) -> None:
        table_of(workbook, "customers")[0].cell(below, 3).value = "a remark"

    edit(book, write_below)
    save(book, pl.DataFrame({"customer_code": [str(number) for number in range(8)]}))
    sheet, table = table_of(openpyxl.load_workbook(book), "customers")
    bottom = range_boundaries(table.ref)[3]
    assert bottom == ROW_OF_FIRST_CUSTOMER + 7
    assert [cell.row for cell in sheet["C"] if cell.value == "a remark"] == [below + 7]


def test_what_stands_below_the_place_of_a_new_column_is_pushed_down_too(book: Path) -> None:
    def write(workbook: Workbook) -> None:
        sheet, table = table_of(workbook, "customers")
        _, _, right, bottom = range_boundaries(table.ref)
        sheet.cell(bottom + 2, right + 1, "mine")

    edit(book, write)
    codes = [f"{number:03}" for number in range(10)]
    save(book, pl.DataFrame({"customer_code": codes, "Extra": codes}))
    workbook = openpyxl.load_workbook(book)
    sheet, _ = table_of(workbook, "customers")
    assert column_of(workbook, "customers", "Extra") == codes
    assert [cell.value for row in sheet.iter_rows() for cell in row if cell.value == "mine"] == ["mine"]


def test_a_table_below_is_not_run_over(book: Path) -> None:
    def add_table(workbook: Workbook) -> None:
        sheet = table_of(workbook, "customers")[0]
        sheet["B10"], sheet["B11"] = "Mine", 1
        sheet.add_table(Table(displayName="Mine", ref="B10:B11"))

    edit(book, add_table)
    opened = open_book(payload(book))
    with pytest.raises(CannotDo) as refused:
        LiveStore(opened).save(WorkbookChanges(tables={"customers": pl.DataFrame({"customer_code": [str(number) for number in range(8)]})}))
    assert refused.value.problem.code == "no_room_below_table"
    assert opened.json()["actions"] == []


def test_a_row_of_totals_stays_below_the_rows(book: Path) -> None:
    save(book, pl.DataFrame({"product_code": ["1", "2"], "product_name": ["a", "b"]}), "products")

    def add_totals(workbook: Workbook) -> None:
        sheet, table = table_of(workbook, "products")
        left, top, right, bottom = range_boundaries(table.ref)
        sheet.cell(bottom + 1, left).value = "Total"
        table.ref = f"{get_column_letter(left)}{top}:{get_column_letter(right)}{bottom + 1}"
        table.totalsRowCount = 1

    edit(book, add_totals)
    for codes in (["1", "2", "3", "4", "5"], ["5"]):
        save(book, pl.DataFrame({"product_code": codes, "product_name": ["x"] * len(codes)}), "products")
        sheet, table = table_of(openpyxl.load_workbook(book), "products")
        left, top, _, bottom = range_boundaries(table.ref)
        assert [sheet.cell(row, left).value for row in range(top + 1, bottom + 1)] == [*codes, "Total"]
    assert FileStore.open(book).read("products").frame["product_code"].to_list() == ["5"]


# -- whole jobs


def test_closing_quarters_writes_what_the_file_store_writes(filled: Path, tmp_path: Path) -> None:
    """From no page at all, then over the pages of the quarter before, with customers' grades changing, and once more."""
    one, other, remote = both(
        filled,
        tmp_path,
        lambda opened: close_quarter(opened, "2017Q3", as_of=DAY),
        lambda opened: close_quarter(opened, "2017Q4", as_of=DAY),
    )
    assert_same(one, other)
    assert len(remote.actions) < 700
    again = live(other, lambda opened: close_quarter(opened, "2017Q4", as_of=DAY))
    assert {action["func"] for action in again.actions} <= {"addHyperlink", "copyFromRange", "setValues", "setNumberFormat"}
    assert_same(one, other)


def test_a_quarter_closed_by_one_store_goes_on_in_the_other(closed: Path, tmp_path: Path) -> None:
    one, other, _ = both(closed, tmp_path, lambda opened: close_quarter(opened, "2017Q4", as_of=DAY))
    assert_same(one, other)
    close_quarter(FileStore.open(other), "2017Q2", as_of=DAY)
    close_quarter(FileStore.open(one), "2017Q2", as_of=DAY)
    assert_same(one, other)


def test_importing_writes_what_the_file_store_writes(closed: Path, tmp_path: Path) -> None:
    routes = tmp_path / "routes.csv"
    routes.write_text(
        "Code,Name,Route,Visit order,Loyalty\n000000000003,Renamed,2,9,gold\n=7,New one,3,x,\n1.2E+17,Damaged,1,1,\n", encoding="utf-8"
    )
    orders = tmp_path / "orders.csv"
    orders.write_text(
        "Code,Date,Quantity,Amount\n000000000003,2017-12-03,5,10.50\n000000000001,2017-12-03,12箱,1\n000000000005,2017-11-30,-2,-4.20\n",
        encoding="utf-8",
    )
    one, other, _ = both(closed, tmp_path, lambda opened: import_files(opened, [routes, orders]))
    assert_same(one, other)
    again = live(other, lambda opened: import_files(opened, [routes, orders]))
    assert again.actions == []


@pytest.mark.parametrize("path", sorted(WORKBOOKS.glob("zh/*.xlsx")), ids=lambda path: path.parent.name)
def test_a_sample_workbook_closes_the_same(path: Path, tmp_path: Path) -> None:
    one, other, _ = both(path, tmp_path, lambda opened: close_quarter(opened, "2017Q3", as_of=DAY))
    assert_same(one, other)


# -- pages


def page(*customers: str, page_id: str = "route:1", foot: Sequence[PageLine] = ()) -> Page:
    blocks = [
        PageBlock(
            customer,
            [
                PageLine(26, [PageCell(0, customer, "crm.route.name"), PageCell(1, 5, "crm.route.int"), PageCell(2, None, "crm.write")]),
                PageLine(31, [PageCell(0, "remark", "crm.route.advice", span=2), PageCell(2, None, "crm.write")]),
            ],
        )
        for customer in customers
    ]
    head = [PageLine(38, [PageCell(0, "Route 1", "crm.route.band", span=3)])]
    return Page(page_id, "Route " + page_id[-1], "Route", (100, 60, 200), head, blocks, foot)


def paint(path: Path, *pages: Page, removed: Sequence[str] = ()) -> RemoteBook:
    return live(path, lambda opened: opened.save(WorkbookChanges(pages=pages, removed_pages=removed)))


def sheet_of(path: Path, name: str = "Route 1") -> Worksheet:
    return openpyxl.load_workbook(path)[name]


def test_notes_written_on_a_route_sheet_go_with_their_customer(book: Path) -> None:
    paint(book, page("A", "B", "C", "D"))

    def write(workbook: Workbook) -> None:
        sheet = workbook["Route 1"]
        sheet["C4"], sheet["C7"], sheet["G6"] = "ask for samples", "=1+1", "beside C"
        sheet["C4"].data_type = sheet["G6"].data_type = "s"
        sheet["A12"] = "below the page"

    edit(book, write)
    paint(book, page("B", "C", "A", "D", "E"))
    sheet = sheet_of(book)
    rows = {str(sheet.cell(row, 1).value): row for row in range(2, 12, 2)}
    assert sheet.cell(rows["B"], 3).value == "ask for samples"
    assert sheet.cell(rows["C"], 7).value == "beside C"
    assert [cell.row for cell in sheet["A"] if cell.value == "below the page"] == [14]
    paint(book, page("A", "C"))
    sheet = sheet_of(book)
    texts = [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert any("ask for samples" in text for text in texts), "a note on a customer who is on no page any more stands below"
    assert "below the page" in texts


def test_a_restyled_cell_keeps_its_look_while_the_page_wants_the_same_there(book: Path) -> None:
    paint(book, page("A", "B", "C"))
    edit(book, lambda workbook: setattr(workbook["Route 1"]["A4"], "fill", openpyxl.styles.PatternFill("solid", fgColor="FFFFFF00")))
    remote = paint(book, page("A", "B", "C", "D"))
    assert sheet_of(book)["A4"].fill.fgColor.rgb == "FFFFFF00"
    assert sum(action["func"] == "rangeMerge" for action in remote.actions) == 1, "only the new block"


def test_the_file_store_knows_its_own_looks_where_text_was_set_with_an_apostrophe(book: Path) -> None:
    paint(book, page("1/2", "B"))
    assert sheet_of(book)["A2"].quotePrefix
    grown = [PageBlock("1/2", [PageLine(26, [PageCell(0, "Half", "crm.route.contact")])])]
    FileStore.open(book).save(WorkbookChanges(pages=[Page("route:1", "Route 1", "Route", (100, 60, 200), (), grown)]))
    assert sheet_of(book)["A1"].value == "Half"
    assert sheet_of(book)["A1"].style == "crm.route.contact", "the run's new look, since the user changed none"


def test_a_new_page_has_looks_merged_cells_heights_and_the_pattern_of_its_kind(book: Path) -> None:
    paint(book, page("A", "B", "C", "D", "E"))
    workbook = openpyxl.load_workbook(book)
    sheet = workbook["Route 1"]
    assert sheet["A2"].style == "crm.route.name"
    assert sheet["A10"].style == "crm.route.name", "blocks look alike"
    assert {area.coord for area in sheet.merged_cells.ranges} == {"A1:C1", "A3:B3", "A5:B5", "A7:B7", "A9:B9", "A11:B11"}
    assert [sheet.row_dimensions[row].height for row in (1, 2, 3, 10, 11)] == [28.5, 19.5, 23.25, 19.5, 23.25]
    assert sheet.column_dimensions["D"].hidden
    assert sheet.sheet_state == "visible"
    assert sheet.print_area == "'Route 1'!$A$1:$C$11"
    assert workbook.defined_names["crm.page.route.1"].attr_text == "'Route 1'!$A$1"
    assert sheet.page_setup.orientation == workbook[places.ROUTE_PATTERN].page_setup.orientation == "landscape"
    assert workbook.sheetnames.index("Route 1") == workbook.sheetnames.index("Routes") + 1


def test_a_workbook_without_patterns_still_gets_looks(book: Path) -> None:
    def take_out(workbook: Workbook) -> None:
        del workbook[places.STYLES_SHEET], workbook[places.ROUTE_PATTERN]

    edit(book, take_out)
    paint(book, page("A"))
    sheet = sheet_of(book)
    assert sheet["A2"].font.bold
    assert sheet["A1"].fill.fgColor.rgb.endswith("14424D")
    assert sheet["A3"].border.bottom.style == "thin"
    assert sheet.column_dimensions["C"].width == pytest.approx((200 - 5) / 7)


def test_a_removed_page_goes_and_a_name_that_is_taken_is_not(book: Path) -> None:
    edit(book, lambda workbook: workbook.create_sheet("Route 1"))
    paint(book, page("A"), page("B", page_id="route:2"))
    assert {"Route 1", "Route 1 (2)", "Route 2"} <= set(openpyxl.load_workbook(book).sheetnames)
    paint(book, page("B", page_id="route:2"), removed=["route:1"])
    workbook = openpyxl.load_workbook(book)
    assert "Route 1 (2)" not in workbook.sheetnames
    assert "Route 1" in workbook.sheetnames, "the user's own sheet"
    assert "crm.page.route.1" not in workbook.defined_names
    assert store(book).page_ids().count("route:2") == 1


def test_links_come_and_go(book: Path) -> None:
    def linked(column: int) -> Page:
        cells = [PageCell(place, place, "crm.int", link="crm.sheet.home" if place == column else "", note="who") for place in range(1)]
        cells += [PageCell(place, place, "crm.int", link="crm.sheet.home" if place == column else "") for place in range(1, 3)]
        return Page("change_statistics", "x", "x", (50, 50, 50), (), [PageBlock("A", [PageLine(20, cells)])])

    paint(book, linked(1))
    sheet = sheet_of(book, "Change statistics")
    assert sheet["B1"].hyperlink.location == "crm.sheet.home"
    assert sheet["A1"].hyperlink.tooltip == "who"
    paint(book, linked(2))
    sheet = sheet_of(book, "Change statistics")
    assert sheet["B1"].hyperlink is None
    assert sheet["C1"].hyperlink.location == "crm.sheet.home"
    assert [sheet.cell(1, column).value for column in (1, 2, 3)] == [0, 1, 2]


def test_single_values_are_set_where_their_names_point(book: Path) -> None:
    values: dict[str, str | int | float | dt.date | None] = {places.CURRENT_QUARTER: "2017Q3", places.AS_OF: DAY, "crm.nowhere": 1}
    remote = live(book, lambda opened: opened.save(WorkbookChanges(values=values)))
    assert len(remote.actions) == 2
    assert store(book).settings().current_quarter == "2017Q3"
    again = live(book, lambda opened: opened.save(WorkbookChanges(values=values)))
    assert again.actions == []


def test_a_program_that_writes_at_once_and_refuses_leaves_it_half_done(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise OSError("the sheet is protected")

    monkeypatch.setattr(LiveBook, "write", refused)
    changes = WorkbookChanges(values={places.CURRENT_QUARTER: "2017Q1"})
    with pytest.raises(OSError, match="protected"):  # nothing has reached the workbook
        store(book).save(changes)
    monkeypatch.setattr(LiveBook, "__init__", _at_once(LiveBook.__init__))
    with pytest.raises(HalfDone, match="OSError: the sheet is protected"):
        store(book).save(changes)


def _at_once(init: Callable[..., None]) -> Callable[..., None]:
    """A book of a program that does each step as it is said."""

    def made(self: LiveBook, opened: object) -> None:
        init(self, opened)
        self.remote = False

    return made


def test_a_snapshots_moments_are_days_or_moments() -> None:
    assert stands("2017-01-31T00:00:00.000Z") == dt.date(2017, 1, 31)
    assert stands("2017-01-31T08:00:00.000Z") == dt.datetime(2017, 1, 31, 8)
    assert stands("") is None


def test_a_cell_that_is_painted_no_more_loses_its_look(book: Path) -> None:
    def painted(*columns: int) -> Page:
        line = PageLine(20, [PageCell(column, "x", "crm.route.band") for column in columns])
        return Page("route:1", "Route 1", "x", (50, 50, 50), (), [PageBlock("A", [line])])

    paint(book, painted(0, 1, 2))
    assert sheet_of(book)["C1"].style == "crm.route.band"
    paint(book, painted(0))
    assert [sheet_of(book)[cell].style for cell in ("A1", "B1", "C1")] == ["crm.route.band", "Normal", "Normal"]
