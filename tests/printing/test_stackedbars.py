"""Lying stacked bars on paper: as long as their figures, the longest as wide as its place, a legend that names each colour."""

from __future__ import annotations

import pytest

from xlcrm.printing.shapes import Rectangle, Words
from xlcrm.printing.stackedbars import stacked_bars
from xlcrm.sheets.pages import StackedBars
from xlcrm.sheets.styles import SIZE_COLORS, TOKENS

YS = (0.0, 20.0, 40.0, 60.0)


def drawn(*bars: tuple[float, ...]) -> tuple[list[Rectangle], list[Words]]:
    chart = StackedBars(0, 3, 0, 1, ("large", "medium", "small"), bars)
    shapes = list(stacked_bars(chart, 100.0, 400.0, YS, 1.0))
    return [shape for shape in shapes if isinstance(shape, Rectangle)], [shape for shape in shapes if isinstance(shape, Words)]


def test_bars_are_as_long_as_their_figures() -> None:
    rectangles, _ = drawn((10, 20, 30), (6, 0, 0))
    first, second, third, other = rectangles[3:]
    assert first.x == 100.0
    assert third.x + third.width == pytest.approx(400.0, abs=1)
    assert [second.x, third.x] == [pytest.approx(150.0), pytest.approx(250.0)]
    assert other.x + other.width == pytest.approx(130.0, abs=1)
    assert [each.fill for each in (first, second, third)] == [TOKENS[color] for color in SIZE_COLORS]
    assert YS[1] < first.y < first.y + first.height < YS[2] < other.y < YS[3]


def test_the_smallest_part_is_still_seen_and_nothing_is_no_bar() -> None:
    rectangles, _ = drawn((100_000, 1, 0))
    assert len(rectangles) == 3 + 2
    assert 0 < rectangles[-1].width < 0.1
    assert len(drawn((0, 0, 0))[0]) == len(drawn()[0]) == 3


def test_the_legend_names_the_colours_in_its_line_within_the_edges() -> None:
    rectangles, words = drawn((1, 1, 1))
    assert [each.text for each in words] == ["large", "medium", "small"]
    assert [each.fill for each in rectangles[:3]] == [TOKENS[color] for color in SIZE_COLORS]
    for mark, named in zip(rectangles[:3], words, strict=True):
        assert 100 < mark.x < mark.x + mark.width < named.x < 400
        assert 0 < mark.y < mark.y + mark.height < YS[1]
