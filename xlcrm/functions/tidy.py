"""Columns of cells in which nothing needs cleaning, as most of a workbook's are: their values at once, each cell looked at once or twice.

Every function here gives the values that `tables.cleaning` would give, or None where it is not sure of that at a glance; then the column
goes the long way. What is sure has no bad cell. Blank is None.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import polars as pl

from xlcrm.functions.catalog import Cell
from xlcrm.settings import GradeGrammar, Settings
from xlcrm.tables import columns as c
from xlcrm.tables.check import DTYPES
from xlcrm.tables.periods import parse_period, parse_quarter
from xlcrm.tables.schema import SCALE, ColumnKind, ColumnSpec

_NUMBERS = {float, int, type(None)}
# Neither blank nor protected nor to be folded or trimmed: what cleaning leaves alone before it reads a word.
_PLAIN_WORD = re.compile(r"[0-9A-Za-z][0-9A-Za-z-]*")
# A column of more different words is no column of grades or quarters; reading each twice would cost more than it saves.
_FEW_WORDS = 500
# Within this of a whole part no rounding rule matters, and below this size a float is fine enough to say so.
_NEAR = 0.25
_FINE = 1e9
# Up to here a whole number has all its digits, see `celltext.MOST_DIGITS`.
_WHOLE = 1e15 - 1
# Excel's serial numbers of 1927 to 2099, see `periods.parse_date`, and the serial number of 1970-01-01.
_FIRST_DAY, _LAST_DAY, _EPOCH = 10_000, 73_050, 25_569


def values_of(column: ColumnSpec, cells: Sequence[Cell], settings: Settings) -> pl.Series | None:
    """A column of a table, by its kind."""
    if cells and cells[0] is None and cells.count(None) == len(cells):
        return pl.Series([None], dtype=DTYPES[column.kind]).new_from_index(0, len(cells))
    if column.kind in SCALE:
        return numbers(cells, SCALE[column.kind])
    if column.kind is ColumnKind.CODE:
        return codes(cells)
    if column.kind is ColumnKind.GRADE:
        return grades(cells, settings.grammar)
    if column.kind is ColumnKind.QUARTER:
        return words(cells, parse_quarter)
    if column.kind is ColumnKind.TEXT and column.id == c.PERIOD:
        return words(cells, parse_period)
    if column.kind is ColumnKind.DATE:
        return days(cells)
    return None  # no function reads other kinds of large tables


def codes(cells: Sequence[Cell]) -> pl.Series | None:
    """Codes of which every one is text of plain letters and digits, or every one a whole number."""
    present = cells
    try:
        together = "".join(present)  # type: ignore[arg-type]  # what is no text raises the error that is caught
    except TypeError:
        kinds = set(map(type, cells))
        if kinds <= _NUMBERS:
            return _whole_texts(_floats(cells, kinds))
        if kinds != {str, type(None)}:
            return None
        present = [cell for cell in cells if cell is not None]
        together = "".join(present)  # type: ignore[arg-type]  # seen above
    if not (together.isascii() and together.isalnum() and all(present)):
        return None
    return pl.Series(cells, dtype=pl.String)


def words(cells: Sequence[Cell], spelling: Callable[[str], str | None]) -> pl.Series | None:
    """Texts of a few different kinds that all stand there as `spelling` would write them; it gives None for what is no such word."""
    try:
        distinct = set(cells)
    except TypeError:  # an error that came as an object
        return None
    distinct.discard(None)
    if "" in distinct:
        distinct.discard("")
        cells = [None if cell == "" else cell for cell in cells]
    if not distinct or len(distinct) > _FEW_WORDS:
        return None
    for word in distinct:
        if type(word) is not str or not _PLAIN_WORD.fullmatch(word) or spelling(word) != word:
            return None
    return pl.Series(cells, dtype=pl.String)


def grades(cells: Sequence[Cell], grammar: GradeGrammar) -> pl.Series | None:
    """Grade codes as the grammar writes them."""

    def spelling(word: str) -> str | None:
        parts = grammar.parse(word)
        return parts.code if parts else None

    return words(cells, spelling)


def numbers(cells: Sequence[Cell], scale: int) -> pl.Series | None:
    """Numbers that came as numbers and have no finer part than one of `scale`, but for the float's own grain."""
    kinds = set(map(type, cells))
    if not kinds <= _NUMBERS:
        return None
    parts = _floats(cells, kinds) * scale
    if parts.null_count() == len(parts):
        return parts.cast(pl.Int64)
    whole = parts.round()
    grain = parts - whole
    # Written so that a comparison with what is no number is not fulfilled.
    sure = _between(grain, -_NEAR, _NEAR) and _between(whole, -_FINE * scale, _FINE * scale)
    return whole.cast(pl.Int64, strict=False) if sure else None  # not strict: a cell that is no number is blank


def days(cells: Sequence[Cell]) -> pl.Series | None:
    """Days as Excel's serial numbers, without a time."""
    kinds = set(map(type, cells))
    if not kinds <= _NUMBERS:
        return None
    serial = _floats(cells, kinds)
    if serial.null_count() == len(serial):
        return serial.cast(pl.Int32).cast(pl.Date)
    if not _between(serial, _FIRST_DAY, _LAST_DAY) or not (serial == serial.floor()).all():
        return None
    return (serial.cast(pl.Int32, strict=False) - _EPOCH).cast(pl.Date)


def _floats(cells: Sequence[Cell], kinds: set[type]) -> pl.Series:
    return pl.Series(cells, dtype=pl.Float64, strict=int not in kinds)


def _whole_texts(numbers: pl.Series) -> pl.Series | None:
    if not _between(numbers, 0, _WHOLE) or not (numbers == numbers.floor()).all():
        return None
    return numbers.cast(pl.Int64, strict=False).cast(pl.String)


def _between(numbers: pl.Series, low: float, high: float) -> bool:
    least, most = numbers.min(), numbers.max()
    return isinstance(least, float) and isinstance(most, float) and low <= least and most <= high
