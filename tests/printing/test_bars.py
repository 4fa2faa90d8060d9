"""The bars of a chart on paper: as high as their figures, and never outside their place."""

from __future__ import annotations

import pytest

from xlcrm.printing.bars import bars
from xlcrm.printing.shapes import Rectangle, Rule, Words
from xlcrm.sheets.pages import Bar, BarChart
from xlcrm.sheets.styles import TOKENS

LEFT, RIGHT, TOP, BOTTOM = 10.0, 250.0, 20.0, 120.0


def drawn(values: list[float | None], minimum: float | None = None) -> list[Rectangle | Rule | Words]:
    many = [
        Bar(f"Q{number}", value, "" if value is None else f"{value:g}", now=number == len(values) - 1)
        for number, value in enumerate(values)
    ]
    return list(bars(BarChart(0, 1, 0, 1, many, minimum), LEFT, RIGHT, TOP, BOTTOM, 1.0))


def rectangles(shapes: list[Rectangle | Rule | Words]) -> list[Rectangle]:
    return [shape for shape in shapes if isinstance(shape, Rectangle)]


def test_heights_are_as_the_figures_and_stand_on_one_line() -> None:
    found = rectangles(drawn([50, 100, 25]))
    assert [round(shape.height / found[1].height, 6) for shape in found] == [0.5, 1.0, 0.25]
    assert len({round(shape.y + shape.height, 6) for shape in found}) == 1
    assert [shape.fill for shape in found] == [TOKENS["bar-past"], TOKENS["bar-past"], TOKENS["brand"]]


@pytest.mark.parametrize("values", [[], [None], [0], [-5, 5], [None, 3, None], [1e9, 1], [7]])
@pytest.mark.parametrize("minimum", [None, 0.0, 12.0])
def test_nothing_stands_outside_its_place(values: list[float | None], minimum: float | None) -> None:
    shapes = drawn(values, minimum)
    for shape in rectangles(shapes):
        assert shape.x >= LEFT
        assert shape.x + shape.width <= RIGHT
        assert TOP <= shape.y < shape.y + shape.height <= BOTTOM
    assert len(rectangles(shapes)) == sum(1 for value in values if value is not None and value > 0)
    for rule in (shape for shape in shapes if isinstance(shape, Rule)):
        assert TOP <= rule.y <= BOTTOM
    assert [shape.text for shape in shapes if isinstance(shape, Words) and shape.text.startswith("Q")] == [
        f"Q{n}" for n in range(len(values))
    ]


def test_the_minimum_is_a_dashed_line_at_its_height() -> None:
    shapes = drawn([100], 50)
    bar, line = rectangles(shapes)[0], next(shape for shape in shapes if isinstance(shape, Rule) and shape.dotted)
    assert line.y == pytest.approx(bar.y + bar.height / 2)
    assert not [shape for shape in drawn([100]) if isinstance(shape, Rule) and shape.dotted]
