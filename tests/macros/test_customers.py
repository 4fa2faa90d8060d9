"""The buttons for customers that stand twice and customers that change hands: what they do, and what they say where they cannot."""

from __future__ import annotations

import sys
from pathlib import Path

import polars as pl
import pytest

from tests.macros.filedesk import FileDesk
from xlcrm.macros import MACROS, Outcome, run
from xlcrm.sheets.changes import WorkbookChanges
from xlcrm.sheets.filestore import FileStore
from xlcrm.tables import columns as c
from xlcrm.texts import LANGUAGES, Language, text

PEOPLE = {
    c.CUSTOMER_CODE: ["0001", "0002", "0003"], c.CUSTOMER_NAME: ["Corner Shop", "CORNER SHOP Ltd", "Oak Books"],
    c.PHONE: ["138 1234 5678", "13812345678", None], c.OWNER: ["Lee", "Wang", "Lee"],
}  # fmt: skip


def pressed(macro_id: str, desk: FileDesk) -> Outcome:
    return run(MACROS[macro_id], desk)


def made(folder: Path, language: Language = "en") -> Path:
    book = folder / f"{language}.xlsx"
    FileStore.create(book, language)
    store = FileStore.open(book)
    customers = pl.concat([store.read("customers").frame, pl.DataFrame(PEOPLE)], how="diagonal")
    store.save(WorkbookChanges(tables={"customers": customers}))
    return book


def fill(book: Path, table_id: str, frame: pl.DataFrame) -> None:
    FileStore.open(book).save(WorkbookChanges(tables={table_id: frame}))


@pytest.mark.parametrize("language", LANGUAGES)
def test_pairs_are_listed_decided_and_merged(tmp_path: Path, language: Language) -> None:
    book = made(tmp_path, language)
    desk = FileDesk(book)
    found = pressed("find_duplicates", desk)
    assert not found.failed
    assert found.lines[-1] == text("merging.find_undecided", language)
    assert desk.shown == ["duplicates"]
    listed = FileStore.open(book).read("duplicates").frame
    assert listed.select(c.CODE_A, c.CODE_B).rows() == [("0001", "0002")]
    before = book.read_bytes()
    undecided = pressed("merge_customers", FileDesk(book))
    assert undecided.failed
    assert book.read_bytes() == before
    fill(book, "duplicates", listed.with_columns(pl.lit(text("choices.merge_into_b", language)).alias(c.DECISION)))
    merged = pressed("merge_customers", FileDesk(book))
    assert not merged.failed
    assert "0001" in merged.lines[0]
    assert FileStore.open(book).read("customers").frame[c.CUSTOMER_CODE].to_list() == ["0002", "0003"]
    again = pressed("find_duplicates", FileDesk(book))
    assert again.lines == [text("duplicates.none", language, customers=2)]
    assert FileStore.open(book).read("duplicates").frame.height == 1  # what was merged is remembered


def test_where_names_cannot_be_compared_the_button_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a browser there is no such package; merging by decisions that somebody wrote needs none."""
    book = made(tmp_path)
    before = book.read_bytes()
    monkeypatch.setitem(sys.modules, "rapidfuzz.fuzz", None)
    refused = pressed("find_duplicates", FileDesk(book))
    assert refused.failed
    assert "rapidfuzz" in refused.lines[0]  # similarity_missing
    assert book.read_bytes() == before
    empty = FileStore.open(book).read("duplicates").frame
    decided = pl.DataFrame({c.CODE_A: ["0001"], c.CODE_B: ["0002"], c.DECISION: ["keep A"]})
    fill(book, "duplicates", pl.concat([empty, decided], how="diagonal_relaxed"))
    assert not pressed("merge_customers", FileDesk(book)).failed


def test_handovers_of_the_sheet_are_carried_out_and_the_page_comes_to_the_front(tmp_path: Path) -> None:
    book = made(tmp_path)
    refused = pressed("hand_over", FileDesk(book, selected=["0001"]))
    assert refused.failed
    assert "no handover is waiting" in refused.lines[0]  # handover_no_rows
    empty = FileStore.open(book).read("handovers").frame
    fill(book, "handovers", pl.concat([empty, pl.DataFrame({c.FROM_OWNER: ["Lee"], c.TO_OWNER: ["Kim"]})], how="diagonal_relaxed"))
    desk = FileDesk(book)
    done = pressed("hand_over", desk)
    assert not done.failed
    assert desk.shown == ["handover:Kim"]
    assert FileStore.open(book).read("customers").frame[c.OWNER].to_list() == ["Kim", "Wang", "Kim"]
