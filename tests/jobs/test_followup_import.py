"""Follow-ups imported in bulk: whose they are, when they were, and under which number, stays as the export says."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from tests.rules.handmade import table
from xlcrm.jobs.importing import import_files
from xlcrm.jobs.logging_followup import FollowUp, log_follow_up
from xlcrm.sheets.changes import WorkbookChanges
from xlcrm.sheets.filestore import FileStore
from xlcrm.tables import columns as c
from xlcrm.texts import LANGUAGES, Language

HEADS: dict[Language, str] = {
    "en": "Date,Code,Kind,Note,Next on,Priority,Author,Follow-up ID", "zh": "日期,客户代码,方式,记录,下次日期,优先级,记录人,跟进编号",
}  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_author_date_and_id_are_those_of_the_export(tmp_path: Path, language: Language, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XLCRM_USER", "whoever imports")
    book, export = tmp_path / "book.xlsx", tmp_path / "export.csv"
    FileStore.create(book, language).save(WorkbookChanges(tables={"customers": table("customers", [{c.CUSTOMER_CODE: "0011"}])}))
    lines = [
        HEADS[language], "2015-03-02,0011,visit,first,2015-03-09,2,王芳,A-17", "2015-03-03,0011,call,second,,,Lee,", "2015-03-04,0011,call,third,,,,00042",
    ]  # fmt: skip
    export.write_text("\n".join(lines), encoding="utf-8")
    report = import_files(FileStore.open(book), [export])
    assert list(report.problems) == []
    found = FileStore.open(book).read("follow_ups").frame
    wanted = (c.DATE, c.NOTE, c.NEXT_ACTION_ON, c.PRIORITY, c.AUTHOR)
    assert found.select(wanted).rows() == [
        (dt.date(2015, 3, 2), "first", dt.date(2015, 3, 9), 2, "王芳"), (dt.date(2015, 3, 3), "second", None, None, "Lee"),
        (dt.date(2015, 3, 4), "third", None, None, None),
    ]  # fmt: skip
    first, second, third = found[c.FOLLOW_UP_ID]
    assert (first, third) == ("A-17", "00042")
    assert second.startswith("F")
    before = book.read_bytes()
    again = import_files(FileStore.open(book), [export])
    assert [(each.new, each.changed, each.unchanged) for each in again.tables] == [(0, 0, 3)]
    assert book.read_bytes() == before


def test_an_import_beside_what_was_logged_keeps_both(tmp_path: Path) -> None:
    book, export = tmp_path / "book.xlsx", tmp_path / "export.csv"
    FileStore.create(book, "en").save(WorkbookChanges(tables={"customers": table("customers", [{c.CUSTOMER_CODE: "0011"}])}))
    written = FollowUp("0011", "visit", "own words", author="Lee", date="2015-03-02")
    logged = log_follow_up(FileStore.open(book), written)
    export.write_text(f"{HEADS['en']}\n2015-03-02,0011,visit,exported,,,Lee,\n", encoding="utf-8")
    import_files(FileStore.open(book), [export])
    found = dict(FileStore.open(book).read("follow_ups").frame.select(c.FOLLOW_UP_ID, c.NOTE).iter_rows())
    assert found.pop(logged.follow_up_id) == "own words"
    assert list(found.values()) == ["exported"]
