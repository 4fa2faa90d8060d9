"""Delimited text -> a grid whose row numbers are those that a spreadsheet shows."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xlcrm.imports import delimited
from xlcrm.imports.delimited import read_delimited
from xlcrm.problems import CannotDo


def grid(text: str) -> list[tuple[str | None, ...]]:
    return read_delimited(text.encode(), "f.csv").frame.rows()


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_delimiters(sign: str) -> None:
    assert grid(f"code{sign}qty\n1{sign}2\n") == [("code", "qty"), ("1", "2")]


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_line_ends(ending: str) -> None:
    assert grid(ending.join(["a,b", "1,2", "3,4"])) == [("a", "b"), ("1", "2"), ("3", "4")]


def test_a_sep_line_is_not_data() -> None:
    assert grid("sep=;\ncode;qty\n1;2\n") == [("code", "qty"), ("1", "2")]


def test_blank_lines_keep_their_row() -> None:
    assert grid("\n\na,b\n\n1,2\n") == [(None, None), (None, None), ("a", "b"), (None, None), ("1", "2")]


def test_line_breaks_and_quotes_inside_a_cell() -> None:
    assert grid('a,b\n1,"two\nlines"\n2,"5"" pipe"\n') == [("a", "b"), ("1", "two\nlines"), ("2", '5" pipe')]


def test_rows_of_unequal_length() -> None:
    assert grid("title\na,b\n1,2,3\n4\n") == [("title", None, None), ("a", "b", None), ("1", "2", "3"), ("4", None, None)]


@pytest.mark.parametrize("text", ['a,b\n1,"abc\n2,def\n', 'a,b\n1,"abc', 'a,b\n1,"' + "x\n" * 40_000 + '"\n', 'a,b\n"x"y,"abc\n2,3\n'])
def test_an_unclosed_quote_is_told_with_its_row(text: str) -> None:
    with pytest.raises(CannotDo) as refused:
        grid(text)
    assert refused.value.problem.code == "unclosed_quote"
    assert refused.value.problem.cell.endswith("2")


@pytest.mark.parametrize("text", ["", "\n\n", "sep=;\n"])
def test_nothing_is_an_error(text: str) -> None:
    with pytest.raises(CannotDo) as refused:
        grid(text)
    assert refused.value.problem.code == "file_empty"


CELL = st.text(alphabet='ab1 ,"\n;é客', max_size=5)


@settings(deadline=None)
@given(st.lists(st.lists(CELL, min_size=3, max_size=3), min_size=1, max_size=12))
def test_both_ways_of_reading_agree(rows: list[list[str]]) -> None:
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\n").writerows(rows)
    fast = delimited._fast(stream.getvalue(), ",")
    if fast is not None:
        assert fast.rows() == delimited._exact(stream.getvalue(), ",", "f.csv").rows()


@settings(deadline=None)
@given(st.text(alphabet='a1,"\n', max_size=30))
def test_the_fast_way_never_differs_on_odd_text(text: str) -> None:
    fast = delimited._fast(text, ",") if text.strip() else None
    if fast is not None:
        exact = delimited._exact(text, ",", "f.csv")
        width = max(fast.width, exact.width)
        padded = [[(*row, *[None] * (width - len(row))) for row in frame.rows()] for frame in (fast, exact)]
        assert padded[0] == padded[1]


def test_the_fast_way_is_the_usual_one(shared_data: Path) -> None:
    text = (shared_data / "completejourney_r1-5" / "purchases_month.csv").read_text(encoding="utf-8")
    assert delimited._fast(text, ",") is not None
