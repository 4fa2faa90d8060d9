"""The terminal's verbs of follow-ups: what they print, and what they leave alone."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from tests.rules.handmade import table
from tests.sheets.filling import fill_table
from tests.terminal import Run, typed
from xlcrm.cli.app import LANGUAGE
from xlcrm.sheets.changes import WorkbookChanges
from xlcrm.sheets.filestore import FileStore
from xlcrm.tables import columns as c
from xlcrm.texts import text


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Status, what was printed, what went to standard error."""

    return typed(capsys, monkeypatch)


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "book.xlsx"
    people = [{c.CUSTOMER_CODE: "0011", c.CUSTOMER_NAME: "Corner Shop", c.OWNER: "Lee"}]
    FileStore.create(path, LANGUAGE).save(WorkbookChanges(tables={"customers": table("customers", people)}))
    workbook = openpyxl.load_workbook(path)
    rows = [{c.DATE: "2017-05-09", c.CUSTOMER_CODE: code, c.KIND: "visit", c.AUTHOR: "Lee"} for code in ("0011", "11")]
    fill_table(workbook, "intake", rows, LANGUAGE)
    workbook.save(path)
    return path


def test_intake_then_summary_then_playbook(book: Path, run: Run) -> None:
    status, said, error = run("intake", book)
    assert error == ""
    assert (status, said.splitlines()[0]) == (0, text("followups.taken_in", LANGUAGE, rows=1))
    assert "0011" in said.splitlines()[-1]  # the customer that was meant
    before = book.read_bytes()
    status, said, _ = run("summary", book, "--month", "2017-05")
    assert (status, "2017-05-09" in said, "Lee" in said, "100%" in said) == (0, True, True, True)
    assert book.read_bytes() == before
    assert run("summary", book, "--sheet")[0] == 0
    assert FileStore.open(book).read("month_summary").frame[c.PERIOD].to_list() == ["2017-05"]
    before = book.read_bytes()
    status, said, _ = run("playbook", book, "--dry-run", "--on", "2017-07-20")
    assert (status, "2017-07-23" in said) == (0, True)
    assert book.read_bytes() == before
    assert run("playbook", book, "--on", "2017-07-20")[0] == 0
    assert FileStore.open(book).read("follow_ups").frame.height == 2
    status, said, _ = run("show", book, "daily_summary")
    assert said.splitlines()[0].startswith("date,author,follow_ups,visits")


@pytest.mark.parametrize("words", [("summary", "--month", "spring"), ("playbook", "--on", "soon")])
def test_what_cannot_be_read_is_one_line_and_changes_nothing(book: Path, run: Run, words: tuple[str, ...]) -> None:
    before = book.read_bytes()
    status, said, error = run(words[0], book, *words[1:])
    assert (status, said, error.count("\n")) == (3, "", 1)
    assert book.read_bytes() == before
