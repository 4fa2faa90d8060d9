"""Grade, minimums, next tier, gap and cushion, with tables as formulas give them."""

from __future__ import annotations

import pytest

from tests.functions.calls import GRADES, PURCHASES, answers, column, spilled
from xlcrm.functions.catalog import Grid
from xlcrm.problems import CannotDo, Problem
from xlcrm.texts import Language

RULES = [["Type code", "Size", "Min. quantity", "Min. amount"], ["CS", 1.0, "500", ""], ["CS", 2, 50, "10.50"], ["CB", "1", None, 100]]


def test_a_grade_is_the_best_size_whose_minimums_are_both_reached() -> None:
    quantity, amount = column(500, 50, 50, "５００", None, None), column(0, 10.5, 10.49, None, 99, 100)
    types = column("CS", "CS", "cs ", "CS", "CB", "CB")
    assert answers("grade", quantity, amount, types, RULES) == ["CS1", "CS2", "CS3", "CS1", "CB3", "CB1"]


def test_a_grade_without_figures_is_blank_and_without_a_rule_says_so() -> None:
    assert answers("grade", column(None, 5, 5, "viel"), column("", 1, 1, 1), column("CS", "ZZ", None, "CS"), RULES) == [
        "", "No grade rule for type ZZ", "No business type", "No number: viel",
    ]  # fmt: skip
    assert answers("grade", column(5), column(1), column("ZZ"), RULES, language="zh") == ["业态 ZZ 没有定级规则"]


def test_minimums_are_independent_and_leave_the_lowest_grade_out() -> None:
    heads, *rows = spilled(
        "minimums", column("CS1", "CS2", "CS1", "CS3", None, "CS2"), column(10, 5, "8", 1, None, None), column(1, 2, "3.50", 1, None, None)
    )
    assert heads == ["Type", "Size", "Grade", "Customers", "Min. quantity", "Min. amount"]
    assert rows == [["CS", "1", "CS1", 2, 8.0, 1.0], ["CS", "2", "CS2", 2, 5.0, 2.0]]
    assert spilled("minimums", column("CS1"), column(0.1 + 0.2), column(414.667), language="zh")[1] == ["CS", "1", "CS1", 1, 0.3, 414.67]


def test_next_tier_gap_and_cushion_of_codes_however_they_are_written() -> None:
    codes = column("002", "'003", "001", None, "005", "004", "2.7E+08")
    tail = ["", "", "No grade in 2017Q4", "Damaged code: 2.7E+08"]
    assert answers("next_tier", codes, GRADES, PURCHASES) == ["CS1", "CS1", "", *tail]
    assert spilled("next_tier", column("002"), GRADES, PURCHASES) == [["CS1", "sizes in between that nobody holds: 1"]]
    assert spilled("gap", column("002", "003", "001"), GRADES, PURCHASES) == [[50.0, 800.0], [80.0, 1100.0], ["", ""]]
    assert spilled("cushion", column("002", "001", "007", "005"), GRADES, PURCHASES) == [["", ""], [40.0, 0.0], [0.0, 900.0], [0.0, 0.0]]


def test_a_numeric_code_finds_its_text_code() -> None:
    """Fault 1: text codes against numeric codes."""
    grades = [["Code", "Quarter", "Grade"], [1001.0, "2017Q4", "CS1"], ["1002", "2017Q4", "CS2"]]
    purchases = [["Code", "Quarter", "Quantity", "Amount"], ["1001", "2017Q4", 9, 9], [1002, "2017Q4", 4, 4]]
    assert spilled("gap", column("1002", 1002.0), grades, purchases) == [[5.0, 5.0], [5.0, 5.0]]


def test_long_codes_that_differ_in_the_last_digit_are_two_customers() -> None:
    """Fault 9."""
    one, other = "123456789012345678", "123456789012345679"
    grades = [["Code", "Quarter", "Grade"], [one, "2017Q4", "CS1"], [other, "2017Q4", "CS2"]]
    purchases = [["Code", "Quarter", "Quantity", "Amount"], [one, "2017Q4", 9, 9], [other, "2017Q4", 4, 4]]
    assert spilled("gap", column(one, other), grades, purchases) == [["", ""], [5.0, 5.0]]


