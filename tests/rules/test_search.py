"""The search behind the customer card; that the sheet's formulas find the same stands in tests/sheets/test_template_card.py."""

from __future__ import annotations

import sys

import pytest

from xlcrm.rules import search
from xlcrm.rules.search import find, initials_of, is_chinese, search_text

LISTED = [
    ("0012", "Nine Elms", search_text("0012", "Nine Elms", "Ann", "555-0012")),
    ("012", "永兴便利店", search_text("012", "永兴便利店", "李敏", "13800001580", "yxbld lm")),
    ("12", None, None),
]


@pytest.mark.parametrize(
    ("typed", "code", "count"),
    [
        ("12", "12", 3),  # an exact code, though others come first
        ("0012", "0012", 1),
        ("elms", "0012", 1),
        ("ANN", "0012", 1),
        ("yxbld", "012", 1),
        ("D LM", "012", 1),
        ("兴便", "012", 1),
        ("15 80", "", 0),
        ("012  永兴便利店", "012", 2),  # chosen from the list
        ("", "", 3),
        ("   ", "", 3),
    ],
)
def test_a_code_a_part_or_initials_find_a_customer(typed: str, code: str, count: int) -> None:
    found = find(typed, LISTED)
    assert (found.code, found.count) == (code, count)


@pytest.mark.parametrize("sign", ["*", "?", "~", "[", "."])
def test_a_sign_that_is_a_wildcard_elsewhere_stands_for_itself(sign: str) -> None:
    listed = [("1", f"A{sign}B", None), ("2", "AxB", None)]
    assert [code for code, _ in find(f"a{sign}b", listed).hits] == ["1"]


@pytest.mark.parametrize(
    ("name", "initials"),
    [("永兴便利店", "yxbld"), ("重庆银行路3号", "cqyhl3h"), ("Lao王（超市）", "laowcs")],
)
def test_initials_are_those_of_the_usual_reading(name: str, initials: str) -> None:
    pytest.importorskip("pypinyin")
    assert initials_of(name) == initials


def test_without_a_dictionary_there_are_no_initials_and_nothing_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pypinyin", None)  # an import of it now fails
    search._readings.cache_clear()
    try:
        assert initials_of("永兴便利店") == ""
    finally:
        search._readings.cache_clear()


def test_what_is_chinese() -> None:
    assert is_chinese("Shop 店")
    assert not is_chinese("Shop №1 – ünïcode")
    assert not is_chinese(None)
