"""Pages painted onto the sheets of a closed workbook, new sheets or the ones that an earlier run made.

On a sheet that was painted before, only what a run painted is replaced: rows, merged cells, its own links, breaks and print
names. Columns, view, page set-up, drawings, comments, formats of the user's stay, and so do restyled cells, notes written into
empty cells, cells beside the page and rows below it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from xlcrm.sheets import places
from xlcrm.sheets.blockpaint import FramePainter
from xlcrm.sheets.cellvalues import cell_xml
from xlcrm.sheets.elements import element, with_element
from xlcrm.sheets.pagememory import OldLine, PageMemory, read_memory
from xlcrm.sheets.pagenotes import Notes
from xlcrm.sheets.pagerecord import BLOCK_MARK, FOOT_KEY, HEAD_KEY, RECORD_COLUMNS, Place, Recorder
from xlcrm.sheets.pages import BlockFrame, Page, PageCell, PageLine
from xlcrm.sheets.pagesetup import new_sheet_xml, set_up
from xlcrm.sheets.parts import DefinedName, Sheet, Workbook
from xlcrm.sheets.sheetcells import CellReader
from xlcrm.sheets.sheetxml import SheetXml
from xlcrm.sheets.stylebook import StyleBook
from xlcrm.sheets.tailedits import follow_rows, grow_ranges
from xlcrm.sheets.xmlbits import Area, attributes, quote
from xlcrm.tables.addresses import LAST_COLUMN, column_letters
from xlcrm.tables.catalog import TABLES

MAX_TIP = 255
"""Longest tip of a link."""


def family_of(page_id: str) -> str:
    """Pages of one kind, between which a customer can move: `route:3` -> `route`."""
    return page_id.partition(":")[0]


@dataclass(slots=True)
class Canvas:
    """The rows of one page while they are painted."""

    rows: list[bytes] = field(default_factory=list)
    merges: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    breaks: list[int] = field(default_factory=list)
    moves: dict[int, int] = field(default_factory=dict)
    head_rows: int = 0
    printed_rows: int = 0
    last_row: int = 0

    def add(self, row: str, number: int) -> None:
        """Adds one row."""
        self.rows.append(row.encode())
        self.last_row = number


class PagePainter:
    """Paints pages into the parts of one workbook."""

    def __init__(self, workbook: Workbook, reader: CellReader) -> None:
        self.workbook, self.reader = workbook, reader
        self.styles = StyleBook(workbook, reader)
        self._frames: FramePainter | None = None

    def page_sheets(self) -> dict[str, Sheet]:
        """The sheets of pages that the workbook has, by page id."""
        found = {}
        for name in self.workbook.names:
            if name.name.startswith(places.PAGE_PREFIX) and name.sheet is None:
                sheet = self._sheet_of(name)
                if sheet is not None:
                    found[places.page_id_of(name.name)] = sheet
        return found

    def _sheet_of(self, name: DefinedName) -> Sheet | None:
        place = name.refers_to.rpartition("!")[0]
        return self.workbook.sheet(place.removeprefix("'").removesuffix("'").replace("''", "'"))

    def paint(self, pages: Sequence[Page], removed: Sequence[str] = ()) -> None:
        """Paints the pages and takes out the sheets of removed ones. Notes on customers whose page changed go with the customer."""
        sheets = self.page_sheets()
        old = {page_id: sheets[page_id] for page_id in [*(page.id for page in pages), *removed] if page_id in sheets}
        parsed = {page_id: self._parse(sheet) for page_id, sheet in old.items()}
        memories = {page_id: read_memory(sheet, self.reader, family_of(page_id)) for page_id, sheet in parsed.items()}
        notes = Notes.of(memories.values(), self.styles, self.reader)
        if notes.lines:
            notes.forget_painted({(family_of(page.id), BLOCK_MARK + key) for page in pages for key in _keys(page)})
        for page_id in removed:
            if page_id in old and page_id not in places.PAGE_SHEETS:
                self.workbook.remove_sheet(old[page_id])
                self.workbook.remove_defined_name(places.page_name(page_id))
        previous: Sheet | None = None
        for page in pages:
            if page.id in old:
                self._repaint(page, old[page.id], parsed[page.id], memories[page.id], notes)
                previous = old[page.id]
            else:
                previous = self._add(page, previous or self._place_of_first(page), notes)
        self.styles.write()

    def _parse(self, sheet: Sheet) -> SheetXml:
        return SheetXml.parse(self.workbook.package.read(sheet.part), sheet.part, self.workbook.package.file)

    def _place_of_first(self, page: Page) -> Sheet | None:
        """A new route sheet comes behind the sheets of its kind, else behind the table of routes; any other page behind the last page."""
        sheets = self.page_sheets()
        same = [sheet for page_id, sheet in sheets.items() if family_of(page_id) == family_of(page.id)]
        if same or family_of(page.id) != "route":
            found = same or list(sheets.values())
            return max(found, key=self.workbook.sheets.index) if found else None
        from xlcrm.sheets.tableparts import tables_of

        routes = tables_of(self.workbook).get(TABLES["routes"].excel_name.casefold())
        return routes.sheet if routes is not None else None

    def _add(self, page: Page, after: Sheet | None, notes: Notes) -> Sheet:
        canvas = self._painted(page, None, notes)
        sheet = self.workbook.add_sheet(page.sheet_name, b"<worksheet/>", after)
        self.workbook.set_defined_name(places.page_name(page.id), f"{places.quoted(sheet.name)}!$A$1", hidden=True)
        parsed = SheetXml.parse(new_sheet_xml(), sheet.part, self.workbook.package.file)
        self._put(page, sheet, parsed, canvas, None)
        return sheet

    def _repaint(self, page: Page, sheet: Sheet, parsed: SheetXml, memory: PageMemory | None, notes: Notes) -> None:
        canvas = self._painted(page, memory, notes)
        self._put(page, sheet, parsed, canvas, memory)

    # -- rows

    def _painted(self, page: Page, memory: PageMemory | None, notes: Notes) -> Canvas:
        canvas, family = Canvas(), family_of(page.id)
        columns = len(page.column_widths_px)
        frames = self._frame_painter(page)
        recorder = frames.recorder(page.id) if frames else Recorder(page.id, columns)

        def lines(key: str, painted: Sequence[PageLine]) -> None:
            covered: dict[int, dict[int, PageCell]] = {}
            for number, line in enumerate(painted):
                self._line(canvas, recorder, columns, (family, key, number), line, covered, number, notes)

        lines(HEAD_KEY, page.head)
        canvas.head_rows = len(page.head)
        if frames and isinstance(page.blocks, BlockFrame) and not notes.on_any(family, _keys(page)):
            rows, merges = frames.paint(page.blocks)
            canvas.rows.append(rows)
            canvas.merges.append(merges)
            tall = len(page.blocks.lines)
            canvas.last_row += tall * len(page.blocks)
            canvas.breaks += [canvas.head_rows + place * tall for place in _breaks(page)]
        else:
            breaks = set(_breaks(page))
            for number, block in enumerate(page.blocks, 1):
                lines(BLOCK_MARK + block.key, block.lines)
                if number in breaks:
                    canvas.breaks.append(canvas.last_row)
        lines(FOOT_KEY, page.foot)
        canvas.printed_rows = max(canvas.last_row, 1)
        self._mark(page, canvas, recorder, notes.lines.get((family, HEAD_KEY, 0)))
        self._below(canvas, memory, notes, family)
        return canvas

    def _frame_painter(self, page: Page) -> FramePainter | None:
        """The painter of the page's blocks, where they can be painted in columns; the one of the page before where it fits."""
        if not isinstance(page.blocks, BlockFrame):
            return None
        columns, head_rows = len(page.column_widths_px), len(page.head)
        if self._frames is None or not self._frames.fits(page.blocks, columns, head_rows):
            self._frames = FramePainter(page.blocks, self.styles, columns, head_rows)
        return self._frames

    def _mark(self, page: Page, canvas: Canvas, recorder: Recorder, first: OldLine | None) -> None:
        """The page's mark in the first row behind the record, and right of it the way back, before cells of the user's further right."""
        columns = len(page.column_widths_px)
        mark = cell_xml(f"{column_letters(columns + RECORD_COLUMNS)}1", "", recorder.first())
        beside = columns + RECORD_COLUMNS + 1
        if page.way_back and (first is None or beside not in first.cells):
            place = f"{column_letters(beside)}1"
            mark += cell_xml(place, self.styles.style_id("crm.back"), page.way_back)
            canvas.links.append(f'<hyperlink ref="{place}" location="{places.SHEET_PREFIX}home"/>')
        if not canvas.rows:
            canvas.add(f'<row r="1">{mark}</row>', 1)
            return
        row = canvas.rows[0]
        record = re.match(rf'.*?<c r="{column_letters(columns + 1)}1".*?</c>'.encode(), row, re.DOTALL)
        place_of_mark = record.end() if record else row.index(b"</row>")
        canvas.rows[0] = row[:place_of_mark] + mark.encode() + row[place_of_mark:]

    def _line(
        self, canvas: Canvas, recorder: Recorder, columns: int, place: Place, line: PageLine, covered: dict[int, dict[int, PageCell]],
        number: int, notes: Notes,
    ) -> None:  # fmt: skip
        row = canvas.last_row + 1
        old = notes.lines.get(place)
        if old is not None:
            canvas.moves[old.row] = row
        pieces: dict[int, str] = {}
        codes = []
        for cell in line.cells:
            style = (cell.style, cell.number_format)
            style_id = self.styles.style_id(*style)
            empty, linked = cell.value is None or cell.value == "", bool(cell.link or cell.note)
            codes.append(recorder.code(cell.column, style, empty, linked))
            address = f"{column_letters(cell.column + 1)}{row}"
            pieces[cell.column] = (
                cell_xml(address, style_id, cell.value) if old is None else notes.cell(place, cell.column, row, style_id, cell.value, empty)
            )
            if cell.span > 1 or cell.rows > 1:
                merged = Area(cell.column + 1, row, cell.column + cell.span, row + cell.rows - 1)
                canvas.merges.append(f'<mergeCell ref="{merged}"/>')
                for down in range(cell.rows):
                    for right in range(cell.column, cell.column + cell.span):
                        if (down, right) != (0, cell.column):
                            covered.setdefault(number + down, {})[right] = cell
            if linked:
                canvas.links.append(_link(cell, row))
        for column, cell in covered.get(number, {}).items():
            if column not in pieces:
                codes.append(recorder.code(column, (cell.style, cell.number_format), True, False))
                pieces[column] = notes.cell(place, column, row, self.styles.style_id(cell.style, cell.number_format), None, True)
        if old is not None:
            notes.beside(place, columns, row, pieces)
        pieces[columns] = cell_xml(f"{column_letters(columns + 1)}{row}", "", f"{place[2]}\t{','.join(codes)}\t{place[1]}")
        cells = "".join(pieces[column] for column in sorted(pieces))
        canvas.add(f'<row r="{row}" ht="{line.height_px * 0.75:g}" customHeight="1">{cells}</row>', row)

    def _below(self, canvas: Canvas, memory: PageMemory | None, notes: Notes, family: str) -> None:
        """Rows of the user's, and notes on customers who are on no page any more, below the page with one row between."""
        row = canvas.last_row + 2
        for number, (tag, cells) in sorted((memory.extra if memory else {}).items()):
            assert memory is not None  # it has extra rows
            row = max(row, number + canvas.printed_rows - memory.last_row)
            canvas.add(notes.moved_row(tag, cells, number, row), row)
            canvas.moves[number] = row
            row += 1
        for key, written in notes.lost(family):
            text = " · ".join(written)
            canvas.add(f'<row r="{row}">{cell_xml(f"A{row}", "", key)}{cell_xml(f"B{row}", "", text)}</row>', row)
            row += 1

    # -- the sheet around them

    def _put(self, page: Page, sheet: Sheet, parsed: SheetXml, canvas: Canvas, memory: PageMemory | None) -> None:
        columns = len(page.column_widths_px)
        fresh = memory is None or memory.columns != columns
        had_formulas = parsed.has_formulas()
        parsed.rows = b"".join(canvas.rows)
        self._free_rows(parsed, memory)
        if memory is not None and memory.last_row:
            old = Area(1, 1, LAST_COLUMN, memory.last_row)
            everything = Area(1, 1, LAST_COLUMN, max([memory.last_row, *memory.extra]))
            follow_rows(self.workbook, sheet, parsed, everything, canvas.moves)
            grow_ranges(parsed, old, Area(1, 1, LAST_COLUMN, canvas.printed_rows))
        set_up(page, parsed, canvas.head_rows, canvas.breaks, fresh)
        self._add_merges_and_links(parsed, canvas)  # last, for the tail grows long with them
        parsed.set_area(Area(1, 1, columns + RECORD_COLUMNS + bool(page.way_back), canvas.last_row))
        name = places.quoted(sheet.name)
        self.workbook.set_defined_name("_xlnm.Print_Area", f"{name}!{Area(1, 1, columns, canvas.printed_rows).absolute}", sheet)
        if canvas.head_rows:
            self.workbook.set_defined_name("_xlnm.Print_Titles", f"{name}!$1:${canvas.head_rows}", sheet)
        self.workbook.package.replace(sheet.part, [parsed.head.encode(), parsed.rows, parsed.tail.encode()])
        if had_formulas:
            self.workbook.drop_calculation_chain()

    @staticmethod
    def _free_rows(parsed: SheetXml, memory: PageMemory | None) -> None:
        """Takes out the merged cells and links that belong to painted rows."""
        if memory is None:
            parsed.tail = with_element(with_element(parsed.tail, "mergeCells", ""), "hyperlinks", "")
            return
        by_row = {line.row: line for line in memory.lines.values()}
        merges = re.findall(r"<mergeCell\b[^>]*/>", element(parsed.tail, "mergeCells"))
        kept = [each for each in merges if (area := Area.parse(attributes(each).get("ref", ""))) is not None and area.top not in by_row]
        parsed.tail = with_element(
            parsed.tail, "mergeCells", f'<mergeCells count="{len(kept)}">{"".join(kept)}</mergeCells>' if kept else ""
        )

        def ours(link: str) -> bool:
            area = Area.parse(attributes(link).get("ref", ""))
            line = by_row.get(area.top) if area is not None else None
            painted = line.painted.get(area.left - 1) if line is not None and area is not None else None
            return painted is not None and painted.link

        links = [each for each in re.findall(r"<hyperlink\b[^>]*/>", element(parsed.tail, "hyperlinks")) if not ours(each)]
        parsed.tail = with_element(parsed.tail, "hyperlinks", f"<hyperlinks>{''.join(links)}</hyperlinks>" if links else "")

    @staticmethod
    def _add_merges_and_links(parsed: SheetXml, canvas: Canvas) -> None:
        for name, own in (("mergeCells", canvas.merges), ("hyperlinks", canvas.links)):
            if own:
                kept = re.sub(rf"^<{name}\b[^>]*>|</{name}>$", "", element(parsed.tail, name))
                parsed.tail = with_element(parsed.tail, name, f"<{name}>{kept}{''.join(own)}</{name}>")


def _keys(page: Page) -> list[str]:
    """The keys of a page's blocks."""
    return page.blocks.block_keys() if isinstance(page.blocks, BlockFrame) else [block.key for block in page.blocks]


def _breaks(page: Page) -> range:
    """Behind which blocks a printed page ends, as their count."""
    return range(page.blocks_per_page, len(page.blocks), page.blocks_per_page) if page.blocks_per_page else range(0)


def _link(cell: PageCell, row: int) -> str:
    """A link of a cell; a note without a link leads to its own cell, so that it shows."""
    ref = f"{column_letters(cell.column + 1)}{row}"
    tip = cell.note if len(cell.note) <= MAX_TIP else cell.note[: MAX_TIP - 1] + "…"
    shown = f' tooltip="{quote(tip)}"' if tip else ""
    return f'<hyperlink ref="{ref}" location="{quote(cell.link or ref)}"{shown}/>'
