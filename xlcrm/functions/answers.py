"""Columns of values -> the grid that spills: "" for nothing, a short text where a cell could not be read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from xlcrm.functions.catalog import Cell, Grid
from xlcrm.functions.cells import is_blank, texts
from xlcrm.functions.faults import fault_text
from xlcrm.tables.cleaning import Cleaned
from xlcrm.tables.schema import SCALE, ColumnKind, TableSpec
from xlcrm.texts import Language, has, text

Texts = dict[int, str]
"""Row number from 0 -> what keeps that row from an answer."""
MOST_NAMED = 5
"""Rows that a table names below itself because they were left out."""


def units(values: pl.Series, kind: ColumnKind) -> list[Cell]:
    """`cells_of`, with thousandths and cents as units."""
    if kind not in SCALE:
        return cells_of(values)
    scale = SCALE[kind]
    # Number by number: polars multiplies a column with the inverse of the scale, and 414.667 would be 414.66700000000003.
    return ["" if value is None else value / scale for value in values.to_list()]


def cells_of(values: pl.Series) -> list[Cell]:
    """A column's cells; "" for null, so that Excel shows nothing."""
    if not values.null_count():
        return values.to_list()
    return ["" if value is None else value for value in values.to_list()]


def faulty(cleaned: Cleaned, column: Sequence[Cell], entry: str, language: Language) -> Texts:
    """The text of every cell that is no such value."""
    places = cleaned.bad.arg_true().to_list()
    written = texts([column[place] for place in places]) if places else ()
    return {row: fault_text(entry, language, value=value.strip()) for row, value in zip(places, written, strict=True)}


def spilled(*columns: Sequence[Cell], faults: Texts | None = None) -> Grid:
    """Columns side by side. A row with a fault has its text in the first column and nothing in the others."""
    rows = list(map(list, zip(*columns, strict=True)))
    for row, what in (faults or {}).items():
        rows[row] = [what, *[""] * (len(columns) - 1)]
    return rows


def table_of(spec: TableSpec, frame: pl.DataFrame, language: Language, faults: Texts) -> Grid:
    """A table with its heads: the columns that `spec` and the frame both have; below it the rows that were left out."""
    names = [name for name in spec.column_ids if name in frame.columns]
    heads = [spec.by_id[name].label(language) for name in names]
    return headed(heads, [units(frame[name], spec.by_id[name].kind) for name in names], language, faults)


def headed(heads: Sequence[str], columns: Sequence[Sequence[Cell]], language: Language, faults: Texts) -> Grid:
    """Heads, rows, and below them the rows that were left out, each with its number (the first is 1)."""
    grid: list[list[Cell]] = [list(heads), *map(list, zip(*columns, strict=True))]
    notes = [fault_text("row", language, row=row + 1, what=what) for row, what in sorted(faults.items())]
    if len(notes) > MOST_NAMED:
        notes[MOST_NAMED:] = [fault_text("more_rows", language, more=len(notes) - MOST_NAMED)]
    return [*grid, *([note, *[""] * (len(heads) - 1)] for note in notes)]


def blank_rows(columns: Sequence[Sequence[Cell]], asked: Sequence[bool]) -> list[bool]:
    """In which rows nothing stands in the columns that have a cell for every row, see `Given.long`."""
    chosen = [column for column, counts in zip(columns, asked, strict=True) if counts]
    return [all(map(is_blank, row)) for row in zip(*chosen, strict=True)]


def batch_name(batch: str, language: Language) -> str:
    """A visit batch as people call it: `mon` is Mon, 周一; one with a name of its own keeps it."""
    return text(f"choices.{batch}", language) if has(f"choices.{batch}") else batch


def merged(*faults: Mapping[int, str]) -> Texts:
    """The first text of each row."""
    together: Texts = {}
    for found in reversed(faults):
        together.update(found)
    return together
