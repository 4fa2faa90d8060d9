"""The Intake sheet: good rows move to Follow-ups, the others stay as they were typed and say what is wrong."""

from __future__ import annotations

import datetime as dt
import random
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from openpyxl.utils import range_boundaries
from openpyxl.worksheet.table import TableColumn

from tests.jobs.both_stores import STORES, Do
from tests.rules.handmade import table
from tests.sheets.filling import fill_table
from xlcrm.jobs.intake import TakenIn, take_in
from xlcrm.jobs.users import user_of
from xlcrm.settings import Settings
from xlcrm.sheets.changes import WorkbookChanges
from xlcrm.sheets.filestore import FileStore
from xlcrm.tables import columns as c
from xlcrm.texts import LANGUAGES, Language

DAY = dt.date(2017, 5, 10)
YESTERDAY = DAY - dt.timedelta(days=1)
Row = Mapping[str, object]


@pytest.fixture(params=STORES)
def do(request: pytest.FixtureRequest) -> Do[TakenIn]:
    found: Do[TakenIn] = STORES[request.param]
    return found


@pytest.fixture(autouse=True)
def user(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XLCRM_USER", "Ana")


def book_of(folder: Path, intake: Sequence[Row], language: Language = "en", earlier: Sequence[Row] = ()) -> Path:
    """A workbook with two customers, earlier follow-ups, and rows typed on Intake."""
    path = folder / "book.xlsx"
    people = [{c.CUSTOMER_CODE: "0011", c.CUSTOMER_NAME: "Corner Shop"}, {c.CUSTOMER_CODE: "0012", c.CUSTOMER_NAME: "街角商店"}]
    tables = {"customers": table("customers", people), "follow_ups": table("follow_ups", earlier)}
    FileStore.create(path, language).save(WorkbookChanges(tables=tables))
    typed(path, intake, language)
    return path


def typed(path: Path, rows: Sequence[Row], language: Language = "en") -> None:
    workbook = openpyxl.load_workbook(path)
    fill_table(workbook, "intake", rows, language)
    workbook.save(path)


def stands(path: Path, columns: Sequence[str] = (c.CUSTOMER_CODE, c.NOTE, c.NEXT_ACTION_ON, c.MESSAGE)) -> list[tuple[object, ...]]:
    """What the cells of Intake hold, row by row, days as text."""
    workbook = openpyxl.load_workbook(path)
    sheet = next(sheet for sheet in workbook.worksheets if "Intake" in sheet.tables)
    left, top, right, bottom = range_boundaries(sheet.tables["Intake"].ref)
    spec = {name: number for number, name in enumerate(_ids())}
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(top + 1, bottom, left, right)]
    return [tuple(_plain(row[spec[name]]) for name in columns) for row in rows]


def _ids() -> tuple[str, ...]:
    from xlcrm.tables.catalog import TABLES

    return TABLES["intake"].column_ids


def _plain(value: object) -> object:
    return value.date().isoformat() if isinstance(value, dt.datetime) else value


def follow_ups(path: Path) -> pl.DataFrame:
    return FileStore.open(path).read("follow_ups").frame


