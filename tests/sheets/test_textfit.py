"""Widths of texts, shortening, and how pages write figures."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlcrm.sheets import pagewords as words
from xlcrm.sheets.textfit import one_line, shorten, shorten_advice, width_px


def test_a_chinese_character_is_a_full_square() -> None:
    assert width_px("一", 12) == pytest.approx(16)
    assert width_px("0" * 4) < width_px("一" * 4)


def test_a_text_that_fits_is_not_touched() -> None:
    assert shorten("Harbor Market", 150) == "Harbor Market"


@given(st.text(max_size=80), st.integers(20, 300), st.booleans())
def test_a_shortened_text_fits_and_says_that_it_was_cut(text: str, px: int, bold: bool) -> None:
    shown = shorten(text, px, 10, bold)
    assert width_px(shown, 10, bold) <= px
    assert "\n" not in shown
    whole = one_line(text)
    assert shown == whole if width_px(whole, 10, bold) <= px else shown.endswith("…")


@pytest.mark.parametrize(("text", "length"), [("a" * 70, 62), ("一" * 40, 30)])
def test_an_advice_keeps_to_its_limit(text: str, length: int) -> None:
    shown = shorten_advice(text, 10_000)
    assert len(shown) == length
    assert shown.endswith("…")
    assert shorten_advice(text[:length], 10_000) == text[:length]


@pytest.mark.parametrize(
    ("number", "written"), [(1, "一"), (3, "三"), (10, "十"), (12, "十二"), (20, "二十"), (31, "三十一"), (100, "100")]
)
def test_chinese_numbers(number: int, written: str) -> None:
    assert words.chinese_number(number) == written


def test_a_comparison_over_the_year_names_both_years() -> None:
    assert words.compared_label("2018Q1", "2017Q4", "zh") == "2018年一季度 对比 2017年四季度"
    assert words.compared_label("2018Q1", "2017Q4", "en") == "2018 Q1 vs 2017 Q4"


@pytest.mark.parametrize(
    ("units", "english", "chinese"),
    [(1171, "1,171", "1,171"), (99_999, "99,999", "99,999"), (176_123, "176k", "17.6万"), (-176_123, "−176k", "−17.6万")],
)
def test_short_figures(units: int, english: str, chinese: str) -> None:
    assert (words.short_figure(units, "en"), words.short_figure(units, "zh")) == (english, chinese)


def test_a_gap_that_is_more_than_nothing_is_never_zero() -> None:
    assert words.pair(400, 0, "en") == "1 / 0"
    assert words.pair(1500, 149, "en") == "2 / 1"
    assert words.pair(None, None, "en") == "–"
    assert words.pair(None, 500, "en") == "– / 5"
