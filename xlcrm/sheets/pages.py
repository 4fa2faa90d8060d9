"""A page: what stands on a printed sheet, defined once and painted twice (workbook sheet and PDF).

A page holds no colour and no font: a cell names a `crm.*` style (see `styles.py`), the painters know its look.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

CellValue = str | int | float | None


@dataclass(frozen=True, slots=True)
class PageCell:
    """One cell. `column` counts from 0; `span` columns and `rows` lines are merged.

    Numbers are what a person reads (money in currency units, quantity in units). `link`: a place in the workbook that
    the cell leads to (`'Grade changes'!A5:H9`). `note`: a comment (all names behind a count). `number_format` overrides the style's.
    """

    column: int
    value: CellValue = None
    style: str = "crm.text"
    span: int = 1
    rows: int = 1
    number_format: str = ""
    link: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class PageLine:
    """One line of cells, with its height in pixels."""

    height_px: int
    cells: Sequence[PageCell] = ()


@dataclass(frozen=True, slots=True)
class PageBlock:
    """Lines that are never split over two pages. `key` finds the block again on the next run (a customer's code)."""

    key: str
    lines: Sequence[PageLine]


@dataclass(frozen=True, slots=True)
class Page:
    """One sheet and the pages it prints on.

    id: `route:3`, `change_statistics`, `minimums`. head: lines repeated on every printed page. blocks: the body.
    blocks_per_page: a manual break after every so many blocks (0: none). foot: lines after the body.
    footer_left and footer_right: `{page}` and `{pages}` stand for the numbers. margins: left, right, top, bottom, footer in mm.
    """

    id: str
    sheet_name: str
    title: str
    column_widths_px: Sequence[int]
    head: Sequence[PageLine]
    blocks: Sequence[PageBlock]
    foot: Sequence[PageLine] = ()
    blocks_per_page: int = 0
    landscape: bool = True
    one_page: bool = False
    footer_left: str = ""
    footer_right: str = ""
    margins_mm: tuple[float, float, float, float, float] = (10, 10, 11, 12, 6)
    tab: Literal["brand", "line-2"] = "brand"
    charts: Sequence[str] = field(default=())
