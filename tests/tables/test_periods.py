"""One spelling for each quarter, month, day and route."""

from __future__ import annotations

import datetime as dt

import pytest

from xlcrm.tables import periods


@pytest.mark.parametrize(
    "text",
    [
        "2017Q1",
        "2017q1",
        "2017 Q1",
        "Q1 2017",
        "2017-Q1",
        "2017/Q1",
        "1Q2017",
        "2017年一季度",
        "2017年第一季度",
        "2017年1季度",
        "2017一季度",
        "２０１７Ｑ１",
        "2017年第1季",
    ],
)
def test_quarters(text: str) -> None:
    assert periods.parse_quarter(text) == "2017Q1"


@pytest.mark.parametrize("text", ["2017", "Q1", "17Q1", "2017Q5", "2017Q12", "106年一季度", "2017-01", "", "2017Q1x"])
def test_no_quarters(text: str) -> None:
    assert periods.parse_quarter(text) is None


def test_a_quarter_inside_a_header() -> None:
    assert periods.find_quarter("2010年一季度客户等级") == ("2010Q1", "客户等级")
    assert periods.find_quarter("Quantity 2017Q3") == ("2017Q3", "Quantity ")
    assert periods.find_quarter("客户等级") is None


@pytest.mark.parametrize("text", ["2017-01", "2017/1", "2017.01", "2017年1月", "2017年01月份", "201701", "Jan 2017", "2017 January"])
def test_months(text: str) -> None:
    assert periods.parse_period(text) == "2017-01"


@pytest.mark.parametrize("text", ["2017-13", "2017-00", "20170105", "2017", "01-2017", "x"])
def test_no_months(text: str) -> None:
    assert periods.parse_period(text) is None


def test_a_month_inside_a_header() -> None:
    assert periods.find_month("2017年12月购进量") == ("2017-12", "购进量")
    assert periods.find_month("printed 2017-04-01") is None


@pytest.mark.parametrize(
    "text",
    [
        "2017-1-5",
        "2017.01.05",
        "2017年1月5日",
        "2017 年 1 月 5 日",
        "2017-01-05T00:00:00.000",
        "2017/1/5 8:05 PM",
        "42740.99",
        "２０１７-1-5",
    ],
)
def test_days(text: str) -> None:
    assert periods.parse_date(text) == dt.date(2017, 1, 5)


@pytest.mark.parametrize("text", ["5/1/2017", "13/01/2017", "17-01-05", "2017-1/5", "2017-02-30", "0017-01-05", "99999", "1", "2017-01"])
def test_no_days(text: str) -> None:
    assert periods.parse_date(text) is None


@pytest.mark.parametrize(
    ("text", "route"),
    [("一线", "1"), ("十线", "10"), ("十二线", "12"), ("第3线", "3"), ("3号线", "3"), ("线路5", "5"), ("Route 3", "3"), ("route #07", "7"), ("R3", "3"), ("03", "3"), ("4.0", "4"), ("東線", "東線"), ("East", "East")],
)  # fmt: skip
def test_routes(text: str, route: str) -> None:
    assert periods.parse_route(text) == route


def test_a_route_inside_a_title() -> None:
    assert periods.find_route("客户拜访线路表（二线）") == "2"
    assert periods.find_route("2017 routes") is None


@pytest.mark.parametrize(
    ("text", "number"), [("一", 1), ("十", 10), ("十九", 19), ("二十", 20), ("九十九", 99), ("", None), ("百", None), ("一二", None)]
)
def test_chinese_numbers(text: str, number: int | None) -> None:
    assert periods.chinese_number(text) == number


@pytest.mark.parametrize(
    ("written", "quarter"),
    [
        ("2017Q1", "2017Q1"), ("2017年二季度", "2017Q2"), ("2017-07", "2017Q3"), ("2017年12月", "2017Q4"), ("201703", "2017Q1"),
        ("2017-03-31", "2017Q1"), ("2017/4/1", "2017Q2"), ("43000", "2017Q3"), ("20171231", "2017Q4"), ("2017-10-01 08:30", "2017Q4"),
        ("2017", None), ("05/01/2017", None), ("2017-13", None), ("", None),
    ],
)  # fmt: skip
def test_the_quarter_of_a_quarter_a_month_or_a_day(written: str, quarter: str | None) -> None:
    assert periods.quarter_of(written) == quarter
