"""CRM.RFM, CRM.NEXT_PURCHASE, CRM.ABC: by hand, dirty cells, what is missing."""

from __future__ import annotations

import pytest

from tests.functions.calls import answers, column, spilled

# 001 buys every ten days, 002 once long ago and gave half of it back, 003 has months only, 004 is a code that became a number.
PURCHASES: list[list[object]] = [
    ["客户代码", "日期", "期间", "订单号", "数量", "金额"],
    ["001", "2017-11-01", None, "A1", 10, "1,000.50"], ["001", "2017-11-11", None, "A2", "５", "￥200"], ["001", 43060.0, None, "A3", 1, 10.25],
    ["002", "2017/1/5", "", "", 4, 80], ["002", "2017-02-01", "", "", -2, "(40)"],
    ["003", None, "2017-10", None, 3, 30], ["003", None, "2017-11", None, 3, 30],
    [1004.0, "2017-11-21", None, None, None, "5"],
]  # fmt: skip


def test_rfm_by_hand() -> None:
    found = spilled("rfm", column("001", "002", "003", "1004"), PURCHASES, column("2017-11-30"))
    # Days, days with a purchase, net amount; scores among these four: the latest and the largest 5, the others by the middle of their rank.
    assert found == [
        [9, 3, 1210.75, 5, 5, 5, "Champions"],
        [329, 1, 40.0, 1, 1, 2, "Lost"],
        [15, 2, 60.0, 2, 4, 4, "Cannot lose"],
        [9, 1, 5.0, 5, 1, 1, "Recent"],
    ]


def test_without_a_day_it_is_the_last_purchase_and_later_rows_are_not_known_before() -> None:
    assert answers("rfm", column("001"), PURCHASES) == answers("rfm", column("001"), PURCHASES, column("2017-11-21")) == [0]
    assert spilled("rfm", column("001"), PURCHASES, column("2017-11-12"))[0][:3] == [1, 2, 1200.5]
    assert answers("rfm", column("1004"), PURCHASES, column("2017-11-12"), language="zh") == ["截至 2017-11-12 无购进"]


def test_a_segment_is_named_in_the_language_of_the_workbook() -> None:
    assert spilled("rfm", column("002"), PURCHASES, language="zh")[0][-1] == "已流失"


@pytest.mark.parametrize("name", ["rfm", "next_purchase"])
def test_one_row_a_code_whatever_stands_there(name: str) -> None:
    codes = column("001", "", None, "1E+17", "77", "001", " 001 ", 1004.0)
    found = spilled(name, codes, PURCHASES, column("2017-11-30"))
    assert len(found) == len(codes)
    assert found[0] == found[5] == found[6]
    assert found[1] == found[2] == [""] * len(found[0])
    assert [found[3][0], found[4][0]] == ["Damaged code: 1E+17", "No purchase up to 2017-11-30"]
    assert set(found[4][1:]) == {""}
    assert isinstance(found[7][0], int | str)
    assert not str(found[7][0]).startswith("No")


@pytest.mark.parametrize("name", ["rfm", "next_purchase", "stage", "churn", "clv"])
def test_a_customer_with_a_row_that_cannot_be_read_gets_its_reason_and_no_figure(name: str) -> None:
    purchases = [*PURCHASES, ["001", "2017-11-25", None, None, "12箱", 5]]
    arguments = (None, purchases) if name == "stage" else (purchases,)
    found = spilled(name, column("001", "002"), *arguments, None if name in ("stage", "churn") else column("2017-11-30"))
    assert str(found[0][0]).startswith("Purchases, row 9: ")
    assert set(found[0][1:]) == {""}
    assert not str(found[1][0]).startswith("Purchases")


@pytest.mark.parametrize(
    ("as_of", "said"),
    [("soon", "No date: soon"), ("2017-13-01", "No date: 2017-13-01"), ("#N/A", "No date: #N/A")],
)
@pytest.mark.parametrize("name", ["rfm", "next_purchase", "clv"])
def test_a_day_that_is_none_is_named(name: str, as_of: str, said: str) -> None:
    assert spilled(name, column("001"), PURCHASES, column(as_of)) == [[said]]


def test_a_day_of_excel_is_a_day_and_the_zero_of_a_lookup_is_blank() -> None:
    assert answers("rfm", column("001"), PURCHASES, column(43069.0)) == [9]
    assert answers("rfm", column("001"), PURCHASES, column(0)) == [0]


def test_without_purchases_a_cell_says_what_is_missing() -> None:
    assert answers("rfm", column("001"))[0].startswith("Give the Purchases table as purchases. Example: =CRM.RFM(")  # type: ignore[attr-defined]
    assert answers("rfm", column("001"), PURCHASES[:1]) == ["Purchases holds no day yet: give one, such as 2017-12-31"]
    assert answers("rfm", column("001"), PURCHASES[:1], column("2017-12-31")) == ["No purchase up to 2017-12-31"]
    assert answers("rfm", column("001"), [["日期"], ["2017-01-01"]])[0].startswith("The Purchases table lacks the column Code")  # type: ignore[attr-defined]


def test_where_the_host_sees_the_workbook_its_purchases_are_taken() -> None:
    assert answers("rfm", column("001"), tables={"purchases": PURCHASES}.__getitem__) == [0]


def test_the_next_purchase_comes_one_cycle_after_the_last() -> None:
    found = spilled("next_purchase", column("001", "003", "002"), PURCHASES, column("2017-11-30"))
    assert found[0] == ["2017-12-01", 10.0, "Active"]
    assert found[1] == ["2017-12-16", 31.0, "Active"]
    # One purchase alone: the middle of the other customers' cycles, 10 and 31 days.
    assert found[2] == ["2017-01-26", 20.5, "Dormant"]
    assert spilled("next_purchase", column("002"), PURCHASES, language="zh")[0][2] == "沉睡"


def test_classes_are_the_fewest_who_make_eighty_and_ninety_five_percent() -> None:
    codes = column("a", "b", "a", "c", "d", "e")
    assert answers("abc", codes, column(50, "15", "￥30", 4, 1, -7)) == ["A", "B", "A", "C", "C", "C"]


def test_classes_of_dirty_columns() -> None:
    codes = column("a", None, "", "b", "1E+17", "c", 7.0)
    found = answers("abc", codes, column("1,000", None, 5, "ten", 3, None, 90))
    assert found == ["A", "", "Which customer? Give a code", "No number: ten", "Damaged code: 1E+17", "C", "B"]


def test_classes_need_columns_of_one_length() -> None:
    assert answers("abc", column("a", "b"), column(1, 2, 3)) == ["code has 2 rows, amount has 3: give columns of one length"]
    assert answers("abc", None, column(1))[0].startswith("code is missing. Example: =CRM.ABC(")  # type: ignore[attr-defined]
    assert answers("abc", column(None), column(None)) == [""]
