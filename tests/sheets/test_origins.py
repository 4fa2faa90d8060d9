"""Rows that say which row of the sheet they continue, where the table's key does not tell them apart; over both stores."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import polars as pl
import pytest

from tests.jobs.both_stores import STORES, Do
from tests.sheets.filling import fill_table
from xlcrm.jobs.store import Store
from xlcrm.sheets.changes import WorkbookChanges
from xlcrm.sheets.filestore import FileStore
from xlcrm.tables import columns as c


@pytest.mark.parametrize("do", STORES.values(), ids=STORES)
def test_rows_of_one_key_keep_their_own_cells(tmp_path: Path, do: Do[None]) -> None:
    book = tmp_path / "book.xlsx"
    FileStore.create(book, "en")
    workbook = openpyxl.load_workbook(book)
    same = {c.CUSTOMER_CODE: "1", c.KIND: "visit"}
    fill_table(workbook, "intake", [same, {**same, c.DATE: "soon"}, {**same, c.DATE: "later"}, {**same, c.PRIORITY: "high"}], "en")
    workbook.save(book)

    def without_the_first(store: Store) -> None:
        read = store.read("intake")
        rest, rows = read.frame.slice(2), read.rows.slice(2)
        new = pl.concat([rest, rest.clear(1)])
        store.save(WorkbookChanges(tables={"intake": new}, origins={"intake": pl.concat([rows, pl.Series([None], dtype=pl.Int64)])}))

    do(book, without_the_first)
    sheet = openpyxl.load_workbook(book)["Intake"]
    assert sheet.tables["Intake"].ref == "B5:L8"
    assert [(sheet.cell(row, 2).value, sheet.cell(row, 10).value) for row in range(6, 10)] == [
        ("later", None), (None, "high"), (None, None), (None, None),
    ]  # fmt: skip
