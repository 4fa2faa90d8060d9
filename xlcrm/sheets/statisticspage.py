"""The page of the change statistics: counts per type, grade and visit batch, and below it the sum of every route.

Each count leads to its rows on the sheet of grade changes. For that the rows stand there in the order of `ordered_changes`:
type, grade, state, batch, so that whatever a cell counts is one run of rows.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from xlcrm.settings import Settings
from xlcrm.sheets import pagewords as words
from xlcrm.sheets import places
from xlcrm.sheets.changerows import ChangeRows
from xlcrm.sheets.pages import Page, PageBlock, PageCell, PageLine
from xlcrm.sheets.textfit import shorten
from xlcrm.tables import columns as c
from xlcrm.texts import Language, text

TYPE_PX, GRADE_PX, COUNT_PX, TOTAL_PX, NEW_PX, SUM_PX = 128, 52, 36, 44, 46, 56
TITLE_PX, SUBTITLE_PX, HEAD_1_PX, HEAD_2_PX, ROW_PX, FOOT_PX, SPACE_PX, SECTION_PX = 34, 24, 24, 22, 21, 26, 12, 28
RECON_HEAD_PX = 23
FITS_PX = 880
"""Lines that fit on one sheet of paper at 80 %, where 10 points are still 8."""
STATE_COLUMNS = (c.UP, c.KEPT, c.DOWN)
FIRST = 2
"""The first column of counts."""
USUAL_BATCHES = 5


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where the columns of counts stand: three a batch, three totals, new, type changed, sum."""

    batches: tuple[str, ...]

    @property
    def totals(self) -> int:
        return FIRST + 3 * len(self.batches)

    @property
    def new(self) -> int:
        return self.totals + 3

    @property
    def sum(self) -> int:
        return self.totals + 5

    @property
    def count(self) -> int:
        return self.sum + 1

    @property
    def widths_px(self) -> tuple[int, ...]:
        """Fewer than five batches get wider columns, so that the reconciliation below has room for its heads."""
        each = COUNT_PX if len(self.batches) >= USUAL_BATCHES else COUNT_PX * USUAL_BATCHES // max(len(self.batches), 1)
        return (TYPE_PX, GRADE_PX, *(each,) * (3 * len(self.batches)), *(TOTAL_PX,) * 3, NEW_PX, NEW_PX, SUM_PX)


def statistics_pages(
    statistics: pl.DataFrame, reconciliation: pl.DataFrame, rows: ChangeRows, type_names: Mapping[str, str], settings: Settings,
    current: str, previous: str, printed_on: dt.date, reconciliation_sheet_name: str,
) -> list[Page]:  # fmt: skip
    """The page of the statistics with the reconciliation below it, or two pages where both do not fit on one sheet of paper.

    statistics: columns of `change_statistics`, best grade first inside a type. reconciliation: `route`, `batch`, the seven
    states, `customers`, `sum`, `ok`. type_names: what the letters of a grade stand for.
    """
    language = settings.language
    columns = _Columns(tuple(settings.batches))
    head = _title(columns, "changes_title", "changes_subtitle", settings, current, previous)
    table_head = _table_head(columns, language)
    blocks = _type_blocks(statistics, columns, rows, type_names, language)
    foot = [_total_line(statistics, columns, rows, language)]
    recon = _reconciliation(reconciliation, columns, language)
    height = _px(head) + _px(table_head) + sum(_px(block.lines) for block in blocks) + _px(foot)
    together = height + SPACE_PX + _px(recon) <= FITS_PX
    page = Page(
        id="change_statistics", sheet_name=places.sheet_name("change_statistics", language), title=text("print.changes_title", language),
        column_widths_px=columns.widths_px, head=[*head, *table_head], blocks=blocks,
        foot=[*foot, PageLine(SPACE_PX), *recon] if together else foot, one_page=height <= FITS_PX,
        footer_left=words.footer(settings, current, previous, printed_on), footer_right=words.page_of(language),
        way_back=text("sheets.back", language),
    )  # fmt: skip
    if together:
        return [page]
    second = Page(
        id="reconciliation", sheet_name=reconciliation_sheet_name, title=text("print.reconciliation_sheet", language),
        column_widths_px=columns.widths_px,
        head=[*_title(columns, "reconciliation_sheet", "reconciliation_title", settings, current, previous), recon[1]],
        blocks=[PageBlock(f"line:{number}", [line]) for number, line in enumerate(recon[2:])],
        footer_left=page.footer_left, footer_right=page.footer_right, way_back=page.way_back,
    )  # fmt: skip
    return [page, second]


