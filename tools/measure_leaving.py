"""How well the probability of leaving ranks and how true it is: `python -m tools.measure_leaving [FOLDER OF COMPLETE JOURNEY]`.

Every quarter that can be judged, by a model fitted to the quarters before it alone. CDNOW comes with the project's tests.
"""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path

import polars as pl

from xlcrm.models.leaving import Events, events, judged, quarter_ends
from xlcrm.tables import columns as c

ROOT = Path(__file__).resolve().parents[1]
CDNOW = ROOT / "tests" / "data" / "cdnow_sample.csv"
COMPLETE_JOURNEY = ROOT.parent / "shared" / "data" / "completejourney_r1-5"


def cdnow() -> Events:
    """Days with a purchase of CDNOW's customers."""
    rows = pl.read_csv(CDNOW, schema_overrides={"customer_id": pl.String}, try_parse_dates=True)
    cents = (pl.col("dollars") * 100).round().cast(pl.Int64)
    return events(rows.select(pl.col("customer_id").alias(c.CUSTOMER_CODE), c.DATE, cents.alias(c.AMOUNT)))


def complete_journey(folder: Path) -> Events:
    """Months with a purchase of Complete Journey's customers."""
    rows = pl.read_csv(folder / "purchases_month.csv", infer_schema=False)
    cents = (pl.col("amount").cast(pl.Float64) * 100).round().cast(pl.Int64)
    none = pl.lit(None, pl.Date).alias(c.DATE)
    return events(rows.select(c.CUSTOMER_CODE, none, pl.col("month").alias(c.PERIOD), cents.alias(c.AMOUNT)))


def lines(name: str, known: Events, ends: list[dt.date]) -> list[str]:
    """A row of the table for each quarter end that can be judged."""
    found = (judged(known, ends[:place], day) for place, day in enumerate(ends) if place)
    return [
        f"| {name}, {each.judged_on} | {each.customers:,} | {each.left:,} | {each.auc:.3f} | {each.recency_auc:.3f} | {each.brier:.3f} "
        f"| {max(abs(said - happened) for _, said, happened in each.bins):.2f} |"
        for each in found
        if each is not None
    ]  # fmt: skip


def main(arguments: list[str]) -> None:
    """Prints the table of docs/value.md."""
    folder = Path(arguments[0]) if arguments else COMPLETE_JOURNEY
    print("| judged on the quarter after | customers | left | AUC | AUC of recency alone | Brier | widest gap of a tenth |")
    print("|---|---|---|---|---|---|---|")
    for line in lines("CDNOW", cdnow(), quarter_ends(dt.date(1997, 3, 1), dt.date(1998, 3, 31))):
        print(line)
    if folder.is_dir():
        for line in lines("Complete Journey", complete_journey(folder), quarter_ends(dt.date(2017, 3, 1), dt.date(2017, 9, 30))):
            print(line)


if __name__ == "__main__":
    main(sys.argv[1:])
