"""The account manager's day: who is due, on a terminal; and writing down a visit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from tests.rules.handmade import purchase, table
from xlcrm.jobs.due import day, due_list
from xlcrm.jobs.logging_followup import FollowUp, log_follow_up
from xlcrm.jobs.showing import table as shown
from xlcrm.problems import CannotDo
from xlcrm.sheets import places
from xlcrm.sheets.changes import WorkbookChanges
from xlcrm.sheets.filestore import FileStore
from xlcrm.tables import columns as c
from xlcrm.tables.choices import FOLLOW_UP_KINDS
from xlcrm.tables.width import display_width, padded, shortened
from xlcrm.texts import LANGUAGES, Language, text

DAY = dt.date(2017, 5, 10)
PEOPLE = [
    {
        c.CUSTOMER_CODE: "0011",
        c.CUSTOMER_NAME: "Corner Shop",
        c.ROUTE: "10",
        c.VISIT_ORDER: 2,
        c.LAST_FOLLOW_UP: DAY - dt.timedelta(days=20),
    },
    {c.CUSTOMER_CODE: "0012", c.CUSTOMER_NAME: "街角商店", c.ROUTE: "10", c.VISIT_ORDER: 1},
    {c.CUSTOMER_CODE: "0013", c.CUSTOMER_NAME: "Oak Market", c.ROUTE: "2", c.VISIT_ORDER: 1, c.LAST_FOLLOW_UP: DAY - dt.timedelta(days=3)},
    {c.CUSTOMER_CODE: "0014", c.CUSTOMER_NAME: "Nowhere", c.ROUTE: None},
    {c.CUSTOMER_CODE: "0015", c.CUSTOMER_NAME: "Seen Today", c.ROUTE: "2", c.VISIT_ORDER: 2, c.LAST_FOLLOW_UP: DAY},
]


def contact(code: str, on: dt.date, **more: object) -> Mapping[str, object]:
    return {c.CUSTOMER_CODE: code, c.DATE: on, c.KIND: "visit", c.FOLLOW_UP_ID: f"{code} {on}", **more}


@pytest.fixture(params=LANGUAGES)
def book(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """Five customers on two routes and on none."""
    path = tmp_path / "book.xlsx"
    follow_ups = [
        contact("0011", DAY - dt.timedelta(days=20)), contact("0015", DAY),
        contact("0013", DAY - dt.timedelta(days=3), next_action="bring samples", next_action_on=DAY),
    ]  # fmt: skip
    bought = [purchase("0011", "2017Q1", 1, 2) | {c.PERIOD: "2017Q1"}]
    routes = [{c.ROUTE: "10", c.POSITION: 10, c.BATCH: "Mon"}, {c.ROUTE: "2", c.POSITION: 2, c.BATCH: "Tue"}]
    FileStore.create(path, request.param).save(
        WorkbookChanges(tables={
            "customers": table("customers", PEOPLE), "routes": table("routes", routes), "follow_ups": table("follow_ups", follow_ups),
            "purchases": table("purchases", bought).drop(c.QUARTER),
        })
    )  # fmt: skip
    return path


def language_of(book: Path) -> Language:
    return FileStore.open(book).language


def test_the_list_goes_by_route_and_inside_a_route_the_overdue_come_first(book: Path) -> None:
    listed = due_list(FileStore.open(book), DAY)
    assert [(route, [rows[0][c.CUSTOMER_CODE] for rows in customers]) for route, customers in listed.customers_by_route()] == [
        ("2", ["0013"]), ("10", ["0011", "0012"]), (None, ["0014"]),
    ]  # fmt: skip


def test_the_table_on_the_terminal_is_aligned_by_what_is_seen(book: Path) -> None:
    language = language_of(book)
    listed = due_list(FileStore.open(book), DAY)
    lines = listed.lines(language)
    assert "4" in lines[0]
    assert str(DAY) in lines[0]
    rows = [line for line in lines if str(DAY) in line or "2017-05-04" in line][1:]
    starts = {display_width(line[: line.index("2017-")]) for line in rows}
    assert len(rows) == len(listed.frame)
    assert len(starts) == 1
    assert sum("街角商店" in line for line in lines) == 1  # the name stands once, its further reasons below it
    assert not any(line != line.rstrip() for line in lines)


def test_nobody_due_is_one_line(book: Path) -> None:
    FileStore.create(book.with_name("empty.xlsx"), "en")
    assert due_list(FileStore.open(book.with_name("empty.xlsx")), DAY).lines("en") == ["Nobody is due on 2017-05-10."]


def test_show_gives_the_list_with_its_five_columns_first(book: Path) -> None:
    frame = shown(FileStore.open(book), "due")
    assert frame.columns[:5] == ["customer_code", "reason", "due_on", "days_overdue", "priority"]
    assert set(frame[c.CUSTOMER_CODE]) == {person[c.CUSTOMER_CODE] for person in PEOPLE}
    assert frame[c.PRIORITY].to_list() == sorted(frame[c.PRIORITY].to_list())


def test_a_day_is_read_in_one_way_or_not_at_all() -> None:
    assert day(None) is None
    assert day("2017年5月10日") == DAY
    with pytest.raises(CannotDo) as refused:
        day("05/10/2017")
    assert refused.value.problem.code == "no_such_day"


def test_widths_on_a_terminal() -> None:
    assert [display_width(words) for words in ("ab", "中文", "e\u0301", "ａ")] == [2, 4, 1, 2]
    assert (padded("中", 4), padded("中", 4, right=True)) == ("中  ", "  中")
    assert (shortened("abcdef", 4), shortened("中文字", 4), shortened("abcd", 4)) == ("abc…", "中…", "abcd")


# --- Writing down.


def follow_ups(book: Path) -> pl.DataFrame:
    return FileStore.open(book).read("follow_ups").frame


def test_a_visit_is_one_row_more_and_everything_else_stays(book: Path) -> None:
    before = {table_id: FileStore.open(book).read(table_id).frame for table_id in ("follow_ups", "purchases", "routes", "settings")}
    written = FollowUp("0012", "visit", "=1+1", "ordered", "samples", "2017-05-17", "Lee", "2017-05-09")
    logged = log_follow_up(FileStore.open(book), written, DAY)
    after = follow_ups(book)
    assert after.head(-1).equals(before["follow_ups"])
    assert after.row(-1, named=True) == {
        c.DATE: dt.date(2017, 5, 9), c.CUSTOMER_CODE: "0012", c.KIND: text("choices.visit", language_of(book)), c.OUTCOME: "ordered",
        c.NOTE: "=1+1", c.NEXT_ACTION: "samples", c.NEXT_ACTION_ON: dt.date(2017, 5, 17), c.PRIORITY: None, c.AUTHOR: "Lee",
        c.FOLLOW_UP_ID: logged.follow_up_id,
    }  # fmt: skip
    for table_id in ("purchases", "routes", "settings"):
        assert FileStore.open(book).read(table_id).frame.equals(before[table_id])
    assert "0012" in logged.line("en")
    assert "2017-05-17" in logged.line("zh")


def test_what_the_workbook_shows_of_the_last_follow_up_follows(book: Path) -> None:
    log_follow_up(FileStore.open(book), FollowUp("0011", "call", "x", next_action="samples"), DAY)
    log_follow_up(FileStore.open(book), FollowUp("0013", "call", "x", next_action="old news", date="2017-05-01"), DAY)
    shown_columns = (c.CUSTOMER_CODE, c.LAST_FOLLOW_UP, c.NEXT_ACTION)
    customers = FileStore.open(book).read("customers", only=shown_columns).frame
    found = {code: (last, action) for code, last, action in customers.select(c.CUSTOMER_CODE, c.LAST_FOLLOW_UP, c.NEXT_ACTION).iter_rows()}
    assert found["0011"] == (DAY, "samples")
    assert found["0013"] == (DAY - dt.timedelta(days=3), None)
    store = FileStore.open(book)
    assert store.value(places.AS_OF) == DAY.isoformat()
    reasons = due_list(store, DAY).frame.filter(pl.col(c.CUSTOMER_CODE) == "0011")[c.REASON].to_list()
    assert "no_contact" not in reasons


def test_who_writes_down_a_visit_is_its_author_unless_another_is_named(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XLCRM_USER", "Lee")
    mine = log_follow_up(FileStore.open(book), FollowUp("0012", "visit", "x"), DAY)
    theirs = log_follow_up(FileStore.open(book), FollowUp("0012", "visit", "x", author="Zhou"), DAY)
    rows = FileStore.open(book).read("follow_ups").frame
    authors = dict(zip(rows[c.FOLLOW_UP_ID], rows[c.AUTHOR], strict=True))
    assert (authors[mine.follow_up_id], authors[theirs.follow_up_id]) == ("Lee", "Zhou")


def test_a_row_shows_name_and_grade_before_a_program_calculates(book: Path) -> None:
    log_follow_up(FileStore.open(book), FollowUp("0012", "visit", "x"), DAY)
    sheet = openpyxl.load_workbook(book, data_only=True)[places.sheet_name("follow_ups", language_of(book))]
    assert "街角商店" in [cell.value for cell in list(sheet.iter_rows())[sheet.max_row - 1]]


def test_the_formulas_of_the_new_row_are_those_of_the_table(book: Path) -> None:
    def formulas(row: int) -> list[str]:
        sheet = openpyxl.load_workbook(book)[places.sheet_name("follow_ups", language_of(book))]
        area = sheet.tables["FollowUps"].ref.split(":")[1]
        last = int("".join(filter(str.isdigit, area)))
        return [cell.value for cell in sheet[last + row] if isinstance(cell.value, str) and cell.value.startswith("=")]

    before = formulas(0)
    log_follow_up(FileStore.open(book), FollowUp("0012", "visit", "x"), DAY)
    assert formulas(0) == before == formulas(-1)
    assert len(before) == 3


@pytest.mark.parametrize("kind", FOLLOW_UP_KINDS)
def test_every_kind_in_either_language_and_by_its_id(book: Path, kind: str) -> None:
    for name in (kind, *(text(f"choices.{kind}", language) for language in LANGUAGES)):
        log_follow_up(FileStore.open(book), FollowUp("0012", name, "x"), DAY)
    assert set(follow_ups(book)[c.KIND].tail(3)) == {text(f"choices.{kind}", language_of(book))}


def test_the_same_words_twice_are_two_follow_ups(book: Path) -> None:
    first, second = (log_follow_up(FileStore.open(book), FollowUp("0012", "visit", "x"), DAY) for _ in range(2))
    assert first.follow_up_id != second.follow_up_id
    assert follow_ups(book)[c.FOLLOW_UP_ID].is_unique().all()


def test_a_workbook_that_no_program_calculated_takes_it_too(book: Path) -> None:
    """Its formulas show nothing: what is known of the last follow-ups comes from the follow-ups themselves."""
    workbook = openpyxl.load_workbook(book)  # which keeps no value of a formula
    workbook.save(book)
    first = log_follow_up(FileStore.open(book), FollowUp("0013", "call", "x", date="2017-05-01"), DAY)
    second = log_follow_up(FileStore.open(book), FollowUp("0013", "call", "x", date="2017-05-01"), DAY)
    customers = FileStore.open(book).read("customers", only=(c.CUSTOMER_CODE, c.LAST_FOLLOW_UP, c.NEXT_ACTION)).frame
    assert customers[c.LAST_FOLLOW_UP].null_count() == customers.height
    assert customers[c.NEXT_ACTION].null_count() == customers.height  # it is not the latest one
    assert first.follow_up_id != second.follow_up_id


@pytest.mark.parametrize(
    ("written", "code"),
    [
        (FollowUp("0099", "visit", "x"), "log_unknown_customer"), (FollowUp("12", "visit", "x"), "log_similar_customer"),
        (FollowUp("0012", "dance", "x"), "log_unknown_kind"), (FollowUp("0012", "", "x"), "log_unknown_kind"),
        (FollowUp("0012", "visit", "x", date="1/2/2017"), "not_a_date"), (FollowUp("0012", "visit", "x", date=""), "required_missing"),
        (FollowUp("0012", "visit", "x", next_action_on="soon"), "not_a_date"), (FollowUp("", "visit", "x"), "required_missing"),
        (FollowUp("3.2E+17", "visit", "x"), "code_damaged"), (FollowUp("0012", "visit", "x", date="2017-05-11"), "log_date_ahead"),
        (FollowUp("0012", "visit", "x", next_action_on="2017-05-09"), "log_next_before"),
    ],
)  # fmt: skip
def test_what_an_import_would_refuse_changes_nothing(book: Path, written: FollowUp, code: str) -> None:
    before = book.read_bytes()
    with pytest.raises(CannotDo) as refused:
        log_follow_up(FileStore.open(book), written, DAY)
    assert refused.value.problem.code == code
    assert refused.value.problem.line(language_of(book)).count("\n") == 0
    assert book.read_bytes() == before
