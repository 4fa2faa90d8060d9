"""The Today sheet: groups, order, words, and formulas that count."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest

from tests.rules.handmade import table
from tests.support_libreoffice import convert
from xlcrm.jobs.due import due_list
from xlcrm.jobs.todaysheet import fill_today
from xlcrm.rules.due import GROUPS, group_of
from xlcrm.sheets import places
from xlcrm.sheets.changes import WorkbookChanges
from xlcrm.sheets.filestore import FileStore
from xlcrm.tables import columns as c
from xlcrm.tables.results import DUE
from xlcrm.texts import LANGUAGES, text

DAY = dt.date(2017, 5, 10)


def days(count: int) -> dt.date:
    return DAY + dt.timedelta(days=count)


def contact(code: str, ago: int, **more: Any) -> dict[str, Any]:
    return {c.CUSTOMER_CODE: code, c.DATE: days(-ago), c.KIND: "visit", c.FOLLOW_UP_ID: f"{code} {ago}", **more}


@pytest.fixture(params=LANGUAGES)
def book(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    path = tmp_path / "book.xlsx"
    people = [
        {c.CUSTOMER_CODE: f"000{number}", c.CUSTOMER_NAME: f"Shop {number}", c.PHONE: f"0571-{number}000", c.CONTACT: "Ann",
         c.ROUTE: "10" if number % 2 else "2", c.VISIT_ORDER: number}
        for number in range(1, 7)
    ]  # fmt: skip
    people[5] |= {c.BIRTHDAY: dt.date(1980, 5, 15)}
    follow_ups = [
        contact("0001", 20), contact("0002", 14), contact("0003", 10), contact("0004", 1, next_action="samples", next_action_on=days(2)),
        contact("0005", 17), contact("0006", 2),
    ]  # fmt: skip
    routes = [{c.ROUTE: "10", c.POSITION: 10}, {c.ROUTE: "2", c.POSITION: 2}]
    tables = {"customers": table("customers", people), "routes": table("routes", routes), "follow_ups": table("follow_ups", follow_ups)}
    FileStore.create(path, request.param).save(WorkbookChanges(tables=tables))
    return path


@pytest.mark.parametrize(("ahead", "group"), [(-1, "overdue"), (0, "today"), (1, "week"), (7, "week"), (8, "later")])
def test_groups(ahead: int, group: str) -> None:
    assert group_of(days(ahead), DAY) == group


def test_the_sheet_has_a_line_a_customer_and_reason_the_most_pressing_first(book: Path) -> None:
    language = FileStore.open(book).language
    report = fill_today(FileStore.open(book), DAY)
    frame = FileStore.open(book).read("due").frame
    reason = {each: text(f"due.reason_{each}", language) for each in ("visit", "next_action", "birthday")}
    assert frame.select(c.CUSTOMER_CODE, c.REASON, c.DUE_ON, c.DAYS_OVERDUE, c.ROUTE, c.PHONE, c.LAST_FOLLOW_UP).rows() == [
        ("0001", reason["visit"], days(-6), 6, "10", "0571-1000", days(-20)),
        ("0005", reason["visit"], days(-3), 3, "10", "0571-5000", days(-17)),
        ("0002", reason["visit"], days(0), None, "2", "0571-2000", days(-14)),
        ("0004", reason["next_action"], days(2), None, "2", "0571-4000", days(-1)),
        ("0006", reason["birthday"], days(5), None, "2", "0571-6000", days(-2)),
        ("0003", reason["visit"], days(4), None, "10", "0571-3000", days(-10)),
    ]
    assert frame[c.GROUP].to_list() == [text(f"due.group_{group}", language) for group in ["overdue"] * 2 + ["today"] + ["week"] * 3]
    assert report.customers == 6
    assert report.lines_of == {"overdue": 2, "today": 1, "week": 3, "later": 0}
    assert "2017-05-10" in report.lines(language)[0]


def test_a_second_day_replaces_the_first(book: Path) -> None:
    fill_today(FileStore.open(book), DAY)
    fill_today(FileStore.open(book), days(-30))
    frame = FileStore.open(book).read("due").frame
    assert set(frame[c.CUSTOMER_CODE]) == {"0001", "0002", "0003", "0004", "0005", "0006"}
    assert frame[c.DUE_ON].to_list() == [days(-30)] * frame.height, "nobody had been visited yet"


def test_nobody_due_leaves_a_blank_table_and_says_so(book: Path) -> None:
    store = FileStore.open(book)
    store.save(WorkbookChanges(tables={"customers": store.read("customers").frame.clear()}))
    report = fill_today(FileStore.open(book), DAY)
    assert FileStore.open(book).read("due").frame.is_empty()
    assert report.lines("en") == [text("due.nobody_this_week", "en", day=DAY)]


def test_the_week_adds_to_the_list_of_the_day_and_changes_nothing_of_it(book: Path) -> None:
    of_day, of_week = (due_list(FileStore.open(book), DAY, week).frame for week in (False, True))
    assert of_week.filter(pl.col(c.DUE_ON) <= DAY).equals(of_day.filter(pl.col(c.DUE_ON) <= DAY))
    assert set(of_day.rows()) < set(of_week.rows())
    assert set(of_week[c.GROUP]) <= set(GROUPS)


def test_the_counts_above_the_table_are_formulas_that_a_program_calculates(book: Path, tmp_path: Path, soffice: str) -> None:
    language = FileStore.open(book).language
    fill_today(FileStore.open(book), DAY)
    shown = openpyxl.load_workbook(convert(soffice, [book], tmp_path / "out", "xlsx")[0], data_only=True)
    sheet = shown[places.sheet_name("today", language)]
    row = [cell.value for cell in sheet[places.HEADER_ROW - 1]]
    assert DAY in [getattr(value, "date", lambda: None)() for value in row]
    counts = next(str(value) for value in row if isinstance(value, str))
    wanted = zip(GROUPS, (2, 1, 3, 0), strict=True)
    assert counts.split() == " ".join(f"{text(f'due.group_{group}', language)} {count}" for group, count in wanted).split()


def test_it_prints_across_a_page_and_home_leads_to_it(book: Path) -> None:
    language = FileStore.open(book).language
    workbook = openpyxl.load_workbook(book)
    sheet = workbook[places.sheet_name("today", language)]
    assert (sheet.page_setup.orientation, sheet.page_setup.fitToWidth, sheet.print_title_rows) == ("landscape", 1, "$5:$5")
    home = workbook[places.sheet_name("home", language)]
    overdue = home[next(iter(workbook.defined_names["crm.home.overdue"].destinations))[1].replace("$", "")]
    assert "#crm.sheet.today" in home.cell(overdue.row - 1, overdue.column).value
    assert [name for name in DUE.column_ids if DUE.by_id[name].hidden] == [c.PRIORITY]
