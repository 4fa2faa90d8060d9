"""A page laid out on the rows of a sheet: its values with the record, the look of every cell, heights, merged cells, links."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from xlcrm.sheets import places
from xlcrm.sheets.livememory import LiveNotes
from xlcrm.sheets.livevalues import LiveValue
from xlcrm.sheets.pagerecord import BLOCK_MARK, FOOT_KEY, HEAD_KEY, RECORD_COLUMNS, Place, Recorder
from xlcrm.sheets.pages import Page, PageLine
from xlcrm.sheets.xmlbits import Area
from xlcrm.tables.addresses import column_letters

Look = tuple[str, str]
"""A style's name, and a number format of the cell's own or nothing."""
Cell = tuple[int, int]
"""Row from 1, column from 0."""
MAX_TIP = 255


@dataclass(slots=True)
class Layout:
    """One page. values: the page's columns and the record's, row by row. beside: cells outside them. places: what each row is."""

    columns: int
    values: list[list[LiveValue]] = field(default_factory=list)
    looks: dict[Cell, Look] = field(default_factory=dict)
    heights: list[int] = field(default_factory=list)
    merges: list[Area] = field(default_factory=list)
    links: dict[Cell, tuple[str, str]] = field(default_factory=dict)
    places: list[Place] = field(default_factory=list)
    beside: dict[Cell, LiveValue] = field(default_factory=dict)
    block_lines: int = 0
    first_block_row: int = 0

    @property
    def rows(self) -> int:
        """How many rows are printed."""
        return len(self.values)


def laid_out(page: Page, notes: LiveNotes) -> Layout:
    """The page with what the user typed on it."""
    layout = Layout(len(page.column_widths_px))
    recorder, family = Recorder(page.id, layout.columns), page.id.partition(":")[0]

    def lines(key: str, painted: Sequence[PageLine]) -> None:
        top = layout.rows + 1
        for number, line in enumerate(painted):
            _add_line(layout, line, (family, key, number), notes)
        for number in range(len(painted)):
            row = top + number
            codes = [
                recorder.code(column, layout.looks[row, column], empty, linked)
                for column, empty, linked in _painted(layout, painted, number, row)
            ]
            layout.values[row - 1][layout.columns] = f"{number}\t{','.join(codes)}\t{key}"

    lines(HEAD_KEY, page.head)
    layout.first_block_row = layout.rows + 1
    tall = set()
    for block in page.blocks:
        lines(BLOCK_MARK + block.key, block.lines)
        tall.add(len(block.lines))
    layout.block_lines = tall.pop() if len(tall) == 1 else 0
    lines(FOOT_KEY, page.foot)
    if not layout.values:
        layout.values.append([None] * (layout.columns + RECORD_COLUMNS))
        layout.heights.append(24)
        layout.places.append((family, "", 0))
    layout.values[0][layout.columns + 1] = recorder.first()
    if page.way_back:
        beside = (1, layout.columns + RECORD_COLUMNS)
        if layout.beside.setdefault(beside, page.way_back) == page.way_back:
            layout.looks[beside] = ("crm.back", "")
            layout.links[beside] = (places.SHEET_PREFIX + "home", "")
    return layout


def _add_line(layout: Layout, line: PageLine, place: Place, notes: LiveNotes) -> None:
    values: list[LiveValue] = [None] * (layout.columns + RECORD_COLUMNS)
    layout.values.append(values)
    layout.heights.append(line.height_px)
    layout.places.append(place)
    row = layout.rows
    for cell in line.cells:
        values[cell.column] = notes.value(place, cell.column, cell.value)
        if cell.link or cell.note:
            tip = cell.note if len(cell.note) <= MAX_TIP else cell.note[: MAX_TIP - 1] + "…"
            layout.links[row, cell.column] = (cell.link, tip)
        for down in range(cell.rows):
            for right in range(cell.column, cell.column + cell.span):
                if (down, right) == (0, cell.column):
                    layout.looks[row, right] = (cell.style, cell.number_format)
                else:
                    layout.looks.setdefault((row + down, right), (cell.style, cell.number_format))
        if cell.span > 1 or cell.rows > 1:
            layout.merges.append(Area(cell.column + 1, row, cell.column + cell.span, row + cell.rows - 1))
    for column, value in notes.beside(place, layout.columns).items():
        if column < layout.columns and values[column] is None:
            values[column] = value
        elif column >= layout.columns:
            layout.beside[row, column] = value


def _painted(layout: Layout, lines: Sequence[PageLine], number: int, row: int) -> Iterable[tuple[int, bool, bool]]:
    """Column, whether the run left it empty, whether it has a link: the line's own cells, then those that merged cells cover."""
    own = {cell.column: cell for cell in lines[number].cells}
    for cell in lines[number].cells:
        yield cell.column, cell.value is None or cell.value == "", bool(cell.link or cell.note)
    covered: dict[int, None] = {}
    for above in range(number + 1):
        for cell in lines[above].cells:
            if above + cell.rows > number:
                covered.update(dict.fromkeys(range(cell.column, cell.column + cell.span)))
    for column in covered:
        if column not in own:
            yield column, True, False


def address_of(link: str, sheet: str, row: int, column: int) -> str:
    """A link as a hyperlink's address within the workbook; a note without a link leads to its own cell, so that it shows."""
    return "#" + (link or f"{places.quoted(sheet)}!{column_letters(column + 1)}{row}")


def rectangles(looks: Mapping[Cell, Look]) -> list[tuple[Area, Look]]:
    """Cells of the same look gathered into few ranges: along rows, then down."""
    runs: list[tuple[int, int, int, Look]] = []
    for (row, column), look in sorted(looks.items()):
        if runs and runs[-1][0] == row and runs[-1][2] + 1 == column and runs[-1][3] == look:
            runs[-1] = (row, runs[-1][1], column, look)
        else:
            runs.append((row, column, column, look))
    found: list[tuple[Area, Look]] = []
    open_runs: dict[tuple[int, int], int] = {}
    for row, left, right, look in runs:
        place = open_runs.get((left, right))
        if place is not None and found[place][1] == look and found[place][0].bottom + 1 == row:
            area = found[place][0]
            found[place] = (Area(area.left, area.top, area.right, row), look)
        else:
            open_runs[left, right] = len(found)
            found.append((Area(left + 1, row, right + 1, row), look))
    return found
