"""Grade change, arrow, state, statistics, summary: the worked cases and the ten faults, as a cell sees them."""

from __future__ import annotations

import pytest

from tests.functions.calls import answers, column, spilled
from xlcrm.texts import Language

ERROR_CELL = {"type": "Error", "errorType": "NotAvailable", "basicValue": "#N/A"}
STATES = [
    ("CS1", "CS2", "CS1↑", "↑", "Promoted", "提升"),
    ("CS1", "CS1", "CS1", "", "Kept", "保持"),
    ("CS2", "CS1", "CS2↓", "↓", "Demoted", "下降"),
    ("CS2", "", "CS2○", "○", "New", "新增"),
    ("CB1", "CS1", "CB1≠", "≠", "Type changed", "业态变更"),
    (None, "CS3", "CS3×", "×", "Lost", "流失"),
    ("#N/A", "-", "–?", "?", "Ungraded", "未定级"),
]


@pytest.mark.parametrize(("current", "previous", "shown", "mark", "english", "chinese"), STATES)
def test_every_state_is_shown_marked_and_named(
    current: object, previous: object, shown: str, mark: str, english: str, chinese: str
) -> None:
    pair = (column(current), column(previous))
    assert answers("grade_change", *pair) == [shown]
    assert answers("arrow", *pair) == [mark]
    assert (answers("state", *pair), answers("state", *pair, language="zh")) == ([english], [chinese])


@pytest.mark.parametrize(
    ("current", "previous", "shown"),
    [
        ("CS3 ", "CS3", "CS3"), (" cs３", "CS3", "CS3"), ("CS3\u200b", "'CS3", "CS3"),  # fault 4: a stray sign is no change
        ("CS2", 0, "CS2○"), ("CS2", "0", "CS2○"), (0.0, "CS2", "CS2×"),  # fault 3: a lookup of a blank cell gives 0
        ("CZ12", "CZ1", "CZ12"), ("CZ12", "CZ2", "CZ12↑"), ("CZ12", "CZ13", "CZ12↑"),  # fault 6
        (ERROR_CELL, "CS1", "CS1×"), ("CS1", "#N/A", "CS1○"),  # fault 2: a lookup that found nothing is not nobody
    ],
)  # fmt: skip
def test_dirty_grades_are_read_as_an_import_reads_them(current: object, previous: object, shown: str) -> None:
    assert answers("grade_change", column(current), column(previous)) == [shown]


def test_a_bad_row_says_so_and_the_others_go_on() -> None:
    current, previous = column("CS1", "gold", None, "CS2"), column("CS2", "CS1", None, "12箱")
    assert answers("grade_change", current, previous) == ["CS1↑", "No grade code: gold", "", "No grade code: 12箱"]
    assert answers("state", current, previous, language="zh") == ["提升", "不是等级代码：gold", "", "不是等级代码：12箱"]


def test_one_cell_stands_for_every_row_but_not_for_blank_ones() -> None:
    assert answers("grade_change", column("CS1", "CS3", ""), column("CS2")) == ["CS1↑", "CS3↓", ""]


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "current has 2 rows, previous has 3: give columns of one length"), ("zh", "current 有 2 行，previous 有 3 行：各列行数须相同")],
)
def test_columns_of_different_length_are_named_with_their_rows(language: Language, said: str) -> None:
    assert spilled("grade_change", column("CS1", "CS2"), column("CS1", "CS2", "CS3"), language=language) == [[said]]


def test_the_grammar_of_the_settings_table_decides() -> None:
    settings = [["设置项", "取值", "说明"], ["档次（由高到低）", "A，B，C", ""], ["typed", "no", ""], ["a row of my own", "7", ""]]
    assert answers("grade_change", column("A", "B", "CS1"), column("B", "A", "A"), settings) == ["A↑", "B↓", "No grade code: CS1"]
    english = [["Setting", "Value"], ["near_tier_percent", "soon"]]
    assert str(answers("grade_change", column("CS1"), column("CS1"), english)[0]).startswith("Settings: ")
    assert answers("grade_change", column("CS1"), column("CS1"), [["Setting"], ["sizes"]]) == [
        "The Settings table lacks the column Value; give it with its heads, Settings[#All]"
    ]


ROUTES = column("1", 2.0, "三线", "1", None, None, "东线", "1")
CURRENT = column("CS1", "CS2", "CS3", "CS1", "CS1", None, "CB1", "bad")
PREVIOUS = column("CS2", "CS1", "CS3", "CS1", "", None, "CS1", "CS1")


