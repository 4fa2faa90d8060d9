"""A table of the workbook as CSV: column ids as headers, whatever the workbook's language."""

from __future__ import annotations

import polars as pl

from xlcrm.jobs.results import RECORDS, compared, filled_records
from xlcrm.jobs.store import Store
from xlcrm.problems import CannotDo, Problem
from xlcrm.tables import columns as c
from xlcrm.tables.catalog import PARTS_OF_COMPARISON, SHOWN_TABLES, TABLES
from xlcrm.tables.schema import SCALE, ColumnKind

_ORDERED = ("change_statistics", "minimums", "route_summary", "due", "daily_summary", "month_summary", "visit_plan", "adherence")
"""Tables that come in an order of their own: by grade, best first, by route number, by priority, the newest first, by day, by route."""
_DIGITS = {ColumnKind.MONEY: 2, ColumnKind.QUANTITY: 3}


def table(store: Store, table_id: str, quarter: str | None = None) -> pl.DataFrame:
    """The table as text, ordered by its key. Result tables are computed from the record tables as they stand.

    quarter: for a result table the quarter to look at; for a table with a quarter column only that quarter's rows.
    """
    spec = TABLES.get(table_id)
    if spec is None or table_id not in SHOWN_TABLES:
        raise CannotDo(Problem("unknown_table", value=table_id, details={"tables": tuple(SHOWN_TABLES)}))
    if table_id in PARTS_OF_COMPARISON:
        comparison = compared(store, quarter)
        frame = getattr(comparison, PARTS_OF_COMPARISON[table_id])
        if table_id != "change_statistics":
            frame = frame.select(*spec.column_ids)
    elif table_id == "due":
        from xlcrm.jobs.due import due_list

        frame = due_list(store).frame
    elif table_id == "duplicates":
        from xlcrm.jobs.duplicates import find_duplicates

        frame = find_duplicates(store).frame
    elif table_id in ("daily_summary", "month_summary"):
        from xlcrm.jobs.summarising import summaries

        frame = getattr(summaries(store), table_id)
    elif table_id in ("visit_plan", "adherence"):
        from xlcrm.jobs import planning

        frame = planning.current_plan(store) if table_id == "visit_plan" else planning.current_adherence(store)
    else:
        # Looked-up columns are computed here: a workbook that no program has calculated holds no values of its formulas.
        frame = filled_records(store)[table_id] if table_id in RECORDS else store.read(table_id).frame
        if table_id == "audit":  # who has them need not have the workbook, whose check says whether the chain holds
            frame = frame.drop(c.SALT, c.DIGEST)
        if quarter is not None and c.QUARTER in frame.columns:
            from xlcrm.rules.quarters import parse_quarter

            frame = frame.filter(pl.col(c.QUARTER) == (parse_quarter(quarter) or quarter))
    keys = [name for name in spec.key if name in frame.columns]
    if table_id not in _ORDERED:
        frame = frame.sort(keys, nulls_last=True, maintain_order=True)
    return as_text(frame, table_id)


def as_text(frame: pl.DataFrame, table_id: str) -> pl.DataFrame:
    """What a person reads: money with two decimals, quantities without needless zeros, dates as 2017-01-31."""
    spec = TABLES[table_id]
    shown = []
    for name in frame.columns:
        column = pl.col(name)
        kind = spec.by_id[name].kind if name in spec.by_id else None
        if kind in SCALE and frame.schema[name].is_numeric():
            digits = _DIGITS[kind]
            shown.append(_decimal(column, digits).alias(name))
        elif frame.schema[name].is_float():
            shown.append(column.round(4).cast(pl.String))
        else:
            shown.append(column.cast(pl.String))
    return frame.select(shown)


def _decimal(column: pl.Expr, digits: int) -> pl.Expr:
    """A scaled integer as exact decimal text; beyond cents the trailing zeros go."""
    scale = 10**digits
    sign = pl.when(column < 0).then(pl.lit("-")).otherwise(pl.lit(""))
    whole, rest = column.abs() // scale, (column.abs() % scale).cast(pl.String).str.zfill(digits)
    written: pl.Expr = sign + whole.cast(pl.String) + pl.lit(".") + rest
    return written if digits == 2 else written.str.strip_chars_end("0").str.strip_chars_end(".")
