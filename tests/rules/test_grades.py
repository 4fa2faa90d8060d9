"""Grades computed by minimums or by percentile cuts: grading.md, section 2."""

from __future__ import annotations

from typing import Any

import pandas as pd
import polars as pl
import pytest

from tests.rules.handmade import BEFORE, NOTHING, NOW, Bought, Grades, grades, purchases, table
from xlcrm.rules.grades import by_percentiles, grade_customers
from xlcrm.settings import GradeGrammar, Settings
from xlcrm.tables import columns as c

BY_MINIMUMS = Settings(grades_from="minimums")
BY_PERCENTILES = Settings(grades_from="percentiles")
TYPES = table("business_types", [{c.BUSINESS_TYPE: "CS", c.BUSINESS_TYPE_NAME: "Convenience"}, {c.BUSINESS_TYPE: "CB"}])
RULES = table(
    "grade_rules",
    [
        {c.BUSINESS_TYPE: "CS", c.SIZE: "2", c.MIN_QUANTITY: 20_000},
        {c.BUSINESS_TYPE: "CS", c.SIZE: "1", c.MIN_QUANTITY: 50_000, c.MIN_AMOUNT: 100_00},
        {c.BUSINESS_TYPE: "CS", c.SIZE: "9", c.MIN_QUANTITY: 1},
        {c.BUSINESS_TYPE: "CB", c.SIZE: "2", c.MIN_AMOUNT: 10_00},
    ],
)


def computed(
    bought: Bought, kinds: dict[str, str | None], settings: Settings = BY_MINIMUMS, earlier: Grades = NOTHING, rules: Any = RULES
) -> dict[str, str]:
    listed = table("customers", [{c.CUSTOMER_CODE: code, c.BUSINESS_TYPE: kind} for code, kind in kinds.items()])
    found = grade_customers(listed, purchases((NOW, bought)), grades((BEFORE, earlier)), rules, TYPES, settings, NOW)
    assert isinstance(found, pl.DataFrame)
    assert found.get_column(c.QUARTER).unique().to_list() in ([NOW], [])
    assert found.get_column(c.SOURCE).unique().to_list() in ([settings.grades_from], [])
    return dict(found.select(c.CUSTOMER_CODE, c.GRADE).rows())


@pytest.mark.parametrize(
    ("units", "money", "grade"),
    [
        (50, 100, "CS1"),
        (50, 99.99, "CS2"),
        (49.999, 500, "CS2"),
        (20, 0, "CS2"),
        (19.999, 900, "CS3"),
        (-1, 0, "CS3"),
        (50, None, "CS2"),
        (None, 5, "CS3"),
    ],
)
def test_the_best_size_whose_minimums_are_both_met(units: float | None, money: float | None, grade: str) -> None:
    assert computed({"1": (units, money)}, {"1": "CS"}) == {"1": grade}


def test_a_blank_minimum_asks_for_nothing_and_a_type_without_rules_gives_no_grade() -> None:
    assert computed({"1": (0.0, 10.0), "2": (0.0, 9.99)}, {"1": "CB", "2": "CB"}) == {"1": "CB2", "2": "CB3"}
    assert computed({"1": (5.0, 5.0)}, {"1": "CB"}, rules=RULES.filter(RULES[c.BUSINESS_TYPE] == "CS")) == {}


def test_a_minimum_of_zero_is_not_met_by_a_return() -> None:
    rules = table("grade_rules", [{c.BUSINESS_TYPE: "CS", c.SIZE: "1", c.MIN_QUANTITY: 0}])
    assert computed({"1": (0.0, 0.0), "2": (-1.0, 0.0)}, {"1": "CS", "2": "CS"}, rules=rules) == {"1": "CS1", "2": "CS3"}


def test_the_type_is_that_of_the_latest_earlier_grade_else_the_customers_own_by_name_or_code() -> None:
    bought = dict.fromkeys("12345", (20.0, 10.0))
    kinds: dict[str, str | None] = {"1": "CS", "2": "Convenience", "3": "Florist", "4": None, "5": "CS"}
    assert computed(bought, kinds, earlier={"5": "CB1"}) == {"1": "CS2", "2": "CS2", "5": "CB2"}


