"""The grid of the customer card: its columns, and a cell whose text is shortened to its room."""

from __future__ import annotations

from xlcrm.sheets.pages import PageCell
from xlcrm.sheets.textfit import shorten

COLUMN_WIDTHS_PX = (84, 52, 29, 55, 55, 55, 55, 55, 55, 55, 55, 55)
"""Four groups of 165; the first one is day and kind of the lists, or label and start of the value of the profile."""
COLUMNS = len(COLUMN_WIDTHS_PX)
LIST_PX = 24
FITTING = 0.97
"""Share of a cell that a text may fill."""


def room_px(column: int, span: int) -> float:
    """The room of a text in some columns."""
    return (sum(COLUMN_WIDTHS_PX[column : column + span]) - 5) * FITTING


def text_cell(column: int, span: int, value: str | None, style: str, size: float = 10, bold: bool = False, indent: int = 0) -> PageCell:
    """A cell with a text as one line, cut with an ellipsis where it is wider than its columns. size, bold: of the style."""
    shown = shorten(value, room_px(column, span) - indent, size, bold) if value else value
    return PageCell(column, shown or None, style, span=span)
