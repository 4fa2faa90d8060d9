"""What visits do: routes visited against routes not yet visited, as of a day (feature M11).

Routes are visited one after another, so in the middle of a cycle some have been and some have not: a natural experiment whose unit is the
route, not the customer, since all customers of a route are visited together and share its neighbourhood and its manager.

- Outcome of a customer: log((1 + bought since the start) / (1 + the pace of before for as many days)), in currency units or in units.
  The log makes it a matter of percent and keeps one large customer from deciding all. "Since the start": from the first day of the
  cycle to the day.
- Effect: mean over visited routes of their customers' mean outcome, minus that over the others. As percent: 100 (exp(effect) - 1).
- Interval and p: by permutation of the routes. Had visits no effect, every choice of as many routes would have been as likely; p is the
  share of choices whose difference is at least as large. The interval holds all effects which, taken off the visited routes, leave a p
  of 1 - level or more (R. Fisher, The Design of Experiments, 1935; P. Rosenbaum, Observational Studies, 2002, chapter 2). With all
  choices up to MOST_CHOICES counted it is exact; above that as many are drawn, seeded.

With few routes no difference can be sure: of 4 routes, 2 visited, 6 choices are possible, and p cannot fall below 1/3. Then there is no
interval, and `problem` says so. ASSUMPTIONS says what must hold for the difference to be the visits' doing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import combinations
from math import comb
from typing import Any

import narwhals as nw
import numpy as np

from xlcrm.models.buying import Numbers
from xlcrm.rules.frames import collected, lazy, tuples
from xlcrm.rules.purchasedays import DAY_NUMBER, dated, day_numbers, number_of
from xlcrm.tables import columns as c

LEVEL = 0.9
MOST_CHOICES = 20_000
PACE_DAYS = 91
_SEED = 1935
_STEPS = 60
_ENDLESS = 1e6
_SMALL = 1e-9
_UNITS = {c.AMOUNT: 100, c.QUANTITY: 1000}

ASSUMPTIONS = ("order", "no_other_change", "no_spill", "same_pace", "log")
"""What must hold, each with its words in `docs/grades-ahead.md`: the order of the routes has nothing to do with how they would have bought;
nothing else befell only the visited ones; a visit does nothing to the routes not visited; both kinds would have kept their pace alike;
the
effect is the same share everywhere."""


@dataclass(frozen=True, slots=True)
class VisitEffect:
    """effect, low, high: percent, positive where visited routes bought more; None where they cannot be said. p: of no effect at all.

    routes: (route, visited 0 or 1, customers, mean outcome as log), by route. choices: how many ways to choose the visited routes there
    are. problem: `one_kind` (all or no routes visited), `too_few_routes` for an interval at this level, or empty.
    """

    effect: float | None
    low: float | None
    high: float | None
    p: float | None
    visited_routes: int
    other_routes: int
    visited_customers: int
    other_customers: int
    choices: int
    routes: tuple[tuple[str, int, int, float], ...]
    problem: str = ""


def outcomes(purchases: Any, start: dt.date, as_of: dt.date, measure: str = c.AMOUNT, pace_days: int = PACE_DAYS) -> dict[str, float]:
    """By customer: log of what it bought from `start` to `as_of` against its pace in the `pace_days` before `start`.

    Of everyone who bought in either time. purchases: see `purchasedays.dated`; days have to be known: totals of months say nothing about
    a cycle of two weeks. measure: amount or quantity; sums below nothing count as nothing.
    """
    rows = day_numbers(collected(dated(purchases, as_of, start - dt.timedelta(days=pace_days + 1))))
    since = nw.col(DAY_NUMBER) >= number_of(start)
    value = nw.col(measure)
    zero = nw.lit(0)
    sums = rows.with_columns(
        nw.when(since).then(value).otherwise(zero).alias("since"), nw.when(~since).then(value).otherwise(zero).alias("earlier")
    )
    days = (as_of - start).days + 1
    found = {}
    for code, now, earlier in tuples(sums.group_by(c.CUSTOMER_CODE).agg(nw.col("since").sum(), nw.col("earlier").sum())):
        bought, pace = max(now or 0, 0) / _UNITS[measure], max(earlier or 0, 0) / _UNITS[measure] * days / pace_days
        found[code] = float(np.log1p(bought) - np.log1p(pace))
    return found


def visited_routes(customers: Any, follow_ups: Any, start: dt.date, as_of: dt.date, kinds: Collection[str], share: float = 0.5) -> set[str]:
    """The routes of which so large a share of the customers (or more) had a visit from `start` to `as_of`.

    customers: customer_code, route. follow_ups: customer_code, date, kind; kinds: those that are visits.
    """
    people = tuples(collected(lazy(customers).select(c.CUSTOMER_CODE, c.ROUTE)))
    rows = tuples(collected(lazy(follow_ups).filter(nw.col(c.KIND).is_in(list(kinds))).select(c.CUSTOMER_CODE, c.DATE)))
    seen = {code for code, day in rows if day is not None and start <= day <= as_of}
    of_route: dict[str, set[str]] = {}
    for code, route in people:
        if code is not None and route is not None:
            of_route.setdefault(route, set()).add(code)
    return {route for route, codes in of_route.items() if len(codes & seen) >= share * len(codes)}


def visit_effect(found: Mapping[str, float], routes: Mapping[str, str], visited: Collection[str], level: float = LEVEL) -> VisitEffect:
    """The difference between routes visited and not. found: see `outcomes`. routes: customer -> route; who has none is left out."""
    of_route: dict[str, list[float]] = {}
    for code in sorted(found):
        route = routes.get(code)
        if route is not None:
            of_route.setdefault(route, []).append(found[code])
    names = sorted(of_route)
    means = np.array([float(np.mean(of_route[name])) for name in names])
    treated = np.array([name in visited for name in names], dtype=bool)
    rows = tuple((name, int(been), len(of_route[name]), float(mean)) for name, been, mean in zip(names, treated, means, strict=True))
    counts = (int(treated.sum()), int((~treated).sum()))
    people = (sum(row[2] for row in rows if row[1]), sum(row[2] for row in rows if not row[1]))
    choices = comb(len(names), counts[0])
    if not all(counts):
        return VisitEffect(None, None, None, None, *counts, *people, choices, rows, "one_kind")
    picks = _picks(len(names), counts[0], choices)
    observed = _difference(means, treated[None, :])[0]
    # Of an effect taken off the visited routes a choice's difference loses its own share of them, which is the same at every effect.
    under, weight = _difference(means, picks), _difference(treated.astype(np.float64), picks)
    p = _p(observed, under, weight, 0.0)
    # The most extreme choice and, where both kinds are as many, its mirror image are all that p can rest on.
    least = (2 if counts[0] == counts[1] else 1) / choices
    if least >= 1 - level - _SMALL:
        return VisitEffect(_percent(observed), None, None, p, *counts, *people, choices, rows, "too_few_routes")
    low, high = (_end(observed, under, weight, float(np.ptp(means)) + 1, side, level) for side in (-1, 1))
    return VisitEffect(_percent(observed), _percent(low), _percent(high), p, *counts, *people, choices, rows)


def _percent(effect: float) -> float:
    return float(100 * np.expm1(effect))


def _picks(routes: int, visited: int, choices: int) -> Any:
    """Choices of the visited routes, a row of booleans each: all of them, or so many drawn."""
    if choices <= MOST_CHOICES:
        rows = np.zeros((choices, routes), dtype=bool)
        for number, chosen in enumerate(combinations(range(routes), visited)):
            rows[number, list(chosen)] = True
        return rows
    chance = np.random.default_rng(_SEED)
    ranks = np.argsort(chance.random((MOST_CHOICES, routes)), axis=1)
    return ranks < visited


def _difference(means: Numbers, picks: Any) -> Numbers:
    visited = picks.sum(axis=1)
    inside = picks @ means
    return np.asarray(inside / visited - (means.sum() - inside) / (picks.shape[1] - visited), dtype=np.float64)


def _p(observed: float, under: Numbers, weight: Numbers, effect: float) -> float:
    """Two-sided p of the hypothesis that visits add `effect`: how many choices differ by as much, once it is taken off.

    under: each choice's difference as it is; weight: its difference of being visited, 1 for the choice that happened.
    """
    return float(np.mean(np.abs(under - effect * weight) >= abs(observed - effect) - _SMALL))


def _end(observed: float, under: Numbers, weight: Numbers, step: float, side: int, level: float) -> float:
    """The effect farthest to that side which the routes do not contradict, by halving."""
    inner, outer = observed, observed + side * step
    while _p(observed, under, weight, outer) >= 1 - level and abs(outer - observed) < _ENDLESS:
        inner, outer = outer, observed + 2 * (outer - observed)
    for _ in range(_STEPS):
        middle = (inner + outer) / 2
        if _p(observed, under, weight, middle) >= 1 - level:
            inner = middle
        else:
            outer = middle
    return inner
