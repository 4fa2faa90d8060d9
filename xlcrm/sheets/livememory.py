"""What the last run painted on a page sheet of an open workbook, and what the user has typed there since.

The record stands in the two hidden columns that `pagerecord` describes. The looks of cells cannot be read from an open workbook,
so a look that a run does not have to change is left as the user made it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from xlcrm.sheets.livegrid import LiveBook
from xlcrm.sheets.livevalues import LiveValue, column_texts, stands
from xlcrm.sheets.pagerecord import BLOCK_MARK, MARK, RECORD_COLUMNS, Painted, Place

_CODE = re.compile(r"(\d+):(\d+)(e?)(l?)")


@dataclass(slots=True)
class LiveLine:
    """One painted row as it stands now: its number, what was painted, and its values from column A on."""

    row: int
    painted: dict[int, Painted]
    values: list[LiveValue]


@dataclass(slots=True)
class LiveMemory:
    """One page sheet before it is painted anew. columns: of the page. extra: rows below or between that no run painted."""

    columns: int
    lines: dict[Place, LiveLine] = field(default_factory=dict)
    extra: list[int] = field(default_factory=list)
    last_row: int = 0

    def by_row(self) -> dict[int, tuple[Place, LiveLine]]:
        """The painted lines by the row on which they stand."""
        return {line.row: (place, line) for place, line in self.lines.items()}


def read_memory(book: LiveBook, sheet: str, family: str) -> LiveMemory | None:
    """What a run painted on this sheet; None when none ever did."""
    rows = [[stands(value) for value in row] for row in book.rows(sheet, book.used(sheet))]
    mark = _find_mark(rows[:3])
    if mark is None:
        return None
    place, fields = mark
    memory = LiveMemory(int(fields[2]))
    styles = [(name, code) for name, _, code in (entry.partition("~") for entry in fields[3:])]
    known: dict[str, dict[int, Painted]] = {}  # blocks are painted alike
    for number, row in enumerate(rows, 1):
        record = str(row[place - 1] or "").split("\t") if place <= len(row) else []
        row[place - 1 : place + 1] = [None] * len(row[place - 1 : place + 1])
        if len(record) == 3 and record[0].isdigit():
            if record[1] not in known:
                known[record[1]] = dict(_codes(record[1], styles))
            memory.lines[(family, record[2], int(record[0]))] = LiveLine(number, known[record[1]], row)
            memory.last_row = number
        elif any(value is not None for value in row):
            memory.extra.append(number)
    return memory


def _find_mark(rows: list[list[LiveValue]]) -> tuple[int, list[str]] | None:
    """The 0-based column of the mark, and its parts."""
    for row in rows:
        for column in reversed(range(len(row))):
            value = row[column]
            fields = value.split("\t") if isinstance(value, str) else []
            if fields and fields[0] == MARK and len(fields) >= 3 and fields[2].isdigit():
                return column, fields
    return None


def _codes(written: str, styles: list[tuple[str, str]]) -> Iterator[tuple[int, Painted]]:
    for match in _CODE.finditer(written):
        if int(match[2]) < len(styles):
            yield int(match[1]), Painted(styles[int(match[2])], bool(match[3]), bool(match[4]))


class LiveNotes:
    """What the user typed on the page sheets that are painted anew, carried to where its customer stands now."""

    def __init__(self, memories: Iterable[LiveMemory | None], painted: set[tuple[str, str]]) -> None:
        """painted: family and key of every block of this run; notes on the others have no place any more."""
        self.lines: dict[Place, LiveLine] = {}
        self._homeless: dict[tuple[str, str], list[str]] = {}
        for memory in memories:
            if memory is not None:
                self.lines.update(memory.lines)
        for place, line in self.lines.items():
            if place[1].startswith(BLOCK_MARK) and place[:2] not in painted:
                self._lose(place, [value for column, value in enumerate(line.values) if _typed(line, column)])

    def _lose(self, place: Place, values: Iterable[LiveValue]) -> None:
        texts = [column_texts([value], as_date=False)[0] for value in values if value is not None]
        if texts:
            self._homeless.setdefault(place[:2], []).extend(texts)

    def value(self, place: Place, column: int, value: LiveValue) -> LiveValue:
        """What stands in a painted cell (0-based column): a note of the user's where the run leaves it empty."""
        line = self.lines.get(place)
        if line is None or column >= len(line.values) or not _typed(line, column):
            return value
        if value is None or value == "":
            return line.values[column]
        self._lose(place, [line.values[column]])
        return value

    def beside(self, place: Place, columns: int) -> dict[int, LiveValue]:
        """What the user typed where no run painted: between the painted cells and right of the record."""
        line = self.lines.get(place)
        if line is None:
            return {}
        outside = range(columns, columns + RECORD_COLUMNS)
        return {
            column: value
            for column, value in enumerate(line.values)
            if value is not None and column not in outside and column not in line.painted
        }

    def lost(self, family: str) -> Iterator[tuple[str, list[str]]]:
        """Notes of that kind of page that found no cell, with the key of their block; each is given out once."""
        for block in [block for block in self._homeless if block[0] == family]:
            yield block[1].removeprefix(BLOCK_MARK), self._homeless.pop(block)


def _typed(line: LiveLine, column: int) -> bool:
    """Whether the user wrote this cell: it is filled, and no run filled it."""
    painted = line.painted.get(column)
    return line.values[column] is not None and (painted is None or painted.empty)
