"""Printing the workbook's own sheets through LibreOffice or Excel."""

from __future__ import annotations

import sys
import types
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.hyperlink import Hyperlink
from pypdf import PdfReader

from xlcrm.printing import office
from xlcrm.problems import CannotDo
from xlcrm.sheets.encryption import Password, encrypt
from xlcrm.sheets.printcopy import font_names, write_print_copy

SHEETS = {"Home": "", "Data": "", "Bob's route": "crm.page.route.1", "三线": "crm.page.route.3", "Minimums": "crm.page.minimums"}


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A workbook whose page sheets were renamed and moved by its user."""
    workbook = Workbook()
    workbook.remove(workbook.active)
    for name, defined in SHEETS.items():
        sheet = workbook.create_sheet(name)
        sheet["A1"] = f"this is {name}"
        if defined:
            quoted = "'" + name.replace("'", "''") + "'"
            workbook.defined_names[defined] = DefinedName(defined, attr_text=f"{quoted}!$A$1")
    path = tmp_path / "book.xlsx"
    workbook.save(path)
    return path


def test_the_copy_shows_only_the_sheets_to_print_and_the_book_is_not_touched(book: Path, tmp_path: Path) -> None:
    before = book.read_bytes()
    copy = tmp_path / "copy.xlsx"
    assert write_print_copy(book, ["route:3", "route:1"], copy) == ["Bob's route", "三线"]
    states = {sheet.title: sheet.sheet_state for sheet in load_workbook(copy)}
    assert states == {"Home": "hidden", "Data": "hidden", "Bob's route": "visible", "三线": "visible", "Minimums": "hidden"}
    assert load_workbook(copy).active.title == "Bob's route"
    assert book.read_bytes() == before


@pytest.mark.parametrize("via", ["libreoffice", "excel"])
def test_a_workbook_with_a_password_is_given_to_no_other_program(book: Path, tmp_path: Path, via: str) -> None:
    pytest.importorskip("msoffcrypto")
    book.write_bytes(encrypt(book.read_bytes(), Password("geheim"), book.name))
    with pytest.raises(CannotDo) as caught:
        office.print_sheets(book, ["route:3"], tmp_path / "out.pdf", via)  # type: ignore[arg-type]
    assert caught.value.problem.code == "print_with_password"
    assert list(tmp_path.iterdir()) == [book]


def test_the_copy_prints_nothing_of_hidden_sheets_and_paints_no_links(book: Path, tmp_path: Path) -> None:
    workbook = load_workbook(book)
    for sheet in workbook:
        sheet.print_area = "A1:C3"
        sheet["A2"] = "see there"
        sheet["A2"].hyperlink = Hyperlink(ref="A2", location="'Home'!A1")
    workbook.save(book)
    copy = tmp_path / "copy.xlsx"
    write_print_copy(book, ["minimums"], copy, {"Calibri": "Noto Sans CJK SC"})
    printed = load_workbook(copy)
    assert {sheet.title: bool(sheet.print_area) for sheet in printed} == {name: name == "Minimums" for name in SHEETS}
    assert printed["Minimums"]["A2"].hyperlink is None
    assert printed["Minimums"]["A2"].font.name == "Noto Sans CJK SC"
    assert font_names(book) == {"Calibri"}


def test_a_font_that_is_missing_is_replaced_by_one_that_is_there(book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asker = tmp_path / "fc-list"
    asker.write_text("#!/bin/sh\necho 'Some Font,Noto Sans CJK SC,Noto Sans CJK SC Bold'\n")
    asker.chmod(0o755)
    monkeypatch.setattr(office.shutil, "which", lambda _: str(asker))
    assert office._font_replacements(book) == {"Calibri": "Noto Sans CJK SC"}
    asker.write_text("#!/bin/sh\necho Calibri\necho 'Noto Sans CJK SC'\n")
    assert office._font_replacements(book) == {}


def test_a_page_without_a_sheet_is_named(book: Path, tmp_path: Path) -> None:
    with pytest.raises(CannotDo) as error:
        write_print_copy(book, ["route:9"], tmp_path / "copy.xlsx")
    assert error.value.problem.code == "no_page_sheet"
    assert "route:9" in error.value.problem.message("en")


def test_libreoffice_prints_only_those_sheets(book: Path, tmp_path: Path, soffice: str) -> None:
    out = tmp_path / "out" / "pack.pdf"
    assert office.print_sheets(book, ["route:1", "route:3"], out, "libreoffice") == ["Bob's route", "三线"]
    texts = [page.extract_text() for page in PdfReader(out).pages]
    assert [text.splitlines()[0] for text in texts] == ["this is Bob's route", "this is 三线"]
    assert [path.name for path in out.parent.iterdir()] == ["pack.pdf"]


def test_without_libreoffice_it_says_what_to_do(book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office.shutil, "which", lambda _: None)
    monkeypatch.setattr(office, "_USUAL_PLACES", ())
    with pytest.raises(CannotDo) as error:
        office.print_sheets(book, ["route:1"], tmp_path / "pack.pdf", "libreoffice")
    assert error.value.problem.code == "libreoffice_missing"


@pytest.mark.skipif(sys.platform == "win32", reason="a shell script stands for LibreOffice")
@pytest.mark.parametrize(("script", "code"), [("sleep 60", "print_timeout"), ("echo no such filter; exit 1", "libreoffice_failed")])
def test_a_libreoffice_that_hangs_or_fails_leaves_nothing(
    book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, code: str
) -> None:
    program = tmp_path / "soffice"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setattr(office.shutil, "which", lambda name: str(program) if name == "soffice" else None)
    with pytest.raises(CannotDo) as error:
        office.print_sheets(book, ["route:1"], tmp_path / "pack.pdf", "libreoffice", timeout_seconds=1)
    assert error.value.problem.code == code
    assert not (tmp_path / "pack.pdf").exists()


def test_excel_is_refused_where_there_is_none(book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office.sys, "platform", "linux")
    with pytest.raises(CannotDo) as error:
        office.print_sheets(book, ["route:1"], tmp_path / "pack.pdf", "excel")
    assert error.value.problem.code == "excel_not_here"


class FakeExcel:
    """Stands for xlwings' App and Book: notes what it was asked, writes a file."""

    asked: list[object] = []  # noqa: RUF012 - shared on purpose, the code under test makes the instance

    def __init__(self, **how: object) -> None:
        self.asked.append(how)
        self.books = self

    def __enter__(self) -> FakeExcel:
        return self

    def __exit__(self, *_: object) -> None:
        self.asked.append("quit")

    def open(self, path: str, **how: object) -> FakeExcel:
        self.asked.append((Path(path).suffix, how))
        return self

    def to_pdf(self, path: str, include: list[str]) -> None:
        self.asked.append(include)
        if include == ["Minimums"]:
            raise RuntimeError("printer\n  is on fire")
        Path(path).write_bytes(b"%PDF-fake")

    def close(self) -> None:
        self.asked.append("close")


