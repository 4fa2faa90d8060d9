"""Erases a person's texts from the sheets of an open workbook, and looks for what is left of them.

Only what surely is a typed value is written over: columns of our tables that no formula fills, the Import sheet, painted pages. What
stands elsewhere is found and said. Hidden parts of a file do not exist here: the program writes them anew from its sheets.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from xlcrm.rules.erasure import Pattern
from xlcrm.sheets import places
from xlcrm.sheets.foundtexts import OWN_TABLES, Found
from xlcrm.sheets.livegrid import LiveBook, LiveTable
from xlcrm.sheets.livememory import read_memory
from xlcrm.sheets.livevalues import stands
from xlcrm.sheets.pagerecord import BLOCK_MARK, NAMELESS_STYLES, RECORD_COLUMNS
from xlcrm.sheets.storereading import ids_of_headers
from xlcrm.sheets.xmlbits import Area
from xlcrm.tables.addresses import LAST_COLUMN, LAST_ROW, column_letters
from xlcrm.tables.catalog import TABLES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xlcrm.sheets.changes import Erasure

Cell = tuple[str, int, int]
"""Sheet, row, column; both from 1."""
_SPECS = {spec.excel_name.casefold(): spec for spec in TABLES.values()}


def erase(book: LiveBook, erasure: Erasure) -> None:
    """Writes over every such text. What was written before in this run counts as it was written."""
    from xlcrm.sheets.livepages import family_of, page_sheets

    pattern, pages = Pattern(erasure.texts), page_sheets(book)
    changed: dict[Cell, str | None] = {}
    for page_id, sheet in pages.items():
        changed |= _of_blocks(book, sheet, family_of(page_id), erasure)
    typed = _Typed(book, set(pages.values()))
    for place, shown in _texts(book):
        if place in typed and place not in changed and pattern.found_in(shown):
            changed[place] = pattern.replaced(shown, erasure.mark)
    for (sheet, row, column), value in changed.items():
        book.write(sheet, row, column, [[value]])


def find(book: LiveBook, texts: Sequence[str]) -> list[Found]:
    """Every cell that shows one of these texts, but those that a formula of ours fills: they show something else by now."""
    pattern = Pattern(tuple(texts))
    if not pattern:
        return []
    own, looked_up = _own_sheets(book), _looked_up(book)
    found = []
    for (sheet, row, column), shown in _texts(book):
        hit = pattern.expression.search(shown)
        if hit is not None and not any(_inside(area, row, column) for area in looked_up.get(sheet, ())):
            found.append(Found(hit[0], f"{sheet}!{column_letters(column)}{row}", sheet not in own))
    return found


def _texts(book: LiveBook) -> Iterator[tuple[Cell, str]]:
    """The texts of all cells, with what this run wrote in the place of what was read."""
    written: Mapping[Cell, object] = book.written or {}
    for sheet in book.sheet_names:
        if sheet == places.STYLES_SHEET:
            continue
        for row, values in enumerate(book.rows(sheet, book.used(sheet)), 1):
            for column, value in enumerate(values, 1):
                shown = stands(value)
                if isinstance(shown, str) and (sheet, row, column) not in written:
                    yield (sheet, row, column), shown
    for place, value in written.items():
        if isinstance(value, str) and value:
            yield place, value


def _own_sheets(book: LiveBook) -> set[str]:
    tables = {table.sheet for name, table in book.tables.items() if name in OWN_TABLES}
    return tables | {sheet for name, (sheet, _) in book.names.items() if name.startswith("crm.")} | {places.ROUTE_PATTERN}


def _columns(table: LiveTable, formulas: bool) -> Iterator[Area]:
    """The columns of a table of ours that a formula fills, or those that none does; the user's own are neither."""
    spec = _SPECS[table.name.casefold()]
    for name, number in ids_of_headers(table.headers, table.area.left, spec).items():
        if name in spec.by_id and (spec.by_id[name].filled_by == "formula") == formulas:
            yield Area(number, table.body.top, number, table.body.bottom)


def _looked_up(book: LiveBook) -> dict[str, list[Area]]:
    """By sheet, where formulas of ours show what stands elsewhere."""
    found = _searched(book)
    for name, table in book.tables.items():
        if name in OWN_TABLES:
            found.setdefault(table.sheet, []).extend(_columns(table, formulas=True))
    return found


def _searched(book: LiveBook) -> dict[str, list[Area]]:
    """The search beside the card, which offers customers by formulas: all but the cell that is typed in."""
    place = book.place(places.CARD_FIND)
    if place is None:
        return {}
    sheet, find = place
    return {sheet: [Area(find.left, 1, LAST_COLUMN, find.top - 1), Area(find.left, find.bottom + 1, LAST_COLUMN, LAST_ROW)]}


class _Typed:
    """The places of cells that surely hold typed values."""

    def __init__(self, book: LiveBook, pages: set[str]) -> None:
        self._areas: dict[str, list[Area]] = {}
        for name, table in book.tables.items():
            if name in OWN_TABLES and name != TABLES["audit"].excel_name.casefold():
                self._areas.setdefault(table.sheet, []).extend(_columns(table, formulas=False))
        paste = book.place(places.IMPORT_PASTE)
        self._everywhere = {paste[0]} if paste is not None else set()
        self._pages, self._searched = pages, _searched(book)

    def __contains__(self, place: Cell) -> bool:
        sheet, row, column = place
        if any(_inside(area, row, column) for area in self._searched.get(sheet, ())):
            return False
        if sheet in self._everywhere or sheet in self._pages:
            return True
        return any(_inside(area, row, column) for area in self._areas.get(sheet, ()))


def _inside(area: Area, row: int, column: int) -> bool:
    return area.left <= column <= area.right and area.top <= row <= area.bottom


def _of_blocks(book: LiveBook, sheet: str, family: str, erasure: Erasure) -> dict[Cell, str | None]:
    """The cells of the person's blocks on a page: figures, grades and the code stay. Of the person's card nothing does."""
    memory = read_memory(book, sheet, family)
    if memory is None:
        return {}
    blocks = {BLOCK_MARK + code for code in erasure.codes}
    # The search beside the card may offer the person while the card shows somebody else.
    shown = (value for line in memory.lines.values() for value in line.values[: memory.columns])
    words = {word for value in shown if isinstance(value, str) for word in value.split()}
    card = family == "card" and bool(words & erasure.codes)
    found: dict[Cell, str | None] = {}
    for (_, key, _), line in memory.lines.items():
        for column, value in enumerate(line.values) if card or key in blocks else ():
            if value is None or memory.columns <= column < memory.columns + RECORD_COLUMNS or (card and column >= memory.columns):
                continue  # the record, and the search beside the card
            painted = line.painted.get(column)
            style = painted.style[0].split(".") if painted is not None and not painted.empty else []
            if card or not NAMELESS_STYLES.intersection(style):
                found[sheet, line.row, column + 1] = erasure.mark if "name" in style and not card else None
    for number in memory.extra:
        values = [stands(value) for value in book.rows(sheet, Area(1, number, book.used(sheet).right, number))[0]]
        if values and values[0] in erasure.codes:
            found |= {(sheet, number, column): None for column, value in enumerate(values, 1) if value is not None}
    return found
