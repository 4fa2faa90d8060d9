"""One comparison of two quarters, in one of several ways: `python -m benchmarks.comparers WAY FOLDER [OUT]`.

The folder holds the record tables as parquet files. Prints the seconds from the files to all result tables in memory, and keeps
those tables in OUT, so that ways can be compared.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import narwhals as nw

from xlcrm.rules.changes import grade_changes
from xlcrm.rules.frames import collected
from xlcrm.rules.gaps import gaps
from xlcrm.rules.grades import graded
from xlcrm.rules.minimums import minimums, tier_minimums
from xlcrm.rules.routes import route_batches, with_batch
from xlcrm.rules.statistics import change_statistics
from xlcrm.rules.summary import route_summary
from xlcrm.rules.totals import quarter_totals, totals_of
from xlcrm.settings import Settings
from xlcrm.tables import columns as c

CURRENT, PREVIOUS = "2017Q4", "2017Q3"
TABLES = ("customers", "routes", "grades", "purchases")


def portable(read: Callable[[str], Any], settings: Settings) -> dict[str, Any]:
    """The five result tables by the rules; `read` gives a table as a native frame of any engine."""
    parts = graded(read("grades"), settings.grammar)
    stated = grade_changes(read("customers"), parts, CURRENT, PREVIOUS)
    changes = collected(with_batch(stated, route_batches(read("routes"), settings))).lazy()
    totals = collected(quarter_totals(read("purchases"), (CURRENT, PREVIOUS))).lazy()
    now, before = totals_of(totals, CURRENT), totals_of(totals, PREVIOUS, "previous_")
    tiers = collected(tier_minimums(changes, now, len(settings.grammar.sizes) - 1)).lazy()
    results = {
        "grade_changes": changes.select(
            c.CUSTOMER_CODE, c.ROUTE, c.BATCH, c.BUSINESS_TYPE, c.GRADE, c.PREVIOUS_GRADE, c.STATE, c.SHOWN
        ).sort(c.CUSTOMER_CODE),
        "change_statistics": change_statistics(changes, settings.batches),
        "minimums": minimums(tiers),
        "gaps": gaps(changes, now, tiers).select(
            c.CUSTOMER_CODE, c.GRADE, c.NEXT_GRADE, c.GAP_QUANTITY, c.GAP_AMOUNT, c.CUSHION_QUANTITY, c.CUSHION_AMOUNT
        ).sort(c.CUSTOMER_CODE),
        "route_summary": route_summary(changes, now, before),
    }  # fmt: skip
    return {name: collected(frame).to_native() for name, frame in results.items()}


def on_polars(folder: Path, settings: Settings) -> dict[str, Any]:
    """The portable rules on lazy polars frames."""
    import polars as pl

    return portable(lambda table: pl.scan_parquet(folder / f"{table}.parquet"), settings)


def on_duckdb(folder: Path, settings: Settings) -> dict[str, Any]:
    """The same on DuckDB relations."""
    import duckdb

    connection = duckdb.connect()
    return portable(lambda table: connection.read_parquet(str(folder / f"{table}.parquet")), settings)


def on_pandas(folder: Path, settings: Settings) -> dict[str, Any]:
    """The same on pandas frames."""
    import pandas as pd

    return portable(lambda table: pd.read_parquet(folder / f"{table}.parquet", dtype_backend="pyarrow"), settings)


def by_hand(folder: Path, settings: Settings) -> dict[str, Any]:
    """The query written by hand for polars."""
    from benchmarks.hand_written import compare

    return dict(compare(folder, CURRENT, PREVIOUS, settings.batches))


def whole(folder: Path, settings: Settings) -> dict[str, Any]:
    """Everything that a workbook shows: besides the tables the visit lines with their advice, holders, visits, problems."""
    import datetime as dt

    import polars as pl

    from xlcrm.rules.comparison import compare

    frames = {table: pl.read_parquet(folder / f"{table}.parquet") for table in (*TABLES, "follow_ups")}
    done = compare(**frames, settings=settings, current=CURRENT, previous=PREVIOUS, as_of=dt.date(2018, 1, 5))
    return {"visit_lines": done.visit_lines}


WAYS: dict[str, Callable[[Path, Settings], dict[str, Any]]] = {
    "polars": on_polars,
    "by hand": by_hand,
    "DuckDB": on_duckdb,
    "pandas": on_pandas,
    "whole": whole,
}


def main() -> None:
    """Prints `{"seconds": ...}`."""
    way, folder = sys.argv[1], Path(sys.argv[2])
    settings = Settings()
    started = time.perf_counter()
    results = WAYS[way](folder, settings)
    print(json.dumps({"seconds": time.perf_counter() - started}))
    if len(sys.argv) > 3:
        out = Path(sys.argv[3])
        out.mkdir(parents=True, exist_ok=True)
        for name, frame in results.items():
            nw.from_native(frame, eager_only=True).to_polars().write_parquet(out / f"{name}.parquet")


if __name__ == "__main__":
    main()
