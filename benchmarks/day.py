"""The account manager's day in a closed workbook, in process: one follow-up written down, and the list of who is due."""

from __future__ import annotations

import datetime as dt
import random
import shutil
import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import polars as pl

from benchmarks.buttons import CUSTOMERS, DAY, sample_workbook
from benchmarks.measure import Result, seconds_text

LOG_AIM_S = 0.3
PLAN_AIM_S = 5.0


def run(scratch: Path, rows: int, repeats: int) -> Iterator[Result]:
    """On a workbook of that many purchases, and on one that has as many follow-ups besides."""
    from xlcrm.jobs.due import due_list
    from xlcrm.jobs.logging_followup import FollowUp, log_follow_up
    from xlcrm.sheets.changes import WorkbookChanges
    from xlcrm.sheets.filestore import FileStore

    purchases, both = scratch / "purchases.xlsx", scratch / "both.xlsx"
    sample_workbook(purchases, rows)
    shutil.copy(purchases, both)
    follow_ups = FileStore.open(both).read("follow_ups").frame
    many = pl.concat([follow_ups] * -(-rows // CUSTOMERS)).head(rows).with_columns(follow_up_id=pl.format("F{}", pl.int_range(pl.len())))
    FileStore.open(both).save(WorkbookChanges(tables={"follow_ups": many}))

    def log(path: Path) -> None:
        log_follow_up(
            FileStore.open(path), FollowUp(f"{7:012}", "visit", "shelf filled", next_action="samples", next_action_on="2018-01-19"), DAY
        )

    def due(path: Path) -> None:
        due_list(FileStore.open(path), DAY + dt.timedelta(days=7)).lines("en")

    for path, what in ((purchases, f"{rows:,} purchases"), (both, f"{rows:,} purchases and {rows:,} follow-ups")):
        seconds = _median(log, path, repeats)
        yield Result(f"log a follow-up: {what}", seconds_text(seconds), "", "", f"under {LOG_AIM_S:g} s", seconds < LOG_AIM_S)
        yield Result(f"who is due: {what}", seconds_text(_median(due, path, repeats)), "", "")
    yield from plans(scratch, max(1, repeats // 3))


def plans(scratch: Path, repeats: int) -> Iterator[Result]:
    """The visit plan of 300 customers, from the closed file to the saved one; then with the shortest way of each day."""
    from xlcrm.jobs.planning import plan
    from xlcrm.sheets.changes import WorkbookChanges
    from xlcrm.sheets.filestore import FileStore

    plain, placed = scratch / "plain.xlsx", scratch / "placed.xlsx"
    sample_workbook(plain, CUSTOMERS * 4)
    shutil.copy(plain, placed)
    customers = FileStore.open(placed).read("customers").frame
    chance = random.Random(1)
    degrees = {
        name: pl.Series([start + chance.random() / 4 for _ in range(customers.height)])
        for name, start in (("latitude", 30.1), ("longitude", 120.0))
    }
    FileStore.open(placed).save(WorkbookChanges(tables={"customers": customers.with_columns(**degrees)}))

    def make(path: Path) -> None:
        plan(FileStore.open(path), DAY, as_of=DAY)

    for path, what in ((plain, "by the visit order"), (placed, "by the shortest way")):
        seconds = _median(make, path, repeats)
        yield Result(
            f"visit plan of {CUSTOMERS} customers, {what}", seconds_text(seconds), "", "", f"under {PLAN_AIM_S:g} s", seconds < PLAN_AIM_S
        )


def _median(job: Callable[[Path], None], path: Path, repeats: int) -> float:
    times = []
    for _ in range(repeats):
        started = time.perf_counter()
        job(path)
        times.append(time.perf_counter() - started)
    return statistics.median(times)
