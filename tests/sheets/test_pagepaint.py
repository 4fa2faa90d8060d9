"""Pages painted onto sheets: print set-up, what is replaced, what of the user's stays."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from tests.sheets.decorated import read_parts, route_page, sheet_parts, yellow, zipped
from tests.support_libreoffice import convert
from xlcrm.sheets import places
from xlcrm.sheets.changes import WorkbookChanges
from xlcrm.sheets.filestore import FileStore
from xlcrm.sheets.pages import Page, PageBlock, PageCell, PageLine


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "book.xlsx"
    FileStore.create(path, "en")
    return path


def paint(path: Path, *pages: Page, removed: tuple[str, ...] = ()) -> None:
    FileStore.open(path).save(WorkbookChanges(pages=list(pages), removed_pages=removed))


def sheet(path: Path, name: str) -> Worksheet:
    return openpyxl.load_workbook(path)[name]


def change(path: Path, name: str, *edits: tuple[str, str]) -> None:
    """Replaces text in a sheet's XML by patterns; each must be found."""
    parts = read_parts(path)
    part = sheet_parts(parts)[name]
    text = parts[part].decode()
    for pattern, new in edits:
        text, count = re.subn(pattern, new, text, count=1, flags=re.DOTALL)
        assert count == 1, pattern
    parts[part] = text.encode()
    path.write_bytes(zipped(parts))


def texts(path: Path, name: str, column: int) -> list[object]:
    found = sheet(path, name)
    return [found.cell(row, column).value for row in range(1, found.max_row + 1)]


def page_of(*cells: PageCell, page_id: str = "route:9", **more: object) -> Page:
    """A page of one line."""
    return Page(page_id, "Nine", "Nine", [50, 60, 70], [], [PageBlock("a", [PageLine(20, list(cells))])], **more)  # type: ignore[arg-type]  # fields of Page


def test_print_set_up_of_a_new_sheet(book: Path) -> None:
    paint(book, route_page("1", "2", "3", "4", "5"))
    found = sheet(book, "Route 1")
    assert found.print_title_rows == "$1:$1"
    assert found.print_area == "'Route 1'!$A$1:$D$11"
    assert [mark.id for mark in found.row_breaks.brk] == [5, 9]
    assert (found.page_setup.paperSize, found.page_setup.orientation) == (9, "landscape")
    assert (found.page_setup.fitToWidth, found.page_setup.fitToHeight, found.sheet_properties.pageSetUpPr.fitToPage) == (1, 0, True)
    assert round(found.page_margins.top * 25.4, 2) == 11.0
    assert round(found.page_margins.left * 25.4, 2) == 10.0
    assert found.freeze_panes == "A2"
    assert found.sheet_view.showGridLines is False
    assert found.column_dimensions["B"].width == pytest.approx((150 - 5) / 7, abs=0.001)
    assert found.row_dimensions[1].height == 38 * 0.75
    assert found.column_dimensions["E"].hidden
    assert found.oddFooter.right.text.endswith("Page &P of &N") or "Page &P of &N" in found.oddFooter.right.text
    assert {str(area) for area in found.merged_cells.ranges} == {"A1:D1", *(f"C{row}:D{row}" for row in range(3, 12, 2))}


def test_one_page_and_portrait(book: Path) -> None:
    paint(book, page_of(PageCell(0, 1), one_page=True, landscape=False, footer_left="R&D {page}"))
    found = sheet(book, "Nine")
    assert (found.page_setup.fitToHeight, found.page_setup.orientation) == (1, "portrait")
    text = read_parts(book)[sheet_parts(read_parts(book))["Nine"]].decode()
    assert "R&amp;&amp;D &amp;P" in text


def test_cells_links_and_notes(book: Path) -> None:
    cells = PageCell(0, "=1+1", link="'Gaps'!A1", note='all & "names"'), PageCell(1, 0.5, "crm.share"), PageCell(2, None, note="x" * 300)
    paint(book, page_of(*cells))
    found = sheet(book, "Nine")
    assert (found["A1"].value, found["A1"].data_type) == ("=1+1", "s")
    assert (found["A1"].hyperlink.location, found["A1"].hyperlink.tooltip) == ("'Gaps'!A1", 'all & "names"')
    assert found["B1"].value == 0.5
    assert found["B1"].style == "crm.share"
    assert (found["C1"].hyperlink.location, len(found["C1"].hyperlink.tooltip)) == ("C1", 255)


