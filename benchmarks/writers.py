"""Writes the same cells in one of several ways and prints the seconds: `python -m benchmarks.writers WAY FRAME.parquet FOLDER`.

The frame holds purchases as the workbook's table shows them. Only the writing is timed, from a frame in memory to a whole file on the disk.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

import polars as pl

from xlcrm.tables import columns as c
from xlcrm.tables.catalog import TABLES
from xlcrm.tables.schema import SCALE, ColumnKind


def shown(typed: pl.DataFrame) -> pl.DataFrame:
    """The typed frame as a person reads it: money in units of currency, quantities in units."""
    spec = TABLES["purchases"]
    scaled = [(pl.col(name) / SCALE[spec.by_id[name].kind]).alias(name) for name in typed.columns if spec.by_id[name].kind in SCALE]
    return typed.with_columns(scaled)


def ours(typed: pl.DataFrame, folder: Path) -> float:
    """Into the Purchases table of an existing workbook, formulas and styles kept."""
    from xlcrm.sheets.changes import WorkbookChanges
    from xlcrm.sheets.filestore import FileStore

    book = folder / "ours.xlsx"
    FileStore.create(book, "en")
    started = time.perf_counter()
    FileStore.open(book).save(WorkbookChanges(tables={"purchases": typed}))
    return time.perf_counter() - started


def xlsxwriter(typed: pl.DataFrame, folder: Path) -> float:
    """A new workbook by XlsxWriter, row by row without keeping rows in memory, its fastest way."""
    import xlsxwriter as writer

    frame = shown(typed)
    kinds = [TABLES["purchases"].by_id[name].kind for name in frame.columns]
    started = time.perf_counter()
    book = writer.Workbook(folder / "xlsxwriter.xlsx", {"constant_memory": True})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    sheet = book.add_worksheet()
    for column, name in enumerate(frame.columns):
        sheet.write_string(0, column, name)
    for row, cells in enumerate(frame.iter_rows(), start=1):
        for column, cell in enumerate(cells):
            if cell is None:
                continue
            if kinds[column] in SCALE:
                sheet.write_number(row, column, cell)
            elif kinds[column] is ColumnKind.DATE:
                sheet.write_datetime(row, column, cell, day)
            else:
                sheet.write_string(row, column, cell)
    book.close()
    return time.perf_counter() - started


def rustpy_xlsxwriter(typed: pl.DataFrame, folder: Path) -> float:
    """A new workbook by rustpy-xlsxwriter."""
    from rustpy_xlsxwriter import write_worksheet

    frame = shown(typed)
    started = time.perf_counter()
    write_worksheet(frame, str(folder / "rustpy.xlsx"))
    return time.perf_counter() - started


def jetxl(typed: pl.DataFrame, folder: Path) -> float:
    """A new workbook by jetxl."""
    import jetxl as jet

    frame = shown(typed)
    started = time.perf_counter()
    jet.write_sheet_arrow(frame.to_arrow(), str(folder / "jetxl.xlsx"))
    return time.perf_counter() - started


WAYS: dict[str, Callable[[pl.DataFrame, Path], float]] = {
    "xlcrm": ours,
    "XlsxWriter": xlsxwriter,
    "rustpy-xlsxwriter": rustpy_xlsxwriter,
    "jetxl": jetxl,
}


def purchases(rows: int) -> pl.DataFrame:
    """Purchases as typed rows with every column of the table filled, lookups included."""
    number = pl.int_range(rows, eager=True)
    code = (number % 50_000).cast(pl.String).str.zfill(12)
    frame = pl.DataFrame({
        c.CUSTOMER_CODE: code,
        c.CUSTOMER_NAME: "Shop " + code,
        c.GRADE: pl.Series(["CS1", "CB2↓", "CZ3", "CY1↑"]).gather(number % 4),
        c.DATE: (number % 365 + 17_167).cast(pl.Int32).cast(pl.Date),
        c.PERIOD: pl.Series(["2017-01", "2017-04", "2017-07", "2017-10"]).gather(number % 4),
        c.QUARTER: pl.Series(["2017Q1", "2017Q2", "2017Q3", "2017Q4"]).gather(number % 4),
        c.ORDER_NUMBER: "A" + number.cast(pl.String).str.zfill(9),
        c.PRODUCT_CODE: "P" + (number % 400).cast(pl.String).str.zfill(4),
        c.QUANTITY: (number * 7919 % 900 + 1) * 1000,
        c.AMOUNT: number * 104_729 % 900_000 + 1,
    })  # fmt: skip
    return frame.select(name for name in TABLES["purchases"].column_ids if name in frame.columns)


def main() -> None:
    """Prints `{"seconds": ...}`."""
    way, frame, folder = sys.argv[1:4]
    print(json.dumps({"seconds": WAYS[way](pl.read_parquet(frame), Path(folder))}))


if __name__ == "__main__":
    main()
