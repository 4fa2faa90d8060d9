"""The quarter of a purchase, as the workbook's own formula says it."""

from __future__ import annotations

import polars as pl

from xlcrm.tables import columns as c


def purchase_quarter() -> pl.Expr:
    """The quarter (2017Q1) of a purchase's date, else of its period."""
    date, period = pl.col(c.DATE), pl.col(c.PERIOD)
    of_month = pl.format("{}Q{}", period.str.slice(0, 4), (period.str.slice(5, 2).cast(pl.Int64, strict=False) + 2) // 3)
    of_date = pl.format("{}Q{}", date.dt.year(), date.dt.quarter())
    return pl.coalesce(of_date, pl.when(period.str.slice(4, 1) == "Q").then(period).otherwise(of_month)).alias(c.QUARTER)