def _px(lines: Sequence[PageLine]) -> int:
    return sum(line.height_px for line in lines)


def _title(columns: _Columns, title: str, subtitle: str, settings: Settings, current: str, previous: str) -> list[PageLine]:
    language = settings.language
    half = columns.totals - 4
    quarters = words.compared_label(current, previous, language)
    return [
        PageLine(TITLE_PX, [
            PageCell(0, text(f"print.{title}", language), "crm.title", span=half),
            PageCell(half, quarters, "crm.title.note", span=columns.count - half),
        ]),
        PageLine(SUBTITLE_PX, [PageCell(0, text(f"print.{subtitle}", language), "crm.subtitle", span=columns.count)]),
    ]  # fmt: skip


def _table_head(columns: _Columns, language: Language) -> list[PageLine]:
    def label(name: str) -> str:
        return text(f"print.head_{name}", language)

    groups = [words.day_name(batch, language, short=language == "zh") for batch in columns.batches] + [label("all_batches")]
    first = [PageCell(0, label("type"), "crm.stat.head.left", rows=2), PageCell(1, label("grade"), "crm.stat.head", rows=2)]
    second = []
    for number, group in enumerate(groups):
        at = FIRST + 3 * number
        first.append(PageCell(at, shorten(group, sum(columns.widths_px[at : at + 3]), bold=True), "crm.stat.head.group", span=3))
        marks = (words.MARKS[c.UP], words.NOTHING, words.MARKS[c.DOWN])
        second += [PageCell(at + step, mark, "crm.stat.head.group" if step == 0 else "crm.stat.head") for step, mark in enumerate(marks)]
    for at, name in ((columns.new, "new"), (columns.new + 1, "type_changed"), (columns.sum, "total")):
        first.append(PageCell(at, label(name), "crm.stat.head.group", rows=2))
    return [PageLine(HEAD_1_PX, first), PageLine(HEAD_2_PX, second)]


def _type_blocks(
    statistics: pl.DataFrame, columns: _Columns, rows: ChangeRows, type_names: Mapping[str, str], language: Language
) -> list[PageBlock]:
    """One block a business type, its name once at the top."""
    groups: dict[str, list[dict[str, object]]] = {}
    for row in statistics.iter_rows(named=True):
        groups.setdefault(str(row[c.BUSINESS_TYPE] or ""), []).append(row)
    blocks = []
    for business_type, group in groups.items():
        lines = []
        for number, row in enumerate(group):
            last = ".last" if number == len(group) - 1 else ""
            name = shorten(type_names.get(business_type) or business_type, TYPE_PX - 8, bold=True) if number == 0 else None
            cells = _grade_cells(row, business_type, columns, rows, language, last)
            lines.append(PageLine(ROW_PX, [PageCell(0, name, f"crm.stat.type{last}"), *cells]))
        blocks.append(PageBlock(business_type, lines))
    return blocks


def _grade_cells(
    row: Mapping[str, object], business_type: str, columns: _Columns, rows: ChangeRows, language: Language, last: str
) -> list[PageCell]:
    grade = str(row[c.GRADE] or "")

    def cell(column: int, count: int, role: str, state: str | None, batch: str | None) -> PageCell:
        found = rows.run(business_type, grade, state, batch) if count else None
        style = f"crm.stat.{role}{last}" if count else f"crm.stat.{_zero(role)}{last}"
        return PageCell(column, count, style, link=found.link if found else "", note=found.note(language) if found else "")

    cells = [PageCell(1, grade, f"crm.stat.grade{last}")]
    for number, batch in enumerate(columns.batches):
        for step, state in enumerate(STATE_COLUMNS):
            cells.append(cell(FIRST + 3 * number + step, count_of(row, f"{batch}_{state}"), state, state, batch))
    for step, state in enumerate(STATE_COLUMNS):
        cells.append(cell(columns.totals + step, count_of(row, f"{c.TOTAL}_{state}"), f"total.{state}", state, None))
    cells += [cell(columns.new + step, count_of(row, state), state, state, None) for step, state in enumerate((c.NEW, c.TYPE_CHANGED))]
    cells.append(cell(columns.sum, row_sum(row), "sum", None, None))
    return cells


