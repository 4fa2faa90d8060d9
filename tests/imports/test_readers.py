"""Files are read by what they are, and what is hostile or broken is refused in one clear line."""

from __future__ import annotations

import datetime as dt
import shutil
import zipfile
from pathlib import Path

import pytest

from tests.imports.files import workbook
from xlcrm.imports import spreadsheets
from xlcrm.imports.packages import column_number, look
from xlcrm.imports.readers import read
from xlcrm.problems import CannotDo

MARKET = [
    ("路線", "客戶代號", "客戶名稱", "等級"),
    ("1", "000270020092", "許功蓋商行", "CS1"),
    ("2", "001360021206", "珮琪餐廳", "CS2"),
    ("3", "300000000017", "堃記五金", "CS3"),
]


def refused(path: Path) -> str:
    with pytest.raises(CannotDo) as error:
        read(path)
    assert error.value.problem.file == path.name
    for language in ("en", "zh"):
        assert "\n" not in error.value.problem.line(language)
    return error.value.problem.code


def test_empty_rows_and_columns_at_the_start_keep_their_place(tmp_path: Path) -> None:
    (sheet,) = read(workbook(tmp_path / "a.xlsx", {"S": [[], [], [None, None, "x"]]}))
    assert sheet.frame.rows() == [(None, None, None), (None, None, None), (None, None, "x")]


def test_values_become_the_text_that_the_cell_means(tmp_path: Path) -> None:
    row = [123456789012, 123456789012345678, 0.1 + 0.2, dt.date(2017, 1, 5), True, "007", "=1+1"]
    path = workbook(tmp_path / "a.xlsx", {"S": [row]})
    (sheet,) = read(path)
    assert sheet.frame.row(0)[:6] == ("123456789012", "1.23456789012346E+17", "0.3", "2017-01-05", "TRUE", "007")


def test_every_sheet_with_its_name_merged_cells_and_hiding(tmp_path: Path) -> None:
    import openpyxl

    path = workbook(tmp_path / "a.xlsx", {"一线": [["t"], ["x"]], "二线": [["y"]]}, merged=["A1:C1"])
    book = openpyxl.load_workbook(path)
    book["二线"].sheet_state = "hidden"
    book.save(path)
    first, second = read(path)
    assert (first.name, second.name, first.hidden, second.hidden) == ("一线", "二线", False, True)
    assert list(first.merged) == [(0, 0, 0, 2)]


@pytest.mark.parametrize("name", ["html_table_named.xls", "csv_named.xls", "spreadsheetml2003_named.xls"])
def test_content_counts_not_the_name(shared_data: Path, name: str) -> None:
    (sheet,) = read(shared_data / "synthetic" / name)
    assert sheet.frame.rows() == MARKET


def test_a_workbook_under_another_name(shared_data: Path, tmp_path: Path) -> None:
    assert read(shared_data / "synthetic" / "xlsx_named.xls")[0].frame.rows() == [("a",)]
    as_csv = tmp_path / "really_a_workbook.csv"
    shutil.copy(shared_data / "synthetic" / "control_ok.xlsx", as_csv)
    assert read(as_csv)[0].frame.rows() == [("a",)]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("bomb_zip_200MiB_spaces.xlsx", "workbook_explodes"), ("bomb_billion_laughs.xlsx", "workbook_entities"), ("xxe_local_file.xlsx", "workbook_entities"),
        ("truncated_half.xlsx", "workbook_damaged"), ("empty_0_bytes.xlsx", "file_empty"), ("empty_0_bytes.csv", "file_empty"), ("shape_unclosed_quote.csv", "unclosed_quote"),
    ],
)  # fmt: skip
def test_traps_are_refused(shared_data: Path, name: str, code: str) -> None:
    assert refused(shared_data / "synthetic" / name) == code


@pytest.mark.parametrize(
    "name",
    ["oletools-0.60.2/encrypted.xlsx", "oletools-0.60.2/encrypted.xls", "calamine/pass_protected.ods", "poi/protected_passtika.xlsb"],
)
def test_a_password_is_named(shared_data: Path, name: str) -> None:
    assert refused(shared_data / "dirty" / name) == "password_protected"


