"""Gap to the next better tier, and the cushion against falling (grading.md, section 6)."""

from __future__ import annotations

import narwhals as nw

from xlcrm.rules.frames import Frame, where_null
from xlcrm.rules.grades import SIZE_RANK
from xlcrm.tables import columns as c

OWN_MIN_QUANTITY, OWN_MIN_AMOUNT = "own_min_quantity", "own_min_amount"


def next_tiers(tiers: Frame) -> Frame:
    """For each held grade the next better tier of its type that has a minimum (somebody in it has a purchase record): one row a grade.

    Columns: grade, next_grade, next_min_quantity, next_min_amount, skipped_tiers (sizes in between that nobody holds),
    own_min_quantity, own_min_amount (null in the lowest tier).
    """
    bounded = tiers.filter((nw.col("has_minimum") == 1) & (~nw.col(c.MIN_QUANTITY).is_null() | ~nw.col(c.MIN_AMOUNT).is_null()))
    better = bounded.select(
        c.BUSINESS_TYPE, nw.col(c.RANK).alias("next_rank"), nw.col(SIZE_RANK).alias("next_size_rank"), nw.col(c.GRADE).alias(c.NEXT_GRADE),
        nw.col(c.MIN_QUANTITY).alias(c.NEXT_MIN_QUANTITY), nw.col(c.MIN_AMOUNT).alias(c.NEXT_MIN_AMOUNT),
    )  # fmt: skip
    pairs = tiers.select(c.BUSINESS_TYPE, c.GRADE, c.RANK, SIZE_RANK).join(better, on=c.BUSINESS_TYPE, how="inner")
    pairs = pairs.filter(nw.col("next_rank") < nw.col(c.RANK))
    nearest = pairs.group_by(c.GRADE).agg(nw.col("next_rank").max().alias("nearest_rank"))
    chosen = pairs.join(nearest, on=c.GRADE, how="inner").filter(nw.col("next_rank") == nw.col("nearest_rank"))
    between = nw.col(SIZE_RANK) - nw.col("next_size_rank") - 1
    chosen = chosen.select(
        c.GRADE, c.NEXT_GRADE, c.NEXT_MIN_QUANTITY, c.NEXT_MIN_AMOUNT,
        nw.when(between > 0).then(between).otherwise(nw.lit(0)).cast(nw.Int64).alias(c.SKIPPED_TIERS),
    )  # fmt: skip
    own = nw.col("has_minimum") == 1
    owned = tiers.select(
        c.GRADE,
        nw.when(own).then(nw.col(c.MIN_QUANTITY)).alias(OWN_MIN_QUANTITY),
        nw.when(own).then(nw.col(c.MIN_AMOUNT)).alias(OWN_MIN_AMOUNT),
    )
    return owned.join(chosen, on=c.GRADE, how="left")


def gaps(changes: Frame, totals: Frame, tiers: Frame) -> Frame:
    """One row a customer graded now: customer_code, grade, next_grade, gap_quantity, gap_amount, cushion_quantity, cushion_amount.

    Also next_min_quantity, next_min_amount and skipped_tiers. A gap is at least 0; who has no purchase record lacks the whole
    minimum; where the better tier has no minimum of one of the two, nor is there a gap of it. The cushion is empty in the
    lowest tier and without a purchase record.
    """
    held = changes.filter(~nw.col(c.GRADE).is_null()).select(c.CUSTOMER_CODE, c.GRADE)
    rows = held.join(totals.select(c.CUSTOMER_CODE, c.QUANTITY, c.AMOUNT), on=c.CUSTOMER_CODE, how="left").join(
        next_tiers(tiers), on=c.GRADE, how="left"
    )
    return rows.select(
        c.CUSTOMER_CODE, c.GRADE, c.NEXT_GRADE,
        _gap(c.NEXT_MIN_QUANTITY, c.QUANTITY).alias(c.GAP_QUANTITY), _gap(c.NEXT_MIN_AMOUNT, c.AMOUNT).alias(c.GAP_AMOUNT),
        (nw.col(c.QUANTITY) - nw.col(OWN_MIN_QUANTITY)).alias(c.CUSHION_QUANTITY),
        (nw.col(c.AMOUNT) - nw.col(OWN_MIN_AMOUNT)).alias(c.CUSHION_AMOUNT),
        c.NEXT_MIN_QUANTITY, c.NEXT_MIN_AMOUNT, c.SKIPPED_TIERS,
    )  # fmt: skip


def _gap(minimum: str, own: str) -> nw.Expr:
    missing = nw.col(minimum) - where_null(own, 0)
    return nw.when(missing < 0).then(nw.lit(0)).otherwise(missing)
