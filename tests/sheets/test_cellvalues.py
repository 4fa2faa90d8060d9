"""Single cells of a sheet, set many at once."""

from __future__ import annotations

import datetime as dt

from xlcrm.sheets.cellvalues import Value, set_cells
from xlcrm.sheets.sheetxml import SheetXml
from xlcrm.sheets.xmlbits import Area

SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    '<row r="1" spans="1:3"><c r="A1" s="4"><v>1</v></c><c r="C1" t="str"><f>A1+1</f><v>2</v></c></row><row r="3" ht="20"/>'
    '<row r="5"><c r="B5"><v>5</v></c></row></sheetData></worksheet>'
)


def after(*cells: tuple[str, Value, bool]) -> str:
    sheet = SheetXml.parse(SHEET.encode(), "sheet1.xml", "book.xlsx")
    areas = []
    for address, value, keeps in cells:
        area = Area.parse(address)
        assert area is not None
        areas.append((area, value, keeps))
    set_cells(sheet, areas, date1904=False)
    return sheet.rows.decode()


def test_cells_of_one_row_and_of_several_are_set_together() -> None:
    rows = after(("C1", dt.date(1900, 3, 1), True), ("A3", "x", False), ("A1", 7, False), ("A5", 4, False))
    assert '<c r="A1" s="4"><v>7</v></c>' in rows
    assert '<c r="C1"><f>A1+1</f><v>61</v></c>' in rows
    assert '<row r="3" ht="20"><c r="A3" t="inlineStr"><is><t>x</t></is></c></row>' in rows
    assert '<row r="5"><c r="A5"><v>4</v></c><c r="B5"><v>5</v></c></row>' in rows


def test_rows_that_the_sheet_does_not_have_come_in_their_order() -> None:
    rows = after(("B4", "b", False), ("B2", "a", False), ("A9", "c", False))
    assert [rows.index(f'<row r="{number}"') for number in (1, 2, 3, 4, 5, 9)] == sorted(
        rows.index(f'<row r="{n}"') for n in (1, 2, 3, 4, 5, 9)
    )
    assert rows.count("<row ") == 6


def test_many_at_once_are_what_one_by_one_makes() -> None:
    cells: list[tuple[str, Value, bool]] = [
        ("A1", None, False),
        ("C1", "=x", False),
        ("B5", None, True),
        ("D3", 1.5, False),
        ("A1", "again", False),
    ]
    together = after(*cells)
    sheet = SheetXml.parse(SHEET.encode(), "sheet1.xml", "book.xlsx")
    for address, value, keeps in cells:
        area = Area.parse(address)
        assert area is not None
        set_cells(sheet, [(area, value, keeps)], date1904=False)
    assert sheet.rows.decode() == together


def test_nothing_to_set_changes_nothing() -> None:
    assert after() == SheetXml.parse(SHEET.encode(), "sheet1.xml", "book.xlsx").rows.decode()
