"""The looks of `crm.*` styles given to ranges of an open workbook.

A look is copied from the workbook's own sheet of styles, so that a style that the user edited is used as he made it; a workbook
without that sheet gets the look property by property.
"""

from __future__ import annotations

from collections.abc import Container
from typing import TYPE_CHECKING, Literal

from xlcrm.sheets import places
from xlcrm.sheets.livegrid import LiveBook
from xlcrm.sheets.styles import STYLES, TOKENS, StyleSpec
from xlcrm.sheets.xmlbits import Area

if TYPE_CHECKING:
    import xlwings

_STROKES: dict[str, tuple[Literal["continuous", "dot"], Literal["thin", "medium", "thick"]]] = {
    "thin": ("continuous", "thin"),
    "medium": ("continuous", "medium"),
    "thick": ("continuous", "thick"),
    "dotted": ("dot", "thin"),
}


class LiveLooks:
    """Gives looks to the cells of one workbook."""

    def __init__(self, book: LiveBook) -> None:
        self._book = book
        self._rows: dict[str, int] = {}
        if places.STYLES_SHEET in book.sheet_names:
            used = book.used(places.STYLES_SHEET)
            names = book.rows(places.STYLES_SHEET, Area(1, 1, 1, used.bottom))
            self._rows = {str(row[0]): number for number, row in enumerate(names, 1) if row[0]}

    def give(self, sheet: str, area: Area, style: str, number_format: str) -> None:
        """Makes a range look like a style, with a number format of its own where one is given."""
        if self._rows:
            row = self._rows.get(_base(style, self._rows), 0)
            if row:
                self._book.copy_formats((places.STYLES_SHEET, Area(1, row, 1, row)), sheet, area)
            else:
                self._book.range(sheet, area).clear_formats()
        else:
            _set(self._book.range(sheet, area), STYLES.get(_base(style, STYLES), StyleSpec()))
        if number_format:
            self._book.range(sheet, area).number_format = number_format


def _base(style: str, known: Container[str]) -> str:
    """The style, or the one that it varies where the workbook does not know it."""
    while style not in known and "." in style:
        style = style.rpartition(".")[0]
    return style


def _set(cells: xlwings.Range, look: StyleSpec) -> None:
    cells.clear_formats()
    cells.font.size, cells.font.bold, cells.font.color = look.size, look.bold, "#" + TOKENS[look.color]
    if look.fill:
        cells.color = "#" + TOKENS[look.fill]
    cells.horizontal_alignment, cells.vertical_alignment = look.horizontal, look.vertical
    if look.wrap:
        cells.wrap_text = True
    if look.number_format != "General":
        cells.number_format = look.number_format
    for side in ("left", "right", "top", "bottom"):
        edge = getattr(look, side)
        if edge is not None:
            stroke, weight = _STROKES[edge.stroke]
            # Inside lines too: each cell of the range has the edge.
            inside = "inside_vertical" if side in ("left", "right") else "inside_horizontal"
            cells.borders.set([f"edge_{side}", inside], line_style=stroke, weight=weight, color="#" + TOKENS[edge.color])
