"""The comparison of two quarters as one would write it by hand for polars alone: the yardstick for the portable rules.

Reads parquet files, returns the five result tables as `xlcrm show` names them, in typed units (cents, thousandths).
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

STATES = ("up", "kept", "down", "new", "type_changed", "lost", "ungraded")
MARKS = {"up": "↑", "down": "↓", "new": "○", "type_changed": "≠", "lost": "×", "ungraded": "?"}


def compare(folder: Path, current: str, previous: str, batches: tuple[str, ...]) -> dict[str, pl.DataFrame]:
    """All result tables of one comparison, collected together so that polars shares what they have in common."""
    changes = _changes(folder, current, previous)
    totals = _totals(folder, current, previous)
    # Both feed several results: computed once, as a person would.
    changes, totals = (frame.lazy() for frame in pl.collect_all([changes, totals]))
    minimums = _minimums(changes, totals).collect().lazy()
    results = {
        "grade_changes": changes.select(
            "customer_code", "route", "batch", "business_type", "grade", "previous_grade", "state", "shown"
        ).sort("customer_code"),
        "change_statistics": _statistics(changes, batches),
        "minimums": minimums.filter(~pl.col("lowest")).select("business_type", "size", "grade", "customers", "min_quantity", "min_amount"),
        "gaps": _gaps(changes, totals, minimums),
        "route_summary": _route_summary(changes, totals),
    }
    return dict(zip(results, pl.collect_all(list(results.values())), strict=True))


def _changes(folder: Path, current: str, previous: str) -> pl.LazyFrame:
    grades = pl.scan_parquet(folder / "grades.parquet")
    now = grades.filter(pl.col("quarter") == current).select("customer_code", "grade")
    before = grades.filter(pl.col("quarter") == previous).select("customer_code", previous_grade="grade")
    routes = pl.scan_parquet(folder / "routes.parquet").select("route", "batch")
    everyone = pl.scan_parquet(folder / "customers.parquet").select("customer_code", "route").join(routes, on="route", how="left")
    joined = everyone.join(now, on="customer_code", how="left").join(before, on="customer_code", how="left")
    parts = joined.with_columns(
        business_type=pl.col("grade").str.slice(0, 2),
        size=pl.col("grade").str.slice(2, 1),
        previous_type=pl.col("previous_grade").str.slice(0, 2),
        previous_size=pl.col("previous_grade").str.slice(2, 1),
    )
    has, had = pl.col("grade").is_not_null(), pl.col("previous_grade").is_not_null()
    state = (
        pl.when(~has & ~had).then(pl.lit("ungraded"))
        .when(~has).then(pl.lit("lost"))
        .when(~had).then(pl.lit("new"))
        .when(pl.col("business_type") != pl.col("previous_type")).then(pl.lit("type_changed"))
        .when(pl.col("size") == pl.col("previous_size")).then(pl.lit("kept"))
        .when(pl.col("size") < pl.col("previous_size")).then(pl.lit("up"))
        .otherwise(pl.lit("down"))
    )  # fmt: skip
    mark = pl.col("state").replace_strict(MARKS, default="")
    return parts.with_columns(state=state).with_columns(shown=pl.coalesce("grade", "previous_grade", pl.lit("–")) + mark)


def _totals(folder: Path, current: str, previous: str) -> pl.LazyFrame:
    """Quantity and amount of both quarters, one row a customer."""
    purchases = pl.scan_parquet(folder / "purchases.parquet").filter(pl.col("quarter").is_in([current, previous]))
    is_now = pl.col("quarter") == current
    sums = []
    for name in ("quantity", "amount"):
        sums += [pl.col(name).filter(is_now).sum().alias(name), pl.col(name).filter(~is_now).sum().alias(f"previous_{name}")]
    return purchases.group_by("customer_code").agg(*sums, recorded=is_now.any())


def _statistics(changes: pl.LazyFrame, batches: tuple[str, ...]) -> pl.LazyFrame:
    counts = [
        ((pl.col("batch") == batch) & (pl.col("state") == state)).sum().cast(pl.Int64).alias(f"{batch}_{state}")
        for batch in batches
        for state in ("up", "kept", "down")
    ]
    counts += [(pl.col("state") == state).sum().cast(pl.Int64).alias(f"total_{state}") for state in ("up", "kept", "down")]
    counts += [(pl.col("state") == state).sum().cast(pl.Int64).alias(state) for state in ("new", "type_changed")]
    graded = changes.filter(pl.col("grade").is_not_null())
    return graded.group_by("business_type", "size", "grade").agg(counts).sort("business_type", "size")


def _minimums(changes: pl.LazyFrame, totals: pl.LazyFrame) -> pl.LazyFrame:
    """Minimums of every grade; `lowest` marks a type's worst size. `next_*` are those of the next better tier with holders."""
    held = changes.filter(pl.col("grade").is_not_null()).join(totals.filter("recorded"), on="customer_code", how="left")
    found = held.group_by("business_type", "size", "grade").agg(
        customers=pl.len().cast(pl.Int64), min_quantity=pl.col("quantity").min(), min_amount=pl.col("amount").min()
    )
    better = [pl.col(name).shift(1).over("business_type").alias(f"next_{name}") for name in ("grade", "min_quantity", "min_amount")]
    return found.sort("business_type", "size").with_columns(better).with_columns(lowest=pl.col("size") == "3")


def _gaps(changes: pl.LazyFrame, totals: pl.LazyFrame, minimums: pl.LazyFrame) -> pl.LazyFrame:
    tiers = minimums.select("grade", "lowest", "min_quantity", "min_amount", "next_grade", "next_min_quantity", "next_min_amount")
    rows = changes.filter(pl.col("grade").is_not_null()).join(totals, on="customer_code", how="left").join(tiers, on="grade", how="left")
    figures = []
    for name in ("quantity", "amount"):
        own = pl.when("recorded").then(pl.col(name)).fill_null(0)
        figures.append((pl.col(f"next_min_{name}") - own).clip(lower_bound=0).alias(f"gap_{name}"))
    for name in ("quantity", "amount"):
        own = pl.when("recorded").then(pl.col(name))
        figures.append(pl.when(~pl.col("lowest")).then(own - pl.col(f"min_{name}")).alias(f"cushion_{name}"))
    return rows.with_columns(figures).select(
        "customer_code", "grade", "next_grade", "gap_quantity", "gap_amount", "cushion_quantity", "cushion_amount"
    ).sort("customer_code")  # fmt: skip


def _route_summary(changes: pl.LazyFrame, totals: pl.LazyFrame) -> pl.LazyFrame:
    counts = [(pl.col("state") == state).sum().cast(pl.Int64).alias(state) for state in STATES]
    names = ("quantity", "amount", "previous_quantity", "previous_amount")
    rows = changes.join(totals, on="customer_code", how="left").group_by("route", "batch")
    summed = rows.agg(pl.len().cast(pl.Int64).alias("customers"), *counts, *(pl.col(name).sum() for name in names))
    averages = [((pl.col(name) * 2 + pl.col("customers")) // (pl.col("customers") * 2)).alias(f"average_{name}") for name in names[:2]]
    changed = [
        pl.when(pl.col(f"previous_{name}") > 0)
        .then((pl.col(name) - pl.col(f"previous_{name}")) / pl.col(f"previous_{name}"))
        .alias(f"{name}_change")
        for name in names[:2]
    ]
    return summed.with_columns(*averages, *changed).drop("previous_quantity", "previous_amount").sort("route")
