"""Where the lines of a page fall on paper: which blocks share a printed page, and how much the page is scaled.

All heights are known, so this is plain arithmetic: a block is never split, the head stands on every printed page, and
`page x of y` is known before anything is drawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from xlcrm.sheets.pages import Page, PageBlock, PageLine

PT_PER_PX = 0.75
PT_PER_MM = 72 / 25.4
A4_MM = (210.0, 297.0)
WIDENED_AT_MOST = 1.12
"""Columns that are a little narrower than the paper are widened to it by up to this factor; heights and letters are not."""
_SLACK_PT = 0.5


@dataclass(frozen=True, slots=True)
class PrintedPage:
    """The lines of one sheet of paper, with its number within the page's own run."""

    lines: Sequence[PageLine]
    number: int
    pages: int


@dataclass(frozen=True, slots=True)
class Paper:
    """Paper of a page, in points. `scale`: of letters, heights and widths; `widen`: of the column widths on top of it."""

    width: float
    height: float
    left: float
    right: float
    top: float
    bottom: float
    footer: float
    scale: float
    widen: float

    @property
    def body_height(self) -> float:
        """Height that the lines may take."""
        return self.height - self.top - self.bottom

    @property
    def body_width(self) -> float:
        """Width between the margins."""
        return self.width - self.left - self.right


def _height_px(lines: Sequence[PageLine]) -> int:
    return sum(line.height_px for line in lines)


def _block_px(block: PageBlock) -> int:
    return _height_px(block.lines)


def paper_of(page: Page) -> Paper:
    """The paper and the scale: never larger than life, one page wide, and one page tall where the page asks for it."""
    short, long = (millimetres * PT_PER_MM for millimetres in A4_MM)
    width, height = (long, short) if page.landscape else (short, long)
    left, right, top, bottom, footer = (millimetres * PT_PER_MM for millimetres in page.margins_mm)
    drawn = sum(page.column_widths_px) * PT_PER_PX
    scale = min(1.0, (width - left - right) / drawn)
    if page.one_page:
        everything = _height_px(page.head) + sum(_block_px(block) for block in page.blocks) + _height_px(page.foot)
        scale = min(scale, (height - top - bottom) / (everything * PT_PER_PX))
    room = (width - left - right) / (drawn * scale)
    widen = room if room <= WIDENED_AT_MOST else 1.0
    return Paper(width, height, left, right, top, bottom, footer, scale, widen)


def printed_pages(page: Page) -> list[PrintedPage]:
    """The page cut into sheets of paper. The foot follows the last block and moves to a new sheet as a whole."""
    paper = paper_of(page)
    room = paper.body_height / (PT_PER_PX * paper.scale) + _SLACK_PT - _height_px(page.head)
    sheets: list[list[PageBlock]] = [[]]
    used = 0
    for block in page.blocks:
        full = page.blocks_per_page and len(sheets[-1]) >= page.blocks_per_page
        if sheets[-1] and (full or used + _block_px(block) > room):
            sheets.append([])
            used = 0
        sheets[-1].append(block)
        used += _block_px(block)
    bodies = [[line for block in sheet for line in block.lines] for sheet in sheets]
    if page.foot:
        if bodies[-1] and used + _height_px(page.foot) > room:
            bodies.append([])
        bodies[-1].extend(page.foot)
    return [PrintedPage([*page.head, *body], number, len(bodies)) for number, body in enumerate(bodies, 1)]
