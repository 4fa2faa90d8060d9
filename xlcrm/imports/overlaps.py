"""Purchases of one customer that would count twice: a quarter's total beside the months or the single purchases of that quarter."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from xlcrm.tables import columns as c

DAY, MONTH, QUARTER = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Overlap:
    """Row `index` of the import would count what is there as `other` (a month, a quarter, `days`) once more."""

    index: int
    code: str
    time: str
    other: str


def overlaps(existing: pl.DataFrame, incoming: pl.DataFrame) -> list[Overlap]:
    """Rows of the import that overlap rows of another granularity: those of the table (which stay), or finer ones of the import itself.

    A month overlaps days in it; a quarter overlaps months and days in it. Rows that the import replaces are of the same
    granularity, so they never count as overlapping.
    """
    new = _spans(incoming).with_row_index("index")
    old = _spans(existing)
    if new["grain"].n_unique() <= 1 and (old.is_empty() or set(old["grain"].unique()) <= set(new["grain"].unique())):
        return []
    refused = _clashes(new, old.unique(), finer_wins=False).unique("index", keep="first", maintain_order=True)
    rest = new.join(refused, on="index", how="anti", maintain_order="left")
    coarser = _clashes(rest, rest.drop("index").unique(), finer_wins=True).unique("index", keep="first", maintain_order=True)
    found = pl.concat([refused, coarser]).sort("index")
    return [Overlap(*row) for row in found.select("index", c.CUSTOMER_CODE, "time", "other").iter_rows()]


def _spans(frame: pl.DataFrame) -> pl.DataFrame:
    """Each row's granularity, its own time, and the month and quarter it lies in."""
    date, period = pl.col(c.DATE), pl.col(c.PERIOD)
    is_quarter = period.str.slice(4, 1) == "Q"
    month = pl.coalesce(date.dt.strftime("%Y-%m"), pl.when(~is_quarter).then(period))
    quarter_of_month = pl.format("{}Q{}", month.str.slice(0, 4), (month.str.slice(5, 2).cast(pl.Int64, strict=False) + 2) // 3)
    grain = pl.when(date.is_not_null()).then(DAY).when(is_quarter).then(QUARTER).otherwise(MONTH)
    return frame.select(
        c.CUSTOMER_CODE,
        grain.alias("grain"),
        pl.coalesce(date.cast(pl.String), period).alias("time"),
        month.alias("month"),
        pl.coalesce(pl.when(is_quarter).then(period), quarter_of_month).alias("quarter"),
    )


def _clashes(new: pl.DataFrame, there: pl.DataFrame, finer_wins: bool) -> pl.DataFrame:
    """Pairs of an incoming row and what is there at another granularity; with `finer_wins` only the coarser one of two is taken."""
    found = []
    for grain in (DAY, MONTH, QUARTER):
        for other in (DAY, MONTH, QUARTER):
            if grain == other or (finer_wins and grain < other):
                continue
            # The coarser of the two decides where they meet.
            shared = "month" if max(grain, other) == MONTH else "quarter"
            place = [c.CUSTOMER_CODE, shared]
            others = there.filter(pl.col("grain") == other).group_by(place, maintain_order=True).agg(pl.col("time").first().alias("other"))
            mine = new.filter(pl.col("grain") == grain).select("index", c.CUSTOMER_CODE, shared, "time")
            found.append(mine.join(others, on=place, how="inner").select("index", c.CUSTOMER_CODE, "time", "other"))
    return pl.concat(found)
