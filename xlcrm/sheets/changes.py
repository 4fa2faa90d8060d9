"""What a job hands to a store to be written, whether the workbook is a closed file or open in Excel."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

import polars as pl

from xlcrm.sheets.pages import Page


@dataclass(frozen=True, slots=True)
class CellChange:
    """What one cell of a table shows. row: its number on the sheet. A formula stays, and shows the value until it is calculated."""

    table_id: str
    row: int
    column: str
    value: str | int | float | dt.date | None


@dataclass(frozen=True, slots=True)
class Erasure:
    """What shall stand nowhere of ours any more, once everything else is written.

    codes: the customers; in their blocks on pages all texts go, those that the user wrote too. texts: theirs alone, replaced by the mark
    wherever they stand on a sheet of ours or in a hidden part of the file.
    """

    codes: frozenset[str]
    texts: tuple[str, ...]
    mark: str


@dataclass(frozen=True, slots=True)
class WorkbookChanges:
    """What a job changes; all of it is written, or nothing.

    tables: whole tables by id, typed; a column that is not in the frame stays as it is. pages: sheets to paint. values: defined name
    -> value of its cell; a name that the workbook does not have is passed over. removed_pages: ids of pages whose sheet goes.
    added: rows to put below a table that is not among `tables`, and cells: single cells of such tables; both spare what is large
    from being read and written as a whole. origins: of a table among `tables`, the number on the sheet of the row that each row of the
    frame continues, ascending, null for a new one; without it rows are matched by the table's key. erasure: done last; then no backup
    of the file before is kept.
    """

    tables: dict[str, pl.DataFrame] = field(default_factory=dict)
    pages: Sequence[Page] = ()
    values: dict[str, str | int | float | dt.date | None] = field(default_factory=dict)
    removed_pages: Sequence[str] = ()
    added: dict[str, pl.DataFrame] = field(default_factory=dict)
    cells: Sequence[CellChange] = ()
    origins: dict[str, pl.Series] = field(default_factory=dict)
    erasure: Erasure | None = None
