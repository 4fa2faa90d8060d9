"""Widths of texts, shortening, and how pages write figures."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xlcrm.sheets import pagewords as words
from xlcrm.sheets.textfit import one_line, one_line_each, shorten, shorten_advice, shorten_advice_each, shorten_each, too_wide, width_px


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


_TEXTS = st.lists(st.one_of(st.none(), st.text(max_size=80), st.sampled_from(["  a\tb ", "中" * 31, "W" * 70, "a" * 62 + "b"])), min_size=1)


@settings(deadline=None)
@given(_TEXTS, st.integers(20, 500), st.sampled_from([9.5, 10.0, 18.0]), st.booleans())
def test_a_column_of_texts_is_fitted_as_each_of_them(texts: list[str | None], px: int, size: float, bold: bool) -> None:
    column = pl.Series(texts, dtype=pl.String)
    given_texts = [each or "" for each in texts]
    assert one_line_each(column).to_list() == [one_line(each) for each in given_texts]
    assert shorten_each(column, px, size, bold).to_list() == [shorten(each, px, size, bold) for each in given_texts]
    assert shorten_advice_each(column, px).to_list() == [shorten_advice(each, px) for each in given_texts]
    wide = [each is not None and width_px(each, size, bold) > px + 1e-6 for each in texts]
    assert too_wide(column, px, size, bold).to_list() == wide


_FIGURES = st.lists(st.tuples(*(st.one_of(st.none(), st.integers(-10_000, 150_000_000)),) * 2), min_size=1)


@settings(deadline=None)
@given(_FIGURES)
def test_a_column_of_figures_is_written_as_each_of_them(figures: list[tuple[int | None, int | None]]) -> None:
    quantities, amounts = (pl.Series([pair[place] for pair in figures], dtype=pl.Int64) for place in (0, 1))
    for (quantity, amount), shown in zip(figures, words.pairs(quantities, amounts).to_list(), strict=True):
        usual = all(figure is None or 0 <= figure < most for figure, most in ((quantity, 99_000_000), (amount, 9_900_000)))
        assert shown == words.pair(quantity, amount, "en") if usual else shown in (None, words.pair(quantity, amount, "en"))


def test_phone_numbers_of_a_column() -> None:
    shown = words.phone_numbers(pl.Series(["13800001100", "2380000110", "138000011001", "", None, "555 12"]))
    assert shown.to_list() == ["138 0000 1100", "2380000110", "138000011001", "", None, "555 12"]
