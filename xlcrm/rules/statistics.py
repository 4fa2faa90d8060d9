"""Change statistics: customers per business type and current grade, per visit batch and in total (grading.md, section 4)."""

from __future__ import annotations

from collections.abc import Sequence

import narwhals as nw

from xlcrm.rules.frames import Frame, count_where
from xlcrm.tables import columns as c

COUNTED = (c.UP, c.KEPT, c.DOWN)
"""The states that are counted per batch."""


def change_statistics(changes: Frame, batches: Sequence[str]) -> Frame:
    """business_type, size, grade, then `<batch>_up|kept|down` for each batch, total_up|kept|down, new, type_changed.

    Best grade first inside a type. Customers on a route without a batch count in the totals, so totals may exceed the batches' sum.
    """
    rows = changes.filter(~nw.col(c.GRADE).is_null())
    counts = {
        **{f"{batch}_{state}": (nw.col(c.BATCH) == batch) & (nw.col(c.STATE) == state) for batch in batches for state in COUNTED},
        **{f"{c.TOTAL}_{state}": nw.col(c.STATE) == state for state in COUNTED},
        c.NEW: nw.col(c.STATE) == c.NEW,
        c.TYPE_CHANGED: nw.col(c.STATE) == c.TYPE_CHANGED,
    }
    ones = rows.with_columns(**{name: count_where(condition) for name, condition in counts.items()})
    key = (c.BUSINESS_TYPE, c.SIZE, c.GRADE, c.RANK)
    summed = ones.group_by(*key).agg(*(nw.col(name).sum().alias(name) for name in counts))
    ordered = summed.sort(c.BUSINESS_TYPE, c.RANK)
    return ordered.select(c.BUSINESS_TYPE, c.SIZE, c.GRADE, *(nw.col(name).cast(nw.Int64) for name in counts))
