"""What every store knows of a table's rows before it writes them, whether the workbook is a closed file or open in Excel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from xlcrm.tables.schema import SCALE, ColumnSpec
from xlcrm.tables.terms import in_words
from xlcrm.texts import Language


@dataclass(frozen=True, slots=True)
class Kept:
    """What reading a table could not take, by row number on the sheet: rows to leave as they are, cells not to blank."""

    rows: Sequence[int] = ()
    cells: Mapping[str, Sequence[int]] = field(default_factory=dict)


def typed(values: pl.Series, column: ColumnSpec | None, language: Language) -> tuple[pl.Series, int]:
    """A frame's column as its cells show it, with the scale of its whole numbers (money comes in cents). Ids become words."""
    if column is not None and column.terms:
        values = in_words(values, column, language)
    scale = SCALE.get(column.kind, 1) if column is not None and values.dtype.is_integer() else 1
    return values, scale
