"""Card, why, advice."""

from __future__ import annotations

import pytest

from tests.functions.calls import CUSTOMERS, GRADES, PURCHASES, answers, column, labelled, spilled
from xlcrm.rules.card import CARD_COLUMNS

FOLLOW_UPS = [["日期", "客户代码", "下一步"], [43081.0, "002", "call again"], ["2017-01-01", "002", "older"]]


def test_the_card_says_who_how_much_and_what_next() -> None:
    block = spilled("card", [["2".zfill(3)]], CUSTOMERS, GRADES, PURCHASES, FOLLOW_UPS)
    assert len(block) == len(CARD_COLUMNS)
    found = {label: values[0] for label, values in labelled(block).items()}
    wanted = {
        "Code": "002", "Name": "Harbor", "Route": "2", "Batch": "Tue", "Grade": "CS3↓", "State": "Demoted", "Earlier grade": "CS2",
        "Quantity": 30.0, "Amount": 300.0, "Next tier": "CS1", "Gap qty": 50.0, "Gap amt": 800.0, "Cushion qty": "", "Last follow-up": "2017-12-12",
        "Next action": "call again",
    }  # fmt: skip
    assert {label: found[label] for label in wanted} == wanted
    assert found["Change"] == pytest.approx(-2 / 3)
    assert found["Advice"] == "50 to CS1; dropped B: offer it."


def test_the_card_has_the_same_lines_for_every_customer_in_either_language() -> None:
    blocks = [spilled("card", [[code]], CUSTOMERS, GRADES, PURCHASES, language="zh") for code in ("001", "008")]
    assert [row[0] for row in blocks[0]] == [row[0] for row in blocks[1]]
    assert labelled(blocks[1])["变动"] == ["未定级"]


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (None, "Which customer? Give a code"),
        ("", "Which customer? Give a code"),
        ("77", "No customer 77"),
        ("1E+17", "Damaged code: 1E+17"),
    ],
)
@pytest.mark.parametrize("name", ["card", "why"])
def test_a_code_that_nobody_has_is_named(name: str, code: object, said: str) -> None:
    tables = (CUSTOMERS, GRADES, PURCHASES) if name == "card" else (None, CUSTOMERS, GRADES, PURCHASES)
    assert answers(name, [[code]], *tables) == [said]


def test_why_names_rows_rule_thresholds_and_the_earlier_quarter() -> None:
    found = labelled(spilled("why", column("002"), column("2017Q4"), CUSTOMERS, GRADES, PURCHASES))
    wanted = {
        "Customer": ["002 Harbor"], "Quarter": ["2017Q4"], "Grade": ["CS3"], "Row of the grade": ["Grades row 2 · CS3"],
        "Rule": ["taken from the export as it stands"], "Quantity": [30.0], "Amount": [300.0], "Purchases": [1],
        "Row of the sum": ["Purchases row 4 · 2017-10-05 · 30 · 300.00"], "Customers of this grade": [2],
        "Own tier": ["the lowest tier, it has no minimum"], "Next tier": ["CS1 · sizes in between that nobody holds: 1"],
        "Next tier's lowest quantity": [80.0], "Next tier's lowest amount": [1100.0], "Quantity missing": [50.0], "Amount missing": [800.0],
        "Earlier quarter": ["2017Q3"], "Grade then": ["CS2"], "Change": ["CS3↓ Demoted"], "Quantity then": [90.0], "Amount then": [900.0],
    }  # fmt: skip
    assert found == wanted


def test_why_of_a_customer_at_the_top_in_chinese() -> None:
    found = labelled(spilled("why", column("001"), None, CUSTOMERS, GRADES, PURCHASES, language="zh"))
    assert found["等级来源行"] == ["等级第 1 行 · CS1 · 来源 export.csv"]
    assert found["上一级"] == ["无，已是最高级"]
    assert (found["本级最低购进量"], found["高出的量"]) == ([80.0], [40.0])
    assert found["购进来源行"] == ["购进第 1 行 · 2017-10-02 · 100 · 1,000.50", "购进第 2 行 · 2017-11-02 · 20 · 99.50"]


def test_why_by_grade_rules_says_what_they_ask_for() -> None:
    grades = [["Code", "Quarter", "Grade", "Source"], ["001", "2017Q4", "CS2", "minimums"]]
    rules = [["Type code", "Size", "Min. quantity", "Min. amount"], ["CS", 2, 50, None]]
    found = labelled(spilled("why", column("001"), None, CUSTOMERS, grades, PURCHASES, rules))
    assert found["Rule"] == ["by the grade rules: the best size whose minimums are reached, here CS2"]
    assert found["Rule asks for quantity"] == [50.0]
    assert "Rule asks for amount" not in found


def test_a_row_that_cannot_be_read_stands_below() -> None:
    purchases = [*PURCHASES, ["002", "2017-10-01", "", "12箱", 5]]
    for name, arguments in (("why", (None, CUSTOMERS, GRADES, purchases)), ("card", (CUSTOMERS, GRADES, purchases))):
        block = spilled(name, column("002"), *arguments)
        assert str(block[-1][0]).startswith("Purchases, row 10: ")
        assert str(spilled(name, column("003"), *arguments)[-1][0]) in ("Change", "Advice", "Quantity then", "Amount then")


SAME = [column(value) for value in ("CS2", "CS1", 5, 0, 1, 1, 100, 100, 0.1)]


@pytest.mark.parametrize("state", ["kept", "Kept", "保持", "", "CS2", None])
def test_advice_knows_a_state_by_id_word_mark_or_marked_grade(state: object) -> None:
    assert answers("advice", column(state), *SAME) == ["Only 5 more for CS1: one more order."]


@pytest.mark.parametrize(
    ("state", "said"),
    [("↑", "Up from CS2: what worked? amount 0.01 above minimum."), ("CS2○", "New; only 5 to CS1: one more order."), ("提升", "由 CS2 提升：问清做法；高出标准 金额 0.01，守住。"),
     ("soso", "No state: soso")],
)  # fmt: skip
def test_advice_is_the_line_of_the_route_sheet(state: str, said: str) -> None:
    rest = [*SAME[:4], column(3), column(0.01), *SAME[6:]]
    assert answers("advice", column(state), *rest, language="zh" if said.startswith("由") else "en") == [said]


def test_advice_of_a_demoted_customer_depends_on_what_is_known_of_before() -> None:
    figures = [column(value) for value in ("CS1", "CS1", 50, 0, None, None, 100, 100)]
    smaller, fewer = column(-0.5), (column(200), column(1), column(3))
    assert answers("advice", column("↓"), *figures, smaller) == ["50 to CS1; smaller orders: offer a full case."]
    assert answers("advice", column("↓"), *figures, column(""), *fewer) == ["50 to CS1; fewer orders: offer a weekly one."]
    assert answers("advice", column("↓"), *figures, column(0.2)) == ["50 to CS1; others grew more: offer a deal."]
    nothing_now = [*figures[:6], column(0), column(0)]
    assert answers("advice", column("↓"), *nothing_now, column("-100%")) == ["50 to CS1; smaller orders: offer a full case."]
    assert answers("advice", column("↓"), *figures, column(None), None, None, None, column("P7")) == ["50 to CS1; dropped P7: offer it."]


def test_a_blank_row_has_no_advice_though_one_cell_stands_for_all() -> None:
    columns = [column("kept", None), *(column(cell[0][0], None) for cell in SAME)]
    columns[2] = column("CS1")
    assert answers("advice", *columns) == ["Only 5 more for CS1: one more order.", ""]
