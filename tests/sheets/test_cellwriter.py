"""Cells as XML: exact numbers, kept white space, escapes."""

from __future__ import annotations

import re
from decimal import Decimal

import polars as pl
import pytest

from xlcrm.sheets.cellwriter import CellColumn, escaped, rows_xml, scaled
from xlcrm.sheets.sheetxml import CHUNK_ROWS


def written(*columns: CellColumn) -> str:
    """The rows of those columns, numbered from 1."""
    height = max(column.values.len() for column in columns if column.values is not None)
    return b"".join(rows_xml(pl.int_range(1, height + 1, eager=True), "", columns, False)).decode()


@pytest.mark.parametrize("scale", [100, 1000])
def test_scaled_numbers_are_exact(scale: int) -> None:
    values = [0, 1, -1, 5, -10, scale, -scale, 123456, 10**15 + 1, -(10**17) - 7, None]
    expected = [None if value is None else Decimal(value) / scale for value in values]
    found = scaled(pl.Series(values), scale).to_list()
    assert [None if text is None else Decimal(text) for text in found] == expected
    assert not any(text.endswith((".", ".0")) or re.search(r"\.\d*0$", text) for text in found if text)


def test_only_cells_with_white_space_at_an_end_say_so() -> None:
    xml = written(CellColumn(1, pl.Series(["plain", " before", "after ", "two\nlines", None, "in between"])))
    assert re.findall(r'r="A(\d)" t="inlineStr"><is><t xml:space="preserve">', xml) == ["2", "3", "4"]
    assert re.findall(r'r="A(\d)" t="inlineStr"><is><t>', xml) == ["1", "6"]


def test_one_odd_text_leaves_the_others_as_they_are() -> None:
    texts = pl.Series(["a & b", "bell\x07<", "_x0041_", "plain", None])
    assert escaped(texts).to_list() == ["a &amp; b", "bell_x0007_&lt;", "_x005F_x0041_", "plain", None]
    assert texts[1] == "bell\x07<"


def test_rows_beyond_one_chunk_follow_one_another() -> None:
    height = CHUNK_ROWS * 2 + 3
    numbers = pl.int_range(0, height, eager=True)
    xml = written(CellColumn(1, numbers), CellColumn(2, None, ' s="3"'), CellColumn(3, numbers.cast(pl.String), "", None, "<f>A1</f>"))
    assert [int(number) for number in re.findall(r'<row r="(\d+)">', xml)] == list(range(1, height + 1))
    last = height - 1
    row = f'<row r="{height}"><c r="A{height}"><v>{last}</v></c><c r="B{height}" s="3"/><c r="C{height}" t="str"><f>A1</f><v>{last}</v></c>'
    assert xml.endswith(row + "</row>")
