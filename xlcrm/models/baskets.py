"""Products bought together, and what to offer a customer (feature S51).

Of all orders, `support` is the share that holds antecedent and consequent, `confidence` the share of the orders with the antecedent that
hold the consequent too, `lift` the confidence divided by the share of all orders that hold the consequent: above 1 they attract each other.
R. Agrawal, R. Srikant, Fast algorithms for mining association rules, VLDB 1994; the library efficient-apriori does it.

Rules are kept where they hold beyond chance: the lower bound of the confidence (Wilson, 95 %) lies above the consequent's own share. A
rule that asks for more products than another one of the same consequent is kept only where it is the surer of the two.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import ceil
from typing import Any, NamedTuple

import narwhals as nw

from xlcrm.rules.frames import collected, frame_of, lazy, tuples
from xlcrm.rules.proportions import wilson
from xlcrm.rules.purchasedays import is_purchase, not_after
from xlcrm.tables import columns as c

FEWEST_ORDERS = 5
"""A combination in fewer orders makes no rule, however small its share may be."""
LEAST_SUPPORT = 0.01
LEAST_CONFIDENCE = 0.2
MOST_ANTECEDENTS = 2
SUGGESTIONS = 3
JOINED = " + "
ANTECEDENT, CONSEQUENT, SUPPORT, CONFIDENCE, LIFT = "antecedent", "consequent", "support", "confidence", "lift"
BASKET_COLUMNS = (ANTECEDENT, CONSEQUENT, SUPPORT, CONFIDENCE, LIFT)
SUGGESTION_COLUMNS = (c.CUSTOMER_CODE, c.PRODUCT_CODE, ANTECEDENT, CONFIDENCE, LIFT)


class BasketRule(NamedTuple):
    """Who takes all of `antecedent` (product codes, in order) takes `consequent` as well. orders: how many hold all of them."""

    antecedent: tuple[str, ...]
    consequent: str
    orders: int
    support: float
    confidence: float
    lift: float


@dataclass(frozen=True, slots=True)
class Baskets:
    """rules: the highest lift first. orders: all that were looked at; together: those of two products or more.

    problem: `no_library` where efficient-apriori is not installed, `too_few` orders of two products, or empty.
    """

    rules: tuple[BasketRule, ...]
    orders: int
    together: int
    problem: str = ""


Orders = dict[tuple[str, str], set[str]]
"""By customer and order number, or day where it has none: the products."""


def orders(purchases: Any, as_of: dt.date, window_days: int | None = None) -> Orders:
    """The products of each order up to the day. purchases: customer_code, date, order_number, product_code, quantity, amount.

    Without an order number all of a customer's day is one order. A row without a day and without a number (the total of a month) belongs to
    none; returns count for nothing. window_days: only the last so many days, where the row has a day.
    """
    rows = lazy(purchases).filter(~nw.col(c.CUSTOMER_CODE).is_null() & ~nw.col(c.PRODUCT_CODE).is_null() & is_purchase())
    dateless = nw.col(c.DATE).is_null()
    inside = not_after(c.DATE, as_of)
    if window_days is not None:
        inside = inside & ~not_after(c.DATE, as_of - dt.timedelta(days=window_days))
    rows = rows.filter((dateless & ~nw.col(c.ORDER_NUMBER).is_null()) | (~dateless & inside))
    names = (c.CUSTOMER_CODE, c.ORDER_NUMBER, c.DATE, c.PRODUCT_CODE)
    found: Orders = {}
    for code, number, day, product in tuples(collected(rows.select(names).unique(list(names)))):
        found.setdefault((code, f"#{number}" if number is not None else day.isoformat()), set()).add(product)
    return found


def baskets(
    known: Orders, least_support: float = LEAST_SUPPORT, least_confidence: float = LEAST_CONFIDENCE, at_most: int = 200
) -> Baskets:  # fmt: skip
    """The rules of the orders. least_support, least_confidence: shares from 0 to 1. at_most: so many rules, those of the highest lift."""
    transactions = [tuple(sorted(products)) for _, products in sorted(known.items())]
    total, together = len(transactions), sum(len(products) > 1 for products in transactions)
    try:
        from efficient_apriori import itemsets_from_transactions
    except ImportError:
        return Baskets((), total, together, "no_library")
    if together < FEWEST_ORDERS:
        return Baskets((), total, together, "too_few")
    support = max(least_support, FEWEST_ORDERS / total)
    itemsets, _ = itemsets_from_transactions(transactions, support, MOST_ANTECEDENTS + 1)
    counts = {items: count for of_length in itemsets.values() for items, count in of_length.items()}
    fewest = ceil(support * total - 1e-9)
    found: dict[tuple[tuple[str, ...], str], BasketRule] = {}
    # Short antecedents first, so that a longer one can be held against them.
    for items in sorted(counts, key=lambda each: (len(each), each)):
        if len(items) < 2 or counts[items] < fewest:
            continue
        for consequent in items:
            antecedent = tuple(item for item in items if item != consequent)
            rule = _rule(antecedent, consequent, counts, total)
            if rule.confidence >= least_confidence and _beyond_chance(rule, counts, total) and _surer(rule, found):
                found[antecedent, consequent] = rule
    ordered = sorted(found.values(), key=lambda rule: (-rule.lift, -rule.confidence, rule.antecedent, rule.consequent))
    return Baskets(tuple(ordered[:at_most]), total, together)


def _rule(antecedent: tuple[str, ...], consequent: str, counts: dict[tuple[str, ...], int], total: int) -> BasketRule:
    both = counts[tuple(sorted((*antecedent, consequent)))]
    confidence = both / counts[antecedent]
    return BasketRule(antecedent, consequent, both, both / total, confidence, confidence / (counts[(consequent,)] / total))


def _beyond_chance(rule: BasketRule, counts: dict[tuple[str, ...], int], total: int) -> bool:
    return wilson(rule.orders, counts[rule.antecedent])[0] > counts[(rule.consequent,)] / total


def _surer(rule: BasketRule, found: dict[tuple[tuple[str, ...], str], BasketRule]) -> bool:
    shorter = (part for length in range(1, len(rule.antecedent)) for part in combinations(rule.antecedent, length))
    return all(rule.confidence > found[part, rule.consequent].confidence for part in shorter if (part, rule.consequent) in found)


def basket_table(found: Baskets, like: Any) -> Any:
    """BASKET_COLUMNS as a native frame in the engine of `like`; products of an antecedent joined by JOINED."""
    schema: dict[str, Any] = {name: nw.String() if name in (ANTECEDENT, CONSEQUENT) else nw.Float64() for name in BASKET_COLUMNS}
    rows = [(JOINED.join(rule.antecedent), rule.consequent, rule.support, rule.confidence, rule.lift) for rule in found.rules]
    return frame_of(rows, schema, collected(lazy(like)))


def suggestions(rules: Iterable[BasketRule], bought: Iterable[str], at_most: int = SUGGESTIONS) -> list[BasketRule]:
    """What to offer someone who bought these products: for each one not bought its surest rule, the surest first."""
    here = set(bought)
    best: dict[str, BasketRule] = {}
    for rule in rules:
        if rule.consequent not in here and here.issuperset(rule.antecedent):
            known = best.get(rule.consequent)
            if known is None or (rule.confidence, rule.lift) > (known.confidence, known.lift):
                best[rule.consequent] = rule
    return sorted(best.values(), key=lambda rule: (-rule.confidence, -rule.lift, rule.consequent))[:at_most]


def suggestion_table(found: Baskets, known: Orders, like: Any, codes: Sequence[str] | None = None) -> Any:
    """SUGGESTION_COLUMNS for each customer of the orders (or of `codes`), from all its orders: the product and the rule behind it."""
    bought: dict[str, set[str]] = {}
    for (code, _), products in known.items():
        bought.setdefault(code, set()).update(products)
    wanted = sorted(bought) if codes is None else codes
    rows = [
        (code, rule.consequent, JOINED.join(rule.antecedent), rule.confidence, rule.lift)
        for code in wanted
        for rule in suggestions(found.rules, bought.get(code, ()))
    ]
    schema: dict[str, Any] = {name: nw.Float64() if name in (CONFIDENCE, LIFT) else nw.String() for name in SUGGESTION_COLUMNS}
    return frame_of(rows, schema, collected(lazy(like)))
