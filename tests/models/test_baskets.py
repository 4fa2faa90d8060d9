"""Products bought together: by hand, by brute force, and nothing out of chance."""

from __future__ import annotations

import datetime as dt
import random
import sys
from itertools import combinations
from typing import Any

import polars as pl
import pytest

from tests.rules.handmade import table
from xlcrm.models.baskets import (
    BASKET_COLUMNS,
    SUGGESTION_COLUMNS,
    BasketRule,
    basket_table,
    baskets,
    orders,
    suggestion_table,
    suggestions,
)

DAY = dt.date(2017, 6, 30)
pytest.importorskip("efficient_apriori")


def row(code: str, product: str | None, day: int | None = 1, number: str | None = None, units: int = 1000) -> dict[str, Any]:
    on = None if day is None else dt.date(2017, 6, day)
    return {"customer_code": code, "product_code": product, "date": on, "order_number": number, "quantity": units, "amount": units}


def bought(*rows: dict[str, Any]) -> pl.DataFrame:
    return table("purchases", rows)


def test_an_order_is_its_number_or_else_the_day_of_a_customer() -> None:
    rows = bought(
        row("a", "p"), row("a", "q"), row("a", "p", 2), row("b", "p"), row("b", "q", 3, "7"), row("b", "r", 4, "7"), row("c", "p", None, "7"),
        row("c", "q", None), row("c", None), row("d", "p", units=-1000), row(code="e", product="q", day=30),
    )  # fmt: skip
    found = orders(rows, dt.date(2017, 6, 29))
    assert found == {
        ("a", "2017-06-01"): {"p", "q"}, ("a", "2017-06-02"): {"p"}, ("b", "2017-06-01"): {"p"}, ("b", "#7"): {"q", "r"}, ("c", "#7"): {"p"},
    }  # fmt: skip
    assert sorted(orders(rows, DAY, window_days=1)) == [("c", "#7"), ("e", "2017-06-30")]
    assert orders(rows.to_pandas(), dt.date(2017, 6, 29)) == found


def known(**counts: int) -> dict[tuple[str, str], set[str]]:
    """`pq=3`: three orders of p and q."""
    lists = [set(products) for products, many in counts.items() for _ in range(many)]
    return {(f"{number:04}", "#1"): products for number, products in enumerate(lists)}


def test_support_confidence_and_lift_by_hand() -> None:
    found = baskets(known(ab=30, a=10, b=20, c=40))
    (first, second) = found.rules
    assert (found.orders, found.together, found.problem) == (100, 30, "")
    assert first == BasketRule(("a",), "b", 30, 0.3, 0.75, pytest.approx(1.5))
    assert second == BasketRule(("b",), "a", 30, 0.3, 0.6, pytest.approx(1.5))
    shown = basket_table(found, pl.DataFrame({"x": [1]}))
    assert tuple(shown.columns) == BASKET_COLUMNS
    assert shown.row(0)[:4] == ("a", "b", 0.3, 0.75)


def test_what_is_as_frequent_as_chance_makes_no_rule() -> None:
    assert baskets(known(ab=25, a=25, b=25, c=25)).rules == ()
    assert baskets(known(ab=4, c=96)).rules == ()  # fewer than five orders


