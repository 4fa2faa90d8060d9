"""What formulas give where nobody saved it: the same as LibreOffice, and by Excel's rules where the two differ."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import Workbook

from tests.audit.tutorial_workbook import Tutorial
from tests.support_libreoffice import Recalculated
from xlcrm.audit import evaluate
from xlcrm.audit.book import ErrorValue, Value, read_book
from xlcrm.audit.evaluate import Calculator
from xlcrm.audit.functions import Unsupported
from xlcrm.tables.addresses import column_letters


@pytest.mark.parametrize("name", ["all", "all_en", "clean"])
def test_every_formula_gives_what_libreoffice_gives(
    name: str, built: dict[str, tuple[Path, Tutorial]], calculated: dict[str, Recalculated]
) -> None:
    book = read_book(built[name][0])
    calculator = Calculator(book)
    compared = 0
    for sheet in book.sheets.values():
        for column, rows in sheet.formulas.items():
            for row in rows:
                value = calculator.value(sheet, row, column)
                saved = calculated[name].value(sheet.name, f"{column_letters(column)}{row}")
                shown = value.code if isinstance(value, ErrorValue) else value
                assert shown == (0.0 if saved is None else saved), (sheet.name, row, column)
                compared += 1
    assert compared == book.formula_count > 400


def result(tmp_path: Path, formula: str) -> Value:
    """What a formula gives beside the cells A1:C5 below."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "S"
    for line in (["0123", 10, "CS1"], [123, 20, "cs2 "], ["x*y", 30, None], ["ab", "40", "CS1↑"], [None, 0, "CS3"]):
        sheet.append(line)
    sheet["E9"] = formula
    path = tmp_path / "one.xlsx"
    book.save(path)
    opened = read_book(path)
    own = opened.sheet("S")
    assert own is not None
    return Calculator(opened).value(own, 9, 5)


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ('=VLOOKUP("AB",A1:C5,3,0)', "CS1↑"),
        ('=VLOOKUP("123",A1:C5,2,FALSE)', ErrorValue("#N/A")),
        ("=VLOOKUP(123,A1:C5,2,FALSE)", 20.0),
        ("=VLOOKUP(123,A1:C5,9,0)", ErrorValue("#REF!")),
        ('=INDEX(C1:C5,MATCH("ab",A1:A5,0))', "CS1↑"),
        ('=IFERROR(VLOOKUP("none",A1:C5,3,0),"-")', "-"),
        ('=XLOOKUP("none",A1:A5,C1:C5,"?")', "?"),
        ('=COUNTIF(A1:A5,"123")', 2.0),
        ('=COUNTIF(C1:C5,"cs1*")', 2.0),
        ('=COUNTIF(A1:A5,"x~*y")', 1.0),
        ('=COUNTIF(B1:B5,">=20")', 2.0),
        ('=COUNTIF(C1:C5,"<>CS3")', 4.0),
        ('=COUNTIFS(C1:C5,"CS*",B1:B5,"<25")', 3.0),
        ('=SUMIF(C1:C5,"CS1*",B1:B5)', 10.0),
        ("=SUM(B1:B5)", 60.0),
        ("=SUM(B1,B4)", 50.0),
        ('=MINIFS(B1:B5,C1:C5,"CS*")', 0.0),
        ('=SUMPRODUCT((LEFT(C1:C5,2)="CS")*(B1:B5>5))', 3.0),
        ("=SUMPRODUCT(--(B1:B3>15),B1:B3)", 50.0),
        ('=RIGHT(C5,1)&TRIM(" a  b ")', "3a b"),
        ("=RIGHT(B5,1)", "0"),
        ('=IF(RIGHT(C3,1)<RIGHT(C1,1),"up","same")', "up"),
        ('=IF(C2="CS2","same","other")', "other"),
        ("=IF(AND(B1=10,OR(B2=1,B2=20)),1,2)", 1.0),
        ("=1/0", ErrorValue("#DIV/0!")),
        ("=10%+2^3", 8.1),
        ("=A3+1", ErrorValue("#VALUE!")),
        ('=MID("CZ12",3,1)', "1"),
        ("=AVERAGE(B1:B3)", 20.0),
        ('=EXACT("a","A")', False),
    ],
)
def test_functions(formula: str, expected: Value, tmp_path: Path) -> None:
    found = result(tmp_path, formula)
    assert found == (pytest.approx(expected) if isinstance(expected, float) else expected)


@pytest.mark.parametrize(
    "formula", ["=OFFSET(A1,1,1)", "=VLOOKUP(5,B1:C5,2)", "=E9+1", "=Unknown1x", "=SUM(Nowhere!A1:A2)", '=INDIRECT("A1")']
)
def test_what_is_not_known_is_never_guessed(formula: str, tmp_path: Path) -> None:
    with pytest.raises(Unsupported):
        result(tmp_path, formula)


def test_work_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evaluate, "MAX_STEPS", 10)
    with pytest.raises(Unsupported):
        result(tmp_path, "=SUM(A1:C5)+SUM(A1:C5)")


def test_a_long_chain_is_given_up(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in range(1, 5000):
        sheet[f"A{row}"] = f"=A{row + 1}"
    book.save(tmp_path / "chain.xlsx")
    opened = read_book(tmp_path / "chain.xlsx")
    own = next(iter(opened.sheets.values()))
    assert Calculator(opened).known(own, 1, 1) == (False, None)
