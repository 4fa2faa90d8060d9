"""The manager's page: what a quarter brought, on one sheet of paper. Its upper rows are always the same, so that its chart stays in place.

What is not known is left out: without recency and frequency the warnings take the whole width, without either their section is not there.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from xlcrm.rules.card import sparkline
from xlcrm.rules.dashboard import Dashboard, KeyFigure, Moves
from xlcrm.rules.flow import Flow
from xlcrm.settings import Settings
from xlcrm.sheets import pagewords as words
from xlcrm.sheets import places
from xlcrm.sheets.dashboardlinks import DashboardLinks, sheet_link
from xlcrm.sheets.dashboardlists import RIGHT, below, moved_lines
from xlcrm.sheets.pages import Page, PageBlock, PageCell, PageLine, StackedBars
from xlcrm.sheets.textfit import shorten, width_px
from xlcrm.tables import columns as c
from xlcrm.tables.schema import SCALE, ColumnKind
from xlcrm.texts import Language, text

PAGE_ID = "dashboard"
COLUMN_WIDTHS_PX = (133, 66, 66, 66, 66, 78, 86, 28, *(78,) * 7)
COLUMNS = len(COLUMN_WIDTHS_PX)
BAR_LINES = 10
"""Business types that have a bar; further ones are added up in the last one."""
SHOWN_SIZES = 3
"""Sizes that have a colour and a row of their own; further ones count as the last of them."""
CHART_COLUMN, CHART_SPAN = 1, 5
CHART_LINES = BAR_LINES + 1
TITLE_PX, SPACE_PX, SECTION_PX, HEAD_PX, BAR_PX = 34, 10, 28, 22, 19
_CARDS = ((0, 3), (3, 5), (8, 3), (11, 4))
"""First column and width of the four figures."""
_MARKED_FROM = 0.01
"""A smaller change has no colour."""
_LARGEST = 1_000_000_000
_ROUGH_FROM = 1_000_000
_CAPTION_SIZE, _INDENT_PX = 9.5, 16
_THIN_SPACE = "\u2009"
_SCALES = {"customers": 1, c.QUANTITY: SCALE[ColumnKind.QUANTITY], c.AMOUNT: SCALE[ColumnKind.MONEY]}
_SHEETS = {"customers": "customers", c.QUANTITY: "route_summary", c.AMOUNT: "route_summary"}


def nothing_known(settings: Settings) -> Dashboard:
    """The page of a workbook without a quarter, which a new one has."""
    figures = [KeyFigure(name, None, None, None, ()) for name in _SCALES]
    return Dashboard("", "", dt.date.min, True, (), figures, Moves(0, 0, None), (), Flow(settings.grammar.sizes, {}), (), ())


def dashboard_page(board: Dashboard, settings: Settings, printed_on: dt.date, type_names: Mapping[str, str], links: DashboardLinks) -> Page:
    """The page, on its sheet and on paper."""
    language = settings.language
    title = text("dashboard.title", language)
    top = [_title(board, title, language), PageLine(8), *_figures(board, language), PageLine(SPACE_PX)]
    chart_line = len(top) + 1
    top += [*_sizes_and_flow(board, links, type_names, language), PageLine(SPACE_PX)]
    heads, moved = moved_lines(board, links, language)
    blocks = [PageBlock("top", [*top, *heads])]
    blocks += [PageBlock(key or f"line:{number}", [line]) for number, (key, line) in enumerate(moved)]
    last = below(board, language)
    blocks += [PageBlock("below", [PageLine(SPACE_PX), *last])] if last else []
    return Page(
        id=PAGE_ID, sheet_name=places.sheet_name("dashboard", language), title=title, column_widths_px=COLUMN_WIDTHS_PX, head=(),
        blocks=blocks, one_page=True, way_back=text("sheets.back", language),
        footer_left=words.footer(settings, board.current, board.previous, printed_on) if board.current else "xlcrm",
        footer_right=words.page_of(language), charts=[_chart(board, chart_line, type_names, language)],
    )  # fmt: skip


CHART_LINE = 9
"""The line of the chart's legend, counted from 0; a template's chart is put there."""


def _title(board: Dashboard, title: str, language: Language) -> PageLine:
    about = text("dashboard.not_made", language)
    if board.current:
        adds_up = text("dashboard.reconciled" if board.reconciled else "dashboard.not_reconciled", language)
        quarters = words.compared_label(board.current, board.previous, language)
        about = text("dashboard.about", language, quarters=quarters, day=board.as_of.isoformat(), sum=adds_up)
    return PageLine(TITLE_PX, [PageCell(0, title, "crm.title", span=5), PageCell(5, about, "crm.title.note", span=COLUMNS - 5)])


# --- The four figures.


def _figures(board: Dashboard, language: Language) -> list[PageLine]:
    """Caption, figure, against the compared quarter, against the goal, trend."""
    has_goal = any(figure.goal for figure in board.figures)
    heights = (24, 38, 20, 20 if has_goal else 2, 22)
    rows: list[list[PageCell]] = [[] for _ in heights]
    for figure, (column, span) in zip(board.figures, _CARDS, strict=False):
        for row, cell in zip(rows, _of_figure(figure, board, column, span, language), strict=True):
            row.append(cell)
    for row, cell in zip(rows, _of_moves(board, *_CARDS[-1], language), strict=True):
        row.append(cell)
    return [PageLine(height, row) for height, row in zip(heights, rows, strict=True)]


def _of_figure(figure: KeyFigure, board: Dashboard, column: int, span: int, language: Language) -> list[PageCell]:
    link, room = sheet_link(_SHEETS[figure.id]), sum(COLUMN_WIDTHS_PX[column : column + span]) - _INDENT_PX
    value = None if figure.value is None else words.rounded(figure.value, _SCALES[figure.id])
    number_format = words.SHORT_MONEY[language] if value is not None and abs(value) >= _LARGEST else ""
    change, style = None, "crm.dash.note"
    if board.current:
        change = text("dashboard.against_nothing", language)
    if figure.change is not None:
        shown = _change_words(figure.change)
        change = text("dashboard.against", language, change=shown, quarter=words.quarter_label(board.previous, language))
        style += "" if abs(figure.change) < _MARKED_FROM else ".up" if figure.change > 0 else ".down"
    goal = None
    if figure.goal and figure.of_goal is not None:
        of_all = _in_short(figure.goal, figure.id, language)
        goal = text("dashboard.of_goal", language, share=f"{figure.of_goal:.0%}", goal=of_all)
    return [
        PageCell(column, text(f"dashboard.{figure.id}", language), "crm.dash.caption", span),
        PageCell(
            column, words.NOTHING if value is None else value, "crm.dash.figure", span, number_format=number_format,
            link=link if value is not None else "", note=_by_quarter(figure, board, language),
        ),
        PageCell(column, change, style, span),
        PageCell(column, goal, "crm.dash.goal", span),
        PageCell(column, _trend(figure, board, room, language), "crm.dash.caption", span),
    ]  # fmt: skip


def _change_words(share: float) -> str:
    if abs(share) < 0.0005:
        return "0.0%"
    return f"▲ +{share:.1%}" if share > 0 else f"▼ {words.MINUS}{-share:.1%}"


def _trend(figure: KeyFigure, board: Dashboard, room: float, language: Language) -> str | None:
    """A block a quarter, and what the first one was; that as far as there is room for it."""
    first = next((place for place, value in enumerate(figure.trend) if value is not None), 0)
    if len(figure.trend) - first < 2:
        return None
    bars = _THIN_SPACE.join(sparkline(figure.trend[first:]))
    start = _in_short(figure.trend[first] or 0, figure.id, language)
    quarter = board.quarters[first]
    named = (words.quarter_label(quarter, language), quarter)
    said = [text("dashboard.since", language, bars=bars, value=start, quarter=each) for each in named]
    return next((each for each in said if width_px(each, _CAPTION_SIZE) <= room), bars)


def _in_short(value: int, figure_id: str, language: Language) -> str:
    """A figure beside another: from a million on rounded further."""
    units = words.rounded(value, _SCALES[figure_id])
    return words.short_figure(units, language, words.BREVITIES[-1 if abs(units) >= _ROUGH_FROM else 0])


def _by_quarter(figure: KeyFigure, board: Dashboard, language: Language) -> str:
    """The figures of the quarters, one a line."""
    lines = [text("dashboard.customers_about", language)] if figure.id == "customers" and figure.value is not None else []
    for quarter, value in zip(board.quarters, figure.trend, strict=True):
        if value is not None:
            lines.append(f"{words.quarter_label(quarter, language)}  {words.rounded(value, _SCALES[figure.id]):,}")
    return "\n".join(lines)


def _of_moves(board: Dashboard, column: int, span: int, language: Language) -> list[PageCell]:
    moves, link = board.moves, sheet_link("change_statistics")
    before, counted = None, None
    if moves.net_before is not None:
        quarter = words.quarter_label(board.previous, language)
        before = text("dashboard.net_before", language, quarter=quarter, net=words.signed(moves.net_before))
    if board.current:
        counted = text("dashboard.moved", language, up=f"{moves.promoted:,}", down=f"{moves.demoted:,}")
    return [
        PageCell(column, text("dashboard.net", language), "crm.dash.caption", span),
        PageCell(column, moves.net if board.current else words.NOTHING, "crm.dash.net.figure", span, link=link if board.current else ""),
        PageCell(column, before, "crm.dash.note", span),
        PageCell(column, None, "crm.dash.goal", span),
        PageCell(column, counted, "crm.dash.caption", span),
    ]


# --- Sizes by type, and the flow between the sizes.


def size_names(sizes: Sequence[str], language: Language) -> list[str]:
    """What the colours stand for, best first: at most three."""
    shown = [*sizes[: SHOWN_SIZES - 1], _last_size(sizes)] if len(sizes) >= SHOWN_SIZES else list(sizes)
    if len(shown) == 1:
        return [text("dashboard.size_only", language, size=shown[0])]
    kinds = ("first", "second", "last") if len(shown) == SHOWN_SIZES else ("first", "last")
    return [text(f"dashboard.size_{kind}", language, size=size) for kind, size in zip(kinds, shown, strict=True)]


def _last_size(sizes: Sequence[str]) -> str:
    """The third size; with a sign where it stands for further ones."""
    return sizes[SHOWN_SIZES - 1] + ("+" if len(sizes) > SHOWN_SIZES else "")


def _folded(counts: Sequence[int]) -> list[int]:
    """Counts of at most three sizes."""
    return [*counts[: SHOWN_SIZES - 1], sum(counts[SHOWN_SIZES - 1 :])] if len(counts) > SHOWN_SIZES else list(counts)


def _bars(board: Dashboard, type_names: Mapping[str, str], language: Language) -> list[tuple[str, str, list[int]]]:
    """A business type's letters, its name and its holders of each size; as many as there is room for, the rest taken together."""
    named = [(letters, type_names.get(letters) or letters, _folded(counts)) for letters, counts in board.distribution]
    if len(named) <= BAR_LINES:
        return named
    rest = named[BAR_LINES - 1 :]
    summed = [sum(counts) for counts in zip(*(sizes for *_, sizes in rest), strict=True)]
    return [*named[: BAR_LINES - 1], ("", text("dashboard.other_types", language, count=len(rest)), summed)]


