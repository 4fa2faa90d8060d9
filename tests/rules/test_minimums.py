"""Minimums, gaps and cushions: grading.md, sections 5 and 6."""

from __future__ import annotations

from typing import Any

from tests.rules.handmade import NOW, by, codes, compared, purchase, table
from xlcrm.settings import GradeGrammar, Settings
from xlcrm.tables import columns as c

HELD = {"1": "CS1", "2": "CS1", "3": "CS1", "4": "CS2", "5": "CS2", "6": "CS3"}
BOUGHT = {"1": (100.0, 500.0), "2": (80.0, 900.0), "3": (80.0, 700.0), "4": (30.0, 650.0), "5": (40.0, 200.0), "6": (5.0, 50.0)}


def minimum(grade: str, held: dict[str, str] = HELD, bought: Any = BOUGHT, **options: Any) -> dict[str, Any]:
    return by(compared(held, {}, bought, **options).minimums, c.GRADE)[grade]


def gap(code: str, held: dict[str, str] = HELD, bought: Any = BOUGHT, **options: Any) -> dict[str, Any]:
    return by(compared(held, {}, bought, **options).visit_lines)[code]


def test_quantity_and_amount_are_looked_up_independently_with_all_holders() -> None:
    row = minimum("CS1")
    assert (row[c.MIN_QUANTITY], row[c.QUANTITY_HOLDERS]) == (80_000, "2,3")
    assert (row[c.MIN_AMOUNT], row[c.AMOUNT_HOLDERS]) == (50_000, "1")
    assert row[c.CUSTOMERS] == 3


def test_every_grade_except_the_lowest_has_a_minimum() -> None:
    assert compared(HELD, {}, BOUGHT).minimums.get_column(c.GRADE).to_list() == ["CS1", "CS2"]


def test_a_type_whose_lowest_size_nobody_holds_has_a_minimum_for_each_held_grade() -> None:
    held = {code: grade for code, grade in HELD.items() if grade != "CS3"}
    assert compared(held, {}, BOUGHT).minimums.get_column(c.GRADE).to_list() == ["CS1", "CS2"]


def test_types_have_minimums_of_their_own() -> None:
    rows = compared({**HELD, "7": "CB1"}, {}, {**BOUGHT, "7": (9.0, 9.0)}).minimums
    assert rows.select(c.GRADE, c.MIN_QUANTITY).rows() == [("CB1", 9_000), ("CS1", 80_000), ("CS2", 30_000)]


def test_without_a_purchase_record_a_customer_holds_the_grade_but_does_not_count_and_is_reported() -> None:
    found = compared({**HELD, "7": "CS1"}, {}, BOUGHT)
    row = by(found.minimums, c.GRADE)["CS1"]
    assert (row[c.CUSTOMERS], row[c.MIN_QUANTITY]) == (4, 80_000)
    (problem,) = found.problems
    assert (problem.code, problem.value, problem.details["count"]) == ("graded_without_purchases", "7", 1)


def test_a_recorded_zero_counts_and_is_flagged() -> None:
    found = compared({**HELD, "7": "CS1"}, {}, {**BOUGHT, "7": (0.0, 0.0)})
    row = by(found.minimums, c.GRADE)["CS1"]
    assert (row[c.MIN_QUANTITY], row[c.MIN_AMOUNT], row[c.QUANTITY_HOLDERS]) == (0, 0, "7")
    assert codes(found.problems) == ["recorded_zero"]


def test_many_without_a_record_are_counted_and_five_named() -> None:
    (problem,) = compared({str(code): "CS1" for code in range(10, 17)}).problems
    assert (problem.value, problem.details["count"]) == ("10, 11, 12, 13, 14 …", 7)


def test_a_grade_that_nobody_has_a_record_for_has_no_minimum() -> None:
    row = minimum("CS1", bought={"4": (30.0, 650.0)})
    assert (row[c.CUSTOMERS], row[c.MIN_QUANTITY], row[c.QUANTITY_HOLDERS]) == (3, None, "")


def test_a_file_of_quantities_alone_gives_no_minimum_amount_instead_of_zero() -> None:
    quantities = {code: (units, None) for code, (units, _) in BOUGHT.items()}
    found = compared(HELD, {}, quantities)
    row = by(found.minimums, c.GRADE)["CS2"]
    assert (row[c.MIN_QUANTITY], row[c.MIN_AMOUNT], row[c.AMOUNT_HOLDERS]) == (30_000, None, "")
    line = by(found.visit_lines)["6"]
    assert (line[c.GAP_QUANTITY], line[c.GAP_AMOUNT]) == (25_000, None)
    assert found.problems == []
    amounts = compared(HELD, {}, {code: (None, money) for code, (_, money) in BOUGHT.items()})
    assert by(amounts.visit_lines)["6"][c.GAP_AMOUNT] == 15_000


