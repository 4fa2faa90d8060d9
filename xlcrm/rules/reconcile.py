"""Reconciliation: on every route the seven states add up to the customers (grading.md, section 3)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

import narwhals as nw

from xlcrm.rules.frames import records, tuples
from xlcrm.tables import columns as c

SUM, OK = "sum", "ok"


def listed_customers(customers: nw.DataFrame[Any], graded_codes: Iterable[str]) -> Counter[str | None]:
    """route -> how many different codes it holds, counted straight from the tables without any other rule; None is no route.

    A code on two routes counts on the first of them (by text). A graded code that Customers does not hold is on no route.
    """
    routes: dict[str, str | None] = {}
    for code, route in tuples(customers.select(c.CUSTOMER_CODE, c.ROUTE)):
        if code is not None:
            known = routes.get(code)
            routes[code] = route if known is None else known if route is None else min(known, route)
    for code in graded_codes:
        routes.setdefault(code, None)
    return Counter(routes.values())


def reconciliation(summary: nw.DataFrame[Any], listed: Mapping[str | None, int]) -> nw.DataFrame[Any]:
    """route, batch, customers (as listed), a count a state, sum (of the states), ok; ordered by route, no route first.

    summary: `summary.route_summary`. listed: `listed_customers`. A route that only one of the two knows does not add up.
    """
    counted = {row[c.ROUTE]: row for row in records(summary.select(c.ROUTE, c.BATCH, *c.STATES))}
    routes = sorted({*counted, *listed}, key=lambda route: (route is not None, route or ""))
    counts = {state: [int(counted[route][state]) if route in counted else 0 for route in routes] for state in c.STATES}
    sums = [sum(counts[state][place] for state in c.STATES) for place in range(len(routes))]
    customers = [listed.get(route, 0) for route in routes]
    data: dict[str, list[Any]] = {
        c.ROUTE: list(routes), c.BATCH: [counted[route][c.BATCH] if route in counted else None for route in routes],
        c.CUSTOMERS: customers, **counts, SUM: sums, OK: [there == here for there, here in zip(customers, sums, strict=True)],
    }  # fmt: skip
    whole = dict.fromkeys((c.CUSTOMERS, *c.STATES, SUM), nw.Int64())
    schema = {c.ROUTE: nw.String(), c.BATCH: nw.String(), **whole, OK: nw.Boolean()}
    return nw.from_dict(data, schema=schema, backend=summary.implementation)