def _chart(board: Dashboard, line: int, type_names: Mapping[str, str], language: Language) -> StackedBars:
    bars = [sizes for *_, sizes in _bars(board, type_names, language)]
    return StackedBars(line, CHART_LINES, CHART_COLUMN, CHART_SPAN, size_names(board.flow.sizes, language), bars)


def _sizes_and_flow(board: Dashboard, links: DashboardLinks, type_names: Mapping[str, str], language: Language) -> list[PageLine]:
    """Titles, heads, and ten lines: a bar each at the left, a row of the flow each two at the right."""
    lines = [
        PageLine(SECTION_PX, [
            PageCell(0, text("dashboard.distribution", language), "crm.dash.section", 7),
            PageCell(RIGHT, text("dashboard.flow", language), "crm.dash.section", 7),
        ]),
    ]  # fmt: skip
    left, right = _behind_bars(board, links, type_names, language), _flow_cells(board, links, language)
    heights = (HEAD_PX, *(BAR_PX,) * BAR_LINES)
    return lines + [PageLine(height, [*left[place], *right.get(place, ())]) for place, height in enumerate(heights)]


def _behind_bars(board: Dashboard, links: DashboardLinks, type_names: Mapping[str, str], language: Language) -> list[list[PageCell]]:
    """Name and total of each type; between them the counts that the sheet's own chart draws, and covers."""
    names = [*size_names(board.flow.sizes, language), *("",) * SHOWN_SIZES][:SHOWN_SIZES]
    rows = [
        [
            PageCell(0, text("dashboard.type", language), "crm.dash.head"),
            *(PageCell(CHART_COLUMN + place, name or None, "crm.dash.behind.head") for place, name in enumerate(names)),
            PageCell(CHART_COLUMN + CHART_SPAN, text("dashboard.count", language), "crm.dash.head.right"),
        ]
    ]
    shown = _bars(board, type_names, language)
    for place in range(BAR_LINES):
        letters, name, sizes = shown[place] if place < len(shown) else ("", "", [])
        counts: list[int | None] = [*sizes, *(None,) * SHOWN_SIZES][:SHOWN_SIZES]
        total = sum(sizes) if sizes else None
        link = (links.types.get(letters) or sheet_link("change_statistics")) if sizes else ""
        rows.append([
            PageCell(0, shorten(name, COLUMN_WIDTHS_PX[0] - 6) or None, "crm.dash.type.head"),
            *(PageCell(CHART_COLUMN + at, count, "crm.dash.behind.head") for at, count in enumerate(counts)),
            PageCell(CHART_COLUMN + CHART_SPAN, total, "crm.dash.total.head", link=link),
        ])  # fmt: skip
    return rows


