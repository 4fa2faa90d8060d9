"""What every reader gives: a sheet as a grid of text, each cell at its own place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

import polars as pl

from xlcrm.tables.addresses import column_letters
from xlcrm.tables.celltext import cell_text


@dataclass(frozen=True, slots=True)
class TextSheet:
    """A sheet. `frame`: String columns named by their letter, one row a sheet row from row 1 on, null for a blank cell.

    merged: cell ranges as (first row, first column, last row, last column), counted from 0. hidden: not shown to the user.
    decimal_comma: the file's delimiter (`;`) makes it likely that its numbers are written with a decimal comma.
    """

    file: str
    name: str
    frame: pl.DataFrame
    merged: Sequence[tuple[int, int, int, int]] = field(default=())
    hidden: bool = False
    decimal_comma: bool = False


def column_letter(index: int) -> str:
    """0 is A, 26 is AA."""
    return column_letters(index + 1)


def frame_of_rows(rows: Sequence[Sequence[object]]) -> pl.DataFrame:
    """A grid of values or texts as a frame of texts; short rows are filled up with blanks."""
    columns = zip_longest(*rows, fillvalue="")
    frame = pl.DataFrame([_text_series(column_letter(index), values) for index, values in enumerate(columns)])
    return blanks_to_null(frame)


def blanks_to_null(frame: pl.DataFrame) -> pl.DataFrame:
    """Empty texts become null."""
    return frame.with_columns(pl.when(pl.all() == "").then(None).otherwise(pl.all()).name.keep())


def _text_series(name: str, values: Sequence[object]) -> pl.Series:
    try:
        return pl.Series(name, values, dtype=pl.String, strict=True)
    except TypeError:
        pass
    if set(map(type, values)) <= {str, float}:  # other types have equal values of unequal text (1 and True)
        texts = {value: cell_text(value) for value in set(values)}
        return pl.Series(name, [texts[value] for value in values], dtype=pl.String)
    return pl.Series(name, [cell_text(value) for value in values], dtype=pl.String)
