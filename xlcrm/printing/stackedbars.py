"""Lying stacked bars of a page's chart on paper, as the workbook's own chart draws them on the sheet: a legend above, no axis, no grid."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from xlcrm.printing.shapes import Rectangle, Words
from xlcrm.sheets.pages import StackedBars
from xlcrm.sheets.styles import SIZE_COLORS, TOKENS
from xlcrm.sheets.textfit import width_px

BAR_SHARE = 0.62
"""Of a line's height, how much is bar."""
LEGEND_SIZE = 9.0
_BETWEEN_PT = 0.75
_MARK_PT, _AFTER_MARK_PT, _AFTER_WORDS_PT = 7.0, 4.0, 12.0
_CAPITAL_HEIGHT = 0.733
_PT_PER_PX = 0.75


def stacked_bars(chart: StackedBars, left: float, right: float, ys: Sequence[float], scale: float) -> Iterator[Rectangle | Words]:
    """The shapes of a chart between two edges in points. ys: where its lines begin, and where the last one ends; scale: of letters."""
    yield from _legend(chart, left, right, ys[0], ys[1], scale)
    longest = max((sum(bar) for bar in chart.bars), default=0)
    if longest <= 0:
        return
    per_unit = (right - left) / longest
    for place, bar in enumerate(chart.bars, 1):
        top, bottom = ys[place], ys[place + 1]
        height = (bottom - top) * BAR_SHARE
        x = left
        for value, color in zip(bar, SIZE_COLORS, strict=False):
            width = value * per_unit
            if value > 0:  # a small part stays visible: what divides it from the next one never takes all of it
                yield Rectangle(x, (top + bottom - height) / 2, max(width - _BETWEEN_PT, width / 2), height, TOKENS[color])
            x += width


def _legend(chart: StackedBars, left: float, right: float, top: float, bottom: float, scale: float) -> Iterator[Rectangle | Words]:
    """A square and a name a series, in the middle of the first line."""
    size, mark = LEGEND_SIZE * scale, _MARK_PT * scale
    widths = [width_px(name, LEGEND_SIZE) * _PT_PER_PX * scale for name in chart.names]
    after_mark, after_words = _AFTER_MARK_PT * scale, _AFTER_WORDS_PT * scale
    x = (left + right - sum(widths) - len(widths) * (mark + after_mark) - (len(widths) - 1) * after_words) / 2
    middle = (top + bottom) / 2
    for name, width, color in zip(chart.names, widths, SIZE_COLORS, strict=False):
        yield Rectangle(x, middle - mark / 2, mark, mark, TOKENS[color])
        x += mark + after_mark
        yield Words(x, middle - _CAPITAL_HEIGHT * size / 2, "left", name, size, False, TOKENS["ink-2"])
        x += width + after_words
