"""The bars of a page's chart on paper, as the workbook's own chart draws them on the sheet: no axis, no grid, figures inside."""

from __future__ import annotations

from collections.abc import Iterator

from xlcrm.printing.shapes import Rectangle, Rule, Words
from xlcrm.sheets.pages import BarChart
from xlcrm.sheets.styles import TOKENS

BAR_SHARE = 0.5
"""Of a bar's place, how much is bar; at most so many points."""
WIDEST_PT = 42.0
LABEL_SIZE, FIGURE_SIZE = 8.5, 9.0
_LABEL_PT, _AIR_PT, _BEHIND_PT = 13.0, 4.0, 14.0
"""Room for the labels below, above the tallest bar, and at the right."""
_CAPITAL_HEIGHT = 0.733


def bars(chart: BarChart, left: float, right: float, top: float, bottom: float, scale: float) -> Iterator[Rectangle | Rule | Words]:
    """The shapes of a chart between these edges in points; scale: of letters and lines."""
    right -= _BEHIND_PT * scale
    base, ceiling = bottom - _LABEL_PT * scale, top + _AIR_PT * scale
    heights = [bar.value or 0 for bar in chart.bars]
    tallest = max([*heights, chart.minimum or 0, 0])
    place = (right - left) / max(len(chart.bars), 1)
    width = min(place * BAR_SHARE, WIDEST_PT * scale)
    for number, bar in enumerate(chart.bars):
        middle = left + place * (number + 0.5)
        height = max(bar.value or 0, 0) / tallest * (base - ceiling) if tallest else 0.0
        if height:
            color = TOKENS["brand" if bar.now else "bar-past"]
            yield Rectangle(middle - width / 2, base - height, width, height, color)
        yield from _words(bar.shown, middle, base - 4 * scale, FIGURE_SIZE * scale, height, bar.now)
        label = LABEL_SIZE * scale
        yield Words(
            middle, bottom - _CAPITAL_HEIGHT * label - 1, "center", bar.label, label, bar.now, TOKENS["ink" if bar.now else "ink-2"]
        )
    yield Rule(left, base, right - left, False, 0.6, TOKENS["line-2"], False)
    if chart.minimum and tallest:
        y = base - chart.minimum / tallest * (base - ceiling)
        yield Rule(left, y, right - left, False, 1.2 * scale, TOKENS["warn"], True)


def _words(shown: str, middle: float, foot: float, size: float, height: float, now: bool) -> Iterator[Words]:
    """The figure at the foot of its bar; above a bar that is too low for it."""
    capitals = _CAPITAL_HEIGHT * size
    inside = height > capitals + 8
    y = foot - capitals if inside else foot - capitals - height
    yield Words(middle, y, "center", shown, size, True, TOKENS["white" if now and inside else "ink"])
