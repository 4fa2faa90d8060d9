"""A button pressed in an open workbook of 20,000 purchases: the whole answer of a server, from the client's JSON to its actions."""

from __future__ import annotations

import datetime as dt
import json
import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.data import QUARTERS, frames
from benchmarks.measure import Result

if TYPE_CHECKING:
    from xlcrm.jobs.store import Store

AIM_S = 1.0
DAY = dt.date(2018, 1, 5)
CUSTOMERS = 300
ROUTES = 10


def sample_workbook(path: Path, purchases: int) -> None:
    """A workbook with that many purchases, its third quarter closed: every table filled, a sheet for every route."""
    from xlcrm.jobs.quarter import close_quarter
    from xlcrm.sheets.changes import WorkbookChanges
    from xlcrm.sheets.filestore import FileStore

    made = frames(CUSTOMERS, purchases_each=-(-purchases // CUSTOMERS // len(QUARTERS)), routes=ROUTES)
    FileStore.create(path, "en").save(
        WorkbookChanges(
            tables={
                "customers": made.customers,
                "routes": made.routes,
                "grades": made.grades,
                "purchases": made.purchases.drop("quarter"),
                "follow_ups": made.follow_ups,
            }
        )
    )
    close_quarter(FileStore.open(path), QUARTERS[2], as_of=DAY)


def answered(sent: bytes, button: Callable[[Store], object]) -> tuple[float, list[dict[str, Any]]]:
    """Seconds from the client's JSON to the JSON of what it has to do, and those actions."""
    from tests.hosts.remote import open_book
    from xlcrm.sheets.livestore import LiveStore

    started = time.perf_counter()
    book = open_book(json.loads(sent))
    button(LiveStore(book))
    written = json.dumps(book.json())
    seconds = time.perf_counter() - started
    book.close()  # xlwings keeps every book that is not closed
    return seconds, json.loads(written)["actions"]


def run(scratch: Path, purchases: int, repeats: int) -> Iterator[Result]:
    """Closing a quarter for the first time, closing it again, and the check."""
    import tests.hosts.remote  # noqa: F401 - says under which licence xlwings runs, before xlwings is imported
    from tests.hosts.office import payload
    from xlcrm.hosts.jsnull import quicken
    from xlcrm.jobs.checking import check
    from xlcrm.jobs.quarter import close_quarter

    quicken()
    path = scratch / "book.xlsx"
    sample_workbook(path, purchases)
    sent = json.dumps(payload(path)).encode()
    buttons: dict[str, Callable[[Store], object]] = {
        "close the quarter": lambda store: close_quarter(store, QUARTERS[3], as_of=DAY),
        "close the same quarter again": lambda store: close_quarter(store, QUARTERS[2], as_of=DAY),
        "check": check,
    }
    for name, button in buttons.items():
        times, actions = [], 0
        for _ in range(repeats):
            seconds, asked = answered(sent, button)
            times.append(seconds)
            actions = len(asked)
        seconds = statistics.median(times)
        yield Result(
            f"button on {purchases:,} purchases: {name}",
            f"{seconds:.2f} s",
            f"{actions} actions",
            "",
            f"under {AIM_S:g} s",
            seconds < AIM_S,
        )
