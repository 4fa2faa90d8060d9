"""A page: what stands on a printed sheet, defined once and painted twice (workbook sheet and PDF).

A page holds no colour and no font: a cell names a `crm.*` style (see `styles.py`), the painters know its look.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, overload

import polars as pl

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
class BlockCell:
    """One cell of every block of a `BlockFrame`.

    values: the frame's column of what stands there; `instead` stands where that holds nothing, and everywhere without a column.
    scale: whole numbers are that many parts of what a person reads. styles, number_formats: columns, where not all are the same.
    """

    column: int
    values: str = ""
    style: str = "crm.text"
    span: int = 1
    scale: int = 1
    instead: str = ""
    styles: str = ""
    number_formats: str = ""


@dataclass(frozen=True, slots=True)
class BlockFrame(Sequence[PageBlock]):
    """Many blocks that are made alike, in columns: some rows of a frame, each of them a block.

    lines: height in pixels and cells of each line of a block; no cell spans lines, none has a link. keys: column of the blocks' keys.
    places: column that counts the blocks of a page from 0. A painter that works in columns paints all rows of `frame` together,
    though they stand on many pages; to any other this is a sequence of blocks.
    """

    frame: pl.DataFrame
    start: int
    length: int
    lines: Sequence[tuple[int, Sequence[BlockCell]]]
    keys: str
    places: str

    def __len__(self) -> int:
        return self.length

    @overload
    def __getitem__(self, place: int) -> PageBlock: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[PageBlock]: ...
    def __getitem__(self, place: int | slice) -> PageBlock | Sequence[PageBlock]:
        if isinstance(place, slice):
            return list(self)[place]
        if not -self.length <= place < self.length:
            raise IndexError(place)
        return next(self._blocks(self.frame.slice(self.start + place % self.length, 1)))

    def __iter__(self) -> Iterator[PageBlock]:
        return self._blocks(self.frame.slice(self.start, self.length))

    def block_keys(self) -> list[str]:
        """The keys of the blocks."""
        return self.frame[self.keys].slice(self.start, self.length).to_list()

    def _blocks(self, rows: pl.DataFrame) -> Iterator[PageBlock]:
        for row in rows.iter_rows(named=True):
            lines = [PageLine(height, [_page_cell(cell, row) for cell in cells]) for height, cells in self.lines]
            yield PageBlock(row[self.keys], lines)


def _page_cell(cell: BlockCell, row: dict[str, CellValue]) -> PageCell:
    value = row[cell.values] if cell.values else None
    if isinstance(value, int) and cell.scale != 1:
        value = value // cell.scale if value % cell.scale == 0 else value / cell.scale
    style = row[cell.styles] if cell.styles else cell.style
    number_format = row[cell.number_formats] if cell.number_formats else ""
    return PageCell(cell.column, (cell.instead or None) if value is None else value, str(style), cell.span, 1, str(number_format))


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar. value: its height in what a person reads, None for none; shown: the figure inside; now: the one that it is all about."""

    label: str
    value: float | None
    shown: str = ""
    now: bool = False


@dataclass(frozen=True, slots=True)
class BarChart:
    """Upright bars over some lines of a page, counted from 0 with its head. minimum: the height of a dashed line, None for none.

    On a sheet a chart of the workbook's own stands there, which draws the cells that it covers; a PDF painter draws the bars itself
    and leaves those cells out.
    """

    first_line: int
    lines: int
    column: int
    span: int
    bars: Sequence[Bar]
    minimum: float | None = None


@dataclass(frozen=True, slots=True)
class StackedBars:
    """Lying bars over some lines of a page, counted from 0 with its head: the legend on the first line, then a bar a line.

    names: of the series, at most as many as the colours of sizes. bars: the values of each, in the order of the series. On a sheet a
    chart of the workbook's own stands there, as with `BarChart`.
    """

    first_line: int
    lines: int
    column: int
    span: int
    names: Sequence[str]
    bars: Sequence[Sequence[float]]


Chart = BarChart | StackedBars


@dataclass(frozen=True, slots=True)
class Page:
    """One sheet and the pages it prints on.

    id: `route:3`, `change_statistics`, `minimums`. head: lines repeated on every printed page. blocks: the body.
    blocks_per_page: a manual break after every so many blocks (0: none). foot: lines after the body.
    footer_left and footer_right: `{page}` and `{pages}` stand for the numbers. margins: left, right, top, bottom, footer in mm.
    way_back: the words of a link to Home that stands right of the page on its sheet and is never printed.
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
    charts: Sequence[Chart] = ()
    way_back: str = ""
