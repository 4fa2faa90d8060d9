"""Text becomes a value, or is said to be none. The cases of the reference file are decided here, line by line."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xlcrm.settings import GradeGrammar
from xlcrm.tables import cleaning
from xlcrm.tables.celltext import cell_text

BAD = "bad"


def number(text: str, scale: int = 100) -> object:
    cleaned = cleaning.clean_number(pl.Series([text]), scale)
    return BAD if cleaned.bad.item() else cleaned.values.item()


def code(text: str) -> object:
    cleaned = cleaning.clean_code(pl.Series([text]))
    return BAD if cleaned.bad.item() else cleaned.values.item()


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("1234", 123400), ("1,234", 123400), (" 1234 ", 123400), ("1234\u00a0", 123400), ("\u200b1234", 123400), ("１２３４", 123400),
        ("1234-", -123400), ("(1234)", -123400), ("（５）", -500), ("-1,234.50", -123450), ("$1,234.50", 123450), ("NT$1,234", 123400),
        ("￥88.00", 8800), ("¥ 88", 8800), ("-$5", -500), ("$-5", -500), ("88元", 8800), ("−5", -500), ("+5", 500), ("'1234", 123400),
        ('="1234"', 123400), ("0.1", 10), (".5", 50), ("5.", 500), ("0.005", 1), ("-0.005", -1), ("0.0049", 0), ("999999999999999", 99999999999999900),
    ],
)  # fmt: skip
def test_numbers_are_exact(text: str, cents: int) -> None:
    assert number(text) == cents


@pytest.mark.parametrize("text", ["", " ", "-", "—", "N/A", "n/a", "#N/A", "\u200b"])
def test_nothing_is_blank(text: str) -> None:
    assert number(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "1.234,50", "1 234", "12,34", "1e3", "0x10", "#DIV/0!", "abc", "nan", "inf", "1_000", "٣٤", "²", "50%", "TRUE", "12箱", "1,23,456",
        "--5", "(5", "(-5)", "5)", "$", ".", "1.2.3", "12345678901234567890", "12\n34", "1,234,", "+",
    ],
)  # fmt: skip
def test_what_could_be_anything_is_bad(text: str) -> None:
    assert number(text) is BAD


def test_every_line_of_the_reference_numbers(shared_data: Path) -> None:
    with (shared_data / "synthetic" / "numbers_as_text.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(stream))[1:]
    assert len(rows) == 35
    for text, suggested in rows:
        if suggested == "BLANK":
            assert number(text) is None, text
        elif suggested in ("AMBIGUOUS", "REJECT") or len(suggested) > 15:  # twenty digits are more than a number keeps
            assert number(text) is BAD, text
        else:
            assert number(text) == round(float(suggested) * 100), text


def test_every_line_of_the_reference_dates(shared_data: Path) -> None:
    with (shared_data / "synthetic" / "dates_as_text.csv").open(encoding="utf-8", newline="") as stream:
        rows = dict(list(csv.reader(stream))[1:])
    cleaned = cleaning.clean_date(pl.Series(list(rows)))
    fifth = dt.date(2017, 1, 5)
    assert dict(zip(rows, cleaned.values, strict=True)) == {
        "2017-01-05": fifth, "2017/1/5": fifth, "106/01/05": None, "1060105": None, "05/01/2017": None, "20170105": fifth, "42740": fifth,
        "41278": dt.date(2013, 1, 4), "2017-02-29": None, "2017年1月5日": fifth, "60": None, "2017-01-05 23:59": fifth,
    }  # fmt: skip
    assert cleaned.bad.to_list() == [value is None for value in cleaned.values]


def test_every_line_of_the_reference_grades(shared_data: Path) -> None:
    with (shared_data / "synthetic" / "grades_odd.csv").open(encoding="utf-8", newline="") as stream:
        rows = [row[0] for row in list(csv.reader(stream))[1:]]
    cleaned = cleaning.clean_grade(pl.Series(rows), GradeGrammar())
    shown = [BAD if bad else value for value, bad in zip(cleaned.values, cleaned.bad, strict=True)]
    assert shown == ["CS1", "CS1", "CS1", "CS1", BAD, BAD, BAD, BAD, BAD, BAD, None, None, BAD, "客1"]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("000270020092", "000270020092"), (" 1234 ", "1234"), ("'00123", "00123"), ('="00123"', "00123"), ("１２３", "123"), ("123.0", "123"),
        ("123456789012345678", "123456789012345678"), ("A-12", "A-12"), ("12E5", "12E5"), ("2.70E+08", BAD), ("2.7E8", BAD), ("1E+17", BAD),
        ("1,23E+17", BAD), ("1234567890123456.0", BAD), ("########", BAD), ("#REF!", BAD), ("#N/A", None), ("-", None), ("", None),
    ],
)  # fmt: skip
def test_codes_are_text_and_lost_digits_are_seen(text: str, meant: object) -> None:
    assert code(text) == meant


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("=1+1", "=1+1"), ("'=1+1", "'=1+1"), ("-5", "-5"), ("+886-2-2345-6789", "+886-2-2345-6789"), ("@store", "@store"), ("=", "="), ("-", "-"),
        ("＝1+1", "＝1+1"), ("\t=1+1", "=1+1"), ("'张三", "张三"), ("ＣＳ超市（上海）", "CS超市（上海）"), ("two\nlines", "two\nlines"), ("a\u200bb", "ab"),
        ("a\x00b", "ab"), ("#N/A", None), ("  ", None),
    ],
)  # fmt: skip
def test_text_stays_as_it_was_written(text: str, kept: str | None) -> None:
    assert cleaning.clean_text(pl.Series([text])).item() == kept


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (123456789012.0, "123456789012"), (1.0, "1"), (-5, "-5"), (0.1 + 0.2, "0.3"), (1e-7, "0.0000001"), (1.234567890123457e17, "1.23456789012346E+17"),
        (True, "TRUE"), (None, ""), (dt.date(2017, 1, 5), "2017-01-05"), (dt.datetime(2017, 1, 5), "2017-01-05"), (198.15, "198.15"),
        (dt.datetime(2017, 1, 5, 23, 59), "2017-01-05 23:59:00"), ("007", "007"), (-0.0, "0"),
    ],
)  # fmt: skip
def test_spreadsheet_values_as_text(value: object, text: str) -> None:
    assert cell_text(value) == text


def test_a_number_cell_of_more_than_fifteen_digits_is_no_code() -> None:
    assert code(cell_text(123456789012345678.0)) is BAD
    assert code(cell_text(123456789012345.0)) == "123456789012345"


def test_counts_and_shares() -> None:
    counts = cleaning.clean_count(pl.Series(["3", "3.0", "3.5", "x", None]))
    assert counts.values.to_list() == [3, 3, None, None, None]
    assert counts.bad.to_list() == [False, False, True, True, False]
    shares = cleaning.clean_share(pl.Series(["12.5%", "0.125", "x"]))
    assert shares.values.to_list() == [0.125, 0.125, None]
    assert shares.bad.to_list() == [False, False, True]


def test_choices_in_any_language_become_one() -> None:
    column = pl.Series(["visit", "拜访", "Visit", "elsewhere", None])
    assert cleaning.clean_choice(column, ("visit", "call"), "zh").to_list() == ["拜访", "拜访", "拜访", "elsewhere", None]


@settings(deadline=None)
@given(st.integers(-(10**14), 10**14))
def test_money_survives_every_common_spelling(cents: int) -> None:
    sign, (whole, part) = "-" if cents < 0 else "", divmod(abs(cents), 100)
    for written in (f"{sign}{whole}.{part:02d}", f"{sign}{whole:,}.{part:02d}", f"{sign}￥{whole:,}.{part:02d}"):
        if whole < 10**15:
            assert number(written) == cents


@settings(deadline=None)
@given(st.lists(st.one_of(st.none(), st.text(max_size=12)), min_size=1, max_size=30))
def test_any_text_is_a_value_blank_or_bad_and_never_an_error(texts: list[str | None]) -> None:
    column = pl.Series(texts, dtype=pl.String)
    for cleaned in (
        cleaning.clean_number(column, 100), cleaning.clean_code(column), cleaning.clean_date(column), cleaning.clean_quarter(column),
        cleaning.clean_period(column), cleaning.clean_count(column), cleaning.clean_share(column), cleaning.clean_grade(column, GradeGrammar()),
    ):  # fmt: skip
        assert len(cleaned.values) == len(cleaned.bad) == len(texts)
        assert cleaned.bad.null_count() == 0
        assert not (cleaned.bad & cleaned.values.is_not_null()).any()


@settings(deadline=None)
@given(st.lists(st.text(max_size=12), min_size=1, max_size=10))
def test_cleaning_twice_is_cleaning_once(texts: list[str]) -> None:
    column = pl.Series(texts, dtype=pl.String)
    for clean in (lambda text: cleaning.clean_code(text).values, lambda text: cleaning.clean_period(text).values):
        once = clean(column)
        assert clean(once.fill_null("")).to_list() == once.to_list()
