"""The manager's page: one sheet of paper whatever a quarter brought, nothing empty on it, its chart over the cells that it draws."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Mapping
from dataclasses import replace

import openpyxl
import pytest

from tests.sample_comparison import sample_comparison
from xlcrm.printing.drawing import drawings
from xlcrm.printing.layout import paper_of
from xlcrm.rules.dashboard import Dashboard, GapLine, KeyFigure, Moves, RouteLine, WarningLine
from xlcrm.rules.flow import NO_GRADE, Flow
from xlcrm.settings import GradeGrammar, Settings
from xlcrm.sheets import dashboardlinks, dashboardpage, places
from xlcrm.sheets.dashboardlinks import DashboardLinks, type_links
from xlcrm.sheets.dashboardpage import BAR_LINES, CHART_LINE, COLUMNS, dashboard_page, nothing_known, size_names
from xlcrm.sheets.pages import Page, PageCell, StackedBars
from xlcrm.sheets.styles import SIZE_COLORS, TOKENS
from xlcrm.sheets.template import template_bytes
from xlcrm.tables import columns as c
from xlcrm.texts import LANGUAGES, Language, text

DAY = dt.date(2018, 1, 5)
QUARTERS = [f"{year}Q{number}" for year in (2016, 2017) for number in (1, 2, 3, 4)]


def board(routes: int = 5, types: int = 8, sizes: int = 3, large: int = 1) -> Dashboard:
    """A page of these numbers of things; large: times the figures."""
    letters = [str(number + 1) for number in range(sizes)]
    cells = {(one, other): 10 for one in letters for other in (*letters, c.TYPE_CHANGED, NO_GRADE)} | {
        (NO_GRADE, "1"): 4,
        (NO_GRADE, NO_GRADE): 3,
    }
    trend = [900 * large + place for place in range(8)]
    return Dashboard(
        "2017Q4", "2017Q3", DAY, True, QUARTERS,
        [KeyFigure(name, 907 * large, 1000 * large, 2000 * large, trend) for name in ("customers", c.QUANTITY, c.AMOUNT)],
        Moves(159, 177, 20), [(f"T{number}", tuple(range(2, 2 + sizes))) for number in range(types)], Flow(letters, cells),
        [RouteLine(str(number + 1), "mon", 20 + number, 100, 30, 6, 0.1) for number in range(routes)],
        [GapLine(f"{number:04}", "A customer of a very long name indeed " * 2, "3", "CY22", "CY21", 3000, 0) for number in range(max(5, min(routes, 10)))],
        [WarningLine(2, 11, "why " * 60, "what to do " * 30, "crm.sheet.warnings"), WarningLine(0, 38, "overdue", "replan")],
        [[number * 5 + place for place in range(5)] for number in range(5)],
    )  # fmt: skip


def page_of(shown: Dashboard, language: Language = "en", links: DashboardLinks | None = None) -> Page:
    names: Mapping[str, str] = {"T0": "Convenience stores of the inner city and beyond"}
    return dashboard_page(shown, Settings(language=language), DAY, names, links or DashboardLinks())


def cells_of(page: Page) -> list[PageCell]:
    return [cell for block in page.blocks for line in block.lines for cell in line.cells]


def values(page: Page) -> list[object]:
    return [cell.value for cell in cells_of(page)]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("routes", "types", "sizes", "large"), [(2, 1, 3, 1), (10, 12, 3, 1), (30, 40, 7, 10**7), (1, 1, 1, 1), (0, 0, 2, 1)]
)
def test_it_is_one_page_at_a_size_to_read(routes: int, types: int, sizes: int, large: int, language: Language) -> None:
    page = page_of(board(routes, types, sizes, large), language)
    (drawing,) = drawings(page)
    assert paper_of(page).scale > 0.8, "10 points stay 8"
    assert max(rule.y for rule in drawing.rules) < drawing.height
    in_cells = [words for words in drawing.words if words.size > 8]
    # A text that its cell would cut off is kept in a box; no figure is.
    assert [words.text for words in in_cells if words.box is not None and any(sign.isdigit() for sign in words.text)] == []


def test_no_two_cells_of_a_line_overlap() -> None:
    for shown in (board(), board(10, 12, 5), replace(board(), rfm=()), nothing_known(Settings())):
        taken: set[tuple[int, int]] = set()
        row = 0
        for block in page_of(shown).blocks:
            for line in block.lines:
                for cell in line.cells:
                    own = {(row + down, column) for down in range(cell.rows) for column in range(cell.column, cell.column + cell.span)}
                    assert not own & taken
                    assert max(column for _, column in own) < COLUMNS
                    taken |= own
                row += 1


def test_the_chart_stands_where_the_template_has_it_whatever_is_shown() -> None:
    for shown in (board(), board(30, 40, 7), nothing_known(Settings())):
        (chart,) = page_of(shown).charts
        assert isinstance(chart, StackedBars)
        assert (chart.first_line, chart.lines) == (CHART_LINE, BAR_LINES + 1)
        assert all(len(bar) <= len(SIZE_COLORS) for bar in chart.bars)
        assert sum(map(sum, chart.bars)) == sum(sum(sizes) for _, sizes in shown.distribution)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_templates_chart_covers_its_cells(language: Language) -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(template_bytes(language)))[places.sheet_name("dashboard", language)]
    (chart,) = sheet._charts
    top, bottom = chart.anchor._from, chart.anchor.to
    assert (top.row, bottom.row) == (CHART_LINE, CHART_LINE + BAR_LINES + 1)
    assert (top.col, bottom.col) == (dashboardpage.CHART_COLUMN, dashboardpage.CHART_COLUMN + dashboardpage.CHART_SPAN)
    assert [series.graphicalProperties.solidFill.srgbClr for series in chart.series] == [TOKENS[color] for color in SIZE_COLORS]
    assert sheet["A1"].value == text("dashboard.title", language)
    assert sheet["F1"].value == text("dashboard.not_made", language)


def test_what_is_not_known_is_left_out() -> None:
    everything = values(page_of(board()))
    assert text("dashboard.rfm", "en") in everything
    without = values(page_of(replace(board(), rfm=(), warnings=())))
    assert not {text("dashboard.rfm", "en"), text("dashboard.warnings", "en")} & set(without)
    no_goal = [replace(figure, goal=None, trend=[None] * 7 + [figure.value]) for figure in board().figures]
    said = [str(value) for value in values(page_of(replace(board(), figures=no_goal, moves=Moves(1, 2, None))))]
    assert not [value for value in said if "goal" in value or "█" in value or "2017 Q3:" in value]
    assert text("dashboard.not_reconciled", "en") in str(values(page_of(replace(board(), reconciled=False)))[1])


def test_further_types_routes_and_sizes_are_taken_together_and_nothing_is_lost() -> None:
    shown = board(14, 13, 5)
    said = values(page_of(shown))
    assert "4 further types" in said
    assert "5 others" in said
    assert size_names(shown.flow.sizes, "en") == ["1 large", "2 medium", "3+ small"]
    assert said.count("3+") == 2
    assert shown.flow.total in said
    assert size_names(("A", "B"), "en") == ["A large", "B small"]
    assert size_names(("A",), "en") == ["A"]


def test_a_taken_together_figure_leads_to_all_rows_and_a_single_one_to_its_own() -> None:
    shown = board(sizes=4)
    links = (
        {(one, other): f"{one}>{other}" for one, other in shown.flow.cells}
        | {("", ""): "all"}
        | {(row, ""): row for row in shown.flow.rows}
    )
    found = {cell.link for cell in cells_of(page_of(shown, links=DashboardLinks(flow=links)))}
    assert {"1>2", "2>1", "1", "none", "none>none", "all"} <= found
    assert not {"3>3", "3>4", "4>1", "3"} & found


def test_erasing_a_customer_finds_its_block() -> None:
    page = page_of(board())
    keys = [block.key for block in page.blocks]
    assert len(set(keys)) == len(keys)
    assert [f"{number:04}" for number in range(5)] == keys[1:6]
    (line,) = page.blocks[1].lines
    named = [cell.value for cell in line.cells if "name" in cell.style.split(".")]
    assert len(named) == 1
    assert str(named[0]).startswith("A customer")


def test_a_type_leads_to_its_rows_only_where_they_are_one_run_of_as_many() -> None:
    rows = [(6, "CS"), (7, "CS"), (8, "CB"), (9, "CX"), (10, "CB"), (11, None)]
    assert type_links(rows, {"CS": 2, "CB": 2, "CX": 2}, "en") == {"CS": "'Grade changes'!B6:I7"}


def test_rows_of_the_flow_stand_in_its_order() -> None:
    grammar = GradeGrammar()
    rows = dashboardlinks.flow_rows(sample_comparison().changes, {"001": "Maple Shop"}, grammar)
    found = rows.select(c.FLOW_FROM, c.FLOW_TO).rows()
    assert found == sorted(
        found, key=lambda pair: (("1", "2", "3", NO_GRADE).index(pair[0]), ("1", "2", "3", c.TYPE_CHANGED, NO_GRADE).index(pair[1]))
    )
    assert rows.filter(rows[c.CUSTOMER_CODE] == "001")[c.CUSTOMER_NAME].to_list() == ["Maple Shop"]
    links = dashboardlinks.flow_links(rows, "en")
    assert links["", ""] == "'Grade flow'!B6:I16"
    assert links["2", "1"] == "'Grade flow'!B8:I9"
    assert links["2", ""] == "'Grade flow'!B8:I11"
    shown = dashboardlinks.shown_flow(rows, "zh")
    assert shown[c.FLOW_TO].to_list()[1] == "业态变更"
