"""The record of what a run painted on a page sheet: two hidden columns right of the page, in a closed file as in an open workbook.

The first one says, for every painted row, the block and line it belongs to and the style of each cell, so that a restyled cell and a
note written into an empty one are found again, also after the user moved rows. The second one names the page and the styles, in its
first cell.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

MARK = "crm.page"
HEAD_KEY, FOOT_KEY, BLOCK_MARK = "#head", "#foot", "="
RECORD_COLUMNS = 2
NAMELESS_STYLES = frozenset({
    "number", "code", "grade", "earlier", "int", "money", "change", "minimum", "gap", "tick", "date", "center", "head", "band", "subband",
    "figure", "right", "section",
})  # fmt: skip
"""Parts of the names of styles whose cells say nothing of who it is: figures, grades, days, codes, labels."""

Place = tuple[str, str, int]
"""Family of pages (`route`), key of the block, line in the block."""


@dataclass(slots=True)
class Painted:
    """What was painted in one cell: style name with number format, whether it was left empty, whether it got a link of ours."""

    style: tuple[str, str]
    empty: bool
    link: bool


class Recorder:
    """Writes the hidden column of a page that is being painted."""

    def __init__(self, page_id: str, columns: int, styles: Sequence[tuple[str, str]] = ()) -> None:
        self._page_id, self._columns = page_id, columns
        self._styles = {style: number for number, style in enumerate(styles)}

    def code(self, column: int, style: tuple[str, str], empty: bool, link: bool) -> str:
        """The note on one cell: `column:style` and `e` for empty, `l` for a link."""
        number = self._styles.setdefault(style, len(self._styles))
        return f"{column}:{number}{'e' if empty else ''}{'l' if link else ''}"

    def first(self) -> str:
        """The text of the first cell; complete once the page is painted."""
        return "\t".join((MARK, self._page_id, str(self._columns), *(f"{name}~{code}" for name, code in self._styles)))
