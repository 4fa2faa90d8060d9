"""Rows of result tables with sentences are as high as those need, side by side and from run to run; a user's own height stays."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import polars as pl
import pytest

from xlcrm.sheets.changes import WorkbookChanges
from xlcrm.sheets.filestore import FileStore
from xlcrm.sheets.rowheights import lines_of
from xlcrm.tables import columns as c
from xlcrm.tables.catalog import TABLES

LONG = "Days with a purchase 1 after 3; Amount 337.10 after 1,328.10 (-75%); No purchase for 66 days, own cycle 31 days; Contacts 1 after 4"
ONE_LINE = 18.0


def warned(*reasons: str) -> pl.DataFrame:
    return pl.DataFrame({c.CUSTOMER_CODE: [f"00{place}" for place in range(len(reasons))], c.LEVEL: 1, c.REASONS: list(reasons)})


def lost(*reasons: str) -> pl.DataFrame:
    return warned(*reasons).drop(c.LEVEL)


def heights(book: Path, words: str = ">Win back<") -> list[float]:
    """The heights of the body's rows, those that have one, on the sheet with these words; in points."""
    with zipfile.ZipFile(book) as parts:
        sheets = {name: parts.read(name).decode() for name in parts.namelist() if name.startswith("xl/worksheets/sheet")}
    xml = next(xml for xml in sheets.values() if words in xml)
    rows = re.findall(r'<row r="(\d+)"([^>]*)>', xml)
    return [float(found[1]) for number, tag in rows if int(number) > 5 and (found := re.search(r'\sht="([^"]*)"', tag))]


def save(book: Path, **tables: pl.DataFrame) -> None:
    FileStore.open(book).save(WorkbookChanges(tables=tables))


def test_a_row_is_as_high_as_its_longest_sentence_in_any_table(tmp_path: Path) -> None:
    book = tmp_path / "book.xlsx"
    FileStore.create(book, "en")
    save(book, warnings=warned("short", LONG, "short"), win_back=lost("short", "short", LONG))
    first, second, third = heights(book)
    assert first == ONE_LINE
    assert second == third > ONE_LINE
    save(book, warnings=warned("short", "short", "short"), win_back=lost("short"))
    assert heights(book) == [ONE_LINE] * 3


def test_rows_of_a_longer_table_beside_lose_the_height_that_they_had_with_sentences(tmp_path: Path) -> None:
    book = tmp_path / "book.xlsx"
    FileStore.create(book, "en")
    kinds = pl.DataFrame({"model": ["bgnbd"], "parameter": ["r"], c.VALUE: [1.0], c.NOTE: [LONG * 3]})
    members = pl.DataFrame({c.CUSTOMER_CODE: [f"{number:03}" for number in range(9)], "cluster": 1})
    save(book, clv_model=kinds, segment_members=members)
    assert len(heights(book, ">Fitted models<")) == 1
    save(book, clv_model=kinds, segment_members=pl.concat([members.tail(8), members.head(1)]))
    assert len(heights(book, ">Fitted models<")) == 1


def test_a_height_that_the_user_gave_a_row_stays(tmp_path: Path) -> None:
    book = tmp_path / "book.xlsx"
    FileStore.create(book, "en")
    save(book, warnings=warned("short", "short"), win_back=lost())
    with zipfile.ZipFile(book) as parts:
        contents = {name: parts.read(name) for name in parts.namelist()}
    name = next(name for name, part in contents.items() if b">Win back<" in part and b"sheetData" in part)
    contents[name] = re.sub(rb'(<row r="7"[^>]*?) ht="[^"]*"', rb'\1 ht="77" customHeight="1"', contents[name])
    with zipfile.ZipFile(book, "w") as parts:
        for part, data in contents.items():
            parts.writestr(part, data)
    save(book, warnings=warned("short", LONG), win_back=lost())
    assert heights(book) == [ONE_LINE, 77]


@pytest.mark.parametrize(
    ("text", "column_px", "lines"),
    [(None, 100, 1), ("", 100, 1), ("short", 100, 1), ("购进额" * 5, 230, 1), ("购进额" * 5, 200, 2), (LONG, 400, 3), (LONG, 2000, 1)],
)
def test_lines_of_a_sentence(text: str | None, column_px: float, lines: int) -> None:
    assert lines_of(text, column_px) == lines


def test_columns_of_sentences_are_those_of_result_tables_alone() -> None:
    held = {(table.id, column.id) for table in TABLES.values() for column in table.columns if column.sentences}
    assert {table for table, _ in held} >= {"warnings", "win_back"}
    assert all(TABLES[table].kind == "result" for table, _ in held)
