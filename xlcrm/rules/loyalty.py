"""Loyalty of a customer as one number from 0 to 100 (feature S52).

index = 100 x (w1 frequency + w2 amount + w3 referrals + w4 repeat rate) / (w1 + w2 + w3 + w4), each part from 0 to 1:

- frequency, amount: the place among all customers, (rank - 1/2) / customers with the mean rank at ties, of the days with a purchase and
  of the net amount: a place, so that one huge customer does not make all others disloyal;
- referrals: 1 - 1 / 2^n of n customers won through this one: 0, 0.5, 0.75, ...;
- repeat rate: of the months after that of the first purchase, up to that of the day, the share in which something was bought; for who
  first bought in the month of the day there is none yet, and the index is made of the other parts.

The weights are a convention, not a finding; WEIGHTS are ours: what is bought counts for 60 %, the bond for 40 %. Where referrals are not
recorded at all, their weight falls to the others in proportion.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, NamedTuple

import narwhals as nw

from xlcrm.rules.frames import collected, frame_of, tuples
from xlcrm.rules.purchasedays import DAY, dated, purchase_days
from xlcrm.rules.rfm import rfm
from xlcrm.tables import columns as c

LOYALTY_COLUMNS = (c.CUSTOMER_CODE, c.LOYALTY, c.FREQUENCY, c.MONETARY, c.REFERRALS, c.REPEAT_RATE)


class LoyaltyWeights(NamedTuple):
    """What each part counts; none below 0, and not all 0."""

    frequency: float = 0.3
    amount: float = 0.3
    referrals: float = 0.2
    repeat_rate: float = 0.2


WEIGHTS = LoyaltyWeights()


def loyalty(
    purchases: Any,
    as_of: dt.date,
    referrals: Mapping[str, int] | None = None,
    weights: LoyaltyWeights = WEIGHTS,
    window_days: int | None = None,
) -> Any:
    """LOYALTY_COLUMNS by code, of every customer with a purchase in the window; a native frame like `purchases` (in memory).

    purchases: see `purchasedays.dated`. referrals: how many customers each one brought, 0 where it names none; None where nobody
    records it: then the column is null. window_days: see `rfm.rfm`. frequency in days with a purchase, monetary in cents, repeat_rate
    from 0 to 1, null where there is no month to repeat in.
    """
    if min(weights) < 0 or sum(weights) <= 0:
        raise ValueError("weights are 0 or more, and one of them is more")
    customers = nw.from_native(rfm(purchases, as_of, window_days).customers, eager_only=True)
    total = max(len(customers), 1)
    placed = customers.with_columns(
        *(((nw.col(name).rank("average") - 0.5) / total).alias(f"{name}_place") for name in (c.FREQUENCY, c.MONETARY))
    )
    rates = _repeat_rates(purchases, as_of, window_days)
    rows = []
    for code, frequency, monetary, often, much in tuples(
        placed.select(c.CUSTOMER_CODE, c.FREQUENCY, c.MONETARY, f"{c.FREQUENCY}_place", f"{c.MONETARY}_place")
    ):
        brought = None if referrals is None else referrals.get(code, 0)
        bond = None if brought is None else 1 - 0.5**brought
        parts = [(often, weights.frequency), (much, weights.amount), (bond, weights.referrals), (rates.get(code), weights.repeat_rate)]
        known = [(value, weight) for value, weight in parts if value is not None]
        counted = sum(weight for _, weight in known)
        index = 100 * sum(value * weight for value, weight in known) / counted if counted else None
        rows.append((code, index, frequency, monetary, brought, rates.get(code)))
    whole = dict.fromkeys((c.FREQUENCY, c.MONETARY, c.REFERRALS), nw.Int64())
    schema = {name: whole.get(name, nw.Float64()) for name in LOYALTY_COLUMNS} | {c.CUSTOMER_CODE: nw.String()}
    return frame_of(rows, {name: schema[name] for name in LOYALTY_COLUMNS}, customers)


def _repeat_rates(purchases: Any, as_of: dt.date, window_days: int | None) -> dict[str, float]:
    after = None if window_days is None else as_of - dt.timedelta(days=window_days)
    days = collected(purchase_days(dated(purchases, as_of, after)))
    moment = nw.col(DAY).cast(nw.Datetime("ms"))
    months = days.select(c.CUSTOMER_CODE, (moment.dt.year() * 12 + moment.dt.month()).cast(nw.Int64).alias("month")).unique()
    found = months.group_by(c.CUSTOMER_CODE).agg(nw.len().alias("bought"), nw.col("month").min().alias("first"))
    now = as_of.year * 12 + as_of.month
    return {
        code: (bought - 1) / (now - first)
        for code, bought, first in tuples(found.select(c.CUSTOMER_CODE, "bought", "first"))
        if first < now
    }
