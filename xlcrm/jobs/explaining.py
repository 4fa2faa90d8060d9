"""Why a customer has its grade, in lines of text."""

from __future__ import annotations

import polars as pl

from xlcrm.jobs.results import pair, read_records
from xlcrm.jobs.store import Store
from xlcrm.problems import CannotDo, Problem
from xlcrm.rules.why import ROW, why


def explain_grade(store: Store, code: str, quarter: str | None = None) -> list[str]:
    """The source rows of the grade, the rule, the threshold, the earlier quarter; nothing is written.

    quarter: without it the workbook's own. Raises CannotDo where no table knows the code, or no quarter is known.
    """
    settings = store.settings()
    frames = read_records(store)
    current, previous = pair(frames, settings, quarter, None)
    numbered = {table_id: _with_rows(store, frames[table_id], table_id) for table_id in ("grades", "purchases")}
    lines = why(
        code, frames["customers"], numbered["grades"], numbered["purchases"], settings, current, store.read("grade_rules").frame, previous
    )  # fmt: skip
    if not lines:
        raise CannotDo(Problem("unknown_customer", file=store.name, value=code))
    return [line.line(settings.language) for line in lines]


def _with_rows(store: Store, frame: pl.DataFrame, table_id: str) -> pl.DataFrame:
    """The frame with the sheet row of each of its rows; `read_records` keeps the order in which a table was read."""
    return frame.with_columns(store.read(table_id).rows.alias(ROW))