def test_good_rows_move_and_leave_a_blank_row_to_type_in(tmp_path: Path, do: Do[TakenIn]) -> None:
    book = book_of(tmp_path, [
        {c.CUSTOMER_CODE: "0011", c.KIND: "拜访", c.NOTE: "a"},
        {c.DATE: YESTERDAY, c.CUSTOMER_CODE: "0012", c.KIND: "call", c.OUTCOME: "ordered", c.NEXT_ACTION: "samples",
         c.NEXT_ACTION_ON: YESTERDAY, c.PRIORITY: 1, c.AUTHOR: "Lee"},
    ])  # fmt: skip
    taken = do(book, lambda store: take_in(store, DAY))
    assert (taken.taken.height, taken.repeated, list(taken.problems)) == (2, 0, [])
    first, second = follow_ups(book).rows(named=True)
    assert (first[c.DATE], first[c.KIND], first[c.AUTHOR]) == (DAY, "visit", "Ana")
    assert second[c.FOLLOW_UP_ID].startswith("L")
    assert {name: second[name] for name in (c.DATE, c.OUTCOME, c.NEXT_ACTION_ON, c.PRIORITY, c.AUTHOR)} == {
        c.DATE: YESTERDAY, c.OUTCOME: "ordered", c.NEXT_ACTION_ON: YESTERDAY, c.PRIORITY: 1, c.AUTHOR: "Lee",
    }  # fmt: skip
    assert stands(book) == [(None,) * 4]
    workbook = openpyxl.load_workbook(book)
    blank = next(sheet for sheet in workbook.worksheets if "Intake" in sheet.tables)["B6"]
    assert blank.number_format == "yyyy-mm-dd"


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_cannot_be_taken_stays_as_it_was_typed_and_says_why(tmp_path: Path, do: Do[TakenIn], language: Language) -> None:
    good = {c.DATE: YESTERDAY, c.CUSTOMER_CODE: "0012", c.KIND: "call"}
    book = book_of(tmp_path, [
        good, {**good, c.NEXT_ACTION_ON: "soon"}, {**good, c.CUSTOMER_CODE: "12"}, {**good, c.KIND: "dance"}, {**good, c.NOTE: "second"},
        {**good, c.DATE: DAY + dt.timedelta(days=1)}, {**good, c.NEXT_ACTION_ON: YESTERDAY - dt.timedelta(days=1)}, {c.NOTE: "only a note"},
        {**good, c.PRIORITY: "high"}, {**good, c.CUSTOMER_CODE: "0099"},
    ], language)  # fmt: skip
    taken = do(book, lambda store: take_in(store, DAY))
    assert taken.taken[c.NOTE].to_list() == [None, "second"]
    codes = [problem.code for problem in taken.problems]
    assert codes == [
        "not_a_date", "log_similar_customer", "log_unknown_kind", "log_date_ahead", "log_next_before", "required_missing",
        "not_a_count", "log_unknown_customer",
    ]  # fmt: skip
    *rows, blank = stands(book)
    assert blank == (None,) * 4
    assert [row[:3] for row in rows] == [
        ("0012", None, "soon"), ("12", None, None), ("0012", None, None), ("0012", None, None), ("0012", None, "2017-05-08"),
        (None, "only a note", None), ("0012", None, None), ("0099", None, None),
    ]  # fmt: skip
    for (*_, said), problem in zip(rows, taken.problems, strict=True):
        assert str(said).startswith(problem.message(language))
    assert [kind for (kind,) in stands(book, (c.KIND,))][2] == "dance"
    assert [priority for (priority,) in stands(book, (c.PRIORITY,))][6] == "high"


def test_a_second_press_changes_nothing_until_a_row_is_put_right(tmp_path: Path) -> None:
    book = book_of(tmp_path, [{c.CUSTOMER_CODE: "12", c.KIND: "visit"}])
    assert take_in(FileStore.open(book), DAY).taken.is_empty()
    before = book.read_bytes()
    assert take_in(FileStore.open(book), DAY).taken.is_empty()
    assert book.read_bytes() == before
    workbook = openpyxl.load_workbook(book)
    next(sheet for sheet in workbook.worksheets if "Intake" in sheet.tables)["C6"] = "0012"
    workbook.save(book)
    assert take_in(FileStore.open(book), DAY).taken.height == 1
    assert stands(book) == [(None,) * 4]


def test_rows_that_are_the_same_in_every_cell_are_taken_once(tmp_path: Path, do: Do[TakenIn]) -> None:
    row = {c.DATE: DAY, c.CUSTOMER_CODE: "0011", c.KIND: "visit", c.NOTE: "a", c.AUTHOR: "Ana"}
    same = {**row, c.DATE: "2017年5月10日", c.KIND: "拜访", c.AUTHOR: None}  # written differently, the same when read
    book = book_of(tmp_path, [row, same, {**row, c.NOTE: "b"}])
    taken = do(book, lambda store: take_in(store, DAY))
    assert (taken.taken[c.NOTE].to_list(), taken.repeated) == (["a", "b"], 1)
    assert "1 row(s) stood there again" in "\n".join(taken.lines("en"))


def test_nothing_is_said_of_an_empty_tray_and_nothing_changed(tmp_path: Path) -> None:
    book = book_of(tmp_path, [])
    before = book.read_bytes()
    assert take_in(FileStore.open(book), DAY).lines("en") == ["Nothing stands on the Intake sheet."]
    assert book.read_bytes() == before