def test_several_rows_of_a_quarter_are_summed_and_returns_subtracted() -> None:
    rows = [purchase("1", NOW, 5, 50), purchase("1", NOW, -2, -20.5), purchase("1", NOW, 1.5, None), purchase("1", "2016Q4", 99, 99)]
    row = by(compared({"1": "CS1"}, purchases_table=table("purchases", rows)).visit_lines)["1"]
    assert (row[c.QUANTITY], row[c.AMOUNT], row["purchases_count"]) == (4_500, 2_950, 3)


def test_the_gap_is_what_is_missing_to_the_next_tiers_minimum_and_never_below_zero() -> None:
    row = gap("4")
    assert (row[c.NEXT_GRADE], row[c.GAP_QUANTITY], row[c.GAP_AMOUNT]) == ("CS1", 50_000, 0)
    assert (row[c.NEXT_MIN_QUANTITY], row[c.NEXT_MIN_AMOUNT]) == (80_000, 50_000)


def test_the_gap_looks_at_the_same_type_only() -> None:
    assert gap("7", {**HELD, "7": "CB2"}, {**BOUGHT, "7": (1.0, 1.0)})[c.NEXT_GRADE] is None


def test_the_best_tier_has_no_gap() -> None:
    row = gap("1")
    assert (row[c.NEXT_GRADE], row[c.GAP_QUANTITY], row[c.GAP_AMOUNT]) == (None, None, None)


def test_without_a_purchase_record_the_whole_minimum_is_missing_and_there_is_no_cushion() -> None:
    row = gap("7", {**HELD, "7": "CS2"})
    assert (row[c.GAP_QUANTITY], row[c.GAP_AMOUNT], row[c.CUSHION_QUANTITY], row[c.CUSHION_AMOUNT]) == (80_000, 50_000, None, None)


def test_the_cushion_is_what_stands_above_the_own_minimum() -> None:
    assert (gap("1")[c.CUSHION_QUANTITY], gap("1")[c.CUSHION_AMOUNT]) == (20_000, 0)
    assert (gap("5")[c.CUSHION_QUANTITY], gap("5")[c.CUSHION_AMOUNT]) == (10_000, 0)


def test_the_cushion_is_empty_in_the_lowest_tier() -> None:
    assert (gap("6")[c.CUSHION_QUANTITY], gap("6")[c.CUSHION_AMOUNT]) == (None, None)


def test_an_empty_next_tier_is_skipped_and_that_is_said() -> None:
    held = {code: grade for code, grade in HELD.items() if grade != "CS2"}
    row = gap("6", held)
    assert (row[c.NEXT_GRADE], row[c.GAP_QUANTITY], row[c.SKIPPED_TIERS]) == ("CS1", 75_000, 1)
    assert gap("6")[c.SKIPPED_TIERS] == 0


def test_a_tier_held_only_without_records_is_skipped_too() -> None:
    bought = {code: figures for code, figures in BOUGHT.items() if code not in ("4", "5")}
    assert gap("6", bought=bought)[c.NEXT_GRADE] == "CS1"


def test_sub_levels_are_tiers_of_their_own() -> None:
    held = {"1": "CZ11", "2": "CZ12", "3": "CZ2"}
    bought = {"1": (90.0, 90.0), "2": (60.0, 60.0), "3": (50.0, 50.0)}
    assert (gap("2", held, bought)[c.NEXT_GRADE], gap("3", held, bought)[c.NEXT_GRADE]) == ("CZ11", "CZ12")
    assert gap("2", held, bought)[c.SKIPPED_TIERS] == 0


def test_gaps_in_a_grammar_without_types() -> None:
    settings = Settings(grammar=GradeGrammar(typed=False, sizes=("A", "B", "C"), sub_levels=()))
    row = gap("2", {"1": "A", "2": "C"}, {"1": (9.0, 9.0), "2": (2.0, 2.0)}, settings=settings)
    assert (row[c.NEXT_GRADE], row[c.GAP_QUANTITY], row[c.SKIPPED_TIERS]) == ("A", 7_000, 1)
