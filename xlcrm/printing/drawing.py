"""A page as shapes and texts on sheets of paper, in points from the upper left corner: what any PDF program can draw.

Colours, sizes and rules come from the same styles as the workbook's sheets. Everything is placed here, so that the typst file
only draws; that is twice as fast as typst's own tables.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from xlcrm.printing.bars import bars
from xlcrm.printing.layout import PT_PER_PX, Paper, paper_of, printed_pages
from xlcrm.printing.numberformats import shown
from xlcrm.printing.shapes import Rectangle, Rule, Words
from xlcrm.printing.stackedbars import stacked_bars
from xlcrm.sheets.pages import BarChart, Chart, Page, PageCell, PageLine
from xlcrm.sheets.pagewords import MARKS
from xlcrm.sheets.styles import STYLES, TOKENS, Edge, StyleSpec
from xlcrm.sheets.textfit import width_px

EDGE_PT = {"thin": 0.6, "medium": 1.5, "thick": 2.25, "dotted": 0.6}
CAPITAL_HEIGHT = 0.733
"""Height of a capital as a share of the font size: what is centred in a line."""
DIGIT_WIDTH = 0.555
INDENT_PT, PADDING_PT = 6.0, 1.5
FOOTER_SIZE = 8.0
TICK = "☐"
"""Drawn, for the font does not have it."""
PILL_STYLE, PILL_INSET_PT = "crm.route.grade", 2.0
SPACED_STYLES = (PILL_STYLE, "crm.customer.grade")
"""Where a thin space stands between a grade and its mark."""
_THIN_SPACE = "\u2009"
_MARKS = frozenset(mark for mark in MARKS.values() if mark)
_ESTIMATE = 0.99
"""A text wider than this share of its room is kept inside by a box, for a width is an estimate where a character is rare."""


@dataclass(slots=True)
class Drawing:
    """One sheet of paper."""

    width: float
    height: float
    rectangles: list[Rectangle] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    words: list[Words] = field(default_factory=list)

    def add(self, shape: Rectangle | Rule | Words) -> None:
        """Puts a shape on the paper."""
        if isinstance(shape, Rectangle):
            self.rectangles.append(shape)
        elif isinstance(shape, Rule):
            self.rules.append(shape)
        else:
            self.words.append(shape)


def drawings(page: Page) -> list[Drawing]:
    """The sheets of paper of a page."""
    paper = paper_of(page)
    found = []
    for printed in printed_pages(page):
        drawing = _Pen(paper, page.column_widths_px).draw(printed.lines, page.charts if printed.pages == 1 else ())
        y = paper.height - paper.footer - FOOTER_SIZE
        for align, x, footer in (("left", paper.left, page.footer_left), ("right", paper.width - paper.right, page.footer_right)):
            text = footer.replace("{page}", str(printed.number)).replace("{pages}", str(printed.pages))
            drawing.words.append(Words(x, y, "left" if align == "left" else "right", text, FOOTER_SIZE, False, TOKENS["ink-3"]))
        found.append(drawing)
    return found


class _Pen:
    """Draws the lines of one sheet of paper."""

    def __init__(self, paper: Paper, widths_px: Sequence[int]) -> None:
        self.scale = paper.scale
        across = PT_PER_PX * paper.scale * paper.widen
        left = paper.left + (paper.body_width - sum(widths_px) * across) / 2
        self.xs = [left]
        for width in widths_px:
            self.xs.append(self.xs[-1] + width * across)
        self.top = paper.top
        self.drawing = Drawing(paper.width, paper.height)
        self.across: dict[tuple[float, Edge], Rule] = {}
        self.down: dict[tuple[float, Edge], Rule] = {}
        self.area: Rectangle | None = None

    def draw(self, lines: Sequence[PageLine], charts: Sequence[Chart]) -> Drawing:
        ys = [self.top]
        for line in lines:
            ys.append(ys[-1] + line.height_px * PT_PER_PX * self.scale)
        for number, line in enumerate(lines):
            for cell in line.cells:
                if not any(_covers(chart, number, cell) for chart in charts):
                    self._cell(cell, ys[number], ys[min(number + cell.rows, len(lines))])
        self._put_area(None)
        for chart in charts:
            left, right = self.xs[chart.column], self.xs[chart.column + chart.span]
            if isinstance(chart, BarChart):
                for shape in bars(chart, left, right, ys[chart.first_line], ys[chart.first_line + chart.lines], self.scale):
                    self.drawing.add(shape)
            else:
                for shape in stacked_bars(chart, left, right, ys[chart.first_line : chart.first_line + chart.lines + 1], self.scale):
                    self.drawing.add(shape)
        self.drawing.rules += [*self.across.values(), *self.down.values()]
        return self.drawing

    def _cell(self, cell: PageCell, top: float, bottom: float) -> None:
        style = STYLES[cell.style]
        left, right = self.xs[cell.column], self.xs[cell.column + cell.span]
        if cell.style.startswith(PILL_STYLE):
            inset = PILL_INSET_PT * self.scale
            if style.fill:
                border = TOKENS[style.left.color] if style.left else ""
                pill = Rectangle(left + inset, top + inset, right - left - 2 * inset, bottom - top - 2 * inset, TOKENS[style.fill], border)
                self.drawing.rectangles.append(pill)
        else:
            if style.fill:
                self._put_area(Rectangle(left, top, right - left, bottom - top, TOKENS[style.fill]))
            self._edges(style, left, right, top, bottom)
        if cell.value is not None and cell.value != "":
            self._words(cell, style, left, right, top, bottom)

    def _put_area(self, area: Rectangle | None) -> None:
        """Areas that touch become one, so that no viewer shows a seam between them."""
        last = self.area
        alike = area and last and (last.y, last.height, last.fill) == (area.y, area.height, area.fill)
        if area and last and alike and abs(last.x + last.width - area.x) < 0.01:
            self.area = Rectangle(last.x, last.y, last.width + area.width, last.height, last.fill)
            return
        if last:
            self.drawing.rectangles.append(last)
        self.area = area

    def _edges(self, style: StyleSpec, left: float, right: float, top: float, bottom: float) -> None:
        for edge, y in ((style.top, top), (style.bottom, bottom)):
            if edge:
                self._rule(self.across, edge, left, y, right - left, False)
        for edge, x in ((style.left, left), (style.right, right)):
            if edge:
                self._rule(self.down, edge, x, top, bottom - top, True)

    def _rule(self, known: dict[tuple[float, Edge], Rule], edge: Edge, x: float, y: float, length: float, down: bool) -> None:
        """A rule that continues an earlier one makes that one longer."""
        key = (round(x if down else y, 2), edge)
        start = y if down else x
        last = known.get(key)
        if last and abs((last.y if down else last.x) + last.length - start) < 0.01:
            known[key] = Rule(last.x, last.y, last.length + length, down, last.stroke, last.color, last.dotted)
            return
        if last:
            self.drawing.rules.append(last)
        known[key] = Rule(x, y, length, down, EDGE_PT[edge.stroke], TOKENS[edge.color], edge.stroke == "dotted")

    def _words(self, cell: PageCell, style: StyleSpec, left: float, right: float, top: float, bottom: float) -> None:
        written = shown(cell.value, cell.number_format or style.number_format)
        size = style.size * self.scale
        if written.text == TICK:
            side = size * 0.95
            x, y = (left + right - side) / 2, (top + bottom - side) / 2
            self.drawing.rectangles.append(Rectangle(x, y, side, side, "", TOKENS[style.color]))
            return
        text = _spaced(written.text) if cell.style.startswith(SPACED_STYLES) else written.text
        indent = style.indent * INDENT_PT * self.scale
        padding = PADDING_PT * self.scale
        before = padding + (indent if style.horizontal == "left" else 0)
        behind = padding + (indent if style.horizontal == "right" else 0) + written.room * DIGIT_WIDTH * size
        room = right - left - before - behind
        wide = width_px(text, style.size, style.bold) * PT_PER_PX * self.scale > room * _ESTIMATE
        x = {"left": left + before, "center": (left + before + right - behind) / 2, "right": right - behind}[style.horizontal]
        height = CAPITAL_HEIGHT * size
        y = {"top": top + 0.44 * size, "center": (top + bottom - height) / 2, "bottom": bottom - 0.36 * size - height}[style.vertical]
        if wide:
            box = (room, bottom - top)
            words = Words(left + before, top, style.horizontal, text, size, style.bold, TOKENS[style.color], box, style.wrap)
        else:
            words = Words(x, y, style.horizontal, text, size, style.bold, TOKENS[style.color])
        self.drawing.words.append(words)


def _covers(chart: Chart, line: int, cell: PageCell) -> bool:
    """Whether a chart covers a cell, which is then what it draws."""
    in_lines = chart.first_line <= line < chart.first_line + chart.lines
    return in_lines and chart.column <= cell.column < chart.column + chart.span


def _spaced(grade: str) -> str:
    """`CS1↑` with a thin space between the grade and its mark."""
    return grade[:-1] + _THIN_SPACE + grade[-1] if grade[-1:] in _MARKS and len(grade) > 1 else grade