def test_a_column_of_the_users_own_goes_along(tmp_path: Path, do: Do[TakenIn]) -> None:
    book = book_of(tmp_path, [{c.CUSTOMER_CODE: "0011", c.KIND: "visit"}])
    workbook = openpyxl.load_workbook(book)
    sheet = next(sheet for sheet in workbook.worksheets if "Intake" in sheet.tables)
    sheet["M5"], sheet["M6"] = "Weather", "rain"
    tray = sheet.tables["Intake"]
    assert tray.autoFilter is not None
    tray.ref = tray.autoFilter.ref = tray.ref.replace("L", "M")
    tray.tableColumns.append(TableColumn(id=len(tray.tableColumns) + 1, name="Weather"))
    workbook.save(book)
    do(book, lambda store: take_in(store, DAY))
    assert follow_ups(book)["Weather"].to_list() == ["rain"]


def test_customers_and_home_show_the_last_follow_up_anew(tmp_path: Path, do: Do[TakenIn]) -> None:
    book = book_of(tmp_path, [
        {c.DATE: DAY, c.CUSTOMER_CODE: "0011", c.KIND: "visit", c.NEXT_ACTION: "samples"},
        {c.DATE: YESTERDAY, c.CUSTOMER_CODE: "0011", c.KIND: "visit", c.NEXT_ACTION: "older"},
    ])  # fmt: skip
    do(book, lambda store: take_in(store, DAY))
    customers = FileStore.open(book).read("customers").frame
    assert dict(customers.select(c.CUSTOMER_CODE, c.NEXT_ACTION).iter_rows()) == {"0011": "samples", "0012": None}


def test_nothing_is_lost_whatever_was_pasted(tmp_path: Path) -> None:
    """Every filled row is in Follow-ups, still on Intake, or the twin of one that was taken; never two of these."""
    chance = random.Random(4)
    for _ in range(6):
        rows: list[Row] = [
            {
                c.DATE: chance.choice((None, DAY, YESTERDAY, "soon", DAY + dt.timedelta(days=2))),
                c.CUSTOMER_CODE: chance.choice(("0011", "0012", "12", None, "0099")), c.KIND: chance.choice(("visit", "call", "dance", None)),
                c.NOTE: chance.choice(("x", "y", f"note {number}")), c.NEXT_ACTION_ON: chance.choice((None, None, DAY, "later")),
            }
            for number in range(40)
        ]  # fmt: skip
        (tmp_path / "book.xlsx").unlink(missing_ok=True)
        book = book_of(tmp_path, rows)
        taken = take_in(FileStore.open(book), DAY)
        staying = [note for (note,) in stands(book, (c.NOTE,)) if note is not None]
        assert len(staying) == len(taken.problems)
        assert taken.taken.height + taken.repeated + len(staying) == len(rows)
        assert set(follow_ups(book)[c.NOTE]) | set(staying) == {row[c.NOTE] for row in rows}
        assert follow_ups(book)[c.FOLLOW_UP_ID].is_unique().all()


def test_five_thousand_rows_at_once(tmp_path: Path) -> None:
    rows: list[Row] = [
        {c.DATE: DAY, c.CUSTOMER_CODE: ("0011", "0012", "0099")[number % 3], c.KIND: "visit", c.NOTE: f"note {number}"}
        for number in range(5_000)
    ]
    book = book_of(tmp_path, rows)
    started = time.process_time()
    taken = take_in(FileStore.open(book), DAY)
    assert time.process_time() - started < 20  # some two seconds on a quiet machine; a row at a time would take minutes
    assert (taken.taken.height, len(taken.problems)) == (3_334, 1_666)
    assert len(stands(book)) == 1_667


def test_who_writes_is_said_by_the_environment_then_by_the_workbook_then_by_the_computer(monkeypatch: pytest.MonkeyPatch) -> None:
    assert user_of(Settings(user_name="Bo")) == "Ana"
    monkeypatch.delenv("XLCRM_USER")
    assert user_of(Settings(user_name="Bo")) == "Bo"
    monkeypatch.setattr("getpass.getuser", lambda: "machine")
    assert user_of(Settings()) == "machine"

    def unknown() -> str:
        raise OSError

    monkeypatch.setattr("getpass.getuser", unknown)
    assert user_of(Settings()) == ""
