"""RFM of many customers: the rule against a query written by hand for polars, and its growth with the number of customers.

`python -m benchmarks.value WAY FOLDER [OUT]` runs one way in a process of its own and prints the seconds from the file to the table in
memory; with OUT the table is kept there, so that ways can be compared.
"""

from __future__ import annotations

import datetime as dt
import json
import math
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import polars as pl
from polars.testing import assert_frame_equal

from benchmarks.data import frames
from benchmarks.measure import Result, python, seconds_text

HAND_AIM, GROWTH_AIM = 1.3, 1.15
AS_OF = dt.date(2017, 12, 31)
PURCHASES = "purchases.parquet"
TABLE = "rfm.parquet"


def rule(folder: Path) -> pl.DataFrame:
    """By the portable rule."""
    from xlcrm.rules.rfm import rfm

    table: pl.DataFrame = rfm(pl.scan_parquet(folder / PURCHASES), AS_OF).customers
    return table


def by_hand(folder: Path) -> pl.DataFrame:
    """The same table as a person would write it who knows polars and this file: every row has a day, a figure and an order number."""
    from xlcrm.rules.rfm import SEGMENTS, cells

    bought = (pl.col("quantity") > 0) & (pl.col("amount") > 0)
    rows = pl.scan_parquet(folder / PURCHASES).filter(pl.col("date") <= AS_OF).select(
        "customer_code", "amount", pl.when(bought).then("date").alias("date"), pl.when(bought).then("order_number").alias("order_number")
    )  # fmt: skip
    found = rows.group_by("customer_code").agg(
        first_date=pl.col("date").min(),
        last_date=pl.col("date").max(),
        frequency=pl.col("date").n_unique() - (pl.col("date").null_count() > 0),
        orders=pl.col("order_number").n_unique() - (pl.col("order_number").null_count() > 0),
        monetary=pl.col("amount").sum(),
    )
    known = found.filter(pl.col("frequency") > 0).with_columns(recency_days=(AS_OF - pl.col("last_date")).dt.total_days())
    scored = known.with_columns(_score("recency_days", True, "r"), _score("frequency", False, "f"), _score("monetary", False, "m"))
    names = {100 * r + 10 * f + m: segment for segment in SEGMENTS for r, f, m in cells(segment)}
    cell = 100 * pl.col("r") + 10 * pl.col("f") + pl.col("m")
    return scored.with_columns(segment=cell.replace_strict(names, return_dtype=pl.String)).sort("customer_code").collect()


def _score(measure: str, falling: bool, name: str) -> pl.Expr:
    first, last = (pl.col(measure).rank(method, descending=falling).cast(pl.Int64) for method in ("min", "max"))
    middle = 1 + 5 * (first + last - 1) // (2 * pl.len().cast(pl.Int64))
    ends = pl.when((first == 1) & (last < pl.len())).then(1).when((last == pl.len()) & (first > 1)).then(5)
    return ends.otherwise(middle).alias(name)


WAYS: dict[str, Callable[[Path], pl.DataFrame]] = {"rule": rule, "by hand": by_hand}


def prepared(scratch: Path, customers: int) -> Path:
    """Purchases of that many customers, 16 each with a day; two rows of a customer now and then share an order."""
    folder = scratch / f"value-{customers}"
    folder.mkdir(exist_ok=True)
    rows = frames(customers).purchases.with_row_index("row")
    numbered = rows.with_columns(order_number=pl.format("{}-{}", pl.col("date").dt.ordinal_day(), pl.col("row") % 3))
    numbered.drop("row", "quarter").write_parquet(folder / PURCHASES)
    return folder


def once(way: str, folder: Path, keep: bool = False) -> tuple[float, float, Path]:
    """Seconds and peak MiB of one way in a fresh process; with `keep` the table lies in the returned folder."""
    out = folder / way.replace(" ", "-")
    cost = python("-m", "benchmarks.value", way, folder, *([out] if keep else []), timeout_s=1800)
    return float(json.loads(cost.output.strip().splitlines()[-1])["seconds"]), cost.peak_mib, out


def same(first: Path, second: Path) -> None:
    """Raises AssertionError where the two tables differ."""
    one, other = pl.read_parquet(first / TABLE), pl.read_parquet(second / TABLE)
    assert_frame_equal(one, other.select(one.columns), check_dtypes=False)


def run(scratch: Path, customers: int, sizes: Sequence[int], repeats: int) -> Iterator[Result]:
    """The rule and the query in turns, then the rule alone on each of the sizes."""
    folder = prepared(scratch, customers)
    rows = pl.scan_parquet(folder / PURCHASES).select(pl.len()).collect().item()
    same(once("rule", folder, keep=True)[2], once("by hand", folder, keep=True)[2])
    turns = [(once("rule", folder), once("by hand", folder)) for _ in range(repeats)]
    own, hand = (sorted(turn[side][0] for turn in turns)[repeats // 2] for side in (0, 1))
    peaks = [max(turn[side][1] for turn in turns) / 1024 for side in (0, 1)]
    yield Result(
        f"RFM of {customers:,} customers, {rows:,} purchases, parquet in", seconds_text(own),
        f"{seconds_text(hand)} (by hand for polars, same table)", f"{own / hand:.2f} x the time", f"within {HAND_AIM} x",
        own / hand <= HAND_AIM,
    )  # fmt: skip
    yield Result("... its peak memory", f"{peaks[0]:.1f} GiB", f"{peaks[1]:.1f} GiB", "")
    seconds = [min(once("rule", prepared(scratch, size))[0] for _ in range(3)) for size in sizes]
    exponent = math.log(seconds[-1] / seconds[-2]) / math.log(sizes[-1] / sizes[-2])
    shown = ", ".join(f"{size:,}: {seconds_text(second)}" for size, second in zip(sizes, seconds, strict=True))
    yield Result(
        "growth of RFM with customers", shown, "-", f"exponent {exponent:.2f}", f"linear (to {GROWTH_AIM})", exponent <= GROWTH_AIM
    )


def main() -> None:
    """Prints `{"seconds": ...}`."""
    way, folder = sys.argv[1], Path(sys.argv[2])
    started = time.perf_counter()
    table = WAYS[way](folder)
    print(json.dumps({"seconds": time.perf_counter() - started}))
    if len(sys.argv) > 3:
        out = Path(sys.argv[3])
        out.mkdir(parents=True, exist_ok=True)
        table.write_parquet(out / TABLE)


if __name__ == "__main__":
    main()
