"""A workbook decorated with everything that users and programs add survives an import and a quarter, both done twice."""

from __future__ import annotations

import re
from pathlib import Path

import openpyxl
import pytest

from tests.sheets.decorated import VBA, build, read_parts, sheet_parts
from tests.support_libreoffice import convert
from xlcrm.jobs.importing import import_files
from xlcrm.jobs.quarter import close_quarter
from xlcrm.sheets.filestore import FileStore

EXPORTS = {
    "routes.csv": "route,customer_code,customer_name\n1,0001,Shop 1\n1,0002,Shop 2\n1,0003,Shop 3\n2,0004,Shop 4\n",
    "grades.csv": "customer_code,2017Q1,2017Q2\n0001,CS2,CS1\n0002,CS1,CS1\n0003,CF1,CF2\n0004,CS1,\n",
    "purchases.csv": "customer_code,month,quantity,amount\n0001,2017-05,5,1.50\n0002,2017-05,9,2.25\n0003,2017-04,2,0.75\n",
}


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("decorated")
    before, after = folder / "before.xlsm", folder / "after.xlsm"
    build(before)
    after.write_bytes(before.read_bytes())
    for name, content in EXPORTS.items():
        (folder / name).write_text(content, encoding="utf-8")
    for _ in range(2):
        import_files(FileStore.open(after), [folder / name for name in EXPORTS])
        close_quarter(FileStore.open(after), "2017Q2", "2017Q1")
    return before, after


def formats(styles: bytes) -> list[bytes]:
    """The looks that cells refer to by their number."""
    return re.findall(rb"<xf\b.*?(?:/>|</xf>)", re.findall(rb"<cellXfs.*?</cellXfs>", styles, re.DOTALL)[0], re.DOTALL)


def test_parts_that_no_table_of_ours_touches_are_byte_identical(files: tuple[Path, Path]) -> None:
    old, new = read_parts(files[0]), read_parts(files[1])
    ours = set(sheet_parts(old).values()) - {name for name in old if "User" in name}
    followed = {
        "xl/workbook.xml",
        "xl/_rels/workbook.xml.rels",
        "[Content_Types].xml",
        "xl/calcChain.xml",
        "xl/commentsUser1.xml",
        "xl/drawings/vmlUser1.vml",
    }
    touched = ours | followed | {name for name in old if name.startswith(("xl/tables/", "xl/charts/chart1", "xl/charts/chart2"))}
    others = [name for name in old if name not in touched]
    assert {
        "xl/charts/chartUser.xml",
        "customUI/customUI14.xml",
        "xl/webextensions/webextension1.xml",
        "xl/pivotTables/pivotTable1.xml",
    } <= set(others)
    assert [name for name in others if new.get(name) != old[name]] in ([], ["xl/styles.xml"])
    assert formats(new["xl/styles.xml"])[: len(formats(old["xl/styles.xml"]))] == formats(old["xl/styles.xml"]), (
        "looks are only ever appended"
    )
    assert new["xl/vbaProject.bin"] == VBA


def test_what_the_user_changed_in_our_sheets_is_still_there(files: tuple[Path, Path]) -> None:
    old, new = read_parts(files[0]), read_parts(files[1])
    part = sheet_parts(old)["Customers"]
    for mark in (b"<conditionalFormatting", b"sparkline", b"<legacyDrawing"):
        assert new[part].count(mark) >= old[part].count(mark) > 0, mark


def test_it_opens_with_formulas_evaluated_and_no_error_value(files: tuple[Path, Path], tmp_path: Path, soffice: str) -> None:
    written = convert(soffice, [files[1]], tmp_path / "out")
    book = openpyxl.load_workbook(written[0], data_only=True)
    values = [
        (sheet.title, cell.coordinate, cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None
    ]
    assert [value for value in values if str(value[2]).startswith("#") and str(value[2]).endswith(("!", "?", "A"))] == []
    assert [name for name in book.sheetnames if name in ("Route 1", "Route 2")] == ["Route 1", "Route 2"]
    grades = [[value for value in row if value is not None] for row in book["Grades"].iter_rows(values_only=True)]
    looked_up = [row[1] for row in grades if row and row[0] == "0001"]
    assert looked_up == ["Shop 1", "Shop 1"], "the name is looked up by the workbook's own formula"
