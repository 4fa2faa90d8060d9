"""Follow-ups counted: on their sheet over both stores, on a terminal, as CSV."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl
import pytest

from tests.jobs.both_stores import STORES, Do
from tests.rules.handmade import table
from xlcrm.jobs.showing import table as shown
from xlcrm.jobs.summarising import Summaries, month_of, summaries, summarise
from xlcrm.problems import CannotDo
from xlcrm.sheets.changes import WorkbookChanges
from xlcrm.sheets.filestore import FileStore
from xlcrm.tables import columns as c
from xlcrm.tables.width import display_width
from xlcrm.texts import LANGUAGES, Language

DAY = dt.date(2017, 5, 10)


@pytest.fixture(params=STORES)
def do(request: pytest.FixtureRequest) -> Do[Summaries]:
    found: Do[Summaries] = STORES[request.param]
    return found


def book_of(folder: Path, language: Language = "en") -> Path:
    path = folder / "book.xlsx"
    people = [{c.CUSTOMER_CODE: code, c.OWNER: owner} for code, owner in (("0011", "Lee"), ("0012", "Lee"), ("0013", "王芳"))]
    rows = [
        {c.CUSTOMER_CODE: code, c.DATE: day, c.KIND: kind, c.AUTHOR: author, c.NEXT_ACTION_ON: next_on, c.FOLLOW_UP_ID: f"F{number}"}
        for number, (code, day, kind, author, next_on) in enumerate([
            ("0011", dt.date(2017, 4, 28), "visit", "Lee", None), ("0011", dt.date(2017, 5, 2), "visit", "Lee", dt.date(2017, 5, 4)),
            ("0011", dt.date(2017, 5, 4), "call", "Lee", None), ("0013", dt.date(2017, 5, 4), "call", "王芳", dt.date(2017, 5, 6)),
        ])
    ]  # fmt: skip
    tables = {"customers": table("customers", people), "follow_ups": table("follow_ups", rows)}
    FileStore.create(path, language).save(WorkbookChanges(tables=tables))
    return path


def test_both_tables_stand_on_their_sheet(tmp_path: Path, do: Do[Summaries]) -> None:
    book = book_of(tmp_path)
    made = do(book, lambda store: summarise(store, DAY))
    store = FileStore.open(book)
    for table_id in ("daily_summary", "month_summary"):
        frame: pl.DataFrame = getattr(made, table_id)
        assert store.read(table_id).frame.rows() == frame.rows()
    assert made.daily_summary.select(c.DATE, c.AUTHOR, c.FOLLOW_UPS).rows() == [
        (dt.date(2017, 5, 4), "Lee", 1), (dt.date(2017, 5, 4), "王芳", 1), (dt.date(2017, 5, 2), "Lee", 1), (dt.date(2017, 4, 28), "Lee", 1),
    ]  # fmt: skip
    assert made.month_summary.select(c.PERIOD, c.AUTHOR, c.REACHED, c.KEPT_AGREEMENTS).rows() == [
        ("2017-05", "Lee", 0.5, 1.0), ("2017-05", "王芳", 1.0, 0.0), ("2017-04", "Lee", 0.5, None),
    ]  # fmt: skip
    assert made.lines("en")[0] == "4 follow-ups counted: 3 days, 2 months."


def test_it_shrinks_again_with_the_follow_ups(tmp_path: Path, do: Do[Summaries]) -> None:
    book = book_of(tmp_path)
    do(book, lambda store: summarise(store, DAY))
    store = FileStore.open(book)
    store.save(WorkbookChanges(tables={"follow_ups": store.read("follow_ups").frame.head(1)}))
    do(book, lambda store: summarise(store, DAY))
    assert FileStore.open(book).read("daily_summary").frame[c.DATE].to_list() == [dt.date(2017, 4, 28)]
    assert FileStore.open(book).read("month_summary").frame[c.PERIOD].to_list() == ["2017-04"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_terminal_gets_one_month_aligned_by_what_is_seen(tmp_path: Path, language: Language) -> None:
    book = book_of(tmp_path, language)
    before = book.read_bytes()
    made = summaries(FileStore.open(book), DAY)
    lines = made.tables(language)
    assert "2017-05" in lines[0]
    monthly = lines[3:6]
    assert len({display_width(line) for line in monthly}) == 1
    assert not any("2017-04" in line for line in lines)
    assert [line for line in made.tables(language, "2017-04") if "2017-04-28" in line]
    assert "2016-01" in made.tables(language, "2016-01")[0]
    assert book.read_bytes() == before


def test_nothing_to_count_is_one_line(tmp_path: Path) -> None:
    FileStore.create(tmp_path / "empty.xlsx", "en")
    made = summaries(FileStore.open(tmp_path / "empty.xlsx"), DAY)
    assert made.lines("en") == made.tables("en") == ["There are no follow-ups yet."]


def test_show_gives_both_the_newest_first(tmp_path: Path) -> None:
    store = FileStore.open(book_of(tmp_path))
    assert shown(store, "daily_summary")[c.DATE].to_list() == ["2017-05-04", "2017-05-04", "2017-05-02", "2017-04-28"]
    assert shown(store, "month_summary")[c.PERIOD].to_list() == ["2017-05", "2017-05", "2017-04"]


def test_a_month_is_read_in_either_language_or_not_at_all() -> None:
    assert month_of(None) is None
    assert month_of("2017-05") == month_of("2017年5月") == "2017-05"
    for wrong in ("2017Q1", "May", "13/2017"):
        with pytest.raises(CannotDo) as refused:
            month_of(wrong)
        assert refused.value.problem.code == "no_such_month"