def test_statistics_stand_by_grade_and_batch_and_add_up() -> None:
    heads, *rows = spilled("change_stats", ROUTES, CURRENT, PREVIOUS)
    assert heads[:5] == ["Type", "Grade", "Mon ↑", "Mon –", "Mon ↓"]
    assert heads[-5:] == ["All batches ↑", "All batches –", "All batches ↓", "New", "Type changed"]
    by_grade = {row[1] or row[0]: dict(zip(heads, row, strict=True)) for row in rows}
    assert list(by_grade) == ["CB1", "CS1", "CS2", "CS3", "Total", "Row 8 left out: No grade code: bad"]
    one = by_grade["CS1"]
    assert (one["Mon ↑"], one["Mon –"], one["Mon ↓"], one["New"], one["Type changed"]) == (1, 1, 0, 1, 0)
    assert (by_grade["CB1"]["Type changed"], by_grade["CS2"]["Tue ↓"], by_grade["CS3"]["Wed –"]) == (1, 1, 1)
    for head in heads[2:]:
        assert by_grade["Total"][head] == sum(int(str(by_grade[grade][head])) for grade in ("CB1", "CS1", "CS2", "CS3")), head


def test_statistics_take_the_batches_of_the_routes_table_given_or_of_the_workbook() -> None:
    table = [["Route", "Batch"], ["1", "Fri"], ["2", "周一"]]
    heads, *rows = spilled("change_stats", column("1", "2"), column("CS1", "CS2"), column("CS1", "CS2"), table, language="zh")
    found = {str(row[1]): dict(zip(heads, row, strict=True)) for row in rows}
    assert (found["CS1"]["周五 –"], found["CS2"]["周一 –"]) == (1, 1)

    def tables(table_id: str) -> object:
        return table if table_id == "routes" else []

    asked = spilled("change_stats", column("1", "2"), column("CS1", "CS2"), column("CS1", "CS2"), language="zh", tables=tables)  # type: ignore[arg-type]
    assert asked == [heads, *rows]


def test_the_summary_has_the_columns_of_its_sheet_routes_by_number() -> None:
    figures = [
        column("1,234", 2, 3, 4, 5, None, 7, 8),
        column(10, 20, 30, 40, "50.55", None, 70, "12箱"),
        column(1),
        column(5, 10, 20, 40, 50, None, 70, 80),
    ]
    heads, *rows = spilled("route_summary", ROUTES, CURRENT, PREVIOUS, *figures)
    by_route = {row[0]: dict(zip(heads, row, strict=True)) for row in rows}
    assert list(by_route) == ["1", "2", "3", "东线", "", "Row 8 left out: No grade code: bad"]
    one = by_route["1"]
    assert [one[name] for name in ("Batch", "Customers", "Promoted", "Kept", "Quantity", "Amount", "Avg. amount")] == [
        "Mon",
        2,
        1,
        1,
        1238.0,
        50.0,
        25.0,
    ]
    assert one["Customers per size"] == "1: 2 · 2: 0 · 3: 0"
    assert by_route["2"]["Amount change"] == pytest.approx(1.0)
    assert by_route["东线"]["Batch"] == ""


def test_nothing_to_count_is_said() -> None:
    blank = column(None, "")
    assert answers("change_stats", blank, blank, blank) == ["No customer has a grade here"]
    assert answers("route_summary", *[blank] * 7, language="zh") == ["此处没有定级客户"]


def test_rows_that_are_left_out_are_named_up_to_a_few() -> None:
    bad = column(*["gold"] * 9)
    statistics = answers("change_stats", column("1"), bad, column("CS1"))
    assert statistics == ["Type", "Total", *(f"Row {row} left out: No grade code: gold" for row in range(1, 6)), "And 4 more rows left out"]
    summary = answers("route_summary", column("1"), bad, *[column(1)] * 5)
    assert summary[1:] == statistics[2:]
    minimums = answers("minimums", bad, column(1), column(1), language="zh")
    assert minimums[-1] == "另有 4 行未计入"
    blank = column(None, "CS1")
    assert answers("change_stats", column("1", "1"), blank, blank)[1:] == ["CS", "Total"]


def test_a_route_that_cannot_be_read_is_named() -> None:
    table = [["Route", "Batch", "Order"], ["1", "Fri", "first"]]
    [said] = answers("change_stats", column("1"), column("CS1"), column("CS1"), table)
    assert str(said).startswith("Routes, row 1: ")
