"""Reading a workbook: what a cell holds, and files that are none."""

from __future__ import annotations

import time
import zipfile
from pathlib import Path

import pytest

from tests.audit.tutorial_workbook import build
from xlcrm.audit import audit, audit_lines, book
from xlcrm.audit.book import ErrorValue, column_number, read_book
from xlcrm.problems import CannotDo
from xlcrm.tables.addresses import column_letters

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE_REL = "http://schemas.openxmlformats.org/package/2006/relationships"


def package(path: Path, rows: str, shared: str = "", before: str = "") -> Path:
    """A workbook of one sheet with this XML of rows."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{_MAIN}" xmlns:r="{_REL}"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>',
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{_PACKAGE_REL}"><Relationship Id="r1" Type="{_REL}/worksheet" Target="worksheets/sheet1.xml"/>'
            f'<Relationship Id="r2" Type="{_REL}/sharedStrings" Target="/xl/sharedStrings.xml"/></Relationships>',
        )
        archive.writestr("xl/sharedStrings.xml", f'<sst xmlns="{_MAIN}">{shared}</sst>')
        archive.writestr("xl/worksheets/sheet1.xml", f'{before}<worksheet xmlns="{_MAIN}"><sheetData>{rows}</sheetData></worksheet>')
    return path


def test_values_of_every_kind(tmp_path: Path) -> None:
    rows = (
        '<row r="2"><c r="A2" t="s"><v>0</v></c><c r="B2"><v>1.5</v></c><c r="C2" t="b"><v>1</v></c><c r="D2" t="e"><v>#N/A</v></c>'
        '<c r="E2" t="inlineStr"><is><r><t>x</t></r><r><t> y</t></r></is></c><c r="F2" s="3"/></row>'
        '<row r="3"><c r="A3" t="str"><f>A2&amp;""</f><v></v></c><c r="B3"><f>B2</f></c></row>'
    )
    sheet = read_book(package(tmp_path / "a.xlsx", rows, "<si><r><t>客</t></r><r><t>户</t></r><rPh><t>kehu</t></rPh></si>")).sheet("s")
    assert sheet is not None
    assert [sheet.value(2, column) for column in range(1, 7)] == ["客户", 1.5, True, ErrorValue("#N/A"), "x y", None]
    assert sheet.value(3, 1) == "", "an empty text that was calculated"
    assert sheet.value(3, 2) is None
    assert sheet.last_row == 3


def test_shared_formulas_are_one_formula(tmp_path: Path) -> None:
    rows = (
        '<row r="1"><c r="B1"><f t="shared" ref="B1:B3" si="0">A1*2</f><v>2</v></c></row>'
        '<row r="2"><c r="B2"><f t="shared" si="0"/><v>4</v></c></row><row r="3"><c r="B3"><f>A3*2</f><v>6</v></c></row>'
    )
    sheet = read_book(package(tmp_path / "a.xlsx", rows)).sheet("S")
    assert sheet is not None
    assert len({id(formula) for formula in sheet.formulas[2].values()}) == 1
    assert sheet.formulas[2][3].written == "=A1*2"


def test_cells_without_addresses_follow_each_other(tmp_path: Path) -> None:
    sheet = read_book(package(tmp_path / "a.xlsx", "<row><c><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c></row>")).sheet("S")
    assert sheet is not None
    assert (sheet.value(1, 2), sheet.value(2, 1)) == (2.0, 3.0)


def test_the_number_of_cells_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(book, "MAX_CELLS", 50)
    build(tmp_path / "big.xlsx")
    report = audit(tmp_path / "big.xlsx")
    assert report.partial
    assert len(audit_lines(report, "en")) >= 2


def test_column_letters() -> None:
    assert [column_letters(number) for number in (1, 26, 27, 16384)] == ["A", "Z", "AA", "XFD"]
    assert all(column_number(column_letters(number)) == number for number in range(1, 16385, 97))


def test_entities_are_refused(tmp_path: Path) -> None:
    path = package(tmp_path / "a.xlsx", "<row/>", before='<!DOCTYPE x [<!ENTITY a "b">]>')
    with pytest.raises(CannotDo) as caught:
        audit(path)
    assert caught.value.problem.code == "workbook_entities"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "audit_not_a_workbook"),
        (b"customer_code,grade\n1,CS1\n", "audit_not_a_workbook"),
        (b"PK\x03\x04 cut off", "workbook_damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 an old workbook", "audit_not_a_workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "password_protected"),
    ],
)
def test_files_that_are_no_workbook(content: bytes, code: str, tmp_path: Path) -> None:
    path = tmp_path / "odd.xlsx"
    path.write_bytes(content)
    with pytest.raises(CannotDo) as caught:
        audit(path)
    assert caught.value.problem.code == code
    assert caught.value.problem.line("en") != caught.value.problem.line("zh")


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(CannotDo) as caught:
        audit(tmp_path / "none.xlsx")
    assert caught.value.problem.code == "file_missing"


def test_broken_xml(tmp_path: Path) -> None:
    with pytest.raises(CannotDo) as caught:
        audit(package(tmp_path / "a.xlsx", "<row><c>"))
    assert caught.value.problem.code == "workbook_damaged"


def told(path: Path) -> list[str]:
    """What a user is told of a file: the report, or the one line that says why there is none."""
    try:
        return [line for line in audit_lines(audit(path), "en") if line]
    except CannotDo as cannot:
        return [cannot.problem.line("en")]


def test_other_peoples_odd_files_never_break_it(shared_data: Path) -> None:
    files = [path for folder in ("dirty", "synthetic") for path in sorted((shared_data / folder).rglob("*")) if path.is_file()]
    refused = read = 0
    for path in files:
        started = time.monotonic()
        lines = told(path)
        assert time.monotonic() - started < 10, path
        assert lines
        assert all(lines), path
        refused, read = refused + (len(lines) == 1), read + (len(lines) > 1)
    assert read > 100
    assert refused > 100


def test_a_hand_made_export_workbook_has_no_findings(shared_data: Path) -> None:
    assert audit(shared_data / "completejourney_r1-5" / "exports.xlsx").findings == ()
