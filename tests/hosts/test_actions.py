"""The stand-in for Excel: it does what Excel does with what is set, and refuses what it does not know."""

from __future__ import annotations

import datetime as dt

import openpyxl
import pytest
from openpyxl.worksheet.table import Table

from tests.hosts.actions import Applier, UnknownAction, type_into


def action(
    func: str, *args: object, row: int = 0, column: int = 0, rows: int = 1, columns: int = 1, values: object = None
) -> dict[str, object]:
    return {
        "func": func, "args": list(args), "values": values, "sheet_position": 0, "start_row": row, "start_column": column,
        "row_count": rows, "column_count": columns,
    }  # fmt: skip


def test_an_unknown_action_is_refused() -> None:
    with pytest.raises(UnknownAction, match="paintTheMoon"):
        Applier(openpyxl.Workbook()).apply([action("paintTheMoon")])


@pytest.mark.parametrize(
    ("written", "value", "kind"),
    [
        ("=1+1", "=1+1", "f"), ("+A1", "=+A1", "f"), ("0012", 12.0, "n"), ("2017-01-31", dt.datetime(2017, 1, 31), "d"),
        ("2017-01", dt.datetime(2017, 1, 1), "d"), ("TRUE", True, "b"), ("'=1+1", "=1+1", "s"), ("'0012", "0012", "s"), ("plain", "plain", "s"),
    ],
)  # fmt: skip
def test_what_is_set_becomes_what_it_looks_like_unless_it_is_protected(written: str, value: object, kind: str) -> None:
    cell = openpyxl.Workbook().active["A1"]
    type_into(cell, written)
    assert (cell.value, cell.data_type) == (value, kind)


def test_in_a_cell_that_is_formatted_as_text_everything_stays_text() -> None:
    cell = openpyxl.Workbook().active["A1"]
    cell.number_format = "@"
    type_into(cell, "=1+1")
    assert (cell.value, cell.data_type) == ("=1+1", "s")


def test_rows_that_are_sorted_take_their_formulas_along() -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    for row in (["key", "formula"], ["2", "=A2"], ["1", "=A3"]):
        sheet.append(row)
    sheet.add_table(Table(displayName="T", ref="A1:B3"))
    Applier(workbook).apply([action("tableSort", 0, [1], [True])])
    assert [[cell.value for cell in row] for row in sheet["A2:B3"]] == [["1", "=A2"], ["2", "=A3"]]


def test_a_table_never_shrinks_below_one_row() -> None:
    workbook = openpyxl.Workbook()
    workbook.active.append(["key"])
    workbook.active.add_table(Table(displayName="T", ref="A1:A2"))
    with pytest.raises(AssertionError, match="one row"):
        Applier(workbook).apply([action("resizeTable", 0, "$A$1:$A$1")])


def test_cells_that_are_inserted_push_down_what_stands_below() -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet["A3"], sheet["B3"] = "below", "beside"
    Applier(workbook).apply([action("rangeInsert", "down", None, row=1, rows=2)])
    assert (sheet["A3"].value, sheet["A5"].value, sheet["B3"].value) == (None, "below", "beside")
