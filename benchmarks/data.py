"""Made-up exports and frames of any size, the same for the same size.

The shape follows the samples: ten customers' worth of noise is not the aim, only that every rule meets its cases: promoted,
demoted, new, lost, changed types, ungraded, returns.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

TYPES = ("CS", "CB", "CZ", "CY", "CF", "CM", "CX", "CD")
TYPE_NAMES = ("Convenience store", "Supermarket", "Grocery", "Liquor and tobacco", "Restaurant", "Mall shop", "Leisure", "Other")
QUARTERS = ("2017Q1", "2017Q2", "2017Q3", "2017Q4")
BATCHES = ("mon", "tue", "wed", "thu", "fri")


@dataclass(frozen=True, slots=True)
class Frames:
    """The record tables as typed frames: money in cents, quantities in thousandths."""

    customers: pl.DataFrame
    routes: pl.DataFrame
    grades: pl.DataFrame
    purchases: pl.DataFrame
    follow_ups: pl.DataFrame


def frames(customers: int, purchases_each: int = 4, routes: int | None = None, seed: int = 7) -> Frames:
    """`customers` on routes of about 200, four quarters of grades, `purchases_each` purchases a customer and quarter."""
    rng = np.random.default_rng(seed)
    route_count = routes or max(10, customers // 200)
    number = np.arange(customers)
    code = pl.Series("customer_code", number).cast(pl.String).str.zfill(12)
    kind = rng.integers(0, len(TYPES), customers)
    route = pl.Series("route", number * route_count // customers + 1).cast(pl.String)
    customer_frame = pl.DataFrame({
        "customer_code": code,
        "customer_name": "Shop " + pl.Series(number).cast(pl.String),
        "business_type": pl.Series(np.array(TYPE_NAMES)[kind]),
        "route": route,
        "visit_order": pl.Series(number % max(1, customers // route_count) + 1),
        "contact": "Contact " + pl.Series(number % 997).cast(pl.String),
        "phone": "555" + pl.Series(number).cast(pl.String).str.zfill(7),
        "address": pl.Series(number % 199 + 1).cast(pl.String) + " Main St",
    })  # fmt: skip
    route_frame = pl.DataFrame({
        "route": [str(place) for place in range(1, route_count + 1)],
        "batch": [BATCHES[(place - 1) % 5] for place in range(1, route_count + 1)],
        "account_manager": [f"Manager {place % 40}" for place in range(1, route_count + 1)],
        "position": pl.Series(range(1, route_count + 1), dtype=pl.Int64),
    })  # fmt: skip
    # Quantities drift from quarter to quarter, so that sizes move by one step now and then.
    level = rng.gamma(1.6, 120.0, customers)
    grade_parts, purchase_parts = [], []
    for at, quarter in enumerate(QUARTERS):
        level = level * rng.lognormal(0.0, 0.25, customers)
        size = np.where(level > 240, 1, np.where(level > 90, 2, 3))
        moved = rng.random(customers) < 0.02
        kind = np.where(moved, rng.integers(0, len(TYPES), customers), kind)
        graded = rng.random(customers) > 0.03
        grade = pl.Series(np.array(TYPES)[kind]) + pl.Series(size).cast(pl.String)
        grade_parts.append(
            pl.DataFrame({"customer_code": code, "quarter": pl.repeat(quarter, customers, eager=True), "grade": grade}).filter(
                pl.Series(graded)
            )
        )
        for _ in range(purchases_each):
            units = np.maximum(1, level / purchases_each * rng.lognormal(0.0, 0.2, customers)).astype(np.int64)
            units = np.where(rng.random(customers) < 0.01, -1, units)
            day = np.datetime64("2017-01-01") + rng.integers(0, 90, customers) + at * 91
            purchase_parts.append(
                pl.DataFrame({
                    "customer_code": code,
                    "date": pl.Series(day.astype("datetime64[D]")).cast(pl.Date),
                    "quarter": pl.repeat(quarter, customers, eager=True),
                    "quantity": units * 1000,
                    "amount": units * rng.integers(90, 900, customers),
                }).filter(pl.Series(graded))
            )  # fmt: skip
    purchases = pl.concat(purchase_parts).with_columns(pl.col("date").clip(upper_bound=dt.date(2017, 12, 31)))
    follow_ups = customer_frame.select("customer_code").with_columns(
        follow_up_id="F" + pl.col("customer_code"),
        date=pl.lit(dt.date(2017, 12, 31)) - pl.duration(days=pl.lit(pl.Series(rng.integers(0, 40, customers)))),
        kind=pl.lit("visit"),
        next_action=pl.lit("call"),
        next_action_on=pl.lit(dt.date(2018, 1, 15)),
    )
    return Frames(customer_frame, route_frame, pl.concat(grade_parts), purchases, follow_ups)


def exports(data: Frames, folder: Path) -> list[Path]:
    """The three exports as CSV files: one routes table, wide grades, purchases of a quarter a row with numbers as text."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / name for name in ("routes.csv", "grades.csv", "purchases.csv")]
    with_route = data.customers.join(data.routes, on="route", how="left", maintain_order="left")
    with_route.select(
        pl.col("route").alias("Route"),
        pl.col("visit_order").alias("Visit order"),
        pl.col("customer_code").alias("Customer code"),
        pl.col("customer_name").alias("Customer name"),
        pl.col("business_type").alias("Business type"),
        pl.col("contact").alias("Contact"),
        pl.col("phone").alias("Phone"),
        pl.col("address").alias("Address"),
        pl.col("account_manager").alias("Account manager"),
    ).write_csv(paths[0], quote_style="always")
    wide = data.grades.pivot(on="quarter", index="customer_code", values="grade").sort("customer_code")
    wide.rename({"customer_code": "Customer code"}).write_csv(paths[1], quote_style="always")
    totals(data).select(
        pl.col("customer_code").alias("Customer code"),
        pl.col("quarter").alias("Period"),
        (pl.col("quantity") // 1000).cast(pl.String).alias("Quantity"),
        ((pl.col("amount") / 100).round(2)).cast(pl.String).alias("Amount"),
    ).write_csv(paths[2], quote_style="always")
    return paths


def totals(data: Frames) -> pl.DataFrame:
    """Purchases summed per customer and quarter."""
    sums = data.purchases.group_by("customer_code", "quarter").agg(pl.col("quantity").sum(), pl.col("amount").sum())
    return sums.sort("customer_code", "quarter")
