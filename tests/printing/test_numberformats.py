"""Numbers as their Excel formats show them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlcrm.printing.numberformats import shown
from xlcrm.sheets.pagewords import SHORT_MONEY
from xlcrm.sheets.styles import CHANGE, COUNT, DOTS, MONEY, SHARE, STYLES, TEXT


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        (1234567, COUNT, "1,234,567"), (-3, COUNT, "−3"), (0, COUNT, "0"), (0.5, COUNT, "1"), ("–", COUNT, "–"), (0, DOTS, "·"), (12, DOTS, "12"), (-1, DOTS, "−1"),
        (583.2, MONEY, "583.20"), (-1234.005, MONEY, "−1,234.01"), (0, MONEY, "0.00"),
        (5.76, CHANGE, "+576%"), (-0.56, CHANGE, "−56%"), (0, CHANGE, "+0%"), (9.994, CHANGE, "+999%"), (9.995, CHANGE, ">999%"), ("–", CHANGE, "–"),
        (0.125, SHARE, "12.5%"), ("001360021206", TEXT, "001360021206"), (7, TEXT, "7"), (7, "General", "7"), (0.25, "General", "0.25"),
        (176123, SHORT_MONEY["en"], "176k"), (176123, SHORT_MONEY["zh"], "17.6万"), (-176123, SHORT_MONEY["zh"], "−17.6万"), (1234567, SHORT_MONEY["en"], "1,235k"),
        (3, '+0;"−"0;0', "+3"), (-3, '+0;"−"0;0', "−3"), (0, '+0;"−"0;0', "0"), (-3, "0", "−3"), (None, COUNT, ""), ("a;b", '@" (x)"', "a;b (x)"),
    ],
)  # fmt: skip
def test_shown(value: str | float | None, number_format: str, text: str) -> None:
    assert shown(value, number_format).text == text


def test_room_at_the_right_is_told() -> None:
    assert shown(5, COUNT).room == 1
    assert shown("–", COUNT).room == 1
    assert shown(5, DOTS).room == 0
    assert shown("Qty", "@_0").room == 1


@given(st.integers(-(10**12), 10**12))
def test_counts_are_as_python_writes_them(number: int) -> None:
    assert shown(number, COUNT).text == f"{number:,}".replace("-", "−")


@given(st.text(max_size=30))
def test_a_text_keeps_its_wording_in_every_style(text: str) -> None:
    assert {shown(text, spec.number_format).text for spec in STYLES.values()} == {text}