def _zero(role: str) -> str:
    """The style of a zero: the same place, but a faint dot."""
    return {
        c.UP: "up.zero", c.KEPT: "zero", c.DOWN: "zero", c.NEW: "new.zero", c.TYPE_CHANGED: "zero",
        "total.up": "total.up.zero", "total.kept": "total.zero", "total.down": "total.zero",
    }.get(role, role)  # fmt: skip


def count_of(row: Mapping[str, object], column: str) -> int:
    """A count of a row; a column that is not there counts nothing."""
    value = row.get(column)
    return value if isinstance(value, int) else 0


def row_sum(row: Mapping[str, object]) -> int:
    """All customers of a grade: promoted, kept, demoted, new, type changed."""
    return sum(count_of(row, f"{c.TOTAL}_{state}") for state in STATE_COLUMNS) + count_of(row, c.NEW) + count_of(row, c.TYPE_CHANGED)


def _total_line(statistics: pl.DataFrame, columns: _Columns, rows: ChangeRows, language: Language) -> PageLine:
    """The sum of every column. It leads to the whole table, for its rows are no single run."""
    every = statistics.rows(named=True)
    names = [f"{batch}_{state}" for batch in (*columns.batches, c.TOTAL) for state in STATE_COLUMNS] + [c.NEW, c.TYPE_CHANGED]
    sums = [sum(count_of(row, name) for row in every) for name in names] + [sum(row_sum(row) for row in every)]
    grouped = {*range(FIRST, columns.new, 3), columns.new, columns.sum}
    cells = [PageCell(0, text("print.total", language), "crm.stat.foot.left", span=FIRST)]
    for at, value in enumerate(sums, FIRST):
        link = rows.everything if value else ""
        cells.append(PageCell(at, value, "crm.stat.foot.group" if at in grouped else "crm.stat.foot", link=link))
    return PageLine(FOOT_PX, cells)


def _reconciliation(reconciliation: pl.DataFrame, columns: _Columns, language: Language) -> list[PageLine]:
    """Section title, heads, one line a route that adds up to its customers, the sum of all routes."""
    slots = _slots(columns)
    lines = [
        PageLine(SECTION_PX, [PageCell(0, text("print.reconciliation_title", language), "crm.section", span=columns.count)]),
        PageLine(RECON_HEAD_PX, [
            PageCell(0, text("print.recon_route", language), "crm.recon.head.left", span=FIRST),
            *(PageCell(at, text(f"print.recon_{state}", language), "crm.recon.head", span) for state, at, span in slots),
            PageCell(columns.sum, text("print.recon_sum", language), "crm.recon.head"),
        ]),
    ]  # fmt: skip
    every = sorted(reconciliation.rows(named=True), key=lambda row: words.route_order(row.get(c.ROUTE)))
    for row in every:
        route = row.get(c.ROUTE)
        nowhere = text("print.recon_no_route", language)
        name = nowhere if route is None else words.route_label(str(route), row.get(c.BATCH), language, short=language == "zh")
        lines.append(_recon_line(name, row, slots, columns, "crm.recon", bool(row["ok"])))
    totals = {name: sum(count_of(row, name) for row in every) for name in (*c.STATES, c.CUSTOMERS)}
    lines.append(_recon_line(text("print.recon_all", language), totals, slots, columns, "crm.recon.total", all(row["ok"] for row in every)))
    return lines


def _recon_line(
    name: str, row: Mapping[str, object], slots: Sequence[tuple[str, int, int]], columns: _Columns, style: str, adds_up: bool
) -> PageLine:
    total = style == "crm.recon.total"
    cells = [PageCell(0, shorten(name, TYPE_PX + GRADE_PX - 8, bold=total), f"{style}.left" if total else f"{style}.route", span=FIRST)]
    cells += [PageCell(at, count_of(row, state), style if total else f"{style}.count", span) for state, at, span in slots]
    shown = f"{count_of(row, c.CUSTOMERS):,} {'✓' if adds_up else '!'}"
    cells.append(PageCell(columns.sum, shown, f"{style}.sum" if adds_up else f"{style}.sum.bad"))
    return PageLine(FOOT_PX - 3 if total else ROW_PX, cells)


def _slots(columns: _Columns) -> list[tuple[str, int, int]]:
    """State, first column, span: the seven states over the columns of counts, as even as they go (3, 3, 3, 3, 3, 3, 2 for five batches)."""
    each, rest = divmod(columns.sum - FIRST, len(c.STATES))
    slots, at = [], FIRST
    for number, state in enumerate(c.STATES):
        span = each + (1 if number < rest else 0)
        slots.append((state, at, span))
        at += span
    return slots
