"""The difference that visits make: found where there is one, and intervals that hold the truth as often as they say."""

from __future__ import annotations

import datetime as dt
from math import log

import numpy as np
import pytest

from tests.rules.handmade import customers, table
from xlcrm.models.visit_effect import LEVEL, VisitEffect, outcomes, visit_effect, visited_routes

START, DAY = dt.date(2017, 6, 5), dt.date(2017, 6, 11)


def world(seed: int, routes: int = 10, visited: int = 5, effect: float = 0.0, spread: float = 0.3) -> VisitEffect:
    """Twelve customers a route that share its luck; visits add `effect` to the log."""
    chance = np.random.default_rng(seed)
    found, where = {}, {}
    chosen = {str(route) for route in chance.permutation(routes)[:visited]}
    for route in range(routes):
        luck = chance.normal(0, spread)
        for number in range(12):
            code = f"{route}-{number}"
            where[code] = str(route)
            found[code] = luck + chance.normal(0, 1.0) + effect * (str(route) in chosen)
    return visit_effect(found, where, chosen)


def test_the_interval_holds_the_truth_as_often_as_it_says_though_routes_share_their_luck() -> None:
    worlds = [world(seed, routes=8, visited=4, effect=0.4) for seed in range(120)]
    truth = 100 * np.expm1(0.4)
    held = np.mean([each.low <= truth <= each.high for each in worlds if each.low is not None and each.high is not None])
    assert held == pytest.approx(LEVEL, abs=0.07)


def test_without_an_effect_p_is_small_as_rarely_as_it_says() -> None:
    rare = np.mean([(world(seed, routes=8, visited=4).p or 0) <= 0.1 for seed in range(200)])
    assert rare == pytest.approx(0.1, abs=0.06)


def test_a_large_effect_is_found() -> None:
    found = world(3, effect=1.5)
    assert found.problem == ""
    assert found.p == pytest.approx(2 / 252)
    assert found.low is not None
    assert found.low > 50
    assert (found.visited_routes, found.other_routes, found.visited_customers, found.other_customers, found.choices) == (5, 5, 60, 60, 252)


def test_four_routes_give_a_difference_without_an_interval() -> None:
    found = world(1, routes=4, visited=2)
    assert (found.problem, found.low, found.high) == ("too_few_routes", None, None)
    assert found.effect is not None
    assert (found.p or 0) >= 1 / 3


@pytest.mark.parametrize(
    ("routes", "visited", "problem"),
    [(5, 2, "too_few_routes"), (6, 2, ""), (6, 3, "too_few_routes"), (7, 3, ""), (5, 1, "too_few_routes"), (11, 1, "")],
)
def test_an_interval_has_ends_or_is_not_given(routes: int, visited: int, problem: str) -> None:
    """Of 5 routes, 2 visited, there are 10 choices, of 6 and 3 there are 20 in mirror pairs: p cannot fall below the 10 % that an interval of 90 % leaves out."""
    found = world(7, routes=routes, visited=visited)
    assert found.problem == problem
    assert (found.low is None) == bool(problem)
    if found.low is not None and found.high is not None and found.effect is not None:
        assert -100 < found.low <= found.effect <= found.high < 1e6


def test_all_or_none_visited_is_said() -> None:
    assert world(1, routes=4, visited=4).problem == "one_kind"
    assert visit_effect({}, {}, set()).problem == "one_kind"


def test_a_difference_by_hand_where_each_route_weighs_as_much() -> None:
    found = visit_effect({"a": 1.0, "b": 0.0, "c": 0.5, "d": -0.5, "x": 9.0}, {"a": "1", "b": "1", "c": "2", "d": "3"}, {"1", "2"})
    assert found.effect == pytest.approx(100 * np.expm1(0.5 - -0.5))
    assert found.routes == (("1", 1, 2, 0.5), ("2", 1, 1, 0.5), ("3", 0, 1, -0.5))
    assert found.p == pytest.approx(1 / 3)


def test_many_routes_are_drawn_the_same_every_time() -> None:
    first = world(5, routes=20, visited=10, effect=1.0)
    assert first.choices == 184_756
    assert first == world(5, routes=20, visited=10, effect=1.0)
    assert (first.p or 0) < 0.05


def test_outcomes_by_hand() -> None:
    def row(code: str, day: dt.date, cents: int) -> dict[str, object]:
        return {"customer_code": code, "date": day, "amount": cents, "quantity": cents * 5}

    rows = [
        row("more", START, 5000), row("more", DAY, 2000), row("more", START - dt.timedelta(days=1), 13000), row("more", START - dt.timedelta(days=91), 13000),
        row("none", START - dt.timedelta(days=40), 9100), row("first", DAY, 1000), row("back", DAY, -500),
        row("later", DAY + dt.timedelta(days=1), 1000), row("long ago", START - dt.timedelta(days=92), 1000),
    ]  # fmt: skip
    purchases = table("purchases", rows)
    found = outcomes(purchases, START, DAY)
    assert found == pytest.approx({"more": log(71 / 21), "none": log(1 / 8), "first": log(11), "back": 0.0})
    assert outcomes(purchases.to_pandas(), START, DAY) == pytest.approx(found)
    assert outcomes(purchases, START, DAY, "quantity")["more"] == pytest.approx(log((1 + 35) / (1 + 10)))


def test_a_route_is_visited_where_half_of_its_customers_were() -> None:
    people = customers({"a": "1", "b": "1", "c": "2", "d": "2", "e": "2", "f": None})
    seen = [
        ("a", START, "visit"),
        ("b", DAY, "phone"),
        ("c", DAY, "visit"),
        ("d", START - dt.timedelta(days=1), "visit"),
        ("f", DAY, "visit"),
    ]
    rows = table("follow_ups", [{"customer_code": code, "date": day, "kind": kind} for code, day, kind in seen])
    assert visited_routes(people, rows, START, DAY, ["visit"]) == {"1"}
    assert visited_routes(people, rows, START, DAY, ["visit"], share=0.3) == {"1", "2"}