def test_a_number_format_of_a_cell_is_added_once(book: Path) -> None:
    page = page_of(
        PageCell(0, 1.5, "crm.money", number_format='0.000"x"'),
        PageCell(1, 2, "crm.money", number_format='0.000"x"'),
        PageCell(2, 3, "crm.money"),
    )
    was = read_parts(book)["xl/styles.xml"]
    paint(book, page)
    once = read_parts(book)["xl/styles.xml"]
    paint(book, page)
    assert was != once == read_parts(book)["xl/styles.xml"]
    assert len(once) - len(was) < 400
    found = sheet(book, "Nine")
    assert [found.cell(1, column).number_format for column in (1, 2)] == ['0.000"x"'] * 2 != [found["C1"].number_format] * 2
    assert found["A1"].font.b == found["C1"].font.b
    assert found["A1"].border.bottom.style == found["C1"].border.bottom.style


def test_painting_twice_gives_the_same_sheet(book: Path) -> None:
    paint(book, route_page("1", "2", "3"))
    once = read_parts(book)
    paint(book, route_page("1", "2", "3"))
    assert read_parts(book) == once


def test_a_renamed_tab_is_found_again_and_keeps_its_name(book: Path) -> None:
    paint(book, route_page("1"))
    parts = read_parts(book)
    parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace(b'name="Route 1"', b'name="Monday"').replace(b"'Route 1'!", b"'Monday'!")
    book.write_bytes(zipped(parts))
    paint(book, route_page("1", "2"))
    names = openpyxl.load_workbook(book).sheetnames
    assert "Monday" in names
    assert "Route 1" not in names
    assert texts(book, "Monday", 2)[1:5] == ["Shop 1", "1", "Shop 2", "2"]


def test_a_name_that_is_taken_gets_a_number(book: Path) -> None:
    paint(book, Page("route:8", "Customers", "", [50], [], []))
    assert "Customers (2)" in openpyxl.load_workbook(book).sheetnames


def test_route_sheets_stand_behind_each_other_after_the_routes(book: Path) -> None:
    pages = [Page(f"route:{number}", f"Route {number}", "", [50], [], []) for number in (1, 2)]
    paint(book, *pages)
    paint(book, Page("route:3", "Route 3", "", [50], [], []))
    names = openpyxl.load_workbook(book).sheetnames
    assert names[names.index("Routes") :][:5] == ["Routes", "Route 1", "Route 2", "Route 3", "Change statistics"]


def test_the_templates_own_page_sheet_is_painted_over_the_first_time(book: Path) -> None:
    page = page_of(PageCell(0, "statistics"), page_id="change_statistics")
    paint(book, page)
    assert "Nine" not in openpyxl.load_workbook(book).sheetnames
    assert texts(book, "Change statistics", 1) == ["statistics"]
    assert list(sheet(book, "Change statistics").merged_cells.ranges) == []


def test_only_sheets_that_we_made_are_taken_away(book: Path) -> None:
    paint(book, route_page("1"))
    paint(book, removed=("route:1", "change_statistics", "route:77"))
    assert set(FileStore.open(book).page_ids()) == set(places.PAGE_SHEETS)
    assert "Route 1" not in openpyxl.load_workbook(book).sheetnames
    assert "Route 1" not in read_parts(book)["xl/workbook.xml"].decode()


def test_a_note_goes_with_the_customer_to_another_route(book: Path) -> None:
    other = route_page("8", "9")
    second = Page("route:2", "Route 2", "", other.column_widths_px, other.head, other.blocks)
    paint(book, route_page("1", "2"), second)
    change(book, "Route 1", (r'<c r="C5" s="(\d+)"/>', r'<c r="C5" s="\1" t="inlineStr"><is><t>wants a visit</t></is></c>'))
    moved = route_page("8", "2", "9")
    paint(book, route_page("1"), Page("route:2", "Route 2", "", moved.column_widths_px, moved.head, moved.blocks))
    assert texts(book, "Route 2", 3)[:7] == [None, None, None, None, "wants a visit", None, None]
    assert "wants a visit" not in texts(book, "Route 1", 3)


def test_a_note_on_a_customer_who_left_stands_below_the_page(book: Path) -> None:
    paint(book, route_page("1", "2"))
    change(book, "Route 1", (r'<c r="C5" s="(\d+)"/>', r'<c r="C5" s="\1" t="inlineStr"><is><t>moved away</t></is></c>'))
    for _ in range(2):
        paint(book, route_page("1"))
        assert texts(book, "Route 1", 1)[-1] == "2"
        assert texts(book, "Route 1", 2)[-1] == "moved away"
        assert sheet(book, "Route 1").print_area == "'Route 1'!$A$1:$D$3"


