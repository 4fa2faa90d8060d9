"""A user's macro workbook in the hands of the command line: import and quarter leave code, ribbon and buttons as they are."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.support_libreoffice import convert, read_values
from xlcrm.hosts.classic import naming
from xlcrm.jobs.importing import import_files
from xlcrm.jobs.quarter import close_quarter
from xlcrm.macros import MACROS
from xlcrm.sheets.filestore import FileStore
from xlcrm.sheets.package import Package
from xlcrm.sheets.parts import Workbook, relationships
from xlcrm.texts import LANGUAGES, text


@pytest.fixture(scope="module", params=LANGUAGES)
def used(
    request: pytest.FixtureRequest, packed: dict[str, Path], exports: list[Path], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Path]:
    """The workbook as packed, and after an import and a quarter."""
    language = request.param
    path = tmp_path_factory.mktemp("used") / f"used-{language}.xlsm"
    path.write_bytes(packed[language].read_bytes())
    import_files(FileStore.open(path), exports)
    close_quarter(FileStore.open(path), "2017Q2", "2017Q1")
    return packed[language], path


def test_code_ribbon_and_buttons_are_byte_for_byte_the_same(used: tuple[Path, Path]) -> None:
    before, after = (Package.open(path) for path in used)
    home = Workbook(before).sheets[0].part
    drawing = next(each.target for each in relationships(before, home).values() if each.type.endswith("/drawing"))
    kept = [
        name
        for name in before.names()
        if name.startswith(("customUI/", "xl/media/", "docProps/")) or name in ("xl/vbaProject.bin", "_rels/.rels", drawing)
    ]
    hidden = [sheet.part for sheet in Workbook(before).sheets if sheet.name in (naming.CONFIG_SHEET, naming.HELP_SHEET)]
    kept += [*hidden, f"xl/drawings/_rels/{drawing.rpartition('/')[2]}.rels"]
    assert len(kept) > 2 * len(MACROS) + 5
    for name in kept:
        assert after.read(name) == before.read(name), name
    assert b"macroEnabled" in after.read("[Content_Types].xml")
    assert any(each.type.endswith("/drawing") for each in relationships(after, home).values())


def test_each_sheet_keeps_the_code_name_of_its_module_and_no_two_share_one(used: tuple[Path, Path]) -> None:
    def code_names(path: Path) -> dict[str, str | None]:
        package = Package.open(path)
        return {
            sheet.name: next(
                (each.get("codeName") for each in ElementTree.fromstring(package.read(sheet.part)) if each.tag.endswith("}sheetPr")), None
            )
            for sheet in Workbook(package).sheets
        }

    before, after = (code_names(path) for path in used)
    assert {name: after[name] for name in before} == before
    named = [name for name in after.values() if name is not None]
    assert len(named) == len(set(named))
    assert len(after) > len(before)  # the route sheets


@pytest.mark.parametrize("used", ["en"], indirect=True)  # the other differs in its texts only
def test_a_spreadsheet_program_opens_it_without_error_values(used: tuple[Path, Path], tmp_path: Path, soffice: str) -> None:
    opened = read_values(convert(soffice, [used[1]], tmp_path / "opened")[0])
    errors = {
        (sheet, cell): value for sheet, cells in opened.sheets.items() for cell, value in cells.items() if str(value).startswith("#N")
    }
    assert errors == {}
    assert int(str(opened.value(text("sheets.home", "en"), "B7"))) == 3
