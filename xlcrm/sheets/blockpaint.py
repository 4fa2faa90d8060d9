"""Blocks that are made alike painted in columns: the rows of many pages at once, as XML.

Pages come one behind the other and take the next rows of the same frame, so some thousands of blocks are painted ahead, and
each page takes its own out of them. A row says where it stands on its page, not in the frame.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from xlcrm.sheets.cellwriter import content_of, escaped
from xlcrm.sheets.pagerecord import BLOCK_MARK, Recorder
from xlcrm.sheets.pages import BlockCell, BlockFrame
from xlcrm.sheets.stylebook import StyleBook
from xlcrm.sheets.xmlbits import escape_cell
from xlcrm.tables.addresses import column_letters

BLOCKS_AHEAD = 2048
_SPACES = ' xml:space="preserve"'
_NEEDS_SPACE = r"^\s|\s$|\n"

Looks = list[tuple[str, str]]
"""Style names with number formats."""


def looks_of(blocks: BlockFrame) -> Looks:
    """Every style with its number format that the frame's blocks have, always in the same order."""
    found: dict[tuple[str, str], None] = {}
    for _, cells in blocks.lines:
        for cell in cells:
            found.update(dict.fromkeys(_looks(blocks.frame, cell)))
    return list(found)


def _looks(frame: pl.DataFrame, cell: BlockCell) -> Looks:
    if not cell.styles and not cell.number_formats:
        return [(cell.style, "")]
    return sorted(frame.select(*_look(cell)).unique().iter_rows())


def _look(cell: BlockCell) -> tuple[pl.Expr, pl.Expr]:
    style = pl.col(cell.styles) if cell.styles else pl.lit(cell.style)
    return style.alias("style"), (pl.col(cell.number_formats) if cell.number_formats else pl.lit("")).alias("format")


