"""An open workbook's sheets as a macro's user sees them, on every host of xlwings: Import sheets, selection, the sheet in front."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from xlcrm.rules.search import code_meant
from xlcrm.sheets import places
from xlcrm.sheets.livewriting import writing
from xlcrm.tables import columns as c
from xlcrm.tables.catalog import TABLES
from xlcrm.tables.celltext import cell_text
from xlcrm.tables.schema import header_key
from xlcrm.texts import LANGUAGES

if TYPE_CHECKING:
    import xlwings

DONE_MARK = "✓"
"""Stands before the name of a moved sheet once its rows are imported."""

Rows = Sequence[Sequence[object]]


def named_range(book: xlwings.Book, name: str) -> xlwings.Range | None:
    """The cells of a defined name; None where the workbook does not have it, or it is no single range."""
    if name not in book.names:
        return None
    try:
        return book.names[name].refers_to_range
    except Exception:  # each host has its own error for a name that is a formula or points nowhere
        return None


def rows_of(cells: xlwings.Range) -> list[list[object]]:
    """The values of a range, row by row; blank is None, an error is its text: a figure that is #REF! must not pass for a blank."""
    values: list[list[object]] = cells.options(ndim=2, err_to_str=True).value
    return values


def import_sheets(book: xlwings.Book) -> list[tuple[str, Rows]]:
    """Sheets that hold an export, by name, each with its rows from row 1 on.

    That is the Import sheet where something was pasted (the rows above the place to paste are blank here), and every sheet that was
    moved into the workbook under a name that begins like the Import sheet's.
    """
    found: list[tuple[str, Rows]] = []
    for sheet in _moved(book):
        rows = rows_of(sheet.range((1, 1), _last(sheet)))
        if _any_filled(rows):
            found.append((sheet.name, rows))
    pasted = _pasted(book)
    if pasted is not None:
        rows = rows_of(pasted)
        if _any_filled(rows):
            found.append((pasted.sheet.name, [*([] for _ in range(pasted.row - 1)), *rows]))
    return found


def clear_import_sheets(book: xlwings.Book) -> None:
    """Empties the place to paste, and marks moved sheets as done: their rows are in the tables, or in Problems."""
    from xlcrm.sheets.pagewords import sheet_name_of  # needs frames, which a desk alone does not

    with writing(at_once=book.app.engine.type != "remote"):
        pasted = _pasted(book)
        if pasted is not None:
            pasted.clear_contents()
        taken = {sheet.name.casefold() for sheet in book.sheets}
        for sheet in _moved(book):
            sheet.name = sheet_name_of(f"{DONE_MARK} {sheet.name}", taken)


def _place_to_paste(book: xlwings.Book) -> xlwings.Range | None:
    """The first cell of the place to paste; None where the workbook has none."""
    found = named_range(book, places.IMPORT_PASTE)
    if found is not None or places.IMPORT_PASTE not in book.names:
        return found
    # Its rows were deleted, or cut cells were moved there, and the name points nowhere any more.
    own = {places.sheet_name("import", language) for language in LANGUAGES}
    return next((sheet.range((places.IMPORT_ROW, 1)) for sheet in book.sheets if sheet.name in own), None)


def _moved(book: xlwings.Book) -> list[xlwings.Sheet]:
    start = _place_to_paste(book)
    if start is None:
        return []
    # The whole word: a sheet "Important" of the user's is no export.
    moved = re.compile(rf"{re.escape(start.sheet.name)}(?![a-z])", re.IGNORECASE)
    return [sheet for sheet in book.sheets if sheet.name != start.sheet.name and moved.match(sheet.name)]


def _last(sheet: xlwings.Sheet) -> tuple[int, int]:
    cell = sheet.used_range.last_cell
    return cell.row, cell.column


def _any_filled(rows: Rows) -> bool:
    return any(value is not None and cell_text(value).strip() != "" for row in rows for value in row)


def _pasted(book: xlwings.Book) -> xlwings.Range | None:
    start = _place_to_paste(book)
    if start is None:
        return None
    last = start.sheet.used_range.last_cell
    if last.row < start.row or last.column < start.column:
        return None
    return start.sheet.range((start.row, start.column), (last.row, last.column))


