"""Advice: each case, and its length with figures as large as they come. grading.md, section 7."""

from __future__ import annotations

import unicodedata
from typing import Any

import pytest

from tests.rules.handmade import BEFORE, NOW, by, compared, purchase, table
from xlcrm.rules.advice import advise
from xlcrm.settings import Settings
from xlcrm.tables import columns as c
from xlcrm.texts import LANGUAGES, entries

LATIN, CHINESE = 62, 30


def length(shown: str) -> float:
    """In Latin characters; 30 Chinese ones are as long as 62 Latin ones."""
    return sum(LATIN / CHINESE if unicodedata.east_asian_width(character) in "WF" else 1 for character in shown)


LARGE: dict[str, Any] = {
    c.PREVIOUS_GRADE: "CZ12", c.NEXT_GRADE: "CZ11", c.GAP_QUANTITY: 12_345_500, c.GAP_AMOUNT: 123_456_78, c.CUSHION_QUANTITY: 12_345_500,
    c.CUSHION_AMOUNT: 123_456_78, c.NEXT_MIN_QUANTITY: 20_000_000, c.NEXT_MIN_AMOUNT: 900_000_00, c.QUANTITY: 24_691_000, c.AMOUNT: 999_999_99,
    c.PREVIOUS_QUANTITY: 30_000_000, "purchases_count": 3, "previous_purchases_count": 3, c.CHANGE: -0.01,
}  # fmt: skip
NO_GAP = {c.NEXT_GRADE: None, c.GAP_QUANTITY: None, c.GAP_AMOUNT: None, c.NEXT_MIN_QUANTITY: None, c.NEXT_MIN_AMOUNT: None}
NO_CUSHION = {c.CUSHION_QUANTITY: None, c.CUSHION_AMOUNT: None}
NEAR = {c.GAP_QUANTITY: 1_999_500, c.GAP_AMOUNT: 89_999_99}
NOTHING_MISSING = {c.GAP_QUANTITY: 0, c.GAP_AMOUNT: 0}

CASES: list[tuple[str, dict[str, Any]]] = [
    ("lost", {c.STATE: c.LOST}),
    ("ungraded", {c.STATE: c.UNGRADED}),
    ("type_changed", {c.STATE: c.TYPE_CHANGED}),
    ("promoted_cushion", {c.STATE: c.UP}),
    ("promoted", {c.STATE: c.UP, **NO_CUSHION}),
    ("promoted", {c.STATE: c.UP, c.CUSHION_QUANTITY: 0, c.CUSHION_AMOUNT: 0}),
    ("demoted_product", {c.STATE: c.DOWN, "dropped_product": "6901028075015"}),
    ("demoted_fewer", {c.STATE: c.DOWN, "purchases_count": 2}),
    ("demoted_fewer", {c.STATE: c.DOWN, c.QUANTITY: None, c.AMOUNT: None, "purchases_count": None, **NO_CUSHION}),
    ("demoted_smaller", {c.STATE: c.DOWN}),
    ("demoted_others", {c.STATE: c.DOWN, c.PREVIOUS_QUANTITY: 20_000_000}),
    ("demoted_gap", {c.STATE: c.DOWN, c.PREVIOUS_QUANTITY: None}),
    ("demoted", {c.STATE: c.DOWN, **NO_GAP}),
    ("demoted", {c.STATE: c.DOWN, **NOTHING_MISSING}),
    ("new_near", {c.STATE: c.NEW, **NEAR}),
    ("new", {c.STATE: c.NEW}),
    ("new", {c.STATE: c.NEW, **NO_GAP}),
    ("near_next", {c.STATE: c.KEPT, **NEAR}),
    ("near_next", {c.STATE: c.KEPT, c.GAP_QUANTITY: 2_000_000, c.GAP_AMOUNT: 0}),
    ("near_next", {c.STATE: c.KEPT, c.GAP_QUANTITY: None, c.NEXT_MIN_QUANTITY: None, c.GAP_AMOUNT: 1}),
    ("at_minimum", {c.STATE: c.KEPT, c.GAP_QUANTITY: 2_000_001, c.GAP_AMOUNT: 0, c.CUSHION_QUANTITY: 0}),
    ("reaches_next", {c.STATE: c.KEPT, **NOTHING_MISSING}),
    ("near_falling", {c.STATE: c.KEPT, c.CUSHION_AMOUNT: 90_909_08}),
    ("at_minimum", {c.STATE: c.KEPT, c.QUANTITY: 0, c.CUSHION_QUANTITY: 0}),
    ("kept_falling", {c.STATE: c.KEPT, c.CHANGE: -0.2, **NO_GAP, **NO_CUSHION}),
    ("kept_falling", {c.STATE: c.KEPT, c.CHANGE: -1}),
    ("stable", {c.STATE: c.KEPT, c.CHANGE: -0.19}),
    ("stable", {c.STATE: c.KEPT, c.CHANGE: None}),
    ("stable", {c.STATE: c.KEPT, c.QUANTITY: 5_000, c.CUSHION_QUANTITY: 5_000, c.CUSHION_AMOUNT: None}),
]  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("entry", "line"), CASES)
def test_each_case_has_its_line_and_the_line_fits(entry: str, line: dict[str, Any], language: str) -> None:
    settings = Settings(language=language)
    advice = advise({**LARGE, **line}, settings)
    assert advice.entry == entry
    shown = advice.text(settings)
    assert "{" not in shown
    assert "None" not in shown
    assert length(shown) <= LATIN, (length(shown), shown)


