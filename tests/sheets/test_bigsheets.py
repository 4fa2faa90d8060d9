"""Large tables read while their sheet is unpacked: the same as row by row, however the sheet is written."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xlcrm.problems import CannotDo
from xlcrm.sheets import bigsheets
from xlcrm.sheets.bigsheets import read_large
from xlcrm.sheets.sheetcells import CellReader, scan
from xlcrm.sheets.sheetxml import SheetXml
from xlcrm.sheets.xmlbits import Area

READER = CellReader(pl.Series("shared", ["first", "second & third"]), frozenset({"7"}), False)
WANTED = {1: False, 2: False, 4: True, 30: False}
TOP, BOTTOM = 6, 40

CELLS = st.sampled_from(
    [
        ' s="3"/>', ' s="3" t="inlineStr"><is><t>plain</t></is></c>', ' t="inlineStr"><is><t xml:space="preserve"> a &amp; b </t></is></c>',
        ' t="inlineStr"><is><r><t>runs</t></r><r><t> of text</t></r></is></c>', ' t="s"><v>1</v></c>', "><v>12.50</v></c>", ' s="7"><v>43000</v></c>',
        ' t="str"><f>A1&amp;"&gt;"</f><v>x_x0041_</v></c>', ' t="b"><v>1</v></c>', "><v>43000</v></c>", ' t="inlineStr"><is><t></t></is></c>',
    ]
)  # fmt: skip


def row_xml(number: int, cells: dict[str, str]) -> bytes:
    inner = "".join(f'<c r="{letters}{number}"{cell}' for letters, cell in cells.items())
    return f'<row r="{number}" ht="18">{inner}</row>'.encode()


def sheet_xml(rows: bytes) -> bytes:
    return (
        b"<worksheet><sheetViews/><sheetData>" + row_xml(1, {"A": "/>"}) + b'<row r="5"/>' + rows + b"</sheetData><tableParts/></worksheet>"
    )


def chunks_of(data: bytes, size: int) -> list[bytes]:
    return [data[start : start + size] for start in range(0, len(data), size)]


def row_by_row(data: bytes) -> tuple[list[int], dict[int, list[str | None]]]:
    index = SheetXml.parse(data, "part", "file").index().between(TOP, BOTTOM)
    scanned = scan(index, READER, WANTED, None)
    return scanned.numbers.to_list(), {column: texts.to_list() for column, texts in scanned.texts.items()}


def read(data: bytes, chunk: int = 1 << 20) -> tuple[list[int], dict[int, list[str | None]]]:
    numbers, texts = read_large(chunks_of(data, chunk), "part", "file", Area(1, TOP, 30, BOTTOM), WANTED, READER)
    return numbers.to_list(), {column: series.to_list() for column, series in texts.items()}


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.tuples(st.booleans(), CELLS, CELLS, CELLS, CELLS), min_size=1, max_size=50), st.integers(20, 400), st.booleans(), st.integers(0, 3)
)  # fmt: skip
def test_any_sheet_is_read_as_row_by_row(rows: list[tuple[bool, str, str, str, str]], chunk: int, uniform: bool, gap: int) -> None:
    written = b""
    for place, (skipped, *cells) in enumerate(rows):
        named = dict(zip(("A", "B", "C", "D"), cells, strict=True))
        if skipped and not uniform:
            del named["BCDA"[place % 4]]
        number = TOP + place + (gap if place > 10 else 0)
        written += row_xml(number, named)
    data = sheet_xml(written)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bigsheets, "PIECE_BYTES", 1500)
        assert read(data, chunk) == row_by_row(data)


def test_columns_of_two_letters_are_not_taken_for_those_of_one() -> None:
    same = {"A": "><v>1</v></c>", "B": "><v>2</v></c>"}
    data = sheet_xml(row_xml(6, same) + row_xml(7, {"A": "><v>3</v></c>", "BA": "><v>4</v></c>"}) + row_xml(8, same))
    assert read(data) == row_by_row(data)
    assert read(data)[1][2] == ["2", None, "2"]


def test_rows_without_cells_are_seen() -> None:
    cells = {"A": "><v>1</v></c>"}
    data = sheet_xml(row_xml(6, cells) + b'<row r="7"/>' + row_xml(8, cells))
    assert read(data) == row_by_row(data)


def test_a_table_without_rows_gives_empty_columns() -> None:
    numbers, texts = read(sheet_xml(b""))
    assert (numbers, texts) == ([], {column: [] for column in WANTED})


def test_rows_below_the_table_are_not_read_but_unpacked() -> None:
    data = sheet_xml(b"".join(row_xml(number, {"A": f"><v>{number}</v></c>"}) for number in range(TOP, BOTTOM + 30)))
    taken = []

    def counted() -> list[bytes]:
        taken.extend(chunks_of(data, 100))
        return taken

    numbers, texts = read_large(iter(counted()), "part", "file", Area(1, TOP, 30, BOTTOM), WANTED, READER)
    assert numbers.to_list() == list(range(TOP, BOTTOM + 1))
    assert texts[1].to_list() == [str(number) for number in range(TOP, BOTTOM + 1)]
    assert b"".join(taken) == data


@pytest.mark.parametrize("odd", ['<c\nr="B6"><v>2</v></c>', '<c r="B6" t="inlineStr"><is><t><![CDATA[x]]></t></is></c>'])
def test_a_sheet_that_cannot_be_read_safely_is_refused(odd: str) -> None:
    data = sheet_xml(f'<row r="6"><c r="A6"><v>1</v></c>{odd}</row>'.encode())
    with pytest.raises(CannotDo):
        read(data)
