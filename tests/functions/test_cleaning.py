"""Codes, numbers, quarters."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.functions.calls import answers, column, spilled


def test_codes_become_text_with_every_digit() -> None:
    cells = column("001 ", "１２３", 1001.0, 123456789012345.0, "'007", "12.0", None, "", "#N/A", {"type": "Error", "basicValue": "#N/A"})
    assert answers("clean_code", cells) == ["001", "123", "1001", "123456789012345", "007", "12", "", "", "", ""]


@pytest.mark.parametrize("damaged", ["2.70E+08", 1.23e17, "#REF!", "####"])
def test_a_code_that_lost_digits_is_named(damaged: object) -> None:
    assert str(answers("clean_code", column("1", damaged))[1]).startswith("Damaged code: ")
    assert str(answers("clean_code", column(damaged), language="zh")[0]).startswith("代码已损坏：")


def test_numbers_of_every_writing() -> None:
    cells = column("1,234.50", "１２３４", "￥88.00", " 12 ", "(5)", "-", 5, 0.1 + 0.2, None, 414.667, -0.0, "'7", 0.0005)
    assert answers("clean_number", cells) == [1234.5, 1234.0, 88.0, 12.0, -5.0, "", 5.0, 0.3, "", 414.667, 0.0, 7.0, 0.001]


@pytest.mark.parametrize("written", ["12箱", "1.234,50", "1e3", True, 1e16, float("inf"), "#VALUE!"])
def test_what_is_no_number_is_named(written: object) -> None:
    found = answers("clean_number", column(written, 7))
    assert str(found[0]).startswith("No number: ")
    assert found[1] == 7.0


def test_not_a_number_is_blank() -> None:
    assert answers("clean_number", column(float("nan"), 1.0)) == ["", 1.0]


def test_quarters_of_days_months_and_quarters() -> None:
    cells = column(
        43000.0,
        "2017-05-03",
        dt.datetime(2017, 12, 31),
        dt.datetime(2017, 2, 1, 8, 30),
        "2017年二季度",
        "2017Q1",
        "2017-07",
        "2017年8月",
        None,
        20170102.0,
    )
    assert answers("quarter", cells) == ["2017Q3", "2017Q2", "2017Q4", "2017Q1", "2017Q2", "2017Q1", "2017Q3", "2017Q3", "", "2017Q1"]


@pytest.mark.parametrize("written", ["05/01/2017", "soon", "2017", True])
def test_what_could_mean_two_days_is_named(written: object) -> None:
    assert str(answers("quarter", column(written))[0]).startswith("No date or quarter: ")


def test_a_long_text_is_cut_in_the_error() -> None:
    [said] = answers("clean_number", column("x" * 500))
    assert len(str(said)) < 150
    assert str(said).endswith("…")


@pytest.mark.parametrize("name", ["clean_code", "clean_number", "quarter"])
def test_a_missing_or_too_wide_argument_is_named_with_an_example(name: str) -> None:
    for grids in ((), (None,), ([],)):
        [said] = answers(name, *grids)
        assert " is missing. Example: =CRM." in str(said)
    assert str(spilled(name, [["a", "b"]])[0][0]).endswith("takes one column, 2 were given")
