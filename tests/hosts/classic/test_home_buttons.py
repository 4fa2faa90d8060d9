"""The buttons on Home: one a macro, on nothing else, and a spreadsheet program shows them."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.hosts.classic.vbaroom import vba_modules
from tests.support_libreoffice import convert
from xlcrm.hosts.classic import naming
from xlcrm.macros import GROUPS, MACROS
from xlcrm.sheets.package import Package
from xlcrm.sheets.parts import Workbook, relationships
from xlcrm.sheets.styles import TOKENS
from xlcrm.texts import LANGUAGES, Language, text

XDR = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"

pytestmark = pytest.mark.parametrize("language", LANGUAGES)


def anchors(path: Path) -> list[ElementTree.Element]:
    package = Package.open(path)
    home = Workbook(package).sheets[0]
    drawing = next(each.target for each in relationships(package, home.part).values() if each.type.endswith("/drawing"))
    return list(ElementTree.fromstring(package.read(drawing)))


def rows(anchor: ElementTree.Element) -> tuple[int, int]:
    """First and last row (from 1) that an anchor touches."""
    first = int(anchor.findtext(f"{XDR}from/{XDR}row") or -9) + 1
    end, offset = anchor.findtext(f"{XDR}to/{XDR}row"), anchor.findtext(f"{XDR}to/{XDR}rowOff")
    return first, first if end is None else int(end) + (1 if int(offset or 0) else 0)


def test_a_click_on_a_button_or_its_icon_runs_the_macro(packed: dict[str, Path], language: Language) -> None:
    source = vba_modules(packed[language])[naming.MACROS_MODULE]
    pressed: dict[str, list[str]] = {}
    labels = {}
    for anchor in anchors(packed[language]):
        for kind in ("sp", "pic"):
            for shape in anchor.iter(f"{XDR}{kind}"):
                if shape.get("macro"):
                    pressed.setdefault(str(shape.get("macro")), []).append(kind)
                    if kind == "sp":
                        labels[str(shape.get("macro"))] = "".join(words.text or "" for words in shape.iter(f"{DRAWING}t"))
    assert pressed == {f"[0]!{naming.sub_name(macro)}": ["sp", "pic"] for macro in MACROS.values()}
    assert labels == {f"[0]!{naming.sub_name(macro)}": macro.label(language) for macro in MACROS.values()}
    for called in pressed:
        assert f"Public Sub {called.removeprefix('[0]!')}()" in source


def test_they_lie_under_the_page_over_empty_rows_and_not_over_each_other(packed: dict[str, Path], language: Language) -> None:
    package = Package.open(packed[language])
    book = Workbook(package)
    area = book.defined_name("_xlnm.Print_Area", book.sheets[0])
    assert area is not None
    page_end = int(area.refers_to.rpartition("$")[2])
    sheet = package.read(book.sheets[0].part).decode()
    taken: set[tuple[int, str]] = set()
    for anchor in anchors(packed[language]):
        first, last = rows(anchor)
        assert first == last > page_end
        assert re.search(rf'<row r="{first}" ht="[\d.]+" customHeight="1"/>', sheet)  # has its height, and no cell
        if anchor.tag == f"{XDR}twoCellAnchor":
            place = (first, anchor.findtext(f"{XDR}from/{XDR}col") or "")
            assert place not in taken
            taken.add(place)
    ids = [element.get("id") for anchor in anchors(packed[language]) for element in anchor.iter(f"{XDR}cNvPr")]
    assert len(ids) == len(set(ids)) == len(taken) + len(MACROS)


def test_a_spreadsheet_program_shows_them(packed: dict[str, Path], language: Language, tmp_path: Path, soffice: str) -> None:
    """Home is printed with the rows of the buttons: the ground of every button and its label are on the page."""
    from pypdf import PdfReader

    source = tmp_path / f"shown-{language}.xlsm"
    package = Package.open(packed[language])
    book = Workbook(package)
    area = book.defined_name("_xlnm.Print_Area", book.sheets[0])
    assert area is not None
    last = max(rows(anchor)[1] for anchor in anchors(packed[language]))
    wider = re.sub(r"\d+$", str(last + 1), area.refers_to)
    package.replace(book.part, package.read(book.part).replace(area.refers_to.encode(), wider.encode(), 1))
    source.write_bytes(package.to_bytes())
    pdf = convert(soffice, [source], tmp_path / "pdf", "pdf")[0]
    page = PdfReader(pdf).pages[0]
    shown = re.sub(r"\s+", "", page.extract_text())
    for macro in MACROS.values():
        assert re.sub(r"\s+", "", macro.label(language)) in shown
    assert len(page.images) == len(MACROS)
    if shutil.which("pdftoppm"):
        name = tmp_path / "home"
        subprocess.run(["pdftoppm", "-r", "60", "-f", "1", "-l", "1", "-singlefile", str(pdf), str(name)], check=True)
        tint = bytes.fromhex(TOKENS["action-tint"])
        header, pixels = _ppm(name.with_suffix(".ppm").read_bytes())
        width, height = header
        below = pixels[3 * width * (height * 2 // 3) :]
        # Each button is about a ninth of the page wide; its ground is plain.
        assert below.count(tint) >= len(MACROS) * (width // 9) * 8


def _ppm(data: bytes) -> tuple[tuple[int, int], bytes]:
    kind, width, height, _ = data.split(maxsplit=4)[:4]
    assert kind == b"P6"
    return (int(width), int(height)), data[-3 * int(width) * int(height) :]


def test_each_group_has_its_title(packed: dict[str, Path], language: Language) -> None:
    titles = [
        "".join(words.text or "" for words in shape.iter(f"{DRAWING}t"))
        for anchor in anchors(packed[language])
        for shape in anchor.iter(f"{XDR}sp")
        if not shape.get("macro")
    ]
    assert titles == [text(f"macros.group_{group}", language) for group in GROUPS]