def test_what_is_no_table(tmp_path: Path) -> None:
    for content, code in (
        (b"%PDF-1.7\n", "not_a_table_file"),
        (b"{\\rtf1}", "not_a_table_file"),
        (bytes(range(256)), "not_text"),
        (b"<?xml version='1.0'?><a/>", "not_a_table_file"),
    ):
        path = tmp_path / "a.xls"
        path.write_bytes(content)
        assert refused(path) == code
    with zipfile.ZipFile(tmp_path / "b.xlsx", "w") as package:
        package.writestr("word/document.xml", "<a/>")
    assert refused(tmp_path / "b.xlsx") == "not_a_table_file"
    assert refused(tmp_path / "absent.csv") == "file_missing"
    (tmp_path / "folder.csv").mkdir()
    assert refused(tmp_path / "folder.csv") == "file_unreadable"


def test_entities_in_excel_2003_xml_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.xls"
    path.write_text(
        '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]>'
        '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet><Table><Row><Cell><Data>&b;</Data></Cell></Row></Table></Worksheet></Workbook>'
    )
    assert refused(path) == "workbook_entities"


def test_places_in_excel_2003_xml(tmp_path: Path) -> None:
    path = tmp_path / "a.xls"
    path.write_text(
        '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">'
        '<Worksheet ss:Name="S"><Table><Row ss:Index="2"><Cell ss:MergeAcross="1"><Data>t</Data></Cell><Cell><Data>u</Data></Cell></Row>'
        '<Row><Cell ss:Index="3"><Data>v</Data></Cell></Row></Table></Worksheet></Workbook>'
    )
    assert read(path)[0].frame.rows() == [(None, None, None), ("t", None, "u"), (None, None, "v")]


def _with_sheet(source: Path, target: Path, sheet_xml: str) -> Path:
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            is_sheet = part.filename == "xl/worksheets/sheet1.xml"
            new.writestr(part.filename, sheet_xml if is_sheet else old.read(part.filename))
    return target


CORNERS = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row></sheetData></worksheet>'
)


@pytest.mark.parametrize(
    "spelling",
    [
        CORNERS,
        CORNERS.replace('r="', "r='").replace('"><v', "'><v").replace('"><c', "'><c"),
        CORNERS.replace(" r=", "\nr="),
        CORNERS.replace(' r="XFD', ' r = "XFD'),
    ],
)
def test_two_cells_in_opposite_corners_are_not_read_in_this_process(tmp_path: Path, spelling: str) -> None:
    plain = workbook(tmp_path / "plain.xlsx", {"S": [["a"]]})
    path = _with_sheet(plain, tmp_path / "corners.xlsx", spelling)
    assert look(plain).plain
    assert not look(path).plain
    assert refused(path) in ("workbook_explodes", "workbook_too_slow", "workbook_damaged")


def test_a_reader_that_hangs_or_dies_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = workbook(tmp_path / "a.xlsx", {"S": [["a"]]})
    assert spreadsheets.read_guarded(path)[0].frame.rows() == [("a",)]
    monkeypatch.setattr(spreadsheets, "SECONDS", 0)
    with pytest.raises(CannotDo) as error:
        spreadsheets.read_guarded(path)
    assert error.value.problem.code == "workbook_too_slow"


def test_column_numbers() -> None:
    assert [column_number(letters) for letters in (b"A", b"Z", b"AA", b"XFD")] == [1, 26, 27, 16384]


def test_errors_and_formulas_without_a_value_do_not_pass_for_blank(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", {"S": [["code", "qty", "amount"], ["1", "=1/0", "=B2*2"], ["2", "#DIV/0!", 3]]})
    (sheet,) = read(path)
    assert sheet.frame.rows() == [("code", "qty", "amount"), ("1", "=1/0", "=B2*2"), ("2", "#DIV/0!", "3")]


def test_files_beyond_the_limit_are_not_opened(tmp_path: Path) -> None:
    for start in (b"PK\x03\x04", b"code,name\n"):
        path = tmp_path / "large"
        with path.open("wb") as stream:
            stream.write(start)
            stream.truncate(300 << 20)  # a hole: nothing is written
        assert refused(path) == "file_too_large"
