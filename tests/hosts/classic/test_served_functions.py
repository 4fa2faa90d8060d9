"""The functions as cells on Windows ask for them: by the name in the wrapper, through xlwings' own way of calling."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Any

import pytest
import xlwings

from tests.hosts.classic.classichost import arguments, served
from tests.hosts.classic.vbaroom import vba_modules
from xlcrm.functions import FUNCTIONS, call
from xlcrm.hosts.classic import booktables, naming
from xlcrm.hosts.classic.hiddensheets import help_rows
from xlcrm.tables.catalog import TABLES
from xlcrm.texts import LANGUAGES, Language

MISSING = -2147352572
"""How COM says that an optional argument was left out."""


def blanks_as_text(grid: Any) -> list[list[object]]:
    """As xlwings hands a result to Excel: no cell is None, which Excel would show as 0."""
    return [["" if value is None else value for value in row] for row in grid]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_function_has_wrapper_help_and_python(packed: dict[str, Path], language: Language, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = {naming.function_name(function) for function in FUNCTIONS.values()}
    source = vba_modules(packed[language])[naming.FUNCTIONS_MODULE]
    assert set(re.findall(r"^Function (\w+)\(", source, re.MULTILINE)) == wanted
    assert {row[0] for row in help_rows(language)[2:]} == wanted
    assert set(re.findall(r'CallUDF\("([\w.]+)", "(\w+)"', source)) == {(naming.functions_python_module(language), name) for name in wanted}
    monkeypatch.setattr(xlwings.Book, "caller", lambda: Book())
    with served(language) as ask:
        for function in FUNCTIONS.values():
            answer = ask(naming.function_name(function), *(MISSING if each.optional else None for each in function.arguments))
            said = str(answer)
            assert answer, function.id
            assert "Exception" not in said, said


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_whole_column_goes_in_and_a_whole_column_comes_out(language: Language, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlwings.Book, "caller", lambda: Book())
    current = (("CS1",), ("CS2",), (None,), (" cs3 ",))
    previous = (("CS2",), ("CS1",), ("CS1",), ("CS3",))
    with served(language) as ask:
        found = ask("CRM_GRADE_CHANGE", current, previous)
        direct = call(FUNCTIONS["grade_change"], arguments("grade_change", current=current, previous=previous), language)
        assert blanks_as_text(found) == blanks_as_text(direct)
        assert len(found) == len(current)
        one = ask("CRM_QUARTER", dt.datetime(2017, 11, 5))
        assert blanks_as_text(one) == blanks_as_text(call(FUNCTIONS["quarter"], [[[dt.datetime(2017, 11, 5)]]], language))


class Table:
    """A table of a workbook on the desktop."""

    def __init__(self, sheet: Sheet, name: str, rows: list[list[object]]) -> None:
        self.name, self.sheet, self.rows = name, sheet, rows

    @property
    def range(self) -> Table:
        return self

    def options(self, ndim: int, err_to_str: bool) -> Table:
        assert ndim == 2
        assert err_to_str, "an error in a cell is no blank, as on every host"
        return self

    @property
    def value(self) -> list[list[object]]:
        return self.rows


class Sheet:
    """A sheet; asked counts how often its tables were listed."""

    def __init__(self, name: str, **tables: list[list[object]]) -> None:
        self.name, self.asked = name, 0
        self._tables = [Table(self, table, rows) for table, rows in tables.items()]

    @property
    def tables(self) -> list[Table]:
        self.asked += 1
        return self._tables


class Sheets(list[Sheet]):
    def __getitem__(self, name: object) -> Sheet:  # type: ignore[override]  # sheets are asked for by name
        return next(sheet for sheet in self if sheet.name == name)


class Book:
    def __init__(self, *sheets: Sheet) -> None:
        self.name, self.sheets = "customers.xlsm", Sheets(sheets)


def test_a_table_that_the_formula_leaves_out_is_read_from_the_workbook(monkeypatch: pytest.MonkeyPatch) -> None:
    """The name of a table decides, on whatever sheet it stands; the sheet is remembered, and found again when it was renamed."""
    monkeypatch.setattr(booktables, "_SHEETS", {})
    rows: list[list[object]] = [["code"], ["0001"]]
    empty, full = Sheet("Home"), Sheet("Customers", Mine=[["x"]], **{TABLES["customers"].excel_name.upper(): rows})
    book = Book(empty, full)
    monkeypatch.setattr(xlwings.Book, "caller", lambda: book)
    assert booktables.table_of_caller("customers") == rows
    assert booktables.table_of_caller("customers") == rows
    assert empty.asked == 1
    full.name = "Kunden"
    assert booktables.table_of_caller("customers") == rows
    assert booktables.table_of_caller("grades") == []


def test_where_excel_does_not_let_it_look_the_cell_asks_for_the_table(monkeypatch: pytest.MonkeyPatch) -> None:
    def busy() -> Book:
        raise OSError("call was rejected by callee")

    monkeypatch.setattr(xlwings.Book, "caller", busy)
    with pytest.raises(LookupError):
        booktables.table_of_caller("customers")
    with served("en") as ask:
        [[said]] = ask("CRM_CARD", "0001", *[MISSING] * (len(FUNCTIONS["card"].arguments) - 1))
        assert TABLES["customers"].label("en") in said
        assert "rejected" not in said


def test_the_functions_read_the_workbook_that_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def table(table_id: str) -> list[list[object]]:
        asked.append(table_id)
        return []

    monkeypatch.setattr("xlcrm.hosts.classic.booktables.table_of_caller", table)
    monkeypatch.setattr("xlcrm.hosts.classic.functions_of.table_of_caller", table)
    with served("en") as ask:
        ask("CRM_CARD", "0001", *[MISSING] * (len(FUNCTIONS["card"].arguments) - 1))
    assert asked


@pytest.mark.parametrize("word", ["type", "Type", "end", "next", "as", "loop"])
def test_a_word_of_vba_never_names_an_argument(word: str) -> None:
    assert naming.argument_name(word) == f"{word}_"
    assert naming.argument_name("quantity") == "quantity"
