"""Pages painted onto the sheets of an open workbook, new sheets or the ones that an earlier run made.

Only what has to change is set: a page whose figures are new gets its values in one block, and the look of a cell is touched only
where the page wants another one than the last run gave it. What a sheet needs for printing comes from the pattern sheet.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from xlcrm.sheets import places
from xlcrm.sheets.livegrid import PX_TO_POINTS, LiveBook
from xlcrm.sheets.livelayout import Cell, Layout, Look, address_of, laid_out, rectangles
from xlcrm.sheets.livelooks import LiveLooks
from xlcrm.sheets.livememory import LiveMemory, LiveNotes, read_memory
from xlcrm.sheets.livevalues import LiveValue, stands
from xlcrm.sheets.pagerecord import BLOCK_MARK, RECORD_COLUMNS, Place
from xlcrm.sheets.pages import BlockFrame, Page
from xlcrm.sheets.pagewords import sheet_name_of
from xlcrm.sheets.xmlbits import Area
from xlcrm.tables.addresses import LAST_COLUMN
from xlcrm.tables.catalog import TABLES


def page_sheets(book: LiveBook) -> dict[str, str]:
    """The sheets of pages that the workbook has: page id -> name of the sheet."""
    return {places.page_id_of(name): sheet for name, (sheet, _) in book.names.items() if name.startswith(places.PAGE_PREFIX)}


def family_of(page_id: str) -> str:
    """Pages of one kind, between which a customer can move: `route:3` -> `route`."""
    return page_id.partition(":")[0]


class LivePagePainter:
    """Paints pages of one open workbook."""

    def __init__(self, book: LiveBook) -> None:
        self._book = book
        self._looks = LiveLooks(book)
        self._sheets = page_sheets(book)
        self._names = list(book.sheet_names)

    def paint(self, pages: Sequence[Page], removed: Sequence[str] = ()) -> None:
        """Paints the pages and takes out the sheets of removed ones. Notes on customers whose page changed go with the customer."""
        old = {page_id: self._sheets[page_id] for page_id in [*(page.id for page in pages), *removed] if page_id in self._sheets}
        memories = {page_id: read_memory(self._book, sheet, family_of(page_id)) for page_id, sheet in old.items()}
        painted = {(family_of(page.id), BLOCK_MARK + key) for page in pages for key in _keys(page)}
        notes = LiveNotes(memories.values(), painted)
        front = None if self._book.remote else self._book.book.sheets.active
        previous = ""
        for page in pages:
            if page.id in old:
                self._put(page, old[page.id], laid_out(page, notes), memories[page.id], notes)
                previous = old[page.id]
            else:
                previous = self._add(page, previous or self._place_of_first(page), notes)
        # Sheets go last: where the snapshot's sheets stand counts until then.
        for page_id in removed:
            if page_id in old and page_id not in places.PAGE_SHEETS:
                self._book.book.names[places.page_name(page_id)].delete()
                self._book.sheet(old[page_id]).delete()
                self._book.sheets_changed()
        if front is not None:
            front.activate()

    # -- sheets

    def _place_of_first(self, page: Page) -> str:
        """A new route sheet comes behind the sheets of its kind, else behind the table of routes; any other page behind the last page."""
        same = [sheet for page_id, sheet in self._sheets.items() if family_of(page_id) == family_of(page.id)]
        if not same and family_of(page.id) == "route":
            routes = self._book.tables.get(TABLES["routes"].excel_name.casefold())
            return routes.sheet if routes is not None else self._names[-1]
        return max(same or list(self._sheets.values()) or [self._names[-1]], key=self._names.index)

    def _add(self, page: Page, after: str, notes: LiveNotes) -> str:
        name = sheet_name_of(page.sheet_name, {known.casefold() for known in self._names})
        if family_of(page.id) == "route" and places.ROUTE_PATTERN in self._names:
            self._copy_pattern(name, after)
        else:
            self._book.book.sheets.add(name, after=self._book.sheet(after))
            self._book.sheets_changed()
            self._set_columns(page, name)
        self._names.insert(self._names.index(after) + 1, name)
        self._book.book.names.add(places.page_name(page.id), f"={places.quoted(name)}!$A$1")
        columns = len(page.column_widths_px)
        self._book.range(name, Area(columns + 1, 1, columns + RECORD_COLUMNS, 1)).columns.hidden = True
        self._put(page, name, laid_out(page, notes), None, notes)
        return name

    def _copy_pattern(self, name: str, after: str) -> None:
        """A copy of the pattern sheet, which has the print set-up. Programs copy only a sheet that can be seen."""
        pattern = self._book.sheet(places.ROUTE_PATTERN)
        pattern.visible = True
        pattern.copy(after=self._book.sheet(after), name=name)
        self._book.sheets_changed()
        self._book.sheet(places.ROUTE_PATTERN).visible = False
        self._book.sheet(name).visible = True

    def _set_columns(self, page: Page, name: str) -> None:
        for column, pixels in enumerate(page.column_widths_px, 1):
            # Points with Office.js; characters of 7 pixels, and 5 pixels round them, on the desktop.
            width = pixels * PX_TO_POINTS if self._book.remote else max(pixels - 5, 0) / 7
            self._book.range(name, Area(column, 1, column, 1)).column_width = width
        self._book.sheet(name).show_gridlines = False

    # -- one page

    def _put(self, page: Page, sheet: str, layout: Layout, memory: LiveMemory | None, notes: LiveNotes) -> None:
        if memory is None and page.id in self._sheets:  # the template's own sheet, with nothing on it that a run made
            used = self._book.used(sheet)
            everything = self._book.range(sheet, Area(1, 1, max(used.right, layout.columns), max(used.bottom, layout.rows)))
            everything.unmerge()
            everything.clear()
        old_rows = memory.last_row if memory is not None else 0
        same = _same_rows(layout, memory)
        self._fit_rows(sheet, layout, old_rows, memory)
        stale = _stale_links(layout, memory)
        self._merge(sheet, layout, memory, same, stale)
        for (row, column), (link, tip) in layout.links.items():
            cell = self._book.range(sheet, Area(column + 1, row, column + 1, row))
            # The shown text would become the value; the value is set behind it.
            cell.add_hyperlink(address_of(link, sheet, row, column), " ", tip)
        self._give_looks(sheet, layout, memory)
        self._write_values(sheet, layout, memory, everything=bool(stale or layout.links))
        for first, last, pixels in _runs_of_heights(layout, same):
            self._book.range(sheet, Area(1, first, 1, last)).row_height = pixels * PX_TO_POINTS
        if layout.rows != old_rows:
            self._book.sheet(sheet).page_setup.print_area = Area(1, 1, layout.columns, layout.rows).absolute
        below = max([layout.rows + 1, *(number + layout.rows - old_rows for number in (memory.extra if memory else ()))])
        for number, (key, written) in enumerate(notes.lost(family_of(page.id)), 1):
            self._book.write(sheet, below + number, 1, [[key, " · ".join(written)]])

    def _fit_rows(self, sheet: str, layout: Layout, old_rows: int, memory: LiveMemory | None) -> None:
        """Rows of the user's below the page move with its end; rows that are painted no more go."""
        if layout.rows > old_rows and memory is not None and any(number > old_rows for number in memory.extra):
            self._book.range(sheet, Area(1, old_rows + 1, LAST_COLUMN, layout.rows)).insert("down")
        elif layout.rows < old_rows:
            self._book.range(sheet, Area(1, layout.rows + 1, LAST_COLUMN, old_rows)).delete("up")

    def _merge(self, sheet: str, layout: Layout, memory: LiveMemory | None, same: Mapping[int, bool], stale: Sequence[Cell]) -> None:
        """Merged cells. What is merged cannot be read: rows that are painted like before have the same ones.

        A link can only be taken away with all else that a cell has, while it is not part of a merged one.
        """
        rows = min(layout.rows, memory.last_row) if memory is not None else 0
        before = memory.by_row() if memory is not None else {}
        changed = (
            bool(stale)
            or any(not same.get(row) for row in range(1, rows + 1))
            or any(area.bottom > area.top and not _same_blocks(layout, before, area) for area in layout.merges if area.top <= rows)
        )
        if changed:
            self._book.range(sheet, Area(1, 1, layout.columns, rows)).unmerge()
        for area, _ in rectangles(dict.fromkeys(stale, ("", ""))):
            self._book.range(sheet, area).clear()
        for area in layout.merges:
            if changed or area.bottom > rows:
                self._book.range(sheet, area).merge()

    def _give_looks(self, sheet: str, layout: Layout, memory: LiveMemory | None) -> None:
        given: dict[Cell, Look] = {}
        if memory is not None:
            given = {
                (line.row, column): painted.style for line in memory.lines.values() for column, painted in line.painted.items()
                if not painted.link  # the program gave a link a look of its own
            }  # fmt: skip
        plain: Look = ("", "")
        wanted = {cell: plain for cell in given if cell not in layout.looks and cell[0] <= layout.rows}
        wanted |= {cell: look for cell, look in layout.looks.items() if given.get(cell) != look or cell in layout.links}
        pattern = _pattern(layout, wanted)
        if pattern:
            top, tall = layout.first_block_row, layout.block_lines
            bottom = top + (_block_rows(layout) // tall) * tall - 1
            for area, look in rectangles({(top + line, column): look for (line, column), look in pattern.items()}):
                self._looks.give(sheet, area, *look)
            source = Area(1, top, layout.columns, top + tall - 1)
            self._book.copy_formats((sheet, source), sheet, Area(1, top + tall, layout.columns, bottom))
            wanted = {
                (row, column): look for (row, column), look in wanted.items()
                if not top <= row <= bottom or column >= layout.columns or pattern.get(((row - top) % tall, column)) != look
            }  # fmt: skip
        for area, look in rectangles(wanted):
            self._looks.give(sheet, area, *look)

    def _write_values(self, sheet: str, layout: Layout, memory: LiveMemory | None, everything: bool) -> None:
        """The page and its record in one block, from the first row that differs to the last one."""
        width = layout.columns + RECORD_COLUMNS
        there = self._book.rows(sheet, Area(1, 1, width, layout.rows))
        differs = [
            number for number, (row, before) in enumerate(zip(layout.values, there, strict=True))
            if everything or [value if value != "" else None for value in row] != [stands(value) for value in before]
        ]  # fmt: skip
        if differs:
            first, last = differs[0], differs[-1]
            self._book.write(sheet, first + 1, 1, layout.values[first : last + 1])
        before_beside = {
            (line.row, column): value for line in (memory.lines.values() if memory is not None else ())
            for column, value in enumerate(line.values) if value is not None and column >= width
        }  # fmt: skip
        beside: dict[Cell, LiveValue] = {cell: None for cell in before_beside if cell[0] <= layout.rows} | layout.beside
        for (row, column), value in beside.items():
            if before_beside.get((row, column)) != value or (row, column) in layout.links:
                self._book.write(sheet, row, column + 1, [[value]])


def _keys(page: Page) -> Iterable[str]:
    """The keys of a page's blocks, without making the blocks."""
    return page.blocks.block_keys() if isinstance(page.blocks, BlockFrame) else [block.key for block in page.blocks]


def _stale_links(layout: Layout, memory: LiveMemory | None) -> list[Cell]:
    """Cells that the last run gave a link and that shall have none."""
    lines = memory.lines.values() if memory is not None else ()
    linked = {(line.row, column) for line in lines for column, painted in line.painted.items() if painted.link}
    return sorted(cell for cell in linked if cell not in layout.links and cell[0] <= layout.rows)


def _same_rows(layout: Layout, memory: LiveMemory | None) -> dict[int, bool]:
    """For each row whether a row of that shape stands there: heights and cells merged along it are then right."""
    before = memory.by_row() if memory is not None else {}
    same = {}
    for row, (family, key, number) in enumerate(layout.places, 1):
        old = before.get(row)
        same[row] = (
            old is not None
            and old[0][2] == number
            and _kind(old[0]) == _kind((family, key, number))
            and set(old[1].painted) == {column for column in range(layout.columns) if (row, column) in layout.looks}
        )
    return same


def _kind(place: Place) -> str:
    return BLOCK_MARK if place[1].startswith(BLOCK_MARK) else place[1]


def _same_blocks(layout: Layout, before: Mapping[int, tuple[Place, object]], area: Area) -> bool:
    """Whether the rows of an area belong to the same blocks as before, and the one behind it too, so that it reaches as far."""
    rows = range(area.top, min(area.bottom + 2, layout.rows + 1))
    return all(row in before and before[row][0] == layout.places[row - 1] for row in rows)


def _block_rows(layout: Layout) -> int:
    return sum(1 for place in layout.places if place[1].startswith(BLOCK_MARK))


def _pattern(layout: Layout, wanted: Mapping[Cell, Look]) -> dict[Cell, Look]:
    """The look that most blocks have, by line and column; nothing where setting what is wanted takes fewer steps."""
    tall = layout.block_lines
    if not tall or _block_rows(layout) < 3 * tall:
        return {}
    top, rows = layout.first_block_row, _block_rows(layout)
    if sum(top <= row < top + rows for row, _ in wanted) < rows * layout.columns * 0.8:
        return {}  # most of it looks right, and perhaps the user changed it here and there
    seen: dict[Cell, Counter[Look]] = {}
    for (row, column), look in layout.looks.items():
        if top <= row < top + rows and column < layout.columns:
            seen.setdefault(((row - top) % tall, column), Counter())[look] += 1
    return {cell: counts.most_common(1)[0][0] for cell, counts in seen.items()}


def _runs_of_heights(layout: Layout, same: Mapping[int, bool]) -> list[tuple[int, int, int]]:
    """Rows to give a height to (first, last, pixels): all new blocks the one that most of their rows have, then the others."""
    new = [row for row in range(1, layout.rows + 1) if not same[row]]
    blocks = [row for row in new if layout.places[row - 1][1].startswith(BLOCK_MARK)]
    runs: list[tuple[int, int, int]] = []
    common = 0
    if len(blocks) > 2 and blocks[-1] - blocks[0] == len(blocks) - 1:
        common = Counter(layout.heights[row - 1] for row in blocks).most_common(1)[0][0]
        runs.append((blocks[0], blocks[-1], common))
    done, start = set(blocks if common else ()), len(runs)
    for row in new:
        pixels = layout.heights[row - 1]
        if row in done and pixels == common:
            continue
        if len(runs) > start and runs[-1][1] + 1 == row and runs[-1][2] == pixels:
            runs[-1] = (runs[-1][0], row, pixels)
        else:
            runs.append((row, row, pixels))
    return runs
