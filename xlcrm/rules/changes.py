"""The state of every customer against another quarter: exactly one of seven (grading.md, section 3)."""

from __future__ import annotations

from typing import Any

import narwhals as nw

from xlcrm.rules.frames import Frame, lazy, mapped, of_quarters
from xlcrm.rules.grades import SIZE_RANK, SUB_RANK, with_parts
from xlcrm.settings import GradeGrammar
from xlcrm.tables import columns as c

MARKS = {c.UP: "↑", c.KEPT: "", c.DOWN: "↓", c.NEW: "○", c.TYPE_CHANGED: "≠", c.LOST: "×", c.UNGRADED: "?"}
"""The mark of each state; it stands behind the code without a space."""

NO_GRADE = "–"
"""What an ungraded customer shows before its mark."""


def everyone(customers: Any, graded: Frame) -> Frame:
    """customer_code and route of every customer, and of every graded code that Customers does not hold (route null).

    A code that stands twice in Customers counts once, with the least of its routes; `check` names it.
    """
    known = lazy(customers).select(c.CUSTOMER_CODE, c.ROUTE).filter(~nw.col(c.CUSTOMER_CODE).is_null())
    once = known.group_by(c.CUSTOMER_CODE).agg(nw.col(c.ROUTE).min())
    others = graded.select(c.CUSTOMER_CODE).unique(c.CUSTOMER_CODE).join(once.select(c.CUSTOMER_CODE), on=c.CUSTOMER_CODE, how="anti")
    return nw.concat(
        [once, others.with_columns(nw.lit(None).cast(nw.String).alias(c.ROUTE)).select(c.CUSTOMER_CODE, c.ROUTE)], how="vertical"
    )


def state_expression() -> nw.Expr:
    """The state from the current and the previous grade's parts. A sub-level counts only where both sides have one."""
    now, before = nw.col(c.GRADE), nw.col(c.PREVIOUS_GRADE)
    size, earlier_size = nw.col(SIZE_RANK), nw.col(f"previous_{SIZE_RANK}")
    sub, earlier_sub = nw.col(SUB_RANK), nw.col(f"previous_{SUB_RANK}")
    both_sub = (sub > 0) & (earlier_sub > 0)
    better = (size < earlier_size) | ((size == earlier_size) & both_sub & (sub < earlier_sub))
    worse = (size > earlier_size) | ((size == earlier_size) & both_sub & (sub > earlier_sub))
    same_type = nw.col(c.BUSINESS_TYPE) == nw.col(f"previous_{c.BUSINESS_TYPE}")
    both = nw.when(~same_type).then(nw.lit(c.TYPE_CHANGED)).otherwise(
        nw.when(better).then(nw.lit(c.UP)).otherwise(nw.when(worse).then(nw.lit(c.DOWN)).otherwise(nw.lit(c.KEPT)))
    )  # fmt: skip
    graded_now = nw.when(before.is_null()).then(nw.lit(c.NEW)).otherwise(both)
    not_now = nw.when(before.is_null()).then(nw.lit(c.UNGRADED)).otherwise(nw.lit(c.LOST))
    return nw.when(now.is_null()).then(not_now).otherwise(graded_now).alias(c.STATE)


def grade_changes(customers: Any, graded: Frame, current: str, previous: str) -> Frame:
    """One row a customer of either quarter: customer_code, route, grade and its parts, previous_grade, state, shown.

    customers: customer_code, route. graded: `grades.graded` (one row a customer and quarter, with the parts of the code).
    """
    parts = (c.GRADE, c.BUSINESS_TYPE, c.SIZE, c.RANK, SIZE_RANK, SUB_RANK)
    now = graded.filter(nw.col(c.QUARTER) == current).select(c.CUSTOMER_CODE, *parts)
    before = graded.filter(nw.col(c.QUARTER) == previous).select(
        c.CUSTOMER_CODE, *(nw.col(name).alias(f"previous_{name}") for name in parts)
    )
    joined = (
        everyone(customers, of_quarters(graded, current, previous))
        .join(now, on=c.CUSTOMER_CODE, how="left")
        .join(before, on=c.CUSTOMER_CODE, how="left")
    )
    return with_state(joined)


def with_state(frame: Frame) -> Frame:
    """`frame` with state and shown, from the parts of the current and, prefixed `previous_`, of the earlier grade."""
    stated = frame.with_columns(state_expression())
    known = nw.when(nw.col(c.GRADE).is_null()).then(nw.col(c.PREVIOUS_GRADE)).otherwise(nw.col(c.GRADE))
    code = nw.when(known.is_null()).then(nw.lit(NO_GRADE)).otherwise(known)
    return stated.with_columns(nw.concat_str(code, mapped(c.STATE, MARKS)).alias(c.SHOWN))


def changes_of_rows(rows: Frame, grammar: GradeGrammar) -> Frame:
    """State and shown of pairs that stand side by side: grade and previous_grade, codes as the grammar writes them or null."""
    return with_state(with_parts(with_parts(rows, grammar), grammar, c.PREVIOUS_GRADE, "previous_"))
