"""The hand-made workbook that xlcrm replaces, built with the tutorial's formulas, for a spreadsheet program to recalculate.

One sheet of customers with VLOOKUPs into the grades and purchases sheets for each quarter and an arrow IF for each change; one sheet
of change statistics by COUNTIFS; one of minimums by MINIFS. Exact-match VLOOKUPs, as people write them.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl
import xlsxwriter
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from benchmarks.data import BATCHES, QUARTERS, TYPES, Frames, totals

SIZES = ("1", "2", "3")


def build(data: Frames, path: Path) -> int:
    """Writes the workbook and returns its number of formulas."""
    book = xlsxwriter.Workbook(path, {"constant_memory": True, "strings_to_numbers": False})
    routes, grades, purchases = (book.add_worksheet(name) for name in ("Routes", "Grades", "Purchases"))
    statistics, minimums = book.add_worksheet("Statistics"), book.add_worksheet("Minimums")
    count = data.customers.height
    # The exports come in another order than the routes, as in practice.
    wide = data.grades.pivot(on="quarter", index="customer_code", values="grade").sample(fraction=1, shuffle=True, seed=1)
    _fill(grades, ["code", *QUARTERS], wide.select("customer_code", *QUARTERS))
    sums = totals(data).with_columns(pl.col("quantity") / 1000, pl.col("amount") / 100)
    by_quarter = sums.pivot(on="quarter", index="customer_code", values=["quantity", "amount"]).sample(fraction=1, shuffle=True, seed=2)
    figures = [f"{what}_{quarter}" for what in ("quantity", "amount") for quarter in QUARTERS]
    _fill(purchases, ["code", *figures], by_quarter.select("customer_code", *figures))

    people = data.customers.join(data.routes, on="route", how="left", maintain_order="left").select(
        "route", "batch", "customer_code", "customer_name"
    )
    first = people.width
    looked_up = [f"Grades!$A$2:$E${count + 1},{2 + at}" for at in range(4)] + [f"Purchases!$A$2:$I${count + 1},{2 + at}" for at in range(8)]
    titles = [
        "route",
        "batch",
        "code",
        "name",
        *(f"grade {quarter}" for quarter in QUARTERS),
        *figures,
        *(f"change {quarter}" for quarter in QUARTERS[1:]),
    ]
    for column, title in enumerate(titles):
        routes.write_string(0, column, title)
    for row, cells in enumerate(people.iter_rows(), start=1):
        for column, cell in enumerate(cells):
            routes.write_string(row, column, cell)
        for at, where in enumerate(looked_up):
            routes.write_formula(row, first + at, f"=VLOOKUP($C{row + 1},{where},0)")
        for at in range(1, 4):
            now, before = f"{xl_col_to_name(first + at)}{row + 1}", f"{xl_col_to_name(first + at - 1)}{row + 1}"
            worse = f'IF(RIGHT({now},1)>RIGHT({before},1),{now}&"↓",{now})'
            arrow = f'=IF({now}={before},{now},IF(RIGHT({now},1)<RIGHT({before},1),{now}&"↑",{worse}))'
            routes.write_formula(row, first + len(looked_up) + at - 1, arrow)
    formulas = count * (len(looked_up) + 3)
    formulas += _statistics(statistics, count, xl_col_to_name(first + len(looked_up) + 2))
    formulas += _minimums(minimums, count, xl_col_to_name(first + 3), xl_col_to_name(first + 7), xl_col_to_name(first + 11))
    book.close()
    return formulas


def _fill(sheet: Worksheet, header: list[str], frame: pl.DataFrame) -> None:
    for column, title in enumerate(header):
        sheet.write_string(0, column, title)
    for row, cells in enumerate(frame.iter_rows(), start=1):
        for column, cell in enumerate(cells):
            if cell is not None:
                sheet.write(row, column, cell)


def _statistics(sheet: Worksheet, count: int, change: str) -> int:
    """COUNTIFS of promoted, kept, demoted for each grade and batch."""
    row = 0
    for kind in TYPES:
        for size in SIZES:
            row += 1
            sheet.write_string(row, 0, kind + size)
            column = 0
            for batch in BATCHES:
                for mark in ("↑", "", "↓"):
                    column += 1
                    sheet.write_formula(
                        row,
                        column,
                        f'=COUNTIFS(Routes!$B$2:$B${count + 1},"{batch}",Routes!${change}$2:${change}${count + 1},$A{row + 1}&"{mark}")',
                    )
    return row * len(BATCHES) * 3


def _minimums(sheet: Worksheet, count: int, grade: str, quantity: str, amount: str) -> int:
    """MINIFS of quantity and of amount for each grade."""
    row = 0
    for kind in TYPES:
        for size in SIZES:
            row += 1
            sheet.write_string(row, 0, kind + size)
            for column, figures in enumerate((quantity, amount), start=1):
                where = f"Routes!${figures}$2:${figures}${count + 1}"
                sheet.write_formula(row, column, f"=_xlfn.MINIFS({where},Routes!${grade}$2:${grade}${count + 1},$A{row + 1})")
    return row * 2
