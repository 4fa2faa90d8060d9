"""Nearest customers of a new one: the order in which likeness counts, and what they buy that it does not."""

from __future__ import annotations

import polars as pl
import pytest

from xlcrm.rules.analogy import is_new, likeness, nearest
from xlcrm.tables import columns as c

TYPES = {"new": "CS", "a": "CS", "b": "CS", "d": "CS", "e": "CB", "f": "CB"}
CUSTOMERS = pl.DataFrame({c.CUSTOMER_CODE: ["new", "a", "b", "d", "e", "f", "late"], c.ROUTE: ["1", "1", "1", "2", "1", "2", "1"]})


def bought(*rows: tuple[str, str, str | None, int]) -> pl.DataFrame:
    """Code, quarter, product, units."""
    full = [(code, quarter, product, units * 1000, units * 250) for code, quarter, product, units in rows]
    schema = {c.CUSTOMER_CODE: pl.String, c.QUARTER: pl.String, c.PRODUCT_CODE: pl.String, c.QUANTITY: pl.Int64, c.AMOUNT: pl.Int64}
    return pl.DataFrame(full, schema=schema, orient="row")


PURCHASES = bought(
    ("new", "2017Q4", "tea", 10),
    ("a", "2017Q1", "tea", 20), ("a", "2017Q3", "rice", 5), ("a", "2017Q4", "oil", 9),
    ("b", "2017Q2", "tea", 12), ("b", "2017Q3", "salt", 1), ("b", "2017Q3", "salt", -1),
    ("d", "2017Q1", "wine", 10), ("e", "2017Q1", "beer", 10), ("f", "2017Q1", "beer", 10),
    ("late", "2017Q4", "beer", 10),
)  # fmt: skip


def test_type_counts_before_route_and_route_before_the_first_purchases() -> None:
    known = likeness(CUSTOMERS, PURCHASES, TYPES)
    found = nearest("new", "2017Q4", known, PURCHASES)
    assert [each.code for each in found] == ["b", "a", "d"]  # b bought 12 at first, a 20, the new one 10; d is on another route
    assert [each.distance for each in found] == [pytest.approx(2 / 12), pytest.approx(0.5), 1.0]


def test_products_are_what_they_buy_most_and_the_new_one_does_not() -> None:
    known = likeness(CUSTOMERS, PURCHASES, TYPES)
    products = {each.code: list(each.products) for each in nearest("new", "2017Q4", known, PURCHASES)}
    assert products == {"a": ["oil", "rice"], "b": [], "d": ["wine"]}  # tea is bought here too, salt was returned


def test_new_is_who_bought_nothing_before_the_quarter() -> None:
    known = likeness(CUSTOMERS, PURCHASES, TYPES)
    assert is_new("new", "2017Q4", known)
    assert is_new("nobody", "2017Q4", known)
    assert not is_new("new", "2018Q1", known)
    assert not is_new("a", "2017Q4", known)


def test_without_a_type_or_purchases_everyone_is_equally_far_and_the_code_decides() -> None:
    known = likeness(CUSTOMERS, PURCHASES, {})
    purchases = PURCHASES.filter(pl.col(c.CUSTOMER_CODE) != "new")
    found = nearest("new", "2017Q4", likeness(CUSTOMERS, purchases, {}), purchases)
    assert [each.code for each in found] == ["a", "b", "e"]
    assert {each.distance for each in found} == {3.0}
    assert nearest("new", "2017Q1", known, PURCHASES) == []  # nobody bought before
