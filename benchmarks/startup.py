"""300 customers, whole processes: `xlcrm import` and `xlcrm quarter` against two bare imports of pandas and openpyxl."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from benchmarks.measure import Cost, Result, python, seconds_text, side_by_side, xlcrm
from xlcrm.samples import sample_files

AIM = 1.5


def run(scratch: Path, repeats: int = 5) -> Iterator[Result]:
    """The sample exports into a new workbook, then its last quarter."""
    empty, book = scratch / "empty.xlsx", scratch / "book.xlsx"
    xlcrm("new", empty, "--lang", "en")

    def ours() -> Cost:
        shutil.copyfile(empty, book)
        first = xlcrm("import", book, *sample_files("en"))
        second = xlcrm("quarter", book, "2017Q4", "--against", "2017Q3")
        return Cost(first.seconds + second.seconds, max(first.peak_mib, second.peak_mib))

    def bare() -> Cost:
        first, second = python("-c", "import pandas, openpyxl"), python("-c", "import pandas, openpyxl")
        return Cost(first.seconds + second.seconds, max(first.peak_mib, second.peak_mib))

    ours(), bare()  # the first run of each warms the disk
    mine, theirs = side_by_side(ours, bare, repeats=repeats)
    ratio = mine.seconds / theirs.seconds
    yield Result(
        "start-up: import + quarter of 300 customers, two processes",
        seconds_text(mine.seconds),
        f'{seconds_text(theirs.seconds)} (twice `python -c "import pandas, openpyxl"`)',
        f"{ratio:.2f} x the time",
        f"under {AIM} x",
        ratio < AIM,
    )
