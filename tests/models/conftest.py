"""Purchases of CDNOW as a typed table."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

DATA = Path(__file__).resolve().parents[1] / "data"


@pytest.fixture(scope="session")
def cdnow() -> pl.DataFrame:
    rows = pl.read_csv(DATA / "cdnow_sample.csv", schema_overrides={"customer_id": pl.String}, try_parse_dates=True)
    cents = (pl.col("dollars") * 100).round().cast(pl.Int64)
    return rows.select(
        pl.col("customer_id").alias("customer_code"), "date", cents.alias("amount"), (pl.col("cds") * 1000).alias("quantity")
    )