def _flow_cells(board: Dashboard, links: DashboardLinks, language: Language) -> dict[int, list[PageCell]]:
    """The cells of the flow by line: heads, then two lines a row."""
    flow = board.flow
    groups = _groups(flow.rows), _groups(flow.columns)
    sizes = len(groups[0]) - 1
    corner = text("dashboard.flow_corner", language, previous=_short(board.previous, language), current=_short(board.current, language))
    heads = [PageCell(RIGHT, corner if board.current else None, "crm.dash.head.center")]
    labels = [_last_size(flow.sizes) if len(group) > 1 else group[0] for group in groups[0][:sizes]]
    heads += [PageCell(RIGHT + 1 + place, label, "crm.dash.head.size") for place, label in enumerate(labels)]
    for place, name in enumerate(("flow_type", "flow_lost", "flow_sum"), RIGHT + 1 + sizes):
        heads.append(PageCell(place, text(f"dashboard.{name}", language), "crm.dash.head.center"))
    rows = {0: heads}
    for number, before in enumerate(groups[0]):
        is_size = number < sizes
        label = labels[number] if is_size else text("dashboard.flow_new", language)
        cells = [PageCell(RIGHT, label, "crm.dash.flow.head" if is_size else "crm.dash.flow.head.quiet", rows=2)]
        for at, now in enumerate(groups[1]):
            found = [(one, other) for one in before for other in now if flow.cells.get((one, other))]
            count = sum(flow.cells[key] for key in found)
            if not is_size and at >= sizes and not count:
                continue
            link = links.flow.get(found[0] if len(found) == 1 else ("", ""), "") if found else ""
            cells.append(PageCell(RIGHT + 1 + at, count, f"crm.dash.flow.{_flow_style(number, at, sizes)}", rows=2, link=link))
        total = sum(flow.row_sum(one) for one in before)
        link = links.flow.get((before[0] if len(before) == 1 else "", ""), "") if total else ""
        cells.append(PageCell(RIGHT + 1 + len(groups[1]), total, "crm.dash.flow.sum", rows=2, link=link))
        rows[1 + 2 * number] = cells
    foot = [PageCell(RIGHT, text("dashboard.flow_sum", language), "crm.dash.flow.head", rows=2)]
    sums = [sum(flow.column_sum(now) for now in group) for group in groups[1]]
    foot += [PageCell(RIGHT + 1 + at, value, "crm.dash.flow.sum", rows=2) for at, value in enumerate(sums)]
    everyone = links.flow.get(("", ""), "") if flow.total else ""
    foot.append(PageCell(RIGHT + 1 + len(sums), flow.total, "crm.dash.flow.sum", rows=2, link=everyone))
    rows[1 + 2 * len(groups[0])] = foot
    return rows


def _groups(places_: Sequence[str]) -> list[tuple[str, ...]]:
    """The rows or columns of a flow, its sizes after the third taken together. What is no size stays alone, behind them."""
    others = 1 if c.TYPE_CHANGED not in places_ else 2
    sizes, rest = places_[:-others], places_[-others:]
    shown = [(size,) for size in sizes[: SHOWN_SIZES - 1]] + ([tuple(sizes[SHOWN_SIZES - 1 :])] if len(sizes) >= SHOWN_SIZES else [])
    return [*shown, *((name,) for name in rest)]


def _flow_style(before: int, now: int, sizes: int) -> str:
    if before >= sizes or now >= sizes:
        return "ungraded" if before >= sizes and now > sizes else "other"
    return "same" if before == now else "up" if now < before else "down"


def _short(quarter: str, language: Language) -> str:
    """`Q4` / `四季`: the year stands in the title."""
    number = quarter.rpartition("Q")[2]
    shown = words.chinese_number(int(number)) if language == "zh" and number.isdecimal() else number
    return text("dashboard.quarter_short", language, number=shown) if number else ""
