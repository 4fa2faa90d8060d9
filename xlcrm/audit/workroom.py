"""The workbook prepared for the search: formulas with their copies, layouts, cleaned codes, who stands in which row."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from xlcrm.audit.book import Book, ErrorValue, Sheet, Value
from xlcrm.audit.evaluate import Calculator
from xlcrm.audit.formulas import Area, Formula, walk
from xlcrm.audit.layout import Layout, cell_ranges, long_code_text, read_layout
from xlcrm.audit.report import Miscounted, Place
from xlcrm.settings import Settings
from xlcrm.tables import columns as c
from xlcrm.tables.cleaning import cell_text, clean_code, clean_grade


@dataclass(frozen=True, slots=True)
class Spot:
    """One cell."""

    sheet: Sheet
    row: int
    column: int

    def __hash__(self) -> int:
        return hash((self.sheet.name, self.row, self.column))


@dataclass(frozen=True, slots=True)
class CodeColumn:
    """A column of customer codes. code: row -> cleaned code; rows: code -> rows; damaged: rows whose code has lost digits."""

    code: dict[int, str]
    rows: dict[str, list[int]]
    damaged: frozenset[int]


def _texts(values: Iterable[Value]) -> pl.Series:
    return pl.Series([None if value is None or isinstance(value, ErrorValue) else cell_text(value) for value in values], dtype=pl.String)


class Workroom:
    """Everything the detectors ask for, worked out once."""

    def __init__(self, book: Book, settings: Settings) -> None:
        self.book, self.settings = book, settings
        self.calculator = Calculator(book)
        self.layouts = {name: read_layout(sheet) for name, sheet in book.sheets.items()}
        self._codes: dict[tuple[str, int], CodeColumn] = {}
        self._grades: dict[str, str | None] = {}
        self._clean_code: dict[Value, str | None] = {}

    @cached_property
    def copies(self) -> dict[Formula, list[Spot]]:
        """Every formula with the cells that hold it, in the order of the sheets, then down, then right."""
        found: dict[Formula, list[Spot]] = {}
        for sheet in self.book.sheets.values():
            for column in sorted(sheet.formulas):
                for row, formula in sheet.formulas[column].items():
                    found.setdefault(formula, []).append(Spot(sheet, row, column))
        return found

    @cached_property
    def areas(self) -> dict[Formula, tuple[Area, ...]]:
        """The references of every formula."""
        return {formula: tuple(node for node in walk(formula.tree) if isinstance(node, Area)) for formula in self.copies}

    def layout(self, sheet: Sheet) -> Layout:
        """What was recognised on the sheet."""
        return self.layouts[sheet.name.casefold()]

    def value(self, spot: Spot) -> tuple[bool, Value]:
        """Whether the hand-made value of a cell is known, and the value."""
        return self.calculator.known(spot.sheet, spot.row, spot.column)

    @staticmethod
    def saved(spot: Spot) -> bool:
        """Whether the value of that cell was saved in the workbook."""
        return spot.row in spot.sheet.values.get(spot.column, {})

    def codes(self, sheet: Sheet, column: int) -> CodeColumn:
        """A column read as customer codes."""
        place = (sheet.name, column)
        if place not in self._codes:
            start = self.layout(sheet).header_row
            numbers = set(sheet.values.get(column, {})) | set(sheet.formulas.get(column, {}))
            rows = sorted(row for row in numbers if row > start)
            cleaned = clean_code(_texts(self.calculator.known(sheet, row, column)[1] for row in rows))
            code = {row: value for row, value in zip(rows, cleaned.values.to_list(), strict=True) if value is not None}
            by_code: dict[str, list[int]] = {}
            for row, value in code.items():
                by_code.setdefault(value, []).append(row)
            damaged = frozenset(row for row, bad in zip(rows, cleaned.bad.to_list(), strict=True) if bad)
            self._codes[place] = CodeColumn(code, by_code, damaged)
        return self._codes[place]

    def clean_codes(self, values: Iterable[Value]) -> list[str | None]:
        """Codes, cleaned; None where one is blank or damaged. Many at once are quick, one after the other are not, unless met before."""
        values = list(values)
        unknown = list({value for value in values if value is not None and value not in self._clean_code})
        if unknown:
            self._clean_code.update(zip(unknown, clean_code(_texts(unknown)).values.to_list(), strict=True))
        return [None if value is None else self._clean_code[value] for value in values]

    def clean_grades(self, values: Iterable[Value]) -> list[str | None]:
        """Grades as the grammar writes them; None for a blank, a 0 and what is outside the grammar."""
        values = list(values)
        unknown = sorted({value for value in values if isinstance(value, str)} - self._grades.keys())
        if unknown:
            cleaned = clean_grade(pl.Series(unknown, dtype=pl.String), self.settings.grammar)
            self._grades.update(zip(unknown, cleaned.values.to_list(), strict=True))
        return [self._grades[value] if isinstance(value, str) else None for value in values]

    def person(self, sheet: Sheet, row: int, key: Value = None) -> Miscounted:
        """Who stands in that row; key is the code to show where the sheet has no column of codes."""
        layout = self.layout(sheet)
        code, name = layout.first(c.CUSTOMER_CODE), layout.first(c.CUSTOMER_NAME)
        shown = key if code is None else sheet.value(row, code)
        called = sheet.value(row, name) if name is not None else None
        return Miscounted(long_code_text(shown if shown is not None else key), called.strip() if isinstance(called, str) else "")

    def code_column(self, sheet: Sheet) -> int | None:
        """The column of customer codes on a sheet."""
        return self.layout(sheet).first(c.CUSTOMER_CODE)


def places(spots: Iterable[Spot]) -> tuple[Place, ...]:
    """The cells, sheet by sheet."""
    by_sheet: dict[str, list[tuple[int, int]]] = {}
    for spot in spots:
        by_sheet.setdefault(spot.sheet.name, []).append((spot.row, spot.column))
    return tuple(Place(sheet, cell_ranges(cells)) for sheet, cells in by_sheet.items())


def is_blank(value: Value) -> bool:
    """Whether a cell shows nothing that counts: empty, blanks, or the 0 that a lookup makes of an empty cell."""
    return value is None or (isinstance(value, float) and value == 0) or (isinstance(value, str) and value.strip() in ("", "0"))
