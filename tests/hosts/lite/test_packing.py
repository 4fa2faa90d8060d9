"""The packed workbook as a file: its parts, what the file store and LibreOffice make of it."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pytest
from openpyxl import load_workbook

from tests.support_libreoffice import convert
from xlcrm.hosts.lite import pack
from xlcrm.hosts.lite.bundle import main_text, requirements
from xlcrm.hosts.lite.packing import PYTHON
from xlcrm.hosts.lite.webextension import EXTENSION, FOLDER, PANE_LINKS, PANES, with_properties
from xlcrm.jobs.importing import import_files
from xlcrm.jobs.quarter import close_quarter
from xlcrm.problems import CannotDo
from xlcrm.samples import sample_files
from xlcrm.sheets.filestore import FileStore
from xlcrm.sheets.template import template_bytes
from xlcrm.texts import LANGUAGES, Language

WE = "{http://schemas.microsoft.com/office/webextensions/webextension/2010/11}"
TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
LINKS = "{http://schemas.openxmlformats.org/package/2006/relationships}"


def properties_of(workbook: Path) -> dict[str, object]:
    """The add-in's data as the add-in reads it."""
    with zipfile.ZipFile(workbook) as package:
        root = ElementTree.fromstring(package.read(EXTENSION))
    return {found.attrib["name"]: json.loads(found.attrib["value"]) for found in root.iter(f"{WE}property")}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_add_in_finds_code_and_requirements(packed: dict[str, Path], language: Language) -> None:
    found = properties_of(packed[language])
    assert found["main.py"] == main_text(language)
    assert found["requirements.txt"] == requirements()
    assert found["pyodideVersion"] == PYTHON
    assert found["xlwingsSettingsWorkbook"] == {"startupBehavior": "taskpane"}
    assert found["Office.AutoShowTaskpaneWithDocument"] is True


def test_parts_are_linked_and_typed(packed: dict[str, Path]) -> None:
    with zipfile.ZipFile(packed["en"]) as package:
        types = {found.get("PartName"): found.get("ContentType") for found in ElementTree.fromstring(package.read("[Content_Types].xml"))}
        root_links = [found.attrib for found in ElementTree.fromstring(package.read("_rels/.rels"))]
        pane_links = [found.attrib for found in ElementTree.fromstring(package.read(PANE_LINKS))]
        assert package.testzip() is None
        reference = ElementTree.fromstring(package.read(EXTENSION)).find(f"{WE}reference")
    assert types[f"/{EXTENSION}"] == "application/vnd.ms-office.webextension+xml"
    assert types[f"/{PANES}"] == "application/vnd.ms-office.webextensiontaskpanes+xml"
    assert [link["Target"] for link in root_links if link["Type"].endswith("/webextensiontaskpanes")] == [PANES]
    assert len({link["Id"] for link in root_links}) == len(root_links)
    assert [link["Target"] for link in pane_links] == ["webextension1.xml"]
    assert reference is not None
    assert (reference.get("id"), reference.get("storeType")) == ("wa200008175", "OMEX")


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_else_of_the_template_changes(packed: dict[str, Path], language: Language) -> None:
    with zipfile.ZipFile(packed[language]) as package, zipfile.ZipFile(io.BytesIO(template_bytes(language))) as template:
        touched = {"[Content_Types].xml", "_rels/.rels"}
        assert set(package.namelist()) == set(template.namelist()) | {EXTENSION, PANES, PANE_LINKS}
        for name in set(template.namelist()) - touched:
            assert package.read(name) == template.read(name), name


def test_the_same_bytes_every_time(packed: dict[str, Path], tmp_path: Path) -> None:
    pack(tmp_path / "again.xlsx", "en")
    assert (tmp_path / "again.xlsx").read_bytes() == packed["en"].read_bytes()


def test_text_with_every_kind_of_sign_comes_back(tmp_path: Path) -> None:
    signs = {"main.py": "# <>&\"' é ✓ 客户 😀 \t tab\n\\n / \\/ \x7f\n'''\n", "other": {"a/b": [1, True, None]}}
    (tmp_path / "signs.xlsx").write_bytes(with_properties(template_bytes("en"), signs))
    found = properties_of(tmp_path / "signs.xlsx")
    assert {name: found[name] for name in signs} == signs


def test_add_in_data_is_never_put_in_twice(packed: dict[str, Path]) -> None:
    with pytest.raises(ValueError, match="already"):
        with_properties(packed["en"].read_bytes(), {})


def test_packing_refuses_another_kind_of_file_and_an_existing_one(tmp_path: Path) -> None:
    with pytest.raises(CannotDo) as refused:
        pack(tmp_path / "book.xlsm", "en")
    assert refused.value.problem.code == "lite_not_xlsx"
    (tmp_path / "book.xlsx").write_bytes(b"mine")
    with pytest.raises(CannotDo) as refused:
        pack(tmp_path / "book.xlsx", "en")
    assert refused.value.problem.code == "workbook_exists"
    assert (tmp_path / "book.xlsx").read_bytes() == b"mine"


def test_import_and_quarter_on_the_closed_file_keep_the_code(packed: dict[str, Path], tmp_path: Path) -> None:
    book = tmp_path / "book.xlsx"
    book.write_bytes(packed["en"].read_bytes())
    before = _add_in_parts(book)
    import_files(FileStore.open(book), sample_files("en"))
    close_quarter(FileStore.open(book), None)
    assert _add_in_parts(book) == before
    assert FileStore.open(book).read("customers").frame.height > 100


def _add_in_parts(book: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(book) as package:
        parts = {name: package.read(name) for name in package.namelist() if name.startswith(FOLDER)}
        links = ElementTree.fromstring(package.read("_rels/.rels"))
        types = ElementTree.fromstring(package.read("[Content_Types].xml"))
    assert any(link.get("Target") == PANES for link in links)
    assert {f"/{EXTENSION}", f"/{PANES}"} <= {found.get("PartName") for found in types}
    assert len(parts) == 3
    return parts


def test_libreoffice_opens_it(packed: dict[str, Path], soffice: str, tmp_path: Path) -> None:
    for opened in convert(soffice, list(packed.values()), tmp_path / "opened"):
        language: Language = "zh" if opened.stem.endswith("zh") else "en"
        with zipfile.ZipFile(io.BytesIO(template_bytes(language))) as template:
            sheets = template.read("xl/workbook.xml").count(b"<sheet ")
        assert len(load_workbook(opened).sheetnames) == sheets
