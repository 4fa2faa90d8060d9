"""The route sheet as a page definition."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from tests.sample_comparison import route_page, sample_comparison
from xlcrm.settings import GradeGrammar, Settings
from xlcrm.sheets import routesheet
from xlcrm.sheets.filestore import FileStore, WorkbookChanges
from xlcrm.sheets.pages import BlockFrame, Page, PageBlock
from xlcrm.sheets.styles import STYLES
from xlcrm.sheets.textfit import width_px
from xlcrm.sheets.views import pages
from xlcrm.tables import columns as c
from xlcrm.texts import LANGUAGES, Language

PRINTED = dt.date(2018, 1, 5)


def pages_of(language: Language = "en") -> dict[str, Page]:
    return {page.id: page for page in pages(sample_comparison(), Settings(language=language), printed_on=PRINTED)}


def value(block: PageBlock, line: int, column: int) -> object:
    return next(cell.value for cell in block.lines[line].cells if cell.column == column)


def style(block: PageBlock, line: int, column: int) -> str:
    return next(cell.style for cell in block.lines[line].cells if cell.column == column)


def test_one_page_a_route_then_statistics_and_minimums() -> None:
    assert list(pages_of()) == ["route:1", "route:3", "change_statistics", "minimums"]


def test_titles_name_route_day_and_quarters_in_both_languages() -> None:
    english, chinese = pages_of()["route:3"], pages_of("zh")["route:3"]
    assert english.title == "Route 3 · Wednesday"
    assert chinese.title == "三线 · 星期三"
    assert (english.sheet_name, chinese.sheet_name) == ("Route 3", "三线")
    assert english.head[0].cells[2].value == "2017 Q4 vs 2017 Q3"
    assert chinese.head[0].cells[2].value == "2017年四季度 对比 三季度"
    assert chinese.footer_left == "xlcrm · 2017年四季度 对比 三季度 · 打印 2018-01-05"


def test_each_customer_is_one_block_of_two_lines_in_the_order_of_the_visit() -> None:
    page = pages_of()["route:1"]
    assert [block.key for block in page.blocks] == ["001", "002", "003", "004", "005"]
    assert [value(block, 0, routesheet.NUMBER) for block in page.blocks] == [1, 2, 3, 4, 5]
    assert all([line.height_px for line in block.lines] == [26, 31] for block in page.blocks)
    assert page.blocks_per_page == 10


def test_who_has_no_route_is_on_no_sheet() -> None:
    keys = {block.key for page_id, page in pages_of().items() if page_id.startswith("route:") for block in page.blocks}
    assert "011" not in keys


def test_sub_band_counts_every_state_with_its_mark() -> None:
    words = str(pages_of()["route:3"].head[1].cells[0].value)
    for part in (
        "5 customers",
        "↑ 1 promoted",
        "1 kept",
        "↓ 0 demoted",
        "○ 1 new",
        "≠ 0 type changed",
        "× 1 lost",
        "? 1 ungraded",
        "✓ reconciled",
    ):
        assert part in words


def test_sub_band_says_when_the_states_do_not_add_up() -> None:
    lines = [dict(row) for row in sample_comparison().visit_lines.iter_rows(named=True) if row[c.ROUTE] == "3"]
    lines[0][c.STATE] = None
    page = route_page(lines, Settings(), "Route 3")
    words = str(page.head[1].cells[0].value)
    assert "✓" not in words
    assert "! the states add up to 4" in words


def test_every_cell_of_a_block() -> None:
    first = pages_of()["route:1"].blocks[1]
    shown = {cell.column: cell.value for cell in first.lines[0].cells}
    assert shown == {
        0: 2, 1: "Harbor Market", 2: "M. Hart  138 0000 1100", 3: "CB2≠", 4: "CS1", 5: 87, 6: 149, 7: -0.56, 8: "CB1  109 / 192", 9: "22 / 43",
        10: "12-14 visit → 01-10 display",
    }  # fmt: skip
    below = {cell.column: cell.value for cell in first.lines[1].cells}
    assert below == {0: "☐", 1: "002", 2: "128 Main St", 3: "Only 22 more to the next tier: one extra order closes it.", 9: None}
    write = first.lines[1].cells[-1]
    assert (write.style, write.span) == ("crm.route.write", 2)


def test_nothing_known_is_a_dash_and_never_an_empty_number() -> None:
    lost = pages_of()["route:3"].blocks[1]
    assert [
        value(lost, 0, column) for column in (routesheet.QUANTITY, routesheet.AMOUNT, routesheet.CHANGE, routesheet.MINIMUM, routesheet.GAP)
    ] == ["–"] * 5
    assert value(lost, 0, routesheet.NEXT) == "–"
    assert value(lost, 0, routesheet.GRADE) == "CB2×"


def test_a_recorded_zero_is_a_zero() -> None:
    assert value(pages_of()["route:3"].blocks[0], 0, routesheet.AMOUNT) == 0


def test_large_amounts_are_shortened_by_format_and_stay_numbers() -> None:
    for language, ending in (("en", '"k"'), ("zh", '"万"')):
        cell = next(cell for cell in pages_of(language)["route:1"].blocks[4].lines[0].cells if cell.column == routesheet.AMOUNT)
        assert cell.value == 176123
        assert ending in cell.number_format


@pytest.mark.parametrize(
    ("block", "wanted"), [(0, "crm.route.grade.up"), (1, "crm.route.grade.other"), (2, "crm.route.grade.down"), (3, "crm.route.grade")]
)
def test_the_grade_carries_its_state(block: int, wanted: str) -> None:
    assert style(pages_of()["route:1"].blocks[block], 0, routesheet.GRADE) == wanted


def test_changes_from_the_settings_share_on_are_strong() -> None:
    blocks = pages_of()["route:1"].blocks
    assert style(blocks[1], 0, routesheet.CHANGE) == "crm.route.change.strong"
    assert style(blocks[3], 0, routesheet.CHANGE) == "crm.route.change"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_style_is_known_and_every_text_fits_its_cell(language: Language) -> None:
    for page in pages_of(language).values():
        for line in [*page.head, *page.foot, *(line for block in page.blocks for line in block.lines)]:
            for cell in line.cells:
                spec = STYLES[cell.style]
                room = sum(page.column_widths_px[cell.column : cell.column + cell.span])
                if isinstance(cell.value, str) and cell.value != "☐":
                    assert width_px(cell.value, spec.size, spec.bold) <= room, (page.id, cell)


def test_cells_of_a_line_never_overlap_and_never_leave_the_page() -> None:
    for page in pages_of().values():
        for lines in (page.head, page.foot, *(block.lines for block in page.blocks)):
            taken: set[tuple[int, int]] = set()
            for y, line in enumerate(lines):
                for cell in line.cells:
                    area = {(y + down, cell.column + right) for down in range(cell.rows) for right in range(cell.span)}
                    assert not area & taken, (page.id, cell)
                    assert cell.column + cell.span <= len(page.column_widths_px)
                    assert y + cell.rows <= len(lines)
                    taken |= area


@pytest.mark.parametrize(("language", "minimum", "gap"), [("en", "CZ12 123k/4.6M", "123k/3.5M"), ("zh", "CZ12 12万/457万", "12万/346万")])
def test_figures_with_little_room_are_rounded_but_never_cut(language: Language, minimum: str, gap: str) -> None:
    figures = {
        c.NEXT_GRADE: "CZ12",
        c.NEXT_MIN_QUANTITY: 123_450_000,
        c.NEXT_MIN_AMOUNT: 456_780_000,
        c.GAP_QUANTITY: 123_450_000,
        c.GAP_AMOUNT: 345_670_000,
    }
    line = {**sample_comparison().visit_lines.row(0, named=True), **figures}
    block = route_page([line], Settings(language=language), "Route 1").blocks[0]
    assert (value(block, 0, routesheet.MINIMUM), value(block, 0, routesheet.GAP)) == (minimum, gap)


def test_a_code_of_eighteen_digits_is_whole() -> None:
    line = {**sample_comparison().visit_lines.row(0, named=True), c.CUSTOMER_CODE: "330102198801011234"}
    page = route_page([line], Settings(), "Route 1")
    assert value(page.blocks[0], 1, routesheet.CUSTOMER) == "330102198801011234"


def test_phone_stays_whole_where_the_contact_is_long() -> None:
    line = {**sample_comparison().visit_lines.row(0, named=True), c.CONTACT: "A very long name of a person to ask for"}
    page = route_page([line], Settings(), "Route 1")
    shown = str(value(page.blocks[0], 0, routesheet.CONTACT))
    assert shown.endswith("…  138 0000 1100")


def test_ten_blocks_and_the_head_leave_less_than_one_more_first_line() -> None:
    """The page ends between two blocks even where a program ignores manual breaks."""
    page = pages_of()["route:1"]
    used = sum(line.height_px for line in page.head) + 10 * sum(line.height_px for line in page.blocks[0].lines)
    room = (210 - page.margins_mm[2] - page.margins_mm[3]) / 25.4 * 96
    assert used <= room < used + routesheet.LINE_1_PX


def test_route_names_become_sheet_names_that_excel_takes() -> None:
    sample = sample_comparison()
    for wanted, given in (("North/South: [A]", "North South   A"), ("Home", "Home (2)"), ("x" * 40, "x" * 31)):
        renamed = sample.visit_lines.with_columns(route=sample.visit_lines["route"].replace("1", wanted))
        found = pages(
            type(sample)(sample.changes, sample.statistics, sample.minimums, renamed, sample.reconciliation), Settings(), printed_on=PRINTED
        )
        assert found[0].sheet_name.strip() == given.strip()
        assert found[0].id == f"route:{wanted}"


@pytest.mark.parametrize(
    ("language", "skipped", "grade", "note"),
    [
        ("en", 1, "CS3", " (CS2: nobody)"),
        ("zh", 1, "CS3", "（CS2 无人）"),
        ("en", 2, "CS4", " (CS2, CS3: nobody)"),
        ("en", 3, "CS5", " (CS2–CS4: nobody)"),
    ],
)
def test_a_tier_with_nobody_in_it_is_passed_over_and_named(language: Language, skipped: int, grade: str, note: str) -> None:
    settings = Settings(language=language, grammar=GradeGrammar(sizes=("1", "2", "3", "4", "5")))
    first = sample_comparison().visit_lines.row(3, named=True)
    passed = {**first, c.GRADE: grade, c.NEXT_GRADE: "CS1", c.SKIPPED_TIERS: skipped, c.ADVICE: "Only 22 more for CS1. " * 9}
    page = route_page([passed, {**first, c.CUSTOMER_CODE: "x", c.SKIPPED_TIERS: 0}], settings)
    advice, usual = (str(value(block, 1, routesheet.GRADE)) for block in page.blocks)
    assert advice.endswith(f"…{note}")
    assert width_px(advice) <= sum(routesheet.COLUMN_WIDTHS_PX[routesheet.GRADE : routesheet.GAP])
    assert usual == first[c.ADVICE]


def test_one_block_of_many_is_the_same_as_in_the_run() -> None:
    blocks = pages_of()["route:1"].blocks
    assert isinstance(blocks, BlockFrame)
    assert [blocks[place] for place in range(5)] == list(blocks) == list(blocks[:])
    assert blocks[-1] == blocks[4]
    assert blocks.block_keys() == [block.key for block in blocks]
    with pytest.raises(IndexError):
        blocks[5]


@pytest.mark.parametrize("language", LANGUAGES)
def test_painting_in_columns_gives_the_same_rows_as_cell_by_cell(tmp_path: Path, language: Language) -> None:
    """The columns of a block frame and the cells that it stands for are two ways to the same sheet, records and merged cells too."""
    lines = sample_comparison().visit_lines
    mangled = lines.with_columns(
        pl.Series(c.CUSTOMER_NAME, ["a & b", " <x> ", None, "", "_x0041_", "=1+1", *lines[c.CUSTOMER_NAME].to_list()[6:]]),
        pl.Series(c.CONTACT, [None, *lines[c.CONTACT].to_list()[1:]]),
        pl.Series(c.CUSTOMER_CODE, ["<1>", *lines[c.CUSTOMER_CODE].to_list()[1:]]),
    )
    sample = sample_comparison()
    comparison = type(sample)(sample.changes, sample.statistics, sample.minimums, mangled, sample.reconciliation)
    in_columns = pages(comparison, Settings(language=language), printed_on=PRINTED)
    by_cell = [replace(page, blocks=list(page.blocks)) for page in in_columns]
    books = []
    for name, painted in (("columns", in_columns), ("cells", by_cell)):
        FileStore.create(tmp_path / f"{name}.xlsx", language)
        FileStore.open(tmp_path / f"{name}.xlsx").save(WorkbookChanges(pages=painted))
        books.append(openpyxl.load_workbook(tmp_path / f"{name}.xlsx"))
    for page in in_columns:
        first, second = (book[page.sheet_name] for book in books)
        assert first.merged_cells == second.merged_cells
        assert [mark.id for mark in first.row_breaks.brk] == [mark.id for mark in second.row_breaks.brk]
        for one, two in zip(first.iter_rows(), second.iter_rows(), strict=True):
            for cell, other in zip(one, two, strict=True):
                if cell.column <= len(page.column_widths_px):
                    assert (cell.value, cell.style_id, cell.data_type) == (other.value, other.style_id, other.data_type), cell
        assert [first.row_dimensions[row].height for row in range(1, 12)] == [second.row_dimensions[row].height for row in range(1, 12)]
