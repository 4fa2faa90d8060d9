"""Minimums: the lowest quantity and, independently, the lowest amount that still held each grade (grading.md, section 5)."""

from __future__ import annotations

import narwhals as nw

from xlcrm.rules.frames import Frame
from xlcrm.rules.grades import SIZE_RANK
from xlcrm.tables import columns as c


def tier_minimums(changes: Frame, totals: Frame, lowest_size_rank: int) -> Frame:
    """One row a held grade: business_type, size, grade, rank, customers, min_quantity, min_amount, has_minimum.

    changes: `changes.grade_changes`. totals: customer_code, quantity, amount of the quarter; who has no row does not count for a
    minimum but holds the grade. The lowest grade of a type has no minimum (`has_minimum` 0): the worst code present, where
    it is of the grammar's last size (`lowest_size_rank`).
    """
    key = (c.BUSINESS_TYPE, c.SIZE, c.GRADE, c.RANK, SIZE_RANK)
    held = changes.filter(~nw.col(c.GRADE).is_null()).select(c.CUSTOMER_CODE, *key)
    with_totals = held.join(totals.select(c.CUSTOMER_CODE, c.QUANTITY, c.AMOUNT), on=c.CUSTOMER_CODE, how="left")
    tiers = with_totals.group_by(*key).agg(
        nw.len().alias(c.CUSTOMERS), nw.col(c.QUANTITY).min().alias(c.MIN_QUANTITY), nw.col(c.AMOUNT).min().alias(c.MIN_AMOUNT)
    )
    worst = tiers.group_by(c.BUSINESS_TYPE).agg(nw.col(c.RANK).max().alias("worst_rank"))
    lowest = (nw.col(c.RANK) == nw.col("worst_rank")) & (nw.col(SIZE_RANK) == lowest_size_rank)
    marked = tiers.join(worst, on=c.BUSINESS_TYPE, how="left").with_columns(
        nw.when(lowest).then(nw.lit(0)).otherwise(nw.lit(1)).alias("has_minimum")
    )
    return marked.select(
        c.BUSINESS_TYPE, c.SIZE, c.GRADE, c.RANK, SIZE_RANK, nw.col(c.CUSTOMERS).cast(nw.Int64),
        c.MIN_QUANTITY, c.MIN_AMOUNT, "has_minimum",
    )  # fmt: skip


def minimums(tiers: Frame) -> Frame:
    """The table of minimums: business_type, size, grade, customers, min_quantity, min_amount; best first inside a type."""
    shown = tiers.filter(nw.col("has_minimum") == 1).sort(c.BUSINESS_TYPE, c.RANK)
    return shown.select(c.BUSINESS_TYPE, c.SIZE, c.GRADE, c.CUSTOMERS, c.MIN_QUANTITY, c.MIN_AMOUNT)


def holders(changes: Frame, totals: Frame, tiers: Frame) -> Frame:
    """Who holds each minimum, all of them at a tie: grade, customer_code, holds_quantity and holds_amount (0 or 1)."""
    held = changes.filter(~nw.col(c.GRADE).is_null()).select(c.CUSTOMER_CODE, c.GRADE)
    bounds = tiers.filter(nw.col("has_minimum") == 1).select(c.GRADE, c.MIN_QUANTITY, c.MIN_AMOUNT)
    rows = held.join(totals.select(c.CUSTOMER_CODE, c.QUANTITY, c.AMOUNT), on=c.CUSTOMER_CODE, how="inner").join(
        bounds, on=c.GRADE, how="inner"
    )
    flagged = rows.with_columns(
        nw.when(nw.col(c.QUANTITY) == nw.col(c.MIN_QUANTITY)).then(nw.lit(1)).otherwise(nw.lit(0)).alias("holds_quantity"),
        nw.when(nw.col(c.AMOUNT) == nw.col(c.MIN_AMOUNT)).then(nw.lit(1)).otherwise(nw.lit(0)).alias("holds_amount"),
    )
    return flagged.filter((nw.col("holds_quantity") + nw.col("holds_amount")) > 0).select(
        c.GRADE, c.CUSTOMER_CODE, "holds_quantity", "holds_amount"
    )
