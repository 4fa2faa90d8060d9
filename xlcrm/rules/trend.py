"""What was bought quarter by quarter: buyers, quantity, amount."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import narwhals as nw

from xlcrm.rules.frames import collected, count_where, tuples
from xlcrm.rules.quarters import quarters_back
from xlcrm.rules.totals import quarter_totals
from xlcrm.tables import columns as c

MOST_QUARTERS = 8


@dataclass(frozen=True, slots=True)
class QuarterTotals:
    """One quarter. buyers: customers with a quantity or an amount above 0; quantity in thousandths, amount in cents, net of returns;
    None where no row names one, and all three where the quarter has no purchases."""

    quarter: str
    buyers: int | None
    quantity: int | None
    amount: int | None


def quarter_trend(purchases: Any, current: str, most: int = MOST_QUARTERS) -> list[QuarterTotals]:
    """The totals of the quarters up to `current`, oldest first, from the first one with purchases, at most so many; `current` always.

    purchases: customer_code, quarter, quantity, amount.
    """
    wanted = [quarters_back(current, back) for back in range(most - 1, -1, -1)]
    totals = quarter_totals(purchases, wanted)
    bought = (nw.col(c.QUANTITY) > 0) | (nw.col(c.AMOUNT) > 0)
    summed = totals.with_columns(count_where(bought.fill_null(False)).alias("buyers")).group_by(c.QUARTER).agg(
        nw.col("buyers").sum(), *(nw.col(name).sum() for name in (c.QUANTITY, c.AMOUNT)),
        *(nw.col(name).count().alias(f"known_{name}") for name in (c.QUANTITY, c.AMOUNT)),
    )  # fmt: skip
    names = ("buyers", c.QUANTITY, c.AMOUNT, f"known_{c.QUANTITY}", f"known_{c.AMOUNT}")
    found: dict[str, QuarterTotals] = {}
    for quarter, buyers, quantity, amount, quantities, amounts in tuples(collected(summed.select(c.QUARTER, *names))):
        found[quarter] = QuarterTotals(quarter, int(buyers), int(quantity) if quantities else None, int(amount) if amounts else None)
    first = next((place for place, quarter in enumerate(wanted) if quarter in found), len(wanted) - 1)
    return [found.get(quarter, QuarterTotals(quarter, None, None, None)) for quarter in wanted[first:]]


def values_of(trend: Sequence[QuarterTotals], measure: str) -> list[int | None]:
    """One of `buyers`, `quantity`, `amount` of each quarter."""
    return [getattr(totals, measure) for totals in trend]
