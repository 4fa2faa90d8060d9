"""The rules on many customers: against a query written by hand, growing with the number of customers, and on several engines."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Sequence
from pathlib import Path

import polars as pl
from polars.testing import assert_frame_equal

from benchmarks.comparers import TABLES
from benchmarks.data import frames
from benchmarks.measure import Result, python, seconds_text

HAND_AIM, GROWTH_AIM = 1.3, 1.15


def prepared(scratch: Path, customers: int) -> Path:
    """The record tables of that many customers as parquet files: 16 purchases a customer."""
    folder = scratch / f"tables-{customers}"
    folder.mkdir(exist_ok=True)
    data = frames(customers)
    for table in (*TABLES, "follow_ups"):
        frame: pl.DataFrame = getattr(data, table)
        if table == "purchases":
            frame = frame.with_columns(product_code=pl.lit(None, dtype=pl.String))
        frame.write_parquet(folder / f"{table}.parquet")
    return folder


def once(way: str, folder: Path, keep: bool = False) -> tuple[float, float, Path]:
    """Seconds and peak MiB of one comparison in a fresh process; with `keep` the results lie in the returned folder."""
    out = folder / f"results-{way.replace(' ', '-')}"
    cost = python("-m", "benchmarks.comparers", way, folder, *([out] if keep else []), timeout_s=1800)
    return float(json.loads(cost.output.strip().splitlines()[-1])["seconds"]), cost.peak_mib, out


def same(first: Path, second: Path) -> None:
    """Raises AssertionError where two ways gave different results."""
    for path in sorted(first.glob("*.parquet")):
        one, other = pl.read_parquet(path), pl.read_parquet(second / path.name)
        shared = [name for name in one.columns if name in other.columns]
        keys = [name for name in ("customer_code", "route", "grade") if name in shared][:1]
        left, right = one.select(shared).sort(keys), other.select(shared).sort(keys)
        assert_frame_equal(left, right, check_dtypes=False, rel_tol=1e-12)
        missing = set(other.columns) - set(one.columns)
        assert not missing, f"{path.name} lacks {sorted(missing)}"


def against_hand_written(scratch: Path, customers: int, repeats: int) -> Iterator[Result]:
    """The portable rules on polars and the query by hand in turns; then everything that a workbook shows, once."""
    folder = prepared(scratch, customers)
    purchases = pl.scan_parquet(folder / "purchases.parquet").select(pl.len()).collect().item()
    _, _, ours = once("polars", folder, keep=True)
    _, _, theirs = once("by hand", folder, keep=True)
    same(ours, theirs)
    runs = [(once("polars", folder), once("by hand", folder)) for _ in range(repeats)]
    own, hand = (sorted(run[side][0] for run in runs)[repeats // 2] for side in (0, 1))
    what = f"rules on {customers:,} customers, {purchases:,} purchases, parquet in"
    ratio = own / hand
    yield Result(
        what,
        seconds_text(own),
        f"{seconds_text(hand)} (by hand for polars, same results)",
        f"{ratio:.2f} x the time",
        f"within {HAND_AIM} x",
        ratio <= HAND_AIM,
    )
    peak = max(run[0][1] for run in runs) / 1024
    yield Result("... their peak memory", f"{peak:.1f} GiB", f"{max(run[1][1] for run in runs) / 1024:.1f} GiB", "")
    seconds, peak_mib, _ = once("whole", folder)
    yield Result("... with visit lines, advice in words, holders, problems", f"{seconds_text(seconds)}, {peak_mib / 1024:.1f} GiB", "-", "")


def growth(scratch: Path, sizes: Sequence[int]) -> Iterator[Result]:
    """Time against size. The exponent is the slope between the two largest sizes: 1 is linear."""
    seconds: list[float] = []
    for size in sizes:
        folder = prepared(scratch, size)
        seconds.append(min(once("polars", folder)[0] for _ in range(3)))
    exponent = math.log(seconds[-1] / seconds[-2]) / math.log(sizes[-1] / sizes[-2])
    shown = ", ".join(f"{size:,}: {seconds_text(second)}" for size, second in zip(sizes, seconds, strict=True))
    yield Result(
        "growth of the rules with customers", shown, "-", f"exponent {exponent:.2f}", f"linear (to {GROWTH_AIM})", exponent <= GROWTH_AIM
    )


def engines(scratch: Path, customers: int) -> Iterator[Result]:
    """The same rule text on each engine that is installed, results equal."""
    folder = prepared(scratch, customers)
    base, _, reference = once("polars", folder, keep=True)
    for engine in ("DuckDB", "pandas"):
        seconds, _, results = once(engine, folder, keep=True)
        same(reference, results)
        yield Result(
            f"rules on {customers:,} customers on {engine}, same results",
            seconds_text(seconds),
            f"{seconds_text(base)} on polars",
            f"{seconds / base:.1f} x the time",
        )