def selected_codes(book: xlwings.Book, known: Collection[str]) -> list[str]:
    """The customer codes of the selected rows, in their order and each once; else the one searched for on the card sheet; else none.

    known: the codes of the Customers table. On a sheet with a table that has a column of codes, that column counts; on the card sheet
    its search, or a hit that is selected there; on any other (a route sheet), the first cell of the row that holds a known code.
    """
    searched = named_range(book, places.CARD_FIND)
    if searched is None or book.sheets.active.name != searched.sheet.name:
        codes = list(dict.fromkeys(code for row in _selected_rows(book) if (code := _code_of(row, known))))
        if codes:
            return codes
    else:
        hits = [code_meant(cell_text(row[0])) for row in _selected_hits(book, searched)]
        if codes := [code for code in dict.fromkeys(hits) if code in known]:
            return codes
    return _searched_code(book, searched, known)


def _selected_hits(book: xlwings.Book, searched: xlwings.Range) -> list[list[object]]:
    """The selected cells of the column in which the card's search lists its hits."""
    selected = _selection(book)
    if selected is None or not selected.column == selected.last_cell.column == searched.column:
        return []
    last = min(selected.last_cell.row, selected.sheet.used_range.last_cell.row)
    return rows_of(selected.sheet.range((selected.row, selected.column), (last, selected.column))) if last >= selected.row else []


def _searched_code(book: xlwings.Book, searched: xlwings.Range | None, known: Collection[str]) -> list[str]:
    """What is searched on the card sheet: a code as it stands there, else what the sheet's formula makes of it."""
    if searched is None:
        return []
    typed = code_meant(cell_text(searched.value))
    if typed in known or not typed:
        return [typed] if typed else []
    found = named_range(book, places.CARD_CODE)
    code = cell_text(found.value).strip() if found is not None else ""
    return [code] if code in known else []


def _selected_rows(book: xlwings.Book) -> list[list[object]]:
    """The rows of the active sheet that the selection touches; of a sheet that has a column of codes, only that column."""
    selected = _selection(book)
    if selected is None:  # a picture or a chart is selected
        return []
    used = selected.sheet.used_range
    first, last = max(selected.row, used.row), min(selected.last_cell.row, used.last_cell.row)
    if first > last:
        return []
    row_cells = selected.sheet.range((first, used.column), (last, used.last_cell.column))
    rows = rows_of(row_cells)
    column = _code_column(selected.sheet)
    return rows if column is None else [[row[column - used.column]] for row in rows]


def _selection(book: xlwings.Book) -> xlwings.Range | None:
    if book.app.engine.type != "remote":
        return book.selection
    # xlwings' own answer is about the workbook that came in last, which on a server may be another user's.
    address = book.impl.api["book"]["selection"]
    return book.sheets.active.range(address) if address else None


def _code_column(sheet: xlwings.Sheet) -> int | None:
    code_heads = TABLES["customers"].by_id[c.CUSTOMER_CODE].header_keys
    for table in sheet.tables:
        heads = table.header_row_range
        if heads is not None:
            for place, head in enumerate(rows_of(heads)[0]):
                if header_key(cell_text(head)) in code_heads:
                    return int(heads.column) + place
    return None


def _code_of(row: Sequence[object], known: Collection[str]) -> str:
    return next((code for value in row if (code := cell_text(value).strip()) in known), "")


def show_sheet_of_page(book: xlwings.Book, page_id: str) -> None:
    """Brings a page's sheet to the front, or the sheet of that id (`gaps`); nothing where the workbook has none, or hides it."""
    for name in (places.page_name(page_id), places.SHEET_PREFIX + page_id):
        found = named_range(book, name)
        if found is not None:
            if found.sheet.visible:
                found.sheet.activate()
            return


def selected_run(book: xlwings.Book) -> str:
    """The number of the run that is selected in its column on the Audit sheet; empty where the selection is anywhere else.

    A cell of another column does not count: it may be selected only because nobody selected anything.
    """
    selected = _selection(book)
    if selected is None:
        return ""
    spec = TABLES["audit"]
    table = next((table for table in selected.sheet.tables if table.name.casefold() == spec.excel_name.casefold()), None)
    heads = table.header_row_range if table is not None else None
    if heads is None or selected.row <= heads.row:
        return ""
    keys = [header_key(cell_text(head)) for head in rows_of(heads)[0]]
    place = next((place for place, key in enumerate(keys) if key in spec.by_id[c.JOB_ID].header_keys), None)
    if place is None or not selected.column == selected.last_cell.column == heads.column + place:
        return ""
    return cell_text(rows_of(selected.sheet.range((selected.row, selected.column)))[0][0]).strip()
