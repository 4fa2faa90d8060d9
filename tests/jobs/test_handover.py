"""Customers handed over in a workbook: whose they are afterwards, what stays as it was, what is refused, and the sheet to sign."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from xlcrm import cli
from xlcrm.jobs.checking import check
from xlcrm.jobs.handover import hand_over_rows, handover
from xlcrm.jobs.quarter import close_quarter
from xlcrm.jobs.routesheets import build_print_sheets
from xlcrm.jobs.undoing import undo
from xlcrm.problems import CannotDo
from xlcrm.sheets.changes import WorkbookChanges
from xlcrm.sheets.filestore import FileStore
from xlcrm.tables import columns as c
from xlcrm.texts import LANGUAGES, Language, text

DAY = dt.date(2018, 1, 5)
TABLES: dict[str, dict[str, list[Any]]] = {
    "customers": {
        c.CUSTOMER_CODE: ["0001", "0002", "0003", "0004"], c.CUSTOMER_NAME: ["One", "Two", "Three", "Four"], c.ROUTE: ["1", "2", "1", "2"],
        c.OWNER: ["Zoe", None, "ｚｏｅ", "Lee"], c.VISIT_ORDER: [2, 1, 1, 2],
    },
    "routes": {c.ROUTE: ["1", "2"], c.ACCOUNT_MANAGER: ["Ana", "Ben"], c.BATCH: ["mon", "tue"], c.POSITION: [1, 2]},
    "grades": {c.CUSTOMER_CODE: ["0001", "0001"], c.QUARTER: ["2017Q3", "2017Q4"], c.GRADE: ["CS2", "CS1"]},
    "purchases": {
        c.CUSTOMER_CODE: ["0001", "0001", "0003"], c.DATE: [dt.date(2017, 8, 1), dt.date(2017, 11, 2), None],
        c.PERIOD: [None, None, "2017-12"], c.QUANTITY: [4000, 6000, 1000], c.AMOUNT: [40_000, 60_000, 10_000],
    },
    "follow_ups": {
        c.DATE: [dt.date(2017, 12, 1), dt.date(2017, 12, 20)], c.CUSTOMER_CODE: ["0001", "0001"], c.KIND: ["visit", "call"],
        c.NOTE: ["shelf half empty", "agreed on a display"], c.AUTHOR: ["Zoe", "Old Tim"], c.NEXT_ACTION: ["price list", "display"],
        c.NEXT_ACTION_ON: [dt.date(2017, 12, 10), dt.date(2018, 1, 9)], c.FOLLOW_UP_ID: ["F1", "F2"],
    },
}  # fmt: skip


def made(folder: Path, language: Language = "en") -> Path:
    book = folder / f"{language}.xlsx"
    FileStore.create(book, language)
    store = FileStore.open(book)
    frames = {name: pl.concat([store.read(name).frame, pl.DataFrame(rows)], how="diagonal_relaxed") for name, rows in TABLES.items()}
    store.save(WorkbookChanges(tables=frames))
    close_quarter(FileStore.open(book), "2017Q4", as_of=DAY)
    return book


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return made(tmp_path)


def table(book: Path, table_id: str) -> pl.DataFrame:
    return FileStore.open(book).read(table_id).frame


def owners(book: Path) -> list[str | None]:
    return table(book, "customers")[c.OWNER].to_list()


def handed(book: Path) -> list[tuple[Any, ...]]:
    return table(book, "handovers").select(c.CUSTOMER_CODE, c.FROM_OWNER, c.TO_OWNER, c.DONE_ON, c.CUSTOMERS).rows()


def typed(book: Path, rows: dict[str, list[Any]]) -> None:
    store = FileStore.open(book)
    frame = pl.concat([store.read("handovers").frame, pl.DataFrame(rows)], how="diagonal_relaxed")
    store.save(WorkbookChanges(tables={"handovers": frame}))


def test_all_customers_of_an_owner_go_however_the_name_is_written(book: Path) -> None:
    follow_ups = table(book, "follow_ups")
    done = handover(FileStore.open(book), " lee ", from_owner="ZOE ", as_of=DAY)
    assert [(part.to, part.codes) for part in done.parts] == [("Lee", ["0003", "0001"])]  # in the order of the visits
    assert owners(book) == ["Lee", None, "Lee", "Lee"]
    assert handed(book) == [(None, "Zoe", "Lee", DAY, 2)]
    assert table(book, "follow_ups").equals(follow_ups)  # the history keeps its authors, open tasks go along


def test_without_an_owner_a_customer_is_its_account_managers(book: Path) -> None:
    handover(FileStore.open(book), "Kim", from_owner="ben", as_of=DAY)
    assert owners(book) == ["Zoe", "Kim", "zoe", "Lee"]
    assert handed(book) == [(None, "Ben", "Kim", DAY, 1)]


def test_single_customers_go_and_each_has_its_row(book: Path) -> None:
    handover(FileStore.open(book), "Kim", codes=["0002", "0004", "0002"], as_of=DAY)
    assert owners(book) == ["Zoe", "Kim", "zoe", "Kim"]
    assert handed(book) == [("0002", "Ben", "Kim", DAY, 1), ("0004", "Lee", "Kim", DAY, 1)]
    handover(FileStore.open(book), "Kim", codes=["0004", "0001"], as_of=DAY)  # one of them is Kim's already
    assert handed(book)[2:] == [("0001", "Zoe", "Kim", DAY, 1)]


@pytest.mark.parametrize(
    ("to", "from_owner", "codes", "code"),
    [
        ("Kim", None, (), "handover_whose"),
        ("Kim", "Zoe", ("0001",), "handover_whose"),
        ("Kim", "Nobody", (), "handover_unknown_owner"),
        ("Kim", None, ("0001", "77", "78"), "handover_unknown_codes"),
        ("Kim", None, ("0001", "77"), "log_unknown_customer"),
        ("Kim", None, ("1",), "log_similar_customer"),
        ("Zoe", "zoe", (), "handover_same"),
        ("Zoe", None, ("0001", "0003"), "handover_nothing"),
        ("  ", "Zoe", (), "handover_to_nobody"),
    ],
)
def test_what_cannot_be_handed_over_is_refused_and_nothing_changes(
    book: Path, to: str, from_owner: str | None, codes: tuple[str, ...], code: str
) -> None:
    before = book.read_bytes()
    with pytest.raises(CannotDo) as refusal:
        handover(FileStore.open(book), to, from_owner, codes, DAY, out=book.with_suffix(".pdf"))
    assert refusal.value.problem.code == code
    if code == "handover_unknown_owner":
        assert "Ben, Lee, Zoe" in refusal.value.problem.line("en")
    if code == "handover_unknown_codes":
        assert "77, 78" in refusal.value.problem.line("en")
    assert book.read_bytes() == before
    assert not book.with_suffix(".pdf").exists()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sheet_to_sign_is_painted_and_no_comparison_takes_it_away(tmp_path: Path, language: Language) -> None:
    book = made(tmp_path, language)
    part = handover(FileStore.open(book), "Kim", from_owner="Zoe", as_of=DAY, out=tmp_path / "out.pdf").parts[0]
    assert (tmp_path / "out.pdf").read_bytes().startswith(b"%PDF")
    assert part.page.sheet_name == text("merging.page_sheet", language, to="Kim")
    assert "handover:Kim" in FileStore.open(book).page_ids()
    close_quarter(FileStore.open(book), "2017Q4", as_of=DAY)
    build_print_sheets(FileStore.open(book), DAY)
    assert "handover:Kim" in FileStore.open(book).page_ids()
    said = [cell.value for line in list(part.page.blocks)[1].lines for cell in line.cells if cell.value]
    assert "CS1↑" in said
    assert "2017-11-02" in said
    assert said.index("display") < said.index("agreed on a display")
    assert "! price list" not in said  # a later call has settled it


def test_a_handover_can_be_taken_back(book: Path) -> None:
    job = handover(FileStore.open(book), "Kim", codes=["0001", "0004"], as_of=DAY).job
    assert job
    undo(FileStore.open(book), job)
    assert owners(book) == ["Zoe", None, "zoe", "Lee"]
    assert handed(book) == []
    assert not {problem.code for problem in check(FileStore.open(book), claims=False).problems} & {"audit_broken", "repeated_key"}


# --- The rows of the sheet.


def test_the_rows_without_a_day_are_carried_out_and_the_wrong_ones_say_why(book: Path) -> None:
    typed(book, {
        c.CUSTOMER_CODE: [None, "0004", "77", None, "0001", "0002", None, "0004"],
        c.FROM_OWNER: ["Zoe", None, None, "Nobody", "Ben", None, "Lee", None],
        c.TO_OWNER: ["Kim", "Ana", "Ana", "Kim", "Kim", "Lee", "Lee", "Zoe"],
        c.NOTE: ["leaves in March"] + [None] * 7,
    })  # fmt: skip
    done = hand_over_rows(FileStore.open(book), as_of=DAY)
    assert done.rows == 3
    assert owners(book) == ["Kim", "Lee", "Kim", "Ana"]
    rows = table(book, "handovers")
    assert rows[c.DONE_ON].to_list() == [DAY, DAY, None, None, None, DAY, None, None]
    assert rows[c.CUSTOMERS].to_list() == [2, 1, None, None, None, 1, None, None]
    assert rows[c.FROM_OWNER].to_list() == ["Zoe", "Lee", None, "Nobody", "Ben", "Ben", "Lee", None]
    assert rows[c.NOTE][0] == "leaves in March"
    wrong = [problem.code for problem in done.problems]
    assert sorted(wrong) == sorted([
        "log_unknown_customer", "handover_unknown_owner", "handover_not_his", "handover_same", "handover_promised",
    ])  # fmt: skip
    assert [said is not None for said in rows[c.MESSAGE]] == [False, False, True, True, True, False, True, True]
    assert {part.to for part in done.parts} == {"Kim", "Ana", "Lee"}
    assert len(done.lines("en")) == 2 * 3 + 1 + 5


def test_two_owners_can_exchange_their_customers(book: Path) -> None:
    typed(book, {c.FROM_OWNER: ["Zoe", "Lee"], c.TO_OWNER: ["Lee", "Zoe"]})
    hand_over_rows(FileStore.open(book), as_of=DAY)
    assert owners(book) == ["Lee", None, "Lee", "Zoe"]


def test_a_row_that_names_nobody_means_the_selected_customers(book: Path) -> None:
    typed(book, {c.TO_OWNER: ["Kim"], c.NOTE: ["these"]})
    refused = hand_over_rows(FileStore.open(book), as_of=DAY)
    assert [problem.code for problem in refused.problems] == ["handover_row_empty"]
    assert owners(book)[:2] == ["Zoe", None]
    hand_over_rows(FileStore.open(book), ["0001", "77", "0002"], DAY)
    assert owners(book) == ["Kim", "Kim", "zoe", "Lee"]
    assert handed(book) == [("0001", "Zoe", "Kim", DAY, 1), ("0002", "Ben", "Kim", DAY, 1)]
    rows = table(book, "handovers")
    assert rows[c.NOTE].to_list() == ["these", "these"]
    assert rows[c.MESSAGE].null_count() == 2


def test_without_an_open_row_there_is_nothing_to_do(book: Path) -> None:
    handover(FileStore.open(book), "Kim", codes=["0001"], as_of=DAY)
    before = book.read_bytes()
    with pytest.raises(CannotDo) as refusal:
        hand_over_rows(FileStore.open(book), ["0002"], DAY)
    assert refusal.value.problem.code == "handover_no_rows"
    assert book.read_bytes() == before


def test_in_a_workbook_without_a_quarter_the_sheet_shows_the_profiles(tmp_path: Path) -> None:
    FileStore.create(tmp_path / "b.xlsx", "en")
    store = FileStore.open(tmp_path / "b.xlsx")
    customers = pl.concat([store.read("customers").frame, pl.DataFrame(TABLES["customers"])], how="diagonal_relaxed")
    store.save(WorkbookChanges(tables={"customers": customers}))
    page = handover(FileStore.open(tmp_path / "b.xlsx"), "Kim", codes=["0004", "0003"], as_of=DAY).parts[0].page
    assert [block.key for block in page.blocks] == ["0003", "0004"]


# --- The terminal.


def test_the_command_hands_over_prints_and_names_what_is_wrong(
    book: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(*arguments: str) -> int:
        monkeypatch.setattr(sys, "argv", ["xlcrm", "handover", str(book), *arguments])
        with pytest.raises(SystemExit) as end:
            cli.main()
        return int(end.value.code or 0)

    assert run("--to", "Kim", "--from", "Nobody") == 3
    assert "Ben, Lee, Zoe" in capsys.readouterr().err
    assert run("0001", "0002", "--to", "Kim", "--print", str(tmp_path / "sheet.pdf")) == 0
    assert "2 customer(s)" in capsys.readouterr().out
    assert (tmp_path / "sheet.pdf").read_bytes().startswith(b"%PDF")
    assert owners(book) == ["Kim", "Kim", "zoe", "Lee"]