@pytest.mark.parametrize(
    ("quarter", "gap"),
    [("2017Q3", [30.0, 300.0]), ("2017年三季度", [30.0, 300.0]), ("2017-08-01", [30.0, 300.0]), (None, ["", ""]), (0, ["", ""])],
)
def test_the_quarter_may_be_named_or_is_the_latest(quarter: str | int | None, gap: list[object]) -> None:
    grades = [*GRADES, ["002", "2017Q3", "CS2"], ["007", "2017Q3", "CS1"]]
    purchases = [*PURCHASES, ["007", "2017-07-07", "", 120, 1200]]
    assert spilled("gap", column("002" if quarter else "001"), grades, purchases, column(quarter)) == [gap]


def test_a_row_that_cannot_be_read_makes_its_customer_uncertain_and_no_other() -> None:
    purchases = [*PURCHASES, ["003", "2017-10-01", "", "12箱", 5]]
    said = answers("gap", column("002", "003"), GRADES, purchases)
    assert said[0] == 50.0
    assert str(said[1]).startswith("Purchases, row 10: Quantity 12箱 ")


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Give the Grades table as grades. Example: =CRM.GAP(Customers[Code],Grades[#All],Purchases[#All],crm.current_quarter)"),
        ("zh", "请在 grades 处给出等级表。示例：=CRM.GAP(Customers[客户代码],Grades[#All],Purchases[#All],crm.current_quarter)"),
    ],
)
def test_a_table_that_is_missing_is_asked_for(language: Language, said: str) -> None:
    assert answers("gap", column("001"), language=language) == [said]


def test_a_table_that_the_formula_leaves_out_is_read_from_the_hosts_workbook() -> None:
    def tables(table_id: str) -> Grid:
        known = {"grades": GRADES, "purchases": PURCHASES}
        if table_id not in known:
            raise CannotDo(Problem("table_missing", value=table_id))
        return known[table_id]

    assert spilled("gap", column("002"), tables=tables) == [[50.0, 800.0]]
    assert spilled("gap", column("002"), [[""]], None, tables=tables) == [[50.0, 800.0]]


def test_tables_with_wrong_heads_are_named() -> None:
    assert answers("gap", column("1"), [["a"], ["b"]]) == ["The Grades table lacks the column Code; give it with its heads, Grades[#All]"]
    twice = [["Code", "客户代码", "Quarter", "Grade"], ["1", "2", "2017Q1", "CS1"]]
    assert answers("gap", column("1"), twice, language="zh") == ["等级表有两列都表示“客户代码”：Code 与 客户代码"]
    assert answers("gap", column("1"), GRADES[:1], PURCHASES[:1]) == ["The tables hold no quarter yet: give one, such as 2017Q1"]
    assert answers("gap", column("1"), GRADES, PURCHASES, column("soon")) == ["No date or quarter: soon"]
    assert answers("gap", column("1"), GRADES, PURCHASES, column("2017Q1", "2017Q2")) == ["quarter takes one cell, 2 x 1 were given"]


def test_a_grade_rule_that_cannot_be_read_is_named_rather_than_passed_over() -> None:
    rules = [*RULES, ["CB", 2, "5OO", ""]]
    [said] = answers("grade", column(500), column(1), column("CS"), rules)
    assert str(said).startswith("Grade rules, row 4: ")


def test_a_grammar_without_types_asks_for_none() -> None:
    settings = [["Setting", "Value"], ["sizes", "A,B"], ["typed", "no"]]
    rules = [["Type code", "Size", "Min. quantity", "Min. amount"], ["X", "A", 50, None]]
    assert answers("grade", column(60, 40), column(1), column(None), rules, settings) == ["A", "B"]
    assert answers("minimums", column(None, ""), column(1), column(None, 2)) == ["No customer has a grade here"]
