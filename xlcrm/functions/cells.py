"""Cells as a host hands them over -> columns of text and of values, by the rules that imports use. Whole columns at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import polars as pl

from xlcrm.functions import tidy
from xlcrm.functions.catalog import Cell
from xlcrm.settings import GradeGrammar
from xlcrm.tables import cleaning
from xlcrm.tables.celltext import cell_text
from xlcrm.tables.cleaning import Cleaned
from xlcrm.tables.schema import SCALE, ColumnKind

_PLAIN = {str, float, int, type(None)}
_NUMBERS = {float, int, type(None)}
_EXACT = 1e15
# A shortest decimal of up to sixteen characters has at most fifteen digits: what a spreadsheet shows of it.
_SHORT = 16
Answer = TypeVar("Answer")


def plain(cells: Sequence[Cell]) -> Sequence[Cell]:
    """The cells as str, float, int or None: days and truth values as text, an error that came as an object as its text (`#N/A`)."""
    odd = set(map(type, cells)) - _PLAIN
    return [_plain(cell) if type(cell) in odd else cell for cell in cells] if odd else cells


def _plain(cell: Cell) -> Cell:
    if isinstance(cell, dict):
        return _plain(cell.get("basicValue"))
    return cell if cell is None or type(cell) in _PLAIN else cell_text(cell)


def texts(cells: Sequence[Cell]) -> pl.Series:
    """What each cell means as text, see `celltext.cell_text`; null where it is blank."""
    kinds = set(map(type, cells))
    if kinds - _PLAIN:
        cells = plain(cells)
        kinds = set(map(type, cells))
    if float not in kinds and int not in kinds:
        return pl.Series(cells, dtype=pl.String)
    numbers = _number_texts(_floats([None if type(cell) is str else cell for cell in cells] if str in kinds else cells, int in kinds))
    if str not in kinds:
        return numbers
    return pl.select(pl.coalesce(pl.Series([cell if type(cell) is str else None for cell in cells], dtype=pl.String), numbers)).to_series()


def _number_texts(numbers: pl.Series) -> pl.Series:
    """`cell_text` of numbers, a column at a time."""
    numbers = numbers.set(numbers == 0, 0.0)  # there is no -0 in a cell; adding 0 is taken for nothing to do
    whole = (numbers == numbers.floor()) & (numbers.abs() < _EXACT)
    if whole.all():
        return numbers.cast(pl.Int64).cast(pl.String)
    written = numbers.cast(pl.String).str.strip_suffix(".0")
    unsure = (written.str.contains("[ein]") | (written.str.len_chars() > _SHORT) | (numbers.abs() >= _EXACT)).fill_null(False)
    if not unsure.any():
        return written
    return written.scatter(unsure.arg_true(), [cell_text(number) for number in numbers.filter(unsure)])


def _floats(cells: Sequence[Cell], has_whole: bool) -> pl.Series:
    """A column of numbers; NaN, of which a cell knows nothing, is blank. has_whole: some are int."""
    return pl.Series(cells, dtype=pl.Float64, strict=not has_whole).fill_nan(None)


def codes(cells: Sequence[Cell]) -> Cleaned:
    """Customer codes."""
    if (values := tidy.codes(cells)) is not None:
        return _good(values)
    return cleaning.clean_code(texts(cells))


def numbers(cells: Sequence[Cell], kind: ColumnKind) -> Cleaned:
    """Quantities in thousandths, money in cents."""
    if (values := tidy.numbers(cells, SCALE[kind])) is not None:
        return _good(values)
    kinds = set(map(type, cells))
    if kinds <= _NUMBERS:
        return cleaning.clean_floats(_floats(cells, int in kinds), SCALE[kind])
    return cleaning.clean_number(texts(cells), SCALE[kind])


def shares(cells: Sequence[Cell]) -> Cleaned:
    """Shares: 0.1 and 10 %."""
    return cleaning.clean_share(texts(cells))


def grades(cells: Sequence[Cell], grammar: GradeGrammar) -> Cleaned:
    """Grade codes. A 0 is no grade: it is what a lookup gives of a blank cell."""
    if (values := tidy.grades(cells, grammar)) is not None:
        zero = (values == "0").fill_null(False) if "0" in grammar.sizes else None
        return _good(values if zero is None else values.set(zero, None))
    cells = plain(cells)
    places = {cell: place for place, cell in enumerate(dict.fromkeys(cells))}
    written = texts(list(places))
    distinct = cleaning.clean_grade(written.set((written == "0").fill_null(False), None), grammar)
    rows = pl.Series([places[cell] for cell in cells], dtype=pl.UInt32)
    return Cleaned(distinct.values.gather(rows), distinct.bad.gather(rows))


def _good(values: pl.Series) -> Cleaned:
    return Cleaned(values, pl.Series([False], dtype=pl.Boolean).new_from_index(0, len(values)))


def is_blank(cell: Cell) -> bool:
    """Whether nothing stands in a cell."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def by_distinct(columns: Sequence[Sequence[Cell]], answer: Callable[[list[Sequence[Cell]]], Sequence[Answer]]) -> list[Answer]:
    """`answer` (columns -> one answer a row) of the rows that differ, and from them the answer of every row."""
    numbers = [0] * len(columns[0])
    parts = []
    for column in map(plain, columns):
        places = {cell: place for place, cell in enumerate(dict.fromkeys(column))}
        count = len(places)
        # A row becomes one whole number: ten thousand tuples would wake the collection of garbage.
        numbers = [number * count + places[cell] for number, cell in zip(numbers, column, strict=True)]
        parts.append(list(places))
    distinct = list(dict.fromkeys(numbers))
    chosen: list[Sequence[Cell]] = []
    rest = distinct
    for part in reversed(parts):
        chosen.insert(0, [part[number % len(part)] for number in rest])
        rest = [number // len(part) for number in rest]
    answers = dict(zip(distinct, answer(chosen), strict=True))
    return [answers[number] for number in numbers]