def test_a_longer_antecedent_has_to_be_surer() -> None:
    found = baskets(known(abx=20, ab=1, ax=20, a=19, bx=5, b=30, c=60))
    by_consequent = {(rule.antecedent, rule.consequent): rule.confidence for rule in found.rules}
    assert by_consequent[("a", "b"), "x"] == pytest.approx(20 / 21)
    assert by_consequent[("a",), "x"] == pytest.approx(2 / 3)
    # Whoever takes a takes b in 21 of 60; with x besides in 20 of 40, but b is in 56 of 155 of all, so a alone makes no rule.
    assert (("a",), "b") not in by_consequent
    plain = baskets(known(abx=10, ab=30, a=10, bx=15, x=15, b=5, c=60))
    # a alone makes b as sure as a with x does not: 40 of 50 against 10 of 10.
    sure = {(rule.antecedent, rule.consequent): rule.confidence for rule in plain.rules}
    assert sure[("a",), "b"] == pytest.approx(0.8)
    assert sure[("a", "x"), "b"] == pytest.approx(1.0)
    weaker = baskets(known(abx=10, ax=5, ab=30, a=5, b=5, c=60, x=15))
    found_there = {(rule.antecedent, rule.consequent) for rule in weaker.rules}
    assert (("a",), "b") in found_there
    assert (("a", "x"), "b") not in found_there  # 10 of 15 is less sure than 40 of 50


def test_every_figure_is_what_counting_gives_whatever_the_order_of_the_rows() -> None:
    chance = random.Random(5)
    transactions = {
        (str(n), "#1"): {p for p in "abcdefg" if chance.random() < 0.3} | ({"h", "a"} if n % 9 == 0 else {"h"} if n % 7 == 0 else set())
        for n in range(400)
    }
    transactions = {key: products for key, products in transactions.items() if products}
    found = baskets(transactions)
    assert found.rules
    for rule in found.rules:
        with_antecedent = [products for products in transactions.values() if products.issuperset(rule.antecedent)]
        both = sum(rule.consequent in products for products in with_antecedent)
        assert rule.orders == both
        assert rule.support == pytest.approx(both / len(transactions))
        assert rule.confidence == pytest.approx(both / len(with_antecedent))
        share = sum(rule.consequent in products for products in transactions.values()) / len(transactions)
        assert rule.lift == pytest.approx(both / len(with_antecedent) / share)
        assert rule.lift > 1
    shuffled = list(transactions.items())
    chance.shuffle(shuffled)
    assert baskets(dict(shuffled)) == found


def test_no_frequent_pair_is_missed() -> None:
    transactions = known(ab=30, ac=6, bc=7, abc=9, d=40, ad=4)
    found = baskets(transactions, least_confidence=0.0)
    together = {frozenset((*rule.antecedent, rule.consequent)) for rule in found.rules if len(rule.antecedent) == 1}
    for one, other in combinations("abcd", 2):
        both = sum({one, other} <= products for products in transactions.values())
        first, second = (sum(product in products for products in transactions.values()) for product in (one, other))
        if both < 5 or both / len(transactions) < first * second / len(transactions) ** 2:
            assert frozenset((one, other)) not in together
    assert frozenset("ab") in together


def test_a_suggestion_shows_its_rule_and_is_not_bought_yet() -> None:
    rules = [
        BasketRule(("a",), "x", 9, 0.1, 0.5, 2.0),
        BasketRule(("a", "b"), "x", 9, 0.1, 0.7, 3.0),
        BasketRule(("b",), "y", 9, 0.1, 0.6, 2.0),
        BasketRule(("a",), "b", 9, 0.1, 0.9, 2.0),
    ]
    assert suggestions(rules, ["a", "b"]) == [rules[1], rules[2]]
    assert suggestions(rules, ["a"]) == [rules[3], rules[0]]
    assert suggestions(rules, []) == []


def test_the_table_of_suggestions() -> None:
    transactions = known(ab=30, a=10, b=20, c=40) | {("new", "#1"): {"a"}}
    shown = suggestion_table(baskets(transactions), transactions, pl.DataFrame({"x": [1]}), ["new", "nobody"])
    assert tuple(shown.columns) == SUGGESTION_COLUMNS
    assert [row[:3] for row in shown.iter_rows()] == [("new", "b", "a")]


def test_too_few_orders_and_a_missing_library_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    assert baskets({}).problem == "too_few"
    assert baskets(known(ab=4, c=9)).problem == "too_few"
    monkeypatch.setitem(sys.modules, "efficient_apriori", None)
    assert baskets(known(ab=30)).problem == "no_library"
