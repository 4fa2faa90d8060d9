"""What a user, an add-in or another program put into a workbook is still there after two saves, proved part by part."""

from __future__ import annotations

import re
import struct
import warnings
import zipfile
from pathlib import Path

import openpyxl
import pytest

from tests.sheets.decorated import VBA, build, customers, read_parts, route_page, sheet_parts, yellow
from tests.support_libreoffice import convert
from xlcrm.sheets.changes import WorkbookChanges
from xlcrm.sheets.filestore import FileStore

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The decorated workbook, and the same after two saves: the first adds rows, the second moves them and takes one out."""
    folder = tmp_path_factory.mktemp("survival")
    before, after = folder / "before.xlsm", folder / "after.xlsm"
    build(before)
    after.write_bytes(before.read_bytes())
    more = customers("0001", "0002", "0003", "0004", "0005")
    FileStore.open(after).save(WorkbookChanges(tables={"customers": more}, pages=[route_page("0001", "0002", "0003", "0004")]))
    moved = customers("0005", "0003", "0002", "0004")
    FileStore.open(after).save(
        WorkbookChanges(
            tables={"customers": moved}, pages=[route_page("0004", "0002", "0003", "0001")], values={"crm.current_quarter": "2017Q2"}
        )
    )
    return before, after


def owned(parts: dict[str, bytes]) -> set[str]:
    """The parts that such a save may touch."""
    sheets = sheet_parts(parts)
    table = next(name for name, data in parts.items() if name.startswith("xl/tables/") and b'displayName="Customers"' in data)
    return {
        sheets["Customers"], sheets["Route 1"], sheets["Home"], table, "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "[Content_Types].xml",
        "xl/calcChain.xml", "xl/commentsUser1.xml", "xl/drawings/vmlUser1.vml",
    }  # fmt: skip


def packed(path: Path) -> dict[str, tuple[bytes, tuple[int, ...], int, int]]:
    """Compressed bytes, date, attributes and method of every entry."""
    data = path.read_bytes()
    found: dict[str, tuple[bytes, tuple[int, ...], int, int]] = {}
    with zipfile.ZipFile(path) as archive:
        for info in archive.infolist():
            name, extra = struct.unpack_from("<2H", data, info.header_offset + 26)
            start = info.header_offset + 30 + name + extra
            found[info.filename] = (data[start : start + info.compress_size], info.date_time, info.external_attr, info.compress_type)
    return found


def test_every_other_part_is_byte_identical(files: tuple[Path, Path]) -> None:
    before, after = files
    old, new = packed(before), packed(after)
    touched = owned(read_parts(before))
    others = [name for name in old if name not in touched]
    assert len(others) > 40
    for name in others:
        assert new.get(name) == old[name], name
    assert set(new) - set(old) == set()
    assert set(old) - set(new) == {"xl/calcChain.xml"}


def test_parts_named_in_the_promise_are_among_those(files: tuple[Path, Path]) -> None:
    old, new = read_parts(files[0]), read_parts(files[1])
    for name in (
        "xl/charts/chartUser.xml", "xl/drawings/drawingUser.xml", "xl/drawings/vmlUser2.vml", "xl/pivotTables/pivotTable1.xml",
        "xl/pivotCache/pivotCacheRecords1.xml", "customUI/customUI14.xml", "xl/webextensions/webextension1.xml", "xl/worksheets/sheetUser.xml",
        "xl/styles.xml",
    ):  # fmt: skip
        assert new[name] == old[name], name
    assert new["xl/vbaProject.bin"] == VBA


def test_restyled_cell_row_height_and_added_columns_go_with_their_customer(files: tuple[Path, Path]) -> None:
    parts = read_parts(files[1])
    text = parts[sheet_parts(parts)["Customers"]].decode()
    book = openpyxl.load_workbook(files[1])
    sheet = book["Customers"]
    rows = {sheet.cell(row, 2).value: row for row in range(6, 10)}
    assert list(rows) == ["0005", "0003", "0002", "0004"]
    assert f'<c r="C{rows["0002"]}" s="{yellow(parts)}"' in text
    assert sheet.row_dimensions[rows["0003"]].height == 44
    assert [sheet.row_dimensions[rows[code]].height for code in ("0005", "0002", "0004")] != [44, 44, 44]
    assert {code: sheet.cell(row, 37).value for code, row in rows.items()} == {
        "0005": None,
        "0003": "third",
        "0002": "second",
        "0004": None,
    }
    assert {code: sheet.cell(row, 39).value for code, row in rows.items()} == {
        "0005": None, "0003": "beside third", "0002": "beside second", "0004": None,
    }  # fmt: skip
    assert {sheet.cell(row, 36).value for row in rows.values()} == {"=Customers[[#This Row],[Visit order]]*2"}
    assert sheet.tables["Customers"].ref == "B5:AK9"
    assert sheet.cell(10, 2).value is None


def test_formats_links_comments_and_names_follow(files: tuple[Path, Path]) -> None:
    parts = read_parts(files[1])
    text = parts[sheet_parts(parts)["Customers"]].decode()
    assert '<conditionalFormatting sqref="C6:C9"><cfRule type="expression" dxfId="0" priority="99">' in text
    assert re.search(r'<hyperlink ref="C7" r:id="rIdLink"', text), "the link was on 0003, which stands in row 7 now"
    assert "<x14:sparkline><xm:f>Customers!U6:V6</xm:f>" in text
    assert '<comment ref="C8" ' in parts["xl/commentsUser1.xml"].decode(), "the comment was on 0002"
    assert "<x:Row>7</x:Row>" in parts["xl/drawings/vmlUser1.vml"].decode()
    assert "'Customers'!$B$6:$B$9</definedName>" in parts["xl/workbook.xml"].decode()


def test_notes_restyles_and_own_lines_on_a_page_go_with_their_customer(files: tuple[Path, Path]) -> None:
    parts = read_parts(files[1])
    sheet = openpyxl.load_workbook(files[1])["Route 1"]
    names = {sheet.cell(row, 2).value: row for row in range(2, 12)}
    assert sheet.cell(names["0002"], 3).value == "called, wants a visit"
    text = parts[sheet_parts(parts)["Route 1"]].decode()
    assert f'<c r="B{names["Shop 0001"]}" s="{yellow(parts)}"' in text
    assert f'<c r="B{names["Shop 0002"]}" s="{yellow(parts)}"' not in text
    below = [row for row in range(10, 20) if sheet.cell(row, 1).value == "my own line"]
    assert below
    assert below[0] > 9


def test_a_stale_calculation_chain_goes_with_its_relationship_and_type(files: tuple[Path, Path]) -> None:
    parts = read_parts(files[1])
    assert b"calcChain" not in parts["[Content_Types].xml"]
    assert b"calcChain" not in parts["xl/_rels/workbook.xml.rels"]
    assert b'fullCalcOnLoad="1"' in parts["xl/workbook.xml"]


def test_the_result_opens_in_openpyxl_and_libreoffice(files: tuple[Path, Path], tmp_path: Path, soffice: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert openpyxl.load_workbook(files[1], keep_vba=True).sheetnames[-1] == "My sheet"
    written = convert(soffice, [files[1]], tmp_path / "out")
    book = openpyxl.load_workbook(written[0], data_only=True)
    assert book["My sheet"]["A1"].value == 4, "the user's formula counts the new rows"
    errors = [
        cell.value
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if str(cell.value).startswith("#") and "!" in str(cell.value)
    ]
    assert errors == []
    convert(soffice, [files[1]], tmp_path / "pdf", to="pdf")
