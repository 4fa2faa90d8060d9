"""The lower lists of the manager's page: changes per route beside gaps worth closing, warnings beside recency and frequency."""

from __future__ import annotations

from collections.abc import Sequence

from xlcrm.rules.dashboard import Dashboard, GapLine, RouteLine, WarningLine, at_most
from xlcrm.sheets import pagewords as words
from xlcrm.sheets import places
from xlcrm.sheets.dashboardlinks import DashboardLinks, sheet_link
from xlcrm.sheets.pages import PageCell, PageLine
from xlcrm.sheets.textfit import shorten
from xlcrm.tables import columns as c
from xlcrm.tables.schema import SCALE, ColumnKind
from xlcrm.texts import Language, text

LEAST_GAPS, MOST_ROUTES = 5, 10
"""Gaps that are always shown, and lines of routes; where more routes are shown there is room for more gaps."""
RIGHT = 8
"""The first column of the right half."""
SECTION_PX, HEAD_PX, LINE_PX = 28, 22, 22
ROUTE_PX, NAME_PX, REASON_PX, WIDE_REASON_PX, ACTION_PX = 126, 150, 345, 372, 530
"""Room of a text in pixels."""
REASON_SIZE, ACTION_SIZE = 9.5, 9.0
_MANY, _SOME = 0.08, 0.03
"""Shares of all customers from which a cell of the grid is darker."""


def gaps_shown(routes: int) -> int:
    """How many gaps there is room for beside so many routes."""
    return max(LEAST_GAPS, min(routes, MOST_ROUTES))


def moved_lines(board: Dashboard, links: DashboardLinks, language: Language) -> tuple[list[PageLine], list[tuple[str, PageLine]]]:
    """Titles and heads, then a line each with the code of the customer that it names."""
    title = PageLine(SECTION_PX, [
        PageCell(0, text("dashboard.routes", language), "crm.dash.section", 7),
        PageCell(RIGHT, text("dashboard.gaps", language), "crm.dash.section", 7),
    ])  # fmt: skip
    counted = [words.MARKS[c.UP], words.NOTHING, words.MARKS[c.DOWN]]
    counted += [text(f"dashboard.{name}", language) for name in ("net_head", "other", c.AMOUNT)]
    missing = [text(f"dashboard.{name}", language) for name in (c.GAP_QUANTITY, c.GAP_AMOUNT)]
    heads = PageLine(HEAD_PX, [
        PageCell(0, text("dashboard.route", language), "crm.dash.head"),
        *(PageCell(place, head, "crm.dash.head.right") for place, head in enumerate(counted, 1)),
        PageCell(RIGHT, text("dashboard.customer", language), "crm.dash.head", 2),
        PageCell(RIGHT + 2, text("dashboard.route", language), "crm.dash.head.center"),
        PageCell(RIGHT + 3, text("dashboard.now_next", language), "crm.dash.head.center", 2),
        *(PageCell(place, head, "crm.dash.head.right") for place, head in enumerate(missing, RIGHT + 5)),
    ])  # fmt: skip
    routes = at_most(board.routes, MOST_ROUTES)
    lines = []
    for place in range(max(gaps_shown(len(board.routes)), len(routes))):
        cells = _route_cells(routes[place], links, language) if place < len(routes) else []
        gap = board.gaps[place] if place < len(board.gaps) else None
        cells = [*cells, *(_gap_cells(gap, links, language) if gap else [])]
        lines.append((gap.code if gap else "", PageLine(LINE_PX, cells)))
    return [title, heads], lines


def _route_cells(line: RouteLine, links: DashboardLinks, language: Language) -> list[PageCell]:
    if line.route == "":
        name, link = text("dashboard.other_routes", language, count=line.routes), sheet_link("route_summary")
    elif line.route is None:
        name, link = text("dashboard.no_route", language), sheet_link("route_summary")
    else:
        name = words.route_label(line.route, line.batch, language, short=True)
        link = links.routes.get(line.route) or sheet_link("route_summary")
    net = line.promoted - line.demoted
    sense = ".up" if net > 0 else ".down" if net < 0 else ""
    counts = (
        (1, line.promoted, ".up"), (2, line.kept, ""), (3, line.demoted, ".down"), (4, net, f".net{sense}"), (5, line.other, ".other"),
    )  # fmt: skip
    change = words.NOTHING if line.amount_change is None else line.amount_change
    return [
        PageCell(0, shorten(name, ROUTE_PX, bold=True), "crm.dash.route.head"),
        *(PageCell(column, count, f"crm.dash.route{style}.int", link=link if count else "") for column, count, style in counts),
        PageCell(6, change, "crm.dash.route.change"),
    ]