def test_excel_prints_a_copy_and_is_closed_again(book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office.sys, "platform", "darwin")
    monkeypatch.setitem(sys.modules, "xlwings", types.SimpleNamespace(App=FakeExcel))
    FakeExcel.asked.clear()
    out = tmp_path / "pack.pdf"
    office.print_sheets(book, ["route:3"], out, "excel")
    assert out.read_bytes() == b"%PDF-fake"
    assert FakeExcel.asked == [
        {"visible": False, "add_book": False},
        (".xlsx", {"update_links": False, "read_only": True}),
        ["三线"],
        "close",
        "quit",
    ]
    with pytest.raises(CannotDo) as error:
        office.print_sheets(book, ["minimums"], out, "excel")
    assert error.value.problem.message("en") == "Excel could not print the workbook (printer is on fire)"
    assert FakeExcel.asked[-2:] == ["close", "quit"]


def test_an_excel_that_fails_is_named_and_leaves_nothing(book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class FailingExcel(FakeExcel):
        def to_pdf(self, path: str, include: list[str]) -> None:
            raise OSError("the printer driver is gone")

    monkeypatch.setattr(office.sys, "platform", "win32")
    monkeypatch.setitem(sys.modules, "xlwings", types.SimpleNamespace(App=FailingExcel))
    with pytest.raises(CannotDo) as error:
        office.print_sheets(book, ["route:1"], tmp_path / "pack.pdf", "excel")
    assert error.value.problem.code == "excel_failed"
    assert not (tmp_path / "pack.pdf").exists()
