"""The manager's page from a workbook: its figures are those of the tables, on a closed file and in an open workbook, and lead to their rows."""

from __future__ import annotations

import datetime as dt
import re
import shutil
from collections import Counter
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet
from pypdf import PdfReader

from tests.hosts.sample_books import SAMPLE_DAY, sample_book
from tests.jobs.both_stores import STORES, Do
from xlcrm.jobs.analysing import analyse
from xlcrm.jobs.dashboardprint import print_dashboard
from xlcrm.jobs.dashboards import DashboardReport, show_dashboard
from xlcrm.jobs.forgetting import forget
from xlcrm.jobs.quarter import close_quarter
from xlcrm.problems import CannotDo
from xlcrm.rules.dashboard import Dashboard
from xlcrm.sheets import places
from xlcrm.sheets.filestore import FileStore
from xlcrm.tables import columns as c


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return sample_book(tmp_path_factory.mktemp("dashboard"), "en")


@pytest.fixture(params=STORES)
def do(request: pytest.FixtureRequest) -> Do[DashboardReport]:
    return STORES[request.param]


def painted(book: Path, do: Do[DashboardReport]) -> tuple[Dashboard, Worksheet]:
    report = do(book, lambda store: show_dashboard(store, SAMPLE_DAY))
    return report.board, openpyxl.load_workbook(book)["Dashboard"]


def rows_at(sheet: Worksheet, link: str) -> list[list[object]]:
    """What stands where a link leads."""
    assert sheet.parent is not None
    place, area = re.fullmatch(r"#?'?([^'!]*)'?!(.*)", link).groups()  # type: ignore[union-attr]  # it is a range
    return [[cell.value for cell in row] for row in sheet.parent[place][area]]


def links_of(sheet: Worksheet) -> dict[str, str]:
    return {
        cell.coordinate: cell.hyperlink.location or cell.hyperlink.target for row in sheet.iter_rows() for cell in row if cell.hyperlink
    }


def test_every_figure_of_the_flow_leads_to_as_many_rows(closed: Path, tmp_path: Path, do: Do[DashboardReport]) -> None:
    book = Path(shutil.copy(closed, tmp_path))
    board, sheet = painted(book, do)
    flow = {address: link for address, link in links_of(sheet).items() if "Grade flow" in link}
    assert len(flow) == len(board.flow.cells) + len([row for row in board.flow.rows if board.flow.row_sum(row)]) + 1
    for address, link in flow.items():
        assert len(rows_at(sheet, link)) == sheet[address].value, address
    everybody = rows_at(sheet, max(flow.values(), key=lambda link: len(rows_at(sheet, link))))
    assert len(everybody) == board.flow.total == FileStore.open(book).read("customers").frame.height
    assert Counter(str(row[0]) for row in everybody) == {
        row if row != "none" else "no grade": board.flow.row_sum(row) for row in board.flow.rows if board.flow.row_sum(row)
    }
    names = {str(row[2]): row[3] for row in everybody}
    customers = FileStore.open(book).read("customers").frame
    assert names == dict(customers.select(c.CUSTOMER_CODE, c.CUSTOMER_NAME).iter_rows())


def test_types_and_gaps_lead_to_their_rows(closed: Path, tmp_path: Path, do: Do[DashboardReport]) -> None:
    board, sheet = painted(Path(shutil.copy(closed, tmp_path)), do)
    links = links_of(sheet)
    types = {address: link for address, link in links.items() if "Grade changes" in link}
    assert len(types) == len(board.distribution)
    for address, link in types.items():
        assert len(rows_at(sheet, link)) == sheet[address].value
    gaps = {address: link for address, link in links.items() if "Gaps" in link}
    shown = {rows_at(sheet, link)[0][0] for link in gaps.values()}
    assert shown == {gap.code for gap in board.gaps}
    routes = {link for link in links.values() if places.PAGE_PREFIX + "route" in link}
    assert len(routes) == len(board.routes)


