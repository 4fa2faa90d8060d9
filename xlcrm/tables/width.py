"""Full width to half width, for one text and for a whole column; how wide a terminal shows a text, and tables there."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Sequence

FULL_WIDTH = [chr(code) for code in range(0xFF01, 0xFF5F)] + ["\u3000", "￥", "￡", "\u2212"]
HALF_WIDTH = [chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)] + [" ", "¥", "£", "-"]
_GAP = "  "
_FOLDING = str.maketrans(dict(zip(FULL_WIDTH, HALF_WIDTH, strict=True)))


def fold_width(text: str) -> str:
    """`ＣＳ１（２）` -> `CS1(2)`."""
    return text.translate(_FOLDING)


def display_width(text: str) -> int:
    """Columns of a terminal that a text takes: two for a Chinese character, none for a mark that joins the one before it."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 0 if unicodedata.combining(sign) else 1 for sign in text)


def padded(text: str, width: int, right: bool = False) -> str:
    """The text with as many blanks behind it (before it, if `right`) as make it `width` terminal columns wide."""
    blanks = " " * (width - display_width(text))
    return blanks + text if right else text + blanks


def shortened(text: str, width: int) -> str:
    """The text, cut with `…` where a terminal would show it wider than `width` columns."""
    if display_width(text) <= width:
        return text
    kept = text
    while display_width(kept) > width - 1:
        kept = kept[:-1]
    return kept + "…"


def aligned(rows: Sequence[Sequence[str]], right: Collection[int] = ()) -> list[str]:
    """Rows of cells as lines of a terminal: two blanks before and between them, each column as wide as its widest cell.

    right: places of the columns, from 0, whose cells stand at the right. A row may have fewer cells than others.
    """
    widths = [max(display_width(row[place]) for row in rows if place < len(row)) for place in range(max(map(len, rows), default=0))]
    return [
        (_GAP + _GAP.join(padded(cell, widths[place], right=place in right) for place, cell in enumerate(row))).rstrip() for row in rows
    ]  # fmt: skip
