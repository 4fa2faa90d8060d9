"""A new customer's nearest existing customers, and what they buy that it does not buy yet.

How near an existing customer is, in this order; the first difference decides:

1. business type: the same one is nearer than another;
2. route: the same one is nearer than another;
3. first purchases: |a - b| / max(a, b) of the quantities that both bought in their first quarter with purchases, from 0 (alike) to 1;
   1 where one of them is unknown or not above nothing;
4. code, so that the answer is the same every time.

`distance` says it as one number: 2 for another type, 1 for another route, and the third part, from 0 to 4. A new customer is one
without a purchase before the quarter in question: of a customer whose first quarter is not over, its part so far is compared with
others' whole first quarter.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import narwhals as nw

from xlcrm.rules.frames import collected, lazy, tuples
from xlcrm.rules.totals import quarter_totals
from xlcrm.tables import columns as c

NEAREST = 3
PRODUCTS_EACH = 3


@dataclass(frozen=True, slots=True)
class Neighbour:
    """An existing customer like the new one. distance: 0 (alike) to 4. products: codes it buys most and the new one does not."""

    code: str
    distance: float
    products: Sequence[str]


@dataclass(frozen=True, slots=True)
class Likeness:
    """What customers are compared by, each by code. first_quarters: the quarter of the first purchases and their quantity."""

    types: Mapping[str, str | None]
    routes: Mapping[str, str | None]
    first_quarters: Mapping[str, tuple[str, int]]


def likeness(customers: Any, purchases: Any, types: Mapping[str, str | None]) -> Likeness:
    """From the typed tables. customers: customer_code, route; purchases: with their quarter. types: business types by code."""
    rows = tuples(collected(lazy(customers).filter(~nw.col(c.CUSTOMER_CODE).is_null()).select(c.CUSTOMER_CODE, c.ROUTE)))
    firsts: dict[str, tuple[str, int]] = {}
    totals = collected(quarter_totals(purchases).select(c.CUSTOMER_CODE, c.QUARTER, c.QUANTITY))
    for code, quarter, quantity in tuples(totals):
        if code not in firsts or quarter < firsts[code][0]:
            firsts[code] = (quarter, quantity or 0)
    return Likeness(types, dict(reversed(rows)), firsts)


def is_new(code: str, quarter: str, known: Likeness) -> bool:
    """Whether the customer bought nothing before the quarter: there is no full quarter of purchases to go by."""
    first = known.first_quarters.get(code)
    return first is None or first[0] >= quarter


def nearest(code: str, quarter: str, known: Likeness, purchases: Any) -> list[Neighbour]:
    """The nearest customers who bought before the quarter, nearest first, each with what it buys most and this one does not yet.

    purchases: customer_code, quarter, product_code, quantity. Products are ranked by the quantity of all quarters; one that was
    returned as often as bought does not count.
    """
    existing = [other for other in known.routes if other != code and not is_new(other, quarter, known)]
    chosen = sorted(existing, key=lambda other: (_parts(code, other, known), other))[:NEAREST]
    if not chosen:
        return []
    rows = lazy(purchases).filter(nw.col(c.CUSTOMER_CODE).is_in([code, *chosen]) & ~nw.col(c.PRODUCT_CODE).is_null())
    bought: dict[str, dict[str, int]] = {}
    for owner, product, quantity in tuples(collected(rows.group_by(c.CUSTOMER_CODE, c.PRODUCT_CODE).agg(nw.col(c.QUANTITY).sum()))):
        if (quantity or 0) > 0:
            bought.setdefault(owner, {})[product] = quantity
    here = bought.get(code, {})
    found = []
    for other in chosen:
        theirs = sorted(bought.get(other, {}).items(), key=lambda item: (-item[1], item[0]))
        products = [product for product, _ in theirs if product not in here]
        kind, route, closeness = _parts(code, other, known)
        found.append(Neighbour(other, 2 * kind + route + closeness, products[:PRODUCTS_EACH]))
    return found


def _parts(code: str, other: str, known: Likeness) -> tuple[int, int, float]:
    """Whether type and route differ, and how far the first purchases are from each other."""
    kind, route = known.types.get(code), known.routes.get(code)
    own, theirs = known.first_quarters.get(code, ("", 0))[1], known.first_quarters.get(other, ("", 0))[1]
    closeness = abs(own - theirs) / max(own, theirs) if own > 0 and theirs > 0 else 1.0
    return int(kind is None or known.types.get(other) != kind), int(route is None or known.routes.get(other) != route), closeness