def _gap_cells(gap: GapLine, links: DashboardLinks, language: Language) -> list[PageCell]:
    link = links.gaps.get(gap.code) or sheet_link("gaps")
    parts = ((gap.quantity, SCALE[ColumnKind.QUANTITY]), (gap.amount, SCALE[ColumnKind.MONEY]))
    return [
        PageCell(RIGHT, shorten(gap.name, NAME_PX, bold=True), "crm.dash.near.name", 2),
        PageCell(RIGHT + 2, gap.route or words.NOTHING, "crm.dash.near.center"),
        PageCell(RIGHT + 3, f"{gap.grade} {words.ARROW} {gap.next_grade}", "crm.dash.near.grade", 2),
        *(
            PageCell(RIGHT + 5 + at, None if value is None else words.rounded(value, scale), "crm.dash.near.int", link=link)
            for at, (value, scale) in enumerate(parts)
        ),
    ]


# --- Warnings, and the grid of recency and frequency.


def below(board: Dashboard, language: Language) -> list[PageLine]:
    """The last section; nothing where there is neither a warning nor a grid."""
    if not board.rfm:
        return _wide_warnings(board.warnings, language) if board.warnings else []
    if not board.warnings:
        return _joined([], _grid(board.rfm, language))
    return _joined(_narrow_warnings(board.warnings, language), _grid(board.rfm, language))


def _joined(left: Sequence[list[PageCell]], right: Sequence[list[PageCell]]) -> list[PageLine]:
    """Two halves side by side, the first line of each its title."""
    lines = []
    for place in range(max(len(left), len(right))):
        cells = [*(left[place] if place < len(left) else ()), *(right[place] if place < len(right) else ())]
        lines.append(PageLine(LINE_PX if place else SECTION_PX, cells))
    return lines


def _level(warning: WarningLine, language: Language, rows: int) -> list[PageCell]:
    style = f"crm.dash.warn.level.{warning.level}" if warning.level else "crm.dash.warn.level"
    link = warning.link if warning.customers else ""
    return [
        PageCell(0, text(f"dashboard.level_{warning.level}", language), style, rows=rows),
        PageCell(1, warning.customers, "crm.dash.warn.int", rows=rows, link=link),
    ]


def _narrow_warnings(warnings: Sequence[WarningLine], language: Language) -> list[list[PageCell]]:
    """Two lines a warning: why, and below it what to do."""
    rows = [[PageCell(0, text("dashboard.warnings", language), "crm.dash.section", 7)]]
    for warning in warnings:
        action = text("dashboard.action", language, action=warning.action)
        rows += [
            [*_level(warning, language, 2), PageCell(2, shorten(warning.reason, REASON_PX, REASON_SIZE), "crm.dash.warn.reason.head", 5)],
            [PageCell(2, shorten(action, REASON_PX, ACTION_SIZE), "crm.dash.warn.action.head", 5)],
        ]
    return rows


def _wide_warnings(warnings: Sequence[WarningLine], language: Language) -> list[PageLine]:
    lines = [PageLine(SECTION_PX, [PageCell(0, text("dashboard.warnings", language), "crm.dash.section", 15)])]
    for warning in warnings:
        action = text("dashboard.action", language, action=warning.action)
        lines.append(PageLine(LINE_PX, [
            *_level(warning, language, 1),
            PageCell(2, shorten(warning.reason, WIDE_REASON_PX, REASON_SIZE), "crm.dash.warn.head", 6),
            PageCell(RIGHT, shorten(action, ACTION_PX, ACTION_SIZE), "crm.dash.warn.action.head", 7),
        ]))  # fmt: skip
    return lines


def _grid(counts: Sequence[Sequence[int]], language: Language) -> list[list[PageCell]]:
    """Latest buyers above, most frequent ones at the right; the more customers, the darker."""
    everyone = sum(sum(row) for row in counts)
    last = len(counts)
    across = {1: text("dashboard.rfm_least", language), last: text("dashboard.rfm_most", language)}
    down = {last: text("dashboard.rfm_latest", language), 1: text("dashboard.rfm_earliest", language)}
    rows = [
        [
            PageCell(RIGHT, text("dashboard.rfm", language), "crm.dash.section", 4),
            PageCell(RIGHT + 4, text("dashboard.rfm_corner", language), "crm.dash.section.note", 3),
        ],
        [
            *(PageCell(RIGHT + score, across.get(score, str(score)), "crm.dash.head.center") for score in range(1, last + 1)),
            PageCell(RIGHT + last + 1, text("dashboard.flow_sum", language), "crm.dash.head.center"),
        ],
    ]
    link = sheet_link(places.sheet_of_table("rfm"))
    for place, row in enumerate(counts):
        score = last - place
        cells = [PageCell(RIGHT, down.get(score, str(score)), "crm.dash.head.center")]
        for at, count in enumerate(row, RIGHT + 1):
            share = count / everyone if everyone else 0
            style = "many" if share >= _MANY else "some" if share >= _SOME else "few"
            cells.append(PageCell(at, count, f"crm.dash.rfm.{style}", link=link if count else ""))
        rows.append([*cells, PageCell(RIGHT + last + 1, sum(row), "crm.dash.flow.sum")])
    return rows