def test_a_note_stays_through_many_runs_and_may_be_wiped(book: Path) -> None:
    paint(book, route_page("1", "2"))
    change(book, "Route 1", (r'<c r="C2" s="(\d+)"/>', r'<c r="C2" s="\1" t="inlineStr"><is><t>ring twice</t></is></c>'))
    for codes in (("2", "1"), ("1", "2"), ("3", "1")):
        paint(book, route_page(*codes))
        found = sheet(book, "Route 1")
        row = next(row for row in range(1, 9) if found.cell(row, 2).value == "Shop 1")
        assert found.cell(row, 3).value == "ring twice"
    change(book, "Route 1", (r' t="inlineStr"><is><t>ring twice</t></is></c>', "/>"))
    paint(book, route_page("1"))
    assert "ring twice" not in texts(book, "Route 1", 3)


def test_view_columns_and_links_of_the_user_stay(book: Path) -> None:
    paint(book, route_page("1", "2"))
    change(
        book, "Route 1",
        (r'(<col min="2" max="2" width=)"[^"]*"', r'\1"44"'),
        (r"<sheetView ", '<sheetView zoomScale="140" '),
        (r'orientation="landscape"', 'orientation="portrait"'),
        (r"<printOptions", '<hyperlinks><hyperlink ref="B5" location="Home!A1"/></hyperlinks><printOptions'),
        (r"</sheetData>", "</sheetData><!-- kept -->"),
    )  # fmt: skip
    paint(book, route_page("2", "1"))
    found = sheet(book, "Route 1")
    assert found.column_dimensions["B"].width == 44
    assert found.sheet_view.zoomScale == 140
    assert found.page_setup.orientation == "portrait"
    assert found["B3"].hyperlink.location == "Home!A1"
    assert found["B5"].hyperlink is None
    assert "<!-- kept -->" in read_parts(book)[sheet_parts(read_parts(book))["Route 1"]].decode()


def test_restyled_empty_and_filled_cells_keep_their_look_until_it_is_ours_again(book: Path) -> None:
    paint(book, route_page("1", "2"))
    style = "3"
    assert style != yellow(read_parts(book))
    change(book, "Route 1", (r'<c r="B4" s="\d+"', f'<c r="B4" s="{style}"'), (r'<c r="C5" s="\d+"', f'<c r="C5" s="{style}"'))
    paint(book, route_page("2", "1"))
    text = read_parts(book)[sheet_parts(read_parts(book))["Route 1"]].decode()
    assert f'<c r="B2" s="{style}"' in text
    assert f'<c r="C3" s="{style}"' in text
    assert f'<c r="B4" s="{style}"' not in text


@pytest.mark.parametrize("page_id", ["route:3", "route:一线", "minimums", "route:A-1 b", "route:3.5", "change_statistics"])
def test_page_ids_and_defined_names_are_each_others_inverse(page_id: str) -> None:
    assert places.page_id_of(places.page_name(page_id)) == page_id


def test_libreoffice_prints_the_page_in_its_print_area(book: Path, tmp_path: Path, soffice: str) -> None:
    paint(book, route_page("1", "2", "3"))
    written = convert(soffice, [book], tmp_path / "out")
    found = openpyxl.load_workbook(written[0])["Route 1"]
    assert found["B2"].value == "Shop 1"
    assert "$A$1:$D$7" in str(found.print_area)


def test_a_page_has_a_way_back_that_is_not_printed(book: Path) -> None:
    page = replace(route_page("1", "2"), way_back="‹ Home")
    for _ in range(2):
        paint(book, page)
        found = sheet(book, "Route 1")
        assert (found["G1"].value, found["G1"].hyperlink.location, found["G1"].style) == ("‹ Home", "crm.sheet.home", "crm.back")
        assert found.print_area == "'Route 1'!$A$1:$D$5"
        parts = read_parts(book)
        assert parts[sheet_parts(parts)["Route 1"]].count(b"<hyperlink ") == 1


def test_what_the_user_wrote_beside_a_page_is_not_covered_by_the_way_back(book: Path) -> None:
    paint(book, route_page("1"))
    change(book, "Route 1", (r"(<row r=\"1\".*?)(</row>)", r'\1<c r="G1" t="inlineStr"><is><t>mine</t></is></c>\2'))
    paint(book, replace(route_page("1"), way_back="‹ Home"))
    found = sheet(book, "Route 1")
    assert (found["G1"].value, found["G1"].hyperlink) == ("mine", None)
