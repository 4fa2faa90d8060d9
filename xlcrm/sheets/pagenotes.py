"""The user's own doings on page sheets, carried to where their customer stands now: restyled cells, notes, cells beside the page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from xlcrm.sheets.carrying import translated
from xlcrm.sheets.cellvalues import cell_xml
from xlcrm.sheets.pagememory import OldCell, OldLine, PageMemory, restyled, text_of
from xlcrm.sheets.pagerecord import BLOCK_MARK, RECORD_COLUMNS, Place
from xlcrm.sheets.pages import CellValue
from xlcrm.sheets.sheetcells import CellReader
from xlcrm.sheets.stylebook import StyleBook
from xlcrm.sheets.xmlbits import escape, unescape_cell
from xlcrm.tables.addresses import column_letters


@dataclass(slots=True)
class Notes:
    """What stands on the page sheets that are painted anew. lines: every painted row of before, by its place."""

    styles: StyleBook
    reader: CellReader
    lines: dict[Place, OldLine] = field(default_factory=dict)
    _painted: set[tuple[str, str]] = field(default_factory=set)
    _homeless: dict[tuple[str, str], list[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, memories: Iterable[PageMemory | None], styles: StyleBook, reader: CellReader) -> Notes:
        """Gathers what the sheets remember."""
        notes = cls(styles, reader)
        for memory in memories:
            if memory is not None:
                notes.lines.update(memory.lines)
        return notes

    def forget_painted(self, blocks: set[tuple[str, str]]) -> None:
        """Says which blocks are painted in this run; notes on the others have no place any more."""
        self._painted = blocks
        for (family, key, _), line in self.lines.items():
            if key.startswith(BLOCK_MARK) and (family, key) not in blocks:
                written = [text_of(cell, self.reader) for column, cell in sorted(line.cells.items()) if self._typed(line, column, cell)]
                if written:
                    self._homeless.setdefault((family, key), []).extend(text for text in written if text)

    def on_any(self, family: str, keys: Iterable[str]) -> bool:
        """Whether any of these blocks stood on a sheet before, so that there may be something of the user's on it."""
        return bool(self.lines) and any((family, BLOCK_MARK + key, 0) in self.lines for key in keys)

    @staticmethod
    def _typed(line: OldLine, column: int, cell: OldCell) -> bool:
        """Whether the user wrote this cell: it is filled, and no run filled it."""
        painted = line.painted.get(column - 1)
        return cell.filled and (painted is None or painted.empty)

    def cell(self, place: Place, column: int, row: int, style_id: str, value: CellValue, empty: bool) -> str:
        """A painted cell (0-based column), with what the user did to it."""
        address = f"{column_letters(column + 1)}{row}"
        line = self.lines.get(place)
        old = line.cells.get(column + 1) if line is not None else None
        if line is None or old is None:
            return cell_xml(address, style_id, value)
        style_id = restyled(line, column, self.styles) or style_id
        if not self._typed(line, column + 1, old):
            return cell_xml(address, style_id, value)
        if empty:
            return _raw(old, column + 1, line.row, row, style_id)
        self._homeless.setdefault((place[0], place[1]), []).append(text_of(old, self.reader))
        return cell_xml(address, style_id, value)

    def beside(self, place: Place, columns: int, row: int, pieces: dict[int, str]) -> None:
        """Adds cells of the user's that no run painted: between and right of the page's columns."""
        line = self.lines.get(place)
        for column, old in line.cells.items() if line is not None else ():
            inside = column <= columns
            if (
                inside and column - 1 not in pieces and (line is not None and column - 1 not in line.painted)
            ) or column > columns + RECORD_COLUMNS:
                assert line is not None  # there is a cell
                pieces[column - 1] = _raw(old, column, line.row, row, old.style)

    def lost(self, family: str) -> Iterator[tuple[str, list[str]]]:
        """Notes of that kind of page that found no cell, with the key of their block; each is given out once."""
        for place in [place for place in self._homeless if place[0] == family]:
            yield place[1].removeprefix(BLOCK_MARK), self._homeless.pop(place)

    def moved_row(self, tag: str, cells: dict[int, OldCell], old_row: int, row: int) -> str:
        """A row of the user's own at its new place."""
        inner = "".join(_raw(cell, column, old_row, row, cell.style) for column, cell in sorted(cells.items()))
        return f'<row r="{row}"{tag}>{inner}</row>'


def _raw(old: OldCell, column: int, old_row: int, row: int, style_id: str) -> str:
    """A cell of the user's at a new row, its formula made right for it."""
    address = f"{column_letters(column)}{row}"
    inner = old.inner
    if "<f" in inner and old_row != row:
        origin = f"{column_letters(column)}{old_row}"
        inner = re.sub(
            r"(<f\b[^>]*>)([^<]*)(</f>)",
            lambda match: match[1] + escape(translated(unescape_cell(match[2]), origin, address)) + match[3],
            inner,
        )
    style = f' s="{style_id}"' if style_id != "0" else ""
    if not inner:
        return f'<c r="{address}"{style}/>'
    return f'<c r="{address}"{style}{old.attributes}>{inner}</c>'
