"""Where things stand on a hand-made sheet: the header row, the columns that mean something to us, whose row a row is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from xlcrm.audit.book import Sheet, Value
from xlcrm.audit.values import as_text
from xlcrm.tables import columns as c
from xlcrm.tables.addresses import column_letters
from xlcrm.tables.catalog import CUSTOMERS, GRADES, PURCHASES
from xlcrm.tables.periods import find_quarter
from xlcrm.tables.schema import header_key

HEADER_ROWS = 12
"""A header is looked for in the first rows only."""
LONG_NUMBER = 1e15
"""From here on a number in a cell has lost digits of what was typed."""

_KNOWN = {key: column.id for table in (PURCHASES, GRADES, CUSTOMERS) for key, column in table.by_header.items()}


def meaning(header: Value) -> str | None:
    """The column id a header means, by our aliases, a quarter in it aside; `2017Q1` alone is a grade."""
    if not isinstance(header, str):
        return None
    found = _KNOWN.get(header_key(header))
    if found is not None:
        return found
    quarter = find_quarter(header)
    if quarter is None:
        return None
    rest = header_key(quarter[1])
    return _KNOWN.get(rest, c.GRADE if not rest else None)


@dataclass(slots=True)
class Layout:
    """What was recognised on a sheet. header_row is 0 where there is none; columns: column id -> columns with that meaning."""

    sheet: Sheet
    header_row: int = 0
    columns: dict[str, list[int]] = field(default_factory=dict)

    def means(self, column: int) -> str | None:
        """What that column means."""
        return next((column_id for column_id, numbers in self.columns.items() if column in numbers), None)

    def first(self, column_id: str) -> int | None:
        """The first column with that meaning."""
        return next(iter(self.columns.get(column_id, ())), None)

    def header(self, column: int) -> str:
        """The lowest header text above the data of a column."""
        for row in range(self.header_row, 0, -1):
            value = self.sheet.value(row, column)
            if isinstance(value, str) and value.strip():
                return value.strip()
        return ""


def read_layout(sheet: Sheet) -> Layout:
    """Finds the header of a sheet: of its first rows the one with most headers that we know."""
    best = Layout(sheet)
    for row in range(1, min(HEADER_ROWS, sheet.last_row) + 1):
        found: dict[str, list[int]] = {}
        for column in sorted(sheet.values):
            column_id = meaning(sheet.value(row, column))
            if column_id is not None:
                found.setdefault(column_id, []).append(column)
        if sum(map(len, found.values())) > sum(map(len, best.columns.values())):
            best = Layout(sheet, row, found)
    return best


def long_code_text(value: Value) -> str:
    """A code for the report, a damaged one as a spreadsheet shows it."""
    return f"{value:.14E}" if isinstance(value, float) and abs(value) >= LONG_NUMBER else as_text(value).strip()


def cell_ranges(cells: Iterable[tuple[int, int]]) -> str:
    """Cells (row, column) as `G3:G6, H3`: runs down a column are joined, equal runs side by side too."""
    runs: list[tuple[int, int, int]] = []  # column, first row, last row
    for column, row in sorted({(column, row) for row, column in cells}):
        if runs and runs[-1][0] == column and runs[-1][2] == row - 1:
            runs[-1] = (column, runs[-1][1], row)
        else:
            runs.append((column, row, row))
    blocks: list[list[int]] = []  # first column, last column, first row, last row
    for column, top, bottom in sorted(runs, key=lambda run: (run[1], run[2], run[0])):
        if blocks and blocks[-1][1] == column - 1 and blocks[-1][2:] == [top, bottom]:
            blocks[-1][1] = column
        else:
            blocks.append([column, column, top, bottom])
    names = []
    for left, right, top, bottom in sorted(blocks, key=lambda block: (block[0], block[2])):
        first, last = f"{column_letters(left)}{top}", f"{column_letters(right)}{bottom}"
        names.append(first if first == last else f"{first}:{last}")
    return ", ".join(names)
