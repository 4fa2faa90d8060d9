"""What xlcrm itself makes of the tutorial's exports: imported, merged, compared."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from tests.audit.tutorial_workbook import Tutorial, write_exports
from xlcrm.imports.load import load
from xlcrm.imports.merge import merge
from xlcrm.problems import Problem
from xlcrm.rules.comparison import Comparison, compare
from xlcrm.settings import default_settings
from xlcrm.tables import columns as c
from xlcrm.tables.catalog import TABLES
from xlcrm.tables.schema import ColumnKind, TableSpec

EARLIER, CURRENT = "2010Q1", "2010Q2"


@dataclass(frozen=True)
class RightResult:
    """The comparison, and the problems that the import named."""

    comparison: Comparison
    problems: list[Problem]

    def state(self, code: str) -> str:
        """The state of a customer."""
        return self._of(code, c.STATE)

    def shown(self, code: str) -> str:
        """The grade of a customer as a route sheet shows it."""
        return self._of(code, c.SHOWN)

    def _of(self, code: str, column: str) -> str:
        found = self.comparison.changes.filter(pl.col(c.CUSTOMER_CODE) == code)[column].to_list()
        assert len(found) == 1, (code, found)
        return str(found[0])

    def statistic(self, grade: str, column: str) -> int:
        """A cell of the change statistics."""
        found = self.comparison.statistics.filter(pl.col(c.GRADE) == grade)[column].to_list()
        return int(found[0]) if found else 0

    def total(self, *columns: str) -> int:
        """The sum of columns of the change statistics."""
        return int(sum(self.comparison.statistics[column].sum() for column in columns))


def empty(table: TableSpec) -> pl.DataFrame:
    """The typed frame of a table without rows."""
    numbers = {ColumnKind.COUNT, ColumnKind.QUANTITY, ColumnKind.MONEY}

    def dtype(kind: ColumnKind) -> type[pl.DataType]:
        if kind in numbers:
            return pl.Int64
        return {ColumnKind.DATE: pl.Date, ColumnKind.SHARE: pl.Float64}.get(kind, pl.String)

    return pl.DataFrame(schema={column.id: dtype(column.kind) for column in table.columns})


def right_result(folder: Path, tutorial: Tutorial) -> RightResult:
    """Imports the exports and compares the two quarters."""
    settings = default_settings()
    frames = {table: empty(TABLES[table]) for table in ("customers", "routes", "grades", "purchases", "follow_ups", "products")}
    problems: list[Problem] = []
    for file in write_exports(folder, tutorial):
        loaded = load(file, settings, CURRENT if file.stem == "purchases" else None)
        problems += loaded.problems
        for table, frame in loaded.frames.items():
            frames[table] = merge(TABLES[table], frames[table], frame).frame
    frames["purchases"] = frames["purchases"].with_columns(pl.lit(CURRENT).alias(c.QUARTER))
    comparison = compare(
        frames["customers"], frames["routes"], frames["grades"], frames["purchases"], frames["follow_ups"],
        settings, CURRENT, EARLIER, dt.date(2010, 7, 1),
    )  # fmt: skip
    return RightResult(comparison, problems)