def test_every_line_of_the_catalogue_has_a_case() -> None:
    assert {entry for entry, _ in CASES} | {"amount"} == set(entries("advice"))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("entry", "line"), CASES)
def test_the_line_fits_where_an_amount_is_missing(entry: str, line: dict[str, Any], language: str) -> None:
    settings = Settings(language=language)
    shown = advise({**LARGE, **line, c.GAP_QUANTITY: 0, c.CUSHION_QUANTITY: None}, settings).text(settings)
    assert length(shown) <= LATIN, (length(shown), shown)


def advice_of(code: str, *args: Any, **options: Any) -> str:
    return str(by(compared(*args, **options).visit_lines)[code][c.ADVICE])


HELD = {"1": "CS1", "2": "CS2", "3": "CS3"}
BOUGHT = {"1": (100.0, 1000.0), "2": (92.5, 990.0), "3": (10.0, 100.0)}


def test_near_the_next_tier_says_what_exactly_is_missing() -> None:
    assert advice_of("2", HELD, HELD, BOUGHT) == "Only 7.5 more for CS1: one more order."
    only_money = {**BOUGHT, "2": (120.0, 990.0)}
    assert advice_of("2", HELD, HELD, only_money) == "Only amount 10.00 more for CS1: one more order."
    assert advice_of("2", HELD, HELD, only_money, settings=Settings(language="zh")) == "距 CS1 仅差 金额 10.00：加一单即可。"


def test_near_falling_names_the_cushion_that_is_nearest_to_its_end() -> None:
    held = {**HELD, "4": "CS1"}
    assert advice_of("4", held, held, {**BOUGHT, "4": (200.0, 1010.0)}) == "Only amount 10.00 above minimum: secure the next order."


def test_promoted_says_hold_it_and_how_far_above_the_minimum() -> None:
    assert advice_of("4", {**HELD, "4": "CS1"}, {**HELD, "4": "CS2"}, {**BOUGHT, "4": (250.0, 1000.0)}) == (
        "Up from CS2: what worked? 150 above minimum."
    )


def test_demoted_names_the_gap_the_likely_reason_and_an_offer() -> None:
    before = {**HELD, "3": "CS2"}
    earlier = {"3": (95.0, 900.0)}
    assert advice_of("3", HELD, before, BOUGHT, earlier) == "82.5 to CS2; smaller orders: offer a full case."


def test_a_dropped_product_is_the_largest_of_the_earlier_quarter_that_is_bought_no_more() -> None:
    rows = [
        purchase("3", BEFORE, 20, 9, "P1"), purchase("3", BEFORE, 40, 9, "P3"), purchase("3", BEFORE, 40, 9, "P2"), purchase("3", BEFORE, 90, 9, "P4"),
        purchase("3", BEFORE, 99, 9, None), purchase("3", NOW, 10, 9, "P4"), purchase("3", NOW, -1, 9, "P2"),
        purchase("2", BEFORE, 50, 9, "P9"), purchase("2", NOW, 30, 9, "P1"),
    ]  # fmt: skip
    found = compared({"2": "CS2", "3": "CS3"}, {"2": "CS2", "3": "CS2"}, purchases_table=table("purchases", rows))
    lines = by(found.visit_lines)
    assert lines["3"][c.ADVICE] == "21 to CS2; dropped P2: offer it."  # of two as large the first; a return is no purchase
    assert lines["2"]["dropped_product"] is None  # kept its grade
