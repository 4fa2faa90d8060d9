"""The package: what it is, what refuses to be made, and that it is the same every time."""

from __future__ import annotations

import importlib.util
import sys
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pytest
import xlwings

from xlcrm.hosts.classic import pack, packing
from xlcrm.hosts.classic.hiddensheets import LONGEST_HELP, config_rows, help_rows
from xlcrm.hosts.classic.naming import CONFIG_SHEET, HELP_SHEET
from xlcrm.problems import CannotDo
from xlcrm.sheets.package import Package
from xlcrm.sheets.parts import Workbook, relationships, rels_name
from xlcrm.sheets.template import template_bytes
from xlcrm.texts import LANGUAGES, Language

CONTENT_TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_part_has_a_content_type_and_every_relationship_a_target(packed: dict[str, Path], language: Language) -> None:
    package = Package.open(packed[language])
    types = ElementTree.fromstring(package.read("[Content_Types].xml"))
    endings = {element.get("Extension", "").lower(): element.get("ContentType") for element in types.iter(f"{CONTENT_TYPES}Default")}
    parts = {element.get("PartName", "")[1:]: element.get("ContentType") for element in types.iter(f"{CONTENT_TYPES}Override")}
    assert len(parts) == sum(1 for _ in types.iter(f"{CONTENT_TYPES}Override"))
    assert set(parts) <= set(package.names())
    for name in package.names():
        if name != "[Content_Types].xml":
            assert name in parts or name.rpartition(".")[2].lower() in endings, name
        if name.endswith((".xml", ".rels")):
            ElementTree.fromstring(package.read(name))
    assert parts["xl/workbook.xml"] == "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
    assert endings["bin"] == "application/vnd.ms-office.vbaProject"
    assert endings["png"] == "image/png"
    for name in package.names():
        for each in relationships(package, name).values() if package.has(rels_name(name)) else ():
            assert each.external or package.has(each.target), (name, each)
    last = list(relationships(package, "").values())[-1]
    assert (last.type.rpartition("/")[2], last.target) == ("extensibility", "customUI/customUI14.xml")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_templates_own_parts_are_untouched(packed: dict[str, Path], language: Language) -> None:
    template, made = Package.from_bytes(template_bytes(language), "t"), Package.open(packed[language])
    changed = {name for name in template.names() if template.read(name) != made.read(name)}
    sheets = {sheet.part for sheet in Workbook(template).sheets}
    # Each sheet gets the code name of its module, and Home its drawing.
    assert changed <= sheets | {"[Content_Types].xml", "_rels/.rels", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"}
    for part in sheets - {Workbook(template).sheets[0].part}:
        before, after = template.read(part).decode(), made.read(part).decode()
        number = [sheet.part for sheet in Workbook(made).sheets].index(part) + 1
        assert after.replace(f' codeName="Sheet{number}"', "", 1) == before or f'<sheetPr codeName="Sheet{number}"/>' in after, part


@pytest.mark.parametrize("language", LANGUAGES)
def test_code_names_match_the_modules(packed: dict[str, Path], language: Language) -> None:
    package = Package.open(packed[language])
    book = Workbook(package)
    names = [ElementTree.fromstring(package.read(sheet.part))[0].get("codeName") for sheet in book.sheets]
    assert names == [f"Sheet{number}" for number in range(1, len(book.sheets) + 1)]
    assert b'codeName="ThisWorkbook"' in package.read(book.part)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_hidden_sheets_are_hidden_and_hold_what_xlwings_and_vba_read(packed: dict[str, Path], language: Language) -> None:
    from openpyxl import load_workbook

    book = load_workbook(packed[language], keep_vba=False)
    assert (book[CONFIG_SHEET].sheet_state, book[HELP_SHEET].sheet_state) == ("hidden", "veryHidden")
    assert [list(row) for row in book[CONFIG_SHEET].values] == [list(row) for row in config_rows(language)]
    assert [[cell for cell in row if cell is not None] for row in book[HELP_SHEET].values] == [list(row) for row in help_rows(language)]
    # xlwings reads settings until the first blank row, and takes its words as they stand here.
    assert book[CONFIG_SHEET]["A1"].value == "ADD_WORKBOOK_TO_PYTHONPATH"
    assert not any(sheet.title.endswith(".py") for sheet in book.worksheets)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_help_text_is_longer_than_excel_takes(language: Language) -> None:
    for row in help_rows(language)[2:]:
        texts = [value for value in row if isinstance(value, str)]
        assert all(0 < len(words.encode("utf-16-le")) // 2 <= LONGEST_HELP for words in texts)
        assert not any(words.endswith("…") for words in texts), row  # shortened: say it in fewer words


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_the_same_every_time(packed: dict[str, Path], language: Language) -> None:
    assert packing.macro_workbook(language) == packed[language].read_bytes()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_vba_project_is_whole(packed: dict[str, Path], language: Language) -> None:
    from pyopenvba import ExcelFile

    with ExcelFile(packed[language]) as book:
        assert book.validate() == []


def test_it_says_what_each_machine_needs(tmp_path: Path) -> None:
    said = pack(tmp_path / "书.xlsm", "zh")
    assert "书.xlsm" in said[0]
    assert f"xlwings=={xlwings.__version__}" in said[1]
    assert zipfile.ZipFile(tmp_path / "书.xlsm").testzip() is None


def test_it_refuses_another_name_and_an_existing_file(tmp_path: Path) -> None:
    with pytest.raises(CannotDo) as refused:
        pack(tmp_path / "book.xlsx", "en")
    assert refused.value.problem.code == "not_a_macro_workbook"
    (tmp_path / "book.xlsm").write_bytes(b"mine")
    with pytest.raises(CannotDo) as refused:
        pack(tmp_path / "book.xlsm", "en")
    assert refused.value.problem.code == "workbook_exists"
    assert (tmp_path / "book.xlsm").read_bytes() == b"mine"


def test_it_says_which_extra_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name, *rest: None if name == "pyopenvba" else found(name, *rest))
    with pytest.raises(CannotDo) as refused:
        pack(tmp_path / "book.xlsm", "en")
    assert refused.value.problem.code == "excel_extra_missing"
    assert 'pip install "xlcrm[excel]"' in refused.value.problem.line("en")
    assert not (tmp_path / "book.xlsm").exists()


def test_packing_leaves_xlwings_as_it_was() -> None:
    before = {name: getattr(xlwings, name) for name in ("func", "script", "arg", "ret")}
    packing.macro_workbook("en")
    assert {name: getattr(xlwings, name) for name in before} == before
    if not sys.platform.startswith("win"):
        assert not {"pythoncom", "pywintypes", "win32com", "xlwings.udfs"} & set(sys.modules)