class FramePainter:
    """Paints the rows of one frame's blocks."""

    def __init__(self, blocks: BlockFrame, styles: StyleBook, columns: int, head_rows: int) -> None:
        self._blocks, self._styles, self._columns, self._head_rows = blocks, styles, columns, head_rows
        self._looks = looks_of(blocks)
        self._start, self._rows, self._merges = 0, list[bytes](), list[str]()

    def fits(self, blocks: BlockFrame, columns: int, head_rows: int) -> bool:
        """Whether this painter can paint those blocks: rows of its frame, on a page that is made like the others."""
        return (blocks.frame is self._blocks.frame) and (self._columns, self._head_rows) == (columns, head_rows)

    def recorder(self, page_id: str) -> Recorder:
        """A recorder for a page with these blocks: it numbers their styles as this painter does."""
        return Recorder(page_id, self._columns, self._looks)

    def paint(self, blocks: BlockFrame) -> tuple[bytes, str]:
        """The rows of some blocks, and their merged cells."""
        end = blocks.start + blocks.length
        if not self._start <= blocks.start <= end <= self._start + len(self._rows):
            self._ahead(blocks.start, max(blocks.length, BLOCKS_AHEAD))
        own = slice(blocks.start - self._start, end - self._start)
        return b"".join(self._rows[own]), "".join(self._merges[own])

    def _ahead(self, start: int, length: int) -> None:
        part = self._blocks.frame.slice(start, length)
        series = {"key": escaped(part[self._blocks.keys])}
        count = len(self._blocks.lines)
        rows: list[pl.Expr] = []
        merges: list[pl.Expr] = []
        for number, (height, cells) in enumerate(self._blocks.lines):
            row = pl.col(f"row{number}")
            series[f"row{number}"] = (part[self._blocks.places] * count + (self._head_rows + number + 1)).cast(pl.String)
            rows += [pl.lit('<row r="'), row, pl.lit(f'" ht="{height * 0.75:g}" customHeight="1">')]
            codes: list[str | pl.Expr] = []
            covered: list[str | pl.Expr] = []
            for cell in sorted(cells, key=lambda each: each.column):
                look, code = self._style(part, cell, f"{number}.{cell.column}", series)
                content, blank = _content(part, cell, f"{number}.{cell.column}", series)
                rows += [pl.lit(f'<c r="{column_letters(cell.column + 1)}'), row, pl.lit('" s="'), look, pl.lit('"'), *content]
                codes += [",", f"{cell.column}:", code, blank]
                for beside in range(cell.column + 1, cell.column + cell.span):
                    rows += [pl.lit(f'<c r="{column_letters(beside + 1)}'), row, pl.lit('" s="'), look, pl.lit('"/>')]
                    covered += [",", f"{beside}:", code, "e"]
                if cell.span > 1:
                    left, right = column_letters(cell.column + 1), column_letters(cell.column + cell.span)
                    merges += [pl.lit(f'<mergeCell ref="{left}'), row, pl.lit(f":{right}"), row, pl.lit('"/>')]
            space = _SPACES if series["key"].str.contains(_NEEDS_SPACE).any() else ""
            rows += [pl.lit(f'<c r="{column_letters(self._columns + 1)}'), row, pl.lit(f'" t="inlineStr"><is><t{space}>{number}\t')]
            rows += [each if isinstance(each, pl.Expr) else pl.lit(each) for each in [*codes, *covered][1:]]
            rows += [pl.lit(f"\t{BLOCK_MARK}"), pl.col("key"), pl.lit("</t></is></c></row>")]
        painted = pl.DataFrame(series).select(
            pl.concat_str(rows).cast(pl.Binary).alias("rows"), (pl.concat_str(merges) if merges else pl.lit("")).alias("merges")
        )
        self._start, self._rows, self._merges = start, painted["rows"].to_list(), painted["merges"].to_list()

    def _style(self, part: pl.DataFrame, cell: BlockCell, name: str, series: dict[str, pl.Series]) -> tuple[pl.Expr, str | pl.Expr]:
        """The style's id, and the number that it has in the record."""
        looks = _looks(part, cell)
        ids = [self._styles.style_id(*look) for look in looks]
        numbers = [str(self._looks.index(look)) for look in looks]
        if len(looks) == 1:
            return pl.lit(ids[0]), numbers[0]
        shown = part.select(pl.concat_str(*_look(cell), separator="\x1f")).to_series()
        known = ["\x1f".join(look) for look in looks]
        series[f"s{name}"] = shown.replace_strict(known, ids, return_dtype=pl.String)
        series[f"n{name}"] = shown.replace_strict(known, numbers, return_dtype=pl.String)
        return pl.col(f"s{name}"), pl.col(f"n{name}")


def _content(part: pl.DataFrame, cell: BlockCell, name: str, series: dict[str, pl.Series]) -> tuple[Sequence[pl.Expr], str | pl.Expr]:
    """What follows the style of a cell, and the record's mark of an empty one."""
    instead = f' t="inlineStr"><is><t>{escape_cell(cell.instead)}</t></is></c>' if cell.instead else "/>"
    if not cell.values:
        return [pl.lit(instead)], "" if cell.instead else "e"
    values, kind = content_of(part[cell.values], cell.scale, False)
    if kind == "text":
        values = values.set((values == "").fill_null(False), None)
    series[f"v{name}"] = values
    space = _SPACES if kind == "text" and values.str.contains(_NEEDS_SPACE).any() else ""
    before, after = (f' t="inlineStr"><is><t{space}>', "</t></is></c>") if kind == "text" else ("><v>", "</v></c>")
    written = [pl.lit(before), pl.col(f"v{name}"), pl.lit(after)]
    if not values.null_count():
        return written, ""
    unknown = pl.col(f"v{name}").is_null()
    blank = "" if cell.instead else pl.when(unknown).then(pl.lit("e")).otherwise(pl.lit(""))
    return [pl.when(unknown).then(pl.lit(instead)).otherwise(pl.concat_str(written))], blank
