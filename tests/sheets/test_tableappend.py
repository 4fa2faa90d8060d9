"""Rows put below a table, and single cells of it, without writing the table anew: a closed workbook and an open one."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from openpyxl.utils import range_boundaries
from openpyxl.worksheet.worksheet import Worksheet
from polars.testing import assert_frame_equal

from benchmarks.data import frames
from tests.hosts.remote import RemoteBook
from tests.rules.handmade import table
from xlcrm.jobs.logging_followup import FollowUp, log_follow_up
from xlcrm.sheets import filestore
from xlcrm.sheets.changes import CellChange, WorkbookChanges
from xlcrm.sheets.filestore import FileStore
from xlcrm.sheets.livestore import LiveStore
from xlcrm.tables import columns as c
from xlcrm.tables.catalog import TABLES

DAY = dt.date(2018, 1, 5)
CODE = "000000000007"
NEW = {c.DATE: DAY, c.CUSTOMER_CODE: CODE, c.KIND: "visit", c.NOTE: ' <a> & "b"\n', c.FOLLOW_UP_ID: "N1"}


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "book.xlsx"
    made = frames(36, purchases_each=1, routes=3)
    tables = {
        "customers": made.customers,
        "routes": made.routes,
        "purchases": made.purchases.drop("quarter"),
        "follow_ups": made.follow_ups,
    }
    FileStore.create(path, "en").save(WorkbookChanges(tables=tables))
    return path


def sheet_of(path: Path, table_id: str, values: bool = False) -> tuple[Worksheet, tuple[int, int, int, int]]:
    name = TABLES[table_id].excel_name
    sheet = next(sheet for sheet in openpyxl.load_workbook(path, data_only=values).worksheets if name in sheet.tables)
    left, top, right, bottom = range_boundaries(sheet.tables[name].ref)
    return sheet, (left, top, right, bottom)


def add(path: Path, *rows: dict[str, object]) -> None:
    FileStore.open(path).save(WorkbookChanges(added={"follow_ups": table("follow_ups", rows or [NEW])}))


def test_an_added_row_reads_as_one_of_a_table_that_was_written_whole(book: Path, tmp_path: Path) -> None:
    whole = tmp_path / "whole.xlsx"
    whole.write_bytes(book.read_bytes())
    old = FileStore.open(whole).read("follow_ups").frame
    frame = pl.concat([old, table("follow_ups", [NEW, {**NEW, c.FOLLOW_UP_ID: "N2"}]).select(old.columns)])
    FileStore.open(whole).save(WorkbookChanges(tables={"follow_ups": frame}))
    add(book, NEW, {**NEW, c.FOLLOW_UP_ID: "N2"})
    assert_frame_equal(FileStore.open(book).read("follow_ups").frame, FileStore.open(whole).read("follow_ups").frame)
    (ours, area), (theirs, same_area) = sheet_of(book, "follow_ups"), sheet_of(whole, "follow_ups")
    assert area == same_area
    assert ours.dimensions == theirs.dimensions
    assert sorted(str(each.sqref) for each in ours.data_validations.dataValidation) == sorted(
        str(each.sqref) for each in theirs.data_validations.dataValidation
    )
    assert sorted(map(str, ours.conditional_formatting)) == sorted(map(str, theirs.conditional_formatting))
    for row in range(area[3] - 2, area[3] + 1):
        assert ours.row_dimensions[row].height == theirs.row_dimensions[row].height
        for column in range(area[0], area[2] + 1):
            mine, other = ours.cell(row, column), theirs.cell(row, column)
            assert (mine.value, mine.style_id) == (other.value, other.style_id), mine.coordinate


def test_the_rows_above_stay_byte_for_byte(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filestore.TableWriter, "write", lambda *_: pytest.fail("the table was written whole"))
    sheet, (_, top, _, bottom) = sheet_of(book, "follow_ups")
    before = [[cell.value for cell in row] for row in sheet.iter_rows(top, bottom)]
    add(book)
    after, area = sheet_of(book, "follow_ups")
    assert [[cell.value for cell in row] for row in after.iter_rows(top, bottom)] == before
    assert area[3] == bottom + 1


@pytest.mark.parametrize("obstacle", ["below", "totals", "blank"])
def test_what_stands_in_the_way_stays(book: Path, obstacle: str) -> None:
    workbook = openpyxl.load_workbook(book)
    name = TABLES["follow_ups"].excel_name
    sheet = next(sheet for sheet in workbook.worksheets if name in sheet.tables)
    left, _, _, bottom = range_boundaries(sheet.tables[name].ref)
    if obstacle == "below":
        sheet.cell(bottom + 3, left).value = "mine"
    elif obstacle == "totals":
        sheet.tables[name].totalsRowCount = 1
        start, end = sheet.tables[name].ref.split(":")
        sheet.tables[name].ref = f"{start}:{end.rstrip('0123456789')}{bottom + 1}"
        sheet.cell(bottom + 1, left).value = "mine"
    else:
        for column in range(left, left + 12):
            sheet.cell(bottom, column).value = None
    workbook.save(book)
    before = FileStore.open(book).read("follow_ups").frame
    add(book)
    after = FileStore.open(book).read("follow_ups").frame
    assert_frame_equal(after.head(-1), before)
    assert after[c.FOLLOW_UP_ID][-1] == "N1"
    cells = [cell.value for row in sheet_of(book, "follow_ups")[0].iter_rows() for cell in row]
    assert cells.count("mine") == (obstacle != "blank")


def test_a_cell_with_a_formula_keeps_it_and_shows_the_value(book: Path) -> None:
    number = FileStore.open(book).read("customers").rows[7]
    cells = [CellChange("customers", number, c.LAST_FOLLOW_UP, DAY), CellChange("customers", number, c.NEXT_ACTION, "=call & <go>")]
    before, area = sheet_of(book, "customers")
    FileStore.open(book).save(WorkbookChanges(cells=cells))
    formulas, values = sheet_of(book, "customers")[0], sheet_of(book, "customers", values=True)[0]
    heads = {before.cell(area[1], column).value: column for column in range(area[0], area[2] + 1)}
    last = heads["Last follow-up"]
    assert formulas.cell(number, last).value == before.cell(number, last).value
    assert str(formulas.cell(number, last).value).startswith("=")
    assert values.cell(number, last).value == dt.datetime.combine(DAY, dt.time())
    assert values.cell(number, heads["Next action"]).value == "=call & <go>"
    assert formulas.cell(number, heads["Next action"]).data_type != "f"
    assert formulas.cell(number, last).style_id == before.cell(number, last).style_id


def test_an_open_workbook_takes_a_follow_up_too(book: Path) -> None:
    remote = RemoteBook(book)
    written = FollowUp(CODE, "visit", "x", next_action="samples", next_action_on="2018-01-20")
    remote.run(lambda opened: log_follow_up(LiveStore(opened), written, DAY))
    found: list[pl.DataFrame] = []
    remote.run(lambda opened: found.append(LiveStore(opened).read("follow_ups").frame))
    assert found[0].row(-1, named=True)[c.NEXT_ACTION] == "samples"
    assert found[0].height == 37