def test_key_figures_are_those_of_the_tables(closed: Path, tmp_path: Path, do: Do[DashboardReport]) -> None:
    book = Path(shutil.copy(closed, tmp_path))
    board, sheet = painted(book, do)
    rows = [row for row in FileStore.open(book).read("purchases").frame.iter_rows(named=True) if row[c.DATE] >= dt.date(2017, 10, 1)]
    assert sheet["A4"].value == len({row[c.CUSTOMER_CODE] for row in rows})
    assert sheet["D4"].value == sum(row[c.QUANTITY] for row in rows) / 1000
    assert [len(figure.trend) for figure in board.figures] == [3, 3, 3]
    states = Counter(FileStore.open(book).read("grade_changes").frame[c.STATE])
    assert sheet.cell(4, 12).value == states[c.UP] - states[c.DOWN] == board.moves.net
    assert board.moves.net_before is not None
    assert sum(line.promoted + line.kept + line.demoted + line.other for line in board.routes) == board.flow.total


def test_what_analyse_found_on_the_day_is_what_the_page_shows(closed: Path, tmp_path: Path) -> None:
    book = Path(shutil.copy(closed, tmp_path))
    analyse(FileStore.open(book), SAMPLE_DAY)
    warnings, scores = (FileStore.open(book).read(name).frame for name in ("warnings", "rfm"))
    board = show_dashboard(FileStore.open(book), SAMPLE_DAY).board
    assert {line.level: line.customers for line in board.warnings if line.level} == dict(Counter(warnings[c.LEVEL]))
    assert all(line.link for line in board.warnings if line.level)
    assert sum(map(sum, board.rfm)) == scores.height
    assert board.rfm[0][4] == scores.filter((scores[c.R] == 5) & (scores[c.F] == 5)).height
    later = show_dashboard(FileStore.open(book), SAMPLE_DAY + dt.timedelta(days=40)).board
    assert not any(line.link for line in later.warnings if line.level)


def test_a_run_spares_the_chart_and_says_of_which_quarters_it_is(closed: Path, tmp_path: Path, do: Do[DashboardReport]) -> None:
    book = Path(shutil.copy(closed, tmp_path))
    painted(book, do)
    close_quarter(FileStore.open(book), "2017Q3", "2017Q2", as_of=SAMPLE_DAY)
    sheet = openpyxl.load_workbook(book)["Dashboard"]
    assert "2017 Q4 vs 2017 Q3" in str(sheet["F1"].value), "closing a quarter leaves it alone"
    _, sheet = painted(book, do)
    assert "2017 Q3 vs 2017 Q2" in str(sheet["F1"].value)
    assert len(sheet._charts) == 1
    (chart,) = sheet._charts
    assert [series.val.numRef.f for series in chart.series] == [f"'Dashboard'!${column}$11:${column}$20" for column in "BCD"]
    assert sheet["A11"].value is not None
    assert sheet["B11"].value + sheet["C11"].value + sheet["D11"].value == sheet["G11"].value


@pytest.mark.parametrize("language", ["en", "zh"])
def test_one_sheet_of_paper(language: str, closed: Path, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    book = closed if language == "en" else sample_book(tmp_path_factory.mktemp("zh"), "zh")
    before = book.read_bytes()
    board = print_dashboard(FileStore.open(book), tmp_path / "page.pdf", SAMPLE_DAY).board
    reader = PdfReader(tmp_path / "page.pdf")
    assert len(reader.pages) == 1
    said = reader.pages[0].extract_text()
    assert ("Manager dashboard" if language == "en" else "经理看板") in said
    assert f"{board.flow.total:,}" in said
    assert book.read_bytes() == before


def test_a_workbook_without_a_quarter_says_so(tmp_path: Path) -> None:
    FileStore.create(tmp_path / "new.xlsx", "en")
    with pytest.raises(CannotDo) as refusal:
        show_dashboard(FileStore.open(tmp_path / "new.xlsx"), SAMPLE_DAY)
    assert refusal.value.problem.code == "no_quarters"


def test_an_erased_customer_is_named_neither_on_the_page_nor_behind_it(closed: Path, tmp_path: Path) -> None:
    book = Path(shutil.copy(closed, tmp_path))
    gap = show_dashboard(FileStore.open(book), SAMPLE_DAY).board.gaps[0]
    assert gap.name in values_of(book, "Dashboard") & values_of(book, "Grade flow")
    forget(FileStore.open(book), [gap.code], as_of=SAMPLE_DAY)
    assert gap.name not in values_of(book, "Dashboard") | values_of(book, "Grade flow")
    assert gap.code in values_of(book, "Grade flow")


def values_of(book: Path, sheet: str) -> set[object]:
    return {cell.value for row in openpyxl.load_workbook(book)[sheet].iter_rows() for cell in row}