def test_without_a_purchase_record_there_is_no_grade() -> None:
    assert computed({}, {"1": "CS"}) == {}


def test_a_grammar_without_types_needs_none() -> None:
    settings = BY_MINIMUMS.model_copy(update={"grammar": GradeGrammar(typed=False, sizes=("A", "B"), sub_levels=())})
    rules = table("grade_rules", [{c.BUSINESS_TYPE: "-", c.SIZE: "A", c.MIN_QUANTITY: 10_000}])
    assert computed({"1": (10.0, 0.0), "2": (9.0, 0.0)}, {"1": None, "2": None}, settings, rules=rules) == {"1": "A", "2": "B"}


def test_pandas_gives_the_same_grades() -> None:
    listed = pd.DataFrame({c.CUSTOMER_CODE: ["1", "2"], c.BUSINESS_TYPE: ["CS", None]})
    bought = pd.DataFrame({c.CUSTOMER_CODE: ["1"], c.QUARTER: [NOW], c.QUANTITY: [50_000], c.AMOUNT: [10_000]})
    held = pd.DataFrame({c.CUSTOMER_CODE: ["1"], c.QUARTER: [NOW], c.GRADE: ["CB3"]})
    rules, types = (pd.DataFrame(frame.to_dict(as_series=False)) for frame in (RULES, TYPES))
    found = grade_customers(listed, bought, held, rules, types, BY_MINIMUMS, NOW)
    assert isinstance(found, pd.DataFrame)
    assert found.to_dict("records") == [{c.CUSTOMER_CODE: "1", c.QUARTER: NOW, c.GRADE: "CS1", c.SOURCE: "minimums"}]


def sizes(*quantities: int | None) -> str:
    rows = [(f"{place:03}", "CS", quantity, 0) for place, quantity in enumerate(quantities)]
    found = by_percentiles(rows, BY_PERCENTILES)[0]
    return "".join(found.get(code, "-–-")[-1] for code, *_ in rows)


@pytest.mark.parametrize(
    ("quantities", "expected"),
    [
        ((30, 20, 10), "123"),
        ((60, 50, 40, 30, 20, 10), "112233"),
        ((10, 30, 20), "312"),
        ((9,), "1"),
        ((9, 8), "12"),
        ((9, 8, 7, 6), "1223"),
        ((30, 20, 20), "122"),  # a tie at the second cut shares the better size
        ((30, 30, 10), "113"),
        ((30, 30, 30), "111"),
        ((0, 5, None), "21-"),
        ((), ""),
    ],
)  # fmt: skip
def test_percentile_cuts_and_ties(quantities: tuple[int | None, ...], expected: str) -> None:
    assert sizes(*quantities) == expected


def test_the_cuts_are_shown_per_type() -> None:
    rows = [("1", "CS", 30, 0), ("2", "CS", 20, 0), ("3", "CS", 20, 0), ("4", "CS", 1, 0), ("5", "CB", 7, 0)]
    assert by_percentiles(rows, BY_PERCENTILES)[1] == {("CS", "1"): 30, ("CS", "2"): 20, ("CS", "3"): 1, ("CB", "1"): 7}


def test_percentiles_of_a_whole_table_stay_inside_each_type() -> None:
    bought = {"1": (9.0, 0.0), "2": (8.0, 0.0), "3": (7.0, 0.0), "4": (1.0, 0.0)}
    assert computed(bought, {"1": "CS", "2": "CS", "3": "CS", "4": "CB"}, BY_PERCENTILES) == {
        "1": "CS1",
        "2": "CS2",
        "3": "CS3",
        "4": "CB1",
    }


def test_more_cuts_than_sizes_leave_the_last_size_to_the_rest() -> None:
    settings = BY_PERCENTILES.model_copy(update={"percentile_cuts_percent": (25.0, 50.0, 75.0)})
    rows = [(code, "CS", quantity, 0) for code, quantity in zip("1234", (4, 3, 2, 1), strict=True)]
    assert by_percentiles(rows, settings)[0] == {"1": "CS1", "2": "CS2", "3": "CS3", "4": "CS3"}
